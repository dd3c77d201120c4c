import type { State } from './frame.ts';
import { INSTANCES, type Variable } from './rails.ts';

/** A variable and what it is, or the states (bits) that it may have, as one number. */
export type Literal = number;

export function literalOf(variable: Variable, states: number): Literal {
  return variable * 8 + states;
}

export function variableIn(literal: Literal): Variable {
  return literal >> 3;
}

export function statesIn(literal: Literal): number {
  return literal & 7;
}

/** The atom of its variable. */
export function atomIn(literal: Literal): number {
  return Math.floor(literal / (8 * INSTANCES));
}

/** By their variables. */
export function literalsIn(state: State): readonly Literal[] {
  return [...state].map(([variable, is]) => literalOf(variable, is)).sort((a, b) => a - b);
}

export function stateOf(literals: readonly Literal[]): State {
  return new Map(literals.map((literal) => [variableIn(literal), statesIn(literal)]));
}
