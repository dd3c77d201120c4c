/** Milliseconds of a day. */
export const DAY = 86_400_000;
/** JavaScript counts instants no further; a day or month of a later one is of the wrong type. */
export const LAST_INSTANT = 8.64e15;
/** `YYYY-MM-DD` reaches from the year 0 to 9999. */
export const FIRST_DAY = -719_528;
export const LAST_DAY = 2_932_896;

/** From `instants[i]` on (the first is minus infinity), UTC and `offsets[i]` milliseconds. */
export interface Zone {
  readonly instants: ArrayLike<number>;
  readonly offsets: ArrayLike<number>;
}

export const UTC: Zone = { instants: [Number.NEGATIVE_INFINITY], offsets: [0] };

const dayShape = /^(\d{4})-(\d\d)-(\d\d)$/;
const instantShape = /^(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** The day number (1970-01-01 is 0) of `YYYY-MM-DD`, or NaN. */
export function parseDay(text: string): number {
  const parts = dayShape.exec(text);
  if (parts === null) return Number.NaN;
  const day = civil(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return formatDay(day) === text ? day : Number.NaN; // otherwise there is no such day
}

/** Milliseconds since the epoch of an RFC 3339 instant, or NaN. */
export function parseInstant(text: string): number {
  const parts = instantShape.exec(text);
  if (parts === null) return Number.NaN;
  const [hour, minute, second] = [Number(parts[2]), Number(parts[3]), Number(parts[4])];
  const [hours, minutes] = [Number(parts[7] ?? 0), Number(parts[8] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || hours > 23 || minutes > 59) return Number.NaN;
  const offset = (hours * 60 + minutes) * (parts[6] === '-' ? -1 : 1);
  const fraction = Number((parts[5] ?? '').slice(0, 3).padEnd(3, '0'));
  return parseDay(parts[1] ?? '') * DAY + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction;
}

export function formatDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, -14);
}

/** RFC 3339; the number itself where no year of four digits is left. */
export function formatInstant(instant: number): string | number {
  if (instant < FIRST_DAY * DAY || instant >= (LAST_DAY + 1) * DAY) return instant;
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

/** Calendar months later; the day is cut to the last of the month. NaN beyond the years that JavaScript counts. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * DAY);
  const total = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  const length = civil(year, month + 1, 1) - civil(year, month, 1);
  return civil(year, month, Math.min(date.getUTCDate(), length));
}

/** The day on which an instant falls in the zone. */
export function dayOf(instant: number, { instants, offsets }: Zone): number {
  let at = instants.length - 1;
  while (at > 0 && (instants[at] ?? 0) > instant) at--;
  return Math.floor((instant + (offsets[at] ?? 0)) / DAY);
}

function civil(year: number, month: number, day: number): number {
  // 400 years have 146,097 days; Date.UTC would take the years 0 to 99 for 1900 to 1999.
  return Date.UTC(year + 400, month - 1, day) / DAY - 146_097;
}
