import type { State } from './frame.ts';
import type { Merged } from './merge.ts';
import { FALSE, type Focus, type Rails, TRUE, variableOf } from './rails.ts';

/**
 * Pairs of cells as they are, all facts known: enough for most verdicts, and far cheaper than the rails. When one cell
 * allows nothing that another denies while all is known, it allows no more when facts are missing either.
 */
export class Cells {
  private readonly merged: Merged;
  private readonly rails: Rails;
  private readonly known = new Map<number, boolean>();
  private readonly focuses = new Map<number, Focus>();

  constructor(merged: Merged, rails: Rails) {
    this.merged = merged;
    this.rails = rails;
  }

  /** Does the second allow something that the first denies, whatever the atoms mean? */
  gains(from: number, to: number): boolean {
    if (from === to || to === 0) return false;
    const { leaves } = this.merged.store;
    if (from < leaves && to < leaves) return from === 0;
    if (from > 0 && from < leaves) return false;
    const key = from * 0x4000000 + to;
    let result = this.known.get(key);
    if (result === undefined) {
      result =
        this.gains(this.side(from, to, TRUE), this.side(to, from, TRUE)) ||
        this.gains(this.side(from, to, FALSE), this.side(to, from, FALSE));
      this.known.set(key, result);
    }
    return result;
  }

  /** A state of the world in which it does, if the atoms allow. */
  path(from: number, to: number): State {
    const { leaves } = this.merged.store;
    const state = new Map<number, number>();
    let [a, b] = [from, to];
    while (a >= leaves || b >= leaves) {
      const is = this.gains(this.side(a, b, TRUE), this.side(b, a, TRUE)) ? TRUE : FALSE;
      state.set(variableOf(this.top(a, b), 0), is);
      [a, b] = [this.side(a, b, is), this.side(b, a, is)];
    }
    return state;
  }

  /** What two cells read about those who ask, whoever it is. */
  focusOf(from: number, to: number): Focus {
    const key = from * 0x4000000 + to;
    let focus = this.focuses.get(key);
    if (!focus) {
      const { store } = this.merged;
      const nodes = [...store.reach(from), ...store.reach(to)];
      focus = this.rails.focusOn(new Set(nodes.map((node) => variableOf(store.atomOf(node), 0))));
      this.focuses.set(key, focus);
    }
    return focus;
  }

  private top(a: number, b: number): number {
    const { store } = this.merged;
    const atom = (node: number) => (node < store.leaves ? Number.POSITIVE_INFINITY : store.atomOf(node));
    return Math.min(atom(a), atom(b));
  }

  /** Of one node of a pair, where the atom on top of the pair is so. */
  private side(node: number, other: number, is: number): number {
    const { store } = this.merged;
    if (node < store.leaves || store.atomOf(node) !== this.top(node, other)) return node;
    return is === TRUE ? store.highOf(node) : store.lowOf(node);
  }
}
