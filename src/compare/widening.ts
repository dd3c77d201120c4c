import { type Literal, literalOf, statesIn, variableIn } from './literals.ts';
import type { Merged } from './merge.ts';
import { ANYTHING, FALSE, INSTANCES, type Lens, TRUE, UNKNOWN, type Variable, variableOf } from './rails.ts';
import { Reach } from './reach.ts';
import type { Cube, Found, Search, Sight } from './search.ts';

/** Of a state in which something shows, how little of it is needed. */
export class Widening {
  /** A search ended before its answer. */
  isTooLong = false;
  private readonly merged: Merged;
  private readonly search: Search;
  /** By variable: the states that are looked at. */
  private readonly allowed: Uint8Array;
  /** By node: the walk that saw it last, and whether it denies for certain. */
  private readonly seen: Int32Array;
  private readonly denies: Uint8Array;
  private walk = 0;
  private readonly allows: Reach;
  private readonly denied: Reach;

  constructor(merged: Merged, search: Search) {
    this.merged = merged;
    this.search = search;
    this.allowed = new Uint8Array(merged.atoms.length * INSTANCES).fill(ANYTHING);
    this.seen = new Int32Array(merged.store.size);
    this.denies = new Uint8Array(merged.store.size);
    this.allows = new Reach(merged, this.allowed, true);
    this.denied = new Reach(merged, this.allowed, false);
  }

  /** Less and less is asked for, as long as the answer stays; what is left, by what is to be left out first. */
  widen(found: Found, allowing: readonly Sight[], denying: readonly Sight[]): readonly Literal[] {
    const { allowed } = this;
    const order: Literal[] = [];
    for (const is of ranks) {
      for (let at = found.length - 1; at >= 0; at--) {
        const literal = found[at] as Literal;
        if (statesIn(literal) === is) order.push(literal);
      }
    }
    for (const literal of found) allowed[variableIn(literal)] = statesIn(literal);
    const [one, other] = [allowing[0], denying[0]];
    const isPair = allowing.length === 1 && denying.length === 1;
    // What is missing stands first.
    if (isPair && one && other && order[0] !== undefined && statesIn(order[0]) !== UNKNOWN) {
      this.widenPair(order, one, other);
    } else this.widenAll(order, found, allowing, denying);
    const left: Literal[] = [];
    for (const literal of order) {
      const variable = variableIn(literal);
      const states = allowed[variable] as number;
      allowed[variable] = ANYTHING;
      if (states !== ANYTHING) left.push(literalOf(variable, states));
    }
    return left;
  }

  /** Of two cells in a state in which nothing is missing: there every way that is allowed counts. */
  private widenPair(order: readonly Literal[], allowing: Sight, denying: Sight): void {
    const { allowed, allows, denied } = this;
    allows.start(allowing);
    denied.start(denying);
    for (const literal of order) {
      const [variable, is] = [variableIn(literal), statesIn(literal)];
      allowed[variable] = ANYTHING;
      if (!allows.tries(variable)) allowed[variable] = is;
      // What is not known allows where either would, and denies where one of them does.
      else if (!denied.tries(variable)) allowed[variable] = is | UNKNOWN;
    }
  }

  private widenAll(
    order: readonly Literal[],
    found: Found,
    allowing: readonly Sight[],
    denying: readonly Sight[],
  ): void {
    const { allowed } = this;
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

/** What is left out first: what is missing, then what is false. */
const ranks = [UNKNOWN, FALSE, TRUE];
