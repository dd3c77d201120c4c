// In: two loaded decision tables.
// Out: who gains and who loses what by going from one to the other, under which condition, with a request that shows it.
// Never: reads files or sources, prints, or drops a change that it could not decide.
import type { Table } from '../runtime/index.ts';
import { bumpOf, nothing, tell } from './changes.ts';
import type { Change, Comparison, Version } from './comparison.ts';
import { Deltas } from './delta.ts';
import { findDifferences, type Sweep } from './differences.ts';
import { Holders } from './holders.ts';
import { Judge } from './judge.ts';
import { cellOf, type Merged, merge, type Side } from './merge.ts';
import { type Matching, matchMembers, matchRoles, renamedOutcomes, renamedPermissions } from './names.ts';
import { Rails } from './rails.ts';

export type * from './comparison.ts';

export interface CompareOptions {
  /** Without: only what changed and in which direction, no conditions and no examples. */
  readonly isWhole?: boolean;
  /** An example that the tables do not confirm is thrown as a bug, not reported as undecided. */
  readonly isStrict?: boolean;
  /** Cases of one condition, at most. */
  readonly cases?: number;
  /** Questions to the solver for one path, at most. */
  readonly steps?: number;
}

/** Compares two tables exactly: every decision that differs for some request is in the result. */
export function compare(base: Table, head: Table, options: CompareOptions = {}): Comparison {
  const { isWhole = true, isStrict = false, cases = 4, steps = 2_000 } = options;
  const merged = merge(base, head);
  const actions = [...new Set([...merged.base.actions.keys(), ...merged.head.actions.keys()])].sort();
  const roles = matchRoles(merged, actions);
  const nameOnHead = new Map(roles.pairs.map(([before, after]) => [before, head.view.roles[after]?.name ?? '']));
  const roleName = (side: Side, role: number) =>
    (side.name === 'base' ? nameOnHead.get(role) : head.view.roles[role]?.name) ?? `-${base.view.roles[role]?.name}`;
  const members = matchMembers(merged, roleName);
  const rails = new Rails(merged);
  const holders = new Holders(merged);
  const sweep: Sweep = {
    ...{ merged, actions, roles, members, holders },
    deltas: new Deltas(merged, rails),
    judge: new Judge(rails, { cases, steps }, holders.special),
  };
  const changes = [
    ...ofActions(merged),
    ...ofRoles(merged, actions, roles),
    ...ofMembers(merged, actions, members),
    ...findDifferences(sweep).flatMap((difference) => tell(sweep, difference, { isWhole, isStrict })),
  ];
  const renames = [...roles.renames, ...members.renames, ...renamedPermissions(merged), ...renamedOutcomes(merged)];
  const sorted = sort(joined(changes));
  return {
    equal: sorted.length === 0 && renames.every(({ kind }) => kind === 'permission'),
    sameMeaning: base.meaningDigest === head.meaningDigest,
    base: versionOf(base),
    head: versionOf(head),
    changes: sorted,
    renames,
    notes: notesOf(merged),
    semver: bumpOf(sorted),
  };
}

function versionOf({ policy, catalog, meaningDigest }: Table): Version {
  return { policy, catalog, meaningDigest };
}

/** Actions that are new or gone, and how a denied one looks. */
function ofActions({ base, head }: Merged): readonly Change[] {
  const canBeAllowed = (side: Side, action: string) =>
    side.view.roles.some((_, role) => cellOf(side, role, action) !== 0);
  const changes: Change[] = [];
  for (const { name: action, presentation: to } of head.view.actions) {
    const before = base.view.actions[base.actions.get(action) ?? -1];
    if (!before) changes.push({ ...nothing, kind: 'action-added', action, widened: canBeAllowed(head, action) });
    else if (before.presentation !== to)
      changes.push({ ...nothing, kind: 'presentation', action, from: before.presentation, to });
  }
  for (const { name: action } of base.view.actions) {
    if (!head.actions.has(action))
      changes.push({ ...nothing, kind: 'action-removed', action, narrowed: canBeAllowed(base, action) });
  }
  return changes;
}

