// In: a loaded decision table.
// Out: for each role or member and each action when it is allowed: always, never, or under which exact condition.
// Never: prints, decides, or says a condition that is not the whole truth; what is too long or not settled is said to be.
import { type Holder, readAlone } from '../compare/index.ts';
import type { Table } from '../runtime/index.ts';
import { viewOf } from '../runtime/tools.ts';
import { Cells } from './cells.ts';
import { Footnotes } from './footnotes.ts';
import type { Cell, Survey } from './types.ts';

export type * from './types.ts';

export interface SurveyOptions {
  readonly of: 'roles' | 'members';
  /** Names, in the order wanted; without: all. */
  readonly columns?: readonly string[];
  /** Without: all. */
  readonly actions?: readonly string[];
  /** An instant: what only earlier requests are allowed is not told. */
  readonly since?: number;
  /** Cases of one condition, at most. */
  readonly cases?: number;
  /** Characters of one condition, at most. */
  readonly length?: number;
  /** Questions to the solver, at most, for everything together. */
  readonly steps?: number;
}

/** Who may do what, and when. */
export function survey(table: Table, options: SurveyOptions): Survey {
  const { of, since = null, cases = 160, length = 900, steps = 400_000 } = options;
  // Roles have no dates.
  const isTimed =
    of === 'members' ||
    viewOf(table).atoms.some(({ left, right }) => [left, right].some((side) => side?.from === 'now'));
  const alone = readAlone(table, isTimed ? since : null);
  const holders = of === 'roles' ? ofRoles(table, alone.ofRole) : ofMembers(table, alone.members);
  const names = options.columns ?? [...holders.keys()];
  const wanted = options.actions && new Set(options.actions);
  const actions = viewOf(table)
    .actions.map(({ name }) => name)
    .filter((name) => !wanted || wanted.has(name));
  const numbers = new Map(alone.merged.actions.map((name, index) => [name, index]));
  const cells = new Cells(alone, { cases, steps });
  const footnotes = new Footnotes(length);
  const rows = actions.map((action) => ({
    action,
    cells: names.map((name): Cell => {
      const holder = holders.get(name);
      const found = holder && cells.of(holder, numbers.get(action) ?? -1);
      return found ? footnotes.cell(found) : { answer: 'never', parts: [], isUndecided: false };
    }),
  }));
  const { policy, catalog } = table;
  return { policy, catalog, of, since: alone.since, columns: names, rows, footnotes: footnotes.all };
}

/** In the order of the table. */
function ofRoles(table: Table, holderOf: (role: number) => Holder): ReadonlyMap<string, Holder> {
  return new Map(viewOf(table).roles.map(({ name }, role) => [name, holderOf(role)]));
}

function ofMembers(
  table: Table,
  groups: readonly (Holder & { readonly names: readonly string[] })[],
): ReadonlyMap<string, Holder> {
  const found = new Map(groups.flatMap((group) => group.names.map((name) => [name, group] as const)));
  const members = new Map<string, Holder>();
  const view = viewOf(table);
  for (let index = 0; index < view.memberCount; index++) {
    const { key } = view.member(index);
    const holder = found.get(key);
    if (holder) members.set(key, holder);
  }
  return members;
}
