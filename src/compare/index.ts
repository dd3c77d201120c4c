// In: two loaded decision tables.
// Out: who gains and who loses what by going from one to the other, under which condition, with a request that shows it.
// Never: reads files or sources, prints, or drops a change that it could not decide.
import type { Table } from '../runtime/index.ts';
import { possibleActions } from '../runtime/tools.ts';
import { bumpOf, nothing, Teller } from './changes.ts';
import type { Change, Comparison, Version } from './comparison.ts';
import { Deltas } from './delta.ts';
import { findDifferences, type Sweep } from './differences.ts';
import { Examples } from './examples.ts';
import { Holders } from './holders.ts';
import { Joining } from './joining.ts';
import { Judge } from './judge.ts';
import { cellOf, type Merged, merge, type Side } from './merge.ts';
import { type Matching, matchMembers, matchRoles, renamedOutcomes, renamedPermissions } from './names.ts';
import { ofNewcomers } from './newcomers.ts';
import { notesOf } from './notes.ts';
import { type LoneName, type Pairings, pairingsOf } from './pairings.ts';
import { Places } from './places.ts';
import { Rails } from './rails.ts';
import { Showing } from './showing.ts';
import { Theory } from './theory.ts';

export { type Alone, readAlone } from './alone.ts';
export type * from './comparison.ts';
export type { Holder } from './delta.ts';
export type { Frame, State } from './frame.ts';
export { cube } from './paths.ts';
export { ANYTHING, atomOf, FALSE, type Rails, TRUE, UNKNOWN, type Variable } from './rails.ts';
export { plainValue } from './slot-state.ts';
export { attributeText, conditionText, literalsOf } from './words.ts';

export interface CompareOptions {
  /** Without: only what changed and in which direction, no conditions and no examples. */
  readonly isWhole?: boolean;
  /** An example that the tables do not confirm is thrown as a bug, not reported as undecided. */
  readonly isStrict?: boolean;
  /** Cases of one condition, at most; by default fewer where very much changed. */
  readonly cases?: number;
  /** Questions to the solver for one path, at most. */
  readonly steps?: number;
}

/** So many differences are told in full, and so many in some detail. */
const few = 400;
const many = 5_000;

/** Compares two tables exactly: every decision that differs for some request is in the result. */
export function compare(base: Table, head: Table, options: CompareOptions = {}): Comparison {
  const { isWhole = true, isStrict = false, steps = 2_000 } = options;
  const merged = merge(base, head);
  const roles = matchRoles(merged);
  const views = { base: merged.base.view, head: merged.head.view };
  const nameOnHead = new Map(roles.pairs.map(([before, after]) => [before, views.head.roles[after]?.name ?? '']));
  const roleName = (side: Side, role: number) =>
    (side.name === 'base' ? nameOnHead.get(role) : views.head.roles[role]?.name) ?? `-${views.base.roles[role]?.name}`;
  const matched = matchMembers(merged, roleName);
  const members = pairingsOf(merged, matched);
  const rails = new Rails(merged);
  const holders = new Holders(merged);
  const deltas = new Deltas(merged, rails);
  const theory = new Theory(merged, rails, holders.special);
  const judge = new Judge(deltas, theory, steps);
  const sweep: Sweep = { merged, roles, members, holders, deltas, judge };
  const differences = findDifferences(sweep);
  const cases = options.cases ?? (differences.count > many ? 2 : differences.count > few ? 4 : 16);
  const showing = new Showing(sweep, new Examples(theory), isStrict);
  const teller = new Teller(sweep, isWhole ? { showing, places: new Places(merged), cases } : null);
  const renames = [...roles.renames, ...matched.renames, ...renamedPermissions(merged), ...renamedOutcomes(merged)];
  // One after the other: what is said of several members is kept once.
  const joining = new Joining();
  for (const difference of differences) {
    for (const change of teller.tell(difference)) joining.add(change, difference);
  }
  const sorted = sort([
    ...ofActions(merged),
    ...ofRoles(merged, roles),
    ...ofNewcomers(merged, roles, members),
    ...ofMembers(merged, members),
    ...joining.end(),
  ]);
  return {
    equal: sorted.length === 0 && renames.every(({ kind }) => kind === 'permission'),
    sameMeaning: base.meaningDigest === head.meaningDigest,
    base: versionOf(base),
    head: versionOf(head),
    changes: sorted,
    renames,
    notes: notesOf(merged, roles, members, roleName),
    semver: bumpOf(sorted),
  };
}

