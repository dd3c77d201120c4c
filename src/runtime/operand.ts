import { SLOT, TERM } from './format.ts';
import { type Collection, collect, type Rows, type TableValue } from './rows.ts';

/** A side of an atom, or a key of a lookup: a constant, or a value that a request or a user brings. */
export interface Operand extends OperandFields {
  /** Of `sources`. */
  readonly from: number;
  /** Of `scalarTypes`. */
  readonly type: number;
  /** Of a lookup, outermost first. */
  readonly keys: readonly Operand[];
}

/** What decisions and tools call alike. */
export interface OperandFields {
  /** Of a constant. */
  readonly value: TableValue | null;
  readonly path: readonly string[];
  readonly slot: number;
  /** To which the keys of a lookup lead. */
  readonly slots: SlotTree | number | undefined;
  /** Of an enum. */
  readonly values: Collection;
  readonly isSet: boolean;
  readonly isDay: boolean;
  readonly months: number;
  /** As `missing` of a decision calls it. */
  readonly name: string;
}

/** From the keys of a setting, outermost first, to its slot. */
export type SlotTree = Map<string, SlotTree | number>;

/** Keys of lookups are no lookups themselves, whatever a table says: what they would come to could grow without end. */
export function readOperand(rows: Rows, term: number, isKey = false): Operand {
  const { terms, keys } = rows.sections;
  const row = terms.subarray(TERM * term, TERM * term + TERM) as Iterable<number>;
  const [, from, path, steps, slot, setting, first, count, type, choices, choice, isSet, isDay, months, value, name] =
    row as unknown as Row;
  return {
    from,
    value: value < 0 ? null : rows.value(value),
    path: rows.texts(path, steps),
    slot,
    keys: isKey ? [] : Array.from(keys.subarray(first, first + count), (key) => readOperand(rows, key, true)),
    slots: setting < 0 ? undefined : plantSlots(rows, setting),
    type,
    values: collect(rows.texts(choices, choice)),
    isSet: isSet > 0,
    isDay: isDay > 0,
    months,
    name: rows.text(name),
  };
}

/** As many as TERM. */
type Row = readonly [
  ...[number, number, number, number, number, number, number, number],
  ...[number, number, number, number, number, number, number, number],
];

function plantSlots(rows: Rows, setting: number): SlotTree {
  const { slots } = rows.sections;
  const tree: SlotTree = new Map();
  for (let at = 0; at < slots.length; at += SLOT) {
    if (slots[at + 1] !== setting) continue;
    let branch = tree;
    const keys = rows.texts(slots[at + 2] as number, slots[at + 3] as number);
    const last = keys.pop() ?? '';
    for (const key of keys) {
      const known = branch.get(key);
      const next: SlotTree = typeof known === 'object' ? known : new Map();
      branch.set(key, next);
      branch = next;
    }
    branch.set(last, at / SLOT);
  }
  return tree;
}
