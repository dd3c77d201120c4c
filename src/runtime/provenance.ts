import { characters } from './texts.ts';
import type { World } from './world.ts';

/**
 * Where a table's decisions come from, for explanations; left out of a stripped table.
 * Kept as JSON (see Packed) in a section of its own, which is parsed only when somebody asks why.
 */
export interface Provenance {
  readonly files: readonly string[];
  /** Features that are on, sorted. */
  readonly features: readonly string[];
  readonly grants: readonly GrantSource[];
  readonly scopes: readonly ScopeSource[];
  /** In the order of the table's roles. */
  readonly roles: readonly RoleSource[];
  readonly permissions: readonly PermissionSource[];
}

/** `file` is an index into `files`; `line` and `column` count from 1. */
export interface Place {
  readonly file: number;
  readonly line: number;
  readonly column: number;
}

/** What a condition asks of the role and the practice, which is settled before any request; names sorted. */
export interface Asks {
  /** Permissions, with `has`. */
  readonly asks: readonly string[];
  /** Accounts that it compares with. */
  readonly accounts: readonly string[];
  /** Features, with `feature`. */
  readonly features: readonly string[];
}

export interface GrantSource extends Place, Asks {
  readonly permission: string | null;
  readonly outcome: string | null;
  /** The condition as written; null for none. */
  readonly text: string | null;
  /** Names of the actions it gives. */
  readonly actions: readonly string[];
}

export interface ScopeSource extends Place, Asks {
  readonly kind: 'scope' | 'prohibition';
  readonly name: string;
  readonly title: string | null;
  readonly text: string | null;
}

export interface RoleSource extends Place {
  readonly title: string | null;
  readonly account: string | null;
  readonly level: string | null;
  /** `[permission, why]`, why in words: `level limited`, `with, in reception`, `default of office`, `implied by x`. */
  readonly permissions: readonly (readonly [string, string])[];
  /** What `with` may add, by the role's account; null: everything. */
  readonly mayAdd: readonly string[] | null;
  /** Levels that the role's account may have. */
  readonly levels: readonly string[];
  /** `[permission, missing permissions]` of what fell for want of a requirement. */
  readonly fallen: readonly (readonly [string, readonly string[]])[];
}

export interface PermissionSource {
  readonly name: string;
  readonly title: string | null;
  readonly level: string | null;
  /** As text: `a and (b or c)`. */
  readonly requires: string | null;
}

/**
 * As it stands in a table: rows in place of objects, without what is at the end and as here, and each text once, which
 * makes a fifth of the JSON.
 */
const columns = {
  grants: {
    ...{ file: 0, line: 0, column: 0, permission: null, actions: [], text: null, outcome: null },
    ...{ asks: [], accounts: [], features: [] },
  },
  scopes: {
    ...{ file: 0, line: 0, column: 0, kind: 'scope', name: '', text: null, title: null },
    ...{ asks: [], accounts: [], features: [] },
  },
  roles: {
    ...{ file: 0, line: 0, column: 0, permissions: [], account: null, levels: [], level: null, title: null },
    ...{ mayAdd: null, fallen: [] },
  },
  permissions: { name: '', title: null, level: null, requires: null },
};

type Fields = Readonly<Record<string, unknown>>;

/** A grant's row begins with file, line, column and permission, a scope's with file, line and column. */
export interface Packed {
  readonly files: readonly string[];
  readonly features: readonly string[];
  /** Each once: the other rows have their numbers. */
  readonly texts: readonly string[];
  readonly grants: readonly (readonly [number, number, number, number | null, ...unknown[]])[];
  readonly scopes: readonly (readonly [number, number, number, ...unknown[]])[];
  readonly roles: readonly (readonly unknown[])[];
  readonly permissions: readonly (readonly unknown[])[];
}

const parsed = new WeakMap<World, Packed>();

/** Null in a stripped table. */
export function readProvenance(world: World): Packed | null {
  const { units } = world.provenance;
  if (units.length === 0) return null;
  const known = parsed.get(world) ?? (JSON.parse(characters(units)) as Packed);
  parsed.set(world, known);
  return known;
}

/** Fields that hold numbers; all others hold texts, or lists of them. */
const places = ['file', 'line', 'column'];

export function packProvenance({ files, features, ...provenance }: Provenance): Packed {
  const texts = new Map<string, number>();
  const number = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(number);
    if (typeof value !== 'string') return value;
    const known = texts.get(value) ?? texts.size;
    texts.set(value, known);
    return known;
  };
  const lists = eachList((name) =>
    (provenance[name] as unknown as readonly Fields[]).map((fields) => {
      const names = Object.entries(columns[name]);
      while (names.length > 0 && isEqual(fields[names.at(-1)?.[0] ?? ''], names.at(-1)?.[1])) names.pop();
      return names.map(([field]) => (places.includes(field) ? fields[field] : number(fields[field])));
    }),
  );
  return { files, features, texts: [...texts.keys()], ...lists } as unknown as Packed;
}

export function unpackProvenance({ files, features, texts, ...packed }: Packed): Provenance {
  const text = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(text) : typeof value === 'number' ? texts[value] : value;
  const lists = eachList((name) =>
    packed[name].map((row) =>
      Object.fromEntries(
        Object.entries(columns[name]).map(([field, empty], i) => [
          field,
          row[i] === undefined ? empty : places.includes(field) ? row[i] : text(row[i]),
        ]),
      ),
    ),
  );
  return { files, features, ...lists } as unknown as Provenance;
}

function isEqual(value: unknown, other: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(other);
}

function eachList<T>(of: (name: keyof typeof columns) => T) {
  return { grants: of('grants'), scopes: of('scopes'), roles: of('roles'), permissions: of('permissions') };
}
