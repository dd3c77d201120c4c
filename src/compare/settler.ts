import type { Frame } from './frame.ts';
import { type Literal, literalOf, stateOf, statesIn, variableIn } from './literals.ts';
import type { Merged } from './merge.ts';
import { Narrowing } from './narrowing.ts';
import type { Case, Settled } from './paths.ts';
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
      // Facts that are missing are spoken of only where nothing else shows the change.
      if (!isComplete && cases.length > 0) break;
      while (cases.length < limit && !this.isTooLong) {
        const found = find(isComplete);
        if (typeof found === 'string') break;
        const { wide, allowed, possible } = this.narrowing.narrow(frame, this.widen(found, allowing, denying));
        const cube = [...wide].sort((a, b) => a - b);
        cubes.push(cube);
        const state = found.filter((literal) => cube.some((other) => variableIn(other) === variableIn(literal)));
        cases.push({
          allowed: stateOf(allowed),
          possible: stateOf(possible),
          state: stateOf(state),
          needsMissing: !isComplete,
        });
      }
    }
    const needsMissing = cases.some((item) => item.needsMissing);
    const none = { verdict: isSure ? 'impossible' : 'undecided', cases, isWhole: isSure, needsMissing } as const;
    const isWhole = cases.length > 0 && isSure && find(false) === 'impossible';
    if (this.isTooLong) return null;
    return cases.length === 0 ? none : { verdict: 'possible', cases, isWhole, needsMissing };
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
    const order = [...found].sort((a, b) => rank(statesIn(b)) - rank(statesIn(a)) || b - a);
    for (const literal of found) allowed[variableIn(literal)] = statesIn(literal);
    for (const literal of order) {
      const [variable, is] = [variableIn(literal), statesIn(literal)];
      // "Missing or false" would hide that it must be missing.
      for (const wider of is === UNKNOWN ? [ANYTHING] : [ANYTHING, is | UNKNOWN, TRUE | FALSE]) {
        allowed[variable] = wider;
        if (this.isShown(found, allowing, denying)) break;
        allowed[variable] = is;
      }
    }
    const left = order.flatMap((literal) => {
      const variable = variableIn(literal);
      const states = allowed[variable] as number;
      allowed[variable] = ANYTHING;
      return states === ANYTHING ? [] : [literalOf(variable, states)];
    });
    return left;
  }

  /** Does one of those certainly allow, and none of these, in every state that is allowed? */
  private isShown(found: Found, allowing: readonly Sight[], denying: readonly Sight[]): boolean {
    const isAllowed = allowing.some((one) => this.isCertain(one));
    if (!isAllowed && allowing.length === 1) return false;
    const isDenied = denying.every((one) => this.isDenied(one));
    if (isAllowed && isDenied) return true;
    const cube = found.map((literal) => literalOf(variableIn(literal), this.allowed[variableIn(literal)] as number));
    const isNever = (allow: readonly Sight[], deny: readonly Sight[]) => {
      const isFound = this.search.isEverWithin(cube, allow, deny);
      if (isFound === null) this.isTooLong = true;
      return isFound === false;
    };
    // Several may allow in turn, and of what is missing another way may deny in each state.
    if (!isAllowed && !isNever([], allowing)) return false;
    if (isDenied) return true;
    return cube.some((literal) => statesIn(literal) === UNKNOWN) && denying.every((one) => isNever([one], []));
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
      (states === TRUE || this.isCertainAt(store.lowOf(node), lens)) &&
      (states === FALSE || this.isCertainAt(store.highOf(node), lens))
    );
  }

  private isDenied({ node, lens }: Sight): boolean {
    this.walk++;
    return this.isDeniedAt(node, lens);
  }

  private isDeniedAt(node: number, lens: Lens): boolean {
    const { store } = this.merged;
    if (node < store.leaves) return node === 0;
    if (this.seen[node] === this.walk) return this.denies[node] === 1;
    const states = this.allowed[this.variableAt(node, lens)] as number;
    const [low, high] = [store.lowOf(node), store.highOf(node)];
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
    const atom = this.merged.store.atomOf(node);
    return variableOf(atom, this.merged.atoms[atom]?.isPersonal ? lens.instanceOf(atom) : 0);
  }
}

/** What is left out first: what is missing, then what is false. */
function rank(is: number): number {
  return is === UNKNOWN ? 2 : is === FALSE ? 1 : 0;
}
