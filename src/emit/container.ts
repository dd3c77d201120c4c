import { InternalError } from '../diagnostics/index.ts';
import {
  AT_CHECKSUM,
  AT_DIGEST,
  AT_DIRECTORY,
  AT_FORMAT,
  AT_LENGTH,
  AT_MEANING,
  AT_SECTIONS,
  BLOCK_BYTES,
  checksum,
  ENTRY_BYTES,
  FORMAT,
  layout,
  MAGIC,
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
  const written = sectionNames.map((name, index) => {
    const View = viewFor(name, sections[name]);
    return { id: index + 1 + 256 * View.BYTES_PER_ELEMENT, bytes: toBytes(View, sections[name]) };
  });
  let end = AT_DIRECTORY + written.length * ENTRY_BYTES;
  const places = written.map(({ id, bytes }) => {
    const offset = Math.ceil(end / 8) * 8;
    end = offset + bytes.length;
    return { id, offset, bytes };
  });
  const length = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
  if (length > MAX_BYTES) throw new InternalError(`a table of ${length} bytes is too large`);
  const file = new Uint8Array(length);
  const words = new DataView(file.buffer);
  file.set(MAGIC);
  words.setUint32(AT_FORMAT, FORMAT, true);
  words.setUint32(AT_SECTIONS, places.length, true);
  words.setUint32(AT_LENGTH, length, true);
  file.set(meaning, AT_MEANING);
  places.forEach(({ id, offset, bytes }, index) => {
    const at = AT_DIRECTORY + index * ENTRY_BYTES;
    words.setUint32(at, id, true);
    words.setUint32(at + 4, offset, true);
    words.setUint32(at + 8, bytes.length, true);
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

type View =
  | Float64ArrayConstructor
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Int8ArrayConstructor
  | Int16ArrayConstructor
  | Int32ArrayConstructor;

/** Always i32; see the format. */
const wide: readonly SectionName[] = ['nodes', 'names'];

/** The narrowest that holds all entries. */
function viewFor(name: SectionName, entries: ArrayLike<number>): View {
  const kind: unknown = layout[name];
  if (kind === 'f64') return Float64Array;
  let low = 0;
  let high = 0;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as number;
    if (entry < low) low = entry;
    if (entry > high) high = entry;
  }
  if (kind === 'units') return high > 0xff ? Uint16Array : Uint8Array;
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
