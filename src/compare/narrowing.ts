import type { Frame } from './frame.ts';
import { impossibleStates, withoutImplied, withoutImpossible } from './implied.ts';
import { type Claim, claimOf, type Literal, literalsIn, sortFew, stateOf, variableIn } from './literals.ts';
import { ANYTHING } from './rails.ts';
import type { Theory } from './theory.ts';

/** What is allowed, without what the rest of it leaves no choice about; by the variables. */
interface Narrowed {
  /** Before the states that the others rule out were taken away. */
  readonly wide: readonly Literal[];
  readonly claims: readonly Claim[];
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
    const wide: Literal[] = [];
    const claims: Claim[] = [];
    for (const [chain, literals] of this.theory.partsOf(frame, order)) {
      let part = this.known.get(chain);
      if (!part) {
        part = this.narrowPart(frame, literals);
        this.known.set(chain, part);
      }
      for (const literal of part.wide) wide.push(literal);
      for (const claim of part.claims) claims.push(claim);
    }
    return { wide: sortFew(wide), claims: sortFew(claims) };
  }

  private narrowPart(frame: Frame, order: readonly Literal[]): Narrowed {
    const ways = stateOf([...order].sort((a, b) => a - b));
    const wide = withoutImplied(this.theory, frame, ways, order.map(variableIn));
    // What the others rule out may be just what kept something from being implied.
    const exact = withoutImpossible(this.theory, frame, wide);
    const allowed = withoutImplied(this.theory, frame, exact, exact.keys());
    const claims = literalsIn(allowed).map((literal) =>
      claimOf(literal, ANYTHING & ~impossibleStates(this.theory, frame, new Map(), variableIn(literal))),
    );
    return { wide: literalsIn(wide), claims };
  }
}
