/** Values that look like the facts of a request to some code and not to other code. */
import { type Choose, chance, oneOf } from './choices.ts';

type Data = Record<string, unknown>;

/** The value with some of its parts, or itself, in a dress that JSON does not know. The same at every reading. */
export function makeHostile(value: unknown, choose: Choose): unknown {
  if (Array.isArray(value)) return oneOf(choose, arrays)(value);
  if (typeof value === 'string') return oneOf(choose, [() => new String(value), () => [value], () => value])();
  if (typeof value !== 'object' || value === null) return oneOf(choose, [() => value, () => Object(value)])();
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [
    key,
    chance(choose, 30) ? makeHostile(part, choose) : part,
  ]);
  return oneOf(choose, objects)(define({}, entries), choose);
}

const objects: readonly ((data: Data, choose: Choose) => unknown)[] = [
  (data) => data,
  (data) => define(Object.create(null), Object.entries(data)),
  (data) => Object.create(data),
  (data, choose) => someInherited(data, choose),
  (data, choose) => withGetter(data, choose, (value) => value),
  (data, choose) =>
    withGetter(data, choose, () => {
      throw new Error('no such fact');
    }),
  (data, choose) => Object.create(withGetter(data, choose, (value) => value)),
  // Says everything and owns nothing.
  (data) => new Proxy({}, { get: (_, key) => data[String(key)] }),
  // Owns everything and says nothing.
  (data) => new Proxy(data, { get: () => undefined }),
  (data) =>
    new Proxy(data, {
      getOwnPropertyDescriptor() {
        throw new Error('not yours');
      },
    }),
  (data) => new Map(Object.entries(data)),
  (data) =>
    define(
      [] as unknown as Data,
      Object.entries(data).filter(([key]) => key !== 'length'),
    ),
  (data) => define((() => {}) as unknown as Data, Object.entries(data)),
  (data) => define(new (class Note {})() as Data, Object.entries(data)),
  (data) => Object.freeze(data),
];

const arrays: readonly ((elements: readonly unknown[]) => unknown)[] = [
  (elements) => new Set(elements),
  // biome-ignore lint/suspicious/noSparseArray: holes are what is tried
  (elements) => [...elements, , ...elements],
  (elements) => [...elements, ...elements.map((element) => new String(element))],
  (elements) => [...elements, null],
  (elements) => Object.assign(Object.create(elements), { length: elements.length }),
  (elements) => Object.setPrototypeOf([...elements], null),
  (elements) => class Tags extends Array<unknown> {}.from(elements),
  (elements) => new Proxy([...elements], {}),
  (elements) =>
    Object.defineProperty([...elements, 'x'], elements.length, {
      get() {
        throw new Error('no such element');
      },
    }),
  (elements) => new Proxy(new Set(elements), {}),
  (elements) => Object.freeze([...elements]),
  (elements) => elements.join(),
];

function define(into: Data, entries: readonly (readonly [string, unknown])[]): Data {
  for (const [key, value] of entries) {
    Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return into;
}

function someInherited(data: Data, choose: Choose): Data {
  const parent: Data = {};
  const entries = Object.entries(data).filter(([key, value]) => {
    const isInherited = chance(choose, 50);
    if (isInherited) define(parent, [[key, value]]);
    return !isInherited;
  });
  return define(Object.create(parent), entries);
}

function withGetter(data: Data, choose: Choose, get: (value: unknown) => unknown): Data {
  const keys = Object.keys(data);
  if (keys.length === 0) return data;
  const key = oneOf(choose, keys);
  const value = data[key];
  return Object.defineProperty({ ...data }, key, { get: () => get(value), enumerable: true, configurable: true });
}
