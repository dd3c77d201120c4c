import type { Engine } from './engine.ts';
import { hashText, INLINE_BITS, INLINE_MASK, MAX_PROBES } from './format.ts';
import type { Sections } from './open.ts';

// A member is the slot of its key.

/** The member of that key or id; -1 for nobody. */
export function findMember({ names, nameUnits }: Sections, seed: number, name: unknown): number {
  if (typeof name !== 'string') return -1;
  const { length } = name;
  const end = names.length - 2;
  let at = 2 * (hashText(seed, name) % (end >> 1));
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const of = names[at + 1] as number;
    if (of === 0) return -1;
    const begin = names[at] as number;
    if ((names[at + 2] as number) - begin === length) {
      // Names that were numbered differ at their end.
      let i = length - 1;
      while (i >= 0 && nameUnits[begin + i] === name.charCodeAt(i)) i--;
      if (i < 0) return of > 0 && of & 1 ? of >> 1 : at >> 1;
    }
    at = at + 2 < end ? at + 2 : 0;
  }
  return -1;
}

/** The slot of a member's id. */
export function idOf({ memberIds }: Sections, member: number): number {
  let low = 0;
  let high = memberIds.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((memberIds[2 * middle] as number) < member) low = middle + 1;
    else high = middle;
  }
  return memberIds[2 * low] === member ? (memberIds[2 * low + 1] as number) : member;
}

/** What a member holds: rows of `assignments`, and before them whether it is active (1 or 0). */
export function readHeld({ names, held }: Sections, member: number): readonly number[] {
  const of = names[2 * member + 1] as number;
  if (of < 0) return ~of > INLINE_MASK ? [1, ~of & INLINE_MASK, (~of >> INLINE_BITS) - 1] : [1, ~of];
  const run = of >> 1;
  const header = held[run - 1] as number;
  return [header & 1, ...held.subarray(run, run + (header >> 1))];
}

/** Does an action allow a member something, whatever the request: 1 or 0, and -1 where it is not so simple. */
export function allowsMember(world: Engine, member: number, column: number): number {
  const { names, held } = world.sections;
  const of = names[2 * member + 1] as number;
  if (of < 0) {
    const one = answerOf(world, ~of & INLINE_MASK, column);
    return ~of > INLINE_MASK ? join(one, answerOf(world, (~of >> INLINE_BITS) - 1, column)) : one;
  }
  const run = of >> 1;
  const header = held[run - 1] as number;
  let allows = header & 1 ? 0 : -1;
  for (let i = 0; i < header >> 1 && allows >= 0; i++) {
    allows = join(allows, answerOf(world, held[run + i] as number, column));
  }
  return allows;
}

function join(one: number, other: number): number {
  return one < 0 || other < 0 ? -1 : one | other;
}

/** Of an assignment. Kept in two bits a cell, since the cells of many roles do not fit into the cache of a processor. */
function answerOf({ sections, answers, leaves, width, roleCount }: Engine, row: number, column: number): number {
  // Roles with nothing else have the smallest numbers; settings and dates are read elsewhere.
  if (row >= roleCount) return -1;
  const cell = row * width + column;
  const at = 2 * (cell & 3);
  const known = ((answers[cell >> 2] as number) >> at) & 3;
  if (known > 0) return known - 2;
  const node = sections.cells[cell] as number;
  const answer = node >= leaves ? -1 : Math.min(node, 1);
  answers[cell >> 2] = (answers[cell >> 2] as number) | ((answer + 2) << at);
  return answer;
}
