import { type layout, type SectionName, shapes } from './format.ts';
import type { Sections, Units } from './open.ts';

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
              : R extends '+keys' | '+numbers'
                ? number[]
                : R extends `+${infer S extends SectionName}`
                  ? Row<S>[]
                  : number;

/** A decoded row, as the layout says. */
export type Row<Name extends SectionName> = {
  readonly [Field in keyof (typeof layout)[Name]]: Rule<(typeof layout)[Name][Field]>;
};

/** Decodes rows, each time anew but for values. INVARIANT: the bounds of the file were checked; nothing here checks them. */
export class Rows {
  readonly sections: Sections;
  /** No array: a place that is not filled yet would be looked for in prototypes. */
  private readonly values = new Map<number, TableValue>();

  constructor(sections: Sections) {
    this.sections = sections;
  }

  text(id: number): string {
    const { stringUnits, stringOffsets } = this.sections;
    return characters(stringUnits.subarray(stringOffsets[id], stringOffsets[id + 1]));
  }

  row<Name extends SectionName>(name: Name, index: number): Row<Name> {
    const { columns, width } = shapes[name];
    const entries = this.sections[name];
    const fields: Record<string, unknown> = {};
    for (const { field, sign, target, at } of columns) {
      const first = entries[index * width + at] as number;
      if (sign === '+') {
        const run: unknown[] = [];
        const count = entries[index * width + at + 1] as number;
        for (let i = first; i < first + count; i++) run.push(this.read(target, i, true));
        fields[field] = run;
      } else fields[field] = this.read(target, first, false);
    }
    return fields as Row<Name>;
  }

  rows<Name extends SectionName>(name: Name): Row<Name>[] {
    const rows: Row<Name>[] = [];
    for (let i = 0; i < this.sections[name].length / shapes[name].width; i++) rows.push(this.row(name, i));
    return rows;
  }

  /** What a column or an element of a run says. */
  private read(target: string, id: number, isRun: boolean): unknown {
    const { lists, numbers, keys } = this.sections;
    switch (target) {
      case 'text':
        return id < 0 ? null : this.text(id);
      case 'lists':
        return this.text(lists[id] as number);
      case 'bit':
        return id === 1;
      case 'values':
        return id < 0 ? null : this.value(id);
      case 'numbers':
        return numbers[id] ?? null;
      case 'keys':
        return keys[id];
      default:
        return isRun ? this.row(target as SectionName, id) : id;
    }
  }

  /** The same each time. */
  value(id: number): TableValue {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const { kind, numbers, texts } = this.row('values', id);
    const elements = [...numbers, ...texts];
    const value = [false, true, elements[0], collect(elements), ALL][kind] as TableValue;
    this.values.set(id, value);
    return value;
  }
}

/** Long sets are asked quicker as a `Set`. */
export function collect(elements: readonly unknown[]): Collection {
  return elements.length > 8 ? new Set(elements) : elements;
}

export function characters(units: Units): string {
  let text = '';
  for (let i = 0; i < units.length; i += 4096) {
    // Five times as quick as `...`, which asks an iterator.
    text += String.fromCharCode.apply(null, units.subarray(i, i + 4096) as unknown as number[]);
  }
  return text;
}
