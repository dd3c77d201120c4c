/** What one version of a policy does that another does not. */
export interface Comparison {
  /** Nobody gains or loses anything, and nothing else changed that decides. */
  readonly equal: boolean;
  /** The meaning digests are the same. */
  readonly sameMeaning: boolean;
  readonly base: Version;
  readonly head: Version;
  readonly changes: readonly Change[];
  readonly renames: readonly Rename[];
  /** What a reader should know beside the changes. */
  readonly notes: readonly Note[];
  /** What the version of the policy should rise by. */
  readonly semver: Bump;
}

export type Bump = 'major' | 'minor' | 'patch';

export interface Version {
  readonly policy: { readonly name: string; readonly version: string };
  readonly catalog: { readonly name: string; readonly version: string };
  readonly meaningDigest: string;
}

export interface Note {
  readonly text: string;
  /** Whom it is about; null: everybody. */
  readonly role: string | null;
  readonly member: string | null;
}

export interface Rename {
  readonly kind: 'role' | 'member' | 'permission' | 'outcome';
  readonly from: string;
  readonly to: string;
  /** Of a member: applications ask by the new name too, so it may be somebody else. */
  readonly isAsked?: true;
}

export type ChangeKind =
  /** Decisions on an action: for a role (and its members), or for members alone. */
  | 'role'
  | 'member'
  /** Allowed before and after, with other duties. */
  | 'duties'
  | 'presentation'
  | 'role-added'
  | 'role-removed'
  | 'member-added'
  | 'member-removed'
  | 'action-added'
  | 'action-removed';

/** Names are those of the head; of what is gone, those of the base. */
export interface Change {
  readonly kind: ChangeKind;
  /** Null where members alone see it. */
  readonly role: string | null;
  /** Who gains or loses by it; sorted. */
  readonly members: readonly string[];
  readonly action: string | null;
  /** Of what was added or removed: the actions it could be allowed, sorted. */
  readonly actions: readonly string[];
  readonly widened: boolean;
  readonly narrowed: boolean;
  /** In words; `always`, or null where there is nothing to say. */
  readonly condition: string | null;
  readonly gained: Part | null;
  readonly lost: Part | null;
  /** That of `gained`, else that of `lost`. */
  readonly example: Example | null;
  /** Facts that must be missing for it to show. */
  readonly missing: readonly string[];
  /** The search ended before all was known; what stands here may be less than what is. */
  readonly undecided: boolean;
  /** Of `presentation` and `duties`: before and after. */
  readonly from: string | null;
  readonly to: string | null;
  /** Where the head (of what is lost, the base) says it, as far as the table knows. */
  readonly place: Place | null;
}

/** One direction of a change. */
export interface Part {
  readonly condition: string;
  /** Any one of these is enough; nothing can be left out of one. Empty: always. */
  readonly cases: readonly (readonly Literal[])[];
  /** The cases are all there is. */
  readonly complete: boolean;
  readonly missing: readonly string[];
  readonly example: Example | null;
}

export interface Literal {
  /** The atom as the table writes it. */
  readonly atom: string;
  /** Any of these. */
  readonly is: readonly ('true' | 'false' | 'unknown')[];
  readonly text: string;
}

/** A request that the two decide differently; both answers are the tables' own. */
export interface Example {
  /** A member, or somebody described: `{"id": ..., "role": ..., settings}`. */
  readonly user: string | Readonly<Record<string, unknown>>;
  /** The member's key on the base, where it was renamed. */
  readonly baseUser: string | Readonly<Record<string, unknown>>;
  readonly action: string;
  readonly resource: unknown;
  readonly context: unknown;
  readonly missing: readonly string[];
  /** Of catalogs: features that must be on or off for it. */
  readonly features?: Readonly<Record<string, 'on' | 'off'>>;
  readonly base: Answer;
  readonly head: Answer;
}

export interface Answer {
  readonly allow: boolean;
  readonly outcome: string | null;
  readonly duties: readonly string[];
}

export interface Place {
  readonly file: string;
  readonly line: number;
}
