import { evaluateAtom, FALSE, TRUE, type Truth, UNKNOWN } from './atom.ts';
import type { Asker, Zone } from './reading.ts';
import type { AtomView, TableView } from './view.ts';

/** Marks of one walk. Each is good while its number is the walk's own, so that nothing is cleared between walks. */
interface Scratch {
  walk: number;
  readonly nodes: Int32Array;
  readonly stack: Int32Array;
  readonly atoms: Int32Array;
  readonly truths: Uint8Array;
}

/** Walks the diagrams of one table. It keeps the scratch memory of walks that meet unknown atoms. */
export class Walker {
  readonly #zone: Zone;
  readonly #leaves: number;
  readonly #atoms: readonly AtomView[];
  readonly #nodeAtom: Int32Array;
  readonly #nodeLow: Int32Array;
  readonly #nodeHigh: Int32Array;
  #scratch: Scratch | null = null;

  constructor({ sections, atoms, leaves }: TableView) {
    this.#zone = sections;
    this.#leaves = leaves;
    this.#atoms = atoms;
    this.#nodeAtom = sections.nodeAtom;
    this.#nodeLow = sections.nodeLow;
    this.#nodeHigh = sections.nodeHigh;
  }

  /** What the request gives for certain: the worst leaf when unknown atoms may be either. */
  worst(node: number, asker: Asker, resource: unknown, context: unknown, now: number): number {
    let n = node;
    while (n >= this.#leaves) {
      const truth = this.truth(this.#nodeAtom[n] as number, asker, resource, context, now);
      if (truth === UNKNOWN) return this.#spread(n, false, asker, resource, context, now);
      n = (truth === TRUE ? this.#nodeHigh[n] : this.#nodeLow[n]) as number;
    }
    return n;
  }

  /** What the request could give: the best leaf when unknown atoms may be either. */
  best(node: number, asker: Asker, resource: unknown, context: unknown, now: number): number {
    return node < this.#leaves ? node : this.#spread(node, true, asker, resource, context, now);
  }

  truth(atom: number, asker: Asker, resource: unknown, context: unknown, now: number): Truth {
    return evaluateAtom(this.#atoms[atom] as AtomView, this.#zone, asker, resource, context, now);
  }

  /**
   * The extreme leaf below a node, both branches taken at unknown atoms. Every node and atom is visited once, so that a
   * caller who leaves attributes out cannot choose the cost.
   */
  #spread(from: number, isBest: boolean, asker: Asker, resource: unknown, context: unknown, now: number): number {
    // Data may have getters, and a getter may ask again: the inner walk finds no scratch and makes its own.
    const scratch = this.#scratch ?? newScratch(this.#nodeAtom.length, this.#atoms.length);
    this.#scratch = null;
    try {
      const walk = nextWalk(scratch);
      const { nodes, stack, atoms, truths } = scratch;
      const end = isBest ? this.#leaves - 1 : 0;
      let leaf = isBest ? 0 : this.#leaves - 1;
      let depth = 1;
      stack[0] = from;
      while (depth > 0) {
        const node = stack[--depth] as number;
        const atom = this.#nodeAtom[node] as number;
        if (atoms[atom] !== walk) {
          truths[atom] = this.truth(atom, asker, resource, context, now);
          atoms[atom] = walk;
        }
        for (let side: Truth = FALSE; side <= TRUE; side++) {
          if (truths[atom] !== UNKNOWN && truths[atom] !== side) continue;
          const child = (side === TRUE ? this.#nodeHigh[node] : this.#nodeLow[node]) as number;
          if (child < this.#leaves) {
            if (child === end) return end;
            leaf = isBest ? Math.max(leaf, child) : Math.min(leaf, child);
          } else if (nodes[child] !== walk) {
            nodes[child] = walk;
            stack[depth++] = child;
          }
        }
      }
      return leaf;
    } finally {
      this.#scratch = scratch;
    }
  }

  /**
   * The unknown atoms on which the leaf below `node` still depends, in order. The diagram is reduced again under what is
   * known: a node whose two sides then are the same says nothing about its atom.
   */
  undecided(node: number, asker: Asker, resource: unknown, context: unknown, now: number): readonly number[] {
    const truths = new Map<number, Truth>();
    const truthOf = (n: number): Truth => {
      const atom = this.#nodeAtom[n] as number;
      const known = truths.get(atom) ?? this.truth(atom, asker, resource, context, now);
      truths.set(atom, known);
      return known;
    };
    const reached = new Set([node]);
    for (const n of reached) {
      if (n < this.#leaves) continue;
      const truth = truthOf(n);
      if (truth !== TRUE) reached.add(this.#nodeLow[n] as number);
      if (truth !== FALSE) reached.add(this.#nodeHigh[n] as number);
    }
    const reduced = new Map<number, number>();
    const unique = new Map<string, number>();
    const sides = new Map<number, readonly [number, number]>();
    for (const n of [...reached].sort((a, b) => a - b)) {
      const truth = n < this.#leaves ? UNKNOWN : truthOf(n);
      const low = reduced.get(this.#nodeLow[n] as number) ?? 0;
      const high = reduced.get(this.#nodeHigh[n] as number) ?? 0;
      if (n < this.#leaves) reduced.set(n, n);
      else if (truth !== UNKNOWN) reduced.set(n, truth === TRUE ? high : low);
      else if (low === high) reduced.set(n, low);
      else {
        const key = `${this.#nodeAtom[n]} ${low} ${high}`;
        const same = unique.get(key) ?? n;
        unique.set(key, same);
        sides.set(same, [low, high]);
        reduced.set(n, same);
      }
    }
    const left = new Set([reduced.get(node) ?? 0]);
    const atoms = new Set<number>();
    for (const n of left) {
      const children = sides.get(n);
      if (!children) continue;
      atoms.add(this.#nodeAtom[n] as number);
      for (const child of children) left.add(child);
    }
    return [...atoms].sort((a, b) => a - b);
  }
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
