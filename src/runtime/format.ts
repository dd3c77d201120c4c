/**
 * The decision table as bytes: the one description of the format. `emit` writes it, `open.ts` reads it.
 *
 * A table is little-endian. It is opened, not parsed: every section is a typed-array view into the file.
 *
 *     offset  bytes  what
 *          0      8  MAGIC. Like PNG's: a high byte, a name, CR LF, ctrl-Z, LF, so a transfer "as text" is noticed.
 *          8      4  FORMAT, u32. The first eight bytes and this one never change their meaning.
 *         12      4  number of sections, u32
 *         16      4  length of the whole file in bytes, u32; a multiple of 8
 *         20      4  checksum, u32, over all words of the file with this one taken as 0 (see `checksum`)
 *         24      8  zero
 *         32     32  content digest: SHA-256 over the file with this field and the checksum as zeros
 *         64     32  meaning digest: SHA-256 over what the table means (see src/emit/meaning.ts)
 *         96   12 n  the directory: for each section id, offset, length in bytes (u32 each), ids rising
 *
 * Then the sections in the order of the directory, each at the next multiple of 8, padding zero, nothing between.
 *
 * Two sums, since they answer two questions. The checksum answers "did the disk or the network damage this?" at every
 * load, at the price of a millisecond. The digest names the table for people and answers `verify()`; in plain
 * JavaScript it costs ten times the opening. Neither is a signature: whoever can write the file can write both.
 *
 * "Number" below is i32 unless another type is named. A "text" is a number of a string. A "list" is two numbers
 * (first, count) into LISTS, whose entries are texts. -1 stands for "none". Rows are columns side by side: row r of a
 * section of width w begins at r * w.
 */

export const MAGIC: readonly number[] = [0x89, 0x43, 0x48, 0x50, 0x0d, 0x0a, 0x1a, 0x0a];

/** The version of this format. Any change of the bytes' meaning raises it, and adds an old table to the tests. */
export const FORMAT = 1;

export const header = {
  magic: 0,
  format: 8,
  sections: 12,
  length: 16,
  checksum: 20,
  digest: 32,
  meaningDigest: 64,
  directory: 96,
  digestBytes: 32,
  entryBytes: 12,
} as const;

/** No table of a clinic comes near; above it a file is refused before anything is allocated for it. */
export const limits = { bytes: 1 << 30, cells: 1 << 26, probes: 32, load: 0.75 } as const;

/**
 * The sections; a section's id is its place in this list, from 1. All are in every table, except the two of the zone and
 * the three after them. An array describes rows of i32, a column each; a text is the element type of a plain section.
 * A column says which entries are good, and loading checks just that:
 * - a number n: 0 .. n - 1. The name of a section: a row of it. `text`: a string. `?` before: or -1.
 * - `+` before the name: two columns, first and count of a run of rows there. `*`: see the comment (and `bounds.ts`).
 */
