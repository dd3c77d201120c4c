/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** `YYYY-MM-DD`, and behind it perhaps what makes it an RFC 3339 instant. */
const PATTERN =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/i;

/**
 * Of `YYYY-MM-DD` the number of the day (1970-01-01 is 0); of an RFC 3339 instant with `Z` or an offset, milliseconds since
 * the epoch. NaN for anything else: the day must exist and nothing may stand around it. Digits below a millisecond are cut.
 */
export function parseDate(text: string, isInstant: boolean): number {
  if (!PATTERN.test(text) || text.length > 10 !== isInstant) return Number.NaN;
  const date = text.slice(0, 10);
  const day = Number(date.slice(8));
  // A day that does not exist would be one of the next month.
  if (day > 28 && new Date(date).getUTCDate() !== day) return Number.NaN;
  if (!isInstant) return Date.parse(date) / DAY;
  return Date.parse((text.length > 24 ? text.replace(/(\.\d{3})\d+/, '$1') : text).toUpperCase());
}

/** Calendar months later; the day is cut to the last of the month. NaN beyond the years that JavaScript counts. */
export function addMonths(instant: number, months: number): number {
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months + 1, 0);
  return date.setUTCDate(Math.min(day, date.getUTCDate()));
}

/** The day on which an instant falls, given from when which offset holds. */
export function dayOf(instant: number, zone: readonly number[]): number {
  let at = zone.length - 2;
  while ((zone[at] as number) > instant) at -= 2;
  return Math.floor((instant + (zone[at + 1] as number)) / DAY);
}
