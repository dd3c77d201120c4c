import type { Cells } from './cells.ts';
import type { Frame } from './frame.ts';
import { Lemmas } from './lemmas.ts';
import { type Literal, literalOf, statesIn, variableIn } from './literals.ts';
import type { Merged } from './merge.ts';
import { ANYTHING, FALSE, INSTANCES, type Lens, TRUE, UNKNOWN, type Variable, variableOf } from './rails.ts';
import type { Realm } from './realms.ts';
import type { Theory } from './theory.ts';

/** A cell as one assignment sees it. */
export interface Sight {
  readonly node: number;
  readonly lens: Lens;
}

/** For each of some variables the states that it may have; they stand by their variables. */
export type Cube = readonly Literal[];

/** A state of the world, as far as it is decided; by the variables. */
export type Found = readonly Literal[];

/** Steps of one search; beyond, the diagrams of the difference are made. */
const most = 4_000;

/** After so many steps failures are remembered: most searches need none. */
const patience = 40;

const complete = [TRUE, FALSE];
const all = [TRUE, FALSE, UNKNOWN];

/**
 * Looks for states of the world in which one cell certainly allows what others, all together, do not: the cells are walked
 * side by side, and no diagram of their difference is made. What the solver once called impossible is never asked again.
 */
export class Search {
  private readonly merged: Merged;
  private readonly theory: Theory;
  private readonly cells: Cells;
  private readonly common = new Lemmas(null);
  private readonly ofRealms = new Map<Realm, Lemmas>();
  /** By variable: what it is now, and what it may be. */
  private readonly assigned: Uint8Array;
  private readonly within: Uint8Array;
  private readonly trail: Literal[] = [];
  private own: Lemmas = this.common;
  private lenses: readonly Lens[] = [];
  private cubes: readonly Cube[] = [];
  private states: readonly number[] = all;
  private left = 0;
  /** What beside the nodes a failure depends on: by whose light they are seen, and what may be unknown. */
  private setting = '';

  constructor(merged: Merged, theory: Theory, cells: Cells) {
    this.merged = merged;
    this.theory = theory;
    this.cells = cells;
    this.assigned = new Uint8Array(merged.atoms.length * INSTANCES);
    this.within = new Uint8Array(merged.atoms.length * INSTANCES).fill(ANYTHING);
  }

  /**
   * A possible state in none of the cubes; null where the search would take too long. With `isComplete`, nothing in the
   * state is unknown.
   */
  find(
    frame: Frame,
    allowing: Sight,
    denying: readonly Sight[],
    isComplete: boolean,
    cubes: readonly Cube[] = [],
  ): Found | 'impossible' | 'undecided' | null {
    const known = this.lemmasOf(frame);
    // What is avoided only here (cubes, and what nobody knows) is remembered only here.
    this.start([allowing, ...denying], isComplete ? complete : all, cubes.length > 0 ? new Lemmas(known) : known);
    this.cubes = cubes;
    const items = denying.map(({ node }, index) => node * INDEXES + index + 1);
    cubes.forEach((_, index) => {
      items.push(-1 - index * LENGTHS);
    });
    let isSure = true;
    for (;;) {
      this.clear();
      const isFound = this.visit([allowing.node * INDEXES], items);
      if (this.left <= 0) return null;
      if (!isFound) return isSure ? 'impossible' : 'undecided';
      const conflict = this.theory.conflict(frame, this.trail);
      if (conflict === null) return [...this.trail];
      if (conflict.kind === 'undecided') {
        isSure = false;
        if (this.own === known) this.own = new Lemmas(known);
        this.own.add(conflict.literals);
      } else if (conflict.isPersonal) known.add(conflict.literals);
      else this.common.add(conflict.literals);
    }
  }

  /** Could all of those allow for certain where none of these does, whatever the atoms mean? Null: too long to say. */
  isEver(allowing: readonly Sight[], denying: readonly Sight[]): boolean | null {
    this.start([...allowing, ...denying], all, new Lemmas(null));
    this.clear();
    const items = [...allowing, ...denying].map(({ node }, index) => node * INDEXES + index);
    const isFound = this.visit(items.slice(0, allowing.length), items.slice(allowing.length));
    return this.left <= 0 ? null : isFound;
  }

  /** The same, of the states in a cube. */
  isEverWithin(cube: Cube, allowing: readonly Sight[], denying: readonly Sight[]): boolean | null {
    for (const literal of cube) this.within[variableIn(literal)] = statesIn(literal);
    const isFound = this.isEver(allowing, denying);
    for (const literal of cube) this.within[variableIn(literal)] = ANYTHING;
    return isFound;
  }

  private start(sights: readonly Sight[], states: readonly number[], own: Lemmas): void {
    this.states = states;
    this.lenses = sights.map(({ lens }) => lens);
    this.cubes = [];
    this.left = most;
    this.own = own;
    this.setting = '';
  }

  private clear(): void {
    for (const literal of this.trail) this.assigned[variableIn(literal)] = 0;
    this.trail.length = 0;
  }

