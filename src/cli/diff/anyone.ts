import {
  bumpOf,
  type Change,
  type Comparison,
  compare,
  type Example,
  type Part,
  type Rename,
} from '../../compare/index.ts';
import type { TableOfAnyone } from '../../index.ts';
import { loadTable, type Table } from '../../runtime/index.ts';
import { permissionRole } from '../catalog-roles.ts';
import type { Side } from './side.ts';

/** What the role is called that stands for every role that a practice could make of a catalog. */
const anyRole = '(any role)';

/**
 * What two catalogs decide differently for some role that a practice could make, with features on or off, and that the
 * roles which stand for them do not show.
 */
export function withAnyRole(comparison: Comparison, before: Side, after: Side, isWhole: boolean): Comparison {
  const renames = comparison.renames.map(permissionOf);
  const names = new Map(renames.flatMap(({ kind, from, to }) => (kind === 'permission' ? [[from, to] as const] : [])));
  const [base, head] = [before.anyone?.(anyRole, names), after.anyone?.(anyRole)];
  if (!base || !head) return comparison;
  const facts = joined([...base.facts, ...head.facts]);
  const [one, other] = [loadTable(base.table), loadTable(head.table)];
  const found = compare(one, other, { isWhole, facts });
  const shown = new Set(comparison.changes.flatMap(sensesOf));
  const open = [...new Set([...base.left.keys(), ...head.left.keys()])].sort();
  const changes = [
    ...comparison.changes,
    ...found.changes.flatMap((change) => unseen(change, shown)),
    ...open.flatMap((action) => (base.left.get(action) === head.left.get(action) ? [] : [undecided(action)])),
  ];
  const text = 'too much decides at once what any role may do: such an action is not decided where anything changed';
  return {
    ...comparison,
    base: { ...comparison.base, meaningDigest: digestOf(comparison.base, one) },
    head: { ...comparison.head, meaningDigest: digestOf(comparison.head, other) },
    changes,
    renames,
    equal: changes.length === 0 && renames.every(({ kind }) => kind === 'permission'),
    sameMeaning: comparison.sameMeaning && found.sameMeaning && changes.length === 0,
    notes: open.length > 0 ? [...comparison.notes, { text, role: null, member: null }] : comparison.notes,
    semver: bumpOf(changes),
  };
}

/** Of a catalog: half of it is about the roles that stand for others, half about every role. */
function digestOf({ meaningDigest }: Comparison['base'], anyone: Table): string {
  const half = meaningDigest.length / 2;
  return meaningDigest.slice(0, half) + anyone.meaningDigest.slice(half);
}

function undecided(action: string): Change {
  const part: Part = { condition: 'not decided', cases: [], complete: false, missing: [], example: null };
  const ways = { widened: true, narrowed: true, gained: part, lost: part, undecided: true };
  const about = { kind: 'role', role: anyRole, action, members: [], actions: [], missing: [] } as const;
  return { ...about, ...ways, condition: 'not decided', example: null, from: null, to: null, place: null };
}

/** A permission alone stands for itself. */
function permissionOf(rename: Rename): Rename {
  const isOne = rename.kind === 'role' && [rename.from, rename.to].every((name) => name.startsWith(permissionRole));
  if (!isOne) return rename;
  const [from, to] = [rename.from, rename.to].map((name) => name.slice(permissionRole.length)) as [string, string];
  return { kind: 'permission', from, to };
}

/** What of a change is not told yet. */
function unseen(change: Change, shown: ReadonlySet<string>): readonly Change[] {
  if ((change.kind !== 'role' && change.kind !== 'duties') || change.action === null) return [];
  const [widened, narrowed] = [sense(change, 'widened'), sense(change, 'narrowed')];
  const isGain = change.widened && !shown.has(widened);
  const isLoss = change.narrowed && !shown.has(narrowed);
  return isGain || isLoss ? [ofRole(change, isGain, isLoss)] : [];
}

type Facts = TableOfAnyone['facts'];

/** Of both catalogs; who has one of several accounts may have one of either. */
function joined(facts: Facts): Facts {
  const found = new Map<string, Facts[number]>();
  for (const fact of facts) {
    const key = fact.path.join('\n');
    const known = found.get(key);
    const among = known?.among && fact.among && { among: [...new Set([...known.among, ...fact.among])] };
    found.set(key, { ...known, ...fact, ...among });
  }
  return [...found.values()];
}

/** In which ways an action is decided differently. */
function sensesOf(change: Change): readonly string[] {
  const { action, widened, narrowed } = change;
  if (action === null) return [];
  return [...(widened ? [sense(change, 'widened')] : []), ...(narrowed ? [sense(change, 'narrowed')] : [])];
}

function sense({ kind, action }: Change, way: 'widened' | 'narrowed'): string {
  return `${kind} ${action} ${way}`;
}

/** With examples that say what the role is written with. */
function ofRole(change: Change, isGain: boolean, isLoss: boolean): Change {
  const { kind, role, members, action, actions, missing, undecided, from, to, place } = change;
  const gained = isGain ? partOfRole(change.gained) : null;
  const lost = isLoss ? partOfRole(change.lost) : null;
  const [one, other] = [gained?.condition ?? null, lost?.condition ?? null];
  const both = one !== null && other !== null && one !== other ? `gained: ${one}; lost: ${other}` : (one ?? other);
  return {
    ...{ kind, role, members, action, actions, missing, undecided, from, to, place, gained, lost },
    ...{ widened: isGain, narrowed: isLoss, condition: both, example: gained?.example ?? lost?.example ?? null },
  };
}

function partOfRole(part: Part | null): Part | null {
  if (!part) return null;
  const { condition, cases, complete, missing, example } = part;
  return { condition, cases, complete, missing, example: exampleOfRole(example) };
}

function exampleOfRole(example: Example | null): Example | null {
  if (!example || typeof example.user === 'string') return example;
  const { role: _, account, ...others } = example.user;
  const entries = Object.entries(others);
  const named = (kind: string) =>
    entries.flatMap(([key, value]) => (key.startsWith(kind) ? [[key.slice(kind.length), value] as const] : []));
  const held = named('has ').flatMap(([name, value]) => (value === true ? [name] : []));
  const features = Object.fromEntries(
    named('feature ').map(([name, value]) => [name, value === true ? ('on' as const) : ('off' as const)]),
  );
  const rest = Object.fromEntries(entries.filter(([key]) => !/^(has|feature|level) /.test(key)));
  const levels = named('level ').flatMap(([name, value]) => (value === true ? [name] : []));
  const user = {
    ...rest,
    ...(account !== undefined && { account }),
    ...(levels.length > 0 && { level: levels.join(', ') }),
    permissions: held,
  };
  const isSwitched = Object.keys(features).length > 0;
  return { ...example, user, baseUser: user, ...(isSwitched && { features }) };
}
