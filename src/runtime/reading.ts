import { addMonths, DAY, dayOf, parseDay, parseInstant } from './dates.ts';
import { ALL, type Collection, type Operand, type TableValue } from './view.ts';

/** An attribute that is absent or null. */
export const MISSING = undefined;
/** A value of another type than the policy says. */
export const WRONG = null;

/** Who asks, in one assignment: what `user.` means in a condition. */
export interface Asker {
  /** MISSING for a user without one. */
  readonly id: unknown;
  /** What the application passes about the user. */
  readonly attributes: unknown;
  /** A value a slot; MISSING where neither assignment, role nor default gives one. */
  readonly slots: readonly (TableValue | undefined)[];
  /** The offsets of the practice's time zone. */
  readonly zone: { readonly zoneInstants: Float64Array; readonly zoneOffsets: Float64Array };
}

/**
 * A value as comparisons need it: a scalar (dates are numbers), a set all of whose elements are such, ALL, MISSING or
 * WRONG. `now` is NaN when unknown.
 */
export function read(operand: Operand, asker: Asker, resource: unknown, context: unknown, now: number): unknown {
  const { from, isSet, isDay, months } = operand;
  if (from === 'constant') return operand.value;
  const raw = from === 'now' && !Number.isNaN(now) ? now : readRaw(operand, asker, resource, context);
  if (raw == null) return raw;
  if (isSet) return readSet(operand, raw);
  const value = typed(operand, raw);
  return value !== WRONG && (isDay || months !== 0) ? orWrong(shift(operand, value as number, asker)) : value;
}

/** The instant of a request: `context.now`, else the clock's; NaN when that is no instant. */
export function readNow(context: unknown, clock: () => number): number {
  const given = isObject(context) ? own(context, 'now') : undefined;
  const now = given === undefined ? Math.floor(clock()) : typeof given === 'string' ? parseInstant(given) : given;
  return Number.isSafeInteger(now) ? (now as number) : Number.NaN;
}

export function holds(set: Collection, value: unknown): boolean {
  if (!Array.isArray(set)) return (set as ReadonlySet<unknown>).has(value);
  for (let i = 0; i < set.length; i++) if (set[i] === value) return true;
  return false;
}

/** What stands there, untyped: MISSING also for null, WRONG where the path leads through something else than objects. */
export function readRaw(operand: Operand, asker: Asker, resource: unknown, context: unknown): unknown {
  switch (operand.from) {
    case 'resource':
      return walkPath(resource, operand.path);
    case 'user':
      return walkPath(asker.attributes, operand.path);
    case 'user-id':
      return asker.id ?? MISSING;
    case 'slot':
      return asker.slots[operand.slot];
    case 'lookup':
      return lookUp(operand, asker, resource, context);
    default:
      return walkPath(context, operand.path);
  }
}

function lookUp({ keys, slots }: Operand, asker: Asker, resource: unknown, context: unknown): unknown {
  let tree = slots;
  for (let i = 0; i < keys.length; i++) {
    const key = read(keys[i] as Operand, asker, resource, context, Number.NaN);
    if (typeof key !== 'string') return key;
    tree = typeof tree === 'object' ? tree.get(key) : undefined;
  }
  return typeof tree === 'number' ? asker.slots[tree] : WRONG;
}

function walkPath(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (let i = 0; i < path.length; i++) {
    if (value == null) return MISSING;
    if (!isObject(value)) return WRONG;
    value = own(value, path[i] as string);
  }
  return value ?? MISSING;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own properties only: what somebody put on `Object.prototype` is no fact about this object. */
function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : MISSING;
}

function readSet(operand: Operand, raw: unknown): Collection | typeof ALL | null {
  if (isFromTable(operand)) return raw === ALL || typeof raw === 'object' ? (raw as Collection) : WRONG;
  if (!Array.isArray(raw) && !(raw instanceof Set)) return WRONG;
  const set: readonly unknown[] = Array.isArray(raw) ? raw : [...raw];
  const dates: unknown[] | null = operand.type === 'date' || operand.type === 'date-time' ? [] : null;
  for (let i = 0; i < set.length; i++) {
    const element = typed(operand, set[i]);
    if (element === WRONG) return WRONG;
    dates?.push(element);
  }
  return dates ?? set;
}

/** A value of the table was typed by the compiler, and dates in it are numbers. */
function isFromTable({ from }: Operand): boolean {
  return from === 'slot' || from === 'lookup';
}

/** Types come before every comparison: `null < 5`, `[5] < 6` and `!(NaN < 5)` are all true in JavaScript. */
function typed(operand: Operand, value: unknown): unknown {
  const { type, values } = operand;
  const is = typeof value;
  switch (type) {
    case 'bool':
      return is === 'boolean' ? value : WRONG;
    case 'string':
      return is === 'string' ? value : WRONG;
    case 'enum':
      return holds(values, value) ? value : WRONG;
    case 'reference':
      return isObject(value) ? value : WRONG;
    default:
      if (is === 'string' && type !== 'int') {
        return orWrong(type === 'date' ? parseDay(value as string) : parseInstant(value as string));
      }
      return Number.isSafeInteger(value) && (type !== 'date' || isFromTable(operand)) ? value : WRONG;
  }
}

function orWrong(number: number): number | null {
  return Number.isNaN(number) ? WRONG : number;
}

/** To the day in the practice's time zone, then by calendar months. */
function shift({ isDay, type, months }: Operand, value: number, { zone }: Asker): number {
  if (Math.abs(value) > 8.64e15) return Number.NaN; // JavaScript counts no further, and a day is no calendar day there
  const moved = isDay ? dayOf(value, zone.zoneInstants, zone.zoneOffsets) : value;
  if (months === 0) return moved;
  if (isDay || type === 'date') return addMonths(moved, months);
  const day = Math.floor(moved / DAY);
  return addMonths(day, months) * DAY + moved - day * DAY;
}
