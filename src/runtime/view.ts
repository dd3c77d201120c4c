import {
  hashText,
  type layout,
  MAX_PROBES,
  operators,
  type SectionName,
  scalarTypes,
  shapes,
  sources,
} from './format.ts';
import type { Sections } from './open.ts';
import type { Provenance } from './provenance.ts';

/** The value of a setting for whom nothing is closed. */
export const ALL: unique symbol = Symbol('all');

/** Elements of a set; a `Set` where there are many. */
export type Collection = readonly unknown[] | ReadonlySet<unknown>;

/** A `date` is a day number, a `date-time` milliseconds since the epoch. */
export type TableValue = string | number | boolean | Collection | typeof ALL;

/** A side of an atom, or a key of a lookup: a constant, or a value that a request or a user brings. */
export interface Operand {
  readonly text: string;
  /** `user-id` is the attribute `user.id`, and `now` is `context.now` where it is an instant. */
  readonly from: (typeof sources)[number] | 'user-id' | 'now';
  /** Of a constant. */
  readonly value: TableValue | null;
  readonly path: readonly string[];
  /** As `missing` of a decision calls it: `client.tags`, `user.age`. */
  readonly name: string;
  readonly slot: number;
  /** Of a lookup, outermost first, and the slots to which they lead. */
  readonly keys: readonly Operand[];
  readonly slots: SlotTree | number | undefined;
  readonly type: (typeof scalarTypes)[number];
  /** Of an enum. */
  readonly values: Collection;
  readonly isSet: boolean;
  readonly isDay: boolean;
  readonly months: number;
}

/** From the keys of a setting, outermost first, to its slot. */
export type SlotTree = Map<string, SlotTree | number>;

export interface AtomView {
  readonly text: string;
  readonly operator: (typeof operators)[number];
  readonly left: Operand;
  readonly right: Operand | null;
  readonly limit: number;
}

export interface SettingView {
  readonly slot: number;
  readonly value: TableValue;
}

export interface AssignmentView {
  readonly role: number;
  readonly settings: readonly SettingView[];
  /** First instant; null: always. */
  readonly from: number | null;
  /** First instant after the end; null: never. */
  readonly until: number | null;
}

export interface MemberView {
  readonly key: string;
  readonly id: string;
  readonly active: boolean;
  readonly assignments: readonly AssignmentView[];
}

/** A table as names and numbers, for decisions and for tools; members and provenance are decoded when asked for. */
export interface TableView {
  readonly sections: Sections;
  readonly isStripped: boolean;
  readonly policy: { readonly name: string; readonly version: string };
  readonly catalog: { readonly name: string; readonly version: string };
  readonly timeZone: string;
  /** Best first; with their own duties only. */
  readonly outcomes: readonly { readonly name: string; readonly duties: readonly string[] }[];
  readonly actions: readonly ActionView[];
  readonly roles: readonly RoleView[];
  readonly slots: readonly SlotView[];
  readonly scopes: readonly { readonly kind: 'scope' | 'prohibition'; readonly name: string }[];
  readonly atoms: readonly AtomView[];
  readonly leaves: number;
  readonly memberCount: number;
  member(index: number): MemberView;
  /** By key or id; -1 for nobody. */
  findMember(name: unknown): number;
  /** Of the cell `role * actions.length + action`. */
  scopesOf(cell: number): readonly (readonly [scope: number, node: number])[];
  /** Null in a stripped table. */
  grantsOf(cell: number): readonly (readonly [grant: number, node: number])[] | null;
  /** Null in a stripped table. */
  provenance(): Provenance | null;
}

export interface ActionView {
  readonly name: string;
  readonly resource: string;
  readonly presentation: string | null;
  readonly hasResource: boolean;
}

export interface RoleView {
  readonly name: string;
  readonly givenByApplication: boolean;
  readonly settings: readonly SettingView[];
}

export interface SlotView {
  readonly name: string;
  readonly setting: string;
  readonly keys: readonly string[];
  readonly default: TableValue | null;
}

/** INVARIANT: the bounds of the file were checked; nothing here checks them again. */
export function createView(sections: Sections): TableView {
  const isStripped = sections.provenance.length === 0;
  const read = reader(sections);
  const meta = read.row('meta', 0);
  const slots = read.rows('slots');
  const outcomes = read.rows('outcomes');
  const trees = plantSlots(slots);
  const terms: Operand[] = [];
  for (const row of read.rows('terms')) terms.push(readTerm(row, slots, trees, terms));
  let provenance: Provenance | null = null;
  return {
    sections,
    isStripped,
    policy: { name: meta.policy, version: meta.version },
    catalog: { name: meta.catalog, version: meta.catalogVersion },
    timeZone: meta.timeZone,
    outcomes,
    actions: read.rows('actions'),
    roles: read.rows('roles'),
    slots,
    scopes: read
      .rows('scopes')
      .map(({ isProhibition, name }) => ({ kind: isProhibition ? 'prohibition' : 'scope', name })),
    atoms: read.rows('atoms').map((row) => ({
      ...row,
      operator: operators[row.operator] ?? 'true',
      left: terms[row.left] as Operand,
      right: terms[row.right] ?? null,
    })),
    leaves: outcomes.length + 2,
    memberCount: sections.members.length / shapes.members.width,
    member(index) {
      const { key, id, holding } = read.row('members', index);
      return { key, id, ...read.row('holdings', holding) };
    },
    findMember: (name) => (typeof name === 'string' ? findMember(sections, meta.seed, name) : -1),
    scopesOf: (cell) => pairs(sections.cellScopes, sections.scopeNodes, cell),
    grantsOf: (cell) => (isStripped ? null : pairs(sections.cellGrantNodes, sections.grantNodes, cell)),
    provenance() {
      provenance ??= isStripped ? null : JSON.parse(characters(sections.provenance));
      return provenance;
    },
  };
}

