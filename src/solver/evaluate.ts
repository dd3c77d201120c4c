import type { Atom, Constant, Scalar, ScalarType, Term, TermSource, Truth } from './atom.ts';
import { addMonths, DAY, dayOf, LAST_INSTANT, parseDay, parseInstant, type Zone } from './dates.ts';
import { isRecord, own, type Request } from './model.ts';
import { ALL } from './options.ts';

/** What evaluating needs beside the request. */
export interface Setup {
  /** The slot that a setting's keys choose, by `slotKey`. */
  readonly slots: ReadonlyMap<string, string>;
  readonly zone: Zone;
}

/** A value of the right type, in numbers where it is a date; undefined when missing or of a wrong type. */
export type Value = Scalar | readonly Scalar[] | object | typeof ALL | undefined;

/** What the runtime would say of an atom in a request. */
export function evaluateAtom({ operator, left, right, limit }: Atom, request: Request, setup: Setup): Truth {
  const a = readSide(left, request, setup);
  const b = right === null ? true : readSide(right, request, setup);
  if (b === ALL || (a === ALL && operator !== 'within')) return 'true';
  if (a === undefined || b === undefined) return 'unknown';
  if (a === ALL) return 'false';
  return isTrue(operator, a, b, limit, right === null) ? 'true' : 'false';
}

function isTrue(operator: Atom['operator'], a: Value, b: Value, limit: number, isAlone: boolean): boolean {
  switch (operator) {
    case 'equal':
      return a === b;
    case 'before':
      return Number(a) - (isAlone ? 0 : Number(b)) < limit;
    case 'contains':
      return elements(b).includes(a as Scalar);
    case 'overlaps':
      return elements(a).some((element) => elements(b).includes(element));
    case 'within':
      return elements(a).every((element) => elements(b).includes(element));
    case 'is-set':
      return true;
    case 'true':
      return a === true;
    default:
      return operator satisfies never;
  }
}

function elements(value: Value): readonly Scalar[] {
  return Array.isArray(value) ? value : [];
}

function readSide(side: Term | Constant, request: Request, setup: Setup): Value {
  if (side.kind === 'constant') return side.value;
  const value = typed(
    readRaw(side.source, request, setup),
    typeOfBase(side),
    side.isSet,
    side.source.kind !== 'attribute',
  );
  if (typeof value !== 'number' || (!side.isDay && side.months === 0)) return value;
  const moved = shift(side, value, setup.zone);
  return Number.isNaN(moved) ? undefined : moved;
}

/** The type of what is read, before the day is taken. */
export function typeOfBase(term: Term): ScalarType {
  return term.isDay ? { kind: 'date-time' } : term.type;
}

function shift({ isDay, type, months, zone: own }: Term, value: number, zone: Zone): number {
  if (Math.abs(value) > LAST_INSTANT) return Number.NaN;
  const moved = isDay ? dayOf(value, own ?? zone) : value;
  if (months === 0) return moved;
  if (type.kind === 'date') return addMonths(moved, months);
  const day = Math.floor(moved / DAY);
  return addMonths(day, months) * DAY + moved - day * DAY;
}

function readRaw(source: TermSource, request: Request, setup: Setup): unknown {
  switch (source.kind) {
    case 'attribute':
      return walk(request[source.root], source.path);
    case 'slot':
      return request.settings.get(source.slot);
    case 'lookup': {
      const keys = source.keys.map((key) => (typeof key === 'string' ? key : walk(request[key.root], key.path)));
      if (!keys.every((key) => typeof key === 'string')) return undefined;
      const slot = setup.slots.get(slotKey(source.setting, keys));
      return slot === undefined ? undefined : request.settings.get(slot);
    }
    default:
      return source satisfies never;
  }
}

export function slotKey(setting: string, keys: readonly string[]): string {
  return keys.length === 1 ? `${setting}\n${keys[0]}` : JSON.stringify([setting, ...keys]);
}

/** What stands at the end of the path. */
export function walk(root: unknown, path: readonly string[]): unknown {
  let at = root;
  for (const step of path) {
    if (!isRecord(at)) return undefined;
    at = own(at, step);
  }
  return at;
}

/** A plain value as the type reads it. Only in settings there are `all`, and days that are numbers already. */
export function typed(raw: unknown, type: ScalarType, isSet: boolean, isSetting: boolean): Value {
  if (raw === undefined || raw === null) return undefined;
  if (!isSet) return typedScalar(raw, type, isSetting);
  if (raw === ALL) return isSetting ? ALL : undefined;
  if (!Array.isArray(raw) && !(raw instanceof Set)) return undefined;
  const values: Scalar[] = [];
  for (const element of raw) {
    const value = typedScalar(element, type, isSetting);
    if (value === undefined && !isSetting) return undefined; // the compiler typed the elements of settings
    values.push((value ?? element) as Scalar);
  }
  return values;
}

function typedScalar(raw: unknown, type: ScalarType, isSetting: boolean): Scalar | object | undefined {
  switch (type.kind) {
    case 'bool':
      return typeof raw === 'boolean' ? raw : undefined;
    case 'int':
      return Number.isSafeInteger(raw) ? (raw as number) : undefined;
    case 'string':
      return typeof raw === 'string' ? raw : undefined;
    case 'enum':
      return typeof raw === 'string' && type.values.includes(raw) ? raw : undefined;
    case 'date':
      if (typeof raw === 'string') return orUndefined(parseDay(raw));
      return isSetting && typeof raw === 'number' ? raw : undefined;
    case 'date-time':
      if (typeof raw === 'string') return orUndefined(parseInstant(raw));
      return Number.isSafeInteger(raw) ? (raw as number) : undefined;
    case 'reference':
      return isRecord(raw) ? raw : undefined;
    default:
      return type satisfies never;
  }
}

function orUndefined(number: number): number | undefined {
  return Number.isNaN(number) ? undefined : number;
}
