import type { Frame } from './frame.ts';
import { type Literal, literalOf, statesIn, variableIn } from './literals.ts';
import type { Merged } from './merge.ts';
import { Narrowing } from './narrowing.ts';
import { type Case, type Settled, withoutCovered } from './paths.ts';
import { ANYTHING, FALSE, INSTANCES, type Lens, TRUE, UNKNOWN, type Variable, variableOf } from './rails.ts';
import type { Cube, Found, Search, Sight } from './search.ts';
import type { Theory } from './theory.ts';

/** Finds the cases of a condition on the cells themselves: no diagram of their difference is made. */
export class Settler {
  private readonly merged: Merged;
  private readonly search: Search;
  private readonly narrowing: Narrowing;
  /** By variable: the states that are looked at. */
  private readonly allowed: Uint8Array;
  /** By node: the walk that saw it last, and whether it denies for certain. */
  private readonly seen: Int32Array;
  private readonly denies: Uint8Array;
  private walk = 0;
  /** A search ended before its answer. */
  private isTooLong = false;

  constructor(merged: Merged, theory: Theory, search: Search) {
    this.merged = merged;
    this.search = search;
    this.narrowing = new Narrowing(theory);
    this.allowed = new Uint8Array(merged.atoms.length * INSTANCES).fill(ANYTHING);
    this.seen = new Int32Array(merged.store.size);
    this.denies = new Uint8Array(merged.store.size);
  }

  /** When one of `allowing` certainly allows and none of `denying` does: null where that takes too long. */
  settle(frame: Frame, allowing: readonly Sight[], denying: readonly Sight[], limit: number): Settled | null {
    const cases: Case[] = [];
    const cubes: Cube[] = [];
    let isSure = true;
    this.isTooLong = false;
    const find = (isComplete: boolean) => {
      const found = this.find(frame, allowing, denying, isComplete, cubes);
      if (found === 'undecided') isSure = false;
      return found;
    };
    for (const isComplete of [true, false]) {
      while (cases.length < limit && !this.isTooLong) {
        const found = find(isComplete);
        if (typeof found === 'string') break;
        const { wide, claims } = this.narrowing.narrow(frame, this.widen(found, allowing, denying));
        cubes.push(wide);
        const state = found.filter((literal) => hasVariable(wide, variableIn(literal)));
        cases.push({ claims, state, needsMissing: !isComplete });
      }
    }
    const needsMissing = cases[0]?.needsMissing === true;
    const none = { verdict: isSure ? 'impossible' : 'undecided', cases, isWhole: isSure, needsMissing } as const;
    // Most that is left shows in complete requests, which are quicker to find.
    const isWhole = cases.length > 0 && isSure && typeof find(true) === 'string' && find(false) === 'impossible';
    if (this.isTooLong) return null;
    return cases.length === 0 ? none : { verdict: 'possible', cases: withoutCovered(cases), isWhole, needsMissing };
  }

  private find(
    frame: Frame,
    allowing: readonly Sight[],
    denying: readonly Sight[],
    isComplete: boolean,
    cubes: readonly Cube[],
  ): Found | 'impossible' | 'undecided' {
    let isSure = true;
    for (const one of allowing) {
      const found = this.search.find(frame, one, denying, isComplete, cubes);
      if (found !== null && typeof found !== 'string') return found;
      if (found === null) this.isTooLong = true;
      if (found !== 'impossible') isSure = false;
    }
    return isSure ? 'impossible' : 'undecided';
  }

  /** Less and less is asked for, as long as the answer stays; what is left, by what is to be left out first. */
  private widen(found: Found, allowing: readonly Sight[], denying: readonly Sight[]): readonly Literal[] {
    const { allowed } = this;
    const order: Literal[] = [];
    for (const is of ranks) {
      for (let at = found.length - 1; at >= 0; at--) {
        const literal = found[at] as Literal;
        if (statesIn(literal) === is) order.push(literal);
      }
    }
    for (const literal of found) allowed[variableIn(literal)] = statesIn(literal);
    for (const literal of order) {
      const [variable, is] = [variableIn(literal), statesIn(literal)];
      allowed[variable] = ANYTHING;
      const [isAllowed, isDenied] = [this.isAllowed(found, allowing), this.isDenied(found, denying)];
      if (isAllowed && isDenied) continue;
      // "Missing or false" would hide that it must be missing.
      if (is === UNKNOWN) allowed[variable] = is;
      // What is not known allows where either would, and denies where one of them does.
      else if (isAllowed) allowed[variable] = is | UNKNOWN;
      // Of several, one may allow where it is true and one where it is false.
      else if (allowing.length === 1) allowed[variable] = is;
      else this.widenInTurn(literal, found, allowing, denying);
    }
    const left: Literal[] = [];
    for (const literal of order) {
      const variable = variableIn(literal);
      const states = allowed[variable] as number;
      allowed[variable] = ANYTHING;
      if (states !== ANYTHING) left.push(literalOf(variable, states));
    }
    return left;
  }

