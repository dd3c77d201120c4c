/**
 * A policy after every name is resolved and typed: what the files mean, before any boolean algebra.
 * The reference evaluator of the tests decides straight from this, so every part of the meaning is here.
 */
import type { Span } from '../source/index.ts';

export interface Policy {
  readonly name: string;
  readonly version: string;
  readonly title: string | null;
  readonly catalog: { readonly name: string; readonly version: string };
  /** IANA name; `UTC` where the practice names none. */
  readonly timeZone: string;
  readonly features: ReadonlyMap<string, boolean>;
  readonly valueLists: ReadonlyMap<string, readonly string[] | null>;
  readonly settings: ReadonlyMap<string, Setting>;
  /** Attributes of `user` that the application passes. */
  readonly userFacts: ReadonlyMap<string, Type>;
  readonly contextFacts: ReadonlyMap<string, Type>;
  readonly resources: ReadonlyMap<string, ResourceType>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly ladders: ReadonlyMap<string, readonly string[]>;
  /** Best first; plain allow stands above the first, deny below the last. */
  readonly outcomes: readonly Outcome[];
  readonly grants: readonly Grant[];
  /** Scopes and prohibitions, of the catalog and the practice. */
  readonly scopes: readonly Scope[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly members: ReadonlyMap<string, Member>;
  readonly invariants: readonly Invariant[];
  /** By action: when whoever does it changes what they may do themselves. */
  readonly ownPermissionChanges: ReadonlyMap<string, Formula>;
  /** Names of a tests file or a request, which are no part of the practice. */
  readonly described: { readonly roles: ReadonlySet<string>; readonly members: ReadonlySet<string> };
}

export type Type =
  | { readonly kind: 'bool' | 'int' | 'string' | 'date' | 'date-time' | 'member' | 'role' | 'permission' }
  /** Closed in files and at run time: any other string is of the wrong type. */
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  /** A closed value list of the practice: checked in files; at run time any string. */
  | { readonly kind: 'list'; readonly name: string }
  | { readonly kind: 'resource'; readonly name: string }
  | { readonly kind: 'set'; readonly of: Type };

export interface Setting {
  readonly name: string;
  readonly title: string | null;
  /** Keys that choose a slot, outermost first; empty for a plain setting. */
  readonly indexes: readonly Index[];
  /** The type of a slot. */
  readonly type: Type;
  readonly onRole: boolean;
  readonly onAssignment: boolean;
  readonly optional: boolean;
  /** Of each slot. A setting that a member lacks has its default; without one it is missing. */
  readonly default: Value | null;
  readonly span: Span;
}

/** `values`: sorted, every key that exists. */
export interface Index {
  readonly name: string;
  readonly values: readonly string[];
}

/** A value of a setting. `date` is a day number (1970-01-01 is 0), `date-time` milliseconds since the epoch. */
export type Value =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean }
  | { readonly kind: 'set'; readonly values: readonly (string | number)[] } // sorted, distinct
  | { readonly kind: 'all' };

/** Values by slot: the key is the setting's name, or `name/key/key` for an indexed one. */
export type SettingValues = ReadonlyMap<string, Value>;

export interface ResourceType {
  readonly name: string;
  readonly title: string | null;
  readonly facts: ReadonlyMap<string, Type>;
}

export interface Action {
  readonly name: string;
  readonly title: string | null;
  readonly resource: string;
  /** False for `about: nothing`: no instance, no facts. */
  readonly hasResource: boolean;
  readonly presentation: string | null;
  readonly constants: ReadonlyMap<string, string>;
  readonly span: Span;
}

export interface Permission {
  readonly name: string;
  readonly title: string | null;
  readonly level: string | null;
  readonly requires: Requirement | null;
  readonly fallsSilently: boolean;
  readonly implies: readonly string[];
  readonly span: Span;
}

/** Monotone. `and` of nothing is true, `or` of nothing is false; `requires: all` is the `and` of all others. */
export type Requirement =
  | { readonly kind: 'permission'; readonly name: string }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Requirement[] };

export interface Account {
  readonly name: string;
  readonly title: string | null;
  readonly ladders: readonly string[];
  readonly levelRequired: boolean;
  /** What `with` may give, patterns resolved; null: everything. Levels of its own ladders come on top. */
  readonly permissions: ReadonlySet<string> | null;
  /** The permissions of its ladders' levels. */
  readonly ofLevels: ReadonlySet<string>;
  readonly default: readonly string[];
  readonly holders: number | null;
}

export interface Outcome {
  readonly name: string;
  readonly duties: readonly string[];
  /** It gives way to any better outcome, so nothing weakens it. */
  readonly isLastResort: boolean;
}

