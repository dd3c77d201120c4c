import { scalarTypes, sources } from './format.ts';
import { type Collection, collect, type Rows, type TableValue } from './rows.ts';

/** A side of an atom, or a key of a lookup: a constant, or a value that a request or a user brings. */
export interface Operand {
  readonly text: string;
  /** `user-id` is the attribute `user.id`, and `now` is `context.now` where it is an instant. */
  readonly from: (typeof sources)[number] | 'user-id' | 'now';
  /** Of a constant. */
  readonly value: TableValue | null;
  readonly path: readonly string[];
  /** As `missing` of a decision calls it: `client.tags`, `user.age`. */
  readonly name: string;
  readonly slot: number;
  /** Of a lookup, outermost first, and the slots to which they lead. */
  readonly keys: readonly Operand[];
  readonly slots: SlotTree | number | undefined;
  readonly type: (typeof scalarTypes)[number];
  /** Of an enum. */
  readonly values: Collection;
  readonly isSet: boolean;
  readonly isDay: boolean;
  readonly months: number;
}

/** From the keys of a setting, outermost first, to its slot. */
export type SlotTree = Map<string, SlotTree | number>;

/** Keys of lookups are no lookups themselves, whatever a table says: what they would come to could grow without end. */
export function readOperand(rows: Rows, term: number, isKey = false): Operand {
  const row = rows.row('terms', term);
  const { path, setting, isDay } = row;
  const type = isDay ? 'date-time' : (scalarTypes[row.type] ?? 'reference');
  const root = sources[row.from] ?? 'slot';
  const slot = row.slot < 0 ? null : rows.row('slots', row.slot).name.replaceAll('/', '.');
  const place = row.from < 3 ? path : [slot ?? setting];
  const name = (root === 'resource' ? path : [row.from < 3 ? root : 'user', ...place]).join('.');
  const from = name === 'user.id' ? 'user-id' : name === 'context.now' && type === 'date-time' ? 'now' : root;
  return {
    ...row,
    from,
    name,
    keys: isKey ? [] : row.keys.map((key) => readOperand(rows, key, true)),
    slots: row.from === 4 ? plantSlots(rows).get(setting ?? '') : undefined,
    type,
    values: collect(row.values),
  };
}

function plantSlots(rows: Rows): SlotTree {
  const trees: SlotTree = new Map();
  rows.rows('slots').forEach(({ setting, keys }, slot) => {
    let tree = trees;
    let last = setting;
    for (const key of keys) {
      const next = tree.get(last);
      const branch: SlotTree = typeof next === 'object' ? next : new Map();
      tree.set(last, branch);
      tree = branch;
      last = key;
    }
    tree.set(last, slot);
  });
  return trees;
}
