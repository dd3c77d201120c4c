import { DiagramStore } from './store.ts';

/** What an atom may be, as bits. */
export const TRUE = 1;
export const FALSE = 2;
export const UNKNOWN = 4;
export const ANYTHING = 7;

/** An atom as one assignment sees it: those that read different settings differ by their instance. */
export type Variable = number;

/** Instances of an atom; more assignments than that are not looked at together. */
export const INSTANCES = 32;

export function variableOf(atom: number, instance: number): Variable {
  return atom * INSTANCES + instance;
}

export function atomOf(variable: Variable): number {
  return Math.floor(variable / INSTANCES);
}

/**
 * Boolean functions of what is known: two variables an atom, "is true" and, below it, "is false"; when neither holds the
 * atom is unknown. "Certainly allowed" by several assignments is then an "or", which it is not over the atoms themselves.
 * Below "is true" nothing asks "is false", so every path is a state of the world.
 */
export class RailStore {
  readonly store = new DiagramStore(2);

  /** One function where the atom is true, one where it is false, one where it is unknown. */
  choose(variable: Variable, high: number, low: number, unknown: number): number {
    return this.store.node(2 * variable, this.store.node(2 * variable + 1, unknown, low), high);
  }

  /** The atom is known and true, or known and false. */
  isTrue(variable: Variable): number {
    return this.choose(variable, 1, 0, 0);
  }

  isFalse(variable: Variable): number {
    return this.choose(variable, 0, 1, 0);
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
}
