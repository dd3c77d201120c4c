import type { Atom } from '../lower/diagrams.ts';
import { offsetsOf } from '../zone/index.ts';

/** Does any of the atoms ask for the day of an instant? */
export function needsZone(atoms: readonly Atom[]): boolean {
  return atoms.some(({ left, right }) => [left, right].some((side) => side?.kind === 'term' && side.isDay));
}

/** When which offset of the practice's time zone holds, from 1970 to 2100; nothing when no atom asks for a day. */
export function layZone(atoms: readonly Atom[], timeZone: string) {
  if (!needsZone(atoms)) return { zoneInstants: [], zoneOffsets: [] };
  const { instants, offsets } = offsetsOf(timeZone);
  return { zoneInstants: instants, zoneOffsets: offsets };
}
