// In: the name of a time zone.
// Out: its offsets from UTC over the years that policies are about, and instants as its clocks show them.
// Never: asks what time it is.

/** From `instants[i]` on (milliseconds since the epoch; the first is -Infinity) `offsets[i]` is to be added to UTC. */
export interface Offsets {
  readonly instants: readonly number[];
  readonly offsets: readonly number[];
}

const day = 86_400_000;
const first = Date.UTC(1970, 0, 1);
const last = Date.UTC(2100, 0, 1);
/** A day before the last instant that JavaScript counts. */
const furthest = 8.64e15 - day;

/** The offsets of a time zone from 1970 to 2100, as the machine's time zone data say. */
export function offsetsOf(timeZone: string): Offsets {
  const offsetAt = readOffsets(timeZone);
  const instants = [Number.NEGATIVE_INFINITY];
  const offsets = [offsetAt(first)];
  if (timeZone === 'UTC') return { instants, offsets };
  // No zone changed and changed back within four days since 1970.
  for (let at = first; at < last; at += 4 * day) {
    const before = offsetAt(at);
    if (offsetAt(at + 4 * day) === before) continue;
    let [low, high] = [at, at + 4 * day];
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    instants.push(high);
    offsets.push(offsetAt(high));
  }
  return { instants, offsets };
}

/** Says instants as the clocks of the time zone show them: a day where it is its beginning, else with the offset. */
export function clockOf(timeZone: string): (instant: number) => string {
  // Made when somebody asks, which most do not.
  let read: ((instant: number) => number) | null = null;
  return (instant) => {
    if (!Number.isInteger(instant) || Math.abs(instant) > furthest) return `${instant}`;
    read ??= readOffsets(timeZone);
    const offset = read(Math.floor(instant / 1000) * 1000);
    const shown = new Date(instant + offset).toISOString();
    if (shown.endsWith('T00:00:00.000Z')) return shown.slice(0, -14);
    if (offset === 0) return shown.replace(/(:00)?\.000Z$/, 'Z');
    const [hours, minutes] = [Math.floor(Math.abs(offset) / 3_600_000), (Math.abs(offset) / 60_000) % 60];
    // Before there were time zones, clocks were apart by seconds.
    if (!Number.isInteger(minutes)) return new Date(instant).toISOString();
    const two = (number: number) => `${number}`.padStart(2, '0');
    return `${shown.replace(/(:00)?\.000Z$|Z$/, '')}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
  };
}

/** Milliseconds to add to UTC at an instant of a whole second. */
function readOffsets(timeZone: string): (instant: number) => number {
  if (timeZone === 'UTC') return () => 0;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en-US', { ...numeric, ...clock, timeZone, calendar: 'iso8601' });
  const known = new Map<number, number>();
  return (instant) => {
    let offset = known.get(instant);
    if (offset === undefined) {
      const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
      const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
      const date = [part('year'), part('month') - 1, part('day')] as const;
      offset = Date.UTC(...date, part('hour'), part('minute'), part('second')) - instant;
      known.set(instant, offset);
    }
    return offset;
  };
}
