import { InternalError } from '../diagnostics/index.ts';
import type { Assignment, Policy } from '../resolve/policy.ts';
import { ENTRY_BITS, hashText, INLINE_BITS, INLINE_MASK, MAX_BYTES, MAX_LOAD, MAX_PROBES } from '../runtime/format.ts';
import { layTexts, type Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Members with what they hold, and the index over their ids and keys. */
export function layMembers(pool: Pool, policy: Policy, roles: readonly string[], slots: Slots) {
  const members = [...policy.members.values()];
  const assignments = new Assignments(pool, roles, slots);
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
    return start;
  });
  const withId = members.flatMap(({ id, key }, member) => (id === key ? [] : [{ id, member }]));
  const texts = [...policy.members.keys(), ...withId.map(({ id }) => id)];
  const of = [...holdings, ...withId.map(({ member }) => member), 0];
  const { offsets, units } = layTexts(texts);
  const names = new Int32Array(2 * of.length);
  of.forEach((number, row) => {
    names[2 * row] = offsets[row] as number;
    names[2 * row + 1] = number;
  });
  return { names, nameUnits: units, held, assignments: assignments.rows, ...indexNames(texts) };
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
  readonly #known = new Map<string, number>();

  constructor(pool: Pool, roles: readonly string[], slots: Slots) {
    this.#pool = pool;
    this.#slots = slots;
    this.#roles = new Map(roles.map((name, index) => [name, index]));
    for (const role of roles) this.number({ role, settings: new Map(), from: null, until: null });
  }

  number({ role, settings, from, until }: Pick<Assignment, 'role' | 'settings' | 'from' | 'until'>): number {
    const place = this.#roles.get(role);
    if (place === undefined) throw new InternalError(`there is no role ${role}`);
    if (settings.size === 0 && from === null && until === null && place < this.#known.size) return place;
    const row = [place, ...this.#slots.pairs(settings), this.#pool.number(from), this.#pool.number(until)];
    const key = row.join();
    const known = this.#known.get(key) ?? this.#known.size;
    if (known === this.#known.size) {
      this.#known.set(key, known);
      this.rows.push(...row);
    }
    return known;
  }
}

const ENTRY_MASK = (1 << ENTRY_BITS) - 1;

/**
 * A key wins over an id. Members of a practice share neither; users described in tests may be one person seen in
 * several ways, and so share an id.
 */
function indexNames(names: readonly string[]): { readonly memberIndex: Int32Array; readonly seed: number } {
  const entries = new Map<string, number>();
  names.forEach((name, row) => {
    if (!entries.has(name)) entries.set(name, row + 1);
  });
  let size = Math.ceil(entries.size / MAX_LOAD) + 1;
  for (let seed = 1; ; seed++) {
    // Names whose hashes are the same for every seed cannot be told apart by more room either, but more room is tried.
    if (seed % 64 === 0) size *= 2;
    if (size > MAX_BYTES || names.length >= ENTRY_MASK) {
      throw new InternalError('the index of members does not close');
    }
    const memberIndex = placeEntries(entries, size, seed);
    if (memberIndex) return { memberIndex, seed };
  }
}

function placeEntries(entries: ReadonlyMap<string, number>, size: number, seed: number): Int32Array | null {
  const index = new Int32Array(size);
  for (const [name, entry] of entries) {
    const home = hashText(seed, name);
    let probe = 0;
    while (probe < MAX_PROBES && index[(home + probe) % size] !== 0) probe++;
    if (probe === MAX_PROBES) return null;
    index[(home + probe) % size] = (home & ~ENTRY_MASK) | entry;
  }
  return index;
}
