import { InternalError } from '../diagnostics/index.ts';
import {
  AT_CHECKSUM,
  AT_DIGEST,
  AT_DIRECTORY,
  AT_FORMAT,
  AT_LENGTH,
  AT_MEANING,
  checksum,
  FORMAT,
  kinds,
  lengthOf,
  MAGIC,
  MAGIC_END,
  MAX_BYTES,
  type SectionName,
  sectionNames,
} from '../runtime/format.ts';
import { sha256, toHex } from '../runtime/sha256.ts';
import type { Emitted } from './index.ts';

/** The entries of every section, not yet bytes. */
export type Entries = Readonly<Record<SectionName, ArrayLike<number>>>;

/** Puts header, directory, sections, digest and checksum together. See src/runtime/format.ts for each byte. */
export function writeContainer(sections: Entries, meaning: Uint8Array): Emitted {
  const written = sectionNames.map((name) => {
    const View = viewFor(name, sections[name]);
    return { entry: kinds.indexOf(View) + 8 * sections[name].length, bytes: toBytes(View, sections[name]) };
  });
  let end = AT_DIRECTORY + 4 * written.length;
  const places = written.map(({ entry, bytes }) => {
    const offset = Math.ceil(end / 4) * 4;
    end = offset + bytes.length;
    return { entry, offset, bytes };
  });
  const length = lengthOf(end);
  if (length > MAX_BYTES) throw new InternalError(`a table of ${length} bytes is too large`);
  const file = new Uint8Array(length);
  const words = new DataView(file.buffer);
  words.setInt32(0, MAGIC, true);
  words.setInt32(4, MAGIC_END, true);
  words.setUint32(AT_FORMAT, FORMAT, true);
  words.setUint32(AT_LENGTH, length, true);
  file.set(meaning, AT_MEANING);
  places.forEach(({ entry, offset, bytes }, index) => {
    words.setUint32(AT_DIRECTORY + 4 * index, entry, true);
    file.set(bytes, offset);
  });
  const digest = sha256(file);
  file.set(digest, AT_DIGEST);
  const all = isLittleEndian
    ? new Int32Array(file.buffer)
    : Int32Array.from({ length: length / 4 }, (_, index) => words.getInt32(4 * index, true));
  words.setInt32(AT_CHECKSUM, checksum(all), true);
  return { bytes: file, digest: toHex(digest), meaningDigest: toHex(meaning) };
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

type View = (typeof kinds)[number];

/** Always i32; see the format. */
const wide: readonly SectionName[] = ['nodes', 'names'];

/** Code units. */
const plain: readonly SectionName[] = ['units', 'nameUnits', 'provenance'];

/** The narrowest that holds all entries. */
function viewFor(name: SectionName, entries: ArrayLike<number>): View {
  let low = 0;
  let high = 0;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as number;
    if (entry < low) low = entry;
    if (entry > high) high = entry;
  }
  if (plain.includes(name)) return high > 0xff ? Uint16Array : Uint8Array;
  const fits = (limit: number) => low >= -limit && high < limit && !wide.includes(name);
  return fits(0x80) ? Int8Array : fits(0x8000) ? Int16Array : Int32Array;
}

/** Little-endian on every machine. */
function toBytes(View: View, entries: ArrayLike<number>): Uint8Array {
  const numbers = View.from(entries);
  const bytes = new Uint8Array(numbers.buffer);
  if (!isLittleEndian) {
    const size = View.BYTES_PER_ELEMENT;
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  }
  return bytes;
}
