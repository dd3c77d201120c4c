import {
  AT_CHECKSUM,
  AT_DIGEST,
  AT_DIRECTORY,
  BLOCK_BYTES,
  checksum,
  FORMAT,
  kinds,
  type layout,
  MAGIC,
  MAGIC_END,
  MAX_BYTES,
  rules,
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
  const [magic = MAGIC, end = MAGIC_END, format = FORMAT, signed = MAX_BYTES] = words;
  if (magic !== MAGIC || end !== MAGIC_END) throw notATable();
  if (format !== FORMAT) {
    const versions = `the table has version ${format >>> 0}, this runtime reads version ${FORMAT}`;
    throw new TableError('format-version', versions);
  }
  const length = signed >>> 0;
  if (length > bytes.length) {
    const code = length > MAX_BYTES ? 'unreasonable' : 'truncated';
    throw new TableError(code, `the table ends after ${bytes.length} of ${length} bytes`);
  }
  if (length !== bytes.length || length % BLOCK_BYTES !== AT_DIGEST) throw misfit();
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

function notATable(): TableError {
  return new TableError('not-a-table', 'not a Chaperone table');
}

function align(input: Uint8Array | ArrayBuffer): Uint8Array {
  try {
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(input) ? input : new DataView(input);
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return byteOffset % 8 === 0 ? bytes : bytes.slice();
  } catch {
    throw notATable();
  }
}

function cut(bytes: Uint8Array, words: Int32Array): Sections {
  const sections: Record<string, Sections[SectionName]> = {};
  let at = AT_DIRECTORY >> 2;
  let end = AT_DIRECTORY + 4 * sectionNames.length;
  for (const name of sectionNames) {
    const kind = (words[at] as number) & 7;
    const count = (words[at++] as number) >>> 3;
    const View = kinds[kind];
    const plain = kind > 4 ? '%' : kind > 2 ? '"' : '';
    end = (end + 7) & ~7;
    if (!View || plain !== (rules[name] < '*' ? rules[name] : '')) throw misfit();
    const size = count * View.BYTES_PER_ELEMENT;
    if (size > bytes.length - end) throw misfit();
    sections[name] = new View(bytes.buffer as ArrayBuffer, bytes.byteOffset + end, count);
    end += size;
  }
  if (bytes.length - end >= BLOCK_BYTES) throw misfit();
  return sections as Sections;
}
