import { INLINE_BITS, INLINE_MASK, layout, type SectionName, sectionNames, shapes } from './format.ts';
import { type Entries, misfit, type Sections } from './open.ts';

/** Refuses a file in which any index of any section leads out of bounds, or whose diagrams could be walked for ever. */
export function checkBounds(sections: Sections): void {
  const rows: Record<string, number> = {};
  for (const name of sectionNames) rows[name] = sections[name].length / shapes[name].width;
  const { roles = 0, actions = 0, outcomes = 0, stringOffsets = 0 } = rows;
  const cells = roles * actions;
  const leaves = outcomes + 2;
  let fits =
    rows.meta === 1 &&
    rows.cells === cells &&
    rows.cellReasons === cells &&
    rows.zoneInstants === rows.zoneOffsets &&
    (rows.nodes as number) >= leaves;
  for (const name of sectionNames) fits &&= Number.isInteger(rows[name]) && checkColumns(name, sections, rows);
  fits &&=
    checkOffsets(sections.stringOffsets, 1, stringOffsets, sections.stringUnits.length) &&
    checkNodes(sections.nodes, leaves, rows.atoms as number) &&
    checkMembers(sections, roles, rows.assignments as number);
  if (!fits) throw misfit();
}

/** What `layout` says of the columns of a section. */
function checkColumns(name: SectionName, sections: Sections, rows: Readonly<Record<string, number>>): boolean {
  const { columns, width } = shapes[name];
  const entries = sections[name];
  for (const { target, sign, at } of columns) {
    if (target === '*') continue;
    const size = target === 'text' ? (rows.stringOffsets as number) - 1 : target === 'bit' ? 2 : Number(target);
    const high = target in layout ? (rows[target] as number) : size;
    const low = sign === '?' ? -1 : 0;
    let count = 1;
    for (let i = at; i < entries.length; i += width) {
      const entry = entries[i] as number;
      if (sign === '+') count = entries[i + 1] as number;
      if (entry < low || count < 0 || entry > high - count) return false;
    }
  }
  return true;
}

/** From 0, rising, to the end. */
function checkOffsets(offsets: Entries, width: number, count: number, end: number): boolean {
  let last = 0;
  for (let i = 0; i < count; i++) {
    const offset = offsets[i * width] as number;
    if (offset < last) return false;
    last = offset;
  }
  return offsets[0] === 0 && last === end;
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

function checkMembers(sections: Sections, roles: number, assignments: number): boolean {
  const { names, nameUnits, members, memberIds, held } = sections;
  const slots = (names.length >> 1) - 1;
  if (assignments < roles || slots < 1 || !checkOffsets(names, 2, slots + 1, nameUnits.length)) return false;
  // Runs do not overlap, so that all of them together are no longer than `held`.
  const isRun = new Uint8Array(held.length);
  let room = held.length;
  for (let slot = 0; slot < slots; slot++) {
    const of = names[2 * slot + 1] as number;
    if (of < 0) {
      if ((~of & INLINE_MASK) >= assignments || ~of >> INLINE_BITS > assignments) return false;
    } else if (of & 1) {
      if (!isKey(names, of >> 1, slots)) return false;
    } else if (of > 0 && isRun[(of >> 1) - 1] !== 1) {
      const run = of >> 1;
      isRun[run - 1] = 1;
      // Behind the end there are no entries: undefined makes NaN, which is neither above nor below anything.
      const header = held[run - 1] as number;
      room -= (header >> 1) + 1;
      if (!(header >= 0) || room < 0) return false;
      for (let at = run; at < run + (header >> 1); at++) {
        const row = held[at] as number;
        if (!(row >= 0 && row < assignments)) return false;
      }
    }
  }
  for (let i = 0; i < members.length; i++) if (!isKey(names, members[i] as number, slots)) return false;
  for (let i = 0; i < memberIds.length; i += 2) {
    const id = memberIds[i + 1] as number;
    if (!isKey(names, memberIds[i] as number, slots) || id < 0 || id >= slots) return false;
  }
  return true;
}

/** Does a key stand in the slot? */
function isKey(names: Entries, slot: number, slots: number): boolean {
  const of = names[2 * slot + 1] as number;
  return slot >= 0 && slot < slots && (of < 0 || (of > 0 && (of & 1) === 0));
}
