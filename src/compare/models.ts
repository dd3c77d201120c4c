import type { Model } from '../solver/index.ts';

type Attribute = Model['attributes'][number];
type Slot = Model['slots'][number];

/** A model, and the texts of those for whom it was found: others put their own in the places of these. */
export interface Solved {
  readonly model: Model;
  readonly texts: readonly (string | null)[];
  readonly own: readonly (string | null)[];
}

/**
 * One model of several that share nothing. Each calls texts that nobody named `x1`, `x2`: what they have nothing to do with
 * each other shall not look the same. `named` are texts that conditions and settings name; `read` are attributes in the order
 * in which they are read.
 */
export function joinModels(solved: readonly Solved[], named: ReadonlySet<string>, read: readonly string[]): Model {
  const attributes = new Map<string, Attribute>();
  const slots = new Map<string, Slot>();
  // Somebody's id may look as if it had been made up.
  const isTaken = (text: string) => named.has(text) || solved.some(({ own }) => own.includes(text));
  let last = 0;
  for (const { model, texts: theirs, own } of solved) {
    const { keys, invented } = readingOf(model, named);
    const names = new Map<string, string>();
    const before = last;
    const isKept = (text: string) => before === 0 && !isTaken(text);
    const texts = invented.filter((text) => !theirs.includes(text));
    for (const text of texts) if (isKept(text)) last = Math.max(last, numberOf(text));
    for (const text of texts) {
      if (isKept(text)) continue;
      do last++;
      while (isTaken(`x${last}`));
      names.set(text, `x${last}`);
    }
    for (const [at, text] of theirs.entries()) {
      const mine = own[at] ?? null;
      if (text !== null && mine !== null && text !== mine) names.set(text, mine);
    }
    for (const [at, one] of model.attributes.entries()) {
      const key = keys[at] as string;
      if (!attributes.has(key)) attributes.set(key, renamed(one, names));
    }
    for (const one of model.slots) if (!slots.has(one.slot)) slots.set(one.slot, renamed(one, names));
  }
  const first: Attribute[] = [];
  for (const key of read) {
    const one = attributes.get(key);
    if (!one) continue;
    first.push(one);
    attributes.delete(key);
  }
  return { attributes: [...first, ...attributes.values()], slots: [...slots.values()] };
}

/** May the solver have made it up? */
export function isInvented(text: string): boolean {
  return /^x\d+$/.test(text);
}

function numberOf(invented: string): number {
  return Number(invented.slice(1));
}

interface Reading {
  /** By attribute. */
  readonly keys: readonly string[];
  /** Texts that the solver made up, in the order of their numbers. */
  readonly invented: readonly string[];
}

const readings = new WeakMap<Model, Reading>();

/** What is asked of a model again and again. */
function readingOf(model: Model, named: ReadonlySet<string>): Reading {
  let reading = readings.get(model);
  if (!reading) {
    const values = [...model.attributes, ...model.slots].flatMap(({ value }): readonly unknown[] =>
      Array.isArray(value) ? value : [value],
    );
    const found = new Set(
      values.filter((value): value is string => typeof value === 'string' && isInvented(value) && !named.has(value)),
    );
    const keys = model.attributes.map(({ root, path }) => [root, ...path].join('\n'));
    reading = { keys, invented: [...found].sort((a, b) => numberOf(a) - numberOf(b)) };
    readings.set(model, reading);
  }
  return reading;
}

/** The same with other texts. */
function renamed<T extends Attribute | Slot>(one: T, names: ReadonlyMap<string, string>): T {
  const { value } = one;
  if (names.size === 0) return one;
  if (Array.isArray(value)) return { ...one, value: value.map((item) => names.get(item) ?? item) };
  return typeof value === 'string' && names.has(value) ? { ...one, value: names.get(value) } : one;
}
