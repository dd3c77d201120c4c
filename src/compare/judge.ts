import { type Delta, type Deltas, type Direction, directions } from './delta.ts';
import type { Frame } from './frame.ts';
import type { Aligned } from './looks.ts';
import { isPossible, type Settled, settle } from './paths.ts';
import type { Focus, Rails } from './rails.ts';
import type { Realm } from './realms.ts';
import { Search, type Sight } from './search.ts';
import { Settler } from './settler.ts';
import type { Theory } from './theory.ts';

export type Verdict = Settled['verdict'];
export type Verdicts = Readonly<Record<Direction, Verdict>>;

const nothing: Verdicts = {
  gained: 'impossible',
  lost: 'impossible',
  eased: 'impossible',
  burdened: 'impossible',
  exchanged: 'impossible',
};

export function isIn(verdicts: Verdicts, direction: Direction): boolean {
  return verdicts[direction] !== 'impossible';
}

export function isImpossible(verdicts: Verdicts): boolean {
  return !directions.some((direction) => isIn(verdicts, direction));
}

/** What is known of one function. */
interface Judged {
  /** Of those who were the first to ask. */
  readonly realm: Realm;
  readonly verdicts: Verdicts;
  /** Of everybody, by group; null while only those of one realm asked. */
  ofGroups: Map<number, Verdicts> | null;
}

/** Answers each question about a function and those who ask once. */
export class Judge {
  private readonly rails: Rails;
  private readonly steps: number;
  private readonly theory: Theory;
  private readonly ofNodes = new Map<string, Verdict>();
  /** By number. */
  private readonly ofDeltas: (Judged | undefined)[] = [];
  private readonly hidden = new Map<number, boolean>();
  private readonly deltas: Deltas;
  private readonly known = new Map<string, Settled>();
  private readonly search: Search;
  private readonly settler: Settler;
  private readonly ofSights = new Map<Delta, Map<number, Settled | null>>();

  constructor(deltas: Deltas, theory: Theory, steps: number) {
    this.deltas = deltas;
    this.rails = deltas.rails;
    this.steps = steps;
    this.theory = theory;
    this.search = new Search(deltas.merged, theory, deltas.cells);
    this.settler = new Settler(deltas.merged, theory, this.search);
  }

  /** Can any request make the function true? */
  private verdict(node: number, frame: Frame): Verdict {
    if (node === 0) return 'impossible';
    const key = this.keyOf(node, frame);
    let verdict = this.ofNodes.get(key);
    if (verdict === undefined) {
      verdict = isPossible(this.rails, this.theory, frame, node, this.steps);
      this.ofNodes.set(key, verdict);
    }
    return verdict;
  }

  /** Equal for frames in which the same is true of functions with this focus. */
  group(frame: Frame, focus: Focus): number {
    return this.theory.group(frame, focus);
  }

  /** Equal for frames with the same settings, as far as functions with this focus read them. */
  twins(frame: Frame, focus: Focus): number {
    return this.theory.twins(frame, focus);
  }

  verdicts(delta: Delta, frame: Frame): Verdicts {
    // Most roles are of one realm, and then nobody has to find out what the cells read of those who ask.
    const known = this.ofDeltas[delta.number];
    if (!known) return this.judge(delta, frame);
    return known.realm === this.theory.realms.of(frame)
      ? known.verdicts
      : this.verdictsOf(delta, frame, this.group(frame, delta.focus));
  }

  /** The same, where it is known in which group the frame is. */
  verdictsOf(delta: Delta, frame: Frame, group: number): Verdicts {
    const known = this.ofDeltas[delta.number];
    if (!known) return this.judge(delta, frame);
    known.ofGroups ??= new Map([[this.group(known.realm.frame, delta.focus), known.verdicts]]);
    let verdicts = known.ofGroups.get(group);
    if (!verdicts) {
      verdicts = this.find(delta, frame);
      known.ofGroups.set(group, verdicts);
    }
    return verdicts;
  }

