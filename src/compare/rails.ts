import { atomOf, RailStore, type Variable, variableOf } from '../diagram/index.ts';

export { ANYTHING, atomOf, FALSE, INSTANCES, TRUE, UNKNOWN, type Variable, variableOf } from '../diagram/index.ts';

import type { Merged } from './merge.ts';

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

/** Whether decisions are certainly at least some leaf, as functions of what is known, each assignment with its own instances. */
export class Rails extends RailStore {
  private readonly merged: Merged;
  private readonly seenApart: boolean[] = [];
  private readonly memos = new Map<string, Map<number, number>>();
  private readonly focuses = new Map<number, Focus>();
  private readonly known = new Map<string, Focus>();

  constructor(merged: Merged) {
    super();
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
      const [low, high] = [visit(store.lows[at] as number), visit(store.highs[at] as number)];
      const atom = store.atoms[at] as number;
      const instance = atoms[atom]?.isPersonal ? lens.instanceOf(atom) : 0;
      const result = this.choose(variableOf(atom, instance), high, low, this.store.meet(low, high));
      memo.set(at, result);
      return result;
    };
    return visit(node);
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
      atoms[store.atoms[node] as number]?.isPersonal === true ||
      this.isSeenApart(store.lows[node] as number) ||
      this.isSeenApart(store.highs[node] as number);
    this.seenApart[node] = reads;
    return reads;
  }

  private memo(key: string): Map<number, number> {
    const memo = this.memos.get(key) ?? new Map<number, number>();
    this.memos.set(key, memo);
    return memo;
  }
}
