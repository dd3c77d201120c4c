import {
  AT_CHECKSUM,
  AT_DIGEST,
  AT_DIRECTORY,
  BLOCK_BYTES,
  checksum,
  FIRST_ATOM,
  FORMAT,
  INLINE_BITS,
  INLINE_MASK,
  kinds,
  MAGIC,
  MAGIC_END,
  MAX_BYTES,
  SECTIONS,
} from './format.ts';
import { TableError } from './table-error.ts';

/** Entries of rows, as narrow as they are. */
export type Entries = Int8Array | Int16Array | Int32Array;

/** Code units. */
export type Units = Uint8Array | Uint16Array;

/** Views into the file, one a section. */
export type Sections = readonly [
  meta: Entries,
  texts: Entries,
  units: Units,
  nodes: Entries,
  cells: Entries,
  reasons: Entries,
  assignments: Entries,
  held: Entries,
  names: Entries,
  nameUnits: Units,
  members: Entries,
  provenance: Units,
];

/** The whole file, aligned; possibly a copy of what the caller gave. */
export interface OpenFile {
  readonly bytes: Uint8Array;
  readonly sections: Sections;
}

/** Checks the header, the checksum, the directory and every number, and cuts the file into sections. */
export function openFile(input: Uint8Array | ArrayBuffer): OpenFile {
  const bytes = align(input);
  const { buffer, byteOffset, length } = bytes;
  const words = new Int32Array(buffer, byteOffset, length >> 2);
  const [magic = MAGIC, end = MAGIC_END, format = FORMAT, size = MAX_BYTES] = words;
  if (magic !== MAGIC || end !== MAGIC_END) throw new TableError('not-a-table', 'not a Chaperone table');
  if (format !== FORMAT) {
    throw new TableError(
      'format-version',
      `the table has version ${format >>> 0}, this runtime reads version ${FORMAT}`,
    );
  }
  if (size >>> 0 > length) {
    const code = size >>> 0 > MAX_BYTES ? 'unreasonable' : 'truncated';
    throw new TableError(code, `the table ends after ${length} of ${size >>> 0} bytes`);
  }
  try {
    if (size !== length || length % BLOCK_BYTES !== AT_DIGEST || checksum(words) !== words[AT_CHECKSUM >> 2]) fail();
    let at = (AT_DIRECTORY >> 2) + SECTIONS;
    const sections = Array.from(words.subarray(AT_DIRECTORY >> 2, at), (entry) => {
      const section = new (kinds[entry & 7] as (typeof kinds)[number])(buffer, byteOffset + 4 * at, entry >>> 3);
      at += Math.ceil(section.byteLength / 4);
      return section;
    }) as unknown as Sections;
    // Less than a block stands behind the last.
    if ((words.length - at) >>> 0 >= BLOCK_BYTES >> 2) fail();
    checkNumbers(sections);
    return { bytes, sections };
  } catch {
    // Also a section of no known kind, or one that is too long for the memory.
    fail();
  }
}

/** What is no memory, is none of a table. */
function align(input: Uint8Array | ArrayBuffer): Uint8Array<ArrayBuffer> {
  try {
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(input) ? input : new DataView(input);
    const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    return byteOffset % 4 ? bytes.slice() : bytes;
  } catch {
    return new Uint8Array(4);
  }
}

/** Every number must lead where it should, and every walk through a diagram end. */
function checkNumbers([
  meta,
  texts,
  units,
  nodes,
  cells,
  reasons,
  assignments,
  held,
  names,
  nameUnits,
  members,
]: Sections) {
  const [, , leaves = 0, actions = 0, roles = 0, atoms = 0] = meta;
  const count = nodes.length / 3;
  const last = texts.length - 1;
  const rows = assignments.length / 2;
  const slots = names.length / 2 - 1;
  checkBelow(meta, MAX_BYTES);
  if ((nodes.length % 3) + (assignments.length % 2) + (names.length % 2) > 0) fail();
  if (leaves < 2 || count < leaves || last < FIRST_ATOM + atoms || rows < roles || slots < 1) fail();
  if (cells.length !== roles * actions || reasons.length !== cells.length) fail();
  checkBelow(texts, units.length + 1, 0, 1, true);
  checkBelow(names, nameUnits.length + 1, 0, 2, true);
  checkBelow(cells, count);
  checkBelow(reasons, last);
  checkBelow(assignments, roles, 0, 2);
  checkBelow(assignments, last, 1, 2);
  checkBelow(members, slots);
  checkBelow(nodes, atoms, 3 * leaves, 3);
  for (let at = 3 * leaves; at < nodes.length; at++) {
    const row = at - (at % 3);
    const child = nodes[at] as number;
    if (at === row) continue;
    if (child >>> 0 >= row / 3 || (child >= leaves && (nodes[3 * child] as number) <= (nodes[row] as number))) fail();
  }
  // What members hold. A run may begin inside another: whoever reads it reads no further.
  for (let at = 0; at < held.length; ) {
    const end = at + 2 + ((held[at] as number) >>> 1);
    checkBelow(held, slots + 1, at + 1, 1, false, at + 2);
    checkBelow(held, rows, at + 2, 1, false, end);
    at = end;
  }
  // Whom names mean.
  for (let at = 1; at < names.length; at += 2) {
    const of = names[at] as number;
    const isWrong =
      of < 0 ? (~of & INLINE_MASK) >= rows || ~of >> INLINE_BITS > rows : of >> 1 > (of & 1 ? slots - 1 : held.length);
    if (isWrong) fail();
  }
}

/** Entries of a column must be numbers from 0 (rising: from the one above) to below a limit. */
function checkBelow(entries: Entries, limit: number, from = 0, step = 1, isRising = false, to = entries.length): void {
  let low = 0;
  for (let i = from; i < to; i += step) {
    const entry = entries[i] as number;
    if (!(entry >= low && entry < limit)) fail();
    if (isRising) low = entry;
  }
}

function fail(): never {
  throw new TableError('damaged', 'the table is damaged');
}