type Rule<R> = R extends 'text'
  ? string
  : R extends '?text'
    ? string | null
    : R extends 'bit'
      ? boolean
      : R extends 'values'
        ? TableValue
        : R extends '?values'
          ? TableValue | null
          : R extends '?numbers'
            ? number | null
            : R extends '+lists'
              ? string[]
              : R extends '+numbers'
                ? number[]
                : R extends '+keys'
                  ? number[]
                  : R extends `+${infer S extends SectionName}`
                    ? Row<S>[]
                    : number;

/** A decoded row, as the layout says. */
type Row<Name extends SectionName> = {
  readonly [Field in keyof (typeof layout)[Name]]: Rule<(typeof layout)[Name][Field]>;
};

function reader(sections: Sections) {
  const text = (id: number) =>
    characters(sections.stringUnits.subarray(sections.stringOffsets[id], sections.stringOffsets[id + 1]));
  const known = new Map<number, TableValue>();
  const value = (id: number): TableValue => {
    const old = known.get(id);
    if (old !== undefined) return old;
    const { kind, text, number, texts, numbers } = row('values', id);
    const kinds: readonly (TableValue | null)[] = [false, true, number, text, collect(numbers), collect(texts), ALL];
    const decoded = kinds[kind] ?? false;
    known.set(id, decoded);
    return decoded;
  };
  const readers: Readonly<Record<string, (id: number) => unknown>> = {
    text,
    values: value,
    numbers: (id) => sections.numbers[id],
    keys: (at) => sections.keys[at],
    lists: (at) => text(sections.lists[at] as number),
  };
  const row = <Name extends SectionName>(name: Name, index: number): Row<Name> => {
    const { columns, width } = shapes[name];
    const entries = sections[name] as Int32Array;
    const fields = columns.map(({ field, sign, target, at }) => {
      const first = entries[index * width + at] as number;
      const read = readers[target];
      if (sign === '+') {
        const length = entries[index * width + at + 1] as number;
        const one = read ?? ((id) => row(target as SectionName, id));
        return [field, Array.from({ length }, (_, i) => one(first + i))];
      }
      return [field, target === 'bit' ? first === 1 : !read ? first : first < 0 ? null : read(first)];
    });
    return Object.fromEntries(fields) as Row<Name>;
  };
  const rows = <Name extends SectionName>(name: Name): Row<Name>[] =>
    Array.from({ length: (sections[name] as Int32Array).length / shapes[name].width }, (_, index) => row(name, index));
  return { row, rows };
}

function readTerm(row: Row<'terms'>, slots: readonly SlotView[], trees: SlotTree, terms: readonly Operand[]): Operand {
  const { path, setting, isDay } = row;
  const type = isDay ? 'date-time' : (scalarTypes[row.type] ?? 'reference');
  const root = sources[row.from] ?? 'slot';
  const place = row.from < 3 ? path : [slots[row.slot]?.name.replaceAll('/', '.') ?? setting];
  const name = (root === 'resource' ? path : [row.from < 3 ? root : 'user', ...place]).join('.');
  const from = name === 'user.id' ? 'user-id' : name === 'context.now' && type === 'date-time' ? 'now' : root;
  return {
    ...row,
    from,
    name,
    keys: row.keys.flatMap((key) => terms[key as number] ?? []),
    slots: trees.get(setting ?? ''),
    type,
    values: collect(row.values),
  };
}

function plantSlots(slots: readonly SlotView[]): SlotTree {
  const trees: SlotTree = new Map();
  slots.forEach(({ setting, keys }, slot) => {
    let tree = trees;
    let last = setting;
    for (const key of keys) {
      const next = tree.get(last);
      const branch: SlotTree = typeof next === 'object' ? next : new Map();
      tree.set(last, branch);
      tree = branch;
      last = key;
    }
    tree.set(last, slot);
  });
  return trees;
}

function findMember(
  { memberIndex, members, stringOffsets, stringUnits }: Sections,
  seed: number,
  wanted: string,
): number {
  const mask = memberIndex.length - 1;
  const home = hashText(seed, wanted);
  for (let probe = 0; probe <= MAX_PROBES; probe++) {
    const entry = (memberIndex[(home + probe) & mask] as number) - 1;
    if (entry < 0) return -1;
    const member = entry >> 1;
    const id = members[member * shapes.members.width + 1 - (entry & 1)] as number;
    const start = stringOffsets[id] as number;
    let same = (stringOffsets[id + 1] as number) - start === wanted.length;
    for (let i = 0; same && i < wanted.length; i++) same = stringUnits[start + i] === wanted.charCodeAt(i);
    if (same) return member;
  }
  return -1;
}

function collect(elements: readonly unknown[]): Collection {
  return elements.length > 8 ? new Set(elements) : elements;
}

/** Those of a cell: at `cells` stand first and count of its pairs in `pool`. */
function pairs(cells: Int32Array, pool: Int32Array, cell: number): [number, number][] {
  const first = cells[2 * cell] as number;
  return Array.from({ length: cells[2 * cell + 1] as number }, (_, i) => [
    pool[2 * (first + i)] as number,
    pool[2 * (first + i) + 1] as number,
  ]);
}

function characters(units: Uint16Array | Uint8Array): string {
  let text = '';
  for (let i = 0; i < units.length; i += 4096) text += String.fromCharCode(...units.subarray(i, i + 4096));
  return text;
}
