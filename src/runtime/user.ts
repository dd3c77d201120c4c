import type { Engine, Holding } from './engine.ts';
import { ACTION, ROLE } from './format.ts';
import { allowsMember, findMember, idOf, readHeld } from './members.ts';
import type { Entries } from './open.ts';
import { type Asker, readNow, type Slots } from './reading.ts';

/** Why every request of somebody is denied. */
export type Obstacle = 'unknown-user' | 'unknown-role' | 'inactive-member';

/** What an application says about a user. With `roles`: somebody who is no member, in roles it may give. */
export interface UserDescription {
  readonly id?: unknown;
  readonly roles?: readonly string[];
  readonly [attribute: string]: unknown;
}

/** What somebody holds. */
export interface Holdings {
  readonly obstacle: Obstacle | null;
  readonly assignments: readonly Holding[];
}

/** A user, bound to a table: ask as often as needed. Nothing here throws, whatever it is given. */
export class Asking implements Asker {
  // What nearly every question reads stands first, so that it lies together.
  /** Where the time does not matter: the leaf that an action comes to whatever the request, else a node. Null until then. */
  protected starts: Entries | null = null;
  /** Of the only assignment, where it decides alone, whatever the time; else null. */
  protected cells: Entries | null = null;
  protected slots: Slots = [];
  readonly world: Engine;
  readonly attributes: unknown;
  /** -1 for nobody whom the table knows. */
  readonly member: number;
  knownId: unknown;
  protected held: Holdings | null;
  private needsTime = true;

  /** A member's id and holdings may be left out: they are read from the table when they are needed. */
  constructor(world: Engine, member: number, id: unknown, attributes: unknown, held: Holdings | null) {
    this.world = world;
    this.attributes = attributes;
    this.member = member;
    this.knownId = id;
    this.held = held;
    if (held !== null) this.prepare(held);
  }

  get id(): unknown {
    const { world, member } = this;
    if (this.knownId === undefined && member >= 0) {
      this.knownId = world.nameAt(idOf(world.sections, member));
    }
    return this.knownId;
  }

  get obstacle(): Obstacle | null {
    return this.holdings.obstacle;
  }

  /** Every assignment; none for somebody whom the table does not know. */
  get holdings(): Holdings {
    return this.held ?? this.prepare(holdingsOf(this.world, this.member));
  }

  /** `action` may also be its number in the table, which needs no looking up. */
  can(action: string | number, resource?: unknown, context?: unknown): boolean {
    const { world, starts } = this;
    const column = typeof action === 'string' ? world.column(action, starts === null) : world.checkColumn(action);
    if (column < 0) return false;
    try {
      if (starts === null) return this.canByAny(column, resource, context);
      const node = starts[column] as number;
      if (node < world.leaves) return node > 0;
      if (this.cells === null) return this.findBest(column, resource, context) !== null;
      return world.worst(node, this, this.slots, resource, context) > 0;
    } catch {
      return false;
    }
  }

  /** Actions allowed now on every resource, and those allowed perhaps: on some resource, or in some context. */
  permitted(): { readonly always: Set<string>; readonly sometimes: Set<string> } {
    const { world } = this;
    const { sections, width } = world;
    const always = new Set<string>();
    const sometimes = new Set<string>();
    for (let column = 0; column < width && this.obstacle === null; column++) {
      const name = this.world.text(sections.actions[column * ACTION] as number);
      try {
        this.world.at(this.now(undefined), () => {
          const counting = this.holdings.assignments.filter((holding) => this.isInForce(holding));
          const gives = (what: 'worst' | 'best') =>
            counting.some(
              ({ cells, slots }) => world[what](cells[column] as number, this, slots, undefined, undefined) > 0,
            );
          if (gives('worst')) always.add(name);
          else if (gives('best')) sometimes.add(name);
        });
      } catch {}
    }
    return { always, sometimes };
  }

  /** The instant of a request; NaN also where nothing asks for it. */
  now(context: unknown): number {
    return this.needsTime ? readNow(context, this.world.clock) : Number.NaN;
  }

  /** Does an assignment count `at` the time? One without dates does, whatever the time, known or not. */
  isInForce({ isDated, from, until }: Holding): boolean {
    const now = this.world.time[0] as number;
    return !isDated || (from <= now && now < until);
  }

