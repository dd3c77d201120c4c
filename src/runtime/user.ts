import type { Engine, Holding } from './engine.ts';
import { findMember, idOf, readHeld } from './members.ts';
import { type Asker, readNow, type Slots } from './reading.ts';

/** Why every request of somebody is denied. */
export type Obstacle = 'unknown-user' | 'unknown-role' | 'inactive-member';

/** What an application says about a user. With `roles`: somebody who is no member, in roles it may give. */
export interface UserDescription {
  readonly id?: unknown;
  readonly roles?: readonly string[];
  readonly [attribute: string]: unknown;
}

/** Who that is to a table, and what they hold. */
export interface Identity {
  readonly obstacle: Obstacle | null;
  /** Undefined for a member whose id is not yet decoded. */
  readonly id: unknown;
  /** -1 for nobody. */
  readonly member: number;
  readonly attributes: unknown;
  /** The first assignment stands alone, since most users have no other. */
  readonly first: Holding | null;
  readonly others: readonly Holding[];
}

/** A user, bound to a table: ask as often as needed. Nothing here throws, whatever it is given. */
export class Asking implements Asker {
  // What nearly every question reads stands first, so that it lies together.
  /** Everything depends on the first assignment, whatever the time. */
  private readonly isSimple: boolean;
  protected readonly cells: Int32Array | null;
  private readonly slots: Slots;
  readonly world: Engine;
  readonly attributes: unknown;
  readonly obstacle: Obstacle | null;
  readonly first: Holding | null;
  readonly others: readonly Holding[];
  private readonly needsTime: boolean;
  private readonly member: number;
  private known: unknown;

  constructor(world: Engine, { obstacle, id, member, attributes, first, others }: Identity) {
    let needsTime = world.readsNow || first?.isDated === true;
    for (let i = 0; i < others.length; i++) needsTime ||= (others[i] as Holding).isDated;
    this.isSimple = obstacle === null && !needsTime && others.length === 0;
    this.cells = first?.cells ?? null;
    this.slots = first ? first.slots : [];
    this.world = world;
    this.attributes = attributes;
    this.obstacle = obstacle;
    this.first = first;
    this.others = others;
    this.needsTime = needsTime;
    this.member = member;
    this.known = id;
  }

  get id(): unknown {
    const { world, member } = this;
    if (this.known === undefined && member >= 0) this.known = world.rows.text(idOf(world.sections, world.meta, member));
    return this.known;
  }

  /** Every assignment; none for somebody whom the table does not know. */
  get holdings(): readonly Holding[] {
    return this.first === null ? [] : [this.first, ...this.others];
  }

  /** `action` may also be its number in the table, which needs no looking up. */
  can(action: string | number, resource?: unknown, context?: unknown): boolean {
    const { world, cells } = this;
    const column = typeof action === 'string' ? world.column(action) : world.checkColumn(action);
    if (column < 0 || cells === null) return false;
    try {
      if (!this.isSimple) return this.findBestNow(this.now(context), column, resource, context) !== null;
      const node = cells[column] as number;
      const { walker } = world;
      return node < walker.leaves ? node > 0 : walker.worst(node, this, this.slots, resource, context) > 0;
    } catch {
      return false;
    }
  }

  /** Actions allowed now on every resource, and those allowed perhaps: on some resource, or in some context. */
  permitted(): { readonly always: Set<string>; readonly sometimes: Set<string> } {
    const { rows, width, walker } = this.world;
    const always = new Set<string>();
    const sometimes = new Set<string>();
    for (let column = 0; column < width && this.obstacle === null; column++) {
      const { name } = rows.row('actions', column);
      try {
        this.world.at(this.now(undefined), () => {
          const counting = this.holdings.filter((holding) => this.isInForce(holding));
          const gives = (what: 'worst' | 'best') =>
            counting.some(
              ({ cells, slots }) => walker[what](cells[column] as number, this, slots, undefined, undefined) > 0,
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
    const { first, others, world } = this;
    const { walker } = world;
    let leaf = 0;
    let best: Holding | null = null;
    for (let i = -1; i < others.length && this.obstacle === null; i++) {
      const holding = (i < 0 ? first : others[i]) as Holding;
      const node = holding.cells[column] as number;
      if (node <= leaf || (holding.isDated && !this.isInForce(holding))) continue;
      const given = node < walker.leaves ? node : walker.worst(node, this, holding.slots, resource, context);
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
}

/** Who that is: a member by id or key, or a user whom the application describes with roles of its own. */
export function identify(world: Engine, who: unknown): Identity {
  if (typeof who === 'string') return identifyMember(world, who, undefined);
  try {
    const { id, roles } = Object(who) as { id?: unknown; roles?: unknown };
    return roles === undefined ? identifyMember(world, id, who) : identifyStranger(world, id, roles, who);
  } catch {
    return nobody('unknown-user');
  }
}

function nobody(obstacle: Obstacle): Identity {
  return { obstacle, id: null, member: -1, attributes: undefined, first: null, others: NONE };
}

function identifyMember(world: Engine, name: unknown, attributes: unknown): Identity {
  const { sections, meta } = world;
  const member = findMember(sections, meta, name);
  if (member < 0) return nobody('unknown-user');
  const held = readHeld(sections, sections.members[member] as number);
  return {
    obstacle: (held[0] as number) & 1 ? null : 'inactive-member',
    // Where nobody has an id besides the key, it is the name that was found.
    id: sections.memberIds.length === 0 ? name : undefined,
    member,
    attributes,
    first: held.length > 1 ? world.assignment(held[1] as number) : null,
    others: held.length > 2 ? held.slice(2).map((row) => world.assignment(row)) : NONE,
  };
}

function identifyStranger(world: Engine, id: unknown, names: unknown, attributes: unknown): Identity {
  const roles = world.rows.rows('roles');
  const given = Array.from(Array.isArray(names) ? names : [null], (wanted) =>
    roles.findIndex(({ name, givenByApplication }) => givenByApplication && name === wanted),
  );
  if (given.includes(-1) || findMember(world.sections, world.meta, id) >= 0) return nobody('unknown-role');
  const [first = null, ...others] = given.map((role) => world.roleAlone(role));
  return { obstacle: null, id, member: -1, attributes, first, others };
}

const NONE: readonly Holding[] = [];
