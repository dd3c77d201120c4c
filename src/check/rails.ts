import { type DiagramStore, INSTANCES, RailStore, variableOf } from '../diagram/index.ts';

/** What a diagram certainly gives, as a function of what is known. */
export class Rails extends RailStore {
  private readonly source: DiagramStore;
  private readonly isNeverUnknown: (atom: number) => boolean;
  private readonly memos = new Map<number, Map<number, number>>();

  constructor(source: DiagramStore, isNeverUnknown: (atom: number) => boolean = () => false) {
    super();
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
}
