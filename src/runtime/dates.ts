/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** The day number (1970-01-01 is 0) of `YYYY-MM-DD`, or NaN: the day must exist and nothing may stand around it. */
export function parseDay(text: string): number {
  return text.length === 10 ? dayAt(text) : Number.NaN;
}

/** Milliseconds since the epoch of an RFC 3339 instant with `Z` or an offset, or NaN. Digits below a millisecond are cut. */
export function parseInstant(text: string): number {
  const isTime = isAt(text, 10, 'Tt') && isAt(text, 13, ':') && isAt(text, 16, ':');
  const minutes = numberAt(text, 11, 2, 23) * 60 + numberAt(text, 14, 2, 59);
  const seconds = minutes * 60 + numberAt(text, 17, 2, 59);
  let at = 19;
  let fraction = 0;
  if (isAt(text, at, '.')) {
    let unit = 1000;
    for (at++; numberAt(text, at, 1, 9) >= 0; at++) {
      unit /= 10;
      if (unit >= 1) fraction += unit * numberAt(text, at, 1, 9);
    }
    if (unit === 1000) return Number.NaN;
  }
  return isTime ? dayAt(text) * DAY + seconds * 1000 + fraction - offsetAt(text, at) * 60_000 : Number.NaN;
}

/** Calendar months later; the day is cut to the last of the month. NaN beyond the years that JavaScript counts. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + 1 + months; // `civil` carries what is over December
  return civil(year, month, Math.min(date.getUTCDate(), daysIn(year, month)));
}

/** The day on which an instant falls, given from when which offset holds. */
export function dayOf(instant: number, instants: Float64Array, offsets: Float64Array): number {
  let at = instants.length - 1;
  while ((instants[at] as number) > instant) at--;
  return Math.floor((instant + (offsets[at] as number)) / DAY);
}

function dayAt(text: string): number {
  const year = numberAt(text, 0, 4, 9999);
  const month = numberAt(text, 5, 2, 12);
  const day = numberAt(text, 8, 2, 31);
  const exists = isAt(text, 4, '-') && isAt(text, 7, '-') && month > 0 && day > 0 && day <= daysIn(year, month);
  return exists ? civil(year, month, day) : Number.NaN;
}

/** Minutes east of UTC, or NaN when something else than an offset stands at the end. */
function offsetAt(text: string, at: number): number {
  if (isAt(text, at, 'Zz') && text.length === at + 1) return 0;
  if (!isAt(text, at, '+-') || !isAt(text, at + 3, ':') || text.length !== at + 6) return Number.NaN;
  return (numberAt(text, at + 1, 2, 23) * 60 + numberAt(text, at + 4, 2, 59)) * (isAt(text, at, '+') ? 1 : -1);
}

/** The number that the digits there make, or NaN. */
function numberAt(text: string, at: number, digits: number, max: number): number {
  let number = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = text.charCodeAt(i) - 48;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number <= max ? number : Number.NaN;
}

/** Does one or the other of two characters stand there? */
function isAt(text: string, at: number, characters: string): boolean {
  const unit = text.charCodeAt(at);
  return unit === characters.charCodeAt(0) || unit === characters.charCodeAt(1);
}

function daysIn(year: number, month: number): number {
  return civil(year, month + 1, 1) - civil(year, month, 1);
}

function civil(year: number, month: number, day: number): number {
  // 400 years have 146,097 days; Date.UTC would take the years 0 to 99 for 1900 to 1999.
  return Date.UTC(year + 400, month - 1, day) / DAY - 146_097;
}
