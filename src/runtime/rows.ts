import { VALUE } from './format.ts';
import type { Sections, Units } from './open.ts';

/** The value of a setting for whom nothing is closed. */
export const ALL: unique symbol = Symbol('all');

/** Elements of a set; a `Set` where there are many. */
export type Collection = readonly unknown[] | ReadonlySet<unknown>;

/** A `date` is a day number, a `date-time` milliseconds since the epoch. */
export type TableValue = string | number | boolean | Collection | typeof ALL;

/** Decodes texts and values. INVARIANT: the bounds of the file were checked; nothing here checks them. */
export class Rows {
  readonly sections: Sections;
  /** No array: a place that is not filled yet would be looked for in prototypes. */
  private readonly made = new Map<number, TableValue>();

  constructor(sections: Sections) {
    this.sections = sections;
  }

  text(id: number): string {
    const { stringUnits, stringOffsets } = this.sections;
    return characters(stringUnits.subarray(stringOffsets[id], stringOffsets[id + 1]));
  }

  /** A run of `lists`. */
  texts(first: number, count: number): string[] {
    return Array.from(this.sections.lists.subarray(first, first + count), (id) => this.text(id));
  }

  /** The same each time. */
  value(id: number): TableValue {
    const known = this.made.get(id);
    if (known !== undefined) return known;
    const { values, numbers } = this.sections;
    const [kind = 0, first = 0, count = 0, firstText = 0, texts = 0] = values.subarray(VALUE * id, VALUE * id + VALUE);
    const elements = [...numbers.subarray(first, first + count), ...this.texts(firstText, texts)];
    const value = [false, true, elements[0], collect(elements), ALL][kind] as TableValue;
    this.made.set(id, value);
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
