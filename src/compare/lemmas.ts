import type { Variable } from './rails.ts';

/** Literals that cannot all be: pairs of a variable and what it is. */
export type Lemma = readonly (readonly [Variable, number])[];

/** What the solver called impossible, so that a search need not ask again; on top of what `below` knows. */
export class Lemmas {
  /** Where searches failed, by what they stood on. Lemmas only ever make more of them fail. */
  readonly failures = new Set<string>();
  private readonly below: Lemmas | null;
  private readonly byLiteral = new Map<number, { last: Variable; readonly lemmas: Lemma[] }>();

  constructor(below: Lemmas | null) {
    this.below = below;
  }

  add(lemma: Lemma): void {
    const last = Math.max(...lemma.map(([variable]) => variable));
    for (const [variable, is] of lemma) {
      const others = lemma.filter(([other]) => other !== variable);
      const known = this.byLiteral.get(variable * 8 + is);
      if (known) {
        known.lemmas.push(others);
        known.last = Math.max(known.last, last);
      } else this.byLiteral.set(variable * 8 + is, { last, lemmas: [others] });
    }
  }

  /** Would one more literal make what is assigned impossible? */
  forbids(assigned: ReadonlyMap<Variable, number>, variable: Variable, is: number): boolean {
    const own = this.byLiteral.get(variable * 8 + is);
    if (own?.lemmas.some((others) => others.every(([other, state]) => assigned.get(other) === state))) return true;
    return this.below?.forbids(assigned, variable, is) ?? false;
  }

  /** What of the assigned may still forbid something, at this variable or a later one. */
  context(assigned: ReadonlyMap<Variable, number>, from: Variable): string {
    let text = '';
    for (const [variable, is] of assigned) if (this.lastOf(variable * 8 + is) >= from) text += ` ${variable * 8 + is}`;
    return text;
  }

  private lastOf(literal: number): Variable {
    return Math.max(this.byLiteral.get(literal)?.last ?? -1, this.below?.lastOf(literal) ?? -1);
  }
}
