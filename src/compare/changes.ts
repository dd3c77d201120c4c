import type { Askers } from './askers.ts';
import type { Answer, Change, Comparison } from './comparison.ts';
import type { Delta, Direction } from './delta.ts';
import type { Difference, Sweep } from './differences.ts';
import type { Frame } from './frame.ts';
import type { Settled } from './paths.ts';
import type { Places } from './places.ts';
import type { Proofs, Showing } from './showing.ts';
import { type OpenPart, open, type Said, ToldChange, ToldPart } from './told.ts';
import { conditionText, sayCase } from './words.ts';

/** What is needed to say more of a difference than that it is one. */
export interface Means {
  readonly showing: Showing;
  readonly places: Places;
  /** Cases of one condition, at most. */
  readonly cases: number;
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

/** What was found out of a function, for one frame after the other. */
interface Known {
  readonly frame: Frame;
  readonly said: Said | null;
}

/** Says of differences what changes; what is true of many roles and actions is said once. */
export class Teller {
  private readonly sweep: Sweep;
  private readonly means: Means | null;
  /** What was said of conditions before. */
  private readonly said = new Map<Settled, { readonly proofs: Proofs; readonly by: Map<Askers | null, Said> }>();
  /** By number of a delta: of those who were the last to see it. */
  private readonly known: Readonly<Record<Direction, (Known | undefined)[]>> = {
    gained: [],
    lost: [],
    eased: [],
    burdened: [],
    exchanged: [],
  };

  /** Without `means`, it says just that there are changes. */
  constructor(sweep: Sweep, means: Means | null) {
    this.sweep = sweep;
    this.means = means;
  }

  /** Of the decision, and of its duties. */
  tell(difference: Difference): readonly ToldChange[] {
    const { gained, lost } = difference.members;
    const { verdicts } = difference;
    // Those who gain are not always those who lose: nobody stands where nothing concerns them.
    const senses = isOne(gained, lost) ? joint : apart;
    const found: ToldChange[] = [];
    for (const sense of senses) {
      const [plus, minus] = sense;
      const isFelt = (direction: Direction | null) => direction !== null && verdicts[direction] !== 'impossible';
      if (isFelt(plus) || isFelt(minus)) found.push(this.change(difference, sense));
    }
    return found;
  }

  private change(difference: Difference, [plus, minus]: Sense): ToldChange {
    const { role, action, verdicts, delta } = difference;
    const verdict = (direction: Direction | null) => (direction === null ? 'impossible' : verdicts[direction]);
    const [widened, narrowed] = [verdict(plus) !== 'impossible', verdict(minus) !== 'impossible'];
    const gained = widened && plus ? this.part(difference, plus) : null;
    const lost = narrowed && minus ? this.part(difference, minus) : null;
    const main = (widened ? plus : minus) ?? 'gained';
    const isDuties = main !== 'gained' && main !== 'lost';
    const turn = isDuties && delta.steady.has(main) ? (gained?.proof ?? lost?.proof ?? null) : null;
    const members = difference.members[main];
    return new ToldChange({
      kind: isDuties ? 'duties' : role === null ? 'member' : 'role',
      role,
      members: members.length > 1 ? [...new Set(members)].sort() : members,
      action: this.sweep.merged.actions[action] ?? '',
      widened,
      narrowed,
      gained,
      lost,
      isOpen: verdict(plus) === 'undecided' || verdict(minus) === 'undecided',
      from: turn && outcomeText(turn.example.base),
      to: turn && outcomeText(turn.example.head),
      difference,
      places: this.means?.places ?? null,
    });
  }

  /** Null where nothing more is to be said. */
  private part(difference: Difference, direction: Direction): ToldPart | OpenPart | null {
    const { means } = this;
    if (difference.verdicts[direction] === 'undecided') return open;
    if (!means) return null;
    const said = this.sayOf(difference, direction, means.cases);
    return said ? new ToldPart(said, difference, direction, means.showing) : open;
  }

  /** Null where the condition is too large. */
  private sayOf({ delta, holder: { frame } }: Difference, direction: Direction, cases: number): Said | null {
    const known = this.known[direction][delta.number];
    if (known?.frame === frame) return known.said;
    const settled = this.sweep.judge.settled(delta, direction, frame, cases);
    const said = settled && this.say(settled, delta, frame);
    put(this.known[direction], delta.number, { frame, said });
    return said;
  }

  private say(settled: Settled, delta: Delta, frame: Frame): Said {
    let known = this.said.get(settled);
    if (!known) {
      known = { proofs: { known: new Map(), last: null }, by: new Map() };
      this.said.set(settled, known);
    }
    // What reads no settings is said alike of everybody.
    const who = delta.focus.settings.length === 0 ? null : frame.askers;
    let said = known.by.get(who);
    if (!said) {
      const cases = settled.cases.map((item) => sayCase(frame, item));
      said = { settled, cases, condition: conditionText(cases, settled.isWhole), proofs: known.proofs };
      known.by.set(who, said);
    }
    return said;
  }
}

/** Are they the same, in some order? */
function isOne(names: readonly string[], others: readonly string[]): boolean {
  if (names === others) return true;
  if (names.length !== others.length) return false;
  if (names.every((name, at) => name === others[at])) return true;
  const sorted = [...others].sort();
  return [...names].sort().every((name, at) => name === sorted[at]);
}

/** Arrays without holes are quicker. */
function put<T>(values: (T | undefined)[], at: number, value: T): void {
  while (values.length <= at) values.push(undefined);
  values[at] = value;
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

function outcomeText({ outcome, duties }: Answer): string {
  return outcome === null ? 'plain' : `${outcome} (${duties.join(', ')})`;
}

/** The rise of the version that the changes ask for. */
export function bumpOf(changes: readonly Change[]): Comparison['semver'] {
  if (changes.some(({ narrowed }) => narrowed)) return 'major';
  return changes.some(({ widened }) => widened) ? 'minor' : 'patch';
}
