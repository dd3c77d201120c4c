import { DiagramStore } from '../diagram/index.ts';
import type { Merged } from './merge.ts';

/** What an atom may be, as bits. */
export const TRUE = 1;
export const FALSE = 2;
export const UNKNOWN = 4;
export const ANYTHING = 7;

/** An atom as one assignment sees it: those that read different settings differ by their instance. */
export type Variable = number;

/** Instances of an atom; more assignments than that are not compared. */
export const INSTANCES = 32;

export function variableOf(atom: number, instance: number): Variable {
  return atom * INSTANCES + instance;
}

export function atomOf(variable: Variable): number {
  return Math.floor(variable / INSTANCES);
}

/** How one assignment sees the atoms that read settings. */
export interface Lens {
  /** Equal for lenses that see all atoms alike. */
  readonly key: string;
  instanceOf(atom: number): number;
}

/** What a function reads about those who ask. */
export interface Focus {
  readonly number: number;
  readonly settings: readonly Variable[];
  readonly readsId: boolean;
}

/** The leaves from one of them on, of a chain. */
export interface Upper {
  readonly key: string;
  readonly leaves: ReadonlySet<number>;
}

/**
 * Boolean functions of what is known: two variables an atom, "is true" and, below it, "is false"; when neither holds the
 * atom is unknown. "Certainly at least this leaf" of several assignments is then an "or", which it is not over the atoms
 * themselves. Below "is true" nothing asks "is false", so every path is a state of the world.
 */
export class Rails {
  readonly store = new DiagramStore(2);
  private readonly merged: Merged;
  private readonly seenApart: boolean[] = [];
  private readonly memos = new Map<string, Map<number, number>>();
  private readonly focuses = new Map<number, Focus>();
  private readonly known = new Map<string, Focus>();

  constructor(merged: Merged) {
    this.merged = merged;
  }

  /** Is the decision of this node certainly one of these? */
  certainly(node: number, upper: Upper, lens: Lens): number {
    const plain = this.memo(`${upper.key}|`);
    const seen = lens.key === '' ? plain : this.memo(`${upper.key}|${lens.key}`);
    const { store, atoms } = this.merged;
    const visit = (at: number): number => {
      if (at < store.leaves) return upper.leaves.has(at) ? 1 : 0;
      const memo = this.isSeenApart(at) ? seen : plain;
      const known = memo.get(at);
      if (known !== undefined) return known;
      const [low, high] = [visit(store.lowOf(at)), visit(store.highOf(at))];
      const atom = store.atomOf(at);
      const instance = atoms[atom]?.isPersonal ? lens.instanceOf(atom) : 0;
      const result = this.choose(variableOf(atom, instance), high, low, this.store.meet(low, high));
      memo.set(at, result);
      return result;
    };
    return visit(node);
  }

  /** One function where the atom is true, one where it is false, one where it is unknown. */
  choose(variable: Variable, high: number, low: number, unknown: number): number {
    return this.store.node(2 * variable, this.store.node(2 * variable + 1, unknown, low), high);
  }

  /** The variable that a node asks about; a node below "is true" belongs to the same one. */
  variableAt(node: number): Variable {
    return this.store.atomOf(node) >> 1;
  }

  /** What is left of a function once the variable on top is one of TRUE, FALSE and UNKNOWN. */
  sideOf(node: number, state: number): number {
    const { store } = this;
    if (state === TRUE) return store.highOf(node);
    const low = store.lowOf(node);
    if (low < store.leaves || store.atomOf(low) !== store.atomOf(node) + 1) return low;
    return state === FALSE ? store.highOf(low) : store.lowOf(low);
  }

  /** What of those who ask a function depends on. */
  focusOf(node: number): Focus {
    let focus = this.focuses.get(node);
    if (focus === undefined) {
      focus = this.focusOn(new Set(this.store.reach(node).map((at) => this.variableAt(at))));
      this.focuses.set(node, focus);
    }
    return focus;
  }

  /** What all of these functions together depend on. */
  focusOfAll(nodes: readonly number[]): Focus {
    const reached = new Set(nodes.flatMap((node) => this.store.reach(node)));
    return this.focusOn(new Set([...reached].map((at) => this.variableAt(at))));
  }

  /** The same object for all sets of variables that ask for the same. */
  focusOn(variables: Iterable<Variable>): Focus {
    const { atoms } = this.merged;
    const settings: Variable[] = [];
    let readsId = false;
    for (const variable of variables) {
      const atom = atoms[atomOf(variable)];
      if (atom?.slots.length) settings.push(variable);
      if (atom?.readsId) readsId = true;
    }
    const key = `${readsId} ${settings.sort((a, b) => a - b).join()}`;
    const focus = this.known.get(key) ?? { number: this.known.size, settings, readsId };
    this.known.set(key, focus);
    return focus;
  }

  not(node: number): number {
    return this.store.negate(node);
  }

  /** Does any node under this one depend on who asks? */
  private isSeenApart(node: number): boolean {
    const { store, atoms } = this.merged;
    if (node < store.leaves) return false;
    const known = this.seenApart[node];
    if (known !== undefined) return known;
    const reads =
      atoms[store.atomOf(node)]?.isPersonal === true ||
      this.isSeenApart(store.lowOf(node)) ||
      this.isSeenApart(store.highOf(node));
    this.seenApart[node] = reads;
    return reads;
  }

  private memo(key: string): Map<number, number> {
    const memo = this.memos.get(key) ?? new Map<number, number>();
    this.memos.set(key, memo);
    return memo;
  }
}
