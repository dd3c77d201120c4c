import type { Engine } from './engine.ts';
import { ENTRY_BITS, hashText, INLINE_BITS, INLINE_MASK, MAX_PROBES } from './format.ts';
import type { Sections } from './open.ts';
import type { Row } from './rows.ts';

type Meta = Row<'meta'>;

export const ENTRY_MASK = (1 << ENTRY_BITS) - 1;

/** The member of that key or id; -1 for nobody. */
export function findMember(sections: Sections, { seed, members }: Meta, name: unknown): number {
  if (typeof name !== 'string') return -1;
  const { memberIndex, names, nameUnits } = sections;
  const size = memberIndex.length;
  const hash = hashText(seed, name);
  let at = hash % size;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const found = memberIndex[at] as number;
    if (found === 0) return -1;
    if ((found ^ hash) >>> ENTRY_BITS === 0) {
      const row = (found & ENTRY_MASK) - 1;
      const begin = names[2 * row] as number;
      if ((names[2 * row + 2] as number) - begin === name.length) {
        let i = 0;
        while (i < name.length && nameUnits[begin + i] === name.charCodeAt(i)) i++;
        if (i === name.length) return row < members ? row : (names[2 * row + 1] as number);
      }
    }
    at = at + 1 < size ? at + 1 : 0;
  }
  return -1;
}

/** The row of `names` that is a member's id. */
export function idOf({ names }: Sections, { members }: Meta, member: number): number {
  let low = members;
  let high = (names.length >> 1) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[2 * middle + 1] as number) < member) low = middle + 1;
    else high = middle;
  }
  // Behind the last comes the empty row.
  return low < (names.length >> 1) - 1 && names[2 * low + 1] === member ? low : member;
}

/** What a member holds: rows of `assignments`, and before them whether it is active (1 or 0). */
export function readHeld({ names, held }: Sections, member: number): readonly number[] {
  const of = names[2 * member + 1] as number;
  if (of < 0) {
    const other = (~of >> INLINE_BITS) - 1;
    return other < 0 ? [1, ~of & INLINE_MASK] : [1, ~of & INLINE_MASK, other];
  }
  const header = held[of] as number;
  return [header & 1, ...held.subarray(of + 1, of + 1 + (header >> 1))];
}

/** What an action gives a member whatever the request, read straight from the table; -1 where it is not so simple. */
export function leafOfMember({ sections, walker, width, roleCount }: Engine, member: number, column: number): number {
  const { names, held, cells } = sections;
  const { leaves } = walker;
  const of = names[2 * member + 1] as number;
  // Roles with nothing else have the smallest numbers; settings and dates are read elsewhere.
  if (of < 0) {
    const role = ~of & INLINE_MASK;
    const other = (~of >> INLINE_BITS) - 1;
    if (role >= roleCount || other >= roleCount) return -1;
    const node = cells[role * width + column] as number;
    const second = other < 0 ? 0 : (cells[other * width + column] as number);
    return node >= leaves || second >= leaves ? -1 : node > second ? node : second;
  }
  const header = held[of] as number;
  if ((header & 1) === 0) return -1;
  let best = 0;
  for (let at = of + (header >> 1); at > of; at--) {
    const role = held[at] as number;
    if (role >= roleCount) return -1;
    const node = cells[role * width + column] as number;
    if (node >= leaves) return -1;
    if (node > best) best = node;
  }
  return best;
}
