import { InternalError } from '../diagnostics/index.ts';
import type { Cell, Diagrams } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import type { Pool } from './pool.ts';
import type { Kept } from './reach.ts';

/** The axes of the table and what stands in its cells. */
export function layCells(pool: Pool, policy: Policy, { roles, actions, rows }: Diagrams, kept: Kept, strip: boolean) {
  if (rows.length !== roles.length || rows.some((row) => row.length !== actions.length))
    throw new InternalError('cells do not fit roles and actions');
  const scopeNodes = new Runs();
  const grantNodes = new Runs();
  const reasons = new Map<string, number>();
  // Roles that are alike share their cells.
  const laid = new Map<Cell, number>();
  const reasonRows: number[] = [];
  const node = (old: number) => kept.node(old);
  return {
    outcomes: policy.outcomes.flatMap(({ name, duties }) => [pool.text(name), ...pool.list(duties)]),
    actions: actions.flatMap((name) => {
      const action = policy.actions.get(name);
      if (!action) throw new InternalError(`there is no action ${name}`);
      const presentation = action.presentation === null ? -1 : pool.text(action.presentation);
      return [pool.text(name), pool.text(action.resource), presentation, Number(action.hasResource)];
    }),
    roles: roles.flatMap((name) => {
      const role = policy.roles.get(name);
      if (!role) throw new InternalError(`there is no role ${name}`);
      return [pool.text(name), Number(role.givenByApplication)];
    }),
    scopes: policy.scopes.flatMap(({ kind, name }) => [Number(kind === 'prohibition'), pool.text(name)]),
    cells: column(rows, ({ decision }) => node(decision)),
    cellReasons: column(rows, (cell) => {
      const before = laid.get(cell);
      if (before !== undefined) return before;
      const scopes = scopeNodes.add(cell.scopeNodes.map((item) => [item.scope, node(item.node)]));
      const sources = strip ? [] : cell.grantNodes.map((item): [number, number] => [item.grant, node(item.node)]);
      const row = [node(cell.grants), ...scopes, ...grantNodes.add(sources)];
      const known = reasons.get(row.join()) ?? reasons.size;
      if (known === reasons.size) {
        reasons.set(row.join(), known);
        reasonRows.push(...row);
      }
      laid.set(cell, known);
      return known;
    }),
    reasons: reasonRows,
    scopeNodes: scopeNodes.entries,
    grantNodes: grantNodes.entries,
  };
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

/** Runs of pairs, equal ones once. */
class Runs {
  readonly entries: number[] = [];
  readonly #starts = new Map<string, number>();

  /** First and count of the pairs, in the order of the first of each. */
  add(pairs: [number, number][]): [first: number, count: number] {
    const numbers = pairs.sort((a, b) => a[0] - b[0]).flat();
    const key = numbers.join();
    const start = this.#starts.get(key) ?? this.entries.length / 2;
    if (!this.#starts.has(key)) for (const entry of numbers) this.entries.push(entry);
    this.#starts.set(key, start);
    return [start, pairs.length];
  }
}
