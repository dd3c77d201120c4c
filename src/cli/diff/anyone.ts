import {
  bumpOf,
  type Change,
  type Comparison,
  compare,
  type Example,
  type Note,
  type Part,
  type Rename,
} from '../../compare/index.ts';
import type { TableOfAnyone } from '../../index.ts';
import { loadTable } from '../../runtime/index.ts';
import { permissionRole } from '../catalog-roles.ts';
import type { Side } from './side.ts';

/** What the role is called that stands for every role that a practice could make of a catalog. */
const anyRole = '(any role)';

/**
 * What two catalogs decide differently for some role that a practice could make, with features on or off, and that the
 * roles which stand for them do not show.
 */
export function withAnyRole(comparison: Comparison, before: Side, after: Side, isWhole: boolean): Comparison {
  const say = (text: string): Note => ({ text, role: null, member: null });
  const renames = comparison.renames.map(permissionOf);
  const names = new Map(renames.flatMap(({ kind, from, to }) => (kind === 'permission' ? [[from, to] as const] : [])));
  const [base, head] = [before.anyone?.(anyRole, names), after.anyone?.(anyRole)];
  if (!base || !head) {
    const text = 'roles with other permissions, and features that are off, are not compared: the catalog is too large';
    return { ...comparison, renames, notes: [...comparison.notes, say(text)] };
  }
  const facts = joined([...base.facts, ...head.facts]);
  const found = compare(loadTable(base.table), loadTable(head.table), { isWhole, facts });
  const shown = new Set(comparison.changes.flatMap(sensesOf));
  const fresh = found.changes.flatMap((change) => unseen(change, shown));
  const changes = [...comparison.changes, ...fresh];
  const left = [...new Set([...base.left, ...head.left])].sort().map((action) => `\`${action}\``);
  const text = `what other roles may do is not compared for ${left.join(', ')}: too much decides it at once`;
  return {
    ...comparison,
    changes,
    renames,
    equal: changes.length === 0 && renames.every(({ kind }) => kind === 'permission'),
    sameMeaning: comparison.sameMeaning && found.sameMeaning,
    notes: left.length > 0 ? [...comparison.notes, say(text)] : comparison.notes,
    semver: bumpOf(changes),
  };
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
  const rest = Object.fromEntries(entries.filter(([key]) => !/^(has|feature) /.test(key)));
  const user = { ...rest, ...(account !== undefined && { account }), permissions: held };
  const isSwitched = Object.keys(features).length > 0;
  return { ...example, user, baseUser: user, ...(isSwitched && { features }) };
}
