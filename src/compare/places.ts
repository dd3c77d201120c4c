import type { Provenance } from '../runtime/index.ts';
import type { Place } from './comparison.ts';
import type { Difference, Sweep } from './differences.ts';
import type { Name, Side } from './merge.ts';

/** The grant or scope that makes the difference: one that only one side has, else one that gives the action. */
export function placeOf({ merged }: Sweep, { roles, action }: Difference, prefer: Name): Place | null {
  const side = merged[prefer];
  const other = merged[prefer === 'head' ? 'base' : 'head'];
  const [own, others] = [
    sourcesOf(side, rolesOf(roles, side.name), action),
    sourcesOf(other, rolesOf(roles, other.name), action),
  ];
  const known = new Set(others.map(({ key }) => key));
  const isScope = (source: Source) => source.kind !== 'grant';
  const fresh = own.filter(({ key }) => !known.has(key));
  const mine = new Set(own.map(({ key }) => key));
  const dropped = others.filter((source) => isScope(source) && !mine.has(source.key));
  const found =
    fresh.find((source) => !isScope(source)) ?? dropped[0] ?? own.find((source) => !isScope(source)) ?? own[0];
  return found ? { file: found.file, line: found.line } : null;
}

interface Source extends Place {
  readonly kind: 'grant' | 'scope' | 'prohibition';
  /** Equal for what is written the same. */
  readonly key: string;
}

function rolesOf(roles: Difference['roles'], name: Name): readonly number[] {
  return roles.flatMap(([base, head]) => (name === 'base' ? base : head) ?? []);
}

function sourcesOf({ view, actions }: Side, roles: readonly number[], action: string): readonly Source[] {
  const provenance = view.provenance();
  const column = actions.get(action);
  if (!provenance || column === undefined) return [];
  return roles.flatMap((role) => {
    const cell = role * view.actions.length + column;
    const grants = (view.grantsOf(cell) ?? [])
      .filter(([, node]) => node !== 0)
      .flatMap(([grant]) => ofGrant(provenance, grant));
    return [...grants, ...view.scopesOf(cell).flatMap(([scope]) => ofScope(provenance, scope))];
  });
}

function ofGrant({ grants, files }: Provenance, index: number): readonly Source[] {
  const grant = grants[index];
  if (!grant) return [];
  const key = JSON.stringify([grant.permission, grant.text, grant.outcome]);
  return [{ kind: 'grant', key, file: files[grant.file] ?? '', line: grant.line }];
}

function ofScope({ scopes, files }: Provenance, index: number): readonly Source[] {
  const scope = scopes[index];
  if (!scope) return [];
  return [
    {
      kind: scope.kind,
      key: JSON.stringify([scope.kind, scope.text]),
      file: files[scope.file] ?? '',
      line: scope.line,
    },
  ];
}
