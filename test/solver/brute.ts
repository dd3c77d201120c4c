/** Another way to the same answer: every value of small domains for every place. Shares nothing with the solver. */
import { ALL, type Atom, type Constant, type Literal, type SlotFacts, type Term } from '../../src/solver/index.ts';

/** By name: `resource.state`, `slot access/a`. In plain values; undefined is missing. */
export type World = Map<string, unknown>;

export interface Place {
  readonly name: string;
  readonly values: readonly unknown[];
}

export interface Setup {
  readonly slots: readonly SlotFacts[];
  /** Milliseconds to add to UTC. */
  readonly offset: number;
}

/** A world in which every literal is what it shall be; null when there is none; undefined after too many tries. */
export function findWorld(
  all: readonly Place[],
  literals: readonly Literal[],
  setup: Setup,
  tries = 40_000,
): World | null | undefined {
  const world: World = new Map();
  const places = simplest(all, literals, setup);
  const sizes = places.map(({ values }) => values.length);
  const index = places.map(() => 0);
  const checks: (() => boolean)[][] = places.map(() => []);
  for (const { atom, is } of literals) {
    const names = placesOf(atom, setup);
    const read = [...places.keys()].filter((at) => names.some((name) => isAt(places[at]!.name, name)));
    // What was found out once about some values of the places is not worked out again.
    const memory = new Int8Array(read.reduce((product, at) => product * sizes[at]!, 1));
    checks[read.at(-1)!]!.push(() => {
      let entry = 0;
      for (const at of read) entry = entry * sizes[at]! + index[at]!;
      if (memory[entry] === 0) {
        for (const at of read) world.set(places[at]!.name, places[at]!.values[index[at]!]);
        memory[entry] = truthOf(atom, world, setup) === is ? 1 : 2;
        for (const at of read) world.delete(places[at]!.name);
      }
      return memory[entry] === 1;
    });
  }
  let left = tries;
  const extend = (at: number): boolean => {
    if (at === places.length) return true;
    for (let i = 0; i < sizes[at]!; i++) {
      if (left-- <= 0) return false;
      index[at] = i;
      if (checks[at]!.every((holds) => holds()) && extend(at + 1)) return true;
    }
    return false;
  };
  if (extend(0)) return new Map(places.map(({ name, values }, at) => [name, values[index[at]!]]));
  return left <= 0 ? undefined : null;
}

/** Without the values that a literal about one place alone refutes; those with few values first. */
function simplest(places: readonly Place[], literals: readonly Literal[], setup: Setup): readonly Place[] {
  const left = places.map((place) => {
    const own = literals.filter(({ atom }) => {
      const names = placesOf(atom, setup);
      return (
        names.length > 0 &&
        names.every((name) => name === place.name) &&
        !places.some((other) => other !== place && isAt(other.name, place.name))
      );
    });
    const values = place.values.filter((value) =>
      own.every(({ atom, is }) => truthOf(atom, new Map([[place.name, value]]), setup) === is),
    );
    return { name: place.name, values };
  });
  return left.sort((a, b) => a.values.length - b.values.length);
}

/** Is the place this one, or on the way to it? */
function isAt(place: string, name: string): boolean {
  return place === name || name.startsWith(`${place}.`);
}

export function placesOf(atom: Atom, { slots }: Setup): string[] {
  return [atom.left, atom.right].flatMap((side) => {
    if (side?.kind !== 'term') return [];
    const { source } = side;
    if (source.kind === 'attribute') return [[source.root, ...source.path].join('.')];
    if (source.kind === 'slot') return [`slot ${source.slot}`];
    const keys = source.keys.flatMap((key) => (typeof key === 'string' ? [] : [[key.root, ...key.path].join('.')]));
    return [...keys, ...slots.filter(({ setting }) => setting === source.setting).map(({ name }) => `slot ${name}`)];
  });
}

export function truthOf(atom: Atom, world: World, setup: Setup): 'true' | 'false' | 'unknown' {
  const left = read(atom.left, world, setup);
  const right = atom.right === null ? null : read(atom.right, world, setup);
  if (right === ALL) return 'true';
  if (left === ALL && atom.operator !== 'within') return 'true';
  if (left === undefined || right === undefined) return 'unknown';
  if (left === ALL) return 'false';
  return String(test(atom, left, right)) as 'true' | 'false';
}