  /**
   * The assignment that gives the best leaf, the first of several; null when none allows. The leaf is then `world.leaf`:
   * beside the answer, since a decision allocates nothing.
   */
  protected findBest(column: number, resource: unknown, context: unknown): Holding | null {
    const { world } = this;
    const { assignments, obstacle } = this.holdings;
    const { leaves } = world;
    const plainAllow = leaves - 1;
    let leaf = 0;
    let best: Holding | null = null;
    for (let i = 0; i < assignments.length && obstacle === null && leaf < plainAllow; i++) {
      const holding = assignments[i] as Holding;
      const node = holding.cells[column] as number;
      if (node <= leaf || (holding.isDated && !this.isInForce(holding))) continue;
      const given = node < leaves ? node : world.worst(node, this, holding.slots, resource, context);
      if (given <= leaf) continue;
      leaf = given;
      best = holding;
    }
    world.leaf = leaf;
    return best;
  }

  /** As `findBest`, at the time of the request. */
  protected findBestNow(now: number, column: number, resource: unknown, context: unknown): Holding | null {
    if (!this.needsTime) return this.findBest(column, resource, context);
    return this.world.at(now, () => this.findBest(column, resource, context));
  }

  private canByAny(column: number, resource: unknown, context: unknown): boolean {
    const { held, world } = this;
    if (held === null && !world.readsNow) {
      const allows = allowsMember(world, this.member, column);
      if (allows >= 0) return allows > 0;
    } else if (held !== null && !this.needsTime) {
      if (held.obstacle !== null) return false;
      this.join(held.assignments);
      return this.findBest(column, resource, context) !== null;
    }
    // Whether the time matters is known once the holdings are.
    const { obstacle } = this;
    return obstacle === null && this.findBestNow(this.now(context), column, resource, context) !== null;
  }

  private prepare(held: Holdings): Holdings {
    const { obstacle, assignments } = held;
    const [first] = assignments;
    this.held = held;
    this.knownId = this.id;
    this.needsTime = this.world.readsNow || assignments.some(({ isDated }) => isDated);
    if (first && obstacle === null && !this.needsTime && assignments.length === 1) {
      this.cells = this.starts = first.cells;
      this.slots = first.slots;
    }
    return held;
  }

  /** For somebody who asks again. An assignment that could fail before another allows is asked first, as always. */
  protected join(assignments: readonly Holding[]): void {
    const { leaves } = this.world;
    const [first] = assignments;
    this.starts ??= first
      ? first.cells.map((_, column) => {
          let leaf = 0;
          for (let i = 0; i < assignments.length && leaf < leaves - 1; i++) {
            leaf = Math.max(leaf, (assignments[i] as Holding).cells[column] as number);
          }
          return leaf;
        })
      : null;
  }
}

type Users<User> = new (...of: ConstructorParameters<typeof Asking>) => User;

/** Who that is: a member by id or key, or a user whom the application describes with roles of its own. */
export function bind<User extends Asking>(User: Users<User>, world: Engine, who: unknown): User {
  if (typeof who === 'string') return bindMember(User, world, who, undefined);
  try {
    const id = ownOf(who, 'id');
    const roles = ownOf(who, 'roles');
    if (roles === undefined) return bindMember(User, world, id, who);
    const { sections, seed } = world;
    const known = new Map<unknown, number>();
    for (let role = 0; role < world.roleCount; role++) {
      const [name = 0, isGiven = 0] = sections.roles.subarray(ROLE * role);
      if (isGiven > 0) known.set(world.text(name), role);
    }
    const given = Array.from(Array.isArray(roles) ? roles : [null], (wanted) => known.get(wanted) ?? -1);
    if (given.includes(-1) || findMember(sections, seed, id) >= 0) return refuse(User, world, 'unknown-role');
    const assignments = given.map((role) => world.assignment(role));
    return new User(world, -1, id, who, { obstacle: null, assignments });
  } catch {
    return refuse(User, world, 'unknown-user');
  }
}

function bindMember<User extends Asking>(User: Users<User>, world: Engine, name: unknown, attributes: unknown): User {
  const { sections, seed } = world;
  const member = findMember(sections, seed, name);
  if (member < 0) return refuse(User, world, 'unknown-user');
  // Where nobody has an id besides the key, it is the name that was found.
  return new User(world, member, sections.memberIds.length === 0 ? name : undefined, attributes, null);
}

function refuse<User extends Asking>(User: Users<User>, world: Engine, obstacle: Obstacle): User {
  return new User(world, -1, null, undefined, { obstacle, assignments: [] });
}

/** Nobody is anybody by what stands in a prototype. */
function ownOf(who: unknown, key: string): unknown {
  const described = Object(who);
  return Object.hasOwn(described, key) ? described[key] : undefined;
}

function holdingsOf(world: Engine, member: number): Holdings {
  const [isActive, ...assignments] = readHeld(world.sections, member);
  return {
    obstacle: isActive ? null : 'inactive-member',
    assignments: assignments.map((row) => world.assignment(row)),
  };
}
