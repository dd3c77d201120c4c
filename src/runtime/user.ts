import {
  allowed,
  because,
  type Decision,
  denied,
  isInForce,
  type Reason,
  type Request,
  whyDenied,
} from './decision.ts';
import { type Asker, readNow } from './reading.ts';
import type { AssignmentView, TableValue, TableView } from './view.ts';
import type { Walker } from './walk.ts';

/** What all users of one table share. */
export interface Engine {
  readonly view: TableView;
  readonly walker: Walker;
  readonly clock: () => number;
  readonly digest: string;
  readonly cells: Int32Array;
  readonly actions: ReadonlyMap<unknown, number>;
  /** Members that were asked for, without attributes; emptied before it grows large. */
  readonly users: Map<unknown, BoundUser>;
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
  readonly from: number | null;
  readonly until: number | null;
}

export class BoundUser implements User {
  readonly engine: Engine;
  readonly assignments: readonly Assignment[];
  /** Why every request is denied; null when requests decide. */
  readonly obstacle: Reason | null;
  readonly #needsNow: boolean;

  constructor(engine: Engine, obstacle: Reason | null, assignments: readonly Assignment[] = []) {
    this.engine = engine;
    this.assignments = assignments;
    this.obstacle = obstacle;
    this.#needsNow = engine.readsNow || assignments.some(({ from, until }) => from !== null || until !== null);
  }

  can(action: string, resource?: unknown, context?: unknown): boolean {
    const { walker, cells, clock, actions } = this.engine;
    const column = actions.get(action);
    if (this.obstacle !== null || column === undefined) return false;
    try {
      const now = this.#needsNow ? readNow(context, clock) : Number.NaN;
      for (let i = 0; i < this.assignments.length; i++) {
        const assignment = this.assignments[i] as Assignment;
        if (!isInForce(assignment, now)) continue;
        if (walker.worst(cells[assignment.row + column] as number, assignment, resource, context, now) > 0) return true;
      }
    } catch {}
    return false;
  }

  decide(action: string, resource?: unknown, context?: unknown): Decision {
    const { engine, obstacle } = this;
    const column = engine.actions.get(action);
    // Who is nobody to the table is told so, whatever the action.
    const isNobody = obstacle?.startsWith('unknown');
    const reason = column === undefined && !isNobody ? 'unknown-action' : obstacle;
    try {
      if (reason === null) {
        const request = { action: column as number, resource, context, now: readNow(context, engine.clock) };
        const leaves = this.#leaves(engine.walker.worst, request);
        const leaf = Math.max(...leaves);
        const decisive = this.assignments[leaves.indexOf(leaf)] as Assignment;
        if (leaf > 0) return allowed(engine, decisive, leaf, request);
        return denied(engine, column, whyDenied(engine, this.assignments, request));
      }
    } catch {}
    return denied(engine, column, because(reason ?? 'wrong-type'));
  }

  permitted(): { readonly always: Set<string>; readonly sometimes: Set<string> } {
    const { view, walker, clock } = this.engine;
    const always = new Set<string>();
    const sometimes = new Set<string>();
    view.actions.forEach(({ name }, action) => {
      try {
        const request = { action, now: readNow(undefined, clock) };
        const can = (ask: Walker['best']) => this.obstacle === null && Math.max(...this.#leaves(ask, request)) > 0;
        if (can(walker.worst)) always.add(name);
        else if (can(walker.best)) sometimes.add(name);
      } catch {}
    });
    return { always, sometimes };
  }

  /** What each assignment gives; one out of its dates gives nothing. */
  #leaves(ask: Walker['best'], { action, resource, context, now }: Request): number[] {
    return this.assignments.map((assignment) => {
      const node = this.engine.cells[assignment.row + action] as number;
      return isInForce(assignment, now) ? ask(node, assignment, resource, context, now) : 0;
    });
  }
}

/** Who that is: a member by id or key, or a user whom the application describes with roles of its own. */
export function bindUser(engine: Engine, who: unknown): BoundUser {
  try {
    const { id, roles } = Object(who) as { id?: unknown; roles?: unknown };
    if (typeof who === 'string') return bindMember(engine, who, undefined);
    if (roles !== undefined) return bindStranger(engine, id, roles, who);
    return bindMember(engine, id, who);
  } catch {
    return new BoundUser(engine, 'unknown-user');
  }
}

function bindMember(engine: Engine, name: unknown, attributes: unknown): BoundUser {
  const { view, users } = engine;
  let user = users.get(name);
  if (!user) {
    const index = view.findMember(name);
    if (index < 0) return new BoundUser(engine, 'unknown-user');
    const { id, active, assignments } = view.member(index);
    const bound = assignments.map((item) => assign(engine, item, id));
    user = new BoundUser(engine, active ? null : 'inactive-member', bound);
    if (users.size > 9999) users.clear();
    users.set(name, user);
  }
  if (attributes === undefined) return user;
  const bound = user.assignments.map((item) => ({ ...item, attributes }));
  return new BoundUser(engine, user.obstacle, bound);
}

function bindStranger(engine: Engine, id: unknown, roles: unknown, attributes: unknown): BoundUser {
  const { view } = engine;
  const numbers = Array.from(Array.isArray(roles) ? roles : [null], (name) =>
    view.roles.findIndex((role) => role.name === name),
  );
  if (view.findMember(id) >= 0 || !numbers.every((role) => view.roles[role]?.givenByApplication)) {
    return new BoundUser(engine, 'unknown-role');
  }
  const bare = { settings: [], from: null, until: null };
  return new BoundUser(
    engine,
    null,
    numbers.map((role) => assign(engine, { ...bare, role }, id, attributes)),
  );
}

function assign({ view }: Engine, assignment: AssignmentView, id: unknown, attributes?: unknown): Assignment {
  const { role, settings } = assignment;
  const slots: (TableValue | undefined)[] = view.slots.map((slot) => slot.default ?? undefined);
  for (const { slot, value } of [...(view.roles[role]?.settings ?? []), ...settings]) slots[slot] = value;
  return { ...assignment, row: role * view.actions.length, id, attributes, slots, zone: view.sections };
}

/** Does any atom ask what time it is? */
export function readsNow({ atoms }: TableView): boolean {
  return atoms.some(({ left, right }) => left.from === 'now' || right?.from === 'now');
}
