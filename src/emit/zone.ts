import type { Atom } from '../lower/diagrams.ts';
import { ZONE } from '../runtime/format.ts';
import { offsetsOf } from '../zone/index.ts';
import type { Pool } from './pool.ts';

/** Does any of the atoms ask for the day of an instant? */
export function needsZone(atoms: readonly Atom[]): boolean {
  return atoms.some(({ left, right }) => [left, right].some((side) => side?.kind === 'term' && side.isDay));
}

/** The first instant that JavaScript counts. */
const FIRST = -8.64e15;

/** Puts in when which offset of the practice's time zone holds, from 1970 to 2100; nothing when no atom asks for a day. */
export function layZone(pool: Pool, atoms: readonly Atom[], timeZone: string): void {
  const { instants, offsets } = needsZone(atoms) ? offsetsOf(timeZone) : { instants: [], offsets: [] };
  const pairs = Array.from(instants, (instant, index) => [Math.max(instant, FIRST), offsets[index] ?? 0]);
  pool.set(ZONE, pairs.flat());
}