  private widenInTurn(literal: Literal, found: Found, allowing: readonly Sight[], denying: readonly Sight[]): void {
    const [variable, is] = [variableIn(literal), statesIn(literal)];
    for (const wider of [is | UNKNOWN, TRUE | FALSE]) {
      this.allowed[variable] = wider;
      if (this.isAllowed(found, allowing) && this.isDenied(found, denying)) return;
    }
    this.allowed[variable] = is;
  }

  /** Does one of them certainly allow in every state that is allowed? */
  private isAllowed(found: Found, allowing: readonly Sight[]): boolean {
    for (const one of allowing) if (this.isCertain(one)) return true;
    // Several may allow in turn.
    return allowing.length > 1 && this.isNever(this.cubeOf(found), [], allowing);
  }

  /** Does none of them certainly allow in any state that is allowed? */
  private isDenied(found: Found, denying: readonly Sight[]): boolean {
    for (const one of denying) {
      this.walk++;
      if (this.isDeniedAt(one.node, one.lens)) continue;
      // Of what is missing another way may deny in each state.
      const cube = this.cubeOf(found);
      if (!cube.some((literal) => statesIn(literal) === UNKNOWN) || !this.isNever(cube, [one], [])) return false;
    }
    return true;
  }

  private isNever(cube: Cube, allow: readonly Sight[], deny: readonly Sight[]): boolean {
    const isFound = this.search.isEverWithin(cube, allow, deny);
    if (isFound === null) this.isTooLong = true;
    return isFound === false;
  }

  private cubeOf(found: Found): Cube {
    return found.map((literal) => literalOf(variableIn(literal), this.allowed[variableIn(literal)] as number));
  }

  private isCertain({ node, lens }: Sight): boolean {
    this.walk++;
    return this.isCertainAt(node, lens);
  }

  private isCertainAt(node: number, lens: Lens): boolean {
    const { store } = this.merged;
    if (node < store.leaves) return node !== 0;
    if (this.seen[node] === this.walk) return true;
    this.seen[node] = this.walk;
    const states = this.allowed[this.variableAt(node, lens)] as number;
    return (
      (states === TRUE || this.isCertainAt(store.lows[node] as number, lens)) &&
      (states === FALSE || this.isCertainAt(store.highs[node] as number, lens))
    );
  }

  private isDeniedAt(node: number, lens: Lens): boolean {
    const { store } = this.merged;
    if (node < store.leaves) return node === 0;
    if (this.seen[node] === this.walk) return this.denies[node] === 1;
    const states = this.allowed[this.variableAt(node, lens)] as number;
    const [low, high] = [store.lows[node] as number, store.highs[node] as number];
    const isDenied =
      states === UNKNOWN
        ? this.isDeniedAt(low, lens) || this.isDeniedAt(high, lens)
        : ((states & FALSE) === 0 || this.isDeniedAt(low, lens)) &&
          ((states & TRUE) === 0 || this.isDeniedAt(high, lens));
    this.seen[node] = this.walk;
    this.denies[node] = isDenied ? 1 : 0;
    return isDenied;
  }

  private variableAt(node: number, lens: Lens): Variable {
    const atom = this.merged.store.atoms[node] as number;
    return variableOf(atom, this.merged.atoms[atom]?.isPersonal ? lens.instanceOf(atom) : 0);
  }
}

function hasVariable(cube: Cube, variable: Variable): boolean {
  for (const literal of cube) if (variableIn(literal) === variable) return true;
  return false;
}

/** What is left out first: what is missing, then what is false. */
const ranks = [UNKNOWN, FALSE, TRUE];
