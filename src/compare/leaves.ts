import type { Direction } from './delta.ts';
import type { Leaf, Merged, Side } from './merge.ts';
import type { Upper } from './rails.ts';

/** For each leaf but deny, worst first: the leaves from there on. The first is one for both sides. */
export function uppersOf({ leaves }: Merged, { chain }: Side): readonly Upper[] {
  return chain.slice(1).map((_, at) => {
    const upper = at === 0 ? leaves.map((_, leaf) => leaf).slice(1) : chain.slice(at + 1);
    return { key: upper.join(), leaves: new Set(upper) };
  });
}

/** How an allow differs from another. */
export type Turn = Exclude<Direction, 'gained' | 'lost'>;

/** Pairs of leaves, both allows, that a user feels the difference of. */
export function pairsOfLeaves({ base, head, leaves }: Merged) {
  const pairs: (readonly [ReadonlySet<number>, ReadonlySet<number>, Turn])[] = [];
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
): Turn | null {
  if (!from || !to || from === to) return null;
  const dropped = from.duties.some((duty) => !to.duties.includes(duty));
  const added = to.duties.some((duty) => !from.duties.includes(duty));
  if (dropped || added) return dropped && added ? 'exchanged' : dropped ? 'eased' : 'burdened';
  if (from.outcome === to.outcome) return null;
  const rank = (side: Side, name: string | null) =>
    side.chain.findIndex((leaf) => leaf > 0 && leaves[leaf]?.outcome === name);
  const [was, is] = [rank(head, from.outcome), rank(head, to.outcome)];
  if (was < 0) return rank(base, to.outcome) < 0 ? null : 'exchanged'; // a new name for the same is no change
  return is > was ? 'eased' : 'burdened';
}
