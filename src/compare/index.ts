// In: two loaded decision tables.
// Out: who gains and who loses what by going from one to the other, under which condition, with a request that shows it.
// Never: reads files or sources, prints, or drops a change that it could not decide.
import type { Table } from '../runtime/index.ts';
import type { AttributeFacts } from '../solver/index.ts';
import { bumpOf, Teller } from './changes.ts';
import type { Change, Comparison, Version } from './comparison.ts';
import { Deltas } from './delta.ts';
import { findDifferences, type Sweep } from './differences.ts';
import { Examples } from './examples.ts';
import { Holders } from './holders.ts';
import { Joining } from './joining.ts';
import { Judge } from './judge.ts';
import { merge, type Side } from './merge.ts';
import { matchMembers, matchRoles, renamedOutcomes, renamedPermissions } from './names.ts';
import { notesOf } from './notes.ts';
import { pairingsOf } from './pairings.ts';
import { Places } from './places.ts';
import { Rails } from './rails.ts';
import { Showing } from './showing.ts';
import { ofActions, Summaries } from './summaries.ts';
import { Theory } from './theory.ts';

export { type Alone, readAlone } from './alone.ts';
export { bumpOf } from './changes.ts';
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
  /** What is known of attributes of whoever asks, on both sides. */
  readonly facts?: readonly AttributeFacts[];
}

/** The more there is to read, the less is said of each: cases of one condition, at most. */
function casesFor(differences: number): number {
  if (differences > 50_000) return 1;
  return differences > 5_000 ? 2 : differences > 400 ? 4 : 16;
}

/** Compares two tables exactly: every decision that differs for some request is in the result. */
export function compare(base: Table, head: Table, options: CompareOptions = {}): Comparison {
  const { isWhole = true, isStrict = false, steps = 2_000 } = options;
  const merged = merge(base, head, options.facts);
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
  const cases = options.cases ?? casesFor(differences.count);
  const examples = new Examples(theory);
  const showing = new Showing(sweep, examples, isStrict);
  const teller = new Teller(sweep, isWhole ? { showing, places: new Places(merged), cases } : null);
  const renames = [...roles.renames, ...matched.renames, ...renamedPermissions(merged), ...renamedOutcomes(merged)];
  // One after the other: what is said of several members is kept once.
  const joining = new Joining();
  for (const difference of differences) {
    for (const change of teller.tell(difference)) joining.add(change, difference);
  }
  const sorted = sort([...ofActions(merged), ...new Summaries(sweep, examples, isWhole).changes(), ...joining.end()]);
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
