// The whole table as names and numbers, for tools that show and compare tables; decisions do not need it.

import { type AtomView, readAtom } from './atom-view.ts';
import {
  ASSIGNMENTS,
  DEFAULTS,
  GIVEN,
  HEAD,
  OUTCOMES,
  type PackedAssignment,
  type PackedReasons,
  PRESENTATIONS,
  RESOURCES,
  SCOPES,
  type SectionName,
  SLOTS,
  sectionNames,
  ZONE,
} from './format.ts';
import type { Table } from './load.ts';
import { findMember, readHeld } from './members.ts';
import type { Entries, Units } from './open.ts';
import { type Provenance, readProvenance, unpackProvenance } from './provenance.ts';
import { parse, read, type TableValue, valueAt } from './texts.ts';
import type { Asking } from './user.ts';
import { actionsOf, nameAt, roleName, type World } from './world.ts';

/** The sections by their names. */
export type NamedSections = {
  readonly [Name in SectionName]: Name extends 'units' | 'nameUnits' | 'provenance' ? Units : Entries;
};

export interface SettingView {
  readonly slot: number;
  readonly value: TableValue;
}

export interface AssignmentView {
  readonly role: number;
  readonly settings: readonly SettingView[];
  /** First instant; null: always. */
  readonly from: number | null;
  /** First instant after the end; null: never. */
  readonly until: number | null;
}

export interface MemberView {
  readonly key: string;
  readonly id: string;
  readonly active: boolean;
  readonly assignments: readonly AssignmentView[];
}

/** A table as names and numbers; members and provenance are decoded when asked for. */
export interface TableView {
  readonly sections: NamedSections;
  readonly isStripped: boolean;
  readonly policy: { readonly name: string; readonly version: string };
  readonly catalog: { readonly name: string; readonly version: string };
  readonly timeZone: string;
  /** Best first; with their own duties only. */
  readonly outcomes: readonly { readonly name: string; readonly duties: readonly string[] }[];
  readonly actions: readonly ActionView[];
  readonly roles: readonly RoleView[];
  readonly slots: readonly SlotView[];
  readonly scopes: readonly { readonly kind: 'scope' | 'prohibition'; readonly name: string }[];
  readonly atoms: readonly AtomView[];
  readonly leaves: number;
  readonly memberCount: number;
  member(index: number): MemberView;
  /** From when which offset of the time zone holds; none where no atom asks for a day. */
  readonly zone: { readonly instants: Float64Array; readonly offsets: Float64Array };
  /** Instants at which an assignment begins or ends, once each. */
  readonly dates: readonly number[];
  /** Of members: equal ones hold the same. */
  heldBy(index: number): number;
  /** By key or id; -1 for nobody. */
  findMember(name: unknown): number;
  /** The node that decides the cell `role * actions.length + action`. */
  decisionOf(cell: number): number;
  /** The "or" of a cell's grants. */
  grantsNodeOf(cell: number): number;
  /** Of a cell. */
  scopesOf(cell: number): readonly (readonly [scope: number, node: number])[];
  /** Null in a stripped table. */
  grantsOf(cell: number): readonly (readonly [grant: number, node: number])[] | null;
  /** Null in a stripped table. */
  provenance(): Provenance | null;
}

export interface ActionView {
  readonly name: string;
  readonly resource: string;
  readonly presentation: string | null;
  readonly hasResource: boolean;
}

export interface RoleView {
  readonly name: string;
  readonly givenByApplication: boolean;
  readonly settings: readonly SettingView[];
}

export interface SlotView {
  readonly name: string;
  readonly setting: string;
  readonly keys: readonly string[];
  readonly default: TableValue | null;
}

const views = new WeakMap<object, TableView>();

/** Of a loaded table; the same each time. */
export function viewOf({ world }: Pick<Table<Asking>, 'world'>): TableView {
  const known = views.get(world);
  if (known) return known;
  const view = createView(world);
  views.set(world, view);
  return view;
}

