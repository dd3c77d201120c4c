import { InternalError } from '../diagnostics/index.ts';
import type { Table } from '../runtime/index.ts';
import { type AtomView, type TableView, viewOf } from '../runtime/tools.ts';
import type { Atom, AttributeFacts } from '../solver/index.ts';
import { clockOf } from '../zone/index.ts';
import { atomOfInstant, atomOfView, isAboutDays, readsId, settingsOf, slotsOf } from './atoms.ts';
import { joinNodes, type Nodes, type Source } from './nodes.ts';

export type Name = 'base' | 'head';

/** Two tables in one numbering: equal functions of the two are one node of `store`. */
export interface Merged {
  readonly store: Nodes;
  readonly atoms: readonly MergedAtom[];
  /** Names of both sides, sorted. */
  readonly actions: readonly string[];
  /** Of `store`: 0 is deny, 1 the plain allow; the others in no order, since each side has its own. */
  readonly leaves: readonly Leaf[];
  readonly base: Side;
  readonly head: Side;
  /** Of an atom "context.now is before this instant". */
  readonly instants: ReadonlyMap<number, number>;
  /** As the clocks of the clinic show it. */
  sayInstant(instant: number): string;
  /** Outcomes stand in one order: elsewhere one diagram is two decisions. */
  readonly isOneChain: boolean;
  /** Some atom asks for days, and the sides take them in different time zones. */
  readonly hasTwoZones: boolean;
  /** What is known of attributes of whoever asks. */
  readonly facts: readonly AttributeFacts[];
}

export interface MergedAtom {
  readonly atom: Atom;
  /** Slots of settings that it may read, sorted. */
  readonly slots: readonly string[];
  /** Settings of which the request chooses a slot, as the atom calls them, with all their slots. */
  readonly lookups: readonly Lookup[];
  readonly readsId: boolean;
  /** It depends on who asks. */
  readonly isPersonal: boolean;
  /** Where the two tables mean different things by one text. */
  readonly only: Name | null;
}

export interface Lookup {
  readonly setting: string;
  readonly slots: readonly { readonly name: string; readonly keys: readonly string[] }[];
}

export interface Leaf {
  /** Null for deny and the plain allow. */
  readonly outcome: string | null;
  /** Its own and those of better outcomes. */
  readonly duties: readonly string[];
}

export interface Side {
  readonly name: Name;
  readonly table: Table;
  readonly view: TableView;
  /** By role and number of `Merged.actions`, role by role: the node in the store; deny where the side lacks the action. */
  readonly cells: Int32Array;
  /** Leaves of the store from worst to best. */
  readonly chain: readonly number[];
  /** From the numbers of `Merged.actions` to those of the table; -1 where it lacks the action. */
  readonly columns: Int32Array;
}

export function merge(base: Table, head: Table, facts: readonly AttributeFacts[] = []): Merged {
  const views = { base: viewOf(base), head: viewOf(head) };
  const differ = differences(views.base, views.head);
  const isOwn = (atom: AtomView) =>
    (differ.zones && isAboutDays(atom)) || settingsOf(atom).some((setting) => differ.settings.has(setting));
  const keysOf = (side: Name) => views[side].atoms.map((atom) => (isOwn(atom) ? `${atom.text} (${side})` : atom.text));
  const keys = { base: keysOf('base'), head: keysOf('head') };
  const order = mergeOrders(keys.base, keys.head);
  const numbers = new Map(order.map((key, index) => [key, index]));
  const atoms: MergedAtom[] = [];
  for (const side of ['base', 'head'] as const) {
    const view = views[side];
    const rename = (setting: string) => (differ.settings.has(setting) ? `${setting}@${side}` : setting);
    view.atoms.forEach((atom, index) => {
      const slots = slotsOf(atom, view);
      atoms[numbers.get(keys[side][index] ?? '') ?? -1] ??= {
        atom: atomOfView(atom, view, rename),
        slots,
        lookups: settingsOf(atom).map((setting) => ({
          setting: rename(setting),
          slots: view.slots.filter((slot) => slot.setting === setting),
        })),
        readsId: readsId(atom),
        isPersonal: slots.length > 0 || readsId(atom),
        only: isOwn(atom) ? side : null,
      };
    });
  }
  const instants = addInstants(atoms, [views.base, views.head]);
  const leaves: Leaf[] = [
    { outcome: null, duties: [] },
    { outcome: null, duties: [] },
  ];
  const chains = { base: chainOf(views.base, leaves), head: chainOf(views.head, leaves) };
  const sourceOf = (name: Name): Source => {
    const { sections, leaves: own } = views[name];
    const places = Int32Array.from(keys[name], (key) => numbers.get(key) ?? 0);
    return { rows: sections.nodes as Int32Array, leaves: own, atoms: places, chain: chains[name] };
  };
  const { nodes, ofBase, ofHead } = joinNodes(leaves.length, sourceOf('base'), sourceOf('head'));
  const actionsOf = (table: Table) => viewOf(table).actions.map(({ name }) => name);
  const actions = [...new Set([...actionsOf(base), ...actionsOf(head)])].sort();
  const sideOf = (name: Name, table: Table, own: Int32Array): Side => {
    const view = views[name];
    const places = new Map(actionsOf(table).map((action, index) => [action, index]));
    const columns = Int32Array.from(actions, (action) => places.get(action) ?? -1);
    return { name, table, view, cells: cellsOf(view, columns, own), chain: chains[name], columns };
  };
  return {
    store: nodes,
    atoms,
    actions,
    leaves,
    base: sideOf('base', base, ofBase),
    head: sideOf('head', head, ofHead),
    instants,
    sayInstant: sayerOf(views.head.timeZone, views.base.timeZone),
    isOneChain: chains.base.join() === chains.head.join(),
    hasTwoZones: differ.zones,
    facts,
  };
}

