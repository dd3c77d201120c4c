/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** `YYYY-MM-DD`, and behind it perhaps what makes it an RFC 3339 instant. */
const PATTERN =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/i;

/** The day number (1970-01-01 is 0) of `YYYY-MM-DD`, or NaN: the day must exist and nothing may stand around it. */
export function parseDay(text: string): number {
  return text.length === 10 ? dayAt(text) : Number.NaN;
}

/** Milliseconds since the epoch of an RFC 3339 instant with `Z` or an offset, or NaN. Digits below a millisecond are cut. */
export function parseInstant(text: string): number {
  const { length } = text;
  // Of anything else, whatever these come to, there is no day.
  const day = length > 10 ? dayAt(text) : Number.NaN;
  let fraction = 0;
  for (let at = 20, unit = 100; text[19] === '.' && unit >= 1; at++, unit /= 10) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    fraction += unit * digit;
  }
  const sign = text[length - 6] === '+' ? 1 : text[length - 6] === '-' ? -1 : 0;
  const minutes = timeAt(text, 11) - sign * timeAt(text, length - 5);
  return day * DAY + minutes * 60_000 + pairAt(text, 17) * 1000 + fraction;
}

/** Calendar months later; the day is cut to the last of the month. NaN beyond the years that JavaScript counts. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + 1 + months; // `civil` carries what is over December
  return Math.min(civil(year, month, date.getUTCDate()), civil(year, month + 1, 0));
}

/** The day on which an instant falls, given from when which offset holds. */
export function dayOf(instant: number, instants: Float64Array, offsets: Float64Array): number {
  let at = instants.length - 1;
  while ((instants[at] as number) > instant) at--;
  return Math.floor((instant + (offsets[at] as number)) / DAY);
}

function dayAt(text: string): number {
  if (!PATTERN.test(text)) return Number.NaN;
  const year = 100 * pairAt(text, 0) + pairAt(text, 2);
  const month = pairAt(text, 5);
  const day = civil(year, month, pairAt(text, 8));
  return day < civil(year, month + 1, 1) ? day : Number.NaN;
}

/** Minutes of `HH:MM`. */
function timeAt(text: string, at: number): number {
  return 60 * pairAt(text, at) + pairAt(text, at + 3);
}

/** The number that two digits make. */
function pairAt(text: string, at: number): number {
  return 10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 528;
}

function civil(year: number, month: number, day: number): number {
  // 400 years have 146,097 days; Date.UTC would take the years 0 to 99 for 1900 to 1999.
  return Date.UTC(year + 400, month - 1, day) / DAY - 146_097;
}
