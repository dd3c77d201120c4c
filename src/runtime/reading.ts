import { addMonths, DAY, dayOf, parseDay, parseInstant } from './dates.ts';
import {
  BOOL,
  DATE,
  ENUM,
  INSTANT,
  INT,
  OF_CONSTANT,
  OF_ID,
  OF_LOOKUP,
  OF_NOW,
  OF_RESOURCE,
  OF_SLOT,
  OF_USER,
  REFERENCE,
  STRING,
} from './format.ts';
import type { Sections } from './open.ts';
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
  /** The same, once anything is asked: no getter, which would be a call in every decision. */
  readonly knownId?: unknown;
  /** What the application passes about the user. */
  readonly attributes: unknown;
  readonly world: World;
}

/** What all requests to a table share. */
export interface World {
  /** One number: the instant of the request that is being decided, NaN when unknown. */
  readonly time: Float64Array;
  /** The offsets of the practice's time zone. */
  readonly sections: Pick<Sections, 'zoneInstants' | 'zoneOffsets'>;
}

/** Of one assignment: a value a slot; MISSING where neither assignment, role nor default gives one. */
export type Slots = readonly (TableValue | undefined)[];

/** Takes something from a request: who asks, in which assignment, about what. Always these four, so that none is allocated. */
export type Ask<Answer> = (asker: Asker, slots: Slots, resource: unknown, context: unknown) => Answer;

/**
 * A value as comparisons need it: a scalar (dates are numbers), a set all of whose elements are such, ALL, MISSING or WRONG.
 */
export function readValue(operand: Operand, asker: Asker, slots: Slots, resource: unknown, context: unknown): unknown {
  const { from, isSet, isDay, months } = operand;
  const value = readRaw(operand, asker, slots, resource, context);
  const isOfTable = from === OF_SLOT || from === OF_LOOKUP;
  // Constants and the sets of a table were typed by the compiler.
  if (value == null || from === OF_CONSTANT || (isSet && isOfTable)) return value;
  if (isSet) return checkSet(operand, value);
  const typed = check(operand, value, isOfTable);
  return (isDay || months !== 0) && typeof typed === 'number' ? orWrong(shift(operand, typed, asker.world)) : typed;
}

/** What stands there, untyped: MISSING also for null, WRONG where the path leads through something else than objects. */
export function readRaw(operand: Operand, asker: Asker, slots: Slots, resource: unknown, context: unknown): unknown {
  const { from } = operand;
  const now = asker.world.time[0] as number;
  if (from === OF_CONSTANT) return operand.value;
  if (from === OF_SLOT) return slots[operand.slot];
  if (from === OF_ID) return asker.id ?? MISSING;
  if (from === OF_LOOKUP) return lookUp(operand, asker, slots, resource, context);
  if (from === OF_NOW && !Number.isNaN(now)) return now;
  let value: unknown = (from === OF_RESOURCE ? resource : from === OF_USER ? asker.attributes : context) ?? MISSING;
  for (let i = 0; i < operand.path.length; i++) value = own(value, operand.path[i] as string);
  return value;
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

function lookUp({ keys, slots: tree }: Operand, asker: Asker, slots: Slots, resource: unknown, context: unknown) {
  let at = tree;
  for (let i = 0; i < keys.length; i++) {
    const key = readValue(keys[i] as Operand, asker, slots, resource, context);
    if (typeof key !== 'string') return key;
    at = typeof at === 'object' ? at.get(key) : undefined;
  }
  return typeof at === 'number' ? slots[at] : WRONG;
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
function check({ type, values }: Operand, value: unknown, isOfTable: boolean): unknown {
  const is = typeof value;
  const isInstant = type === INSTANT;
  if (is === 'string' && (isInstant || type === DATE)) {
    return orWrong((isInstant ? parseInstant : parseDay)(value as string));
  }
  const fits =
    type === ENUM
      ? holds(values, value)
      : type === REFERENCE
        ? is === 'object' && !Array.isArray(value)
        : is === 'number'
          ? Number.isSafeInteger(value) && (type === INT || isInstant || (type === DATE && isOfTable))
          : is === (type === BOOL ? 'boolean' : type === STRING ? 'string' : '');
  return fits ? value : WRONG;
}

function checkSet(operand: Operand, given: unknown): Collection | null {
  if (!Array.isArray(given) && !(given instanceof Set)) return WRONG;
  const set: readonly unknown[] = Array.isArray(given) ? given : [...given];
  const dates: unknown[] | null = operand.type === DATE || operand.type === INSTANT ? [] : null;
  for (let i = 0; i < set.length; i++) {
    const element = set[i] == null ? WRONG : check(operand, set[i], false);
    if (element === WRONG) return WRONG;
    dates?.push(element);
  }
  return dates ?? set;
}

function orWrong(number: number): number | null {
  return Number.isNaN(number) ? WRONG : number;
}

/** To the day in the practice's time zone, then by calendar months. */
function shift({ isDay, type, months }: Operand, value: number, { sections }: World): number {
  if (Math.abs(value) > 8.64e15) return Number.NaN; // JavaScript counts no further, and a day is no calendar day there
  const moved = isDay ? dayOf(value, sections.zoneInstants, sections.zoneOffsets) : value;
  if (months === 0) return moved;
  if (isDay || type === DATE) return addMonths(moved, months);
  const day = Math.floor(moved / DAY);
  return addMonths(day, months) * DAY + moved - day * DAY;
}
