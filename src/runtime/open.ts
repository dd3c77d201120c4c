import {
  checksum,
  FORMAT,
  firstOptional,
  header,
  layout,
  limits,
  MAGIC,
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

/** Views into the file, one a section; those that a table may lack are empty then. */
export type Sections = {
  readonly [Name in SectionName]: (typeof layout)[Name] extends keyof Arrays
    ? Arrays[(typeof layout)[Name]]
    : Int32Array;
};

export interface OpenFile {
  /** The whole file, aligned; possibly a copy of what the caller gave. */
  readonly bytes: Uint8Array;
  readonly sections: Sections;
  readonly hasZone: boolean;
  readonly isStripped: boolean;
}

/** Checks the header, the checksum and the directory, and cuts the file into sections. Indices inside are not looked at. */
export function openFile(input: Uint8Array | ArrayBuffer): OpenFile {
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) {
    throw new TableError('unreasonable', 'tables are little-endian and this machine is big-endian');
  }
  const bytes = align(input);
  checkHeader(bytes);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  if (checksum(words) !== words[header.checksum >> 2]) throw broken('its checksum does not match');
  return cut(bytes, words);
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
  if (bytes.length < header.directory) throw truncated(header.directory);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const format = view.getUint32(header.format, true);
  if (format !== FORMAT) {
    const versions = `the table has format version ${format}, this runtime reads version ${FORMAT}`;
    throw new TableError('format-version', `${versions}; compile the policy again`);
  }
  const length = view.getUint32(header.length, true);
  if (length > limits.bytes) throw new TableError('unreasonable', `the table claims to have ${length} bytes`);
  if (length > bytes.length) throw truncated(length);
  if (length < bytes.length || length % 8 !== 0) throw broken(`${bytes.length} bytes instead of ${length}`);
}

function cut(bytes: Uint8Array, words: Uint32Array): OpenFile {
  const count = words[header.sections >> 2] as number;
  if (count > sectionNames.length) throw broken('its directory is too long');
  let end = header.directory + count * header.entryBytes;
  const sections: Partial<Record<SectionName, unknown>> = {};
  let next = 0;
  for (let i = 0; i < count; i++) {
    const at = (header.directory + i * header.entryBytes) >> 2;
    const [id, offset, length] = [...words.subarray(at, at + 3)] as [number, number, number];
    const name = sectionNames[id - 1];
    end = (end + 7) & ~7;
    if (!name || id <= next || offset !== end || length > bytes.length - offset)
      throw broken('a section is out of place');
    sections[name] = view(name, bytes, offset, length);
    next = id;
    end += length;
  }
  if (((end + 7) & ~7) !== bytes.length) throw broken('it does not end with its last section');
  const optional = sectionNames.indexOf(firstOptional);
  const has = sectionNames.map((name, i) => {
    if (name in sections) return true;
    if (i < optional) throw broken(`section ${name} is missing`);
    sections[name] = view(name, bytes, 0, 0);
    return false;
  });
  const [zone, offsets, provenance, ...grants] = has.slice(optional);
  if (zone !== offsets || grants.some((is) => is !== provenance)) throw broken('a section lacks its companion');
  return { bytes, sections: sections as Sections, hasZone: zone === true, isStripped: !provenance };
}

function view(name: SectionName, bytes: Uint8Array, offset: number, length: number): unknown {
  const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array };
  const columns = layout[name];
  const kind = typeof columns === 'string' ? kinds[columns] : Int32Array;
  if (length % kind.BYTES_PER_ELEMENT !== 0) throw broken(`section ${name} has a part of an entry`);
  return new kind(bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, length / kind.BYTES_PER_ELEMENT);
}
