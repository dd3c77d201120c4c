import { ask, isSure, testOf, truthOf } from './atom.ts';
import type { Asker, Slots } from './reading.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/** Marks of one walk. A mark is good while it is the walk's own, so that nothing is cleared between walks. */
export interface Scratch {
  /** 4 more each time; as f64, since 2^31 walks are an hour's work. */
  walk: number;
  /** The walk, of a node that was met. */
  readonly met: Float64Array;
  /** The walk + the truth, of an atom that was asked. */
  readonly truths: Float64Array;
  readonly stack: Int32Array;
}

/**
 * What the request gives for certain: the worst leaf when unknown atoms may be either.
 *
 * `ask` may take an inherited property for a fact where the atom is unknown. Below an unknown atom the worse branch counts,
 * so that does no harm where the branch is the worst leaf, or the other the best; anywhere else the property is looked for
 * before the branch is trusted.
 */
export function worst(node: number, asker: Asker, slots: Slots, resource: unknown, context: unknown): number {
  const { world } = asker;
  const { nodes, tests, leaves } = world;
  let n = node;
  while (n >= leaves) {
    const atom = nodes[3 * n] as number;
    const test = tests[atom] ?? testOf(world, atom);
    const is = ask(test, asker, slots, resource, context);
    const side = is === TRUE ? TRUE : FALSE;
    const next = nodes[3 * n + 1 + side] as number;
    // An unknown one, or what may be the doing of an inherited property.
    if (is === UNKNOWN || (next !== 0 && nodes[3 * n + 2 - side] !== leaves - 1 && !isSure(test, slots, resource))) {
      return spread(n, 0, asker, slots, resource, context);
    }
    n = next;
  }
  return n;
}

/** What the request could give: the best leaf when unknown atoms may be either. */
export function best(node: number, asker: Asker, slots: Slots, resource: unknown, context: unknown): number {
  return spread(node, asker.world.leaves - 1, asker, slots, resource, context);
}

/**
 * Of the leaves below a node, both branches taken at unknown atoms, the one nearest to `wanted` (the worst or the best of
 * all). Every node and atom is visited once: a caller who leaves attributes out cannot choose the cost.
 */
function spread(from: number, wanted: number, asker: Asker, slots: Slots, resource: unknown, context: unknown): number {
  const { world } = asker;
  const { nodes, leaves, tests } = world;
  if (from < leaves) return from;
  // Data may have getters, and a getter may ask again (or throw): then there is no idle scratch, and a new one is made.
  const scratch = world.idle ?? {
    walk: 0,
    met: new Float64Array(nodes.length / 3),
    truths: new Float64Array(tests.length),
    stack: new Int32Array(nodes.length / 3),
  };
  world.idle = null;
  scratch.walk += 4;
  const { walk, met, truths, stack } = scratch;
  let leaf = leaves - 1 - wanted;
  let depth = 1;
  stack[0] = from;
  while (depth > 0 && leaf !== wanted) {
    const at = 3 * (stack[--depth] as number);
    const atom = nodes[at] as number;
    // Of an earlier walk it is less.
    if (!((truths[atom] as number) >= walk)) {
      truths[atom] = walk + truthOf(testOf(world, atom), asker, slots, resource, context);
    }
    const is = ((truths[atom] as number) - walk) | 0;
    for (let side: Truth = FALSE; side <= TRUE; side++) {
      const child = nodes[at + 1 + side] as number;
      if (is === 1 - side || met[child] === walk) continue;
      if (child >= leaves) {
        met[child] = walk;
        stack[depth++] = child;
      } else if (child > leaf === wanted > 0) leaf = child;
    }
  }
  world.idle = scratch;
  return leaf;
}
