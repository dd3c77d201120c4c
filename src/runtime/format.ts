/**
 * The decision table as bytes: the one description of the format. `emit` writes it, `open.ts` reads it.
 *
 * A table is little-endian. It is opened, not parsed: every section is a typed-array view into the file.
 *
 *     offset  bytes  what
 *          0      8  MAGIC. Like PNG's: a high byte, a name, CR LF, ctrl-Z, LF, so a transfer "as text" is noticed.
 *          8      4  FORMAT, u32. The first eight bytes and this one never change their meaning.
 *         12      4  length of the whole file in bytes, u32; 20 above a multiple of 32
 *         16      4  checksum, i32, over the words from 20 on (see `checksum`); those before it are compared one by one
 *         20     32  content digest: SHA-256 over the file with bytes 16 to 51 as zeros
 *         52     32  meaning digest: SHA-256 over what the table means (see src/emit/meaning.ts)
 *         84    4 n  the directory: for each section its place in `kinds` + 8 * its number of entries (u32)
 *
 * Then the sections in that order, each at the next multiple of 8, padding zero, nothing between. Entries are as narrow as
 * what they hold: i8, i16 or i32, and u8 or u16 where they are code units. That is what keeps a table quick to open. Of
 * `nodes` and `names` they are always i32: decisions read those most, and engines like arrays of one kind best.
 *
 * Two sums, since they answer two questions. The checksum answers "did the disk or the network damage this?" at every
 * load, at the price of a millisecond. The digest names the table for people and answers `verify()`; in plain
 * JavaScript it costs ten times the opening. Neither is a signature: whoever can write the file can write both.
 */

/** The bytes 89 43 48 50 0d 0a 1a 0a as two words. A big-endian machine reads others, and refuses every table. */
export const MAGIC = 0x50484389;
export const MAGIC_END = 0x0a1a0a0d;

// Numbers stand first, before all else: so they are written out in the built runtime, which knows no names of theirs.

/** The version of this format. Any change of the bytes' meaning raises it, and adds an old table to the tests. */
export const FORMAT = 4;

/** Where the fields of the header stand, and how long the digests are. */
export const AT_FORMAT = 8;
export const AT_LENGTH = 12;
export const AT_CHECKSUM = 16;
export const AT_DIGEST = 20;
export const AT_MEANING = 52;
export const AT_DIRECTORY = 84;
export const DIGEST_BYTES = 32;

/** A file is as long as the header up to AT_DIGEST and whole blocks of this. */
export const BLOCK_BYTES = 32;

/** No table of a clinic comes near; more is not written. */
export const MAX_BYTES = 0x2000_0000;

/** Of the names of members: the longest probe, and how full their slots may be. */
export const MAX_PROBES = 128;
export const MAX_LOAD = 0.75;

/** Of a member that holds only a few assignments: bits of the number of each, which then needs no run in `held`. */
export const INLINE_BITS = 15;
export const INLINE_MASK = 0x7fff;

/** How many entries a row has, where the runtime counts rows by itself. */
export const VALUE = 5;
export const OUTCOME = 3;
export const ACTION = 4;
export const ROLE = 2;
export const SLOT = 5;
export const TERM = 16;
export const ATOM = 5;
export const ASSIGNMENT = 5;

/** Where a term has its value: places in `sources`. */
export const OF_USER = 0;
export const OF_RESOURCE = 1;
export const OF_SLOT = 3;
export const OF_LOOKUP = 4;
export const OF_CONSTANT = 5;
export const OF_ID = 6;
export const OF_NOW = 7;

/** Of what type it is: places in `scalarTypes`. */
export const BOOL = 0;
export const INT = 1;
export const STRING = 2;
export const DATE = 3;
export const INSTANT = 4;
export const REFERENCE = 5;
export const ENUM = 6;

/** What an atom asks: places in `operators`. */
export const EQUAL = 0;
export const BEFORE = 1;
export const CONTAINS = 2;
export const OVERLAPS = 3;
export const WITHIN = 4;
export const IS_SET = 5;
export const IS_TRUE = 6;

/**
 * An attribute of one of three roots, a slot of a setting, a slot that keys of the request choose. `user-id` is the
 * attribute `user.id`, and `now` is `context.now` where it is an instant.
 */
export const sources = ['user', 'resource', 'context', 'slot', 'lookup', 'constant', 'user-id', 'now'] as const;

export const scalarTypes = ['bool', 'int', 'string', 'date', 'date-time', 'reference', 'enum'] as const;

export const operators = ['equal', 'before', 'contains', 'overlaps', 'within', 'is-set', 'true'] as const;

export type AtomOperator = (typeof operators)[number];

/** The length of a file whose last section ends there. */
export function lengthOf(end: number): number {
  return AT_DIGEST + Math.ceil((end - AT_DIGEST) / BLOCK_BYTES) * BLOCK_BYTES;
}

/** What entries of a section are; its number there stands in the directory. */
export const kinds = [Int8Array, Int16Array, Int32Array, Uint8Array, Uint16Array, Float64Array] as const;

