import { allowed, type Decision, denied, isInForce, type Reason, type Request, whyDenied } from './decision.ts';
import { type Asker, readNow } from './reading.ts';
import { type SettingView, special, type TableValue, type TableView } from './view.ts';
import type { Walker } from './walk.ts';

/** What all users of one table share. */
export interface Engine {
  readonly view: TableView;
  readonly walker: Walker;
  readonly clock: () => number;
  readonly digest: string;
  readonly leaves: number;
  readonly actions: ReadonlyMap<unknown, number>;
  readonly roles: ReadonlyMap<unknown, number>;
  /** Some atom reads `context.now`. */
  readonly readsNow: boolean;
}

/** A user, bound to a table: ask as often as needed. Nothing here throws, whatever it is given. */
export interface User {
  can(action: string, resource?: unknown, context?: unknown): boolean;
  decide(action: string, resource?: unknown, context?: unknown): Decision;
  /** Actions allowed now on every resource, and those allowed perhaps: on some resource, or in some context. */
  permitted(): { readonly always: Set<string>; readonly sometimes: Set<string> };
}

/** A role that a user has, with what `user.` means in it. */
export interface Assignment extends Asker {
  readonly role: number;
  /** The first cell of its role. */
  readonly row: number;
  readonly from: number;
  readonly until: number;
}

export class BoundUser implements User {
  readonly engine: Engine;
  readonly assignments: readonly Assignment[];
  /** Why every request is denied; null when requests decide. */
  readonly obstacle: Reason | null;
  readonly #needsNow: boolean;

  constructor(engine: Engine, assignments: readonly Assignment[], obstacle: Reason | null) {
    this.engine = engine;
    this.assignments = assignments;
    this.obstacle = obstacle;
    this.#needsNow =
      engine.readsNow ||
      assignments.some(({ from, until }) => from > Number.NEGATIVE_INFINITY || until < Number.POSITIVE_INFINITY);
  }

  can(action: string, resource?: unknown, context?: unknown): boolean {
    if (this.obstacle !== null) return false;
    const column = this.engine.actions.get(action);
    if (column === undefined) return false;
    try {
      const now = this.#needsNow ? readNow(context, this.engine.clock) : Number.NaN;
      const cells = this.engine.view.sections.cells;
      for (let i = 0; i < this.assignments.length; i++) {
        const assignment = this.assignments[i] as Assignment;
        if (!isInForce(assignment, now)) continue;
        const node = cells[assignment.row + column] as number;
        if (this.engine.walker.worst(node, assignment, resource, context, now) > 0) return true;
      }
    } catch {}
    return false;
  }

  decide(action: string, resource?: unknown, context?: unknown): Decision {
    const column = this.engine.actions.get(action);
    if (this.obstacle === 'unknown-user' || this.obstacle === 'unknown-role') {
      return denied(this.engine, column, this.obstacle);
    }
    if (column === undefined) return denied(this.engine, column, 'unknown-action');
    if (this.obstacle !== null) return denied(this.engine, column, this.obstacle);
    try {
      return this.#decide({ action: column, resource, context, now: readNow(context, this.engine.clock) });
    } catch {
      return denied(this.engine, column, 'wrong-type');
    }
  }

  permitted(): { readonly always: Set<string>; readonly sometimes: Set<string> } {
    const always = new Set<string>();
    const sometimes = new Set<string>();
    if (this.obstacle !== null) return { always, sometimes };
    const { view, walker, clock } = this.engine;
    for (const [column, action] of view.actions.entries()) {
      try {
        const now = readNow(undefined, clock);
        const held = this.assignments.filter((assignment) => isInForce(assignment, now));
        const node = (assignment: Assignment) => view.sections.cells[assignment.row + column] as number;
        if (held.some((item) => walker.worst(node(item), item, undefined, undefined, now) > 0)) always.add(action.name);
        else if (held.some((item) => walker.best(node(item), item, undefined, undefined, now) > 0)) {
          sometimes.add(action.name);
        }
      } catch {}
    }
    return { always, sometimes };
  }

  #decide(request: Request): Decision {
    let leaf = 0;
    let decisive: Assignment | null = null;
    for (const assignment of this.assignments) {
      if (!isInForce(assignment, request.now)) continue;
      const node = this.engine.view.sections.cells[assignment.row + request.action] as number;
      const found = this.engine.walker.worst(node, assignment, request.resource, request.context, request.now);
      if (found > leaf) {
        leaf = found;
        decisive = assignment;
      }
    }
    if (decisive) return allowed(this.engine, decisive, leaf, request);
    return denied(this.engine, request.action, whyDenied(this.engine, this.assignments, request));
  }
}

/** Who that is: a member by id or key, or a user whom the application describes with roles of its own. */
export function bindUser(engine: Engine, who: unknown): BoundUser {
  try {
    if (typeof who === 'string') return bindMember(engine, who, undefined);
    if (typeof who === 'object' && who !== null) {
      const { id, roles } = who as { id?: unknown; roles?: unknown };
      if (roles !== undefined) return bindStranger(engine, id, roles, who);
      if (typeof id === 'string') return bindMember(engine, id, who);
    }
  } catch {}
  return new BoundUser(engine, [], 'unknown-user');
}

function bindMember(engine: Engine, name: string, attributes: unknown): BoundUser {
  const index = engine.view.findMember(name);
  if (index < 0) return new BoundUser(engine, [], 'unknown-user');
  const { id, active, assignments } = engine.view.member(index);
  const bound = assignments.map(({ role, settings, from, until }) => ({
    ...assign(engine, role, settings, id, attributes),
    from: from ?? Number.NEGATIVE_INFINITY,
    until: until ?? Number.POSITIVE_INFINITY,
  }));
  return new BoundUser(engine, bound, active ? null : 'inactive-member');
}

function bindStranger(engine: Engine, id: unknown, roles: unknown, attributes: unknown): BoundUser {
  const { view } = engine;
  const numbers = Array.isArray(roles) ? Array.from(new Set(roles), (name) => engine.roles.get(name)) : [undefined];
  const isMember = typeof id === 'string' && view.findMember(id) >= 0;
  const assignments: Assignment[] = [];
  for (const role of numbers) {
    if (isMember || role === undefined || !view.roles[role]?.givenByApplication) {
      return new BoundUser(engine, [], 'unknown-role');
    }
    assignments.push(assign(engine, role, [], id, attributes));
  }
  return new BoundUser(engine, assignments, isMember ? 'unknown-role' : null);
}

function assign(
  engine: Engine,
  role: number,
  settings: readonly SettingView[],
  id: unknown,
  attributes: unknown,
): Assignment {
  const { view } = engine;
  const slots: (TableValue | undefined)[] = view.slots.map((slot) => slot.default ?? undefined);
  for (const setting of view.roles[role]?.settings ?? []) slots[setting.slot] = setting.value;
  for (const setting of settings) slots[setting.slot] = setting.value;
  const row = role * view.actions.length;
  return { role, row, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY, id, attributes, slots };
}

/** Does any atom ask what time it is? */
export function readsNow({ atoms }: TableView): boolean {
  return atoms.some(({ left, right }) =>
    [left, right].some((side) => side?.from === special.now || side?.keys.some((key) => key.name === 'context.now')),
  );
}
