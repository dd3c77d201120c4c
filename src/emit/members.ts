import { InternalError } from '../diagnostics/index.ts';
import type { Assignment, Member, Policy } from '../resolve/policy.ts';
import {
  hashText,
  INLINE_BITS,
  INLINE_MASK,
  MAX_BYTES,
  MAX_LOAD,
  MAX_PROBES,
  type PackedAssignment,
} from '../runtime/format.ts';
import { layTexts, type Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Members by their keys and ids, with what they hold. */
export function layMembers(pool: Pool, policy: Policy, roles: readonly string[], slots: Slots) {
  const members = [...policy.members.values()];
  const assignments = new Assignments(pool, policy, roles, slots);
  const held: number[] = [];
  const runs = new Map<string, number>();
  const { slot, ...names } = layNames(members);
  const of = new Int32Array(names.size);
  for (const { key, id } of members) if (of[slot(id)] === 0) of[slot(id)] = 2 * slot(key) + 1;
  // A key wins over an id.
  for (const { key, id, active, assignments: own } of members) {
    const numbers = own.map((assignment) => assignments.number(assignment));
    of[slot(key)] = id === key ? inlineOf(active, numbers) : 0;
    if (of[slot(key)] !== 0) continue;
    const run = [2 * numbers.length + Number(active), id === key ? 0 : slot(id) + 1, ...numbers];
    const start = runs.get(run.join()) ?? held.length;
    if (start === held.length) for (const number of run) held.push(number);
    runs.set(run.join(), start);
    of[slot(key)] = 2 * start + 2;
  }
  return {
    held,
    assignments: assignments.rows,
    names: Int32Array.from({ length: 2 * names.size + 2 }, (_, i) => (i % 2 === 0 ? names.offsets : of)[i >> 1] ?? 0),
    nameUnits: names.units,
    members: members.map(({ key }) => slot(key)),
    seed: names.seed,
  };
}

/**
 * The slots of all names. Members of a practice share neither key nor id; users described in tests may be one person seen in
 * several ways, and so share an id.
 */
function layNames(members: readonly Member[]) {
  const names = [...new Set([...members.map(({ key }) => key), ...members.map(({ id }) => id)])];
  const { slots, size, seed } = placeNames(names);
  const places = new Map(names.map((name, index) => [name, slots[index] as number]));
  const texts: string[] = Array.from({ length: size }, () => '');
  for (const [name, place] of places) texts[place] = name;
  return { size, seed, slot: (name: string) => places.get(name) as number, ...layTexts(texts) };
}

/** Of an active member with one or two assignments of low numbers; 0 for any other. */
function inlineOf(isActive: boolean, [one = INLINE_MASK, other = -1, ...more]: readonly number[]): number {
  const fits = isActive && more.length === 0 && one < INLINE_MASK && other < INLINE_MASK;
  return fits ? -1 - (one + ((other + 1) << INLINE_BITS)) : 0;
}

/** Each once; the first are the roles with nothing else. */
class Assignments {
  readonly rows: number[] = [];
  readonly #pool: Pool;
  readonly #slots: Slots;
  readonly #roles: ReadonlyMap<string, number>;
  /** By their rows, but for the first: nothing else has those. */
  readonly #known = new Map<string, number>();
  #count = 0;

  constructor(pool: Pool, policy: Policy, roles: readonly string[], slots: Slots) {
    this.#pool = pool;
    this.#slots = slots;
    this.#roles = new Map(roles.map((name, index) => [name, index]));
    for (const name of roles) {
      const settings = policy.roles.get(name)?.settings ?? new Map();
      this.rows.push(this.#count++, this.#text({ settings, from: null, until: null }));
    }
  }

  number(assignment: Pick<Assignment, 'role' | 'settings' | 'from' | 'until'>): number {
    const { role, settings, from, until } = assignment;
    const place = this.#roles.get(role);
    if (place === undefined) throw new InternalError(`there is no role ${role}`);
    if (settings.size === 0 && from === null && until === null) return place;
    const text = this.#text(assignment);
    const known = this.#known.get(`${place} ${text}`);
    if (known !== undefined) return known;
    this.#known.set(`${place} ${text}`, this.#count);
    this.rows.push(place, text);
    return this.#count++;
  }

  #text({ settings, from, until }: Pick<Assignment, 'settings' | 'from' | 'until'>): number {
    const pairs = this.#slots.pairs(settings);
    const packed: PackedAssignment = from === null && until === null ? [pairs] : [pairs, from, until];
    return this.#pool.add('assignment', packed);
  }
}

/** A slot for each of the names. */
function placeNames(names: readonly string[]) {
  let size = Math.ceil(names.length / MAX_LOAD) + 1;
  for (let seed = 1; ; seed++) {
    // Names whose hashes are the same for every seed cannot be told apart by more room either, but more room is tried.
    if (seed % 64 === 0) size *= 2;
    if (size > MAX_BYTES >> 3) throw new InternalError('the slots of members do not suffice');
    const slots = tryToPlace(names, size, seed);
    if (slots) return { slots, size, seed };
  }
}

function tryToPlace(names: readonly string[], size: number, seed: number): Int32Array | null {
  const isTaken = new Uint8Array(size);
  const slots = new Int32Array(names.length);
  for (let index = 0; index < names.length; index++) {
    const home = hashText(seed, names[index] as string);
    let probe = 0;
    while (probe < MAX_PROBES && isTaken[(home + probe) % size] === 1) probe++;
    if (probe === MAX_PROBES) return null;
    slots[index] = (home + probe) % size;
    isTaken[slots[index] as number] = 1;
  }
  return slots;
}