/**
 * The sections; a section's id is its place in this list, from 1. All are in every table, some of them empty. `f64` and
 * `units` (code units) are plain. An object (or an array, for one nameless column) describes rows of integers: a column
 * each, with the entries that are good. Loading checks just that (see `rules`) and what `bounds.ts` adds; decoding gives
 * rows these fields.
 * - `text`: a string. `bit`: 0 or 1. A number n: 0 .. n - 1. `*`: anything. A section's name: a row of it.
 * - `?` before: or -1, for none. `+` before: two columns, first and count of a run of rows there.
 * - `<`: a place in the section behind, none before that of the row above.
 */
export const layout = {
  /** Where each string begins in `stringUnits`; it ends where the next begins. */
  stringOffsets: ['<'],
  /** UTF-16 code units, as JavaScript compares them. */
  stringUnits: 'units',
  /** One row. The seed is that of `names`; `readsNow`: some atom reads `context.now`. */
  meta: {
    policy: 'text',
    version: 'text',
    catalog: 'text',
    catalogVersion: 'text',
    timeZone: 'text',
    seed: '*',
    readsNow: 'bit',
  },
  /** Pooled texts: duties, paths, elements of sets, values of enums. */
  lists: ['text'],
  /** Pooled: of values, and instants in milliseconds since the epoch. */
  numbers: 'f64',
  /**
   * Values of settings and constants of atoms: false, true, one number or text, a set of them, or all. The elements are
   * numbers or texts; one of the two runs is empty.
   */
  values: { kind: 5, numbers: '+numbers', texts: '+lists' },
  /** Best first; own duties only. There are two more leaves: see `nodes`. */
  outcomes: { name: 'text', duties: '+lists' },
  /** By code units of the name. */
  actions: { name: 'text', resource: 'text', presentation: '?text', hasResource: 'bit' },
  /** By code units of the name. */
  roles: { name: 'text', givenByApplication: 'bit' },
  /** Pooled: what roles and assignments set. */
  settings: { slot: 'slots', value: 'values' },
  /** `access/notes/view`: setting access, keys [notes, view]. */
  slots: { name: 'text', setting: 'text', keys: '+lists', default: '?values' },
  /** Pooled: keys of lookups, which stand before those that use them. */
  keys: ['terms'],
  /**
   * What requests and users bring, and constants; `from` (of `sources`) says which of path, slot, setting, keys and
   * value counts. `name` is what `missing` of a decision calls it (`client.tags`, `user.age`), empty for a constant.
   */
  terms: {
    text: 'text',
    from: 8,
    path: '+lists',
    slot: '?slots',
    setting: '?text',
    keys: '+keys',
    /** Of `scalarTypes`; `date-time` where a day is asked for. The values are those of an enum. */
    type: 7,
    values: '+lists',
    isSet: 'bit',
    isDay: 'bit',
    months: '*',
    value: '?values',
    name: 'text',
  },
  /** `operator` is of `operators`; `limit` is that of `before`. */
  atoms: { text: 'text', operator: 7, left: 'terms', right: '?terms', limit: 'numbers' },
  /**
   * Node 0 is deny, 1 .. leaves - 2 the outcomes from worst to best, leaves - 1 the plain allow; their entries are 0.
   * INVARIANT, checked at load: both children of a node are smaller than the node (so every walk ends) and have greater
   * atoms (so a walk asks no atom twice).
   */
  nodes: { atom: '*', low: 'nodes', high: 'nodes' },
  /** The decision, one a cell; cell = role * actions + action. */
  cells: ['nodes'],
  /** One a cell, for reason codes. */
  cellReasons: ['reasons'],
  /**
   * The "or" of the grants, the scopes and prohibitions that cover the action, the grants that give it (none in a
   * stripped table). Equal ones are stored once.
   */
  reasons: { grants: 'nodes', scopes: '+scopeNodes', sources: '+grantNodes' },
  scopeNodes: { scope: 'scopes', node: 'nodes' },
  /** `grant` is a place in the provenance. */
  grantNodes: { grant: '*', node: 'nodes' },
  scopes: { isProhibition: 'bit', name: 'text' },
  /**
   * Equal ones are stored once. Row r is role r with nothing else, for every role: its settings are the role's own, on
   * top of which come those of a row behind. First instant, and first instant after the end; infinite where there is none.
   */
  assignments: { role: 'roles', settings: '+settings', from: 'numbers', until: 'numbers' },
  /** Runs, equal ones stored once: 2 * assignments + (1 for active), then so many assignments. */
  held: ['*'],
  /**
   * Keys and ids of members by open addressing, home at `hashText % slots`, and an empty row behind the last slot. Where
   * in `nameUnits` the name begins, and what it stands for, so that whoever looks somebody up meets little memory:
   * - 0: nothing, the slot is free. The name is empty.
   * - odd: an id that is no key; of the member whose key stands in slot `of >> 1`.
   * - even: a key; what the member holds is the run of `held` from `(of >> 1) - 1` on.
   * - negative: a key of somebody active who holds one or two assignments of numbers below INLINE_MASK, `~of` is
   *   `one + (1 + other << INLINE_BITS)`, or just one.
   * The seed is the first for which no probe is longer than MAX_PROBES, so chosen ids cannot make a cluster.
   */
  names: { begin: '<', of: '*' },
  /** The names of members, in the order of `names`. */
  nameUnits: 'units',
  /** The slots of the keys, in the order of the file. */
  members: ['names'],
  /** By slot of the key: the slots of the ids that are not the key as well. Several members may have one id. */
  memberIds: { key: 'names', id: 'names' },
  /** Rising: instants from which an offset holds; the first is -Infinity. Empty when no term asks for a day. */
  zoneInstants: 'f64',
  /** As many: milliseconds to add to UTC. */
  zoneOffsets: 'f64',
  /** JSON of what `unpackProvenance` takes, all but ASCII escaped, so that it needs no decoder. Empty in a stripped table. */
  provenance: 'units',
} as const;