  private lemmasOf(frame: Frame): Lemmas {
    const realm = this.theory.realms.of(frame);
    let lemmas = this.ofRealms.get(realm);
    if (!lemmas) {
      lemmas = new Lemmas(this.common);
      this.ofRealms.set(realm, lemmas);
    }
    return lemmas;
  }

  /** All that is in `allow` shall allow, whatever is unknown; of each in `deny` some way shall deny. */
  private visit(allow: readonly number[], deny: readonly number[]): boolean {
    const least = this.merged.store.leaves * INDEXES;
    let variable = Number.POSITIVE_INFINITY;
    const must: number[] = [];
    for (const item of allow) {
      if (item < INDEXES) return false;
      if (item < least) continue;
      must.push(item);
      variable = Math.min(variable, this.variableOf(item));
    }
    const open: number[] = [];
    for (const item of deny) {
      if (item >= 0 && item < INDEXES) continue;
      if (item >= 0 ? item < least : this.isAtEnd(item)) return false;
      open.push(item);
      variable = Math.min(variable, this.variableOf(item));
    }
    if (must.length + open.length === 0) return true;
    if (!this.isFeasible(must, open)) return false;
    if (this.left-- <= 0) return false;
    const key = most - this.left > patience ? this.keyOf(must, open, variable) : null;
    if (key !== null && this.own.failures.has(key)) return false;
    const allowed = this.within[variable] as number;
    for (const is of this.states) {
      const literal = literalOf(variable, is);
      if ((allowed & is) === 0 || this.own.forbids(this.assigned, literal)) continue;
      this.assigned[variable] = is;
      this.trail.push(literal);
      const isFound =
        is === UNKNOWN
          ? this.visitUnknown(must, open, variable)
          : this.visit(this.sides(must, variable, is), this.sides(open, variable, is));
      if (isFound) return true;
      this.assigned[variable] = 0;
      this.trail.pop();
    }
    if (key !== null && this.left > 0) this.own.failures.add(key);
    return false;
  }

  private keyOf(must: readonly number[], open: readonly number[], variable: Variable): string {
    this.setting ||= `${this.states.length}|${this.lenses.map(({ key }) => key).join(';')}`;
    return `${must.join()}|${open.join()}|${this.setting}|${this.own.context(this.trail, variable)}`;
  }

  /** Every way must allow; of what shall deny, one way is chosen. */
  private visitUnknown(must: readonly number[], open: readonly number[], variable: Variable): boolean {
    const both = [...new Set([...this.sides(must, variable, TRUE), ...this.sides(must, variable, FALSE)])].sort(
      (a, b) => a - b,
    );
    const choose = (index: number, chosen: readonly number[]): boolean => {
      const item = open[index];
      if (item === undefined) return this.visit(both, chosen);
      if (item < 0) return choose(index + 1, [...chosen, this.side(item, variable, UNKNOWN)]);
      const [high, low] = [this.side(item, variable, TRUE), this.side(item, variable, FALSE)];
      return choose(index + 1, [...chosen, low]) || (high !== low && choose(index + 1, [...chosen, high]));
    };
    return choose(0, []);
  }

  /** Where one cell allows nothing that another denies while all is known, it does not when facts are missing either. */
  private isFeasible(must: readonly number[], open: readonly number[]): boolean {
    for (const item of open) {
      if (item < 0) continue;
      for (const other of must) {
        const [from, to] = [Math.floor(item / INDEXES), Math.floor(other / INDEXES)];
        const [a, b] = [this.lenses[item % INDEXES], this.lenses[other % INDEXES]];
        if (a && b && this.cells.areSeenAlike(from, a, to, b) && !this.cells.gains(from, to)) return false;
      }
    }
    return true;
  }

  private variableOf(item: number): Variable {
    if (item < 0) return variableIn(this.literalAt(item));
    const atom = this.merged.store.atomOf(Math.floor(item / INDEXES));
    return variableOf(
      atom,
      this.merged.atoms[atom]?.isPersonal ? (this.lenses[item % INDEXES]?.instanceOf(atom) ?? 0) : 0,
    );
  }

  private sides(items: readonly number[], variable: Variable, is: number): readonly number[] {
    return items.map((item) => this.side(item, variable, is));
  }

  private side(item: number, variable: Variable, is: number): number {
    if (this.variableOf(item) !== variable) return item;
    // A state that the cube does not have is outside of it, whatever the others are.
    if (item < 0) return statesIn(this.literalAt(item)) & is ? item - 1 : 0;
    const { store } = this.merged;
    const node = Math.floor(item / INDEXES);
    return (is === TRUE ? store.highOf(node) : store.lowOf(node)) * INDEXES + (item % INDEXES);
  }

  /** Where a walk through a cube stands. */
  private literalAt(item: number): Literal {
    const at = -1 - item;
    return this.cubes[Math.floor(at / LENGTHS)]?.[at % LENGTHS] ?? 0;
  }

  private isAtEnd(item: number): boolean {
    const at = -1 - item;
    return at % LENGTHS >= (this.cubes[Math.floor(at / LENGTHS)]?.length ?? 0);
  }
}

/** A node and the number of its sight are one number. */
const INDEXES = 32;

/** So is a cube, and how many of its variables were looked at; cubes are not negative numbers. */
const LENGTHS = 4_096;
