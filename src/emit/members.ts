import { InternalError } from '../diagnostics/index.ts';
import type { Assignment, Policy } from '../resolve/policy.ts';
import { ENTRY_BITS, hashText, MAX_BYTES, MAX_LOAD, MAX_PROBES, WIDE } from '../runtime/format.ts';
import type { Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Members with what they hold, and the index over their ids and keys. */
export function layMembers(pool: Pool, policy: Policy, roles: readonly string[], slots: Slots) {
  const members = new Int32Array(policy.members.size);
  const memberIds: number[] = [];
  const held: number[] = [];
  const runs = new Map<string, number>();
  const assignments = new Assignments(pool, roles, slots);
  let index = 0;
  for (const member of policy.members.values()) {
    const numbers = member.assignments.map((assignment) => assignments.number(assignment));
    const run = [2 * numbers.length + Number(member.active), ...numbers];
    const key = run.join();
    const start = runs.get(key) ?? held.length;
    if (start === held.length) {
      runs.set(key, start);
      held.push(...run.flatMap((number) => (number < WIDE ? number : [WIDE | (number >>> 16), number & 0xffff])));
    }
    members[index] = start;
    if (member.id !== member.key) memberIds.push(index, pool.text(member.id));
    index++;
  }
  const firstKey = pool.texts(policy.members.keys());
  return { members, memberIds, held, firstKey, assignments: assignments.rows, ...indexMembers(policy) };
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
function indexMembers(policy: Policy): { readonly memberIndex: Int32Array; readonly seed: number } {
  const entries = new Map<string, number>();
  const members = [...policy.members.values()];
  members.forEach(({ key }, index) => {
    entries.set(key, 2 + 2 * index);
  });
  let row = 0;
  for (const { id, key } of members) {
    if (id === key) continue;
    if (!entries.has(id)) entries.set(id, 1 + 2 * row);
    row++;
  }
  let size = Math.ceil(entries.size / MAX_LOAD) + 1;
  for (let seed = 1; ; seed++) {
    // Names whose hashes are the same for every seed cannot be told apart by more room either, but more room is tried.
    if (seed % 64 === 0) size *= 2;
    if (size > MAX_BYTES || 2 * members.length >= ENTRY_MASK) {
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
