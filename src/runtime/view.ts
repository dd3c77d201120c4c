import { flag, hashText, limits, literal, operators, type SectionName, scalarTypes, source, valueKind, widthOf } from './format.ts';
import type { OpenFile, Sections } from './open.ts';
import type { Provenance } from './provenance.ts';

/** The value of a setting for whom nothing is closed. */
export const ALL: unique symbol = Symbol('all');

/** Elements of a set; a `Set` where there are many. */
export type Collection = readonly unknown[] | ReadonlySet<unknown>;

/** A `date` is a day number, a `date-time` milliseconds since the epoch. */
export type TableValue = string | number | boolean | Collection | typeof ALL;

/** Where an operand's value comes from: a `source` of the format, or one of these. */
export const special = { constant: 5, userId: 6, now: 7 } as const;

/** A side of an atom: a constant (`from` is `special.constant`), or a value that a request or a user brings. */
export interface Operand {
  readonly text: string;
  readonly from: number;
  readonly value: TableValue | null;
  readonly path: readonly string[];
  /** As `missing` of a decision calls it: `client.tags`, `user.age`. */
  readonly name: string;
  readonly slot: number;
  readonly keys: readonly Key[];
  readonly slots: SlotTree | null;
  readonly type: (typeof scalarTypes)[number];
  readonly enumeration: Collection;
  readonly isSet: boolean;
  readonly isDay: boolean;
  readonly months: number;
}

