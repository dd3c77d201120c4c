import { InternalError } from '../diagnostics/index.ts';
import type { Action, Formula, Grant, Policy, Role, Scope } from '../resolve/index.ts';
import type { Span } from '../source/index.ts';
import type { Constants, Tree } from './atoms.ts';
import { type Dependence, dependenceOf, fold, keyOf } from './fold.ts';

/** The conditions that apply to one role and action, folded. */
export interface Plan {
  /** The first role of which this is the plan. */
  readonly role: Role;
  readonly action: Action;
  readonly grants: readonly {
    readonly grant: number;
    readonly outcome: number;
    readonly tree: Tree;
    readonly span: Span;
  }[];
  readonly scopes: readonly { readonly scope: number; readonly tree: Tree; readonly span: Span }[];
}

/**
 * For each role the plans of its actions. Roles that the conditions of an action cannot tell apart have one plan there,
 * and roles that no action tells apart have one list, so that ten thousand roles cost what their differences cost.
 */
export function planRows(
  policy: Policy,
  roles: readonly string[],
  actions: readonly string[],
): readonly (readonly Plan[])[] {
  const columns = columnsOf(policy, actions);
  const numbers = new Map([...policy.permissions.keys()].map((name, index) => [name, index]));
  const accounts = new Map([null, ...policy.accounts.keys()].map((name, index) => [name, index]));
  const relevant = columns.map(({ dependence }) =>
    [...dependence.permissions].map((name) => present(numbers.get(name))),
  );
  const rows = new Map<string, readonly Plan[]>();
  return roles.map((name) => {
    const role = present(policy.roles.get(name));
    const held = new Uint8Array(numbers.size);
    for (const permission of role.permissions.keys()) held[present(numbers.get(permission))] = 1;
    const account = accounts.get(role.account) ?? 0;
    const key = `${account} ${pack(held)}`;
    const known = rows.get(key);
    if (known) return known;
    const row = columns.map((column, index) => {
      const own = column.dependence.allPermissions ? key : keyAmong(held, account, present(relevant[index]), column);
      const before = column.plans.get(own);
      if (before) return before;
      const plan = column.plan(role);
      column.plans.set(own, plan);
      return plan;
    });
    rows.set(key, row);
    return row;
  });
}

interface Column {
  readonly action: Action;
  /** What plans of the action depend on. */
  readonly dependence: Dependence;
  readonly plans: Map<string | number, Plan>;
  readonly plan: (role: Role) => Plan;
}

function columnsOf(policy: Policy, actions: readonly string[]): readonly Column[] {
  const folder = new Folder();
  const leafOf = new Map(policy.outcomes.map((outcome, index) => [outcome.name, policy.outcomes.length - index]));
  const plain = policy.outcomes.length + 1;
  const grantsOf = byAction(policy.grants);
  const scopesOf = byAction(policy.scopes);
  return actions.map((name) => {
    const action = present(policy.actions.get(name));
    const grants = grantsOf.get(name) ?? [];
    const scopes = grants.length === 0 ? [] : (scopesOf.get(name) ?? []);
    return {
      action,
      dependence: dependenceOfAll(grants, scopes, folder),
      plans: new Map(),
      plan(role) {
        const constants = constantsOf(policy, role, action);
        const given = grants.flatMap(({ index, item, formula }) => {
          if (item.permission !== null && !role.permissions.has(item.permission)) return [];
          const outcome = item.outcome === null ? plain : present(leafOf.get(item.outcome));
          return [{ grant: index, outcome, tree: folder.fold(formula, constants), span: item.span }];
        });
        const limits = given.length === 0 ? [] : scopes;
        return {
          role,
          action,
          grants: given,
          scopes: limits.map(({ index, item, formula }) => ({
            scope: index,
            tree: folder.fold(formula, constants),
            span: item.span,
          })),
        };
      },
    };
  });
}

function constantsOf({ features }: Policy, { account, permissions }: Role, { constants }: Action): Constants {
  return { account, permissions, features, actionConstants: constants };
}

function dependenceOfAll(
  grants: readonly Applied<Grant>[],
  scopes: readonly Applied<Scope>[],
  folder: Folder,
): Dependence {
  const all = [...grants, ...scopes].map(({ formula }) => folder.dependence(formula));
  const switches = grants.flatMap(({ item }) => item.permission ?? []);
  return {
    permissions: new Set([...switches, ...all.flatMap(({ permissions }) => [...permissions])]),
    actionConstants: new Set(),
    account: all.some(({ account }) => account),
    allPermissions: all.some(({ allPermissions }) => allPermissions),
  };
}

/** Which of the relevant permissions a role holds, and its account where that matters. */
function keyAmong(
  held: Uint8Array,
  account: number,
  relevant: readonly number[],
  { dependence }: Column,
): string | number {
  const start = dependence.account ? account : 0;
  if (relevant.length > 32 || start > 1000) {
    return `${start} ${pack(Uint8Array.from(relevant, (permission) => held[permission] ?? 0))}`;
  }
  let key = start;
  for (const permission of relevant) key = key * 2 + (held[permission] ?? 0);
  return key;
}

/** Zeros and ones as a short text. */
function pack(bits: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bits.length; from += 15) {
    let unit = 1;
    for (let at = from; at < from + 15; at++) unit = unit * 2 + (bits[at] ?? 0);
    text += String.fromCharCode(unit);
  }
  return text;
}

interface Applied<T> {
  readonly index: number;
  readonly item: T;
  readonly formula: Formula;
}

function byAction<T extends { readonly formulas: ReadonlyMap<string, Formula> }>(
  items: readonly T[],
): ReadonlyMap<string, readonly Applied<T>[]> {
  const result = new Map<string, Applied<T>[]>();
  items.forEach((item, index) => {
    for (const [action, formula] of item.formulas) {
      const list = result.get(action);
      if (list) list.push({ index, item, formula });
      else result.set(action, [{ index, item, formula }]);
    }
  });
  return result;
}

/** Folds each formula once for all constants under which it looks the same. */
class Folder {
  private readonly memo = new Map<Formula, { readonly dependence: Dependence; readonly trees: Map<string, Tree> }>();

  dependence(formula: Formula): Dependence {
    return this.known(formula).dependence;
  }

  fold(formula: Formula, constants: Constants): Tree {
    const { dependence, trees } = this.known(formula);
    const key = keyOf(dependence, constants);
    let tree = trees.get(key);
    if (tree === undefined) {
      tree = fold(formula, constants);
      trees.set(key, tree);
    }
    return tree;
  }

  private known(formula: Formula) {
    let known = this.memo.get(formula);
    if (!known) {
      known = { dependence: dependenceOf(formula), trees: new Map() };
      this.memo.set(formula, known);
    }
    return known;
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new InternalError('something that was resolved is missing');
  return value;
}
