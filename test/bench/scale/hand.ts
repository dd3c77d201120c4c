/** A role's grants as bits, and a Map from ids to role numbers: what an expert would write for so many members. */
export interface Bitsets {
  readonly columns: ReadonlyMap<string, number>;
  /** `words` of 32 bits a role. */
  readonly bits: Uint32Array;
  readonly words: number;
  readonly members: ReadonlyMap<string, Uint16Array>;
}

/** From the JSON that an application would have: actions and grants, and roles by member. */
export interface PolicyJson {
  readonly actions: readonly string[];
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

export type MembersJson = Readonly<Record<string, readonly string[]>>;

export function buildBits({ actions, roles }: PolicyJson): Omit<Bitsets, 'members'> {
  const columns = new Map(actions.map((action, column) => [action, column]));
  const words = Math.ceil(actions.length / 32);
  const names = Object.keys(roles);
  const bits = new Uint32Array(names.length * words);
  names.forEach((name, role) => {
    for (const action of roles[name] ?? []) {
      const column = columns.get(action) ?? 0;
      const word = role * words + (column >> 5);
      bits[word] = (bits[word] as number) | (1 << (column & 31));
    }
  });
  return { columns, bits, words };
}

export function buildMembers(
  members: MembersJson,
  roles: ReadonlyMap<string, number>,
): ReadonlyMap<string, Uint16Array> {
  const map = new Map<string, Uint16Array>();
  for (const id in members)
    map.set(
      id,
      Uint16Array.from(members[id] ?? [], (name) => roles.get(name) ?? 0),
    );
  return map;
}

export function can({ columns, bits, words, members }: Bitsets, id: string, action: string): boolean {
  const column = columns.get(action);
  const held = members.get(id);
  if (column === undefined || held === undefined) return false;
  const word = column >> 5;
  const bit = column & 31;
  for (let i = 0; i < held.length; i++) {
    if ((((bits[(held[i] as number) * words + word] as number) >>> bit) & 1) === 1) return true;
  }
  return false;
}
