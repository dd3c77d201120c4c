/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** The day number (1970-01-01 is 0) of `YYYY-MM-DD`, or NaN: the day must exist and nothing may stand around it. */
export function parseDay(text: string): number {
  return text.length === 10 ? dayAt(text) : Number.NaN;
}

/** Milliseconds since the epoch of an RFC 3339 instant with `Z` or an offset, or NaN. Digits below a millisecond are cut. */
export function parseInstant(text: string): number {
  const day = dayAt(text);
  const t = text.charCodeAt(10);
  if ((t !== 84 && t !== 116) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return Number.NaN;
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  let at = 19;
  let fraction = 0;
  if (text.charCodeAt(at) === 46) {
    const first = ++at;
    let unit = 100;
    for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
      fraction += digit * unit;
      unit = unit > 1 ? unit / 10 : 0;
    }
    if (at === first) return Number.NaN;
  }
  const offset = offsetAt(text, at);
  return day * DAY + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction;
}

/** Calendar months later; the day is cut to the last of the month. NaN beyond the years that JavaScript counts. */
export function addMonths(day: number, months: number): number {
  const date = new Date(day * DAY);
  const total = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  return civil(year, month, Math.min(date.getUTCDate(), daysIn(year, month)));
}

/** The day on which an instant falls, given from when which offset holds. */
export function dayOf(instant: number, instants: Float64Array, offsets: Float64Array): number {
  let low = 0;
  let high = instants.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((instants[middle] as number) <= instant) low = middle;
    else high = middle - 1;
  }
  return Math.floor((instant + (offsets[low] as number)) / DAY);
}

function dayAt(text: string): number {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return Number.NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return Number.NaN;
  return civil(year, month, day);
}

/** Minutes east of UTC, or NaN when something else than an offset stands at the end. */
function offsetAt(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === 90 || sign === 122) return text.length === at + 1 ? 0 : Number.NaN;
  if ((sign !== 43 && sign !== 45) || text.length !== at + 6 || text.charCodeAt(at + 3) !== 58) return Number.NaN;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (!(hours < 24 && minutes < 60)) return Number.NaN;
  return (sign === 43 ? 1 : -1) * (hours * 60 + minutes);
}

function digits(text: string, at: number, count: number): number {
  let number = 0;
  for (let i = at; i < at + count; i++) {
    const digit = digitAt(text, i);
    if (digit < 0) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

function civil(year: number, month: number, day: number): number {
  // 400 years have 146,097 days; Date.UTC would take the years 0 to 99 for 1900 to 1999.
  return Date.UTC(year + 400, month - 1, day) / DAY - 146_097;
}
