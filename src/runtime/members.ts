import { ENTRY_BITS, hashText, MAX_PROBES, WIDE } from './format.ts';
import type { Sections } from './open.ts';
import type { Row } from './rows.ts';

type Meta = Row<'meta'>;

export const ENTRY_MASK = (1 << ENTRY_BITS) - 1;

/** Of the index: 0 for nobody, odd for an id (`entry >> 1` is a row of `memberIds`), even for a key (of `(entry >> 1) - 1`). */
function findEntry(sections: Sections, { seed, firstKey }: Meta, name: string): number {
  const { memberIndex, memberIds, stringOffsets, stringUnits } = sections;
  const size = memberIndex.length;
  const hash = hashText(seed, name);
  let at = hash % size;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const found = memberIndex[at] as number;
    if (found === 0) return 0;
    if ((found ^ hash) >>> ENTRY_BITS === 0) {
      const entry = found & ENTRY_MASK;
      const text = entry & 1 ? (memberIds[entry] as number) : firstKey + (entry >> 1) - 1;
      const start = stringOffsets[text] as number;
      if ((stringOffsets[text + 1] as number) - start === name.length) {
        let i = 0;
        while (i < name.length && stringUnits[start + i] === name.charCodeAt(i)) i++;
        if (i === name.length) return entry;
      }
    }
    at = at + 1 < size ? at + 1 : 0;
  }
  return 0;
}

/** The member of that key or id; -1 for nobody. */
export function findMember(sections: Sections, meta: Meta, name: unknown): number {
  const entry = typeof name === 'string' ? findEntry(sections, meta, name) : 0;
  return entry & 1 ? (sections.memberIds[entry - 1] as number) : (entry >> 1) - 1;
}

/** The text of a member's id. */
export function idOf({ memberIds }: Sections, { firstKey }: Meta, member: number): number {
  let low = 0;
  let high = memberIds.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((memberIds[2 * middle] as number) < member) low = middle + 1;
    else high = middle;
  }
  return memberIds[2 * low] === member ? (memberIds[2 * low + 1] as number) : firstKey + member;
}

/** What stands in `held` from a place on: 2 * assignments + (1 for active), then the numbers of the assignments. */
export function readHeld({ held }: Sections, start: number): readonly number[] {
  const numbers: number[] = [];
  for (let at = start, left = 1; left > 0; left--) {
    const unit = held[at++] as number;
    const number = unit < WIDE ? unit : (unit & ~WIDE) * 65_536 + (held[at++] as number);
    if (numbers.push(number) === 1) left += number >> 1;
  }
  return numbers;
}
