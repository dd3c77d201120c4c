import type { Table, TableValue, User } from '../runtime/index.ts';
import { holdRole, type TableView, ALL as UNLIMITED, viewOf } from '../runtime/tools.ts';
import { ALL, type PlainValue, type Request } from '../solver/index.ts';
import type { Example } from './comparison.ts';
import { settingsBySlot } from './holders.ts';
import type { Side } from './merge.ts';

/** Who asks in an example, by what the tables call them. */
export type Who =
  | { readonly kind: 'member'; readonly base: string | null; readonly head: string | null }
  /** Somebody in one role: a stranger, where applications may give it. */
  | {
      readonly kind: 'holder';
      readonly base: string | null;
      readonly head: string | null;
      readonly isStranger: boolean;
      /** Null, or absent: anybody's. */
      readonly id?: string | null;
    };

/** A request before anybody in particular asks it. */
export interface Draft {
  readonly request: Request;
  readonly context: unknown;
  readonly missing: readonly string[];
  /** What is said of the user beside the id. */
  readonly others: Request['user'];
  /** Nothing is. */
  readonly isPlain: boolean;
}

/** How the example writes the user. */
export function describeUser(
  { name: side, table }: Side,
  who: Who,
  { request, others, isPlain }: Draft,
): Example['user'] {
  const name = who[side];
  const { user, settings } = request;
  const { id } = user;
  if (who.kind === 'member') {
    if (isPlain) return name ?? '';
    const index = viewOf(table).findMember(name ?? '');
    return { id: index < 0 ? (name ?? '') : viewOf(table).member(index).id, ...others };
  }
  if (who.isStranger) {
    const own = who.id ?? id;
    return { ...others, ...(own !== undefined && { id: own }), roles: name === null ? [] : [name] };
  }
  if (isPlain && settings.size === 0) return id === undefined ? { role: name } : { id, role: name };
  const described = id === undefined ? { ...others, role: name } : { id, ...others, role: name };
  return settings.size === 0 ? described : Object.assign(described, nested(viewOf(table), settings));
}

/** What is alike for all that is asked of a table. */
interface Desk {
  readonly nobody: User;
  readonly rows: ReadonlyMap<string | null, number>;
  readonly places: ReadonlyMap<string, number>;
  /** By role: the values of the slots for whoever sets nothing. */
  readonly slotsOf: Map<number, readonly (TableValue | undefined)[]>;
}

const desks = new WeakMap<Table, Desk>();

function deskOf(table: Table): Desk {
  let desk = desks.get(table);
  if (!desk) {
    const { roles, slots } = viewOf(table);
    desk = {
      nobody: table.user(''),
      rows: new Map(roles.map(({ name }, row) => [name, row])),
      places: new Map(slots.map(({ name }, place) => [name, place])),
      slotsOf: new Map(),
    };
    desks.set(table, desk);
  }
  return desk;
}

/** Somebody who holds one role with settings of their own, and is no member of the table. */
export function holder(
  table: Table,
  role: string | null,
  id: unknown,
  attributes: unknown,
  settings: ReadonlyMap<string, PlainValue | typeof ALL>,
): User {
  const { nobody, rows, places, slotsOf } = deskOf(table);
  const row = rows.get(role);
  if (row === undefined) return nobody;
  const view = viewOf(table);
  let usual = slotsOf.get(row);
  if (!usual) {
    const ofRole = settingsBySlot(view, view.roles[row]?.settings ?? []);
    usual = view.slots.map((slot) => ofRole.get(slot.name) ?? slot.default ?? undefined);
    slotsOf.set(row, usual);
  }
  const slots = [...usual];
  for (const [name, value] of settings) {
    const place = places.get(name);
    if (place !== undefined) slots[place] = value === ALL ? UNLIMITED : (value as TableValue);
  }
  return holdRole(table, row, id, attributes, slots);
}

/** Settings as a practice writes them. */
function nested(
  { slots }: TableView,
  settings: ReadonlyMap<string, PlainValue | typeof ALL>,
): Readonly<Record<string, unknown>> {
  const tree: Record<string, unknown> = {};
  if (settings.size === 0) return tree;
  for (const { name, setting, keys } of slots) {
    const value = settings.get(name);
    if (value === undefined) continue;
    let at = tree;
    const path = [setting, ...keys];
    for (const step of path.slice(0, -1)) {
      const next = Object.hasOwn(at, step) ? at[step] : {};
      at[step] = next;
      at = next as Record<string, unknown>;
    }
    at[path.at(-1) ?? ''] = value === ALL ? 'all' : value;
  }
  return tree;
}
