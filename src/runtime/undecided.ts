import { type Truth, UNKNOWN } from './truth.ts';
import type { World } from './world.ts';

/**
 * The unknown atoms on which the leaf below a node still depends, in order: reduces the diagram again under what is
 * known; a node whose sides then are the same says nothing about its atom. What is reached is kept, so that every other
 * node counts. Recursion is as deep as a path has atoms.
 */
export function findUndecided({ nodes, leaves }: World, node: number, truth: (atom: number) => Truth): Int32Array {
  // Of nodes, and of what their atom and sides come to: a node that stands for all that are the same.
  const reduced = new Map<number | string, number>();
  const atoms = new Set<number>();
  const reduce = (n: number): number => {
    const known = n < leaves ? n : reduced.get(n);
    if (known !== undefined) return known;
    const atom = nodes[3 * n] as number;
    const is = truth(atom);
    // The side that it is, and of an unknown one both.
    const low = reduce(nodes[3 * n + 1 + (is & 1)] as number);
    const high = is === UNKNOWN ? reduce(nodes[3 * n + 2] as number) : low;
    let made = low;
    if (low !== high) {
      const key = `${[atom, low, high]}`;
      made = reduced.get(key) ?? n;
      reduced.set(key, made);
      atoms.add(atom);
    }
    reduced.set(n, made);
    return made;
  };
  reduce(node);
  return Int32Array.from(atoms).sort();
}
