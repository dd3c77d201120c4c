import { testOf, truthOf } from './atom.ts';
import type { Asker, Slots } from './reading.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';
import type { World } from './world.ts';

/**
 * The unknown atoms on which the leaf below a node still depends, in order: reduces the diagram again under what is
 * known; a node whose sides then are the same says nothing about its atom.
 */
export function findUndecided(
  world: World,
  node: number,
  asker: Asker,
  slots: Slots,
  resource: unknown,
  context: unknown,
): readonly number[] {
  const { nodes, leaves } = world;
  const atomOf = (n: number) => nodes[3 * n] as number;
  const child = (n: number, side: number) => nodes[3 * n + 1 + side] as number;
  const known = new Map<number, Truth>([[node, UNKNOWN]]);
  // Children are smaller than their parents: downwards for what is reached, upwards for what that reduces to.
  for (let n = node; n >= leaves; n--) {
    if (!known.has(n)) continue;
    const is = truthOf(testOf(world, atomOf(n)), asker, slots, resource, context);
    known.set(n, is);
    for (const side of [FALSE, TRUE]) if (is !== 1 - side) known.set(child(n, side), UNKNOWN);
  }
  const reduced = new Int32Array(node + 1);
  const unique = new Map<string, number>();
  for (let n = 0; n <= node; n++) {
    const low = reduced[child(n, FALSE)] as number;
    const high = reduced[child(n, TRUE)] as number;
    const is = known.get(n);
    if (n < leaves) reduced[n] = n;
    else if (is !== UNKNOWN || low === high) reduced[n] = is === TRUE ? high : low;
    else {
      const key = `${[atomOf(n), low, high]}`;
      reduced[n] = unique.get(key) ?? n;
      unique.set(key, reduced[n] as number);
    }
  }
  const atoms = new Set<number>();
  const left = new Set([reduced[node] as number]);
  for (const n of left) {
    if (n < leaves) continue;
    atoms.add(atomOf(n));
    for (const side of [FALSE, TRUE]) left.add(reduced[child(n, side)] as number);
  }
  return [...atoms].sort((a, b) => a - b);
}