/** Roles that are new or gone, and those that applications may, or may no longer, give. */
function ofRoles(
  { base, head }: Merged,
  actions: readonly string[],
  { added, removed, pairs }: Matching,
): readonly Change[] {
  const given = (side: Side, role: number) => actions.filter((action) => cellOf(side, role, action) !== 0);
  const describe = (side: Side, role: number) => ({
    ...nothing,
    role: side.view.roles[role]?.name ?? null,
    actions: given(side, role),
  });
  const changes: Change[] = [];
  for (const role of added) {
    const change = describe(head, role);
    changes.push({ ...change, kind: 'role-added', widened: change.actions.length > 0 });
  }
  for (const role of removed) {
    const change = describe(base, role);
    changes.push({ ...change, kind: 'role-removed', narrowed: change.actions.length > 0 });
  }
  for (const [before, after] of pairs) {
    const [was, is] = [base.view.roles[before]?.givenByApplication, head.view.roles[after]?.givenByApplication];
    if (was === is) continue;
    const condition = 'the user is no member and the application gives the role';
    const change = describe(is ? head : base, after);
    const actionsOf = is ? change.actions : given(base, before);
    const role = head.view.roles[after]?.name ?? null;
    const some = actionsOf.length > 0;
    changes.push({
      ...change,
      kind: 'role',
      role,
      actions: actionsOf,
      condition,
      widened: is === true && some,
      narrowed: was === true && some,
    });
  }
  return changes;
}

function ofMembers(
  { base, head }: Merged,
  actions: readonly string[],
  { added, removed }: Matching,
): readonly Change[] {
  const of = (side: Side, index: number) => {
    const { key, active, assignments } = side.view.member(index);
    const held = active ? assignments : [];
    const given = actions.filter((action) => held.some(({ role }) => cellOf(side, role, action) !== 0));
    return {
      ...nothing,
      members: [key],
      actions: given,
      to: held.map(({ role }) => side.view.roles[role]?.name ?? '').join(', ') || null,
    };
  };
  return [
    ...added.map((index): Change => {
      const change = of(head, index);
      return { ...change, kind: 'member-added', widened: change.actions.length > 0 };
    }),
    ...removed.map((index): Change => {
      const change = of(base, index);
      return { ...change, kind: 'member-removed', from: change.to, to: null, narrowed: change.actions.length > 0 };
    }),
  ];
}

/** Members of whom the same is to be said stand in one change. */
function joined(changes: readonly Change[]): readonly Change[] {
  const found = new Map<string, Change>();
  for (const change of changes) {
    const isAlone = change.role !== null || change.members.length === 0 || change.kind.startsWith('member-');
    const { kind, action, condition, widened, narrowed, undecided, missing, from, to } = change;
    const key = isAlone
      ? `${found.size}`
      : JSON.stringify([kind, action, condition, widened, narrowed, undecided, missing, from, to]);
    const known = found.get(key);
    found.set(key, known ? { ...known, members: [...known.members, ...change.members].sort() } : change);
  }
  return [...found.values()];
}

const kinds: readonly Change['kind'][] = [
  ...(['role', 'duties', 'member', 'presentation', 'role-added', 'role-removed'] as const),
  ...(['member-added', 'member-removed', 'action-added', 'action-removed'] as const),
];

function sort(changes: readonly Change[]): readonly Change[] {
  const key = ({ role, members, action }: Change) => [role ?? '', members[0] ?? '', action ?? ''];
  return [...changes].sort((a, b) => {
    const order = kinds.indexOf(a.kind) - kinds.indexOf(b.kind);
    if (order !== 0) return order;
    const [x, y] = [key(a), key(b)];
    const at = x.findIndex((text, index) => text !== y[index]);
    return at < 0 ? 0 : (x[at] ?? '') < (y[at] ?? '') ? -1 : 1;
  });
}

function notesOf({ hasTwoZones, base, head }: Merged): readonly string[] {
  const notes: string[] = [];
  if (hasTwoZones)
    notes.push(`days begin at other instants: the time zone was ${base.view.timeZone} and is ${head.view.timeZone}`);
  return notes;
}
