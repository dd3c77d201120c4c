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
  const { length } = bytes;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, length >> 2);
  const [magic = MAGIC, end = MAGIC_END, format = FORMAT, size = MAX_BYTES] = words;
  if (magic !== MAGIC || end !== MAGIC_END) throw notATable();
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
  const isWhole = size === length && length % BLOCK_BYTES === AT_DIGEST && checksum(words) === words[AT_CHECKSUM >> 2];
  const sections = isWhole ? cut(bytes, words) : null;
  if (!sections || !isSound(sections)) throw new TableError('damaged', 'the table is damaged');
  return { bytes, sections };
}

function notATable(): TableError {
  return new TableError('not-a-table', 'not a Chaperone table');
}

function align(input: Uint8Array | ArrayBuffer): Uint8Array {
  try {
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(input) ? input : new DataView(input);
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return byteOffset % 4 === 0 ? bytes : bytes.slice();
  } catch {
    throw notATable();
  }
}

/** Null where a section is of no known kind or does not end in the file, or much stands behind the last. */
function cut(bytes: Uint8Array, words: Int32Array): Sections | null {
  const sections: unknown[] = [];
  let end = AT_DIRECTORY + 4 * SECTIONS;
  for (let at = AT_DIRECTORY >> 2; sections.length < SECTIONS; at++) {
    const entry = words[at] as number;
    const View = kinds[entry & 7];
    const size = (entry >>> 3) * (View?.BYTES_PER_ELEMENT ?? Number.NaN);
    if (!View || size > bytes.length - end) return null;
    sections.push(new View(bytes.buffer as ArrayBuffer, bytes.byteOffset + end, entry >>> 3));
    end += (size + 3) & ~3;
  }
  return bytes.length - end < BLOCK_BYTES ? (sections as unknown as Sections) : null;
}

/** Does every number lead where it should, and every walk through a diagram end? */
function isSound([meta, texts, units, nodes, cells, reasons, assignments, held, names, nameUnits, members]: Sections) {
  const [, , leaves = 0, actions = 0, roles = 0, atoms = 0] = meta;
  const last = texts.length - 1;
  const rows = assignments.length / 2;
  const slots = names.length / 2 - 1;
  return (
    (nodes.length % 3) + (assignments.length % 2) + (names.length % 2) === 0 &&
    leaves > 1 &&
    nodes.length >= 3 * leaves &&
    last >= FIRST_ATOM + atoms &&
    rows >= roles &&
    slots > 0 &&
    cells.length === roles * actions &&
    reasons.length === cells.length &&
    isRising(texts, 1, units.length) &&
    isRising(names, 2, nameUnits.length) &&
    areBelow(meta, 0, 1, MAX_BYTES) &&
    areBelow(cells, 0, 1, nodes.length / 3) &&
    areBelow(reasons, 0, 1, last) &&
    areBelow(assignments, 0, 2, roles) &&
    areBelow(assignments, 1, 2, last) &&
    areBelow(members, 0, 1, slots) &&
    areDiagrams(nodes, leaves, atoms) &&
    areHeld(names, held, slots, rows)
  );
}

function areBelow(entries: Entries, from: number, step: number, limit: number): boolean {
  for (let i = from; i < entries.length; i += step) if ((entries[i] as number) >>> 0 >= limit) return false;
  return true;
}

function isRising(entries: Entries, step: number, limit: number): boolean {
  let low = 0;
  for (let i = 0; i < entries.length; i += step) {
    const entry = entries[i] as number;
    if (entry < low || entry > limit) return false;
    low = entry;
  }
  return true;
}

function areDiagrams(nodes: Entries, leaves: number, atoms: number): boolean {
  for (let at = 3 * leaves; at < nodes.length; at += 3) {
    const atom = nodes[at] as number;
    if (atom >>> 0 >= atoms) return false;
    for (let side = at + 1; side < at + 3; side++) {
      const child = nodes[side] as number;
      if (child >>> 0 >= at / 3 || (child >= leaves && (nodes[3 * child] as number) <= atom)) return false;
    }
  }
  return true;
}

/** What members hold, and whom their names mean. A run may begin inside another: whoever reads it reads no further. */
function areHeld(names: Entries, held: Entries, slots: number, rows: number): boolean {
  let end = 0;
  for (let at = 0; at < held.length; at++) {
    const entry = (held[at] as number) >>> 0;
    if (at === end) {
      end += 2 + (entry >>> 1);
      if ((held[++at] as number) >>> 0 > slots) return false;
    } else if (entry >= rows) return false;
  }
  if (end !== held.length) return false;
  for (let at = 1; at < names.length; at += 2) {
    const of = names[at] as number;
    const fits =
      of < 0 ? (~of & INLINE_MASK) < rows && ~of >> INLINE_BITS <= rows : of >> 1 <= (of & 1 ? slots - 1 : held.length);
    if (!fits) return false;
  }
  return true;
}
