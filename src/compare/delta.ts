import { DiagramLimit } from '../diagram/index.ts';
import type { Asker, Frame } from './frame.ts';
import { cellOf, type Leaf, type Merged, type Name, type Side } from './merge.ts';
import { type Rails, type Upper, variableOf } from './rails.ts';

/** One assignment, or what a role gives to any holder. */
export interface Part {
  /** Index into the roles of its side. */
  readonly role: number;
  readonly asker: Asker;
  /** Equal where the assignment itself sets the same. */
  readonly own: string;
  readonly from: number | null;
  readonly until: number | null;
}

/** Somebody on both sides. */
export interface Holder {
  readonly base: readonly Part[];
  readonly head: readonly Part[];
  readonly frame: Frame;
}

/** Ways in which a decision differs: allowed by one side only, or by both with fewer, or more, duties. */
export const directions = ['gained', 'lost', 'eased', 'burdened'] as const;
export type Direction = (typeof directions)[number];

/** In which requests a decision differs; nodes of the rails. */
export type Delta = Readonly<Record<Direction, number>>;

export const noDelta: Delta = { gained: 0, lost: 0, eased: 0, burdened: 0 };

const nodesOfOne = 400_000;

/** Compares decisions of holders. */
export class Deltas {
  readonly merged: Merged;
  readonly rails: Rails;
  private readonly byLeaf: readonly (readonly [
    base: ReadonlySet<number>,
    head: ReadonlySet<number>,
    verdict: Verdict,
  ])[];
  private readonly known = new Map<string, Delta | null>();
  private readonly byCells = new Map<number, Delta | null>();
  private readonly uppers: Readonly<Record<Name, readonly Upper[]>>;

  constructor(merged: Merged, rails: Rails) {
    this.merged = merged;
    this.rails = rails;
    this.byLeaf = pairsOfLeaves(merged);
    this.uppers = { base: uppersOf(merged, merged.base), head: uppersOf(merged, merged.head) };
  }

  /** Null when it grew too large to tell. */
  of(holder: Holder, action: number): Delta | null {
    const { base, head, frame } = holder;
    const [before, after] = [base[0], head[0]];
    // Most holders have one role, without dates and seen in one light: then the two cells say it all.
    const isPlain = base.length === 1 && head.length === 1 && before?.asker === after?.asker;
    const isDated = [before?.from, before?.until, after?.from, after?.until].some((date) => date != null);
    if (!before || !after || !isPlain || isDated || frame.lens(before.asker)?.key !== '') {
      return this.compareParts(holder, action);
    }
    const { merged } = this;
    const key = cellOf(merged.base, before.role, action) * 0x4000000 + cellOf(merged.head, after.role, action);
    let delta = this.byCells.get(key);
    if (delta === undefined) {
      delta = this.compareParts(holder, action);
      this.byCells.set(key, delta);
    }
    return delta;
  }

  private compareParts({ base, head, frame }: Holder, action: number): Delta | null {
    const before = this.functions(this.merged.base, base, frame, action);
    const after = this.functions(this.merged.head, head, frame, action);
    const key = before && after ? `${before.join()} ${after.join()}` : null;
    if (key === null || before === null || after === null) return null;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const delta = this.limited(() => this.compare(before, after));
    this.known.set(key, delta);
    return delta;
  }

  /** For each leaf but deny, worst first: is it reached for certain? */
  private functions(side: Side, parts: readonly Part[], frame: Frame, action: number): readonly number[] | null {
    const { store } = this.rails;
    return this.limited(() => {
      const uppers = this.uppers[side.name];
      const nodes = uppers.map(() => 0);
      for (const { role, asker, from, until } of parts) {
        const cell = cellOf(side, role, action);
        if (cell === 0) continue;
        const lens = frame.lens(asker);
        if (!lens) return null;
        const inForce = store.meet(this.after(from), this.before(until));
        uppers.forEach((upper, at) => {
          nodes[at] = store.join(nodes[at] ?? 0, store.meet(inForce, this.rails.certainly(cell, upper, lens)));
        });
      }
      return nodes;
    });
  }

