import type { Frame } from './frame.ts';
import { variableIn } from './literals.ts';
import type { Merged } from './merge.ts';
import { Narrowing } from './narrowing.ts';
import { type Case, type Settled, withoutCovered } from './paths.ts';
import type { Variable } from './rails.ts';
import type { Cube, Found, Search, Sight } from './search.ts';
import type { Theory } from './theory.ts';
import { Widening } from './widening.ts';

/** Finds the cases of a condition on the cells themselves: no diagram of their difference is made. */
export class Settler {
  private readonly search: Search;
  private readonly narrowing: Narrowing;
  private readonly widening: Widening;
  /** A search ended before its answer. */
  private isTooLong = false;

  constructor(merged: Merged, theory: Theory, search: Search) {
    this.search = search;
    this.narrowing = new Narrowing(theory);
    this.widening = new Widening(merged, search);
  }

  /** When one of `allowing` certainly allows and none of `denying` does: null where that takes too long. */
  settle(frame: Frame, allowing: readonly Sight[], denying: readonly Sight[], limit: number): Settled | null {
    const cases: Case[] = [];
    const cubes: Cube[] = [];
    let isSure = true;
    let last: Found | null = null;
    this.isTooLong = false;
    this.widening.isTooLong = false;
    const find = (isComplete: boolean) => {
      const found = this.find(frame, allowing, denying, isComplete, cubes, isComplete ? last : null);
      if (found === 'undecided') isSure = false;
      const isFirst = isComplete && allowing.length === 1 && typeof found !== 'string' && this.search.isFirst;
      last = isFirst ? found : null;
      return found;
    };
    // Answers after which there is nothing more: of complete requests, and of all.
    const ends: string[] = [];
    for (const isComplete of [true, false]) {
      while (cases.length < limit && !this.isTooLong && !this.widening.isTooLong) {
        const found = find(isComplete);
        if (typeof found === 'string') {
          ends.push(found);
          break;
        }
        const { wide, claims } = this.narrowing.narrow(frame, this.widening.widen(found, allowing, denying));
        cubes.push(wide);
        const state = found.filter((literal) => hasVariable(wide, variableIn(literal)));
        cases.push({ claims, state, needsMissing: !isComplete });
      }
    }
    const needsMissing = cases[0]?.needsMissing === true;
    const none = { verdict: isSure ? 'impossible' : 'undecided', cases, isWhole: isSure, needsMissing } as const;
    // Most that is left shows in complete requests, which are quicker to find.
    const isEnd = () => typeof (ends[0] ?? find(true)) === 'string' && (ends[1] ?? find(false)) === 'impossible';
    const isWhole = cases.length > 0 && isSure && isEnd();
    if (this.isTooLong || this.widening.isTooLong) return null;
    return cases.length === 0 ? none : { verdict: 'possible', cases: withoutCovered(cases), isWhole, needsMissing };
  }

  private find(
    frame: Frame,
    allowing: readonly Sight[],
    denying: readonly Sight[],
    isComplete: boolean,
    cubes: readonly Cube[],
    last: Found | null,
  ): Found | 'impossible' | 'undecided' {
    let isSure = true;
    for (const one of allowing) {
      const found = this.search.find(frame, one, denying, isComplete, cubes, last);
      if (found !== null && typeof found !== 'string') return found;
      if (found === null) this.isTooLong = true;
      if (found !== 'impossible') isSure = false;
    }
    return isSure ? 'impossible' : 'undecided';
  }
}

function hasVariable(cube: Cube, variable: Variable): boolean {
  for (const literal of cube) if (variableIn(literal) === variable) return true;
  return false;
}
