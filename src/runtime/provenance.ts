/**
 * Where a table's decisions come from, for explanations; left out of a stripped table.
 * Kept as UTF-8 JSON in a section of its own, which is parsed only when somebody asks why.
 */
export interface Provenance {
  readonly files: readonly string[];
  /** Features that are on, sorted. */
  readonly features: readonly string[];
  readonly grants: readonly GrantSource[];
  readonly scopes: readonly ScopeSource[];
  /** In the order of the table's roles. */
  readonly roles: readonly RoleSource[];
  readonly permissions: readonly PermissionSource[];
}

/** `file` is an index into `files`; `line` and `column` count from 1. */
export interface Place {
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

/** What a condition asks of the role and the practice, which is settled before any request; names sorted. */
export interface Asks {
  /** Permissions, with `has`. */
  readonly asks: readonly string[];
  /** Accounts that it compares with. */
  readonly accounts: readonly string[];
  /** Features, with `feature`. */
  readonly features: readonly string[];
}

export interface GrantSource extends Place, Asks {
  readonly permission: string | null;
  readonly outcome: string | null;
  /** The condition as written; null for none. */
  readonly text: string | null;
  /** Names of the actions it gives. */
  readonly actions: readonly string[];
}

export interface ScopeSource extends Place, Asks {
  readonly kind: 'scope' | 'prohibition';
  readonly name: string;
  readonly title: string | null;
  readonly text: string | null;
}

export interface RoleSource extends Place {
  readonly title: string | null;
  readonly account: string | null;
  readonly level: string | null;
  /** `[permission, why]`, why in words: `level limited`, `with, in reception`, `default of office`, `implied by x`. */
  readonly permissions: readonly (readonly [string, string])[];
  /** What `with` may add, by the role's account; null: everything. */
  readonly mayAdd: readonly string[] | null;
  /** Levels that the role's account may have. */
  readonly levels: readonly string[];
  /** `[permission, missing permissions]` of what fell for want of a requirement. */
  readonly fallen: readonly (readonly [string, readonly string[]])[];
}

export interface PermissionSource {
  readonly name: string;
  readonly title: string | null;
  readonly level: string | null;
  /** As text: `a and (b or c)`. */
  readonly requires: string | null;
}