/** Days alone would not do where two zones have different ones. */
function sayerOf(timeZone: string, other: string): (instant: number) => string {
  if (timeZone === other) return clockOf(timeZone);
  const say = clockOf('UTC');
  return (instant) => (say(instant).includes('T') ? say(instant) : `${say(instant)}T00:00Z`);
}

/** The node in the store of the cell of a role and of an action of `Merged.actions`; deny where the side lacks it. */
export function cellOf({ cells, columns }: Side, role: number, action: number): number {
  return cells[role * columns.length + action] ?? 0;
}

/** What makes one text mean two things: where a day begins, and which slots a lookup can reach. */
function differences(base: TableView, head: TableView) {
  const offsets = ({ zone }: TableView) => JSON.stringify([[...zone.instants].map(String), [...zone.offsets]]);
  const asks = (view: TableView) => view.atoms.some(isAboutDays);
  const reach = ({ slots }: TableView) => {
    const found = new Map<string, string>();
    for (const { setting, keys } of slots) found.set(setting, `${found.get(setting) ?? ''}${JSON.stringify(keys)}`);
    return found;
  };
  const [before, after] = [reach(base), reach(head)];
  const settings = new Set([...before.keys(), ...after.keys()].filter((name) => before.get(name) !== after.get(name)));
  return { zones: asks(base) && asks(head) && offsets(base) !== offsets(head), settings };
}

/** Both sequences in one: they agree on the order of what they have in common. */
export function mergeOrders(a: readonly string[], b: readonly string[]): readonly string[] {
  const places = new Map(b.map((key, index) => [key, index]));
  const merged: string[] = [];
  let next = 0;
  for (const key of a) {
    const place = places.get(key);
    if (place !== undefined) {
      if (place < next) throw new InternalError(`the tables order \`${key}\` differently`);
      merged.push(...b.slice(next, place));
      next = place + 1;
    }
    merged.push(key);
  }
  const all = [...merged, ...b.slice(next)];
  if (new Set(all).size !== all.length) throw new InternalError('the tables order their atoms differently');
  return all;
}

/** The dates of assignments as atoms, at the end of the order where no condition asks the same. */
function addInstants(atoms: MergedAtom[], views: readonly TableView[]): ReadonlyMap<number, number> {
  const places = new Map(atoms.map(({ atom }, index) => [atom.text, index]));
  const found = new Map<number, number>();
  for (const instant of views.flatMap(({ dates }) => dates)) {
    if (found.has(instant)) continue;
    const atom = atomOfInstant(instant);
    const place = places.get(atom.text) ?? atoms.push(impersonal(atom)) - 1;
    places.set(atom.text, place);
    found.set(instant, place);
  }
  return found;
}

/** An atom that is the same for everybody, and on both sides. */
export function impersonal(atom: Atom): MergedAtom {
  return { atom, slots: [], lookups: [], readsId: false, isPersonal: false, only: null };
}

/** Leaves of the store from worst to best; a name with other duties is another leaf. */
function chainOf({ outcomes }: TableView, leaves: Leaf[]): readonly number[] {
  const named = outcomes.map(({ name }, index) => {
    const duties = [...new Set(outcomes.slice(0, index + 1).flatMap((outcome) => outcome.duties))];
    const same = (leaf: Leaf) => leaf.outcome === name && leaf.duties.join('\n') === duties.join('\n');
    const known = leaves.findIndex(same);
    return known >= 0 ? known : leaves.push({ outcome: name, duties }) - 1;
  });
  return [0, ...named.reverse(), 1];
}

function cellsOf({ sections, roles, actions }: TableView, columns: Int32Array, nodes: Int32Array): Int32Array {
  const cells = new Int32Array(roles.length * columns.length);
  for (let role = 0, at = 0; role < roles.length; role++) {
    for (let action = 0; action < columns.length; action++, at++) {
      const column = columns[action] as number;
      if (column >= 0) cells[at] = nodes[sections.cells[role * actions.length + column] as number] as number;
    }
  }
  return cells;
}
