import { InternalError } from '../diagnostics/index.ts';
import type { Example } from './comparison.ts';
import type { Delta, Direction } from './delta.ts';
import type { Difference, Sweep, Witness } from './differences.ts';
import { type Examples, shows } from './examples.ts';
import type { Frame } from './frame.ts';
import type { Literal } from './literals.ts';
import type { Settled } from './paths.ts';

/** What shows a change; the same for all who see the same cells in the same light. */
export interface Proof {
  /** Whoever sees the change can ask in it. */
  readonly state: readonly Literal[];
  /** By the first who asked. */
  readonly witness: Witness;
  readonly example: Example;
}

/** By who asks, see `keyOf`; null where nothing shows it. */
export interface Proofs {
  readonly known: Map<number, Proof | null>;
  /** Most ask as the one before did. */
  last: { readonly frame: Frame; readonly delta: Delta; readonly way: number; readonly proof: Proof | null } | null;
}

/** What is said of one direction of a difference, and what showed it so far. */
export interface Shown {
  readonly settled: Settled;
  readonly proofs: Proofs;
}

/**
 * Finds what shows a change, and asks both tables. A decision depends on cells, settings and the request alone, so a distinct
 * change is shown once; each of those who see it has an example of their own, which is made, and asked too, when it is read.
 */
export class Showing {
  private readonly sweep: Sweep;
  private readonly examples: Examples;
  private readonly isStrict: boolean;
  private readonly numbers = new Map<Frame, number>();

  /** `isStrict`: every example is made at once, and one that the tables do not confirm is a bug rather than undecided. */
  constructor(sweep: Sweep, examples: Examples, isStrict: boolean) {
    this.sweep = sweep;
    this.examples = examples;
    this.isStrict = isStrict;
  }

  /** By the first who can show it. */
  prove(difference: Difference, direction: Direction, shown: Shown): Proof | null {
    const { witnesses } = difference;
    for (let at = witnesses.length - 1; at >= 0; at--) {
      const proof = this.proofBy(witnesses[at] as Witness, difference, direction, shown);
      if (!proof) continue;
      if (this.isStrict) this.example(difference, direction, shown);
      return proof;
    }
    return null;
  }

  /** Null where the tables do not confirm it. */
  example(difference: Difference, direction: Direction, shown: Shown): Example | null {
    const { witnesses, action } = difference;
    for (let at = witnesses.length - 1; at >= 0; at--) {
      const witness = witnesses[at] as Witness;
      const proof = this.proofBy(witness, difference, direction, shown);
      if (!proof) continue;
      if (proof.witness === witness) return proof.example;
      const example = this.examples.make(witness.holder.frame, proof.state, witness.who, action);
      if (example && shows(example, direction)) return example;
      if (this.isStrict) throw unconfirmed(direction, example);
      // What showed it for others does not for these, against all that is known; so they are asked themselves.
      const own = this.find(witness, difference, direction, shown.settled);
      if (own) return own.example;
    }
    return null;
  }

  private proofBy(witness: Witness, difference: Difference, direction: Direction, shown: Shown): Proof | null {
    const { proofs, settled } = shown;
    const { holder, who, delta } = witness;
    const kind = who.kind === 'member' ? 0 : who.isStranger ? 1 : 2;
    const way = kind * 5 + places[direction];
    const { last } = proofs;
    if (last?.frame === holder.frame && last.delta === delta && last.way === way) return last.proof;
    const key = this.keyOf(witness, way);
    let proof = proofs.known.get(key);
    if (proof === undefined) {
      proof = this.find(witness, difference, direction, settled);
      proofs.known.set(key, proof);
    }
    proofs.last = { frame: holder.frame, delta, way, proof };
    return proof;
  }

  /** In a case of the condition, else in one of their own. */
  private find(witness: Witness, difference: Difference, direction: Direction, { cases }: Settled): Proof | null {
    const { judge, merged } = this.sweep;
    const { holder, who, delta } = witness;
    const { action } = difference;
    const isJudged = delta === difference.delta && holder.frame === difference.holder.frame;
    const verdicts = isJudged ? difference.verdicts : judge.verdicts(delta, holder.frame);
    if (verdicts[direction] === 'impossible') return null;
    for (const { state } of cases) {
      const example = this.examples.make(holder.frame, state, who, action);
      if (example && shows(example, direction)) return { state, witness, example };
    }
    const [own] = judge.settled(delta, direction, holder.frame, 1)?.cases ?? [];
    const example = own && this.examples.make(holder.frame, own.state, who, action);
    if (!example) return null;
    if (shows(example, direction)) return { state: own.state, witness, example };
    // A stranger with the id of a member is nobody, which no diagram knows.
    if (who.kind === 'holder' && who.isStranger && isMember(merged, example.user)) return null;
    if (this.isStrict) throw unconfirmed(direction, example);
    return null;
  }

  /** Equal for those who get the same answers to the same request, but for texts that nobody names. */
  private keyOf({ holder: { frame }, who, delta }: Witness, way: number): number {
    // Whether the id of a stranger is a member's, no group knows.
    const isStranger = who.kind === 'holder' && who.isStranger;
    const asker = isStranger ? this.numberOf(frame) : this.sweep.judge.group(frame, delta.focus);
    return (delta.number * most + asker) * ways + way;
  }

  private numberOf(frame: Frame): number {
    const number = this.numbers.get(frame) ?? this.numbers.size;
    this.numbers.set(frame, number);
    return number;
  }
}

/** Groups and frames that there may be; far fewer are. */
const most = 2 ** 22;

/** Kinds of those who ask, each in five directions. */
const ways = 15;

const places: Readonly<Record<Direction, number>> = { gained: 0, lost: 1, eased: 2, burdened: 3, exchanged: 4 };

function unconfirmed(direction: Direction, example: Example | null): InternalError {
  return new InternalError(`an example does not show what it should: ${JSON.stringify({ direction, example })}`);
}

function isMember({ base, head }: Sweep['merged'], user: Example['user']): boolean {
  const id = typeof user === 'string' ? user : user.id;
  return [base, head].some(({ view }) => view.findMember(id) >= 0);
}
