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
 * Then the sections in that order, each at the next multiple of 4, padding zero, nothing between. Entries are as narrow as
 * what they hold: i8, i16 or i32, and u8 or u16 where they are code units. That is what keeps a table quick to open. Of
 * NODES and NAMES they are always i32: decisions read those most, and engines like arrays of one kind best.
 *
 * What every decision reads, and what there may be much of, is numbers. All else is texts of JSON, in ASCII, each of which
 * is parsed when somebody first asks for it: engines have a quick parser, and a reader of columns would be a third of the
 * runtime. Loading looks at every number; a text that is not what it should be denies where it is needed.
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
export const FORMAT = 5;

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

// The sections, by their places in `sectionNames`.

/** Seed of the names, whether some atom reads `context.now` (0 or 1), numbers of leaves, actions, roles, atoms. */
export const META = 0;
/** Where each text begins in the units, and behind the last where it ends. */
export const TEXTS = 1;
/** Of the texts, in ASCII. */
export const UNITS = 2;
/**
 * Rows of atom, low, high. Node 0 is deny, 1 .. leaves - 2 the outcomes from worst to best, leaves - 1 the plain allow; their
 * rows are 0.
 * INVARIANT, checked at load: both children of a node are smaller than the node (so every walk ends) and have greater atoms
 * (so a walk asks no atom twice).
 */
export const NODES = 3;
/** The node that decides, one a cell; cell = role * actions + action. */
export const CELLS = 4;
/** The text of the reasons, one a cell. */
export const REASONS = 5;
/**
 * Rows of role and text. Equal ones are stored once. Row r is role r with nothing else, for every role: its settings are the
 * role's own, on top of which come those of a row behind. (It has no dates.)
 */
export const ASSIGNMENTS = 6;
/**
 * Runs, equal ones stored once: 2 * assignments + (1 for active), the slot of the id + 1 (0 where it is the key), then so
 * many assignments.
 */
export const HELD = 7;
/**
 * Keys and ids of members by open addressing, home at `hashText % slots`, and an empty row behind the last slot. Rows of
 * where the name begins, and what it stands for, so that whoever looks somebody up meets little memory:
 * - 0: nothing, the slot is free. The name is empty.
 * - odd: an id that is no key; of the member whose key stands in slot `of >> 1`.
 * - even: a key; what the member holds is the run from `(of >> 1) - 1` on.
 * - negative: a key, also the id, of somebody active who holds one or two assignments of numbers below INLINE_MASK, `~of` is
 *   `one + (1 + other << INLINE_BITS)`, or just one.
 * The seed is the first for which no probe is longer than MAX_PROBES, so chosen ids cannot make a cluster.
 */
export const NAMES = 8;
/** Of the names in UTF-16 code units, as JavaScript compares them, in the order of the slots. */
export const NAME_UNITS = 9;
/** The slots of the keys, in the order of the file. */
export const MEMBERS = 10;
/** JSON of what `unpackProvenance` takes, in ASCII. Empty in a stripped table. */
export const PROVENANCE = 11;
/** How many there are. */
export const SECTIONS = 12;

// Texts that every table has, by their numbers.

/** `[policy, version, catalog, its version, time zone]` */
export const HEAD = 0;
/** `[action, ...]`, by code units. */
export const ACTIONS = 1;
/** `[[action, presentation], ...]`: the number of each action that has one. */
export const PRESENTATIONS = 2;
/** `[role, ...]`, by code units. */
export const ROLES = 3;
/** `[role, ...]`: numbers of those that an application may give. */
export const GIVEN = 4;
/** `[text or null, ...]`, a slot each: the text of the value where nothing else is set. */
export const DEFAULTS = 5;
/** `[[slot, setting, [key, ...]], ...]`, by code units of the slots: `access/notes/view` is of access, by notes and view. */
export const SLOTS = 6;
/** `[[outcome, [own duty, ...]], ...]`, best first. There are two more leaves: see NODES. */
export const OUTCOMES = 7;
/** `[[scope, is a prohibition: 0 or 1], ...]` */
export const SCOPES = 8;
/** `[instant or null, milliseconds to add to UTC from then on, ...]`, rising; null for ever. `[]` if nobody asks for a day. */
export const ZONE = 9;
/** `[[atom, left side, right side or null], ...]`, as people read them. */
export const ATOM_NAMES = 10;
/** `[[resource, has a resource: 0 or 1, number of actions], ...]`: the actions in their order. */
export const RESOURCES = 11;
/** An atom each from here on: see `PackedAtom`. Behind them come the texts that others name by their number. */
export const FIRST_ATOM = 12;

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

