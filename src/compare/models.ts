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
  const taken = new Set([...named, ...solved.flatMap(({ own }) => own)]);
  let last = 0;
  for (const { model, texts: theirs, own } of solved) {
    const texts = inventedIn(model, named).filter((text) => !theirs.includes(text));
    const isKept = (text: string) => before === 0 && !taken.has(text);
    const before = last;
    for (const text of texts) if (isKept(text)) last = Math.max(last, numberOf(text));
    const names = new Map<string, string>();
    for (const text of texts) {
      if (isKept(text)) continue;
      do last++;
      while (taken.has(`x${last}`));
      names.set(text, `x${last}`);
    }
    for (const [at, text] of theirs.entries()) {
      const mine = own[at] ?? null;
      if (text !== null && mine !== null && text !== mine) names.set(text, mine);
    }
    for (const one of model.attributes) {
      const key = [one.root, ...one.path].join('\n');
      if (!attributes.has(key)) attributes.set(key, { ...one, value: renamed(one.value, names) });
    }
    for (const one of model.slots) {
      if (!slots.has(one.slot)) slots.set(one.slot, { ...one, value: renamed(one.value, names) });
    }
  }
  const first = new Set(read.filter((key) => attributes.has(key)));
  for (const key of attributes.keys()) first.add(key);
  return { attributes: [...first].flatMap((key) => attributes.get(key) ?? []), slots: [...slots.values()] };
}

/** May the solver have made it up? */
export function isInvented(text: string): boolean {
  return /^x\d+$/.test(text);
}

function numberOf(invented: string): number {
  return Number(invented.slice(1));
}

const invented = new WeakMap<Model, readonly string[]>();

/** Texts that the solver made up, in the order of their numbers. */
function inventedIn(model: Model, named: ReadonlySet<string>): readonly string[] {
  let texts = invented.get(model);
  if (!texts) {
    const values = [...model.attributes, ...model.slots].flatMap(({ value }): readonly unknown[] =>
      Array.isArray(value) ? value : [value],
    );
    const found = new Set(
      values.filter((value): value is string => typeof value === 'string' && isInvented(value) && !named.has(value)),
    );
    texts = [...found].sort((a, b) => numberOf(a) - numberOf(b));
    invented.set(model, texts);
  }
  return texts;
}

function renamed<T>(value: T, names: ReadonlyMap<string, string>): T {
  if (names.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => names.get(item) ?? item) as T;
  return typeof value === 'string' ? ((names.get(value) ?? value) as T) : value;
}
