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

/** The changes that were asked for; a name that neither side knows is wrong usage. */
export function choose(comparison: Comparison, only: Only, tables: readonly Table[]): Comparison {
  if (only.size === 0) return comparison;
  for (const [key, names] of only) {
    const known = new Set(tables.flatMap((table) => namesOf(table, key)));
    for (const name of names) if (!known.has(name)) throw new UsageError(`neither side knows the ${key} \`${name}\``);
  }
  const given = new Set(
    [...(only.get('permission') ?? [])].flatMap((name) => tables.flatMap((table) => actionsOf(table, name))),
  );
  const isChosen = (change: Change): boolean => {
    const actions = change.action === null ? change.actions : [change.action];
    const has = (key: Key, values: readonly string[]) => {
      const wanted = only.get(key);
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
  return { ...comparison, changes: comparison.changes.filter(isChosen) };
}

function namesOf(table: Table, key: Key): readonly string[] {
  const view = viewOf(table);
  switch (key) {
    case 'role':
      return view.roles.map(({ name }) => name);
    case 'action':
      return view.actions.map(({ name }) => name);
    case 'member':
      return Array.from({ length: view.memberCount }, (_, index) => view.member(index).key);
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
