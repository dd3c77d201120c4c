import { InternalError } from '../diagnostics/index.ts';
import type { Askers } from './askers.ts';
import type { Change, Comparison, Example, Literal, Part } from './comparison.ts';
import type { Delta, Direction } from './delta.ts';
import type { Difference, Sweep, Witness } from './differences.ts';
import { type Examples, shows } from './examples.ts';
import type { Frame } from './frame.ts';
import type { Settled } from './paths.ts';
import type { Places } from './places.ts';
import { conditionText, sayCase } from './words.ts';

/** What is needed to say more of a difference than that it is one. */
export interface Telling {
  readonly examples: Examples;
  readonly places: Places;
  /** An example that the tables do not confirm is a bug rather than undecided. */
  readonly isStrict: boolean;
  /** Cases of one condition, at most. */
  readonly cases: number;
  /** What was said of conditions before. */
  readonly said: Map<Settled, Map<Askers | null, Said>>;
}

interface Said {
  readonly settled: Settled;
  readonly condition: string;
  readonly cases: readonly (readonly Literal[])[];
}

/** What one change is about: the direction that widens and the one that narrows. */
type Sense = readonly [plus: Direction | null, minus: Direction | null];

const ofDuties = [
  ['eased', null],
  [null, 'burdened'],
  ['exchanged', 'exchanged'],
] as const;

const joint: readonly Sense[] = [['gained', 'lost'], ...ofDuties];
const apart: readonly Sense[] = [['gained', null], [null, 'lost'], ...ofDuties];

/** A difference as changes: of the decision, and of its duties. Without `telling`, just that they are. */
export function tell(sweep: Sweep, difference: Difference, telling: Telling | null): readonly Change[] {
  const { gained, lost } = difference.members;
  // Those who gain are not always those who lose: nobody stands where nothing concerns them.
  const isOne = gained === lost || (gained.length === lost.length && sorted(gained) === sorted(lost));
  const found: Change[] = [];
  for (const sense of isOne ? joint : apart) {
    const [plus, minus] = sense;
    const isFelt = (direction: Direction | null) =>
      direction !== null && difference.verdicts[direction] !== 'impossible';
    if (!isFelt(plus) && !isFelt(minus)) continue;
    const told = change(sweep, difference, sense, telling);
    if (told) found.push(told);
  }
  return found;
}

function sorted(names: readonly string[]): string {
  return names.length === 0 ? '' : [...names].sort().join();
}

function change(sweep: Sweep, difference: Difference, [plus, minus]: Sense, telling: Telling | null): Change | null {
  const { role, action, verdicts, delta } = difference;
  const verdict = (direction: Direction | null) => (direction === null ? 'impossible' : verdicts[direction]);
  const [widened, narrowed] = [verdict(plus) !== 'impossible', verdict(minus) !== 'impossible'];
  if (!widened && !narrowed) return null;
  const isOpen = verdict(plus) === 'undecided' || verdict(minus) === 'undecided';
  const isTold = (direction: Direction) => telling !== null || verdict(direction) === 'undecided';
  const gained = widened && plus && isTold(plus) ? part(sweep, difference, plus, telling) : null;
  const lost = narrowed && minus && isTold(minus) ? part(sweep, difference, minus, telling) : null;
  const example = gained?.example ?? lost?.example ?? null;
  const isUnshown = (gained !== null && gained.example === null) || (lost !== null && lost.example === null);
  const main = (widened ? plus : minus) ?? 'gained';
  const isDuties = main !== 'gained' && main !== 'lost';
  const turn = isDuties && delta.steady.has(main) ? example : null;
  const members = difference.members[main];
  return {
    kind: isDuties ? 'duties' : role === null ? 'member' : 'role',
    role,
    members: members.length > 1 ? [...new Set(members)].sort() : members,
    action: sweep.merged.actions[action] ?? '',
    actions: [],
    widened,
    narrowed,
    condition: conditionOf(gained, lost),
    gained,
    lost,
    example,
    missing: union(gained?.missing, lost?.missing),
    undecided: isOpen || isUnshown,
    from: turn && outcomeText(turn.base),
    to: turn && outcomeText(turn.head),
    place: telling?.places.of(difference, widened ? 'head' : 'base') ?? null,
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

function union(a: readonly string[] = [], b: readonly string[] = []): readonly string[] {
  return a.length + b.length === 0 ? [] : [...new Set([...a, ...b])].sort();
}

function outcomeText({ outcome, duties }: Example['base']): string {
  return outcome === null ? 'plain' : `${outcome} (${duties.join(', ')})`;
}

function conditionOf(gained: Part | null, lost: Part | null): string | null {
  if (!gained || !lost) return gained?.condition ?? lost?.condition ?? null;
  return gained.condition === lost.condition
    ? gained.condition
    : `gained: ${gained.condition}; lost: ${lost.condition}`;
}

const undecided: Part = { condition: 'not decided', cases: [], complete: false, missing: [], example: null };

function part(sweep: Sweep, difference: Difference, direction: Direction, telling: Telling | null): Part {
  const { delta, holder, verdicts } = difference;
  if (verdicts[direction] === 'undecided' || !telling) return undecided;
  const told = sayOf(sweep, delta, direction, holder.frame, telling);
  if (!told) return undecided;
  const { settled, cases, condition } = told;
  const example = exampleOf(sweep, difference, direction, settled, telling);
  const missing = settled.needsMissing ? (example?.missing ?? []) : [];
  return { cases, condition, complete: settled.isWhole, missing, example };
}

/** What was found is said once, of all roles and actions of which it is true. */
function sayOf({ judge }: Sweep, delta: Delta, direction: Direction, frame: Frame, telling: Telling): Said | null {
  const settled = judge.settled(delta, direction, frame, telling.cases);
  if (!settled) return null;
  let known = telling.said.get(settled);
  if (!known) {
    known = new Map();
    telling.said.set(settled, known);
  }
  // What reads no settings is said alike of everybody.
  const who = delta.focus.settings.length === 0 ? null : frame.askers;
  let said = known.get(who);
  if (!said) {
    const cases = settled.cases.map((item) => sayCase(frame, item));
    said = { settled, cases, condition: conditionText(cases, settled.isWhole) };
    known.set(who, said);
  }
  return said;
}

/** Of the first who can show it: in a case of the condition, else in one of their own. */
function exampleOf(
  { judge, merged }: Sweep,
  difference: Difference,
  direction: Direction,
  { cases }: Settled,
  { examples, isStrict }: Telling,
): Example | null {
  const { witnesses, action } = difference;
  for (let at = witnesses.length - 1; at >= 0; at--) {
    const { holder, who, delta } = witnesses[at] as Witness;
    const isJudged = delta === difference.delta && holder.frame === difference.holder.frame;
    const verdicts = isJudged ? difference.verdicts : judge.verdicts(delta, holder.frame);
    if (verdicts[direction] === 'impossible') continue;
    for (const { state } of cases) {
      const example = examples.make(holder.frame, state, who, action);
      if (example && shows(example, direction)) return example;
    }
    const [own] = judge.settled(delta, direction, holder.frame, 1)?.cases ?? [];
    const example = own && examples.make(holder.frame, own.state, who, action);
    if (!example) continue;
    if (shows(example, direction)) return example;
    // A stranger with the id of a member is nobody, which no diagram knows.
    if (who.kind === 'holder' && who.isStranger && isMember(merged, example.user)) continue;
    if (isStrict) {
      throw new InternalError(`an example does not show what it should: ${JSON.stringify({ direction, example })}`);
    }
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