export const layout = {
  /** One more than strings: where each begins in `stringUnits`; first 0, last the number of units. */
  stringOffsets: 'u32',
  /** UTF-16 code units, as JavaScript compares them; a user id is looked up without decoding anything. */
  stringUnits: 'u16',
  /** One row: policy name, its version, catalog name, its version, time zone; the seed of the index of members. */
  meta: ['text', 'text', 'text', 'text', 'text', '*'],
  /** Pooled: duties, paths, elements of sets, values of enums. "List" below means a run of these. */
  lists: ['text'],
  /** Pooled: numbers of values. */
  numbers: 'f64',
  /** Kind (see `valueKind`), first, count: values of settings and constants of atoms. */
  values: [7, '*', '*'],
  /** Name, own duties; best outcome first. There are two more leaves: see `nodeAtom`. */
  outcomes: ['text', '+lists'],
  /** Name, resource type, presentation, 1 if it is about a resource. By code units of the name. */
  actions: ['text', 'text', '?text', 2],
  /** Name, 1 if a caller may name it, settings. By code units of the name. */
  roles: ['text', 2, '+settings'],
  /** Pooled: slot, value. */
  settings: ['slots', 'values'],
  /** Name, setting, keys, default. `access/notes/view`: access, [notes, view]. */
  slots: ['text', 'text', '+lists', '?values'],
  /** Root (a `source`, or `literal`), first, count: a key of a lookup. A path as a list; of a literal, first is a text. */
  keys: [4, '*', '*'],
  /**
   * Text, source, first, count, setting, type, enum values, flags, months.
   * source `user`, `resource`, `context`: (first, count) is the path as a list, setting -1.
   * source `slot`: first is the slot, count 0, setting -1. source `lookup`: a run of `keys`; setting is a text.
   */
  terms: ['text', 5, '*', '*', '?text', 7, '+lists', 4, '*'],
  /** Text, operator, left, right. An operand is a term t >= 0, or -1 for none, or value v as -2 - v. */
  atoms: ['text', 7, '*', '*'],
  /** One an atom: the limit of `before`. */
  atomLimits: 'f64',
  /**
   * Three sections, one entry a node. Node 0 is deny, 1 .. leaves - 2 the outcomes from worst to best, leaves - 1 the
   * plain allow; their entries are 0. INVARIANT, checked at load: both children of a node are smaller than the node
   * (so every walk ends) and have greater atoms (so a walk asks no atom twice).
   */
  nodeAtom: ['*'],
  nodeLow: ['nodeAtom'],
  nodeHigh: ['nodeAtom'],
  /** The decision, one a cell; cell = role * actions + action. */
  cells: ['nodeAtom'],
  /** The "or" of the grants, one a cell, for reason codes. */
  cellGrants: ['nodeAtom'],
  /** One a cell: where its list begins in `scopeLists`. */
  cellScopes: ['scopeLists'],
  /** Lists, each its count, then (scope, node) pairs. Equal lists are stored once. */
  scopeLists: ['*'],
  /** 0 scope or 1 prohibition, name. */
  scopes: [2, 'text'],
  /** Key, id, holding; in the order of the file. */
  members: ['text', 'text', 'holdings'],
  /** 1 if active, assignments. Equal ones are stored once: most members of a large practice hold the same. */
  holdings: [2, '+assignments'],
  /** Role, settings. */
  assignments: ['roles', '+settings'],
  /** Two an assignment: first instant (-Infinity: always), first instant after the end (Infinity: never). */
  assignmentDates: 'f64',
  /**
   * Open addressing over ids and keys: 0 empty, else 1 + 2 * member + (1 for the key). The size is a power of two, the
   * load at most 0.75; the seed is the first for which no probe is longer than 32, so chosen ids cannot make a cluster.
   */
  memberIndex: ['*'],
  /** Rising: instants from which an offset holds; the first is -Infinity. Only when a term asks for a day. */
  zoneInstants: 'f64',
  /** As many: milliseconds to add to UTC. */
  zoneOffsets: 'f64',
  /** JSON of Provenance, all but ASCII escaped, so that it is UTF-8 and needs no decoder. Not in a stripped table. */
  provenance: 'u8',
  /** One a cell: where its list begins in `grantLists`. Not in a stripped table. */
  cellGrantLists: ['grantLists'],
  /** Lists, each its count, then (grant of the provenance, node) pairs. Not in a stripped table. */
  grantLists: ['*'],
} as const;

export type SectionName = keyof typeof layout;

export const sectionNames = Object.keys(layout) as readonly SectionName[];

/** The sections that a table may lack begin here. */
export const firstOptional: SectionName = 'zoneInstants';

/** Entries a row. */
export function widthOf(name: SectionName): number {
  const columns: string | readonly (string | number)[] = layout[name];
  return typeof columns === 'string' ? 1 : columns.length + columns.filter((column) => `${column}`[0] === '+').length;
}

/** Of `values`. `number`: first is an entry of `numbers`. `text`: first is a text. Sets: a run of numbers or of lists. */
export const valueKind = { false: 0, true: 1, number: 2, text: 3, numbers: 4, texts: 5, all: 6 } as const;

export const source = { user: 0, resource: 1, context: 2, slot: 3, lookup: 4 } as const;

/** The root of a lookup's key besides user, resource and context. */
export const literal = 3;

export const scalarTypes = ['bool', 'int', 'string', 'date', 'date-time', 'reference', 'enum'] as const;

export const operators = ['equal', 'before', 'contains', 'overlaps', 'within', 'is-set', 'true'] as const;

export const flag = { isSet: 1, isDay: 2 } as const;

/**
 * Over all 32-bit words. One step is a bijection of the sum for a fixed word, and of the word for a fixed sum; so two
 * files that differ in one word never have the same checksum, whatever follows that word.
 */
export function checksum(words: Uint32Array): number {
  const skip = header.checksum >> 2;
  let sum = 0x43485031;
  for (let i = 0; i < words.length; i++) {
    const word = i === skip ? 0 : (words[i] ?? 0);
    sum = Math.imul(((sum << 5) | (sum >>> 27)) ^ word, 0x9e3779b1);
  }
  return (sum ^ (sum >>> 16)) >>> 0;
}

/** Of the code units of a text, for the index of members. */
export function hashText(seed: number, text: string): number {
  let hash = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