  private compare(before: readonly number[], after: readonly number[]): Delta {
    const { store } = this.rails;
    const without = (a: number, b: number) => (b === 0 ? a : store.meet(a, this.rails.not(b)));
    const [base = 0, head = 0] = [before[0], after[0]];
    let [eased, burdened] = [0, 0];
    if (base !== 0 && head !== 0 && this.byLeaf.length > 0) {
      const just = (functions: readonly number[], side: Side, good: ReadonlySet<number>) => {
        const reach = side.chain
          .slice(1)
          .map((leaf, at) => (good.has(leaf) ? without(functions[at] ?? 0, functions[at + 1] ?? 0) : 0));
        return reach.reduce((all, one) => store.join(all, one), 0);
      };
      for (const [from, to, verdict] of this.byLeaf) {
        const both = store.meet(just(before, this.merged.base, from), just(after, this.merged.head, to));
        if (verdict !== 'worse') eased = store.join(eased, both);
        if (verdict !== 'better') burdened = store.join(burdened, both);
      }
    }
    return { gained: without(head, base), lost: without(base, head), eased, burdened };
  }

  private after(instant: number | null): number {
    const atom = instant === null ? undefined : this.merged.instants.get(instant);
    return atom === undefined ? 1 : this.rails.choose(variableOf(atom, 0), 0, 1, 0);
  }

  private before(instant: number | null): number {
    const atom = instant === null ? undefined : this.merged.instants.get(instant);
    return atom === undefined ? 1 : this.rails.choose(variableOf(atom, 0), 1, 0, 0);
  }

  private limited<T>(build: () => T): T | null {
    try {
      return this.rails.store.within(nodesOfOne, build);
    } catch (error) {
      if (error instanceof DiagramLimit) return null;
      throw error;
    }
  }
}

/** For each leaf but deny, worst first: the leaves from there on. The first is one for both sides. */
function uppersOf({ leaves }: Merged, { chain }: Side): readonly Upper[] {
  return chain.slice(1).map((_, at) => {
    const upper = at === 0 ? leaves.map((_, leaf) => leaf).slice(1) : chain.slice(at + 1);
    return { key: upper.join(), leaves: new Set(upper) };
  });
}

type Verdict = 'better' | 'worse' | 'both';

/** Pairs of leaves, both allows, that a user feels the difference of. */
function pairsOfLeaves({ base, head, leaves }: Merged) {
  const pairs: (readonly [ReadonlySet<number>, ReadonlySet<number>, Verdict])[] = [];
  for (const from of base.chain.slice(1)) {
    for (const to of head.chain.slice(1)) {
      const verdict = compareLeaves(leaves[from], leaves[to], base, head, leaves);
      if (verdict !== null) pairs.push([new Set([from]), new Set([to]), verdict]);
    }
  }
  return pairs;
}

/** By the duties; where these are the same, by the order of the outcomes, if they are called differently. */
function compareLeaves(
  from: Leaf | undefined,
  to: Leaf | undefined,
  base: Side,
  head: Side,
  leaves: readonly Leaf[],
): Verdict | null {
  if (!from || !to || from === to) return null;
  const dropped = from.duties.some((duty) => !to.duties.includes(duty));
  const added = to.duties.some((duty) => !from.duties.includes(duty));
  if (dropped || added) return dropped && added ? 'both' : dropped ? 'better' : 'worse';
  if (from.outcome === to.outcome) return null;
  const rank = (side: Side, name: string | null) =>
    side.chain.findIndex((leaf) => leaf > 0 && leaves[leaf]?.outcome === name);
  const [was, is] = [rank(head, from.outcome), rank(head, to.outcome)];
  if (was < 0) return rank(base, to.outcome) < 0 ? null : 'both'; // a new name for the same is no change
  return is > was ? 'better' : 'worse';
}
