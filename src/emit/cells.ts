import { InternalError } from '../diagnostics/index.ts';
import type { Cell, Diagrams } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import {
  ACTIONS,
  GIVEN,
  OUTCOMES,
  type PackedReasons,
  PRESENTATIONS,
  RESOURCES,
  ROLES,
  SCOPES,
} from '../runtime/format.ts';
import type { Pool } from './pool.ts';
import type { Kept } from './reach.ts';

/** Puts in the axes of the table. */
export function layAxes(pool: Pool, policy: Policy, { roles, actions }: Diagrams): void {
  pool.set(ACTIONS, actions);
  const details = actions.map((name) => {
    const action = policy.actions.get(name);
    if (!action) throw new InternalError(`there is no action ${name}`);
    return action;
  });
  pool.set(
    PRESENTATIONS,
    details.flatMap(({ presentation }, column) => (presentation === null ? [] : [[column, presentation]])),
  );
  const runs: [resource: string, hasResource: number, count: number][] = [];
  for (const { resource, hasResource } of details) {
    const last = runs.at(-1);
    if (last?.[0] === resource && last[1] === Number(hasResource)) last[2]++;
    else runs.push([resource, Number(hasResource), 1]);
  }
  pool.set(RESOURCES, runs);
  pool.set(ROLES, roles);
  const isGiven = (name: string) => {
    const role = policy.roles.get(name);
    if (!role) throw new InternalError(`there is no role ${name}`);
    return role.givenByApplication;
  };
  pool.set(
    GIVEN,
    roles.flatMap((name, row) => (isGiven(name) ? [row] : [])),
  );
  pool.set(
    OUTCOMES,
    policy.outcomes.map(({ name, duties }) => [name, duties]),
  );
  pool.set(
    SCOPES,
    policy.scopes.map(({ kind, name }) => [name, Number(kind === 'prohibition')]),
  );
}

/** What stands in the cells. */
export function layCells(pool: Pool, { roles, actions, rows }: Diagrams, kept: Kept, strip: boolean) {
  if (rows.length !== roles.length || rows.some((row) => row.length !== actions.length))
    throw new InternalError('cells do not fit roles and actions');
  // Roles that are alike share their cells.
  const laid = new Map<Cell, number>();
  const node = (old: number) => kept.node(old);
  return {
    cells: column(rows, ({ decision }) => node(decision)),
    reasons: column(rows, (cell) => {
      const before = laid.get(cell);
      if (before !== undefined) return before;
      const scopes = sorted(cell.scopeNodes.map((item) => [item.scope, node(item.node)] as const));
      const sources = strip ? [] : sorted(cell.grantNodes.map((item) => [item.grant, node(item.node)] as const));
      const packed: PackedReasons = [node(cell.grants), scopes, sources];
      const known = pool.add('reasons', packed);
      laid.set(cell, known);
      return known;
    }),
  };
}

/** In the order of the first of each. */
function sorted(pairs: (readonly [number, number])[]) {
  return pairs.sort((a, b) => a[0] - b[0]);
}

/** A number for each cell; what roles share is worked out once, as there may be millions. */
function column(rows: readonly (readonly Cell[])[], numberOf: (cell: Cell) => number): Int32Array {
  const width = rows[0]?.length ?? 0;
  const numbers = new Int32Array(rows.length * width);
  const known = new Map<readonly Cell[], number>(); // where the row stands already
  rows.forEach((row, index) => {
    const first = index * width;
    const before = known.get(row);
    if (before !== undefined) {
      numbers.copyWithin(first, before, before + width);
      return;
    }
    known.set(row, first);
    let at = first;
    for (const cell of row) numbers[at++] = numberOf(cell);
  });
  return numbers;
}
