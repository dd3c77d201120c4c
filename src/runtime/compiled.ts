// The door of emitted modules: a table whose conditions are also functions. `build.mjs` makes it a text of its own, which
// every emitted module holds; see src/module.
import { decodeBase64 } from './base64.ts';
import { User } from './decision.ts';
import type { Holding } from './engine.ts';
import { type LoadOptions, open, type Table as TableOf } from './load.ts';
import { holds, type Slots } from './reading.ts';
import type { Collection } from './rows.ts';
import type { Identity } from './user.ts';

export { holds, own } from './reading.ts';
export { ALL } from './rows.ts';

/** "Ask the table": in place of a leaf or of a truth, where a fact is missing, of the wrong type or unusual. */
const ASK = -1;

/** The leaf below a node for a request in which every fact on the way is plain, else ASK. It may throw. */
export type Condition = (user: User, slots: Slots, resource: unknown, context: unknown) => number;

/**
 * Opens the table of an emitted module: its bytes in base64, the numbers of its actions, and a condition for
 * some of the nodes. Only `can` asks conditions; whatever they leave open, and all else, is decided as by any other table.
 */
export function loadCompiled(
  base64: string,
  columns: ReadonlyMap<unknown, number>,
  conditions: ReadonlyMap<number, Condition>,
  options: LoadOptions = {},
): TableOf<User> {
  let byNode: readonly (Condition | undefined)[] = [];
  let leaves = 0;

  class CompiledUser extends User {
    /** Of the first assignment where all depends on assignments alone, whatever the time. */
    private readonly row: Int32Array | null;
    private readonly settings: Slots;

    constructor(...[world, identity]: readonly [TableOf<User>['engine'], Identity]) {
      super(world, identity);
      const { obstacle, first, others } = identity;
      const isPlain = obstacle === null && first !== null && ![first, ...others].some(({ isDated }) => isDated);
      this.row = isPlain ? first.cells : null;
      this.settings = isPlain ? first.slots : [];
    }

    override can(action: string | number, resource?: unknown, context?: unknown): boolean {
      const column = typeof action === 'number' ? action : columns.get(action);
      const { row, others } = this;
      if (row !== null && column !== undefined) {
        try {
          let leaf = this.leaf(row[column], this.settings, resource, context);
          // In the order of the walk, and no further than to what is open: the walk may fail there, which denies.
          for (let i = 0; leaf === 0 && i < others.length; i++) {
            const { cells, slots } = others[i] as Holding;
            leaf = this.leaf(cells[column], slots, resource, context);
          }
          if (leaf !== ASK) return leaf > 0;
        } catch {}
      }
      return super.can(action, resource, context);
    }

    private leaf(node: number | undefined, slots: Slots, resource: unknown, context: unknown): number {
      if (node === undefined) return ASK;
      if (node < leaves) return node;
      const condition = byNode[node];
      return condition === undefined ? ASK : condition(this, slots, resource, context);
    }
  }

  const table = open(CompiledUser, decodeBase64(base64), options);
  leaves = table.engine.leaves;
  byNode = Array.from({ length: table.engine.sections.nodes.length / 3 }, (_, node) => conditions.get(node));
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
