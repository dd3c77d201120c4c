import type { Frame } from './frame.ts';
import { type Allowed, impossibleStates, withoutImplied, withoutImpossible } from './implied.ts';
import { type Literal, literalOf, stateOf, variableIn } from './literals.ts';
import { ANYTHING } from './rails.ts';
import type { Theory } from './theory.ts';

/** One part of what is allowed, without what the rest of it leaves no choice about. */
interface Narrowed {
  /** Before the states that the others rule out were taken away. */
  readonly wide: readonly Literal[];
  readonly allowed: readonly Literal[];
  /** What each of those may be, whatever the others are. */
  readonly possible: readonly Literal[];
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
    const found: { [key in keyof Narrowed]: Literal[] } = { wide: [], allowed: [], possible: [] };
    for (const [chain, literals] of this.theory.partsOf(frame, order)) {
      let part = this.known.get(chain);
      if (!part) {
        part = this.narrowPart(frame, literals);
        this.known.set(chain, part);
      }
      found.wide.push(...part.wide);
      found.allowed.push(...part.allowed);
      found.possible.push(...part.possible);
    }
    return found;
  }

  private narrowPart(frame: Frame, order: readonly Literal[]): Narrowed {
    const ways = stateOf([...order].sort((a, b) => a - b));
    const wide = withoutImplied(this.theory, frame, ways, order.map(variableIn));
    // What the others rule out may be just what kept something from being implied.
    const exact = withoutImpossible(this.theory, frame, wide);
    const allowed = withoutImplied(this.theory, frame, exact, exact.keys());
    const possible = [...allowed.keys()].map((variable) =>
      literalOf(variable, ANYTHING & ~impossibleStates(this.theory, frame, new Map(), variable)),
    );
    return { wide: literals(wide), allowed: literals(allowed), possible };
  }
}

function literals(allowed: Allowed): readonly Literal[] {
  return [...allowed].map(([variable, states]) => literalOf(variable, states));
}
