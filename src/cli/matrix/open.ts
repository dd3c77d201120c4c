import { compile, nearest, type Policy } from '../../index.ts';
import { createHost } from '../../node/index.ts';
import { loadTable, type Table } from '../../runtime/index.ts';
import { viewOf } from '../../runtime/tools.ts';
import { baseRole, permissionRole, standIns } from '../catalog-roles.ts';
import { compilePolicy } from '../compiling.ts';
import { actionsOf } from '../diff/only.ts';
import { entryOf, readTable } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

/** A table to be told about, with names in the order of its file, where that is there. */
export interface Opened {
  readonly table: Table;
  readonly roles: readonly string[];
  readonly members: readonly string[];
  /** Of a catalog: its permissions. The roles are then its levels. */
  readonly permissions: readonly string[] | null;
}

/** Null when the policy has errors, which were said. */
export function openPolicy(path: string, now: number, format: string, out: Output): Opened | null {
  const entry = entryOf(path);
  if (entry.kind === 'tests') throw new UsageError(`\`${path}\` is a tests file; name the practice or a table`);
  if (entry.kind === 'table') {
    const table = readTable(entry.path, () => now);
    return { ...namesOf(table), table, permissions: null };
  }
  const compiled = compilePolicy(entry.path, {}, format, out);
  if (!compiled) return null;
  const { policy } = compiled;
  if (policy.roles.size === 0) return openCatalog(entry.path, policy, now);
  const table = loadTable(compiled.table, { now: () => now });
  return { table, roles: [...policy.roles.keys()], members: [...policy.members.keys()], permissions: null };
}

/** A catalog has no roles: each level of each account stands for one, and each permission. */
function openCatalog(path: string, policy: Policy, now: number): Opened {
  const { table: bytes, policy: whole } = compile(path, createHost(), { overlay: standIns(policy, true) });
  if (!bytes || !whole)
    throw new UsageError('the levels of the catalog do not compile', 'check it with `chaperone check`');
  const table = loadTable(bytes, { now: () => now });
  const isLevel = (name: string) => !name.startsWith(permissionRole) && !name.startsWith(baseRole);
  const roles = [...whole.roles.keys()].filter(isLevel);
  const has = new Set(whole.roles.keys());
  const permissions = [...policy.permissions.keys()].filter((name) => has.has(`${permissionRole}${name}`));
  return { table, roles, members: [], permissions };
}

function namesOf(table: Table) {
  const view = viewOf(table);
  const members = Array.from({ length: view.memberCount }, (_, index) => view.member(index).key);
  return { roles: view.roles.map(({ name }) => name), members };
}

/** The names that were asked for, in their own order; all without a wish. */
export function chooseNames(kind: string, wanted: readonly string[], all: readonly string[]): readonly string[] {
  const names = wanted.flatMap((text) => text.split(','));
  for (const name of names) {
    if (all.includes(name)) continue;
    const near = nearest(name, all);
    throw new UsageError(`unknown ${kind} \`${name}\``, near ? `did you mean \`${near}\`?` : null);
  }
  return names.length === 0 ? all : all.filter((name) => names.includes(name));
}

/** Actions by patterns such as `note.*`, and those that permissions give; all without a wish. */
export function chooseActions(
  table: Table,
  patterns: readonly string[],
  permissions: readonly string[],
): readonly string[] {
  const all = viewOf(table).actions.map(({ name }) => name);
  const wanted = patterns.flatMap((text) => text.split(','));
  for (const pattern of wanted) {
    if (all.some((name) => matches(name, pattern))) continue;
    const near = nearest(pattern, all);
    throw new UsageError(`no action is \`${pattern}\``, near ? `did you mean \`${near}\`?` : null);
  }
  const given = givenBy(
    table,
    permissions.flatMap((text) => text.split(',')),
  );
  return all.filter(
    (name) =>
      (wanted.length === 0 || wanted.some((pattern) => matches(name, pattern))) && (given === null || given.has(name)),
  );
}

function givenBy(table: Table, permissions: readonly string[]): ReadonlySet<string> | null {
  if (permissions.length === 0) return null;
  const provenance = viewOf(table).provenance();
  if (!provenance) throw new UsageError('a stripped table does not know permissions', 'compile without `--strip`');
  const known = provenance.permissions.map(({ name }) => name);
  return new Set(chooseNames('permission', permissions, known).flatMap((name) => actionsOf(table, name)));
}

/** `*` stands for any text. */
function matches(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.\\^$+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}
