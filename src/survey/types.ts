import type { Literal } from '../compare/index.ts';

export interface Survey {
  readonly policy: { readonly name: string; readonly version: string };
  readonly catalog: { readonly name: string; readonly version: string };
  readonly of: 'roles' | 'members';
  /** Milliseconds since the epoch: what earlier requests are allowed is not told. Null: the time does not matter. */
  readonly since: number | null;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly action: string; readonly cells: readonly Cell[] }[];
  /** By number, from 1; one condition has one number. */
  readonly footnotes: readonly Footnote[];
}

/** `always`: whatever is sent, be it nothing. `sometimes`: some requests are allowed. */
export interface Cell {
  readonly answer: 'always' | 'sometimes' | 'never';
  /** The first whose condition is met decides; where none is, the action is denied. */
  readonly parts: readonly Part[];
  /** The search ended before it was known whether any request is allowed. */
  readonly isUndecided: boolean;
}

/** What an allow comes with, and when. */
export interface Part {
  /** Null for the plain allow. */
  readonly outcome: string | null;
  /** With those of better outcomes. */
  readonly duties: readonly string[];
  /** The number of the condition; null: in all that is left. */
  readonly footnote: number | null;
}

/**
 * A condition: true in just the complete requests that are allowed (or, of a later part of a cell, allowed and not met by
 * the parts before). Complete: every fact that the condition names is sent, with a right value, unless it is asked
 * whether it is set. Where a fact is missing, the request is allowed if it were for every value of it.
 */
export interface Footnote {
  readonly number: number;
  /** In words; null where it is too long to be said or was not settled. */
  readonly condition: string | null;
  /** `too-many`: of all that was asked for, so much was found that this one was not looked at. */
  readonly problem: 'too-long' | 'too-many' | 'undecided' | null;
  /** Any one of them is enough; nothing can be left out of one. */
  readonly cases: readonly (readonly SurveyLiteral[])[];
  /** Facts that no case names, and that have to be known as well. */
  readonly facts: readonly string[];
}

export interface SurveyLiteral extends Literal {
  /** Settings that the atom reads, as they are here; those of whoever asks are not listed. `null` is missing. */
  readonly settings: Readonly<Record<string, unknown>>;
}