function test({ operator, limit }: Atom, left: unknown, right: unknown): boolean {
  if (operator === 'equal') return left === right;
  if (operator === 'before') return (left as number) - ((right ?? 0) as number) < limit;
  if (operator === 'contains') return (right as unknown[]).indexOf(left) >= 0;
  if (operator === 'overlaps')
    return (left as unknown[]).filter((one) => (right as unknown[]).indexOf(one) >= 0).length > 0;
  if (operator === 'within')
    return (left as unknown[]).filter((one) => (right as unknown[]).indexOf(one) < 0).length === 0;
  return operator === 'is-set' || left === true;
}

function read(side: Term | Constant, world: World, setup: Setup): unknown {
  if (side.kind === 'constant') return side.value;
  const raw = rawOf(side, world, setup);
  if (raw === undefined) return undefined;
  if (side.isSet) {
    if (raw === ALL) return ALL;
    if (!Array.isArray(raw)) return undefined;
    const elements = raw.map((element) => convert(element, side));
    return elements.includes(undefined) ? undefined : elements;
  }
  const value = convert(raw, side);
  if (value === undefined || (!side.isDay && side.months === 0)) return value;
  return moved(value as number, side, setup.offset);
}

/** Days and months by the calendar of `Date`. */
function moved(value: number, { isDay, months, type }: Term, offset: number): number | undefined {
  if (Math.abs(value) > 8.64e15) return undefined;
  let milliseconds = isDay ? value + offset : type.kind === 'date' ? value * 86_400_000 : value;
  if (isDay) milliseconds -= ((milliseconds % 86_400_000) + 86_400_000) % 86_400_000;
  const later = new Date(milliseconds);
  // The runtime counts months 400 years later, so its calendar ends that much earlier.
  const next = Date.UTC(later.getUTCFullYear() + 400, later.getUTCMonth() + months + 1, 1);
  if (months !== 0 && Number.isNaN(next)) return undefined;
  const wanted = later.getUTCDate();
  later.setUTCDate(1);
  later.setUTCMonth(later.getUTCMonth() + months + 1, 0);
  later.setUTCDate(Math.min(wanted, later.getUTCDate()));
  return isDay || type.kind === 'date' ? later.getTime() / 86_400_000 : later.getTime();
}

const ways = new WeakMap<object, { readonly name: string; readonly above: readonly string[] }>();

/** The attribute's name, and the names of the objects that lead to it. */
function wayTo(source: { readonly root: string; readonly path: readonly string[] }) {
  const known = ways.get(source);
  if (known !== undefined) return known;
  const steps = [source.root, ...source.path];
  const way = { name: steps.join('.'), above: source.path.map((_, at) => steps.slice(0, at + 1).join('.')) };
  ways.set(source, way);
  return way;
}

function rawOf({ source }: Term, world: World, { slots }: Setup): unknown {
  if (source.kind === 'attribute') {
    const { name, above } = wayTo(source);
    for (const step of above) {
      if (!world.has(step)) continue;
      const value = world.get(step);
      if (typeof value !== 'object' || Array.isArray(value)) return undefined;
    }
    return world.get(name);
  }
  if (source.kind === 'slot') return world.get(`slot ${source.slot}`);
  const keys = source.keys.map((key) => (typeof key === 'string' ? key : world.get(wayTo(key).name)));
  const chosen = slots.find(
    ({ setting, keys: own }) => setting === source.setting && own.every((key, at) => key === keys[at]),
  );
  return chosen && world.get(`slot ${chosen.name}`);
}

function convert(raw: unknown, { type, isDay }: Term): unknown {
  const kind = isDay ? 'date-time' : type.kind;
  if (kind === 'bool') return typeof raw === 'boolean' ? raw : undefined;
  if (kind === 'int') return typeof raw === 'number' ? raw : undefined;
  if (kind === 'string') return typeof raw === 'string' ? raw : undefined;
  if (type.kind === 'enum') return type.values.find((value) => value === raw);
  if (kind === 'reference') return typeof raw === 'object' && !Array.isArray(raw) ? raw : undefined;
  const milliseconds = typeof raw === 'number' ? raw : Date.parse(String(raw));
  if (kind === 'date') return String(raw).length === 10 ? milliseconds / 86_400_000 : undefined;
  return typeof raw === 'number' || String(raw).length > 10 ? milliseconds : undefined;
}
