import {
  AT_CHECKSUM,
  AT_DIRECTORY,
  AT_FORMAT,
  AT_LENGTH,
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
} from './format.ts';
import { TableError } from './table-error.ts';

/** Entries of rows, as narrow as they are. */
export type Entries = Int8Array | Int16Array | Int32Array;

/** Code units. */
export type Units = Uint8Array | Uint16Array;

/** Views into the file, one a section. */
export type Sections = {
  readonly [Name in SectionName]: (typeof layout)[Name] extends 'f64'
    ? Float64Array
    : (typeof layout)[Name] extends 'units'
      ? Units
      : Entries;
};

/** The whole file, aligned; possibly a copy of what the caller gave. */
export interface OpenFile {
  readonly bytes: Uint8Array;
  readonly sections: Sections;
}

/** Checks the header, the checksum and the directory, and cuts the file into sections. Indices inside are not looked at. */
export function openFile(input: Uint8Array | ArrayBuffer): OpenFile {
  const bytes = align(input);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
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

/** All of the header that the checksum leaves out. */
function checkHeader(bytes: Uint8Array, words: Int32Array): void {
  for (let i = 0; i < 8; i++) if ((bytes[i] ?? MAGIC[i]) !== MAGIC[i]) throw notATable();
  const format = words[AT_FORMAT >> 2] ?? FORMAT;
  if (format !== FORMAT) {
    // A big-endian machine reads another number here.
    const versions = `the table has version ${format >>> 0}, this runtime reads version ${FORMAT}`;
    throw new TableError('format-version', `${versions} (little-endian)`);
  }
  const length = (words[AT_LENGTH >> 2] ?? AT_DIRECTORY) >>> 0;
  if (length > bytes.length) {
    const code = length > MAX_BYTES ? 'unreasonable' : 'truncated';
    throw new TableError(code, `the table ends after ${bytes.length} of ${length} bytes`);
  }
  const rest = (AT_CHECKSUM + 4) >> 2;
  const isWhole = length === bytes.length && length % BLOCK_BYTES === 0 && length > AT_DIRECTORY;
  if (!isWhole || words[AT_SECTIONS >> 2] !== sectionNames.length || words[rest] || words[rest + 1]) throw misfit();
}

const kinds = {
  f64: { 8: Float64Array },
  units: { 1: Uint8Array, 2: Uint16Array },
  rows: { 1: Int8Array, 2: Int16Array, 4: Int32Array },
};

type View = new (buffer: ArrayBufferLike, offset: number, length: number) => Sections[SectionName];

function cut(bytes: Uint8Array, words: Int32Array): Sections {
  const sections: Record<string, Sections[SectionName]> = {};
  let at = AT_DIRECTORY >> 2;
  let end = AT_DIRECTORY + sectionNames.length * ENTRY_BYTES;
  for (let id = 1; id <= sectionNames.length; id++) {
    const name = sectionNames[id - 1] as SectionName;
    const plain = layout[name];
    const wanted = typeof plain === 'string' ? plain : 'rows';
    const width = (words[at] as number) >> 8;
    const offset = words[at + 1] as number;
    const length = words[at + 2] as number;
    const View = (kinds[wanted] as Readonly<Record<number, View>>)[width];
    end = align8(end);
    const fits = length >= 0 && length <= bytes.length - end && length % width === 0;
    if (!View || words[at] !== id + 256 * width || offset !== end || !fits) throw misfit();
    sections[name] = new View(bytes.buffer, bytes.byteOffset + offset, length / width);
    at += ENTRY_BYTES >> 2;
    end += length;
  }
  if (Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES !== bytes.length) throw misfit();
  return sections as Sections;
}

function align8(offset: number): number {
  return (offset + 7) & ~7;
}
