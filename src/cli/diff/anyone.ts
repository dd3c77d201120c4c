import {
  bumpOf,
  type Change,
  type Comparison,
  compare,
  type Example,
  type Note,
  type Part,
} from '../../compare/index.ts';
import type { TableOfAnyone } from '../../index.ts';
import { loadTable } from '../../runtime/index.ts';

/** What the role is called that stands for every role that a practice could make of a catalog. */
export const anyRole = '(any role)';

/**
 * What two catalogs decide differently for some role that a practice could make, with features on or off, and that the
 * roles which stand for them do not show; null where a catalog is too large for that.
 */
export function withAnyRole(
  comparison: Comparison,
  base: TableOfAnyone | null,
  head: TableOfAnyone | null,
  isWhole: boolean,
): Comparison {
  const say = (text: string): Note => ({ text, role: null, member: null });
  if (!base || !head) {
    const text = 'roles with other permissions, and features that are off, are not compared: the catalog is too large';
    return { ...comparison, notes: [...comparison.notes, say(text)] };
  }
  const facts = joined([...base.facts, ...head.facts]);
  const found = compare(loadTable(base.table), loadTable(head.table), { isWhole, facts });
  const shown = new Set(comparison.changes.flatMap(sensesOf));
  const fresh = found.changes.filter(
    (change) =>
      (change.kind === 'role' || change.kind === 'duties') &&
      change.action !== null &&
      sensesOf(change).some((sense) => !shown.has(sense)),
  );
  const changes = [...comparison.changes, ...fresh.map(ofRole)];
  const left = [...new Set([...base.left, ...head.left])].sort().map((action) => `\`${action}\``);
  const text = `what other roles may do is not compared for ${left.join(', ')}: sets of permissions that requests bring decide it`;
  return {
    ...comparison,
    changes,
    equal: comparison.equal && fresh.length === 0,
    sameMeaning: comparison.sameMeaning && found.sameMeaning,
    notes: left.length > 0 ? [...comparison.notes, say(text)] : comparison.notes,
    semver: bumpOf(changes),
  };
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
function sensesOf({ kind, action, widened, narrowed }: Change): readonly string[] {
  if (action === null) return [];
  const of = (isFelt: boolean, sense: string) => (isFelt ? [`${kind} ${action} ${sense}`] : []);
  return [...of(widened, 'widened'), ...of(narrowed, 'narrowed')];
}

/** With examples that say what the role has in the end, however it comes to it. */
function ofRole(change: Change): Change {
  const { kind, role, members, action, actions, widened, narrowed, condition } = change;
  const { missing, undecided, from, to, place } = change;
  return {
    ...{ kind, role, members, action, actions, widened, narrowed, condition, missing, undecided, from, to, place },
    gained: partOfRole(change.gained),
    lost: partOfRole(change.lost),
    example: exampleOfRole(change.example),
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
