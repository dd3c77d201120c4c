import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  AT_CHECKSUM,
  AT_DIRECTORY,
  AT_LENGTH,
  checksum,
  ENTRY_BYTES,
  type SectionName,
  sectionNames,
  shapes,
} from '../runtime/format.ts';
import { type LoadOptions, loadTable, type Table } from '../runtime/index.ts';

/** What explains decisions, in JSON: four fifths of a small clinic's file, and seldom asked for. */
const packed: SectionName = 'provenance';

/** Less is not worth packing. */
const LEAST = 1_024;

/** Bytes besides the file, as measured in Node 20: views and maps of a table, a member who has asked, a test of an atom. */
const PER_TABLE = 9_000;
const PER_MEMBER = 600;
const PER_ATOM = 16;

/** Bytes of what explains, once parsed, for each byte of its JSON. The runtime keeps that as long as the table. */
const PER_EXPLAINED = 2.5;

/** The runtime remembers members of practices smaller than this. */
const MOST_KEPT = 4_096;

export interface PackedTable {
  readonly table: Table;
  /** Memory that it takes once all its members have asked, about. */
  readonly bytes: number;
}

/**
 * Loads a table like `loadTable`, with the same checks, and answers the same; but what only explains is kept deflated, and
 * inflated when somebody asks why; from then on the table takes more memory, of which `onMore` hears. The bytes are copied.
 */
export function loadPacked(
  file: Uint8Array,
  options: LoadOptions,
  onMore: (table: Table, bytes: number) => void,
): PackedTable {
  const { byteLength } = loadTable(file, options).engine.sections[packed];
  if (byteLength < LEAST || sectionNames.at(-1) !== packed) {
    const table = loadTable(new Uint8Array(file), options);
    return { table, bytes: weigh(table, file.length) };
  }
  const start = file.length - align8(byteLength);
  // A copy: what zlib gives lies in a buffer of 16 KiB.
  const explanations = new Uint8Array(deflateRawSync(file.subarray(start), { level: 1 }));
  const kept = new Uint8Array(file.subarray(0, start));
  const words = new Uint32Array(kept.buffer);
  words[lengthOfLast] = 0;
  words[AT_LENGTH >> 2] = start;
  words[AT_CHECKSUM >> 2] = checksum(words);
  const table = loadTable(kept, options);
  let unpacked: WeakRef<Uint8Array> | null = null;
  const unpack = () => {
    if (unpacked === null) onMore(table, PER_EXPLAINED * byteLength);
    const bytes = unpacked?.deref() ?? inflateRawSync(explanations).subarray(0, byteLength);
    unpacked = new WeakRef(bytes);
    return bytes;
  };
  // No other place knows that this section is packed.
  Object.defineProperty(table.engine.sections, packed, { get: unpack });
  const verify = () => loadTable(join(kept, inflateRawSync(explanations), byteLength)).verify();
  return { table: Object.assign(table, { verify }), bytes: weigh(table, kept.length + explanations.length) };
}

/** Where the directory says how long the last section is, in words. */
const lengthOfLast = (AT_DIRECTORY + (sectionNames.length - 1) * ENTRY_BYTES + 8) >> 2;

/** The file as it was, but for a digest that the loader has no need of. */
function join(kept: Uint8Array, last: Uint8Array, lastLength: number): Uint8Array {
  const file = new Uint8Array(kept.length + last.length);
  file.set(kept);
  file.set(last, kept.length);
  const words = new Uint32Array(file.buffer);
  words[lengthOfLast] = lastLength;
  words[AT_LENGTH >> 2] = file.length;
  words[AT_CHECKSUM >> 2] = checksum(words);
  return file;
}

function align8(length: number): number {
  return (length + 7) & ~7;
}

function weigh({ engine: { sections } }: Table, bytes: number): number {
  const members = sections.members.length / shapes.members.width;
  const atoms = sections.atoms.length / shapes.atoms.width;
  return bytes + PER_TABLE + atoms * PER_ATOM + (members < MOST_KEPT ? members * PER_MEMBER : 0);
}
