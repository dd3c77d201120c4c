import { evaluateAtom, FALSE, TRUE, type Truth, UNKNOWN } from './atom.ts';
import type { Asker } from './reading.ts';
import type { AtomView, TableView } from './view.ts';

/** A question about a node (or, of `truth`, about an atom); `now` is NaN when unknown. */
type Ask<Answer> = (of: number, asker: Asker, resource: unknown, context: unknown, now: number) => Answer;

/** Walks the diagrams of one table. */
export interface Walker {
  /** What the request gives for certain: the worst leaf when unknown atoms may be either. */
  readonly worst: Ask<number>;
  /** What the request could give: the best leaf when unknown atoms may be either. */
  readonly best: Ask<number>;
  readonly truth: Ask<Truth>;
  /** The unknown atoms on which the leaf below a node still depends, in order. */
  readonly undecided: Ask<readonly number[]>;
}

/**
 * Marks of one walk. Each is good while its number is the walk's own, so that nothing is cleared between walks; as f64,
 * since 2^31 walks are an hour's work.
 */
interface Scratch {
  walk: number;
  readonly nodes: Float64Array;
  readonly stack: Int32Array;
  readonly atoms: Float64Array;
  readonly truths: Uint8Array;
}

export function createWalker({ sections, atoms, leaves }: TableView): Walker {
  const { nodeAtom, nodeLow, nodeHigh } = sections;
  let idle: Scratch | null = null;

  const truth: Ask<Truth> = (atom, asker, resource, context, now) =>
    evaluateAtom(atoms[atom] as AtomView, asker, resource, context, now);

  const worst: Ask<number> = (node, asker, resource, context, now) => {
    let n = node;
    while (n >= leaves) {
      const is = truth(nodeAtom[n] as number, asker, resource, context, now);
      if (is === UNKNOWN) return spread(n, 0, asker, resource, context, now);
      n = (is === TRUE ? nodeHigh[n] : nodeLow[n]) as number;
    }
    return n;
  };

  const best: Ask<number> = (node, asker, resource, context, now) =>
    node < leaves ? node : spread(node, leaves - 1, asker, resource, context, now);

  /**
   * Of the leaves below a node, both branches taken at unknown atoms, the one nearest to `wanted` (the worst or the best
   * of all). Every node and atom is visited once: a caller who leaves attributes out cannot choose the cost.
   */
  const spread = (
    from: number,
    wanted: number,
    asker: Asker,
    resource: unknown,
    context: unknown,
    now: number,
  ): number => {
    // Data may have getters, and a getter may ask again (or throw): then there is no idle scratch, and a new one is made.
    const scratch = idle ?? {
      walk: 0,
      nodes: new Float64Array(nodeAtom.length),
      stack: new Int32Array(nodeAtom.length),
      atoms: new Float64Array(atoms.length),
      truths: new Uint8Array(atoms.length),
    };
    idle = null;
    const walk = ++scratch.walk;
    const { nodes, stack, atoms: asked, truths } = scratch;
    let leaf = leaves - 1 - wanted;
    let depth = 1;
    stack[0] = from;
    while (depth > 0 && leaf !== wanted) {
      const node = stack[--depth] as number;
      const atom = nodeAtom[node] as number;
      if (asked[atom] !== walk) {
        truths[atom] = truth(atom, asker, resource, context, now);
        asked[atom] = walk;
      }
      for (let side: Truth = FALSE; side <= TRUE; side++) {
        if (truths[atom] === 1 - side) continue;
        const child = (side === TRUE ? nodeHigh[node] : nodeLow[node]) as number;
        if (child < leaves) leaf = wanted > 0 ? Math.max(leaf, child) : Math.min(leaf, child);
        else if (nodes[child] !== walk) {
          nodes[child] = walk;
          stack[depth++] = child;
        }
      }
    }
    idle = scratch;
    return leaf;
  };

  /** Reduces the diagram again under what is known: a node whose sides then are the same says nothing about its atom. */
  const undecided: Ask<readonly number[]> = (node, asker, resource, context, now) => {
    const known = new Map<number, Truth>();
    known.set(node, UNKNOWN);
    // Children are smaller than their parents: downwards for what is reached, upwards for what that reduces to.
    for (let n = node; n >= leaves; n--) {
      if (!known.has(n)) continue;
      const is = truth(nodeAtom[n] as number, asker, resource, context, now);
      known.set(n, is);
      if (is !== TRUE) known.set(nodeLow[n] as number, UNKNOWN);
      if (is !== FALSE) known.set(nodeHigh[n] as number, UNKNOWN);
    }
    const reduced = new Int32Array(node + 1);
    const unique = new Map<string, number>();
    for (let n = 0; n <= node; n++) {
      const low = reduced[nodeLow[n] as number] as number;
      const high = reduced[nodeHigh[n] as number] as number;
      const is = known.get(n);
      if (n < leaves) reduced[n] = n;
      else if (is !== UNKNOWN || low === high) reduced[n] = is === TRUE ? high : low;
      else {
        const key = `${[nodeAtom[n], low, high]}`;
        reduced[n] = unique.get(key) ?? n;
        unique.set(key, reduced[n] as number);
      }
    }
    const atoms = new Set<number>();
    const left = new Set([reduced[node] as number]);
    for (const n of left) {
      if (n < leaves) continue;
      atoms.add(nodeAtom[n] as number);
      left.add(reduced[nodeLow[n] as number] as number);
      left.add(reduced[nodeHigh[n] as number] as number);
    }
    return [...atoms].sort((a, b) => a - b);
  };

  return { worst, best, truth, undecided };
}
