import { InternalError } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import type { Pool } from './pool.ts';
import type { Kept } from './reach.ts';
import type { Slots } from './settings.ts';

/** The axes of the table and what stands in its cells. */
export function layCells(
  pool: Pool,
  policy: Policy,
  { roles, actions, cells }: Diagrams,
  kept: Kept,
  slots: Slots,
  strip: boolean,
) {
  if (cells.length !== roles.length * actions.length) throw new InternalError('cells do not fit roles and actions');
  const scopeLists = new Lists();
  const grantLists = new Lists();
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
      return [pool.text(name), Number(role.givenByApplication), ...slots.pairs(role.settings)];
    }),
    scopes: policy.scopes.flatMap(({ kind, name }) => [Number(kind === 'prohibition'), pool.text(name)]),
    cells: cells.map(({ decision }) => node(decision)),
    cellGrants: cells.map(({ grants }) => node(grants)),
    cellScopes: cells.map(({ scopeNodes }) => scopeLists.add(scopeNodes.map((item) => [item.scope, node(item.node)]))),
    scopeLists: scopeLists.entries,
    cellGrantLists: strip
      ? []
      : cells.map(({ grantNodes }) => grantLists.add(grantNodes.map((item) => [item.grant, node(item.node)]))),
    grantLists: grantLists.entries,
  };
}

/** Lists of pairs, each its count and its pairs, equal ones once. */
class Lists {
  readonly entries: number[] = [];
  readonly #starts = new Map<string, number>();

  /** In the order of the first of a pair. */
  add(pairs: [number, number][]): number {
    const list = [pairs.length, ...pairs.sort((a, b) => a[0] - b[0]).flat()];
    const key = list.join();
    const known = this.#starts.get(key);
    if (known !== undefined) return known;
    const start = this.entries.length;
    this.#starts.set(key, start);
    for (const entry of list) this.entries.push(entry);
    return start;
  }
}
