import { InternalError } from '../diagnostics/index.ts';
import {
  AT_CHECKSUM,
  AT_DIGEST,
  AT_DIRECTORY,
  AT_FORMAT,
  AT_LENGTH,
  AT_MEANING,
  AT_SECTIONS,
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
  const written = sectionNames.map((name, index) => ({ id: index + 1, bytes: toBytes(layout[name], sections[name]) }));
  let end = AT_DIRECTORY + written.length * ENTRY_BYTES;
  const places = written.map(({ id, bytes }) => {
    const offset = Math.ceil(end / 8) * 8;
    end = offset + bytes.length;
    return { id, offset, bytes };
  });
  const length = Math.ceil(end / 8) * 8;
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
    ? new Uint32Array(file.buffer)
    : Uint32Array.from({ length: length / 4 }, (_, index) => words.getUint32(4 * index, true));
  words.setUint32(AT_CHECKSUM, checksum(all), true);
  return { bytes: file, digest: toHex(digest), meaningDigest: toHex(meaning) };
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Little-endian on every machine. */
function toBytes(kind: unknown, entries: ArrayLike<number>): Uint8Array {
  if (kind === 'u8') return entries instanceof Uint8Array ? entries : Uint8Array.from(entries);
  if (isLittleEndian) return new Uint8Array(toNumbers(kind, entries).buffer);
  const size = kind === 'u16' ? 2 : kind === 'f64' ? 8 : 4;
  const bytes = new Uint8Array(entries.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] ?? 0;
    if (kind === 'u16') view.setUint16(2 * i, entry, true);
    else if (kind === 'u32') view.setUint32(4 * i, entry, true);
    else if (kind === 'f64') view.setFloat64(8 * i, entry, true);
    else view.setInt32(4 * i, entry, true);
  }
  return bytes;
}

/** The same numbers, as this machine keeps them. */
function toNumbers(kind: unknown, entries: ArrayLike<number>): Uint16Array | Uint32Array | Int32Array | Float64Array {
  if (kind === 'u16') return Uint16Array.from(entries);
  if (kind === 'u32') return Uint32Array.from(entries);
  return kind === 'f64' ? Float64Array.from(entries) : Int32Array.from(entries);
}