export interface Grant {
  /** The permission that gives it; null when the catalog itself does. */
  readonly permission: string | null;
  /** Action name to condition: the type of `resource` differs between actions, so each has its own reading. */
  readonly formulas: ReadonlyMap<string, Formula>;
  readonly outcome: string | null;
  /** The condition as written; null for none. */
  readonly text: string | null;
  readonly span: Span;
}

/** Every action it covers needs the formula; a prohibition `P` is stored as the formula `not P`. */
export interface Scope {
  readonly kind: 'scope' | 'prohibition';
  readonly name: string;
  readonly title: string | null;
  readonly formulas: ReadonlyMap<string, Formula>;
  /** Of the scope, or of the prohibition as written (without the `not`). */
  readonly text: string | null;
  readonly span: Span;
}

/** A typed condition; named conditions are written out, `!=`, `<=`, `>`, `>=` are expressed by `not`, `==`, `<`. */
export type Formula =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Formula[] }
  | { readonly kind: 'not'; readonly term: Formula }
  | { readonly kind: 'has'; readonly permission: string }
  | { readonly kind: 'feature'; readonly feature: string }
  | Comparison;

/**
 * `is-set` and `true` have `right` null.
 * - `==`: two scalars. - `<`: two ints, dates or instants. - `in`: scalar left, set right.
 * - `overlaps`: two sets. - `within`: two sets, left is a subset of right.
 */
export interface Comparison {
  readonly kind: 'comparison';
  readonly operator: '==' | '<' | 'in' | 'overlaps' | 'within' | 'is-set' | 'true';
  readonly left: Operand;
  readonly right: Operand | null;
  readonly span: Span;
}

export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'set'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'all' }
  /** `path` without the root: `resource.client.tags` is root `resource`, path `[client, tags]`. `user.id` is one. */
  | {
      readonly kind: 'attribute';
      readonly root: 'user' | 'resource' | 'context';
      readonly path: readonly string[];
      readonly type: Type;
    }
  /** A setting of `user`; each index is a literal string, `action-constant`, or an attribute. */
  | { readonly kind: 'setting'; readonly name: string; readonly indexes: readonly Operand[]; readonly type: Type }
  | { readonly kind: 'action-constant'; readonly name: string }
  | { readonly kind: 'account' }
  | { readonly kind: 'permissions' }
  /**
   * A date or instant, later by a duration. `milliseconds` (whole days on a date) are exact; `months` are calendar
   * months in UTC, the day cut to the last of the month. Only one of the two is not 0.
   */
  | { readonly kind: 'shift'; readonly operand: Operand; readonly months: number; readonly milliseconds: number }
  /** The day, in the practice's time zone, of an instant; the checker puts it where an instant meets a date. */
  | { readonly kind: 'day'; readonly operand: Operand };

export interface Role {
  readonly name: string;
  readonly title: string | null;
  readonly extends: readonly string[];
  readonly account: string | null;
  readonly level: string | null;
  /** What stands at the end, and why each is there. */
  readonly permissions: ReadonlyMap<string, Cause>;
  /** What was given and fell, and why. */
  readonly fallen: ReadonlyMap<string, Fall>;
  readonly settings: SettingValues;
  /** A caller may name it for a user who is not a member. */
  readonly givenByApplication: boolean;
  readonly span: Span;
}

export type Cause =
  | { readonly kind: 'level'; readonly level: string }
  | { readonly kind: 'default'; readonly account: string }
  | { readonly kind: 'with'; readonly role: string; readonly span: Span }
  | { readonly kind: 'implied'; readonly by: string };

export interface Fall {
  readonly cause: Cause;
  readonly requires: Requirement;
  /** Permissions of the requirement that the role does not have at the end. */
  readonly missing: readonly string[];
}

export interface Member {
  /** The key in the file. */
  readonly key: string;
  /** What applications call the member: `id`, else the key. */
  readonly id: string;
  readonly title: string | null;
  readonly active: boolean;
  readonly assignments: readonly Assignment[];
  /** Only for users described in tests and requests: what the application would pass along (`age: 15`). */
  readonly attributes: ReadonlyMap<string, unknown>;
  readonly span: Span;
}

export interface Assignment {
  readonly role: string;
  /** Over those of the role. */
  readonly settings: SettingValues;
  /** First instant, in milliseconds since the epoch; null: always. */
  readonly from: number | null;
  /** First instant after the end; null: for ever. */
  readonly until: number | null;
  readonly span: Span;
}

export interface Invariant {
  readonly title: string;
  readonly kind: 'never' | 'always' | 'only' | 'separate' | 'someone';
  readonly actions: readonly string[];
  readonly roles: readonly string[];
  readonly members: readonly string[];
  readonly over: 'roles' | 'members';
  readonly formulas: ReadonlyMap<string, Formula> | null;
  readonly span: Span;
}
