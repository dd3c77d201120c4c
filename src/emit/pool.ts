import type { Value } from '../resolve/policy.ts';
import { shapes } from '../runtime/format.ts';

/** What rows refer to by number, each stored once: strings, lists of them, numbers, values, lists of settings. */
export class Pool {
  readonly #texts: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #lists: number[] = [];
  readonly #numbers: number[] = [];
  readonly #values: number[] = [];
  readonly #settings: number[] = [];
  readonly #known = new Map<string, number>();

  text(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  /** First and count of the texts in `lists`. */
  list(texts: readonly string[]): [first: number, count: number] {
    const ids = texts.map((text) => this.text(text));
    return [this.#once(`list ${ids}`, () => append(this.#lists, ids)), ids.length];
  }

  /** The place of a number in `numbers`. */
  number(value: number): number {
    return this.#once(`number ${value}`, () => append(this.#numbers, [number(value)]));
  }

  /** The number of a value of a setting or of a constant. */
  value(value: Value): number {
    return this.#once(
      `value ${JSON.stringify(value)}`,
      () => append(this.#values, this.#row(value)) / shapes.values.width,
    );
  }

  /** First and count of (slot, value) pairs in `settings`. */
  settings(pairs: readonly (readonly [slot: number, value: number])[]): [first: number, count: number] {
    const numbers = pairs.flat();
    return [
      this.#once(`settings ${numbers}`, () => append(this.#settings, numbers) / shapes.settings.width),
      pairs.length,
    ];
  }

  /** Ask last: everything that was put in. */
  sections() {
    const { offsets, units } = layTexts(this.#texts);
    return {
      stringOffsets: offsets.subarray(0, -1),
      stringUnits: units,
      lists: this.#lists,
      numbers: this.#numbers,
      values: this.#values,
      settings: this.#settings,
    };
  }

  #once(key: string, make: () => number): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }

  /** Of the section `values`: kind, numbers, texts. */
  #row(value: Value): number[] {
    if (value.kind === 'all') return [ALL, 0, 0, 0, 0];
    const kind = value.kind === 'set' ? SET : typeof value.value === 'boolean' ? Number(value.value) : ONE;
    const elements = value.kind === 'set' ? value.values : kind === ONE ? [value.value as string | number] : [];
    const texts = elements.filter((element) => typeof element === 'string');
    if (texts.length > 0 && texts.length === elements.length) return [kind, 0, 0, ...this.list(texts)];
    const first = kind === ONE ? this.number(Number(elements[0])) : append(this.#numbers, elements.map(number));
    return [kind, elements.length === 0 ? 0 : first, elements.length, 0, 0];
  }
}

/** Kinds of the section `values`; 0 and 1 are false and true. */
const ONE = 2;
const SET = 3;
const ALL = 4;

/** Where each text begins, and at last where they end; and all of them, one after the other. */
export function layTexts(texts: readonly string[]): { readonly offsets: Int32Array; readonly units: Uint16Array } {
  const offsets = new Int32Array(texts.length + 1);
  let end = 0;
  texts.forEach((text, id) => {
    end += text.length;
    offsets[id + 1] = end;
  });
  const units = new Uint16Array(end);
  texts.forEach((text, id) => {
    const start = offsets[id] ?? 0;
    for (let i = 0; i < text.length; i++) units[start + i] = text.charCodeAt(i);
  });
  return { offsets, units };
}

/** `-0` is `0`, also in bytes. */
function number(value: string | number): number {
  return Number(value) + 0;
}

function append(numbers: number[], more: readonly number[]): number {
  const first = numbers.length;
  for (const entry of more) numbers.push(entry);
  return first;
}
