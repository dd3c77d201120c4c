import type { Holding } from './engine.ts';
import { ACTION, AT_DIGEST, OUTCOME } from './format.ts';
import { Asking } from './user.ts';
import { explainAllow, explainDeny, type Why } from './why.ts';

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

/** In place of a leaf: the request's own getters threw. */
const FAILED = -1;

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
export class Decision implements DecisionData {
  readonly allow: boolean;
  private readonly user: User;
  private readonly column: number;
  private readonly leaf: number;
  /** The assignment that decided, if not the only one; null for none, also where the request's own getters threw. */
  private readonly holding: Holding | null;
  private readonly resource: unknown;
  private readonly context: unknown;
  /** Null where nothing asks for it: a number that is none would be an object of its own. */
  private readonly now: number | null;
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
    const { world } = this.user;
    return this.outcomes < 1 ? null : world.text(world.sections.outcomes[OUTCOME * this.outcomes - OUTCOME] as number);
  }

  get duties(): readonly string[] {
    const { world } = this.user;
    const duties = new Set<string>();
    for (let at = 0; at < OUTCOME * this.outcomes; at += OUTCOME) {
      const [, first = 0, count = 0] = world.sections.outcomes.subarray(at);
      for (const duty of world.texts(first, count)) duties.add(duty);
    }
    return [...duties];
  }

  get reason(): Reason {
    return this.why.reason;
  }

  get decidedBy(): DecidedBy | null {
    return this.why.decidedBy;
  }

  get presentation(): string | null {
    const { world } = this.user;
    const text = this.allow ? -1 : (world.sections.actions[this.column * ACTION + 2] ?? -1);
    return text < 0 ? null : world.text(text);
  }

  get missing(): readonly string[] {
    return this.why.missing;
  }

  get digest(): string {
    return this.user.world.hexAt(AT_DIGEST);
  }

  toJSON(): DecisionData {
    const { allow, outcome, duties, reason, decidedBy, presentation, missing, digest } = this;
    return { allow, outcome, duties, reason, decidedBy, presentation, missing, digest };
  }

  /** How many of the outcomes an allow comes with: its own and the better ones. */
  private get outcomes(): number {
    return this.allow ? this.user.world.leaves - 1 - this.leaf : 0;
  }

  private get why(): Why {
    this.known ??= this.explain();
    return this.known;
  }

  private explain(): Why {
    const { user, column, leaf, resource, context } = this;
    const { assignments } = user.holdings;
    // Where none was noted, the only one decided, or the first that gives as much whatever the request.
    const decided = this.holding ?? assignments.find(({ cells }) => cells[column] === leaf) ?? assignments[0];
    const holding = leaf > 0 ? decided : null;
    const { world, obstacle } = user;
    // Who is nobody to the table is told so, whatever the action.
    if (obstacle !== null && (column >= 0 || obstacle !== 'inactive-member')) return because(obstacle);
    if (column < 0) return because('unknown-action');
    const request = { user, column, resource, context };
    try {
      if (leaf !== FAILED) {
        return world.at(this.now ?? Number.NaN, () =>
          holding ? explainAllow(request, holding, leaf) : explainDeny(request),
        );
      }
    } catch {}
    return because(this.allow ? 'granted' : 'wrong-type');
  }
}

/** A user of whom also reasons can be asked. */
export class User extends Asking {
  decide(action: string | number, resource?: unknown, context?: unknown): Decision {
    const { world, starts } = this;
    const column = typeof action === 'string' ? world.column(action) : world.checkColumn(action);
    let now: number | null = null;
    let leaf = 0;
    let holding: Holding | null = null;
    try {
      const node = column < 0 || starts === null ? 0 : (starts[column] as number);
      if (starts !== null && (node < world.leaves || this.cells !== null)) {
        leaf = node < world.leaves ? node : world.worst(node, this, this.slots, resource, context);
      } else if (column >= 0 && this.obstacle === null) {
        now = this.now(context);
        holding = this.findBestNow(now, column, resource, context);
        leaf = world.leaf;
      }
    } catch {
      leaf = FAILED;
    }
    return new Decision(this, column, leaf, holding, resource, context, now);
  }
}

function because(reason: Reason): Why {
  return { reason, decidedBy: null, missing: [] };
}
