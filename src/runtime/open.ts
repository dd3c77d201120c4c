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
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) {
    throw new TableError('unreasonable', 'tables are little-endian and this machine is big-endian');
  }
  const bytes = align(input);
  checkHeader(bytes);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  if (checksum(words) !== words[AT_CHECKSUM >> 2]) throw broken('its checksum does not match');
  return { bytes, sections: cut(bytes, words) };
}

export function broken(what: string): TableError {
  return new TableError('damaged', `the table is damaged: ${what}`);
}

function align(input: unknown): Uint8Array {
  if (ArrayBuffer.isView(input)) {
    const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  }
  try {
    return new Uint8Array(new DataView(input as ArrayBuffer).buffer);
  } catch {
    throw new TableError('not-a-table', 'a table is given as a Uint8Array or an ArrayBuffer');
  }
}

function checkHeader(bytes: Uint8Array): void {
  if (MAGIC.some((byte, i) => i < bytes.length && bytes[i] !== byte)) {
    throw new TableError('not-a-table', 'this is not a Chaperone table');
  }
  const truncated = (of: number) => new TableError('truncated', `the table ends after ${bytes.length} of ${of} bytes`);
  if (bytes.length < AT_DIRECTORY) throw truncated(AT_DIRECTORY);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const format = view.getUint32(AT_FORMAT, true);
  if (format !== FORMAT) {
    const versions = `the table has format version ${format}, this runtime reads version ${FORMAT}`;
    throw new TableError('format-version', `${versions}; compile the policy again`);
  }
  const length = view.getUint32(AT_LENGTH, true);
  if (length > MAX_BYTES) throw new TableError('unreasonable', `the table claims to have ${length} bytes`);
  if (length > bytes.length) throw truncated(length);
  if (length < bytes.length || length % 8 !== 0) throw broken(`${bytes.length} bytes instead of ${length}`);
}

function cut(bytes: Uint8Array, words: Uint32Array): Sections {
  let end = AT_DIRECTORY + sectionNames.length * ENTRY_BYTES;
  if (words[AT_SECTIONS >> 2] !== sectionNames.length) throw broken('its directory has another length');
  const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array };
  const sections = sectionNames.map((name, index) => {
    const at = (AT_DIRECTORY + index * ENTRY_BYTES) >> 2;
    const [id, offset, length] = [...words.subarray(at, at + 3)] as [number, number, number];
    const columns = layout[name];
    const kind = typeof columns === 'string' ? kinds[columns] : Int32Array;
    end = (end + 7) & ~7;
    if (id !== index + 1 || offset !== end || length > bytes.length - end || length % kind.BYTES_PER_ELEMENT !== 0) {
      throw broken(`section ${name} is out of place`);
    }
    end += length;
    return [name, new kind(bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, length / kind.BYTES_PER_ELEMENT)];
  });
  if (((end + 7) & ~7) !== bytes.length) throw broken('it does not end with its last section');
  return Object.fromEntries(sections);
}
