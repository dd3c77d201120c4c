import type { Decision } from '../runtime/index.ts';

/** Why a decision is what it is, for every assignment of the user. */
export interface Explanation {
  readonly user: string;
  readonly action: string;
  readonly decision: Decision;
  /** Sentences for a person: what decided, and what would change it. */
  readonly sentences: readonly string[];
  /** What to do about a deny, most likely first. */
  readonly advice: readonly string[];
  readonly assignments: readonly AssignmentExplanation[];
}

export interface AssignmentExplanation {
  readonly role: string;
  readonly title: string | null;
  readonly account: string | null;
  readonly level: string | null;
  /** Its dates hold now. */
  readonly inForce: boolean;
  /** Milliseconds since the epoch; null: always. */
  readonly from: number | null;
  readonly until: number | null;
  readonly grants: readonly PartExplanation[];
  /** Scopes and prohibitions that cover the action; of a prohibition, `holds` says that it does not bite. */
  readonly scopes: readonly PartExplanation[];
  /** Grants of the action whose permission the role lacks. */
  readonly lacking: readonly LackingPermission[];
}

export interface PartExplanation {
  readonly kind: 'grant' | 'scope' | 'prohibition';
  /** Of a scope or prohibition. */
  readonly name: string | null;
  readonly title: string | null;
  /** Of a grant: the permission that gives it, null for the catalog itself. */
  readonly permission: string | null;
  /** Why the role has the permission: `level limited`. */
  readonly because: string | null;
  readonly condition: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly holds: 'yes' | 'no' | 'unknown';
  /** What the condition asks of the role itself: permissions, accounts, features; settled before any request. */
  readonly asks: readonly AskedOfRole[];
  readonly atoms: readonly AtomExplanation[];
}

export interface AskedOfRole {
  readonly kind: 'permission' | 'account' | 'feature';
  readonly name: string;
  readonly title: string | null;
  readonly level: string | null;
  readonly has: boolean;
}

/** An indivisible test of a condition, with what the request said. */
export interface AtomExplanation {
  readonly text: string;
  readonly is: 'true' | 'false' | 'unknown';
  readonly seen: readonly SeenValue[];
}

export interface SeenValue {
  /** `client.tags`, `user.practitioner`. */
  readonly name: string;
  /** As JSON; null when there is none. */
  readonly value: string | null;
  readonly problem: 'missing' | 'wrong type' | null;
}

export interface LackingPermission {
  readonly permission: string;
  readonly title: string | null;
  readonly level: string | null;
  /** The role was given it, but it fell: these were missing. Null when it was not given. */
  readonly fellFor: readonly string[] | null;
  /** How the role could come to have it. */
  readonly by: 'with' | 'level';
  readonly requires: string | null;
}