function versionOf({ policy, catalog, meaningDigest }: Table): Version {
  return { policy, catalog, meaningDigest };
}

/** Actions that are new or gone, and how a denied one looks. */
function ofActions({ base, head, actions }: Merged): readonly Change[] {
  const canBeAllowed = (side: Side, action: number) =>
    side.view.roles.some((_, role) => cellOf(side, role, action) !== 0);
  return actions.flatMap((name, action): readonly Change[] => {
    const [was, is] = [base, head].map(({ view, columns }) => view.actions[columns[action] ?? -1]);
    const about = { ...nothing, action: name };
    if (!was) return [{ ...about, kind: 'action-added', widened: canBeAllowed(head, action) }];
    if (!is) return [{ ...about, kind: 'action-removed', narrowed: canBeAllowed(base, action) }];
    const [from, to] = [was.presentation, is.presentation];
    return from === to ? [] : [{ ...about, kind: 'presentation', from, to }];
  });
}

/** Actions that some of the roles may perhaps allow. */
function given({ actions }: Merged, side: Side, roles: readonly number[]): readonly string[] {
  return actions.filter((_, action) => roles.some((role) => cellOf(side, role, action) !== 0));
}

/** Roles that are new or gone, and those that applications may, or may no longer, give. */
function ofRoles(merged: Merged, { added, removed, pairs }: Matching): readonly Change[] {
  const { base, head } = merged;
  const describe = (side: Side, index: number) => {
    const actions = given(merged, side, [index]);
    return { ...nothing, role: side.view.roles[index]?.name ?? null, actions, isAny: actions.length > 0 };
  };
  const fresh = added.map((role): Change => {
    const { isAny, ...change } = describe(head, role);
    return { ...change, kind: 'role-added', widened: isAny };
  });
  const gone = removed.map((role): Change => {
    const { isAny, ...change } = describe(base, role);
    return { ...change, kind: 'role-removed', narrowed: isAny };
  });
  const handed = pairs.flatMap(([before, after]): readonly Change[] => {
    const [was, is] = [base.view.roles[before]?.givenByApplication, head.view.roles[after]?.givenByApplication];
    if (was === is) return [];
    const { isAny, ...change } = is ? describe(head, after) : describe(base, before);
    const condition = 'the user is no member and the application gives the role';
    const role = head.view.roles[after]?.name ?? null;
    return [
      { ...change, kind: 'role', role, condition, widened: is === true && isAny, narrowed: was === true && isAny },
    ];
  });
  return [...fresh, ...gone, ...handed];
}

/** Members, or other names of theirs, that are new or gone. */
function ofMembers(merged: Merged, { added, removed }: Pairings): readonly Change[] {
  const describe = (side: Side, { name, member }: LoneName) => {
    const { active, assignments } = side.view.member(member);
    const roles = active ? assignments.map(({ role }) => role) : [];
    const possible = possibleActions(side.table, name);
    const actions = merged.actions.filter((action) => possible.has(action));
    const names = roles.map((role) => side.view.roles[role]?.name ?? '').join(', ') || null;
    return { change: { ...nothing, members: [name], actions }, names };
  };
  // Another name for somebody who holds nothing, such as an inactive member, changes no decision; a note says it.
  const isFelt = ({ stays }: LoneName, names: string | null) => !stays || names !== null;
  const fresh = added.flatMap((lone): readonly Change[] => {
    const { change, names } = describe(merged.head, lone);
    const widened = change.actions.length > 0;
    return isFelt(lone, names) ? [{ ...change, kind: 'member-added', to: names, widened }] : [];
  });
  const gone = removed.flatMap((lone): readonly Change[] => {
    const { change, names } = describe(merged.base, lone);
    const narrowed = change.actions.length > 0;
    return isFelt(lone, names) ? [{ ...change, kind: 'member-removed', from: names, narrowed }] : [];
  });
  return [...fresh, ...gone];
}

const kinds: readonly Change['kind'][] = [
  ...(['role', 'duties', 'member', 'presentation', 'role-added', 'role-removed'] as const),
  ...(['member-added', 'member-removed', 'action-added', 'action-removed'] as const),
];

function sort(changes: readonly Change[]): readonly Change[] {
  return [...changes].sort(
    (a, b) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      compareTexts(a.role, b.role) ||
      compareTexts(a.members[0], b.members[0]) ||
      compareTexts(a.action, b.action),
  );
}

function compareTexts(one: string | null | undefined, other: string | null | undefined): number {
  const a = one ?? '';
  const b = other ?? '';
  return a === b ? 0 : a < b ? -1 : 1;
}
