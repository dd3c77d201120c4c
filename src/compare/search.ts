import type { Cells } from './cells.ts';
import type { Frame, State } from './frame.ts';
import { Lemmas } from './lemmas.ts';
import type { Merged } from './merge.ts';
import { FALSE, type Lens, TRUE, UNKNOWN, type Variable, variableOf } from './rails.ts';
import type { Theory } from './theory.ts';

/** A cell as one assignment sees it. */
export interface Sight {
  readonly node: number;
  readonly lens: Lens;
}

/** Steps of one search; beyond, the diagrams of the difference are made. */
const most = 4_000;

/** After so many steps failures are remembered: most searches need none. */
const patience = 40;

/**
 * Looks for states of the world in which one cell certainly allows what others, all together, do not: the cells are walked
 * side by side, and no diagram of their difference is made. What the solver once called impossible is never asked again.
 */
export class Search {
  private readonly merged: Merged;
  private readonly theory: Theory;
  private readonly cells: Cells;
  private readonly common = new Lemmas(null);
  private readonly ofFrames = new Map<Frame, Lemmas>();
  private readonly assigned = new Map<Variable, number>();
  private lemmas: Lemmas;
  private own: Lemmas;
  private lenses: readonly Lens[] = [];
  private states: readonly number[] = [];
  private left = 0;
  /** What beside the nodes a failure depends on: by whose light they are seen, and what may be unknown. */
  private setting = '';

  constructor(merged: Merged, theory: Theory, cells: Cells) {
    this.merged = merged;
    this.theory = theory;
    this.cells = cells;
    this.lemmas = this.common;
    this.own = this.common;
  }

  /** Null where the search would take too long. With `isComplete`, nothing in the state is unknown. */
  find(
    frame: Frame,
    allowing: Sight,
    denying: readonly Sight[],
    isComplete: boolean,
  ): State | 'impossible' | 'undecided' | null {
    this.states = isComplete ? [TRUE, FALSE] : [TRUE, FALSE, UNKNOWN];
    this.lenses = [allowing.lens, ...denying.map(({ lens }) => lens)];
    this.left = most;
    this.setting = `${this.states.length}|${this.lenses.map(({ key }) => key).join(';')}`;
    this.lemmas = this.lemmasOf(frame);
    this.own = this.lemmas;
    let isSure = true;
    for (;;) {
      this.assigned.clear();
      const isFound = this.visit(
        [allowing.node * INDEXES],
        denying.map(({ node }, index) => node * INDEXES + index + 1),
      );
      if (this.left <= 0) return null;
      if (!isFound) return isSure ? 'impossible' : 'undecided';
      const state = new Map(this.assigned);
      const conflict = this.theory.conflict(frame, state);
      if (conflict === null) return state;
      if (conflict.kind === 'undecided') {
        isSure = false;
        // What nobody knows is avoided in this search only.
        if (this.own === this.lemmas) this.own = new Lemmas(this.lemmas);
        this.own.add(conflict.literals);
      } else if (conflict.isPersonal) this.lemmas.add(conflict.literals);
      else this.common.add(conflict.literals);
    }
  }

  /** Could all of those allow for certain where none of these does, whatever the atoms mean? Null: too long to say. */
  isEver(allowing: readonly Sight[], denying: readonly Sight[]): boolean | null {
    this.states = [TRUE, FALSE, UNKNOWN];
    this.lenses = [...allowing, ...denying].map(({ lens }) => lens);
    this.left = most;
    this.lemmas = this.own = new Lemmas(null);
    this.assigned.clear();
    const items = [...allowing, ...denying].map(({ node }, index) => node * INDEXES + index);
    const isFound = this.visit(items.slice(0, allowing.length), items.slice(allowing.length));
    return this.left <= 0 ? null : isFound;
  }

  private lemmasOf(frame: Frame): Lemmas {
    let lemmas = this.ofFrames.get(frame);
    if (!lemmas) {
      lemmas = new Lemmas(this.common);
      this.ofFrames.set(frame, lemmas);
    }
    return lemmas;
  }

  /** All that is in `allow` shall allow, whatever is unknown; of each in `deny` some way shall deny. */
  private visit(allow: readonly number[], deny: readonly number[]): boolean {
    const { leaves } = this.merged.store;
    const must = allow.filter((item) => item >= leaves * INDEXES || item < INDEXES);
    if (must.some((item) => item < INDEXES)) return false;
    const open = deny.filter((item) => item >= INDEXES);
    if (open.some((item) => item < leaves * INDEXES)) return false;
    if (must.length + open.length === 0) return true;
    if (!this.isFeasible(must, open)) return false;
    if (this.left-- <= 0) return false;
    let variable = Number.POSITIVE_INFINITY;
    for (const item of must) variable = Math.min(variable, this.variableOf(item));
    for (const item of open) variable = Math.min(variable, this.variableOf(item));
    const isPatient = most - this.left > patience;
    const key = isPatient
      ? `${must.join()}|${open.join()}|${this.setting}|${this.own.context(this.assigned, variable)}`
      : '';
    if (isPatient && this.own.failures.has(key)) return false;
    for (const is of this.states) {
      if (this.own.forbids(this.assigned, variable, is)) continue;
      this.assigned.set(variable, is);
      if (
        is === UNKNOWN
          ? this.visitUnknown(must, open, variable)
          : this.visit(this.sides(must, variable, is), this.sides(open, variable, is))
      )
        return true;
      this.assigned.delete(variable);
    }
    if (isPatient && this.left > 0) this.own.failures.add(key);
    return false;
  }

  /** Every way must allow; of what shall deny, one way is chosen. */
  private visitUnknown(must: readonly number[], open: readonly number[], variable: Variable): boolean {
    const both = [...new Set([...this.sides(must, variable, TRUE), ...this.sides(must, variable, FALSE)])].sort(
      (a, b) => a - b,
    );
    const choose = (index: number, chosen: readonly number[]): boolean => {
      const item = open[index];
      if (item === undefined) return this.visit(both, chosen);
      const [high = item, low = item] = [this.side(item, variable, TRUE), this.side(item, variable, FALSE)];
      return choose(index + 1, [...chosen, low]) || (high !== low && choose(index + 1, [...chosen, high]));
    };
    return choose(0, []);
  }

  /** Where one cell allows nothing that another denies while all is known, it does not when facts are missing either. */
  private isFeasible(must: readonly number[], open: readonly number[]): boolean {
    for (const item of open) {
      for (const other of must) {
        const [from, to] = [Math.floor(item / INDEXES), Math.floor(other / INDEXES)];
        const [a, b] = [this.lenses[item % INDEXES], this.lenses[other % INDEXES]];
        if (a && b && this.cells.areSeenAlike(from, a, to, b) && !this.cells.gains(from, to)) return false;
      }
    }
    return true;
  }

  private variableOf(item: number): Variable {
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
    const { store } = this.merged;
    const node = Math.floor(item / INDEXES);
    return (is === TRUE ? store.highOf(node) : store.lowOf(node)) * INDEXES + (item % INDEXES);
  }
}

/** A node and the number of its sight are one number. */
const INDEXES = 32;
