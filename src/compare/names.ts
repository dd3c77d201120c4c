import type { Provenance } from '../runtime/index.ts';
import type { TableView } from '../runtime/tools.ts';
import type { Rename } from './comparison.ts';
import { settingsBySlot } from './holders.ts';
import { cellOf, type Merged, type Side } from './merge.ts';
import { keyOf } from './slot-state.ts';

/** What is on both sides under one name or two, and what is on one side only; indexes into the tables. */
export interface Matching {
  readonly pairs: readonly (readonly [base: number, head: number])[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
  readonly renames: readonly Rename[];
}

/** Roles of one name; else those that alone are equal in all that they give. */
export function matchRoles(merged: Merged): Matching {
  const print = (side: Side) => (index: number) => {
    const role = side.view.roles[index];
    const settings = [...settingsBySlot(side.view, role?.settings ?? [])].map(
      ([slot, value]) => `${slot} ${keyOf({ kind: 'fixed', value })}`,
    );
    return JSON.stringify([
      role?.givenByApplication,
      settings.sort(),
      merged.actions.map((_, action) => cellOf(side, index, action)),
    ]);
  };
  const names = (side: Side) => side.view.roles.map(({ name }) => name);
  return match('role', names(merged.base), names(merged.head), print(merged.base), print(merged.head));
}

/** Members of one key; else of one id; else those that alone hold the same. `roleName` is the name on the head. */
export function matchMembers({ base, head }: Merged, roleName: (side: Side, role: number) => string): Matching {
  const keys = (side: Side) => keysOf(side.view);
  const print = (side: Side) => (index: number) => {
    const { active, assignments } = side.view.member(index);
    const held = assignments.map(({ role, settings, from, until }) =>
      JSON.stringify([
        roleName(side, role),
        [...settingsBySlot(side.view, settings)]
          .map(([slot, value]) => `${slot} ${keyOf({ kind: 'fixed', value })}`)
          .sort(),
        from,
        until,
      ]),
    );
    return JSON.stringify([active, held.sort()]);
  };
  const [before, after] = [keys(base), keys(head)];
  const byId = match(
    'member',
    before,
    after,
    (index) => base.view.member(index).id,
    (index) => head.view.member(index).id,
  );
  const gone = new Set(byId.removed);
  const come = new Set(byId.added);
  const rest = match(
    'member',
    before.map((key, index) => (gone.has(index) ? key : null)),
    after.map((key, index) => (come.has(index) ? key : null)),
    print(base),
    print(head),
  );
  // Who has another id as well is taken for the same person only for what they hold.
  const asked = rest.renames.map((rename) => ({ ...rename, isAsked: true as const }));
  return { ...rest, pairs: [...byId.pairs, ...rest.pairs], renames: [...byId.renames, ...asked] };
}

/** Permissions that give the same to the same roles under another name; nothing where a table is stripped. */
export function renamedPermissions(merged: Merged): readonly Rename[] {
  const [before, after] = [merged.base.view, merged.head.view].map((view) => [view.provenance(), view] as const);
  if (!before?.[0] || !after?.[0]) return [];
  const print = (provenance: Provenance, view: TableView) => (index: number) => {
    const name = provenance.permissions[index]?.name;
    const grants = provenance.grants
      .filter(({ permission }) => permission === name)
      .map(({ actions, text, outcome }) => JSON.stringify([actions, text, outcome]));
    const roles = provenance.roles.flatMap(({ permissions }, role) =>
      permissions.some(([held]) => held === name) ? [view.roles[role]?.name] : [],
    );
    return JSON.stringify([grants.sort(), roles]);
  };
  const names = ({ permissions }: Provenance) => permissions.map(({ name }) => name);
  return match(
    'permission',
    names(before[0]),
    names(after[0]),
    print(...(before as [Provenance, TableView])),
    print(...(after as [Provenance, TableView])),
  ).renames;
}

/** Outcomes with the same duties under another name. */
export function renamedOutcomes({ base, head, leaves }: Merged): readonly Rename[] {
  const names = (side: Side) => side.chain.slice(1, -1).map((leaf) => leaves[leaf]?.outcome ?? '');
  const print = (side: Side) => (index: number) => JSON.stringify(leaves[side.chain[index + 1] ?? 0]?.duties);
  return match('outcome', names(base), names(head), print(base), print(head)).renames;
}

/** By name (null: not in question); what is left over by prints that occur once on either side. */
function match(
  kind: Rename['kind'],
  base: readonly (string | null)[],
  head: readonly (string | null)[],
  printBase: (index: number) => string,
  printHead: (index: number) => string,
): Matching {
  const places = new Map(head.map((name, index) => [name, index]));
  const known = new Set(base);
  const pairs: (readonly [number, number])[] = [];
  const renames: Rename[] = [];
  const gone: number[] = [];
  base.forEach((name, index) => {
    const place = name === null ? undefined : places.get(name);
    if (place !== undefined) pairs.push([index, place]);
    else if (name !== null) gone.push(index);
  });
  const come = head.flatMap((name, index) => (name === null || known.has(name) ? [] : [index]));
  const removed = new Set(gone);
  const added = new Set(come);
  if (gone.length > 0 && come.length > 0) {
    const byPrint = once(come, printHead);
    for (const [print, index] of once(gone, printBase)) {
      const other = byPrint.get(print);
      if (other === undefined) continue;
      pairs.push([index, other]);
      renames.push({ kind, from: base[index] ?? '', to: head[other] ?? '' });
      removed.delete(index);
      added.delete(other);
    }
  }
  return { pairs, removed: [...removed], added: [...added], renames };
}

/** Prints that only one of them has. */
function once(indexes: readonly number[], print: (index: number) => string): ReadonlyMap<string, number> {
  const found = new Map<string, number | null>();
  for (const index of indexes) {
    const key = print(index);
    found.set(key, found.has(key) ? null : index);
  }
  return new Map([...found].flatMap(([key, index]) => (index === null ? [] : [[key, index] as const])));
}

export function keysOf(view: TableView): readonly string[] {
  return Array.from({ length: view.memberCount }, (_, index) => view.member(index).key);
}
