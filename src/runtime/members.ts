import { CELLS, HELD, hashText, INLINE_BITS, INLINE_MASK, MAX_PROBES, META, NAME_UNITS, NAMES } from './format.ts';
import type { Sections } from './open.ts';
import type { World } from './world.ts';

/** The slot of the key of the member with that key or id; -1 for nobody. */
export function findMember(sections: Sections, name: unknown): number {
  if (typeof name !== 'string') return -1;
  const names = sections[NAMES];
  const units = sections[NAME_UNITS];
  const { length } = name;
  const end = names.length - 2;
  let at = 2 * (hashText(sections[META][0] as number, name) % (end >> 1));
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const of = names[at + 1] as number;
    if (of === 0) return -1;
    const begin = names[at] as number;
    if ((names[at + 2] as number) - begin === length) {
      // Names that were numbered differ at their end.
      let i = length;
      while (i > 0 && units[begin + i - 1] === name.charCodeAt(i - 1)) i--;
      if (i === 0) return of > 0 && of & 1 ? of >> 1 : at >> 1;
    }
    at = at + 2 < end ? at + 2 : 0;
  }
  return -1;
}

/** What stands for a key in the section of names: whether active (1 or 0), the slot of the id + 1, rows of assignments. */
export function readHeld(sections: Sections, of: number): readonly number[] {
  if (of < 0) return ~of > INLINE_MASK ? [1, 0, ~of & INLINE_MASK, (~of >> INLINE_BITS) - 1] : [1, 0, ~of];
  const held = sections[HELD];
  const run = of >> 1;
  const header = held[run - 1] as number;
  return [header & 1, ...held.subarray(run, run + 1 + (header >> 1))];
}

/** Does an action allow a member something, whatever the request: 1 or 0, and -1 where it is not so simple. */
export function allowsMember(world: World, of: number, column: number): number {
  if (of < 0) {
    const one = answerOf(world, ~of & INLINE_MASK, column);
    return ~of > INLINE_MASK ? join(one, answerOf(world, (~of >> INLINE_BITS) - 1, column)) : one;
  }
  const held = world.sections[HELD];
  const run = of >> 1;
  const header = held[run - 1] as number;
  let allows = header & 1 ? 0 : -1;
  for (let i = 1; i <= header >> 1 && allows >= 0; i++) {
    allows = join(allows, answerOf(world, held[run + i] as number, column));
  }
  return allows;
}

function join(one: number, other: number): number {
  return one < 0 || other < 0 ? -1 : one | other;
}

/** Of an assignment. Kept in two bits a cell, since the cells of many roles do not fit into the cache of a processor. */
function answerOf({ sections, answers, leaves, width, roles }: World, row: number, column: number): number {
  // Roles with nothing else have the smallest numbers; settings and dates are read elsewhere.
  if (!(row < roles)) return -1;
  const cell = row * width + column;
  const at = 2 * (cell & 3);
  const known = ((answers[cell >> 2] as number) >> at) & 3;
  if (known > 0) return known - 2;
  const node = sections[CELLS][cell] as number;
  const answer = node >= leaves ? -1 : Math.min(node, 1);
  answers[cell >> 2] = (answers[cell >> 2] as number) | ((answer + 2) << at);
  return answer;
}
