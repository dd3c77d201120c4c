import { PairMemo } from '../diagram/index.ts';
import { type Literal, statesIn, variableIn } from './literals.ts';
import type { Variable } from './rails.ts';

/** What the solver called impossible, so that a search need not ask again; on top of what `below` knows. */
export class Lemmas {
  /** Where searches failed, by what they stood on. Lemmas only ever make more of them fail. */
  readonly failures = new Set<string>();
  /** By two cells: the first state in which one allows and the other does not. */
  private readonly numbers = new PairMemo();
  private readonly firsts: (readonly Literal[])[] = [];
  private readonly below: Lemmas | null;
  private readonly byLiteral = new Map<Literal, { last: Variable; readonly lemmas: (readonly Literal[])[] }>();

  constructor(below: Lemmas | null) {
    this.below = below;
  }

  firstOf(allowing: number, denying: number): readonly Literal[] | null {
    return this.firsts[this.numbers.get(allowing, denying)] ?? null;
  }

  setFirst(allowing: number, denying: number, state: readonly Literal[]): void {
    this.numbers.set(allowing, denying, this.firsts.push(state) - 1);
  }

  /** These cannot all be. */
  add(lemma: readonly Literal[]): void {
    const last = Math.max(...lemma.map(variableIn));
    for (const literal of lemma) {
      const others = lemma.filter((other) => other !== literal);
      const known = this.byLiteral.get(literal);
      if (known) {
        known.lemmas.push(others);
        known.last = Math.max(known.last, last);
      } else this.byLiteral.set(literal, { last, lemmas: [others] });
    }
  }

  /** Would one more literal make what is assigned, by variable, impossible? */
  forbids(assigned: Uint8Array, literal: Literal): boolean {
    const own = this.byLiteral.get(literal);
    if (own) for (const others of own.lemmas) if (isAssigned(assigned, others)) return true;
    return this.below?.forbids(assigned, literal) ?? false;
  }

  /** What of the assigned may still forbid something, at this variable or a later one. */
  context(assigned: readonly Literal[], from: Variable): string {
    let text = '';
    for (const literal of assigned) if (this.lastOf(literal) >= from) text += ` ${literal}`;
    return text;
  }

  private lastOf(literal: Literal): Variable {
    return Math.max(this.byLiteral.get(literal)?.last ?? -1, this.below?.lastOf(literal) ?? -1);
  }
}

function isAssigned(assigned: Uint8Array, literals: readonly Literal[]): boolean {
  for (const literal of literals) if (assigned[variableIn(literal)] !== statesIn(literal)) return false;
  return true;
}