export type SectionName = keyof typeof layout;

export interface Column {
  readonly field: string;
  /** `?`, `+` or nothing. */
  readonly sign: string;
  readonly target: string;
  /** Its place in a row. */
  readonly at: number;
}

/**
 * The layout as loading needs it, an eighth as long: a letter for each entry of a row. (A test holds them together.)
 * - `%`: plain f64. `"`: plain code units. `*` and `<` as above, `2` to `8`: a number below it.
 * - A letter: a row of the section of that place, A being the first (so A is also a text); a small one: or -1.
 * - `+`: the count of a run of rows, of which the letter before says the first.
 */
export const rules: Readonly<Record<SectionName, string>> = {
  stringOffsets: '<',
  stringUnits: '"',
  meta: 'AAAAA*2',
  lists: 'A',
  numbers: '%',
  values: '5E+D+',
  outcomes: 'AD+',
  actions: 'AAa2',
  roles: 'A2',
  settings: 'KF',
  slots: 'AAD+f',
  keys: 'M',
  terms: 'A8D+kaL+7D+22*fA',
  atoms: 'A7MmE',
  nodes: '*OO',
  cells: 'O',
  cellReasons: 'R',
  reasons: 'OS+T+',
  scopeNodes: 'UO',
  grantNodes: '*O',
  scopes: '2A',
  assignments: 'IJ+EE',
  held: '*',
  names: '<*',
  nameUnits: '"',
  members: 'X',
  memberIds: 'XX',
  zoneInstants: '%',
  zoneOffsets: '%',
  provenance: '"',
};

export const sectionNames = Object.keys(rules) as readonly SectionName[];

/** The columns of each section (none where it is plain), and how many entries a row has. */
export const shapes = /* @__PURE__ */ createShapes();

type Shapes = Readonly<Record<SectionName, { readonly columns: readonly Column[]; readonly width: number }>>;

function createShapes(): Shapes {
  const made: Record<string, Shapes[SectionName]> = {};
  for (const name of sectionNames) {
    const fields: string | readonly string[] | Readonly<Record<string, string | number>> = layout[name];
    const columns: Column[] = [];
    let width = 0;
    if (typeof fields !== 'string') {
      for (const field in fields) {
        const rule = `${(fields as Readonly<Record<string, unknown>>)[field]}`;
        const sign = rule[0] === '?' || rule[0] === '+' ? rule[0] : '';
        columns.push({ field, sign, target: rule.slice(sign.length), at: width });
        width += sign === '+' ? 2 : 1;
      }
    }
    made[name] = { columns, width: width || 1 };
  }
  return made as Shapes;
}

/**
 * Over the words from AT_DIGEST on. One step is a bijection of the sum for a fixed word, and of the word for a fixed sum;
 * so two files that differ in one word never have the same checksum, whatever follows that word. Four sums apart are
 * quicker, and a block at a time is a third of the time of a loop that no compiler has seen yet.
 */
export function checksum(words: Int32Array): number {
  const { imul } = Math;
  const by = 0x9e3779b1 | 0;
  let a = 1;
  let b = 2;
  let c = 3;
  let d = 4;
  for (let i = AT_DIGEST >> 2; i < words.length; i += 8) {
    a = imul(a ^ (a >>> 15) ^ (words[i] as number), by);
    b = imul(b ^ (b >>> 15) ^ (words[i + 1] as number), by);
    c = imul(c ^ (c >>> 15) ^ (words[i + 2] as number), by);
    d = imul(d ^ (d >>> 15) ^ (words[i + 3] as number), by);
    a = imul(a ^ (a >>> 15) ^ (words[i + 4] as number), by);
    b = imul(b ^ (b >>> 15) ^ (words[i + 5] as number), by);
    c = imul(c ^ (c >>> 15) ^ (words[i + 6] as number), by);
    d = imul(d ^ (d >>> 15) ^ (words[i + 7] as number), by);
  }
  return imul(imul(imul(a, by) ^ b, by) ^ c, by) ^ d;
}

/** Of the code units of a text, for the names of members. */
export function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
