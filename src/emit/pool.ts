import type { Value } from '../resolve/policy.ts';
import { shapes, valueKinds } from '../runtime/format.ts';

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

  /** The number of the first of texts that stand together, whether or not they are there already. */
  texts(texts: Iterable<string>): number {
    const first = this.#texts.length;
    for (const text of texts) this.#texts.push(text);
    return first;
  }

  /** First and count of the texts in `lists`. */
  list(texts: readonly string[]): [first: number, count: number] {
    const ids = texts.map((text) => this.text(text));
    return [this.#once(`list ${ids}`, () => append(this.#lists, ids)), ids.length];
  }

  /** The place of a number in `numbers`; -1 for none. */
  number(value: number | null): number {
    return value === null ? -1 : this.#once(`number ${value}`, () => append(this.#numbers, [number(value)]));
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
    const offsets = new Uint32Array(this.#texts.length + 1);
    let end = 0;
    this.#texts.forEach((text, id) => {
      end += text.length;
      offsets[id + 1] = end;
    });
    const units = new Uint16Array(end);
    this.#texts.forEach((text, id) => {
      const start = offsets[id] ?? 0;
      for (let i = 0; i < text.length; i++) units[start + i] = text.charCodeAt(i);
    });
    return {
      stringOffsets: offsets,
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

  /** Of the section `values`: kind, first, count. */
  #row(value: Value): number[] {
    if (value.kind === 'all') return [kindOf('all'), 0, 0];
    if (value.kind === 'set') {
      const { values } = value;
      if (values.every((element) => typeof element === 'string')) return [kindOf('texts'), ...this.list(values)];
      return [kindOf('numbers'), append(this.#numbers, values.map(number)), values.length];
    }
    if (typeof value.value === 'string') return [kindOf('text'), this.text(value.value), 0];
    if (typeof value.value === 'number') return [kindOf('number'), this.number(value.value), 0];
    return [value.value ? kindOf('true') : kindOf('false'), 0, 0];
  }
}

function kindOf(kind: (typeof valueKinds)[number]): number {
  return valueKinds.indexOf(kind);
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
