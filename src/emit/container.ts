import { InternalError } from '../diagnostics/index.ts';
import { checksum, FORMAT, firstOptional, header, layout, limits, MAGIC, sectionNames } from '../runtime/format.ts';
import { sha256, toHex } from '../runtime/sha256.ts';
import type { Layout } from './cells.ts';
import type { Emitted } from './index.ts';

/** Puts header, directory, sections, digest and checksum together. See src/runtime/format.ts for each byte. */
export function writeContainer(sections: Layout, meaning: Uint8Array): Emitted {
  const optional = sectionNames.indexOf(firstOptional);
  const written = sectionNames.flatMap((name, index) => {
    const entries = sections[name];
    if (!entries && index < optional) throw new InternalError(`section ${name} was not laid out`);
    return entries ? [{ id: index + 1, bytes: toBytes(layout[name], entries) }] : [];
  });
  let end = header.directory + written.length * header.entryBytes;
  const places = written.map(({ id, bytes }) => {
    const offset = Math.ceil(end / 8) * 8;
    end = offset + bytes.length;
    return { id, offset, bytes };
  });
  const length = Math.ceil(end / 8) * 8;
  if (length > limits.bytes) throw new InternalError(`a table of ${length} bytes is too large`);
  const file = new Uint8Array(length);
  const words = new DataView(file.buffer);
  file.set(MAGIC, header.magic);
  words.setUint32(header.format, FORMAT, true);
  words.setUint32(header.sections, places.length, true);
  words.setUint32(header.length, length, true);
  file.set(meaning, header.meaningDigest);
  places.forEach(({ id, offset, bytes }, index) => {
    const at = header.directory + index * header.entryBytes;
    words.setUint32(at, id, true);
    words.setUint32(at + 4, offset, true);
    words.setUint32(at + 8, bytes.length, true);
    file.set(bytes, offset);
  });
  const digest = sha256(file);
  file.set(digest, header.digest);
  const all = Uint32Array.from({ length: length / 4 }, (_, index) => words.getUint32(4 * index, true));
  words.setUint32(header.checksum, checksum(all), true);
  return { bytes: file, digest: toHex(digest), meaningDigest: toHex(meaning) };
}

/** Little-endian on every machine. */
function toBytes(kind: unknown, entries: ArrayLike<number>): Uint8Array {
  if (kind === 'u8') return Uint8Array.from(entries);
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