/** `root` is `literal` (then `text` is the key) or user, resource, context. */
export interface Key {
  readonly root: number;
  readonly text: string;
  readonly path: readonly string[];
  readonly name: string;
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
  /** -Infinity: always. */
  readonly from: number;
  /** First instant after the end; Infinity: never. */
  readonly until: number;
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
  /** By id or key; -1 for nobody. */
  findMember(text: string): number;
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
export function createView({ sections, isStripped }: OpenFile): TableView {
  const read = reader(sections);
  const { number, text, list } = read;
  const rows = <T>(name: SectionName, make: (at: number) => T): T[] => {
    const width = widthOf(name);
    return Array.from({ length: sections[name].length / width }, (_, i) => make(i * width));
  };
  const slots = rows<SlotView>('slots', (at) => ({
    name: text(number('slots', at)),
    setting: text(number('slots', at + 1)),
    keys: list('slots', at + 2),
    default: number('slots', at + 4) < 0 ? null : read.value(number('slots', at + 4)),
  }));
  const trees = plantSlots(slots);
  const terms = rows('terms', (at) => readTerm(read, at, trees));
  const operand = (code: number) => (code >= 0 ? (terms[code] as Operand) : constant(read.value(-2 - code)));
  let provenance: Provenance | null = null;
  return {
    sections,
    isStripped,
    policy: { name: text(number('meta', 0)), version: text(number('meta', 1)) },
    catalog: { name: text(number('meta', 2)), version: text(number('meta', 3)) },
    timeZone: text(number('meta', 4)),
    outcomes: rows('outcomes', (at) => ({ name: text(number('outcomes', at)), duties: list('outcomes', at + 1) })),
    actions: rows('actions', (at) => ({
      name: text(number('actions', at)),
      resource: text(number('actions', at + 1)),
      presentation: number('actions', at + 2) < 0 ? null : text(number('actions', at + 2)),
      hasResource: number('actions', at + 3) === 1,
    })),
    roles: rows('roles', (at) => ({
      name: text(number('roles', at)),
      givenByApplication: number('roles', at + 1) === 1,
      settings: read.settings('roles', at + 2),
    })),
    slots,
    scopes: rows('scopes', (at) => ({
      kind: number('scopes', at) === 1 ? ('prohibition' as const) : ('scope' as const),
      name: text(number('scopes', at + 1)),
    })),
    atoms: rows('atoms', (at) => ({
      text: text(number('atoms', at)),
      operator: operators[number('atoms', at + 1)] ?? 'true',
      left: operand(number('atoms', at + 2)),
      right: number('atoms', at + 3) === -1 ? null : operand(number('atoms', at + 3)),
      limit: sections.atomLimits[at / widthOf('atoms')] as number,
    })),
    leaves: sections.outcomes.length / widthOf('outcomes') + 2,
    memberCount: sections.members.length / widthOf('members'),
    member: (index) => readMember(read, index),
    findMember: (wanted) => findMember(sections, wanted),
    scopesOf: (cell) => pairs(sections.scopeLists, number('cellScopes', cell)),
    grantsOf: (cell) => (isStripped ? null : pairs(sections.grantLists, number('cellGrantLists', cell))),
    provenance() {
      if (!provenance && !isStripped) provenance = JSON.parse(characters(sections.provenance)) as Provenance;
      return provenance;
    },
  };
}

type Reader = ReturnType<typeof reader>;

function reader(sections: Sections) {
  type Numbers = Exclude<{ [K in keyof Sections]: Sections[K] extends Int32Array ? K : never }[keyof Sections], never>;
  const number = (name: Numbers, at: number) => sections[name][at] as number;
  const text = (id: number) =>
    characters(sections.stringUnits.subarray(sections.stringOffsets[id], sections.stringOffsets[id + 1]));
  const texts = (first: number, count: number) => Array.from(sections.lists.subarray(first, first + count), text);
  const list = (name: Numbers, at: number) => texts(number(name, at), number(name, at + 1));
  const known = new Map<number, TableValue>();
  const decode = (at: number): TableValue => {
    const first = number('values', at + 1);
    const count = number('values', at + 2);
    switch (number('values', at)) {
      case valueKind.number:
        return sections.numbers[first] as number;
      case valueKind.text:
        return text(first);
      case valueKind.numbers:
        return collect([...sections.numbers.subarray(first, first + count)]);
      case valueKind.texts:
        return collect(texts(first, count));
      case valueKind.all:
        return ALL;
      default:
        return number('values', at) === valueKind.true;
    }
  };
  const value = (id: number): TableValue => {
    const old = known.get(id);
    if (old !== undefined) return old;
    const decoded = decode(id * widthOf('values'));
    known.set(id, decoded);
    return decoded;
  };
  const settings = (name: 'roles' | 'assignments', at: number): SettingView[] =>
    Array.from({ length: number(name, at + 1) }, (_, i) => {
      const pair = (number(name, at) + i) * widthOf('settings');
      return { slot: number('settings', pair), value: value(number('settings', pair + 1)) };
    });
  return { sections, number, text, list, value, settings };
}

function readTerm({ number, text, list }: Reader, at: number, trees: ReadonlyMap<string, SlotTree>): Operand {
  const code = number('terms', at + 1);
  const flags = number('terms', at + 8);
  const path = code < source.slot ? list('terms', at + 2) : [];
  const setting = code === source.lookup ? text(number('terms', at + 4)) : '';
  const type = scalarTypes[number('terms', at + 5)] ?? 'reference';
  const slot = number('terms', at + 2);
  const isNow = code === source.context && path.length === 1 && path[0] === 'now';
  const isId = code === source.user && path.length === 1 && path[0] === 'id';
  const keys = Array.from({ length: code === source.lookup ? number('terms', at + 3) : 0 }, (_, i) => {
    const key = (slot + i) * widthOf('keys');
    const root = number('keys', key);
    const steps = root === literal ? [] : list('keys', key + 1);
    return {
      root,
      path: steps,
      text: root === literal ? text(number('keys', key + 1)) : '',
      name: root === literal ? '' : pathName(root, steps),
    };
  });
  return {
    text: text(number('terms', at)),
    from: isId ? special.userId : isNow && (type === 'date-time' || flags & flag.isDay) ? special.now : code,
    value: null,
    path,
    name:
      code < source.slot
        ? pathName(code, path)
        : `user.${(code === source.slot ? text(number('slots', slot * widthOf('slots'))) : setting).replaceAll('/', '.')}`,
    slot: code === source.slot ? slot : -1,
    keys,
    slots: trees.get(setting) ?? null,
    type: flags & flag.isDay ? 'date-time' : type,
    enumeration: collect(list('terms', at + 6)),
    isSet: (flags & flag.isSet) !== 0,
    isDay: (flags & flag.isDay) !== 0,
    months: number('terms', at + 9),
  };
}

function constant(value: TableValue): Operand {
  const isSet = typeof value === 'object';
  const none = { path: [], name: '', slot: -1, keys: [], slots: null, enumeration: [], isDay: false, months: 0 };
  return { text: '', from: special.constant, value, type: 'string', isSet, ...none };
}

function pathName(root: number, path: readonly string[]): string {
  if (root === source.resource) return path.length > 0 ? path.join('.') : 'resource';
  return [root === source.user ? 'user' : 'context', ...path].join('.');
}

function plantSlots(slots: readonly SlotView[]): ReadonlyMap<string, SlotTree> {
  const trees = new Map<string, SlotTree>();
  slots.forEach(({ setting, keys }, slot) => {
    let tree: SlotTree = trees;
    [setting, ...keys].forEach((key, i) => {
      const next = tree.get(key);
      if (i === keys.length) tree.set(key, slot);
      else if (next instanceof Map) tree = next;
      else {
        const branch: SlotTree = new Map();
        tree.set(key, branch);
        tree = branch;
      }
    });
  });
  return trees as ReadonlyMap<string, SlotTree>;
}

function readMember({ sections, number, text, settings }: Reader, index: number): MemberView {
  const at = index * widthOf('members');
  const holding = number('members', at + 2) * widthOf('holdings');
  const first = number('holdings', holding + 1);
  return {
    key: text(number('members', at)),
    id: text(number('members', at + 1)),
    active: number('holdings', holding) === 1,
    assignments: Array.from({ length: number('holdings', holding + 2) }, (_, i) => ({
      role: number('assignments', (first + i) * widthOf('assignments')),
      settings: settings('assignments', (first + i) * widthOf('assignments') + 1),
      from: sections.assignmentDates[(first + i) * 2] as number,
      until: sections.assignmentDates[(first + i) * 2 + 1] as number,
    })),
  };
}

function findMember({ memberIndex, meta, members, stringOffsets, stringUnits }: Sections, wanted: string): number {
  const mask = memberIndex.length - 1;
  const home = hashText(meta[5] as number, wanted);
  for (let probe = 0; probe <= limits.probes; probe++) {
    const entry = (memberIndex[(home + probe) & mask] as number) - 1;
    if (entry < 0) return -1;
    const member = entry >> 1;
    const id = members[member * widthOf('members') + 1 - (entry & 1)] as number;
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

function pairs(pool: Int32Array, start: number): [number, number][] {
  return Array.from({ length: pool[start] as number }, (_, i) => [
    pool[start + 1 + 2 * i] as number,
    pool[start + 2 + 2 * i] as number,
  ]);
}

function characters(units: Uint16Array | Uint8Array): string {
  let text = '';
  for (let i = 0; i < units.length; i += 4096) text += String.fromCharCode(...units.subarray(i, i + 4096));
  return text;
}
