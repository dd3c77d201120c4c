import { addMonths, DAY, dayOf, parseDay, parseInstant } from './dates.ts';
import type { Operand } from './operand.ts';
import type { Collection, TableValue } from './rows.ts';

/** An attribute that is absent or null. */
export const MISSING = undefined;
/** A value of another type than the policy says. */
export const WRONG = null;

/** Who asks: what `user.` means in a condition, but for settings. */
export interface Asker {
  /** MISSING for a user without one. */
  readonly id: unknown;
  /** What the application passes about the user. */
  readonly attributes: unknown;
  readonly world: World;
}

/** What all requests to a table share. */
export interface World {
  /** One number: the instant of the request that is being decided, NaN when unknown. */
  readonly time: Float64Array;
  /** The offsets of the practice's time zone. */
  readonly zone: { readonly zoneInstants: Float64Array; readonly zoneOffsets: Float64Array };
}

/** Of one assignment: a value a slot; MISSING where neither assignment, role nor default gives one. */
export type Slots = readonly (TableValue | undefined)[];

/** Takes something from a request: who asks, in which assignment, about what. Always these four, so that none is allocated. */
export type Ask<Answer> = (asker: Asker, slots: Slots, resource: unknown, context: unknown) => Answer;

/**
 * Reads a value as comparisons need it: a scalar (dates are numbers), a set all of whose elements are such, ALL, MISSING
 * or WRONG. Each kind of operand gets a function of its own, made once, so that a decision chooses nothing twice.
 */
export function createReader(operand: Operand): Ask<unknown> {
  const { from, isSet, isDay, months, value: constant } = operand;
  if (from === 'constant') return () => constant;
  const raw = createRawReader(operand);
  // A set of the table was typed by the compiler, and dates in a table are numbers.
  const isOfTable = from === 'slot' || from === 'lookup';
  if (isOfTable && isSet) return raw;
  const typed = isSet ? createSetCheck(operand) : createCheck(operand, isOfTable);
  const read: Ask<unknown> = (asker, slots, resource, context) => {
    const value = raw(asker, slots, resource, context);
    return value == null ? value : typed(value);
  };
  if (isSet || (!isDay && months === 0)) return read;
  return (asker, slots, resource, context) => {
    const value = read(asker, slots, resource, context);
    return typeof value === 'number' ? orWrong(shift(operand, value, asker.world)) : value;
  };
}

/** What stands there, untyped: MISSING also for null, WRONG where the path leads through something else than objects. */
export function createRawReader(operand: Operand): Ask<unknown> {
  const { from, path, slot } = operand;
  const readers: Readonly<Record<string, Ask<unknown>>> = {
    slot: (_, slots) => slots[slot],
    'user-id': ({ id }) => id ?? MISSING,
    user: ({ attributes }) => walkPath(attributes, path),
    resource: (_, __, resource) => walkPath(resource, path),
    context: (_, __, ___, context) => walkPath(context, path),
    now: ({ world: { time } }, _, __, context) => (Number.isNaN(time[0]) ? walkPath(context, path) : time[0]),
  };
  return readers[from] ?? createLookup(operand);
}

/** The instant of a request: `context.now`, else the clock's; NaN when that is no instant. */
export function readNow(context: unknown, clock: () => number): number {
  const isGiven = typeof context === 'object' && context !== null && Object.hasOwn(context, 'now');
  const given = isGiven ? (context as { now: unknown }).now : undefined;
  const now = given === undefined ? Math.floor(clock()) : typeof given === 'string' ? parseInstant(given) : given;
  return Number.isSafeInteger(now) ? (now as number) : Number.NaN;
}

export function holds(set: Collection, value: unknown): boolean {
  if (!Array.isArray(set)) return (set as ReadonlySet<unknown>).has(value);
  for (let i = 0; i < set.length; i++) if (set[i] === value) return true;
  return false;
}

function createLookup({ keys, slots: tree }: Operand): Ask<unknown> {
  const readers = keys.map(createReader);
  return (asker, slots, resource, context) => {
    let at = tree;
    for (let i = 0; i < readers.length; i++) {
      const key = (readers[i] as Ask<unknown>)(asker, slots, resource, context);
      if (typeof key !== 'string') return key;
      at = typeof at === 'object' ? at.get(key) : undefined;
    }
    return typeof at === 'number' ? slots[at] : WRONG;
  };
}

function walkPath(root: unknown, path: readonly string[]): unknown {
  let value: unknown = root ?? MISSING;
  for (let i = 0; i < path.length; i++) value = own(value, path[i] as string);
  return value;
}

/** Is that a property which a fact may be taken from, as `own` reads it? */
export function isOwn(object: unknown, key: string): boolean {
  return typeof object === 'object' && object !== null && !Array.isArray(object) && Object.hasOwn(object, key);
}

/** Own properties only: what somebody put on `Object.prototype` is no fact about this object. */
export function own(object: unknown, key: string): unknown {
  if (isOwn(object, key)) return (object as Record<string, unknown>)[key] ?? MISSING;
  return object == null ? object : typeof object === 'object' && !Array.isArray(object) ? MISSING : WRONG;
}

/** Types come before every comparison: `null < 5`, `[5] < 6` and `!(NaN < 5)` are all true in JavaScript. */
function createCheck({ type, values }: Operand, isOfTable = false): (value: unknown) => unknown {
  switch (type) {
    case 'bool':
      return (value) => (typeof value === 'boolean' ? value : WRONG);
    case 'string':
      return (value) => (typeof value === 'string' ? value : WRONG);
    case 'enum':
      return (value) => (holds(values, value) ? value : WRONG);
    case 'reference':
      return (value) => (typeof value === 'object' && !Array.isArray(value) ? value : WRONG);
    case 'int':
      return (value) => (Number.isSafeInteger(value) ? value : WRONG);
    case 'date':
      return (value) =>
        typeof value === 'string' ? orWrong(parseDay(value)) : isOfTable && Number.isSafeInteger(value) ? value : WRONG;
    default:
      return (value) =>
        typeof value === 'string' ? orWrong(parseInstant(value)) : Number.isSafeInteger(value) ? value : WRONG;
  }
}

function createSetCheck(operand: Operand): (value: unknown) => Collection | null {
  const check = createCheck(operand);
  const isDated = operand.type === 'date' || operand.type === 'date-time';
  return (raw) => {
    if (!Array.isArray(raw) && !(raw instanceof Set)) return WRONG;
    const set: readonly unknown[] = Array.isArray(raw) ? raw : [...raw];
    const dates: unknown[] | null = isDated ? [] : null;
    for (let i = 0; i < set.length; i++) {
      const element = set[i] == null ? WRONG : check(set[i]);
      if (element === WRONG) return WRONG;
      dates?.push(element);
    }
    return dates ?? set;
  };
}

function orWrong(number: number): number | null {
  return Number.isNaN(number) ? WRONG : number;
}

/** To the day in the practice's time zone, then by calendar months. */
function shift({ isDay, type, months }: Operand, value: number, { zone }: World): number {
  if (Math.abs(value) > 8.64e15) return Number.NaN; // JavaScript counts no further, and a day is no calendar day there
  const moved = isDay ? dayOf(value, zone.zoneInstants, zone.zoneOffsets) : value;
  if (months === 0) return moved;
  if (isDay || type === 'date') return addMonths(moved, months);
  const day = Math.floor(moved / DAY);
  return addMonths(day, months) * DAY + moved - day * DAY;
}
