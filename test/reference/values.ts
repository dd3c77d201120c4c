/** What a decision can read, as plain values. Part of the second opinion: shares nothing with the compiler or runtime. */
import type { Action, Operand, Policy, Role, SettingValues, Type, Value } from '../../src/resolve/policy.ts';

/** Everything that one assignment of a user sees during one decision. */
export interface Scene {
  readonly policy: Policy;
  readonly action: Action;
  readonly role: Role;
  readonly settings: SettingValues;
  readonly userId: string;
  readonly attributes: unknown;
  readonly resource: unknown;
  readonly context: unknown;
  /** Milliseconds; null where the request names a time that is none. */
  readonly now: number | null;
}

/** A value of the right type, or null: absent, null or of a wrong type. */
export type Reading = Value | { readonly kind: 'reference' } | null;

const dayLength = 86_400_000;
const lastInstant = 8.64e15;

export function read(operand: Operand, scene: Scene): Reading {
  switch (operand.kind) {
    case 'literal':
      return scalar(operand.value);
    case 'set':
      return { kind: 'set', values: operand.values };
    case 'all':
      return { kind: 'all' };
    case 'attribute':
      return readAttribute(operand.root, operand.path, operand.type, scene);
    case 'setting':
      return readSetting(operand.name, operand.indexes, scene);
    case 'action-constant': {
      const value = scene.action.constants.get(operand.name);
      return value === undefined ? null : scalar(value);
    }
    case 'account':
      return scene.role.account === null ? null : scalar(scene.role.account);
    case 'permissions':
      return { kind: 'set', values: [...scene.role.permissions.keys()].sort() };
    case 'shift': {
      const value = numberOf(read(operand.operand, scene));
      if (value === null) return null;
      const unit = unitOf(operand.operand) ?? 'date-time';
      const later = laterBy(value, unit, operand.months, operand.milliseconds);
      return Number.isFinite(later) ? scalar(later) : null;
    }
    case 'day': {
      const instant = numberOf(read(operand.operand, scene));
      return instant === null || Math.abs(instant) > lastInstant
        ? null
        : scalar(dayInZone(instant, scene.policy.timeZone));
    }
  }
}

/** Whether numbers of an operand count days or milliseconds; null for anything that is no time, literals included. */
export function unitOf(operand: Operand): 'date' | 'date-time' | null {
  if (operand.kind === 'day') return 'date';
  if (operand.kind === 'shift') return unitOf(operand.operand);
  if (operand.kind !== 'attribute' && operand.kind !== 'setting') return null;
  return operand.type.kind === 'date' || operand.type.kind === 'date-time' ? operand.type.kind : null;
}

export function laterBy(value: number, unit: 'date' | 'date-time', months: number, milliseconds: number): number {
  const instant = unit === 'date' ? value * dayLength : value;
  const moved = laterByMonths(instant, months) + milliseconds;
  return unit === 'date' ? moved / dayLength : moved;
}

/** A day as a number, or null where the text is no day that exists. */
function dayOfText(text: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / dayLength : null;
}

/** RFC 3339 to milliseconds, or null. */
export function instantOfText(text: string): number | null {
  const parts = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/.exec(text);
  if (parts === null) return null;
  const day = dayOfText(parts[1]!);
  const [hour, minute, second] = [Number(parts[2]), Number(parts[3]), Number(parts[4])];
  const [offsetHour, offsetMinute] = [Number(parts[7] ?? 0), Number(parts[8] ?? 0)];
  if (day === null || hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const thousandths = Number((parts[5] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = (offsetHour * 60 + offsetMinute) * (parts[6] === '-' ? -1 : 1);
  return day * dayLength + ((hour * 60 + minute - offset) * 60 + second) * 1000 + thousandths;
}

/** A value that an application passed, if it has the declared type. */
function convert(value: unknown, type: Type): Reading {
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean' ? scalar(value) : null;
    case 'int':
      return Number.isSafeInteger(value) ? scalar((value as number) + 0) : null;
    case 'string':
    case 'list':
    case 'member':
    case 'role':
    case 'permission':
      return typeof value === 'string' ? scalar(value) : null;
    case 'enum':
      return typeof value === 'string' && type.values.includes(value) ? scalar(value) : null;
    case 'date':
      return typeof value === 'string' ? orNull(dayOfText(value)) : null;
    case 'date-time':
      if (typeof value === 'string') return orNull(instantOfText(value));
      return Number.isSafeInteger(value) ? scalar((value as number) + 0) : null;
    case 'resource':
      return isObject(value) ? { kind: 'reference' } : null;
    case 'set': {
      if (!Array.isArray(value)) return null;
      const elements = Array.from(value, (element: unknown) => convert(element, type.of));
      const values = elements.map((element) => (element?.kind === 'scalar' ? element.value : null));
      return values.every((element) => typeof element === 'string' || typeof element === 'number')
        ? { kind: 'set', values }
        : null;
    }
  }
}

function readAttribute(
  root: 'user' | 'resource' | 'context',
  path: readonly string[],
  type: Type,
  scene: Scene,
): Reading {
  if (root === 'user' && path.length === 1 && path[0] === 'id') return scalar(scene.userId);
  if (root === 'context' && path.length === 1 && path[0] === 'now') return orNull(scene.now);
  const start = root === 'user' ? scene.attributes : root === 'context' ? scene.context : scene.resource;
  return convert(follow(start, path), type);
}

function follow(start: unknown, path: readonly string[]): unknown {
  let at = start;
  for (const step of path) {
    if (!isObject(at) || !Object.hasOwn(at, step)) return undefined;
    at = at[step];
  }
  return at;
}

function readSetting(name: string, indexes: readonly Operand[], scene: Scene): Reading {
  const setting = scene.policy.settings.get(name);
  if (setting === undefined) return null;
  let slot = name;
  for (const [position, index] of indexes.entries()) {
    const key = read(index, scene);
    if (key?.kind !== 'scalar' || typeof key.value !== 'string') return null;
    if (!setting.indexes[position]!.values.includes(key.value)) return null;
    slot += `/${key.value}`;
  }
  return scene.settings.get(slot) ?? scene.role.settings.get(slot) ?? setting.default;
}

function dayInZone(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  const parts = new Map(format.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
  const date = new Date(0);
  date.setUTCFullYear(parts.get('year')!, parts.get('month')! - 1, parts.get('day')!);
  return date.getTime() / dayLength;
}

function laterByMonths(instant: number, months: number): number {
  if (months === 0) return instant;
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastOfMonth = new Date(date);
  lastOfMonth.setUTCMonth(date.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(day, lastOfMonth.getUTCDate()));
  return date.getTime();
}

function scalar(value: string | number | boolean): Value {
  return { kind: 'scalar', value };
}

function orNull(value: number | null): Reading {
  return value === null ? null : scalar(value);
}

function numberOf(reading: Reading): number | null {
  return reading?.kind === 'scalar' && typeof reading.value === 'number' ? reading.value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
