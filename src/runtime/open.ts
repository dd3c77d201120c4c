import {
  AT_CHECKSUM,
  AT_DIRECTORY,
  AT_FORMAT,
  AT_LENGTH,
  AT_SECTIONS,
  checksum,
  ENTRY_BYTES,
  FORMAT,
  layout,
  MAGIC,
  MAX_BYTES,
  type SectionName,
  sectionNames,
} from './format.ts';
import { TableError } from './table-error.ts';

interface Arrays {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
}

/** Views into the file, one a section. */
export type Sections = {
  readonly [Name in SectionName]: (typeof layout)[Name] extends keyof Arrays
    ? Arrays[(typeof layout)[Name]]
    : Int32Array;
};

/** The whole file, aligned; possibly a copy of what the caller gave. */
export interface OpenFile {
  readonly bytes: Uint8Array;
  readonly sections: Sections;
}

/** Checks the header, the checksum and the directory, and cuts the file into sections. Indices inside are not looked at. */
export function openFile(input: Uint8Array | ArrayBuffer): OpenFile {
  const bytes = align(input);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  checkHeader(bytes, words);
  if (checksum(words) !== words[AT_CHECKSUM >> 2]) throw broken('its checksum differs');
  return { bytes, sections: cut(bytes, words) };
}

function broken(what: string): TableError {
  return new TableError('damaged', `the table is damaged: ${what}`);
}

/** For sections out of place, and for indices that lead out of bounds. */
export function misfit(): TableError {
  return broken('its sections do not fit');
}

function align(input: unknown): Uint8Array {
  if (ArrayBuffer.isView(input)) {
    const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  }
  try {
    return new Uint8Array(new DataView(input as ArrayBuffer).buffer);
  } catch {
    throw notATable();
  }
}

function notATable(): TableError {
  return new TableError('not-a-table', 'not a Chaperone table');
}

function checkHeader(bytes: Uint8Array, words: Uint32Array): void {
  if (MAGIC.some((byte, i) => (bytes[i] ?? byte) !== byte)) throw notATable();
  const format = words[AT_FORMAT >> 2];
  if (format !== undefined && format !== FORMAT) {
    // A big-endian machine reads another number here.
    const versions = `the table has version ${format}, this runtime reads version ${FORMAT}`;
    throw new TableError('format-version', `${versions} (little-endian)`);
  }
  const length = words[AT_LENGTH >> 2] ?? AT_DIRECTORY;
  if (length > bytes.length) {
    const code = length > MAX_BYTES ? 'unreasonable' : 'truncated';
    throw new TableError(code, `the table ends after ${bytes.length} of ${length} bytes`);
  }
  if (length < bytes.length) throw misfit();
}

function cut(bytes: Uint8Array, words: Uint32Array): Sections {
  let end = AT_DIRECTORY + sectionNames.length * ENTRY_BYTES;
  const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array };
  const sections = sectionNames.map((name, index) => {
    const at = (AT_DIRECTORY + index * ENTRY_BYTES) >> 2;
    const [id, offset, length] = [...words.subarray(at, at + 3)] as [number, number, number];
    const columns = layout[name];
    const kind = typeof columns === 'string' ? kinds[columns] : Int32Array;
    end = align8(end);
    if (id !== index + 1 || offset !== end || length > bytes.length - end || length % kind.BYTES_PER_ELEMENT !== 0) {
      throw misfit();
    }
    end += length;
    return [name, new kind(bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, length / kind.BYTES_PER_ELEMENT)];
  });
  if (words[AT_SECTIONS >> 2] !== sectionNames.length || align8(end) !== bytes.length) throw misfit();
  return Object.fromEntries(sections);
}

function align8(offset: number): number {
  return (offset + 7) & ~7;
}
