import { AT_DIGEST, OUTCOMES, PRESENTATIONS } from './format.ts';
import { listOf } from './texts.ts';
import { Asking, leafOf } from './user.ts';
import { explain, type Request, type Why } from './why.ts';
import { columnOf, type Holding, hexAt } from './world.ts';

export type Reason =
  | 'granted'
  | 'no-grant'
  | 'condition-false'
  | 'out-of-scope'
  | 'prohibited'
  | 'missing-fact'
  | 'wrong-type'
  | 'unknown-user'
  | 'unknown-role'
  | 'unknown-action'
  | 'inactive-member'
  | 'outside-dates';

/** What decided; a field that the table does not know (a stripped one knows no places) is null. */
export interface DecidedBy {
  readonly role: string;
  readonly permission: string | null;
  readonly kind: 'grant' | 'scope' | 'prohibition';
  /** Of a scope or prohibition. */
  readonly name: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

/** What a decision says, as plain data. */
export interface DecisionData {
  readonly allow: boolean;
  /** Null for a plain allow and for a deny. */
  readonly outcome: string | null;
  /** Of the outcome and of every better one. */
  readonly duties: readonly string[];
  readonly reason: Reason;
  readonly decidedBy: DecidedBy | null;
  /** How the denied action looks; null when allowed. */
  readonly presentation: string | null;
  /** Attributes whose absence or wrong type decided: `client.tags` of the resource, `user.age`, `context.reason`. */
  readonly missing: readonly string[];
  /** Of the table. */
  readonly digest: string;
}

/**
 * One decision. `allow` is decided when it is made; why is worked out when somebody reads it, from the resource and the
 * context as they are then, and remembered.
 */
export class Decision implements DecisionData, Request {
  readonly allow: boolean;
  readonly user: User;
  readonly column: number;
  readonly leaf: number;
  /** The assignment that decided, if several were asked. */
  readonly holding: Holding | null;
  readonly resource: unknown;
  readonly context: unknown;
  /** Null where nothing asks for it: a number that is none would be an object of its own. */
  readonly now: number | null;
  private known: Why | null;

  constructor(
    user: User,
    column: number,
    leaf: number,
    holding: Holding | null,
    resource: unknown,
    context: unknown,
    now: number | null,
  ) {
    this.allow = leaf > 0;
    this.user = user;
    this.column = column;
    this.leaf = leaf;
    this.holding = holding;
    this.resource = resource;
    this.context = context;
    this.now = now;
    this.known = null;
  }

  get outcome(): string | null {
    return this.outcomes.at(-1)?.[0] ?? null;
  }

  get duties(): readonly string[] {
    return [...new Set(this.outcomes.flatMap((outcome) => outcome?.[1] ?? []))];
  }

  get reason(): Reason {
    return this.why.reason;
  }

  get decidedBy(): DecidedBy | null {
    return this.why.decidedBy;
  }

  get presentation(): string | null {
    type Presented = readonly [action: number, presentation: string] | null;
    const find = (presented: Presented) => presented?.[0] === this.column;
    return this.allow ? null : (listOf<Presented>(this.user.world, PRESENTATIONS).find(find)?.[1] ?? null);
  }

  get missing(): readonly string[] {
    return this.why.missing;
  }

  get digest(): string {
    return hexAt(this.user.world, AT_DIGEST);
  }

  toJSON(): DecisionData {
    const { allow, outcome, duties, reason, decidedBy, presentation, missing, digest } = this;
    return { allow, outcome, duties, reason, decidedBy, presentation, missing, digest };
  }

  /** Those an allow comes with, its own last: it and the better ones. */
  private get outcomes() {
    const { world } = this.user;
    type Outcome = readonly [name: string, duties: readonly string[]];
    return this.allow ? listOf<Outcome>(world, OUTCOMES).slice(0, world.leaves - 1 - this.leaf) : [];
  }

  private get why(): Why {
    this.known ??= explain(this);
    return this.known;
  }
}

/** A user of whom also reasons can be asked. */
export class User extends Asking {
  decide(action: string | number, resource?: unknown, context?: unknown): Decision {
    const { world } = this;
    const column = columnOf(world, action);
    this.decided = null;
    const leaf = column < 0 ? 0 : leafOf(this, column, resource, context);
    const now = this.needsTime ? (world.time[1] as number) : null;
    return new Decision(this, column, leaf, this.decided, resource, context, now);
  }
}
