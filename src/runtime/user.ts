import { GIVEN, HELD, NAMES, ROLES } from './format.ts';
import { allowsMember, findMember, readHeld } from './members.ts';
import type { Entries } from './open.ts';
import { type Asker, givenOf, readNow, type Slots } from './reading.ts';
import { read } from './texts.ts';
import { best, worst } from './walk.ts';
import { actionsOf, columnOf, type Holding, holdingAt, nameAt, type World } from './world.ts';

/** Why every request of somebody is denied. */
export type Obstacle = 'unknown-user' | 'unknown-role' | 'inactive-member';

/** What an application says about a user. With `roles`: somebody who is no member, in roles it may give. */
export interface UserDescription {
  readonly id?: unknown;
  readonly roles?: readonly string[];
  readonly [attribute: string]: unknown;
}

/** In place of a leaf: the request's own getters threw. */
export const FAILED = -1;

/** A user, bound to a table: ask as often as needed. Nothing here throws, whatever it is given. */
export class Asking implements Asker {
  // What nearly every question reads stands first, so that it lies together.
  readonly world: World;
  /** Of the only assignment, where it decides alone, whatever the time: a node an action; else null. */
  starts: Entries | null = null;
  /** Its settings. */
  slots: Slots | null = null;
  /** Null or missing for a user without one. */
  readonly id: unknown;
  readonly attributes: unknown;
  /** What stands for a member in the section of names; 0 for whom the table does not know. */
  readonly of: number;
  readonly obstacle: Obstacle | null;
  /** A member's are read from the table when they are needed. */
  held: readonly Holding[] | null = null;
  needsTime = true;
  /** The assignment that gave the last leaf that several were asked for, the first of equal ones; null for a deny. */
  decided: Holding | null = null;

  constructor(world: World, obstacle: Obstacle | null, of = 0, id: unknown = null, attributes?: unknown) {
    this.world = world;
    this.of = of;
    this.id = id;
    this.attributes = attributes;
    this.obstacle = obstacle;
  }

  /** `action` may also be its number in the table, which needs no looking up. */
  can(action: string | number, resource?: unknown, context?: unknown): boolean {
    const { world, starts, slots } = this;
    const column = columnOf(world, action);
    if (column < 0) return false;
    // As `leafOf` does: written out, since engines write out no more of what they call.
    if (slots !== null) {
      try {
        const node = (starts as Entries)[column] as number;
        return (node < world.leaves ? node : worst(node, this, slots, resource, context)) > 0;
      } catch {
        return false;
      }
    }
    if (starts !== null) {
      const node = starts[column] as number;
      if (node < world.leaves) return node > 0;
    } else if (this.held === null && this.of !== 0 && !world.readsNow) {
      // Who asks for the first time is mostly answered by two numbers.
      const allows = allowsMember(world, this.of, column);
      if (allows >= 0) return allows > 0;
    }
    return leafOf(this, column, resource, context, false) > 0;
  }

  /** Actions allowed now on every resource, and those allowed perhaps: on some resource, or in some context. */
  permitted(): { readonly always: Set<string>; readonly sometimes: Set<string> } {
    const always = new Set<string>();
    const sometimes = new Set<string>();
    actionsOf(this.world).forEach((name, column) => {
      const leaf = leafOf(this, column);
      if (leaf > 0) always.add(name);
      else if (leaf === 0 && leafOf(this, column, undefined, undefined, true) > 0) sometimes.add(name);
    });
    return { always, sometimes };
  }
}

/** The leaf that an action comes to, for certain or (`isPossible`) at best; FAILED where something threw. */
export function leafOf(
  user: Asking,
  column: number,
  resource?: unknown,
  context?: unknown,
  isPossible = false,
): number {
  const { world, starts, slots } = user;
  try {
    if (starts !== null) {
      const node = starts[column] as number;
      if (node < world.leaves) return node;
      if (slots !== null && !isPossible) return worst(node, user, slots, resource, context);
    }
    // Who asks for the first time may not ask again.
    if (user.held === null) holdingsOf(user);
    else if (starts === null && !user.needsTime) join(user);
    return (user.needsTime ? bestNow : bestOf)(user, column, resource, context, isPossible);
  } catch {
    return FAILED;
  }
}

