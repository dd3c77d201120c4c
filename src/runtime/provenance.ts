import { characters, type Rows } from './rows.ts';

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

/** As it stands in a table: rows in place of objects, without what is at the end and as here, which is half of the JSON. */
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
  readonly grants: readonly (readonly [number, number, number, string | null, ...unknown[]])[];
  readonly scopes: readonly (readonly [number, number, number, ...unknown[]])[];
  readonly roles: readonly (readonly unknown[])[];
  readonly permissions: readonly (readonly unknown[])[];
}

const parsed = new WeakMap<Rows, Packed>();

/** Null in a stripped table. */
export function readProvenance(rows: Rows): Packed | null {
  const { provenance } = rows.sections;
  if (provenance.length === 0) return null;
  const known = parsed.get(rows) ?? (JSON.parse(characters(provenance)) as Packed);
  parsed.set(rows, known);
  return known;
}

export function packProvenance(provenance: Provenance): Packed {
  const pack = (name: keyof typeof columns) =>
    (provenance[name] as unknown as readonly Fields[]).map((fields) => {
      const names = Object.entries(columns[name]);
      const row = names.map(([field]) => fields[field]);
      while (row.length > 0 && `${JSON.stringify(row.at(-1))}` === JSON.stringify(names[row.length - 1]?.[1]))
        row.pop();
      return row;
    });
  return { ...provenance, ...eachList(pack) } as unknown as Packed;
}

export function unpackProvenance(packed: Packed): Provenance {
  const unpack = (name: keyof typeof columns) =>
    packed[name].map((row) =>
      Object.fromEntries(
        Object.entries(columns[name]).map(([field, empty], i) => [field, row[i] === undefined ? empty : row[i]]),
      ),
    );
  return { ...packed, ...eachList(unpack) } as unknown as Provenance;
}

function eachList<T>(of: (name: keyof typeof columns) => T) {
  return { grants: of('grants'), scopes: of('scopes'), roles: of('roles'), permissions: of('permissions') };
}
