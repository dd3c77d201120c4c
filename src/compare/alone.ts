import type { Table } from '../runtime/index.ts';
import { viewOf } from '../runtime/tools.ts';
import { atomOfInstant } from './atoms.ts';
import { Deltas, type Holder } from './delta.ts';
import type { Frame, State } from './frame.ts';
import { type Group, Holders } from './holders.ts';
import { impersonal, type Merged, merge } from './merge.ts';
import { atomOf, FALSE, Rails, type Variable, variableOf } from './rails.ts';
import { type Kind, Theory } from './theory.ts';

/** One table read as a comparison reads two: for rooms that ask what a single version does. */
export interface Alone {
  readonly merged: Merged;
  readonly rails: Rails;
  /** Null where the time does not matter. */
  readonly since: number | null;
  /** Ids that constants and settings name: their owners are not like others. */
  readonly special: ReadonlySet<string>;
  /** Whoever holds a role, by the numbers of the table. */
  ofRole(role: number): Holder;
  readonly members: readonly Group[];
  /** For each leaf but deny, worst first: is it, or a better one, reached for certain? Null when that is too large. */
  functions(holder: Holder, action: number): readonly number[] | null;
  /** Is such a request possible, not before `since`? */
  check(frame: Frame, state: State): Kind;
}

/** `from` is an instant: requests before it are not looked at. */
export function readAlone(table: Table, from: number | null): Alone {
  const plain = merge(table, table);
  const isTimeless = plain.instants.size === 0 && !plain.atoms.some(readsNow);
  const since = isTimeless ? null : from;
  const place = since === null ? -1 : plain.atoms.findIndex(({ atom }) => atom.text === atomOfInstant(since).text);
  const isNew = since !== null && place < 0;
  const added = isNew ? [impersonal(atomOfInstant(since))] : [];
  const merged: Merged = { ...plain, atoms: [...plain.atoms, ...added] };
  const early = since === null ? null : variableOf(isNew ? plain.atoms.length : place, 0);
  const timed = merged.atoms.map(readsNow);
  const rails = new Rails(merged);
  const holders = new Holders(merged);
  const deltas = new Deltas(merged, rails);
  const theory = new Theory(merged, rails, holders.special);
  const view = viewOf(table);
  const members = Array.from({ length: view.memberCount }, (_, index) => {
    const { key } = view.member(index);
    return { base: index, head: index, names: [key, key] as const };
  });
  return {
    merged,
    rails,
    since,
    special: holders.special,
    ofRole: (role) => holders.ofRole(role, role, 'any', false),
    members: holders.groups(members, (_, role) => role),
    functions: ({ head, frame }, action) => deltas.functions(merged.head, head, frame, action),
    check: (frame, state) => {
      const asksTime = early !== null && [...state.keys()].some((variable: Variable) => timed[atomOf(variable)]);
      if (!asksTime) return theory.check(frame, state);
      if ((state.get(early) ?? FALSE) !== FALSE) return 'impossible';
      return theory.check(frame, new Map(state).set(early, FALSE));
    },
  };
}

function readsNow({ atom }: Merged['atoms'][number]): boolean {
  return [atom.left, atom.right].some((side) => {
    const source = side?.kind === 'term' ? side.source : null;
    return source?.kind === 'attribute' && source.root === 'context' && source.path.join() === 'now';
  });
}
