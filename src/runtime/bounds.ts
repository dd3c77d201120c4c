import { layout, type SectionName, sectionNames, shapes, WIDE } from './format.ts';
import { ENTRY_MASK } from './members.ts';
import { misfit, type Sections } from './open.ts';

/** Refuses a file in which any index of any section leads out of bounds, or whose diagrams could be walked for ever. */
export function checkBounds(sections: Sections): void {
  const rows = (name: SectionName) => sections[name].length / shapes[name].width;
  const nodes = rows('nodes');
  const cells = rows('roles') * rows('actions');
  const index = rows('memberIndex');
  const expected: Partial<Record<SectionName, number>> = {
    meta: 1,
    cells,
    cellReasons: cells,
    zoneOffsets: rows('zoneInstants'),
  };
  const leaves = rows('outcomes') + 2;
  if (nodes < leaves || index < 1) throw misfit();
  checkTexts(sections);
  for (const name of sectionNames) {
    if (!Number.isInteger(rows(name)) || (expected[name] ?? rows(name)) !== rows(name)) throw misfit();
    checkColumns(name, sections, rows);
  }
  checkNodes(sections.nodes, leaves, rows('atoms'));
  checkValues(sections, rows('values'));
  checkMembers(sections, rows('roles'), rows('assignments'));
}

function checkTexts({ stringOffsets, stringUnits }: Sections): void {
  let last = 0;
  for (let i = 0; i < stringOffsets.length; i++) {
    const offset = stringOffsets[i] as number;
    if (offset < last) throw misfit();
    last = offset;
  }
  if (stringOffsets[0] !== 0 || last !== stringUnits.length) throw misfit();
}

/** What `layout` says of the columns of a section. */
function checkColumns(name: SectionName, sections: Sections, rows: (name: SectionName) => number): void {
  const { columns, width } = shapes[name];
  for (const { target, sign, at } of columns) {
    if (target === '*') continue;
    const size = { text: sections.stringOffsets.length - 1, bit: 2 }[target];
    const high = size ?? (target in layout ? rows(target as SectionName) : Number(target));
    const entries = sections[name] as Int32Array;
    if (sign !== '+') checkColumn(entries, at, width, sign === '?' ? -1 : 0, high);
    else {
      checkColumn(entries, at, width, 0, high + 1);
      for (let i = at; i < entries.length; i += width) {
        const count = entries[i + 1] as number;
        if (count < 0 || count > high - (entries[i] as number)) throw misfit();
      }
    }
  }
}

function checkColumn(entries: Int32Array, at: number, width: number, low: number, high: number): void {
  for (let i = at; i < entries.length; i += width) {
    const entry = entries[i] as number;
    if (entry < low || entry >= high) throw misfit();
  }
}

function checkNodes(nodes: Int32Array, leaves: number, atoms: number): void {
  for (let n = leaves; n < nodes.length / 3; n++) {
    const atom = nodes[3 * n] as number;
    const low = nodes[3 * n + 1] as number;
    const high = nodes[3 * n + 2] as number;
    const isInOrder =
      low < n &&
      high < n &&
      (low < leaves || (nodes[3 * low] as number) > atom) &&
      (high < leaves || (nodes[3 * high] as number) > atom);
    if (!isInOrder || atom < 0 || atom >= atoms) throw misfit();
  }
}

/** What a value says about its place depends on its kind. */
function checkValues({ values, numbers, lists, stringOffsets }: Sections, count: number): void {
  const sizes = [0, 0, numbers.length, stringOffsets.length - 1, numbers.length, lists.length, 0];
  for (let i = 0; i < count; i++) {
    const [kind = 0, first = 0, length = 0] = values.subarray(3 * i, 3 * i + 3);
    const size = sizes[kind] as number;
    const isOne = kind === 2 || kind === 3;
    if (first < 0 || length < 0 || first > size - (isOne ? 1 : length)) throw misfit();
  }
}

function checkMembers(sections: Sections, roles: number, assignments: number): void {
  const { memberIndex, members, memberIds, held, meta, stringOffsets } = sections;
  const [firstKey = 0] = meta.subarray(6);
  if (assignments < roles || firstKey < 0 || firstKey > stringOffsets.length - 1 - members.length) throw misfit();
  // Runs do not overlap, so that all of them together are no longer than `held`.
  const isRun = new Uint8Array(held.length);
  let room = held.length;
  for (let i = 0; i < members.length; i++) {
    const start = members[i] as number;
    if (isRun[start] === 1) continue;
    isRun[start] = 1;
    let at = start;
    // The header, then as many assignments. Behind the end there are no units: NaN is neither above nor below anything.
    for (let left = -1; left !== 0; left--) {
      const unit = held[at++] as number;
      const number = unit < WIDE ? unit : (unit & ~WIDE) * 65_536 + (held[at++] as number);
      if (left < 0 ? !(number >= 0) : !(number < assignments)) throw misfit();
      if (left < 0) left = (number >> 1) + 1;
    }
    room -= at - start;
    if (room < 0) throw misfit();
  }
  for (let i = 0; i < memberIndex.length; i++) {
    const entry = (memberIndex[i] as number) & ENTRY_MASK;
    if (entry >> 1 > members.length || (entry & 1 && entry >= memberIds.length)) throw misfit();
  }
}
