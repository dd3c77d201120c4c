import { hashText, MAX_PROBES, shapes } from './format.ts';
import type { Sections } from './open.ts';

/** Of the index: 0 for nobody, else odd for an id (`entry >> 1` is a row of `memberIds`), even for a key (`(entry >> 1) - 1` a member). */
function findEntry(
  { memberIndex, members, memberIds, stringOffsets, stringUnits }: Sections,
  seed: number,
  name: string,
): number {
  const size = memberIndex.length;
  for (let probe = 0, at = hashText(seed, name) % size; probe < MAX_PROBES; probe++, at = at + 1 < size ? at + 1 : 0) {
    const entry = memberIndex[at] as number;
    if (entry === 0) return 0;
    const text = (entry & 1 ? memberIds[entry] : members[entry - 2]) as number;
    let unit = stringOffsets[text] as number;
    if ((stringOffsets[text + 1] as number) - unit !== name.length) continue;
    let i = 0;
    while (i < name.length && stringUnits[unit++] === name.charCodeAt(i)) i++;
    if (i === name.length) return entry;
  }
  return 0;
}

/** The member of that key or id; -1 for nobody. */
export function findMember(sections: Sections, seed: number, name: unknown): number {
  const entry = typeof name === 'string' ? findEntry(sections, seed, name) : 0;
  return entry & 1 ? (sections.memberIds[entry - 1] as number) : (entry >> 1) - 1;
}

/** The text of a member's id. */
export function idOf({ members, memberIds }: Sections, member: number): number {
  let low = 0;
  let high = memberIds.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((memberIds[2 * middle] as number) < member) low = middle + 1;
    else high = middle;
  }
  const [at = -1, id = 0] = memberIds.subarray(2 * low);
  return at === member ? id : (members[member * shapes.members.width] as number);
}