function createView(world: World): TableView {
  const { leaves } = world;
  const sections = Object.fromEntries(
    sectionNames.map((name, place) => [name, name === 'provenance' ? world.provenance.units : world.sections[place]]),
  ) as unknown as NamedSections;
  const [policy = '', version = '', catalog = '', catalogVersion = '', timeZone = ''] = read<readonly string[]>(
    world,
    HEAD,
  );
  const isStripped = sections.provenance.length === 0;
  let provenance: Provenance | null = null;
  /** Numbers of what members hold, whatever their ids. */
  const holdings = new Map<string, number>();
  /** Of members, by slot. */
  let places: ReadonlyMap<number, number> | null = null;
  const reasonsOf = (cell: number) => read<PackedReasons>(world, sections.reasons[cell] as number);
  const of = (member: number) => sections.names[2 * (sections.members[member] as number) + 1] as number;
  return {
    sections,
    isStripped,
    policy: { name: policy, version },
    catalog: { name: catalog, version: catalogVersion },
    timeZone,
    outcomes: read<readonly (readonly [string, readonly string[]])[]>(world, OUTCOMES).map(([name, duties]) => ({
      name,
      duties,
    })),
    actions: viewActions(world),
    roles: viewRoles(world),
    slots: viewSlots(world),
    scopes: read<readonly (readonly [string, number])[]>(world, SCOPES).map(([name, isProhibition]) => ({
      kind: isProhibition ? 'prohibition' : 'scope',
      name,
    })),
    atoms: world.tests.map((_, atom) => readAtom(world, atom)),
    leaves,
    memberCount: sections.members.length,
    zone: viewZone(world),
    dates: datesOf(world),
    member(index) {
      const [active, id = 0, ...assignments] = readHeld(world.sections, of(index));
      const slot = sections.members[index] as number;
      return {
        key: nameAt(world, slot),
        id: nameAt(world, id > 0 ? id - 1 : slot),
        active: active === 1,
        assignments: assignments.map((row) => viewAssignment(world, row)),
      };
    },
    heldBy(index) {
      const [active, , ...assignments] = readHeld(world.sections, of(index));
      const key = `${active} ${assignments}`;
      const known = holdings.get(key) ?? holdings.size;
      holdings.set(key, known);
      return known;
    },
    findMember(name) {
      const slot = findMember(world.sections, name);
      places ??= new Map(Array.from(sections.members, (key, index) => [key, index]));
      return places.get(slot) ?? -1;
    },
    decisionOf: (cell) => sections.cells[cell] as number,
    grantsNodeOf: (cell) => reasonsOf(cell)[0],
    scopesOf: (cell) => reasonsOf(cell)[1],
    grantsOf: (cell) => (isStripped ? null : reasonsOf(cell)[2]),
    provenance() {
      const packed = readProvenance(world);
      if (packed) provenance ??= unpackProvenance(packed);
      return provenance;
    },
  };
}

function viewActions(world: World): ActionView[] {
  const presentations = new Map(read<readonly (readonly [number, string])[]>(world, PRESENTATIONS));
  type Runs = readonly (readonly [resource: string, hasResource: number, count: number])[];
  const resources = read<Runs>(world, RESOURCES).flatMap(([resource, hasResource, count]) =>
    Array.from({ length: count }, () => ({ resource, hasResource: hasResource === 1 })),
  );
  return actionsOf(world).map((name, column) => ({
    name,
    ...(resources[column] ?? { resource: '', hasResource: false }),
    presentation: presentations.get(column) ?? null,
  }));
}

function viewRoles(world: World): RoleView[] {
  const given = new Set(read<readonly number[]>(world, GIVEN));
  return Array.from({ length: world.roles }, (_, role) => ({
    name: roleName(world, role),
    givenByApplication: given.has(role),
    settings: readSettings(world, role),
  }));
}

function viewSlots(world: World): SlotView[] {
  const defaults = read<readonly (number | null)[]>(world, DEFAULTS);
  type Packed = readonly (readonly [name: string, setting: string, keys: readonly string[]])[];
  return read<Packed>(world, SLOTS).map(([name, setting, keys], slot) => {
    const value = defaults[slot] ?? null;
    return { name, setting, keys, default: value === null ? null : valueAt(world, value) };
  });
}

function readAssignment(world: World, row: number): PackedAssignment {
  return parse(world, world.sections[ASSIGNMENTS][2 * row + 1] as number) as PackedAssignment;
}

function readSettings(world: World, row: number): SettingView[] {
  const [settings] = readAssignment(world, row);
  return pairs(settings).map(([slot, value]) => ({ slot, value: valueAt(world, value) }));
}

/** A role's own settings stand in its row, and are not the assignment's. */
function viewAssignment(world: World, row: number): AssignmentView {
  const [, from = null, until = null] = readAssignment(world, row);
  return {
    role: world.sections[ASSIGNMENTS][2 * row] as number,
    settings: row < world.roles ? [] : readSettings(world, row),
    from,
    until,
  };
}

function datesOf(world: World): number[] {
  const dates = new Set<number>();
  for (let row = world.roles; row < world.sections[ASSIGNMENTS].length / 2; row++) {
    const [, from = null, until = null] = readAssignment(world, row);
    for (const date of [from, until]) if (date !== null) dates.add(date);
  }
  return [...dates];
}

/** The first offset holds since ever. */
function viewZone(world: World): TableView['zone'] {
  const zone = pairs(read<readonly number[]>(world, ZONE));
  return {
    instants: Float64Array.from(zone, ([instant], index) => (index === 0 ? Number.NEGATIVE_INFINITY : instant)),
    offsets: Float64Array.from(zone, ([, offset]) => offset),
  };
}

/** A flat list, two at a time. */
function pairs(list: readonly number[]): (readonly [number, number])[] {
  return Array.from({ length: list.length >> 1 }, (_, i) => [list[2 * i] as number, list[2 * i + 1] as number]);
}
