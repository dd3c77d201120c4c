import { type layout, type SectionName, shapes } from './format.ts';
import type { Sections } from './open.ts';

/** The value of a setting for whom nothing is closed. */
export const ALL: unique symbol = Symbol('all');

/** Elements of a set; a `Set` where there are many. */
export type Collection = readonly unknown[] | ReadonlySet<unknown>;

/** A `date` is a day number, a `date-time` milliseconds since the epoch. */
export type TableValue = string | number | boolean | Collection | typeof ALL;

type Rule<R> = R extends 'text'
  ? string
  : R extends '?text'
    ? string | null
    : R extends 'bit'
      ? boolean
      : R extends 'values'
        ? TableValue
        : R extends '?values'
          ? TableValue | null
          : R extends '?numbers'
            ? number | null
            : R extends '+lists'
              ? string[]
              : R extends '+keys'
                ? number[]
                : R extends `+${infer S extends SectionName}`
                  ? Row<S>[]
                  : number;

/** A decoded row, as the layout says. */
export type Row<Name extends SectionName> = {
  readonly [Field in keyof (typeof layout)[Name]]: Rule<(typeof layout)[Name][Field]>;
};

/** Decodes rows, each time anew but for values. INVARIANT: the bounds of the file were checked; nothing here checks them. */
export interface Rows {
  text(id: number): string;
  row<Name extends SectionName>(name: Name, index: number): Row<Name>;
  rows<Name extends SectionName>(name: Name): Row<Name>[];
}

export function createRows(sections: Sections): Rows {
  const { stringUnits, stringOffsets, numbers, lists, keys } = sections;
  const text = (id: number) => characters(stringUnits.subarray(stringOffsets[id], stringOffsets[id + 1]));
  const known: TableValue[] = [];
  const value = (id: number): TableValue => {
    known[id] ??= decodeValue(id);
    return known[id];
  };
  const decodeValue = (id: number): TableValue => {
    const { kind, first, count } = row('values', id);
    const run = () => Array.from({ length: count }, (_, i) => first + i);
    const kinds: readonly (() => TableValue)[] = [
      () => false,
      () => true,
      () => numbers[first] as number,
      () => text(first),
      () => collect(run().map((at) => numbers[at])),
      () => collect(run().map((at) => text(lists[at] as number))),
    ];
    return (kinds[kind] ?? (() => ALL))();
  };
  const readers: Readonly<Record<string, (id: number) => unknown>> = {
    text,
    values: value,
    numbers: (id) => numbers[id],
    keys: (at) => keys[at],
    lists: (at) => text(lists[at] as number),
    bit: (bit) => bit === 1,
  };
  const row = <Name extends SectionName>(name: Name, index: number): Row<Name> => {
    const { columns, width } = shapes[name];
    const entries = sections[name] as Int32Array;
    const fields: Record<string, unknown> = {};
    for (const { field, sign, target, at } of columns) {
      const first = entries[index * width + at] as number;
      const read = readers[target];
      const one = read ?? ((id) => row(target as SectionName, id));
      fields[field] =
        sign === '+'
          ? Array.from({ length: entries[index * width + at + 1] as number }, (_, i) => one(first + i))
          : !read
            ? first
            : first < 0
              ? null
              : read(first);
    }
    return fields as Row<Name>;
  };
  const rows = <Name extends SectionName>(name: Name): Row<Name>[] =>
    Array.from({ length: (sections[name] as Int32Array).length / shapes[name].width }, (_, index) => row(name, index));
  return { text, row, rows };
}

/** Long sets are asked quicker as a `Set`. */
export function collect(elements: readonly unknown[]): Collection {
  return elements.length > 8 ? new Set(elements) : elements;
}

export function characters(units: Uint16Array | Uint8Array): string {
  let text = '';
  for (let i = 0; i < units.length; i += 4096) text += String.fromCharCode(...units.subarray(i, i + 4096));
  return text;
}
