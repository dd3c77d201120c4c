import { InternalError } from '../diagnostics/index.ts';
import type { Assignment, Policy } from '../resolve/policy.ts';
import { hashText, MAX_BYTES, MAX_LOAD, MAX_PROBES, shapes } from '../runtime/format.ts';
import type { Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Members with what they hold, and the index over their ids and keys. */
export function layMembers(pool: Pool, policy: Policy, roles: readonly string[], slots: Slots) {
  const members: number[] = [];
  const memberIds: number[] = [];
  const holdings: number[] = [];
  const assignments: number[] = [];
  const known = new Map<string, number>();
  const roleNumbers = new Map(roles.map((name, index) => [name, index]));
  const row = ({ role, settings, from, until }: Assignment) => {
    const number = roleNumbers.get(role);
    if (number === undefined) throw new InternalError(`there is no role ${role}`);
    return [number, ...slots.pairs(settings), pool.number(from), pool.number(until)];
  };
  for (const member of policy.members.values()) {
    const rows = member.assignments.map(row);
    const key = `${member.active} ${rows.join(' ')}`;
    const holding = known.get(key) ?? known.size;
    if (holding === known.size) {
      known.set(key, holding);
      holdings.push(Number(member.active), assignments.length / shapes.assignments.width, rows.length);
      assignments.push(...rows.flat());
    }
    members.push(pool.text(member.key), holding);
    if (member.id !== member.key) memberIds.push(members.length / shapes.members.width - 1, pool.text(member.id));
  }
  return { members, memberIds, holdings, assignments, ...indexMembers(policy) };
}

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
    if (size > MAX_BYTES) throw new InternalError('the index of members does not close');
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
    index[(home + probe) % size] = entry;
  }
  return index;
}