  /** For the first time. */
  private judge(delta: Delta, frame: Frame): Verdicts {
    if (delta.isNothing) return nothing;
    const verdicts = this.find(delta, frame);
    this.ofDeltas[delta.number] = { realm: this.theory.realms.of(frame), verdicts, ofGroups: null };
    return verdicts;
  }

  private find(delta: Delta, frame: Frame): Verdicts {
    const verdict = (direction: Direction): Verdict =>
      this.quickly(delta, direction, frame) ?? this.thoroughly(delta, direction, frame);
    const [gained, lost] = [verdict('gained'), verdict('lost')];
    const [eased, burdened, exchanged] = [verdict('eased'), verdict('burdened'), verdict('exchanged')];
    return { gained, lost, eased, burdened, exchanged };
  }

  /** Without the nodes of the difference; null where that does not tell. */
  private quickly({ sights }: Delta, direction: Direction, frame: Frame): Verdict | null {
    if (!sights) return null;
    if (direction !== 'gained' && direction !== 'lost') return this.deltas.hasDuties ? null : 'impossible';
    const [from, to] = direction === 'gained' ? [sights.base, sights.head] : [sights.head, sights.base];
    let isSure = true;
    for (const one of to) {
      const found = this.search.find(frame, one, from, false);
      if (found === null) return null;
      if (typeof found !== 'string') return 'possible';
      if (found === 'undecided') isSure = false;
    }
    return isSure ? 'impossible' : 'undecided';
  }

  /** Does some assignment gain, or lose, what another gives before and after? */
  isHidden({ number, base, head }: Aligned): boolean {
    let isHidden = this.hidden.get(number);
    if (isHidden === undefined) {
      const isEver = (from: readonly Sight[], to: readonly Sight[]) =>
        to.some((gained, at) => {
          const [own, others] = [from[at], from.filter((_, index) => index !== at)];
          return own && others.some((other) => this.search.isEver([gained, other], [own]) !== false);
        });
      isHidden = isEver(base, head) || isEver(head, base);
      this.hidden.set(number, isHidden);
    }
    return isHidden;
  }

  private thoroughly(delta: Delta, direction: Direction, frame: Frame): Verdict {
    return delta.isTooLarge ? 'undecided' : this.verdict(delta[direction], frame);
  }

  /**
   * The condition, of some cases; null where it is too large. A state in it may name the values of another frame with equal
   * answers.
   */
  settled(delta: Delta, direction: Direction, frame: Frame, cases: number): Settled | null {
    const { sights } = delta;
    if (!sights || (direction !== 'gained' && direction !== 'lost')) {
      return this.settledByNodes(delta, direction, frame, cases);
    }
    let known = this.ofSights.get(delta);
    if (!known) {
      known = new Map();
      this.ofSights.set(delta, known);
    }
    const group = this.theory.group(frame, delta.focus);
    const key = (group * 64 + cases) * 2 + (direction === 'gained' ? 1 : 0);
    let settled = known.get(key);
    if (settled === undefined) {
      const [from, to] = direction === 'gained' ? [sights.base, sights.head] : [sights.head, sights.base];
      settled = this.settler.settle(frame, to, from, cases) ?? this.settledByNodes(delta, direction, frame, cases);
      known.set(key, settled);
    }
    return settled;
  }

  private settledByNodes(delta: Delta, direction: Direction, frame: Frame, cases: number): Settled | null {
    if (delta.isTooLarge) return null;
    const node = delta[direction];
    if (node === 0) return { verdict: 'impossible', cases: [], isWhole: true, needsMissing: false };
    const key = `${this.keyOf(node, frame)} ${cases}`;
    const known = this.known.get(key);
    if (known) return known;
    const settled = settle(this.rails, this.theory, frame, node, { steps: this.steps, cases });
    this.known.set(key, settled);
    return settled;
  }

  private keyOf(node: number, frame: Frame): string {
    return `${node} ${this.theory.group(frame, this.rails.focusOf(node))}`;
  }
}
