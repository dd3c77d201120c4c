import type { Provenance } from '../runtime/index.ts';
import type { Place } from './comparison.ts';
import type { Difference } from './differences.ts';
import { cellOf, type Merged, type Name, type Side } from './merge.ts';

interface Source extends Place {
  readonly isGrant: boolean;
  /** Equal for what is written the same. */
  readonly key: string;
}

interface Sources {
  readonly grants: readonly Source[];
  readonly scopes: readonly Source[];
}

/** Knows where tables say that their grants and scopes stand. */
export class Places {
  private readonly merged: Merged;
  private readonly sources: Readonly<Record<Name, Sources>>;
  /** By side and by where the cell keeps its grants and scopes. */
  private readonly ofCells: Readonly<Record<Name, Map<number, readonly Source[]>>> = {
    base: new Map(),
    head: new Map(),
  };
  /** By what either side has: most roles have the same few. */
  private readonly known = new WeakMap<readonly Source[], Map<readonly Source[], Place | null>>();

  constructor(merged: Merged) {
    this.merged = merged;
    this.sources = { base: sourcesOf(merged.base), head: sourcesOf(merged.head) };
  }

  /** The grant or scope that makes the difference: one that only one side has, else one that gives the action. */
  of({ holder, action }: Difference, prefer: Name): Place | null {
    const other = prefer === 'head' ? 'base' : 'head';
    const own = this.at(
      prefer,
      holder[prefer].map(({ role }) => role),
      action,
    );
    const others = this.at(
      other,
      holder[other].map(({ role }) => role),
      action,
    );
    let places = this.known.get(own);
    if (!places) {
      places = new Map();
      this.known.set(own, places);
    }
    let place = places.get(others);
    if (place === undefined) {
      place = placeOf(own, others);
      places.set(others, place);
    }
    return place;
  }

  private at(name: Name, roles: readonly number[], action: number): readonly Source[] {
    const side = this.merged[name];
    const { grants } = this.sources[name];
    const column = side.columns[action] ?? -1;
    if (column < 0 || grants.length === 0) return none;
    const ofRole = (role: number) =>
      cellOf(side, role, action) === 0 ? none : this.ofCell(name, role * side.view.actions.length + column);
    const [only] = roles;
    return roles.length === 1 && only !== undefined ? ofRole(only) : roles.flatMap(ofRole);
  }

  private ofCell(name: Name, cell: number): readonly Source[] {
    const side = this.merged[name];
    const { grants, scopes } = this.sources[name];
    const key = side.view.sections.reasons[cell] ?? -1;
    let sources = this.ofCells[name].get(key);
    if (!sources) {
      const given = (side.view.grantsOf(cell) ?? []).flatMap(([grant, node]) =>
        node === 0 ? [] : (grants[grant] ?? []),
      );
      sources = [...given, ...side.view.scopesOf(cell).flatMap(([scope]) => scopes[scope] ?? [])];
      this.ofCells[name].set(key, sources);
    }
    return sources;
  }
}

const none: readonly Source[] = [];

function placeOf(own: readonly Source[], others: readonly Source[]): Place | null {
  const isIn = (sources: readonly Source[], { key }: Source) => sources.some((source) => source.key === key);
  const found =
    own.find((source) => source.isGrant && !isIn(others, source)) ??
    others.find((source) => !source.isGrant && !isIn(own, source)) ??
    own.find(({ isGrant }) => isGrant) ??
    own[0];
  return found ? { file: found.file, line: found.line } : null;
}

function sourcesOf({ view }: Side): Sources {
  const provenance = view.provenance();
  if (!provenance) return { grants: [], scopes: [] };
  const place = ({ file, line }: Provenance['grants'][number] | Provenance['scopes'][number]) => ({
    file: provenance.files[file] ?? '',
    line,
  });
  return {
    grants: provenance.grants.map((grant) => {
      const key = JSON.stringify([grant.permission, grant.text, grant.outcome]);
      return { isGrant: true, key, ...place(grant) };
    }),
    scopes: provenance.scopes.map((scope) => {
      return { isGrant: false, key: JSON.stringify([scope.kind, scope.text]), ...place(scope) };
    }),
  };
}
