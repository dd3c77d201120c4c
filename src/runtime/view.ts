// The whole table as names and numbers, for tools that show and compare tables; decisions do not need it.

import { type AtomView, type Row, readAtom, readRow, readRows } from './decode.ts';
import type { Engine } from './engine.ts';
import { ATOM } from './format.ts';
import type { Table } from './load.ts';
import { findMember, idOf, readHeld } from './members.ts';
import type { Sections } from './open.ts';
import { type Provenance, readProvenance, unpackProvenance } from './provenance.ts';
import type { TableValue } from './rows.ts';
import type { Asking } from './user.ts';

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
  readonly sections: Sections;
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
export function viewOf({ engine }: Pick<Table<Asking>, 'engine'>): TableView {
  const known = views.get(engine);
  if (known) return known;
  const view = createView(engine);
  views.set(engine, view);
  return view;
}

function createView(engine: Engine): TableView {
  const { sections, seed, leaves } = engine;
  const meta = readRow(engine, 'meta', 0);
  const isStripped = sections.provenance.length === 0;
  let provenance: Provenance | null = null;
  /** Of members, by slot. */
  let places: ReadonlyMap<number, number> | null = null;
  const reasons = new Map<number, Row<'reasons'>>();
  const reasonsOf = (cell: number) => {
    const index = sections.cellReasons[cell] as number;
    const known = reasons.get(index) ?? readRow(engine, 'reasons', index);
    reasons.set(index, known);
    return known;
  };
  return {
    sections,
    isStripped,
    policy: { name: meta.policy, version: meta.version },
    catalog: { name: meta.catalog, version: meta.catalogVersion },
    timeZone: meta.timeZone,
    outcomes: readRows(engine, 'outcomes'),
    actions: readRows(engine, 'actions'),
    roles: readRows(engine, 'roles').map((role, row) => ({
      ...role,
      settings: readRow(engine, 'assignments', row).settings,
    })),
    slots: readRows(engine, 'slots'),
    scopes: readRows(engine, 'scopes').map(({ isProhibition, name }) => ({
      kind: isProhibition ? 'prohibition' : 'scope',
      name,
    })),
    atoms: Array.from({ length: sections.atoms.length / ATOM }, (_, atom) => readAtom(engine, atom)),
    leaves,
    memberCount: sections.members.length,
    member(index) {
      const slot = sections.members[index] as number;
      const [active, ...assignments] = readHeld(sections, slot);
      return {
        key: engine.nameAt(slot),
        id: engine.nameAt(idOf(sections, slot)),
        active: active === 1,
        assignments: assignments.map((row) => viewAssignment(engine, row)),
      };
    },
    heldBy: (index) => sections.names[2 * (sections.members[index] as number) + 1] as number,
    findMember(name) {
      const slot = findMember(sections, seed, name);
      places ??= new Map(Array.from(sections.members, (key, index) => [key, index]));
      return places.get(slot) ?? -1;
    },
    decisionOf: (cell) => sections.cells[cell] as number,
    grantsNodeOf: (cell) => reasonsOf(cell).grants,
    scopesOf: (cell) => reasonsOf(cell).scopes.map(({ scope, node }) => [scope, node]),
    grantsOf: (cell) => (isStripped ? null : reasonsOf(cell).sources.map(({ grant, node }) => [grant, node])),
    provenance() {
      const packed = readProvenance(engine);
      if (packed) provenance ??= unpackProvenance(packed);
      return provenance;
    },
  };
}

/** A role's own settings stand in its row, and are not the assignment's. */
function viewAssignment(engine: Engine, row: number): AssignmentView {
  const { role, settings, from, until } = readRow(engine, 'assignments', row);
  return {
    role,
    settings: row < engine.roleCount ? [] : settings,
    from: Number.isFinite(from) ? from : null,
    until: Number.isFinite(until) ? until : null,
  };
}
