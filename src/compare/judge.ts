import type { Frame } from './frame.ts';
import { isPossible, type Limits, type Settled, settle } from './paths.ts';
import type { Rails } from './rails.ts';

export type Verdict = Settled['verdict'];

/** Answers each question about a function and those who ask once. */
export class Judge {
  private readonly rails: Rails;
  private readonly limits: Limits;
  private readonly special: ReadonlySet<string>;
  private readonly verdicts = new Map<string, Verdict>();
  private readonly known = new Map<string, Settled>();

  constructor(rails: Rails, limits: Limits, special: ReadonlySet<string>) {
    this.rails = rails;
    this.limits = limits;
    this.special = special;
  }

  /** Can any request make the function true? */
  verdict(node: number, frame: Frame): Verdict {
    if (node === 0) return 'impossible';
    const key = this.keyOf(node, frame);
    let verdict = this.verdicts.get(key);
    if (verdict === undefined) {
      verdict = isPossible(this.rails, frame, node, this.limits.steps);
      this.verdicts.set(key, verdict);
    }
    return verdict;
  }

  /** The condition, of some cases. A state in it may name the values of another frame with equal answers. */
  settled(node: number, frame: Frame, cases = this.limits.cases): Settled {
    if (node === 0) return { verdict: 'impossible', cases: [], isWhole: true, needsMissing: false };
    const key = `${this.keyOf(node, frame)} ${cases}`;
    const known = this.known.get(key);
    if (known) return known;
    const settled = settle(this.rails, frame, node, { ...this.limits, cases });
    this.known.set(key, settled);
    return settled;
  }

  private keyOf(node: number, frame: Frame): string {
    return `${node} ${frame.signature(this.rails.support(node), this.special)}`;
  }
}
