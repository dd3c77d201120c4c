import { InternalError } from '../diagnostics/index.ts';
import type { Change, Comparison, Example, Part } from './comparison.ts';
import type { Difference, Direction, Sweep } from './differences.ts';
import { makeExample, shows } from './examples.ts';
import { placeOf } from './places.ts';
import { conditionText, literalsOf } from './words.ts';

export interface Telling {
  /** Conditions and examples; without them only what changed and in which direction. */
  readonly isWhole: boolean;
  /** An example that the tables do not confirm is a bug rather than undecided. */
  readonly isStrict: boolean;
}

/** A difference as one or two changes: of the decision, and of its duties. */
export function tell(sweep: Sweep, difference: Difference, telling: Telling): readonly Change[] {
  const decision = change(sweep, difference, ['gained', 'lost'], telling);
  const duties = change(sweep, difference, ['eased', 'burdened'], telling);
  return [decision, duties].flatMap((item) => item ?? []);
}

function change(
  sweep: Sweep,
  difference: Difference,
  pair: readonly [Direction, Direction],
  telling: Telling,
): Change | null {
  const { role, action, verdicts } = difference;
  const isThere = (direction: Direction) => verdicts[direction] !== 'impossible';
  if (!pair.some(isThere)) return null;
  const [gained, lost] = pair.map((direction) =>
    isThere(direction) ? part(sweep, difference, direction, telling) : null,
  );
  const parts = [gained, lost].flatMap((item) => item ?? []);
  const isOpen = pair.some((direction) => verdicts[direction] === 'undecided');
  const isDuties = pair[0] === 'eased';
  const example = parts.find((item) => item.example)?.example ?? null;
  const outcomes = isDuties && example ? [example.base, example.head] : [];
  const [from = null, to = null] = outcomes.map(({ outcome, duties }) =>
    outcome === null ? 'plain' : `${outcome} (${duties.join(', ')})`,
  );
  return {
    ...nothing,
    kind: isDuties ? 'duties' : role === null ? 'member' : 'role',
    role,
    members: [...new Set(difference.members)].sort(),
    action,
    widened: isThere(pair[0]),
    narrowed: isThere(pair[1]),
    condition: conditionOf(gained ?? null, lost ?? null),
    gained: gained ?? null,
    lost: lost ?? null,
    example,
    missing: [...new Set(parts.flatMap(({ missing }) => missing))].sort(),
    undecided: isOpen || (telling.isWhole && parts.some((item) => item.example === null)),
    from,
    to,
    place: placeOf(sweep, difference, isThere(pair[0]) ? 'head' : 'base'),
  };
}

/** What a change has that has nothing to say of a kind. */
export const nothing: Omit<Change, 'kind'> = {
  role: null,
  members: [],
  action: null,
  actions: [],
  widened: false,
  narrowed: false,
  condition: null,
  gained: null,
  lost: null,
  example: null,
  missing: [],
  undecided: false,
  from: null,
  to: null,
  place: null,
};

function conditionOf(gained: Part | null, lost: Part | null): string | null {
  if (gained && lost)
    return gained.condition === lost.condition
      ? gained.condition
      : `gained: ${gained.condition}; lost: ${lost.condition}`;
  return gained?.condition ?? lost?.condition ?? null;
}

const unknown: Part = { condition: 'not known', cases: [], complete: false, missing: [], example: null };

function part(sweep: Sweep, difference: Difference, direction: Direction, { isWhole, isStrict }: Telling): Part | null {
  const { delta, holder, verdicts } = difference;
  if (!isWhole) return null;
  if (!delta || verdicts[direction] === 'undecided') return unknown;
  const { cases, isWhole: isAll } = sweep.judge.settled(delta[direction], holder.frame);
  const literals = cases.map((item) => literalsOf(holder.frame, item));
  const example = exampleOf(sweep, difference, direction, isStrict);
  const missing = cases.some((item) => item.needsMissing) ? (example?.missing ?? []) : [];
  return { condition: conditionText(literals, isAll), cases: literals, complete: isAll, missing, example };
}

/** Of the first who can show it. */
function exampleOf(
  { judge }: Sweep,
  { witnesses, action }: Difference,
  direction: Direction,
  isStrict: boolean,
): Example | null {
  for (const { holder, who, delta } of witnesses) {
    if (!delta || delta[direction] === 0) continue;
    const { cases } = judge.settled(delta[direction], holder.frame, 1);
    const state = cases[0]?.state;
    const example = state && makeExample(holder.frame, state, who, action);
    if (!example) continue;
    if (shows(example, direction)) return example;
    // A stranger with the id of a member is nobody, which no diagram knows.
    if (who.kind === 'holder' && who.isStranger && isMember(merged, example.user)) continue;
    if (isStrict)
      throw new InternalError(`an example does not show what it should: ${JSON.stringify({ direction, example })}`);
  }
  return null;
}

function isMember({ base, head }: Sweep['merged'], user: Example['user']): boolean {
  const id = typeof user === 'string' ? user : user.id;
  return [base, head].some(({ view }) => view.findMember(id) >= 0);
}

/** The rise of the version that the changes ask for. */
export function bumpOf(changes: readonly Change[]): Comparison['semver'] {
  if (changes.some(({ narrowed }) => narrowed)) return 'major';
  return changes.some(({ widened }) => widened) ? 'minor' : 'patch';
}
