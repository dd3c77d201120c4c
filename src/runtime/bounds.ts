import { ACTION, ASSIGNMENT, INLINE_BITS, INLINE_MASK, OUTCOME, ROLE, rules, sectionNames } from './format.ts';
import { type Entries, misfit, type Sections } from './open.ts';

/** Refuses a file in which any index of any section leads out of bounds, or whose diagrams could be walked for ever. */
export function checkBounds(sections: Sections): void {
  const { meta, cells, cellReasons, nodes, zoneInstants, zoneOffsets, outcomes } = sections;
  // By the letter of a section, from 1.
  const rows = [0];
  for (const name of sectionNames) rows.push(sections[name].length / rules[name].length);
  const leaves = outcomes.length / OUTCOME + 2;
  const fits =
    rows.every(Number.isInteger) &&
    meta.length === rules.meta.length &&
    cells.length === (sections.roles.length / ROLE) * (sections.actions.length / ACTION) &&
    cells.length === cellReasons.length &&
    zoneInstants.length === zoneOffsets.length &&
    nodes.length >= 3 * leaves &&
    sectionNames.every((name, place) => checkColumns(sections[name] as Entries, rules[name], rows, place)) &&
    checkNodes(nodes, leaves, rows[14] as number) &&
    checkMembers(sections);
  if (!fits) throw misfit();
}

/** What `rules` says of the entries of a section. */
function checkColumns(entries: Entries, rule: string, rows: readonly number[], place: number): boolean {
  const { length } = entries;
  const width = rule.length;
  for (let column = 0; column < width; column++) {
    const sign = rule.charCodeAt(column);
    if (sign < 48) continue; // what may be anything, and counts, which are looked at with the column before
    const isRising = rule[column] === '<';
    const isRun = rule[column + 1] === '+';
    const size = isRising ? (rows[place + 2] as number) + 1 : sign < 64 ? sign - 48 : (rows[sign & 31] as number);
    let low = sign > 96 ? -1 : 0;
    let high = size - 1;
    for (let i = column; i < length; i += width) {
      const entry = entries[i] as number;
      if (isRun) high = size - ((entries[i + 1] as number) >>> 0); // of a negative count, less than nothing
      if (entry < low || entry > high) return false;
      if (isRising) low = entry;
    }
  }
  return true;
}

function checkNodes(nodes: Entries, leaves: number, atoms: number): boolean {
  for (let n = leaves; n < nodes.length / 3; n++) {
    const atom = nodes[3 * n] as number;
    if (atom < 0 || atom >= atoms) return false;
    for (let at = 3 * n + 1; at < 3 * n + 3; at++) {
      const child = nodes[at] as number;
      if (child >= n || (child >= leaves && (nodes[3 * child] as number) <= atom)) return false;
    }
  }
  return true;
}

function checkMembers({ names, members, held, assignments, numbers, roles }: Sections): boolean {
  const count = assignments.length / ASSIGNMENT;
  if (count < roles.length / ROLE || names.length < 4) return false;
  // The row of a role's number is the role alone, whatever the time.
  for (let row = 0; row < roles.length / ROLE; row++) {
    const [role, , , from = 0, until = 0] = assignments.subarray(ASSIGNMENT * row);
    if (role !== row || numbers[from] !== Number.NEGATIVE_INFINITY || numbers[until] !== Number.POSITIVE_INFINITY)
      return false;
  }
  // Runs do not overlap, so that all of them together are no longer than `held`.
  const isRun = new Uint8Array(held.length);
  for (let at = 0; at < held.length; ) {
    isRun[at] = 1;
    const header = held[at++] as number;
    const end = at + (header >> 1);
    if (header < 0 || end > held.length) return false;
    for (; at < end; at++) if (!((held[at] as number) >= 0 && (held[at] as number) < count)) return false;
  }
  for (let at = 1; at < names.length; at += 2) {
    const of = names[at] as number;
    const fits =
      of < 0
        ? (~of & INLINE_MASK) < count && ~of >> INLINE_BITS <= count
        : of & 1
          ? isKey(names, of >> 1)
          : of === 0 || isRun[(of >> 1) - 1] === 1;
    if (!fits) return false;
  }
  return members.every((slot) => isKey(names, slot));
}

/** Does a key stand in the slot? */
function isKey(names: Entries, slot: number): boolean {
  const of = names[2 * slot + 1] ?? 0;
  return of < 0 || (of > 0 && (of & 1) === 0);
}
