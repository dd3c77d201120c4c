import type { Frame } from './frame.ts';
import { impossibleStates, withoutImplied, withoutImpossible } from './implied.ts';
import { type Literal, literalsIn, stateOf, variableIn } from './literals.ts';
import { ANYTHING } from './rails.ts';
import type { Theory } from './theory.ts';

/** One part of what is allowed, without what the rest of it leaves no choice about. */
interface Narrowed {
  /** Before the states that the others rule out were taken away. */
  readonly wide: readonly Literal[];
  readonly allowed: readonly Literal[];
  /** What each of those may be, whatever the others are. */
  readonly possible: readonly number[];
}

/** Takes away what is implied; once for each part that shares nothing with the others. */
export class Narrowing {
  private readonly theory: Theory;
  private readonly known = new Map<number, Narrowed>();

  constructor(theory: Theory) {
    this.theory = theory;
  }

  /** `order` says of which variables something is allowed, and what is left out first. */
  narrow(frame: Frame, order: readonly Literal[]): Narrowed {
    const parts: Narrowed[] = [];
    for (const [chain, literals] of this.theory.partsOf(frame, order)) {
      let part = this.known.get(chain);
      if (!part) {
        part = this.narrowPart(frame, literals);
        this.known.set(chain, part);
      }
      parts.push(part);
    }
    const [only] = parts;
    if (only && parts.length === 1) return only;
    const pairs = parts.flatMap(({ allowed, possible }) =>
      allowed.map((literal, at) => [literal, possible[at] ?? ANYTHING] as const),
    );
    pairs.sort((a, b) => a[0] - b[0]);
    return {
      wide: parts.flatMap(({ wide }) => wide).sort((a, b) => a - b),
      allowed: pairs.map(([literal]) => literal),
      possible: pairs.map(([, states]) => states),
    };
  }

  private narrowPart(frame: Frame, order: readonly Literal[]): Narrowed {
    const ways = stateOf([...order].sort((a, b) => a - b));
    const wide = withoutImplied(this.theory, frame, ways, order.map(variableIn));
    // What the others rule out may be just what kept something from being implied.
    const exact = withoutImpossible(this.theory, frame, wide);
    const allowed = withoutImplied(this.theory, frame, exact, exact.keys());
    const left = literalsIn(allowed);
    const possible = left.map(
      (literal) => ANYTHING & ~impossibleStates(this.theory, frame, new Map(), variableIn(literal)),
    );
    return { wide: literalsIn(wide), allowed: left, possible };
  }
}
