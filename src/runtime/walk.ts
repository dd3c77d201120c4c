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

/** Marks of one walk. Each is good while its number is the walk's own, so that nothing is cleared between walks. */
interface Scratch {
  walk: number;
  readonly nodes: Int32Array;
  readonly stack: Int32Array;
  readonly atoms: Int32Array;
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
    // Data may have getters, and a getter may ask again: the inner walk finds no idle scratch and makes its own.
    const scratch = idle ?? newScratch(nodeAtom.length, atoms.length);
    idle = null;
    try {
      const walk = nextWalk(scratch);
      const { nodes, stack, atoms, truths } = scratch;
      let leaf = leaves - 1 - wanted;
      let depth = 1;
      stack[0] = from;
      while (depth > 0 && leaf !== wanted) {
        const node = stack[--depth] as number;
        const atom = nodeAtom[node] as number;
        if (atoms[atom] !== walk) {
          truths[atom] = truth(atom, asker, resource, context, now);
          atoms[atom] = walk;
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
      return leaf;
    } finally {
      idle = scratch;
    }
  };

  /** Reduces the diagram again under what is known: a node whose sides then are the same says nothing about its atom. */
  const undecided: Ask<readonly number[]> = (node, asker, resource, context, now) => {
    const truths = new Map<number, Truth>();
    const reached = new Set([node]);
    for (const n of reached) {
      if (n < leaves) continue;
      const atom = nodeAtom[n] as number;
      const is = truths.get(atom) ?? truth(atom, asker, resource, context, now);
      truths.set(atom, is);
      if (is !== TRUE) reached.add(nodeLow[n] as number);
      if (is !== FALSE) reached.add(nodeHigh[n] as number);
    }
    const reduced = new Map<number | undefined, number>();
    const unique = new Map<string, number>();
    const parts = new Map<number, readonly [atom: number, low: number, high: number]>();
    for (const n of [...reached].sort((a, b) => a - b)) {
      const atom = nodeAtom[n] as number;
      const low = reduced.get(nodeLow[n]) ?? 0;
      const high = reduced.get(nodeHigh[n]) ?? 0;
      const key = `${atom} ${low} ${high}`;
      const is = truths.get(atom);
      let same = n;
      if (n >= leaves) {
        same = is === FALSE ? low : is === TRUE || low === high ? high : (unique.get(key) ?? n);
        if (is === UNKNOWN && low !== high) parts.set(same, [atom, low, high]);
        unique.set(key, same);
      }
      reduced.set(n, same);
    }
    const left = new Set([reduced.get(node) ?? 0]);
    const open = new Set<number>();
    for (const n of left) {
      const [atom, ...sides] = parts.get(n) ?? [];
      if (atom !== undefined) open.add(atom);
      for (const side of sides) left.add(side);
    }
    return [...open].sort((a, b) => a - b);
  };

  return { worst, best, truth, undecided };
}

function newScratch(nodes: number, atoms: number): Scratch {
  return {
    walk: 0,
    nodes: new Int32Array(nodes),
    stack: new Int32Array(nodes),
    atoms: new Int32Array(atoms),
    truths: new Uint8Array(atoms),
  };
}

function nextWalk(scratch: Scratch): number {
  if (scratch.walk === 0x7fffffff) {
    scratch.walk = 0;
    scratch.nodes.fill(0);
    scratch.atoms.fill(0);
  }
  return ++scratch.walk;
}
