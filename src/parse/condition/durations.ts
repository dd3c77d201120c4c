import type { DurationSyntax } from '../syntax.ts';

export type Length = Pick<DurationSyntax, 'months' | 'milliseconds'>;

const second = 1000;
const day = 24 * 60 * 60 * second;
const fixedUnits = new Map([
  ['s', second],
  ['min', 60 * second],
  ['h', 60 * 60 * second],
  ['d', day],
  ['w', 7 * day],
]);
const calendarUnits = new Map([
  ['mo', 1],
  ['y', 12],
]);
const tooManyMonths = 12 * 1000;
const tooManyMilliseconds = 365_250 * day; // the mean length of 1000 years

export function isUnit(word: string): boolean {
  return fixedUnits.has(word) || calendarUnits.has(word);
}

/** So many of a unit; nothing where there is no such unit. */
export function lengthOf(count: number, unit: string): Length {
  return { months: count * (calendarUnits.get(unit) ?? 0), milliseconds: count * (fixedUnits.get(unit) ?? 0) };
}

export function isTooLong({ months, milliseconds }: Length): boolean {
  return months >= tooManyMonths || milliseconds >= tooManyMilliseconds;
}
