// The door of emitted modules: a table whose conditions are also functions. `build.mjs` makes it a text of its own, which
// every emitted module holds; see src/module.
import { User } from './decision.ts';
import type { Holding } from './engine.ts';
import { type LoadOptions, open, type Table as TableOf } from './load.ts';
import type { Entries } from './open.ts';
import { holds, type Slots } from './reading.ts';
import type { Collection } from './rows.ts';
import { makeVerifiable, type Verifiable } from './verify.ts';

export { holds, isOwn } from './reading.ts';
export { ALL } from './rows.ts';

/** "Ask the table": in place of a leaf or of a truth, where a fact is missing, of the wrong type or unusual. */
const ASK = -1;

/**
 * The leaf below a node for a request in which every fact on the way is plain, else ASK. It may throw. A deny may come of
 * facts that are no own properties, or cannot be looked at, unless everything must be sure.
 */
export type Condition = (user: User, slots: Slots, resource: unknown, context: unknown, everything: boolean) => number;

/**
 * Opens the table of an emitted module: its bytes as words, and a condition for some of the nodes. Only `can` asks
 * conditions; whatever they leave open, and all else, is decided as by any other table.
 */
export function loadCompiled(
  words: Int32Array,
  conditions: ReadonlyMap<number, Condition>,
  options: LoadOptions = {},
): TableOf<User> & Verifiable {
  const byNode: (Condition | undefined)[] = [];

  class CompiledUser extends User {
    // What nearly every question reads stands here, so that it lies together.
    /** Of the first assignment, where all depends on assignments alone, whatever the time; null before it is needed. */
    private row: Entries | null = null;
    private settings: Slots = [];
    /** The row decides: there is neither a further assignment nor a time in the context. */
    private isFinal = false;
    private readonly leaves = this.world.leaves;
    private readonly conditions: readonly (Condition | undefined)[] = byNode;
    private isAsked = false;

    override can(action: string | number, resource?: unknown, context?: unknown): boolean {
      const column = typeof action === 'number' ? action : typeof action === 'string' ? this.world.column(action) : -1;
      if (column < 0) return false;
      const { row } = this;
      if (row === null || !this.isFinal) return this.canIf(column, resource, context);
      const node = row[column] as number;
      if (node < this.leaves) return node > 0;
      const condition = this.conditions[node];
      if (condition !== undefined) {
        try {
          const leaf = condition(this, this.settings, resource, context, false);
          if (leaf !== ASK) return leaf > 0;
        } catch {}
      }
      return super.can(column, resource, context);
    }

    /**
     * Asks the assignments until one allows for certain. A fact that cannot be looked at denies, whatever those after it
     * say. What is open the walk decides.
     */
    private canIf(column: number, resource: unknown, context: unknown): boolean {
      if (this.row === null) this.bind();
      const { row, settings } = this;
      if (row === null) return super.can(column, resource, context);
      try {
        if (context !== undefined) this.now(context); // where it cannot be read, all is denied
        const { assignments } = this.holdings;
        const last = assignments.length - 1;
        let leaf = this.leaf(row[column], settings, resource, context, last > 0);
        for (let i = 1; leaf !== ASK && leaf < this.leaves - 1 && i <= last; i++) {
          const { cells, slots } = assignments[i] as Holding;
          const other = this.leaf(cells[column], slots, resource, context, i < last);
          if (other === ASK || other > leaf) leaf = other;
        }
        if (leaf !== ASK) return leaf > 0;
      } catch {}
      return super.can(column, resource, context);
    }

    /** At the second question, since the table has a quicker way for who asks but one. */
    private bind(): void {
      if (this.isAsked) {
        const { obstacle, assignments } = this.holdings;
        const [first] = assignments;
        const isPlain = obstacle === null && !assignments.some(({ isDated }) => isDated);
        this.row = isPlain && first ? first.cells : NONE;
        this.settings = isPlain && first ? first.slots : [];
        this.isFinal = assignments.length === 1 && !this.world.readsNow;
      }
      this.isAsked = true;
    }

    private leaf(
      node: number | undefined,
      slots: Slots,
      resource: unknown,
      context: unknown,
      everything: boolean,
    ): number {
      if (node === undefined) return ASK;
      if (node < this.leaves) return node;
      const condition = this.conditions[node];
      return condition === undefined ? ASK : condition(this, slots, resource, context, everything);
    }
  }

  const table = makeVerifiable(open(CompiledUser, new Uint8Array(words.buffer), options));
  const nodes = table.engine.sections.nodes.length / 3;
  for (let node = 0; node < nodes; node++) byNode.push(conditions.get(node));
  return table;
}

const NONE = new Int8Array();

/** Does a fact that should be texts hold the wanted one? 1, 0 or ASK. */
export function has(texts: unknown, wanted: unknown): number {
  if (!Array.isArray(texts)) return ASK;
  let found = 0;
  for (let i = 0; i < texts.length; i++) {
    const text: unknown = texts[i];
    if (typeof text !== 'string') return ASK;
    if (text === wanted) found = 1;
  }
  return found;
}

/** Is one of the texts in the set? 1, 0 or ASK. */
export function meets(texts: unknown, set: Collection): number {
  if (!Array.isArray(texts)) return ASK;
  let found = 0;
  for (let i = 0; i < texts.length; i++) {
    const text: unknown = texts[i];
    if (typeof text !== 'string') return ASK;
    if (found === 0 && holds(set, text)) found = 1;
  }
  return found;
}

/** Are all of the texts in the set? 1, 0 or ASK. */
export function isWithin(texts: unknown, set: Collection): number {
  if (!Array.isArray(texts)) return ASK;
  let found = 1;
  for (let i = 0; i < texts.length; i++) {
    const text: unknown = texts[i];
    if (typeof text !== 'string') return ASK;
    if (found === 1 && !holds(set, text)) found = 0;
  }
  return found;
}
