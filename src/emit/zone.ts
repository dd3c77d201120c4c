import { InternalError } from '../diagnostics/index.ts';
import type { Atom } from '../lower/diagrams.ts';

const first = Date.UTC(1970, 0, 1);
const last = Date.UTC(2100, 0, 1);
const day = 86_400_000;

/** Does any of the atoms ask for the day of an instant? */
export function needsZone(atoms: readonly Atom[]): boolean {
  return atoms.some(({ left, right }) => [left, right].some((side) => side?.kind === 'term' && side.isDay));
}

/** When which offset of the practice's time zone holds, from 1970 to 2100; nothing when no atom asks for a day. */
export function layZone(atoms: readonly Atom[], timeZone: string) {
  if (!needsZone(atoms)) return { zoneInstants: [], zoneOffsets: [] };
  const offsetAt = readOffsets(timeZone);
  const zoneInstants = [Number.NEGATIVE_INFINITY];
  const zoneOffsets = [offsetAt(first)];
  // No zone changed and changed back within four days since 1970.
  for (let at = first; at < last; at += 4 * day) {
    const before = offsetAt(at);
    if (offsetAt(at + 4 * day) === before) continue;
    let low = at;
    let high = at + 4 * day;
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    zoneInstants.push(high);
    zoneOffsets.push(offsetAt(high));
  }
  return { zoneInstants, zoneOffsets };
}

/** Milliseconds to add to UTC at an instant of a whole second, as the machine's time zone data say. */
function readOffsets(timeZone: string): (instant: number) => number {
  if (timeZone === 'UTC') return () => 0;
  let format: Intl.DateTimeFormat;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  try {
    format = new Intl.DateTimeFormat('en-US', { ...numeric, ...clock, timeZone, calendar: 'iso8601' });
  } catch {
    throw new InternalError(`there is no time zone ${timeZone}`);
  }
  const known = new Map<number, number>();
  return (instant) => {
    let offset = known.get(instant);
    if (offset === undefined) {
      const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
      const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
      const local = Date.UTC(
        part('year'),
        part('month') - 1,
        part('day'),
        part('hour'),
        part('minute'),
        part('second'),
      );
      offset = local - instant;
      known.set(instant, offset);
    }
    return offset;
  };
}
