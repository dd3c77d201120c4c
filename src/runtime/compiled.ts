// The door of emitted modules: a table whose conditions are also functions. `build.mjs` makes it a text of its own, which
// every emitted module holds; see src/module.
import { User } from './decision.ts';
import { type LoadOptions, open, type Table as TableOf } from './load.ts';
import { holds, readNow, type Slots } from './reading.ts';
import type { Collection } from './texts.ts';
import { holdingsOf, join } from './user.ts';
import { makeVerifiable, type Verifiable } from './verify.ts';
import { columnOf, type Holding } from './world.ts';

export { holds, isOwn } from './reading.ts';
export { ALL } from './texts.ts';

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
    /** Assignments whose conditions decide; none where some are dated, null before they are needed. */
    private undated: readonly Holding[] | null = null;
    private isAsked = false;

    override can(action: string | number, resource?: unknown, context?: unknown): boolean {
      const { starts, slots, world } = this;
      // One that is no column is denied at the end, whatever comes of it here.
      const column = typeof action === 'number' ? action : columnOf(world, action);
      try {
        let leaf = ASK;
        if (starts === null) leaf = this.leafOfAll(column, resource, context);
        else {
          const node = starts[column] as number;
          if (node < world.leaves) return node > 0;
          leaf =
            slots === null
              ? this.leafOfAll(column, resource, context)
              : this.leaf(node, slots, resource, context, false);
        }
        if (leaf !== ASK) return leaf > 0;
      } catch {}
      return super.can(column, resource, context);
    }

    /**
     * Asks the assignments until one allows for certain. A fact that cannot be looked at denies, whatever those after it
     * say. What is open the walk decides.
     */
    private leafOfAll(column: number, resource: unknown, context: unknown): number {
      const { world } = this;
      const undated = this.undated ?? this.bind();
      // Where the context cannot be read, all is denied.
      if (context !== undefined && this.needsTime) readNow(context, world.clock);
      let last = undated.length - 1;
      while (last > 0 && undated[last]?.cells[column] === 0) last--;
      let leaf = last < 0 ? ASK : 0;
      for (let i = 0; i <= last && leaf !== ASK && leaf < world.leaves - 1; i++) {
        const { cells, slots } = undated[i] as Holding;
        const other = this.leaf(cells[column] as number, slots, resource, context, i < last);
        if (other === ASK || other > leaf) leaf = other;
      }
      return leaf;
    }

    /** At the second question, since the table has a quicker way for who asks but one. */
    private bind(): readonly Holding[] {
      if (this.isAsked) {
        const held = holdingsOf(this);
        const isDated = held.some(({ from, until }) => from !== null || until !== null);
        this.undated = this.obstacle !== null || isDated ? [] : held;
        if (this.starts === null && !this.needsTime) join(this);
      }
      this.isAsked = true;
      return this.undated ?? [];
    }

    private leaf(node: number, slots: Slots, resource: unknown, context: unknown, everything: boolean): number {
      if (node < this.world.leaves) return node;
      const condition = byNode[node];
      return condition === undefined ? ASK : condition(this, slots, resource, context, everything);
    }
  }

  const table = makeVerifiable(open(CompiledUser, new Uint8Array(words.buffer), options));
  const nodes = table.world.nodes.length / 3;
  for (let node = 0; node < nodes; node++) byNode.push(conditions.get(node));
  return table;
}

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
