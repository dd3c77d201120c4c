// What the solver is asked about. Structurally what `lower` calls an atom, so that its atoms go in as they are.

import type { Zone } from './dates.ts';

export type Truth = 'true' | 'false' | 'unknown';

/** An atom and what it shall be. Unknown: a value that it reads is missing (or of a wrong type). */
export interface Literal {
  readonly atom: Atom;
  readonly is: Truth;
}

/**
 * An indivisible test. `equal`: two values are one. `before`: `left - right < limit`, or `left < limit`.
 * `contains`: the set `right` holds `left`. `within`: the set `left` is a subset of `right`.
 */
export interface Atom {
  readonly text: string;
  readonly operator: 'equal' | 'before' | 'contains' | 'overlaps' | 'within' | 'is-set' | 'true';
  readonly left: Term | Constant;
  readonly right: Term | Constant | null;
  readonly limit: number;
}

export interface Constant {
  readonly kind: 'constant';
  readonly value: Scalar | readonly Scalar[];
}

/** A `date` is a day number, a `date-time` milliseconds since the epoch. */
export type Scalar = string | number | boolean;

export interface Term {
  readonly kind: 'term';
  readonly text: string;
  readonly source: TermSource;
  readonly type: ScalarType;
  readonly isSet: boolean;
  /** The day of an instant in the time zone; the term's own type is then `date`. */
  readonly isDay: boolean;
  /** Where the day is taken; absent: in the time zone of the options. */
  readonly zone?: Zone;
  /** Calendar months added at the end. */
  readonly months: number;
}

export type TermSource =
  | { readonly kind: 'attribute'; readonly root: Root; readonly path: readonly string[] }
  | { readonly kind: 'slot'; readonly slot: string }
  /** A slot chosen at run time: by texts, and by attributes read as strings. */
  | { readonly kind: 'lookup'; readonly setting: string; readonly keys: readonly (string | AttributeKey)[] };

export type Root = 'user' | 'resource' | 'context';

export interface AttributeKey {
  readonly root: Root;
  readonly path: readonly string[];
}

export type ScalarType =
  | { readonly kind: 'bool' | 'int' | 'string' | 'date' | 'date-time' | 'reference' }
  | { readonly kind: 'enum'; readonly values: readonly string[] };
