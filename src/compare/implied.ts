import type { Frame } from './frame.ts';
import { literalOf, sortFew } from './literals.ts';
import { ANYTHING, FALSE, TRUE, UNKNOWN, type Variable } from './rails.ts';
import type { Theory } from './theory.ts';

/** For each variable the states (bits) that it may have. */
export type Allowed = ReadonlyMap<Variable, number>;

/** Questions to the solver for one state of one variable; beyond, it counts as possible. */
const most = 200;

/** What the others, or the meaning of the atom alone, leave no choice about is left out; `order` says what first. */
export function withoutImplied(theory: Theory, frame: Frame, allowed: Allowed, order: Iterable<Variable>): Allowed {
  const left = new Map(allowed);
  for (const variable of order) {
    const states = left.get(variable);
    if (states !== undefined && (states | impossibleStates(theory, frame, left, variable)) === ANYTHING) {
      left.delete(variable);
    }
  }
  return left;
}

/** Without the states that the others rule out: nothing "may be unknown" that another part of the condition knows. */
export function withoutImpossible(theory: Theory, frame: Frame, allowed: Allowed): Allowed {
  const left = new Map(allowed);
  for (const [variable, states] of allowed) {
    const possible = states & ~impossibleStates(theory, frame, left, variable);
    if (possible !== 0) left.set(variable, possible);
  }
  return left;
}

/** States that the variable cannot have, whatever the others are of what they may be. */
export function impossibleStates(theory: Theory, frame: Frame, allowed: Allowed, variable: Variable): number {
  const related = theory.related(frame, allowed.keys(), variable).filter((other) => other !== variable);
  const others = related.map((other) => [other, allowed.get(other) ?? ANYTHING] as const);
  // Those without a choice first: they decide most.
  others.sort((a, b) => countOf(a[1]) - countOf(b[1]));
  return states.filter((is) => !canBe(theory, frame, others, variable, is)).reduce((all, is) => all | is, 0);
}

function canBe(
  theory: Theory,
  frame: Frame,
  others: readonly (readonly [Variable, number])[],
  variable: Variable,
  is: number,
): boolean {
  let left = most;
  const chosen = [literalOf(variable, is)];
  const visit = (at: number): boolean => {
    if (left-- <= 0) return true;
    const [other, choices] = others[at] ?? [];
    // Where no choice is left to make, the solver is asked once about all of it.
    if (other === undefined || choices === undefined || countOf(choices) > 1) {
      if (theory.conflict(frame, sortFew([...chosen]))?.kind === 'impossible') return false;
      if (other === undefined || choices === undefined) return true;
    }
    for (const choice of states) {
      if ((choices & choice) === 0) continue;
      chosen.push(literalOf(other, choice));
      const isFound = visit(at + 1);
      chosen.pop();
      if (isFound) return true;
    }
    return false;
  };
  return visit(0);
}

const states = [TRUE, FALSE, UNKNOWN];

function countOf(allowed: number): number {
  return (allowed & 1) + ((allowed >> 1) & 1) + ((allowed >> 2) & 1);
}
