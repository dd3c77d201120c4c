import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  AT_CHECKSUM,
  AT_DIRECTORY,
  AT_LENGTH,
  checksum,
  kinds,
  lengthOf,
  MEMBERS,
  PROVENANCE,
  SECTIONS,
} from '../runtime/format.ts';
import { type LoadOptions, loadTable, type Table } from '../runtime/index.ts';

/** Less is not worth packing. */
const LEAST = 1_024;

/** Bytes besides the file, as measured in Node 20: views and maps of a table, a member who has asked, a test of an atom. */
const PER_TABLE = 9_000;
const PER_MEMBER = 600;
const PER_ATOM = 16;

/** Bytes of what explains, once parsed, for each byte of its JSON. The runtime keeps that as long as the table. */
const PER_EXPLAINED = 4;

/** The runtime remembers members of practices smaller than this. */
const MOST_KEPT = 4_096;

export interface PackedTable {
  readonly table: Table;
  /** Memory that it takes once all its members have asked, about. */
  readonly bytes: number;
}

/**
 * Loads a table like `loadTable`, with the same checks, and answers the same; but the provenance, which is much of a small
 * clinic's file and seldom asked for, is kept deflated, and inflated when somebody asks why; from then on the table takes
 * more memory, of which `onMore` hears. The bytes are copied.
 */
export function loadPacked(
  file: Uint8Array,
  options: LoadOptions,
  onMore: (table: Table, bytes: number) => void,
): PackedTable {
  const { bytes, sections } = loadTable(file, options).world;
  const { byteLength, byteOffset } = sections[PROVENANCE];
  if (byteLength < LEAST || PROVENANCE !== SECTIONS - 1) {
    const table = loadTable(new Uint8Array(file), options);
    return { table, bytes: weigh(table, file.length) };
  }
  const start = byteOffset - bytes.byteOffset;
  const last = file.subarray(start, start + byteLength);
  // A copy: what zlib gives lies in a buffer of 16 KiB.
  const explanations = new Uint8Array(deflateRawSync(last, { level: 1 }));
  const kept = replaceLast(file, start, new Uint8Array());
  const table = loadTable(kept, options);
  let unpacked: WeakRef<Uint8Array> | null = null;
  const unpack = () => {
    if (unpacked === null) onMore(table, PER_EXPLAINED * byteLength);
    const bytes = unpacked?.deref() ?? inflateRawSync(explanations);
    unpacked = new WeakRef(bytes);
    return bytes;
  };
  // No other place knows that this section is packed.
  Object.defineProperty(table.world.provenance, 'units', { get: unpack });
  const verify = () => loadTable(replaceLast(kept, start, inflateRawSync(explanations))).verify();
  return { table: Object.assign(table, { verify }), bytes: weigh(table, kept.length + explanations.length) };
}

/** Where the directory speaks of the last section. */
const atLast = AT_DIRECTORY + (SECTIONS - 1) * 4;

/** A copy of a file with another last section, as the loader takes it: only the digest is that of the file before. */
function replaceLast(file: Uint8Array, start: number, last: Uint8Array): Uint8Array {
  const copy = new Uint8Array(lengthOf(start + last.length));
  copy.set(file.subarray(0, start));
  copy.set(last, start);
  const words = new Int32Array(copy.buffer);
  const kind = (words[atLast >> 2] as number) & 7;
  words[atLast >> 2] = kind + (8 * last.length) / (kinds[kind]?.BYTES_PER_ELEMENT ?? 1);
  words[AT_LENGTH >> 2] = copy.length;
  words[AT_CHECKSUM >> 2] = checksum(words);
  return copy;
}

function weigh({ world: { sections, tests } }: Table, bytes: number): number {
  const members = sections[MEMBERS].length;
  return bytes + PER_TABLE + tests.length * PER_ATOM + (members < MOST_KEPT ? members * PER_MEMBER : 0);
}
