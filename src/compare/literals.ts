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

/** States that a variable may have in a case, and those that it may have at all, whatever the others are; one number. */
export type Claim = number;

export function claimOf(allowed: Literal, possible: number): Claim {
  return allowed * 8 + possible;
}

export function literalIn(claim: Claim): Literal {
  return Math.floor(claim / 8);
}

export function possibleIn(claim: Claim): number {
  return claim % 8;
}

/** Few numbers, by their size: a sort that makes nothing new. */
export function sortFew(numbers: number[]): number[] {
  for (let end = 1; end < numbers.length; end++) {
    const number = numbers[end] as number;
    let at = end;
    for (; at > 0 && (numbers[at - 1] as number) > number; at--) numbers[at] = numbers[at - 1] as number;
    numbers[at] = number;
  }
  return numbers;
}
