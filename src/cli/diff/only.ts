import type { Change, Comparison } from '../../compare/index.ts';
import type { Table } from '../../runtime/index.ts';
import { viewOf } from '../../runtime/tools.ts';
import { UsageError } from '../output.ts';

const keys = ['role', 'action', 'permission', 'member'] as const;
type Key = (typeof keys)[number];

/** What `--only` asks for: of one key any of the values, of several keys each. */
export type Only = ReadonlyMap<Key, ReadonlySet<string>>;

/** `role=reception,action=note.view`; may stand several times. */
export function readOnly(texts: readonly string[]): Only {
  const only = new Map<Key, Set<string>>();
  for (const text of texts.flatMap((each) => each.split(','))) {
    const at = text.indexOf('=');
    const key = keys.find((each) => each === text.slice(0, at));
    if (!key || at === text.length - 1) {
      throw new UsageError(
        `\`--only ${text}\` chooses nothing`,
        `write ${keys.map((each) => `${each}=NAME`).join(', ')}`,
      );
    }
    only.set(key, (only.get(key) ?? new Set()).add(text.slice(at + 1)));
  }
  return only;
}

/** What `--only` leaves of a comparison: all but the changes, renames and notes is about the whole. */
export interface Chosen extends Comparison {
  /** Changes and renames that were left out. */
  readonly omitted: number;
}

/** The changes that were asked for; a name that neither side knows is wrong usage. */
export function choose(comparison: Comparison, only: Only, tables: readonly Table[]): Chosen {
  if (only.size === 0) return { ...comparison, omitted: 0 };
  for (const [key, names] of only) {
    const known = new Set(tables.flatMap((table) => namesOf(table, key)));
    for (const name of names) if (!known.has(name)) throw new UsageError(`neither side knows the ${key} \`${name}\``);
  }
  const given = new Set(
    [...(only.get('permission') ?? [])].flatMap((name) => tables.flatMap((table) => actionsOf(table, name))),
  );
  const meant = new Map([...only].map(([key, names]) => [key, namesMeant(comparison, key, names, tables)]));
  const isChosen = (change: Change): boolean => {
    const actions = change.action === null ? change.actions : [change.action];
    const has = (key: Key, values: readonly string[]) => {
      const wanted = meant.get(key);
      return !wanted || values.some((value) => wanted.has(value));
    };
    const isGiven = !only.has('permission') || actions.some((action) => given.has(action));
    return (
      isGiven &&
      has('role', change.role === null ? [] : [change.role]) &&
      has('action', actions) &&
      has('member', change.members)
    );
  };
  const changes = comparison.changes.filter(isChosen);
  const renames = comparison.renames.filter(({ kind, from, to }) => {
    const names = kind === 'outcome' ? undefined : only.get(kind);
    return names?.has(from) || names?.has(to);
  });
  const notes = comparison.notes.filter(({ role, member }) => {
    if (member !== null) return meant.get('member')?.has(member) ?? !meant.has('role');
    return role === null || (meant.get('role')?.has(role) ?? !meant.has('member'));
  });
  const all = comparison.changes.length + comparison.renames.length;
  return { ...comparison, changes, renames, notes, omitted: all - changes.length - renames.length };
}

/** A new name for an old one, and the key of a member for the id. */
function namesMeant(
  { renames }: Comparison,
  key: Key,
  names: ReadonlySet<string>,
  tables: readonly Table[],
): ReadonlySet<string> {
  const found = new Set(names);
  if (key === 'member') {
    for (const view of tables.map(viewOf)) {
      for (const name of names) {
        const index = view.findMember(name);
        if (index >= 0) found.add(view.member(index).key);
      }
    }
  }
  for (const { kind, from, to } of renames) if (kind === key && found.has(from)) found.add(to);
  return found;
}

function namesOf(table: Table, key: Key): readonly string[] {
  const view = viewOf(table);
  switch (key) {
    case 'role':
      return view.roles.map(({ name }) => name);
    case 'action':
      return view.actions.map(({ name }) => name);
    case 'member':
      return Array.from({ length: view.memberCount }, (_, index) => view.member(index)).flatMap(({ key, id }) => [
        key,
        id,
      ]);
    default: {
      const provenance = view.provenance();
      if (!provenance) throw new UsageError('a stripped table does not know permissions', 'compile without `--strip`');
      return provenance.permissions.map(({ name }) => name);
    }
  }
}

/** Actions that the permission gives, or whose grants ask whether somebody has it. */
export function actionsOf(table: Table, permission: string): readonly string[] {
  const grants = viewOf(table).provenance()?.grants ?? [];
  return grants
    .filter((grant) => grant.permission === permission || grant.asks.includes(permission))
    .flatMap(({ actions }) => actions);
}
