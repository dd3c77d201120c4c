import { createTest, type Test } from './atom.ts';
import {
  ACTIONS,
  ASSIGNMENTS,
  CELLS,
  DEFAULTS,
  DIGEST_BYTES,
  META,
  NAME_UNITS,
  NAMES,
  NODES,
  type PackedAssignment,
  PROVENANCE,
  ROLES,
} from './format.ts';
import type { Entries, OpenFile, Sections, Units } from './open.ts';
import type { Slots } from './reading.ts';
import { toHex } from './sha256.ts';
import { characters, listOf, parse, read, type TableValue, type Texts, valueAt } from './texts.ts';
import type { Scratch } from './walk.ts';

/** What all users of one table share. Nothing is decoded before it is asked for, and nothing is made for each member. */
export interface World extends Texts {
  readonly bytes: Uint8Array;
  readonly sections: Sections;
  /** As the section; in an object of its own, which a store gives another way to its bytes. */
  readonly provenance: { readonly units: Units };
  /** As the section: rows of atom, low, high; those below `leaves` are leaves. */
  readonly nodes: Entries;
  readonly leaves: number;
  /** Number of actions, so of cells in a row. */
  readonly width: number;
  readonly roles: number;
  /** Does some atom read `context.now`? 0 or 1. */
  readonly readsNow: number;
  readonly clock: () => number;
  /** The instant of the request that is being decided, NaN when unknown; that of the last that needed one. */
  readonly time: Float64Array;
  /** A store has its own, whose tables have many tests in common. */
  createTest: typeof createTest;
  /** Of each atom; null before it is asked for the first time. */
  readonly tests: (Test | null)[];
  /**
   * Of actions that were asked for, by name. Nothing is inherited, but from an object that is empty: one without a prototype
   * would be a dictionary at once, while this has a shape that engines know, as long as only a few names are asked.
   */
  readonly columns: Record<string, number>;
  /** Of cells: see `allowsMember`. */
  readonly answers: Uint8Array;
  readonly holdings: Map<number, Holding>;
  readonly made: Map<number, unknown>;
  /** For a walk, while there is none. */
  idle: Scratch | null;
}

/** An assignment, ready to be asked. */
export interface Holding {
  readonly role: number;
  /** Of the role: a node an action. */
  readonly cells: Entries;
  readonly slots: Slots;
  /** First instant, and first instant after the end; null where there is none. */
  readonly from: number | null;
  readonly until: number | null;
}

type Meta = readonly [seed: number, readsNow: number, leaves: number, width: number, roles: number, atoms: number];

/** What all tables inherit from, so that engines see the same shape in all. */
const nothing = Object.create(null);

/** Assignments that are kept decoded; all are forgotten when there are more. */
const MAX_KEPT = 65_535;

export function createWorld({ bytes, sections }: OpenFile, clock: () => number): World {
  const [, readsNow, leaves, width, roles, atoms] = sections[META] as unknown as Meta;
  return {
    bytes,
    sections,
    provenance: { units: sections[PROVENANCE] },
    nodes: sections[NODES],
    leaves,
    width,
    roles,
    readsNow,
    clock,
    time: Float64Array.of(Number.NaN, Number.NaN),
    createTest,
    tests: new Array(atoms).fill(null),
    columns: Object.create(nothing),
    answers: new Uint8Array((sections[CELLS].length + 3) >> 2),
    holdings: new Map(),
    made: new Map(),
    idle: null,
  };
}

/** Names of the actions, in the order of the columns. */
export function actionsOf(world: World): readonly string[] {
  return listOf(world, ACTIONS);
}

/**
 * The number of an action, given by name or as it is; -1 for none. Names that were found are remembered: there are no more
 * than actions.
 */
export function columnOf(world: World, action: unknown): number {
  return (typeof action === 'string' ? world.columns[action] : undefined) ?? findColumn(world, action);
}

function findColumn(world: World, action: unknown): number {
  const column = typeof action === 'number' ? action : actionsOf(world).indexOf(action as string);
  if (column >>> 0 !== column || column >= world.width) return -1;
  if (typeof action === 'string') world.columns[action] = column;
  return column;
}

/** A row of assignments; that of a role's number is the role without anything else. */
export function holdingAt(world: World, row: number): Holding {
  const { sections, holdings, roles, width } = world;
  const known = holdings.get(row);
  if (known) return known;
  if (holdings.size > MAX_KEPT) holdings.clear();
  const isRole = row < roles;
  const role = isRole ? row : (sections[ASSIGNMENTS][2 * row] as number);
  const packed = parse(world, sections[ASSIGNMENTS][2 * row + 1] as number) as PackedAssignment;
  const [settings, from = null, until = null] = packed;
  const slots: (TableValue | undefined)[] = isRole
    ? read<readonly (number | null)[]>(world, DEFAULTS).map((id) => (id === null ? undefined : valueAt(world, id)))
    : [...holdingAt(world, role).slots];
  for (let i = 0; i < settings.length; i += 2) {
    const slot = (settings[i] as number) >>> 0;
    // A list with a gap would be as long as a text that somebody changed says.
    if (slot < slots.length) slots[slot] = valueAt(world, settings[i + 1] as number);
  }
  const made: Holding = {
    role,
    cells: sections[CELLS].subarray(role * width, (role + 1) * width),
    slots,
    from: isRole ? null : from,
    until: isRole ? null : until,
  };
  holdings.set(row, made);
  return made;
}

export function roleName(world: World, role: number): string {
  return read<readonly string[]>(world, ROLES)[role] as string;
}

/** The name in a slot. */
export function nameAt({ sections }: World, slot: number): string {
  const names = sections[NAMES];
  return characters(sections[NAME_UNITS].subarray(names[2 * slot], names[2 * slot + 2]));
}

/** A digest of the header. */
export function hexAt({ bytes }: World, offset: number): string {
  return toHex(bytes.subarray(offset, offset + DIGEST_BYTES));
}
