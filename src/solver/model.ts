import type { Root } from './atom.ts';
import type { ALL, PlainValue } from './options.ts';

/** What every attribute and slot that the literals read holds; undefined is missing. Whatever is not listed is free. */
export interface Model {
  readonly attributes: readonly {
    readonly root: Root;
    readonly path: readonly string[];
    readonly value: PlainValue | undefined;
  }[];
  readonly slots: readonly { readonly slot: string; readonly value: PlainValue | typeof ALL | undefined }[];
}

type Attribute = Model['attributes'][number];

/** A request as plain data. `user` holds what the application passes, and `id` when the literals read it. */
export interface Request {
  readonly user: Record<string, unknown>;
  readonly resource: unknown;
  readonly context: unknown;
  /** A value a slot, ALL included; slots that are absent are missing. */
  readonly settings: ReadonlyMap<string, PlainValue | typeof ALL>;
}

/** The request that a model describes: nested by paths, without what is missing. */
export function buildRequest(model: Model): Request {
  const roots: Record<Root, unknown> = { user: {}, resource: undefined, context: undefined };
  const shallowFirst = (a: Attribute, b: Attribute) => a.path.length - b.path.length;
  const { attributes } = model;
  const isSorted = attributes.every((one, at) => at === 0 || shallowFirst(attributes[at - 1] ?? one, one) <= 0);
  for (const { root, path, value } of isSorted ? attributes : [...attributes].sort(shallowFirst))
    if (value !== undefined) place(roots, [root, ...path], value);
  const settings = new Map<string, PlainValue | typeof ALL>();
  for (const { slot, value } of model.slots) if (value !== undefined) settings.set(slot, value);
  return { user: asRecord(roots.user), resource: roots.resource, context: roots.context, settings };
}

function place(tree: Record<string, unknown>, path: readonly string[], value: PlainValue): void {
  let at = tree;
  for (const step of path.slice(0, -1)) {
    const next = asRecord(own(at, step));
    put(at, step, next);
    at = next;
  }
  const last = path.at(-1) ?? '';
  // A reference is any object; its copy is filled with the attributes below it.
  put(at, last, isRecord(value) && !(value instanceof Set) ? { ...value } : value);
}

function asRecord(value: unknown): Record<string, unknown> {
  // Without a prototype an object is a dictionary from the start: of tens of thousands, most have keys of their own, and to
  // remember each set of them as a shape costs more than all the rest.
  return isRecord(value) ? value : Object.create(null);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own properties only, as the runtime reads them. */
export function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
