/**
 * A policy as canonical decision diagrams. One order of atoms for the whole policy; equal functions are one node.
 * Node numbers: `0` is deny, `1 .. leaves - 1` are outcomes from worst to best (`leaves - 1` is the plain allow), so
 * "better" is "greater". Every other node `n` has an atom and two children, both smaller than `n`.
 */
export interface Diagrams {
  /** In order: a node's atom is smaller than the atoms of its children's. */
  readonly atoms: readonly Atom[];
  readonly leaves: number;
  /** `atomOf[n]`, `lowOf[n]` (atom false), `highOf[n]`; entries of leaves are 0. */
  readonly atomOf: Int32Array;
  readonly lowOf: Int32Array;
  readonly highOf: Int32Array;
  /** Role names and action names, sorted by code units; the axes of `rows`. */
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  /** For each role the cells of the actions. Roles that no action tells apart share one list. */
  readonly rows: readonly (readonly Cell[])[];
}

/** One role and action. `decision` is `grants` joined by "and" with every scope. */
export interface Cell {
  readonly decision: number;
  /** The "or" of the grants (0 when nothing grants). */
  readonly grants: number;
  /** Index into `policy.grants` and its node, for each grant that applies to the role; `false` ones included. */
  readonly grantNodes: readonly { readonly grant: number; readonly node: number }[];
  /** Index into `policy.scopes` and its node (a boolean: 0 or the greatest leaf at the ends). */
  readonly scopeNodes: readonly { readonly scope: number; readonly node: number }[];
}

/**
 * An indivisible test in its normal form; `text` is its identity and says all of it.
 * - `equal`: `left` and `right` terms, or `left` term and constant. Two terms stand in the order of their texts.
 * - `before`: `left - right < limit` (ints, days, instants in ms), or `left < limit` when `right` is null.
 * - `contains`: the set `right` (a term) holds `left` (a term or constant).
 * - `overlaps`: two set terms in the order of their texts.
 * - `within`: set term `left` is a subset of `right`: a set term, or a constant set.
 * - `within` may have a constant set nowhere else; `is-set` and `true` have only `left`.
 */
export interface Atom {
  readonly text: string;
  readonly operator: 'equal' | 'before' | 'contains' | 'overlaps' | 'within' | 'is-set' | 'true';
  readonly left: Term | Constant;
  readonly right: Term | Constant | null;
  /** Of `before`; 0 elsewhere. */
  readonly limit: number;
}

export interface Constant {
  readonly kind: 'constant';
  readonly value: string | number | boolean | readonly (string | number)[];
}

/** A value that a request or a user brings. */
export interface Term {
  readonly kind: 'term';
  readonly text: string;
  readonly source: TermSource;
  readonly type: ScalarType;
  /** The value is a set of `type`. */
  readonly isSet: boolean;
  /** Instant to day in the practice's time zone, before the shift. The term's own type is then `date`. */
  readonly isDay: boolean;
  /** Calendar months added at the end; 0 for none. */
  readonly months: number;
}

export type TermSource =
  | { readonly kind: 'attribute'; readonly root: 'user' | 'resource' | 'context'; readonly path: readonly string[] }
  /** A slot of a setting: `practitioner`, `access/notes/view`. */
  | { readonly kind: 'slot'; readonly slot: string }
  /** A slot chosen at run time: `setting`, then each key a text or an attribute's path. */
  | { readonly kind: 'lookup'; readonly setting: string; readonly keys: readonly (string | AttributeKey)[] };

export interface AttributeKey {
  readonly root: 'user' | 'resource' | 'context';
  readonly path: readonly string[];
}

export type ScalarType =
  | { readonly kind: 'bool' | 'int' | 'string' | 'date' | 'date-time' | 'reference' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }; // sorted
