import { TEXTS, UNITS } from './format.ts';
import type { Sections, Units } from './open.ts';

/** The value of a setting for whom nothing is closed. */
export const ALL: unique symbol = Symbol('all');

/** Elements of a set; a `Set` where there are many. */
export type Collection = readonly unknown[] | ReadonlySet<unknown>;

/** A `date` is a day number, a `date-time` milliseconds since the epoch. */
export type TableValue = string | number | boolean | Collection | typeof ALL;

/** The texts of a table, and what was made of them. */
export interface Texts {
  readonly sections: Sections;
  readonly made: Map<number, unknown>;
}

/** What a text says; parsed each time. Throws for one that no compiler wrote. */
export function parse({ sections }: Texts, id: number): unknown {
  const texts = sections[TEXTS];
  return JSON.parse(characters(sections[UNITS].subarray(texts[id], texts[id + 1])));
}

/** A text as it is, or what is made of it, in one way only; the same each time. */
export function read<Made, Packed = Made>(
  texts: Texts,
  id: number,
  of = (packed: Packed) => packed as unknown as Made,
): Made {
  const { made } = texts;
  if (!made.has(id)) made.set(id, of(parse(texts, id) as Packed));
  return made.get(id) as Made;
}

/** A list where nothing may throw: an empty one where the text is none. */
export function listOf<Element>(texts: Texts, id: number): readonly Element[] {
  try {
    const list = read<unknown>(texts, id);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** Of a setting. JSON has no word for "all". */
export function valueAt(texts: Texts, id: number): TableValue {
  return read(texts, id, (packed: TableValue | null) =>
    packed === null ? ALL : Array.isArray(packed) ? collect(packed) : packed,
  );
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
