import { addMonths, DAY, dayOf, parseDate } from './dates.ts';
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
  ZONE,
} from './format.ts';
import type { Operand } from './operand.ts';
import { type Collection, read, type TableValue } from './texts.ts';
import type { World } from './world.ts';

/** An attribute that is absent or null. */
export const MISSING = undefined;
/** A value of another type than the policy says. */
export const WRONG = null;

/** Engines know this one better than the newer `Object.hasOwn`. */
const hasOwn = Object.prototype.hasOwnProperty;

/** Who asks: what `user.` means in a condition, but for settings. */
export interface Asker {
  /** Null or MISSING for a user without one. */
  readonly id: unknown;
  /** What the application passes about the user. */
  readonly attributes: unknown;
  readonly world: World;
}

/** Of one assignment: a value a slot; MISSING where neither assignment, role nor default gives one. */
export type Slots = readonly (TableValue | undefined)[];

/**
 * A value as comparisons need it: a scalar (dates are numbers), a set all of whose elements are such, ALL, MISSING or WRONG.
 */
export function readValue(operand: Operand, asker: Asker, slots: Slots, resource: unknown, context: unknown): unknown {
  const { from, isSet } = operand;
  const value = readRaw(operand, asker, slots, resource, context);
  const isOfTable = from === OF_SLOT || from === OF_LOOKUP;
  // Constants and the sets of a table were typed by the compiler.
  if (value == null || from === OF_CONSTANT || (isSet && isOfTable)) return value;
  if (!isSet) return check(operand, value, isOfTable, asker.world);
  // By index: a list may say something else of itself when it is asked for its elements.
  const given: readonly unknown[] | null = Array.isArray(value) ? value : value instanceof Set ? [...value] : WRONG;
  if (given === WRONG) return WRONG;
  const dates: unknown[] | null = operand.type === DATE || operand.type === INSTANT ? [] : null;
  for (let i = 0; i < given.length; i++) {
    const element = check(operand, given[i], false, asker.world);
    if (element === WRONG) return WRONG;
    dates?.push(element);
  }
  return dates ?? given;
}

/** What stands there, untyped: MISSING also for null, WRONG where the path leads through something else than objects. */
export function readRaw(operand: Operand, asker: Asker, slots: Slots, resource: unknown, context: unknown): unknown {
  const { from, of, tree } = operand;
  const now = asker.world.time[0] as number;
  if (from === OF_CONSTANT) return of;
  if (from === OF_SLOT) return slots[of as number];
  if (from === OF_ID) return asker.id ?? MISSING;
  if (from === OF_NOW && !Number.isNaN(now)) return now;
  const isLookup = from === OF_LOOKUP;
  let value: unknown =
    (isLookup ? tree : from === OF_RESOURCE ? resource : from === OF_USER ? asker.attributes : context) ?? MISSING;
  const path = of as readonly (string | Operand)[];
  for (let i = 0; i < path.length; i++) {
    const step = path[i];
    const key = isLookup ? readValue(step as Operand, asker, slots, resource, context) : step;
    if (typeof key !== 'string') return key;
    value = own(value, key);
  }
  return isLookup ? (typeof value === 'number' ? slots[value] : WRONG) : value;
}

/** The instant of a request: `context.now`, else the clock's; NaN when that is no instant. */
export function readNow(context: unknown, clock: () => number): number {
  const given = typeof context === 'object' ? givenOf(context, 'now') : undefined;
  const now = given === undefined ? Math.floor(clock()) : typeof given === 'string' ? parseDate(given, true) : given;
  return Number.isSafeInteger(now) ? (now as number) : Number.NaN;
}

export function holds(set: Collection, value: unknown): boolean {
  if (!Array.isArray(set)) return (set as ReadonlySet<unknown>).has(value);
  for (let i = 0; i < set.length; i++) if (set[i] === value) return true;
  return false;
}

/** Is that a property which a fact may be taken from, as `own` reads it? */
export function isOwn(object: unknown, key: string): boolean {
  return isRecord(object) && hasOwn.call(object, key);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of what an application describes a user or a request with, whatever kind of object that is; own properties only. */
export function givenOf(described: unknown, key: string): unknown {
  const object = Object(described);
  return hasOwn.call(object, key) ? object[key] : undefined;
}

/** Own properties only: what somebody put on `Object.prototype` is no fact about this object. */
export function own(object: unknown, key: string): unknown {
  if (!isRecord(object)) return object === MISSING ? MISSING : WRONG;
  return hasOwn.call(object, key) ? (object[key] ?? MISSING) : MISSING;
}

/** Types come before every comparison: `null < 5`, `[5] < 6` and `!(NaN < 5)` are all true in JavaScript. */
function check({ type, choices, months, isDay }: Operand, value: unknown, isOfTable: boolean, world: World): unknown {
  const is = typeof value;
  const isInstant = type === INSTANT;
  let number = Number.NaN;
  if (is === 'string' && (isInstant || type === DATE)) number = parseDate(value as string, isInstant);
  else if (Number.isSafeInteger(value) && (type === INT || isInstant || (type === DATE && isOfTable))) {
    number = value as number;
  } else {
    const fits =
      type === ENUM
        ? holds(choices as Collection, value)
        : type === REFERENCE
          ? isRecord(value)
          : is === (type === BOOL ? 'boolean' : type === STRING ? 'string' : '');
    return fits ? value : WRONG;
  }
  // To the day in the practice's time zone, then by calendar months. JavaScript counts no further than that.
  if (isDay) number = Math.abs(number) > 8.64e15 ? Number.NaN : dayOf(number, read(world, ZONE));
  const unit = isDay || type === DATE ? DAY : 1;
  if (months) number = addMonths(number * unit, months) / unit;
  return Number.isNaN(number) ? WRONG : number;
}
