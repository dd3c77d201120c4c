import { DiagramStore } from '../diagram/index.ts';

/** What an atom may be, as bits. */
export const TRUE = 1;
export const FALSE = 2;
export const UNKNOWN = 4;

/** An atom as one assignment sees it: those with other settings see another instance. */
export type Variable = number;

/** Instances of an atom; members with more assignments than that are not decided together. */
export const INSTANCES = 32;

export function variableOf(atom: number, instance: number): Variable {
  return atom * INSTANCES + instance;
}

export function atomOfVariable(variable: Variable): number {
  return Math.floor(variable / INSTANCES);
}

/**
 * Boolean functions of what is known: two variables an atom, "is true" and, below it, "is false"; when neither holds, the
 * atom is unknown. "Certainly allowed" by several assignments is then an "or", which it is not over the atoms themselves.
 */
export class Rails {
  readonly store = new DiagramStore(2);
  private readonly source: DiagramStore;
  private readonly isNeverUnknown: (atom: number) => boolean;
  private readonly memos = new Map<number, Map<number, number>>();

  constructor(source: DiagramStore, isNeverUnknown: (atom: number) => boolean = () => false) {
    this.source = source;
    this.isNeverUnknown = isNeverUnknown;
  }

  /** Does the diagram certainly give at least the leaf `least`? Atoms that read settings are of `instance`. */
  certainly(node: number, instance: number, instanceOf: (atom: number) => number, least = 1): number {
    const { source } = this;
    const key = least * INSTANCES + instance;
    const memo = this.memos.get(key) ?? new Map<number, number>();
    this.memos.set(key, memo);
    const visit = (at: number): number => {
      if (at < source.leaves) return at >= least ? 1 : 0;
      const known = memo.get(at);
      if (known !== undefined) return known;
      const [low, high] = [visit(source.lowOf(at)), visit(source.highOf(at))];
      const atom = source.atomOf(at);
      const unknown = this.isNeverUnknown(atom) ? low : this.store.meet(low, high);
      const result = this.choose(variableOf(atom, instanceOf(atom)), high, low, unknown);
      memo.set(at, result);
      return result;
    };
    return visit(node);
  }

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
