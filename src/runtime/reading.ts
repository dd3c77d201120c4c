import { addMonths, DAY, dayOf, parseDay, parseInstant } from './dates.ts';
import { literal, source } from './format.ts';
import { ALL, type Collection, type Key, type Operand, type SlotTree, special, type TableValue } from './view.ts';

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
}

/** The offsets of the practice's time zone. */
export interface Zone {
  readonly zoneInstants: Float64Array;
  readonly zoneOffsets: Float64Array;
}

/** A scalar as comparisons need it (dates are numbers), MISSING or WRONG. `now` is NaN when unknown. */
export function readScalar(
  operand: Operand,
  zone: Zone,
  asker: Asker,
  resource: unknown,
  context: unknown,
  now: number,
): unknown {
  if (operand.from === special.constant) return operand.value;
  if (operand.from === special.now && !Number.isNaN(now)) return shift(operand, now, zone);
  const raw = readRaw(operand, asker, resource, context);
  if (raw === MISSING || raw === WRONG) return raw;
  const value = isFromTable(operand) ? settled(operand, raw) : typed(operand, raw);
  if (value === WRONG) return WRONG;
  return operand.isDay || operand.months !== 0 ? shift(operand, value as number, zone) : value;
}

/** A set whose elements are all as comparisons need them, ALL, MISSING or WRONG. */
export function readSet(
  operand: Operand,
  asker: Asker,
  resource: unknown,
  context: unknown,
): Collection | typeof ALL | undefined | null {
  if (operand.from === special.constant) return operand.value as Collection;
  const raw = readRaw(operand, asker, resource, context);
  if (raw === MISSING || raw === WRONG) return raw;
  if (isFromTable(operand)) return raw === ALL || typeof raw === 'object' ? (raw as Collection) : WRONG;
  if (!Array.isArray(raw) && !(raw instanceof Set)) return WRONG;
  const set: Collection = raw;
  if (operand.type === 'date' || operand.type === 'date-time') {
    const days = Array.from(set, (element) => typed(operand, element));
    return days.includes(WRONG) ? WRONG : days;
  }
  if (Array.isArray(set)) {
    for (let i = 0; i < set.length; i++) if (typed(operand, set[i]) === WRONG) return WRONG;
  } else {
    for (const element of set) if (typed(operand, element) === WRONG) return WRONG;
  }
  return set;
}

/** What stands there, untyped: MISSING also for null, WRONG where the path leads through something else than objects. */
export function readRaw(operand: Operand, asker: Asker, resource: unknown, context: unknown): unknown {
  switch (operand.from) {
    case source.resource:
      return walkPath(resource, operand.path);
    case source.user:
      return walkPath(asker.attributes, operand.path);
    case special.userId:
      return asker.id ?? MISSING;
    case source.slot:
      return asker.slots[operand.slot];
    case source.lookup: {
      const slot = lookup(operand, asker, resource, context);
      return typeof slot === 'number' ? asker.slots[slot] : slot;
    }
    default:
      return walkPath(context, operand.path);
  }
}

/** The key of a lookup as it stands in the request. */
export function readKey(key: Key, asker: Asker, resource: unknown, context: unknown): unknown {
  if (key.from === literal) return key.text;
  if (key.from === source.user && key.path.length === 1 && key.path[0] === 'id') return asker.id ?? MISSING;
  return walkPath(
    key.from === source.user ? asker.attributes : key.from === source.resource ? resource : context,
    key.path,
  );
}

function lookup(operand: Operand, asker: Asker, resource: unknown, context: unknown): number | undefined | null {
  let tree: SlotTree | number | null = operand.slots;
  for (let i = 0; i < operand.keys.length; i++) {
    const key = readKey(operand.keys[i] as Key, asker, resource, context);
    if (key === MISSING) return MISSING;
    if (typeof key !== 'string' || !(tree instanceof Map)) return WRONG;
    tree = tree.get(key) ?? WRONG;
  }
  return typeof tree === 'number' ? tree : WRONG;
}

function walkPath(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (let i = 0; i < path.length; i++) {
    if (value === undefined || value === null) return MISSING;
    if (typeof value !== 'object' || Array.isArray(value)) return WRONG;
    value = (value as Record<string, unknown>)[path[i] as string];
  }
  return value ?? MISSING;
}

function isFromTable(operand: Operand): boolean {
  return operand.from === source.slot || operand.from === source.lookup;
}

/** A value of the table was typed by the compiler; dates in it are numbers. */
function settled({ type }: Operand, value: unknown): unknown {
  const is = typeof value;
  if (type === 'bool') return is === 'boolean' ? value : WRONG;
  return is === (type === 'string' || type === 'enum' ? 'string' : 'number') ? value : WRONG;
}

/** Types come before every comparison: `null < 5`, `[5] < 6` and `!(NaN < 5)` are all true in JavaScript. */
function typed({ type, values }: Operand, value: unknown): unknown {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean' ? value : WRONG;
    case 'int':
      return Number.isSafeInteger(value) ? value : WRONG;
    case 'string':
      return typeof value === 'string' ? value : WRONG;
    case 'enum':
      return typeof value === 'string' && holds(values, value) ? value : WRONG;
    case 'date':
      return typeof value === 'string' ? orWrong(parseDay(value)) : WRONG;
    case 'date-time':
      if (typeof value === 'string') return orWrong(parseInstant(value));
      return Number.isInteger(value) ? value : WRONG;
    default:
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : WRONG;
  }
}

export function holds(set: Collection, value: unknown): boolean {
  if (!Array.isArray(set)) return (set as ReadonlySet<unknown>).has(value);
  for (let i = 0; i < set.length; i++) if (set[i] === value) return true;
  return false;
}

function orWrong(number: number): number | null {
  return Number.isNaN(number) ? WRONG : number;
}

/** To the day in the practice's time zone, then by calendar months. */
function shift({ isDay, type, months }: Operand, value: number, { zoneInstants, zoneOffsets }: Zone): number {
  const moved = isDay ? dayOf(value, zoneInstants, zoneOffsets) : value;
  if (months === 0) return moved;
  if (isDay || type === 'date') return addMonths(moved, months);
  const day = Math.floor(moved / DAY);
  return addMonths(day, months) * DAY + (moved - day * DAY);
}

/** The instant of a request: `context.now` where the context has the key, else the clock's; NaN when that is no instant. */
export function readNow(context: unknown, clock: () => number): number {
  let now: unknown;
  if (typeof context === 'object' && context !== null && !Array.isArray(context) && 'now' in context) {
    now = typeof context.now === 'string' ? parseInstant(context.now) : context.now;
  } else now = clock();
  return Number.isInteger(now) ? (now as number) : Number.NaN;
}