/** What most conditions ask about the resource: see `ask` in atom.ts. */
export const QUICK_FLAG = 1;
export const QUICK_TEXT = 2;
export const QUICK_TEXTS = 3;
export const QUICK_TEXT_IN_SET = 4;
export const QUICK_TEXTS_IN_SET = 5;

/** `[operator, limit of "before", text of the left side, that of the right or null, ...]`; the rest is left out where 0. */
export type PackedAtom = readonly [
  operator: number,
  limit: number,
  left: number,
  right: number | null,
  /** One of the quick ones, negative where the right side is the resource's fact; 0 for any other atom. */
  quick?: number,
];

/** A side of an atom, or a key of a lookup; what is at the end and 0 or null is left out. */
export type PackedTerm = readonly [
  /** Of `sources`. */
  from: number,
  /** Steps of a path; the number of a slot; of a lookup texts of its keys, outermost first; a constant. */
  of: readonly (string | number)[] | number | string | boolean,
  /** Of `scalarTypes`; `date-time` where a day is asked for. */
  type?: number,
  isSet?: number,
  /** As `missing` of a decision calls it (`client.tags`, `user.age`). */
  name?: string,
  /** Calendar months added at the end. */
  months?: number,
  /** Instant to day, before that. */
  isDay?: number,
  /** Text of the values of an enum. */
  choices?: number | null,
  /** Of a lookup: text of a tree from its keys to slots, `{ "notes": { "view": 7 } }`. */
  tree?: number | null,
];

/** `[[slot, text of its value, slot, ...], first instant or null, first instant after the end or null]`, dates where there are any. */
export type PackedAssignment = readonly [settings: readonly number[], from?: number | null, until?: number | null];

/**
 * Why a cell decides: the "or" of its grants, the scopes and prohibitions that cover the action, and the grants that give it
 * (numbers of the provenance; none in a stripped table), each with its node.
 */
export type PackedReasons = readonly [
  grants: number,
  scopes: readonly (readonly [scope: number, node: number])[],
  sources: readonly (readonly [grant: number, node: number])[],
];

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
export const kinds = [Int8Array, Int16Array, Int32Array, Uint8Array, Uint16Array] as const;

/** The sections, in their order, as tools and people call them. All are in every table, some of them empty. */
export const sectionNames = [
  'meta',
  'texts',
  'units',
  'nodes',
  'cells',
  'reasons',
  'assignments',
  'held',
  'names',
  'nameUnits',
  'members',
  'provenance',
] as const;

export type SectionName = (typeof sectionNames)[number];

/**
 * Over the words from AT_DIGEST on. One step is a bijection of the sum for a fixed word, and of the word for a fixed sum;
 * so two files that differ in one word never have the same checksum, whatever follows that word. Four sums apart are
 * quicker, all the more in a loop that no compiler has seen yet.
 */
export function checksum(words: Int32Array): number {
  const { imul } = Math;
  const by = 0x9e3779b1 | 0;
  let a = 1;
  let b = 2;
  let c = 3;
  let d = 4;
  for (let i = AT_DIGEST >> 2; i < words.length; i += 4) {
    a = imul(a ^ (a >>> 15) ^ (words[i] as number), by);
    b = imul(b ^ (b >>> 15) ^ (words[i + 1] as number), by);
    c = imul(c ^ (c >>> 15) ^ (words[i + 2] as number), by);
    d = imul(d ^ (d >>> 15) ^ (words[i + 3] as number), by);
  }
  return imul(imul(imul(a, by) ^ b, by) ^ c, by) ^ d;
}

/** Of the code units of a text, for the names of members. */
export function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
