import { ask, type createTest, isSure, type Test } from './atom.ts';
import { ATOM, OUTCOME } from './format.ts';
import type { Entries, Sections } from './open.ts';
import { readOperand } from './operand.ts';
import type { Asker, Slots } from './reading.ts';
import { Rows } from './rows.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

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

/** Walks the diagrams of one table. `nodes` are rows of atom, low, high; those below `leaves` are leaves. */
export class Walker extends Rows {
  readonly nodes: Entries;
  readonly leaves: number;
  /** Of each atom; null before it is asked for the first time. */
  private readonly tests: (Test | null)[];
  private readonly make: typeof createTest;
  private idle: Scratch | null = null;

  constructor(sections: Sections, make: typeof createTest) {
    super(sections);
    this.nodes = sections.nodes;
    this.leaves = sections.outcomes.length / OUTCOME + 2;
    this.tests = Array.from({ length: sections.atoms.length / ATOM }, () => null);
    this.make = make;
  }

  truth(atom: number, asker: Asker, slots: Slots, resource: unknown, context: unknown): Truth {
    return (this.tests[atom] ?? this.test(atom)).plain(asker, slots, resource, context);
  }

  /**
   * What the request gives for certain: the worst leaf when unknown atoms may be either.
   *
   * `ask` may take an inherited property for a fact where the atom is unknown. Below an unknown atom the worse branch
   * counts, so that does no harm where the branch is the worst leaf, or the other the best; anywhere else the property is
   * looked for before the branch is trusted.
   */
  worst(node: number, asker: Asker, slots: Slots, resource: unknown, context: unknown): number {
    const { nodes, tests, leaves } = this;
    let n = node;
    while (n >= leaves) {
      const atom = nodes[3 * n] as number;
      const test = tests[atom] ?? this.test(atom);
      const is = ask(test, asker, slots, resource, context);
      if (is === UNKNOWN) return this.spread(n, 0, asker, slots, resource, context);
      const next = nodes[3 * n + 1 + is] as number;
      if (next !== 0 && nodes[3 * n + 2 - is] !== leaves - 1 && !isSure(test, slots, resource)) {
        return this.spread(n, 0, asker, slots, resource, context);
      }
      n = next;
    }
    return n;
  }

  /** What the request could give: the best leaf when unknown atoms may be either. */
  best(node: number, asker: Asker, slots: Slots, resource: unknown, context: unknown): number {
    return node < this.leaves ? node : this.spread(node, this.leaves - 1, asker, slots, resource, context);
  }

  private test(atom: number): Test {
    const { atoms, numbers } = this.sections;
    const [, operator = 0, left = 0, right = 0, limit = 0] = atoms.subarray(ATOM * atom);
    const sides = [readOperand(this, left), right < 0 ? null : readOperand(this, right)] as const;
    const made = this.make(operator, numbers[limit] as number, ...sides);
    this.tests[atom] = made;
    return made;
  }

  /**
   * Of the leaves below a node, both branches taken at unknown atoms, the one nearest to `wanted` (the worst or the best
   * of all). Every node and atom is visited once: a caller who leaves attributes out cannot choose the cost.
   */
  private spread(
    from: number,
    wanted: number,
    asker: Asker,
    slots: Slots,
    resource: unknown,
    context: unknown,
  ): number {
    const { nodes, leaves, tests } = this;
    // Data may have getters, and a getter may ask again (or throw): then there is no idle scratch, and a new one is made.
    const scratch = this.idle ?? {
      walk: 0,
      nodes: new Float64Array(nodes.length / 3),
      stack: new Int32Array(nodes.length / 3),
      atoms: new Float64Array(tests.length),
      truths: new Uint8Array(tests.length),
    };
    this.idle = null;
    const walk = ++scratch.walk;
    const { nodes: visited, stack, atoms: asked, truths } = scratch;
    let leaf = leaves - 1 - wanted;
    let depth = 1;
    stack[0] = from;
    while (depth > 0 && leaf !== wanted) {
      const node = stack[--depth] as number;
      const atom = nodes[3 * node] as number;
      if (asked[atom] !== walk) {
        truths[atom] = this.truth(atom, asker, slots, resource, context);
        asked[atom] = walk;
      }
      for (let side: Truth = FALSE; side <= TRUE; side++) {
        if (truths[atom] === 1 - side) continue;
        const child = nodes[3 * node + 1 + side] as number;
        if (child < leaves) {
          if (child > leaf === wanted > 0) leaf = child;
        } else if (visited[child] !== walk) {
          visited[child] = walk;
          stack[depth++] = child;
        }
      }
    }
    this.idle = scratch;
    return leaf;
  }
}
