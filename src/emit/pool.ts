import type { Value } from '../resolve/policy.ts';

/** The texts of a table: some have a number from the start, of the others equal ones of a kind are stored once. */
export class Pool {
  readonly #texts: string[] = [];
  readonly #known = new Map<string, number>();

  /** `reserved`: so many texts have a number, and are put in by it. */
  constructor(reserved: number) {
    for (let id = 0; id < reserved; id++) this.#texts.push('null');
  }

  set(id: number, content: unknown): void {
    this.#texts[id] = toAsciiJson(content);
  }

  /** What is made of a text differs from kind to kind, and the runtime makes it once. */
  add(kind: 'term' | 'value' | 'assignment' | 'reasons', content: unknown): number {
    const text = toAsciiJson(content);
    const known = this.#known.get(`${kind} ${text}`);
    if (known !== undefined) return known;
    const id = this.#texts.push(text) - 1;
    this.#known.set(`${kind} ${text}`, id);
    return id;
  }

  /** Of a setting, or the choices of a term. */
  value(value: Value): number {
    return this.add('value', value.kind === 'all' ? null : value.kind === 'set' ? value.values : value.value);
  }

  /** Ask last: the sections of all that was put in. */
  sections() {
    const { offsets, units } = layTexts(this.#texts);
    return { texts: offsets, units };
  }
}

/** JSON that needs no decoder; 0 is never -0. */
export function toAsciiJson(content: unknown): string {
  return JSON.stringify(content).replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

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