/** The best leaf of all assignments. */
function bestOf(user: Asking, column: number, resource: unknown, context: unknown, isPossible: boolean): number {
  const { world, obstacle } = user;
  const { leaves } = world;
  const holdings = user.held as readonly Holding[];
  let leaf = 0;
  let decided: Holding | null = null;
  for (let i = 0; i < holdings.length && obstacle === null && leaf < leaves - 1; i++) {
    const holding = holdings[i] as Holding;
    const node = holding.cells[column] as number;
    if (node <= leaf || !isInForce(world, holding)) continue;
    const { slots } = holding;
    const other = isPossible ? best(node, user, slots, resource, context) : worst(node, user, slots, resource, context);
    if (other > leaf) {
      leaf = other;
      decided = holding;
    }
  }
  user.decided = decided;
  return leaf;
}

/** At the time of the request; what asks meanwhile disturbs nobody. */
function bestNow(user: Asking, column: number, resource: unknown, context: unknown, isPossible: boolean): number {
  const { time, clock } = user.world;
  const before = time[0] as number;
  try {
    time[0] = readNow(context, clock);
    return bestOf(user, column, resource, context, isPossible);
  } finally {
    time[1] = time[0] as number;
    time[0] = before;
  }
}

/** Does an assignment count at the time? One without dates does, whatever the time, known or not. */
export function isInForce({ time }: World, { from, until }: Holding): boolean {
  const now = time[0] as number;
  return (from === null || from <= now) && (until === null || now < until);
}

/** Every assignment; none for somebody whom the table does not know. */
export function holdingsOf(user: Asking): readonly Holding[] {
  const { world, of, held } = user;
  return held ?? hold(user, of === 0 ? [] : readHeld(world.sections, of).slice(2));
}

/** Gives somebody assignments. */
function hold(user: Asking, rows: readonly number[]): readonly Holding[] {
  const { world } = user;
  const held = rows.map((row) => holdingAt(world, row));
  const [first] = held;
  user.held = held;
  user.needsTime = world.readsNow > 0 || held.some(({ from, until }) => from !== null || until !== null);
  if (first && held.length === 1 && !user.needsTime && user.obstacle === null) {
    user.starts = first.cells;
    user.slots = first.slots;
  }
  return held;
}

/**
 * Of several assignments the leaf that each action comes to whatever the request, else a node. One that could fail before
 * another allows is asked first, as always.
 */
export function join(user: Asking): void {
  const top = user.world.leaves - 1;
  const [first, ...others] = holdingsOf(user);
  if (!first || user.obstacle !== null) return;
  user.starts = first.cells.map((node, column) =>
    others.reduce((leaf, { cells }) => (leaf < top ? Math.max(leaf, cells[column] as number) : leaf), node),
  );
}

type Users<User> = new (...of: ConstructorParameters<typeof Asking>) => User;

/** Who that is: a member by id or key, or a user whom the application describes with roles of its own. */
export function bind<User extends Asking>(User: Users<User>, world: World, who: unknown): User {
  try {
    const { sections } = world;
    const isName = typeof who === 'string';
    const id = isName ? who : givenOf(who, 'id');
    const roles = isName ? undefined : givenOf(who, 'roles');
    const slot = findMember(sections, id);
    if (roles === undefined) {
      if (slot < 0) return new User(world, 'unknown-user');
      const of = sections[NAMES][2 * slot + 1] as number;
      // Of whom a short form says all, the key is the id.
      const held = sections[HELD];
      const idSlot = of < 0 ? 0 : (held[of >> 1] as number);
      const isActive = of < 0 || (held[(of >> 1) - 1] as number) & 1;
      const name = idSlot > 0 ? nameAt(world, idSlot - 1) : id;
      return new User(world, isActive ? null : 'inactive-member', of, name, isName ? undefined : who);
    }
    const names = read<readonly string[]>(world, ROLES);
    const given = read<readonly number[]>(world, GIVEN);
    const rows = Array.from(
      Array.isArray(roles) ? roles : [null],
      (role) => given.find((row) => names[row] === role) ?? -1,
    );
    if (slot >= 0 || rows.includes(-1)) return new User(world, 'unknown-role');
    const user = new User(world, null, 0, id, who);
    hold(user, rows);
    return user;
  } catch {
    return new User(world, 'unknown-user');
  }
}
