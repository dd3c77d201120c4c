import { InternalError } from '../diagnostics/index.ts';
import type { Assignment, Member, Policy } from '../resolve/policy.ts';
import { hashText, INLINE_BITS, INLINE_MASK, MAX_BYTES, MAX_LOAD, MAX_PROBES } from '../runtime/format.ts';
import { layTexts, type Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Members with what they hold, by their keys and ids. */
export function layMembers(pool: Pool, policy: Policy, roles: readonly string[], slots: Slots) {
  const members = [...policy.members.values()];
  const assignments = new Assignments(pool, policy, roles, slots);
  const held: number[] = [];
  const runs = new Map<string, number>();
  const holdings = members.map((member) => {
    const numbers = member.assignments.map((assignment) => assignments.number(assignment));
    const inline = inlineOf(member.active, numbers);
    if (inline < 0) return inline;
    const run = [2 * numbers.length + Number(member.active), ...numbers];
    const start = runs.get(run.join()) ?? held.length;
    if (start === held.length) {
      runs.set(run.join(), start);
      for (const number of run) held.push(number);
    }
    return 2 * start + 2;
  });
  return { held, assignments: assignments.rows, ...layNames(members, holdings) };
}

/**
 * A key wins over an id. Members of a practice share neither; users described in tests may be one person seen in
 * several ways, and so share an id.
 */
function layNames(members: readonly Member[], holdings: readonly number[]) {
  const names = [...new Set([...members.map(({ key }) => key), ...members.map(({ id }) => id)])];
  const { slots, size, seed } = placeNames(names);
  const slotOf = new Map(names.map((name, index) => [name, slots[index] as number]));
  const slot = (name: string) => slotOf.get(name) as number;
  const of = new Int32Array(size);
  for (const { key, id } of members) if (of[slot(id)] === 0) of[slot(id)] = 2 * slot(key) + 1;
  members.forEach(({ key }, index) => {
    of[slot(key)] = holdings[index] as number;
  });
  const texts: string[] = Array.from({ length: size }, () => '');
  for (const [name, place] of slotOf) texts[place] = name;
  const { offsets, units } = layTexts(texts);
  const rows = Int32Array.from(
    { length: 2 * size + 2 },
    (_, i) => (i % 2 === 0 ? offsets[i / 2] : of[(i - 1) / 2]) ?? 0,
  );
  const withId = members.filter(({ id, key }) => id !== key).sort((a, b) => slot(a.key) - slot(b.key));
  return {
    names: rows,
    nameUnits: units,
    members: members.map(({ key }) => slot(key)),
    memberIds: withId.flatMap(({ key, id }) => [slot(key), slot(id)]),
    seed,
  };
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
      this.rows.push(this.#count++, ...slots.pairs(settings), ...this.#dates(null, null));
    }
  }

  number({ role, settings, from, until }: Pick<Assignment, 'role' | 'settings' | 'from' | 'until'>): number {
    const place = this.#roles.get(role);
    if (place === undefined) throw new InternalError(`there is no role ${role}`);
    if (settings.size === 0 && from === null && until === null) return place;
    const row = [place, ...this.#slots.pairs(settings), ...this.#dates(from, until)];
    const key = row.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#count);
    this.rows.push(...row);
    return this.#count++;
  }

  #dates(from: number | null, until: number | null): [from: number, until: number] {
    return [this.#pool.number(from ?? Number.NEGATIVE_INFINITY), this.#pool.number(until ?? Number.POSITIVE_INFINITY)];
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
