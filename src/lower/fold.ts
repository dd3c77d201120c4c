import { InternalError } from '../diagnostics/index.ts';
import type { Formula, Operand } from '../resolve/index.ts';
import { type Constants, lowerComparison, type Tree } from './atoms.ts';

/** The formula with its constants folded, atoms in normal form. */
export function fold(formula: Formula, constants: Constants): Tree {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'has':
      return constants.permissions.has(formula.permission);
    case 'feature':
      return constants.features.get(formula.feature) === true;
    case 'not':
      return { kind: 'not', term: fold(formula.term, constants) };
    case 'and':
    case 'or':
      return { kind: formula.kind, terms: formula.terms.map((term) => fold(term, constants)) };
    case 'comparison':
      return lowerComparison(formula, constants);
    default:
      return unreachable(formula);
  }
}

/** The constants that a formula asks for. */
export interface Dependence {
  readonly permissions: ReadonlySet<string>;
  readonly actionConstants: ReadonlySet<string>;
  readonly account: boolean;
  /** It asks for the set of all permissions of a role. */
  readonly allPermissions: boolean;
}

export function dependenceOf(formula: Formula): Dependence {
  const permissions = new Set<string>();
  const actionConstants = new Set<string>();
  let account = false;
  let allPermissions = false;
  const operand = (item: Operand): void => {
    if (item.kind === 'account') account = true;
    else if (item.kind === 'permissions') allPermissions = true;
    else if (item.kind === 'action-constant') actionConstants.add(item.name);
    else if (item.kind === 'setting') item.indexes.forEach(operand);
    else if (item.kind === 'shift' || item.kind === 'day') operand(item.operand);
  };
  const visit = (item: Formula): void => {
    if (item.kind === 'has') permissions.add(item.permission);
    else if (item.kind === 'not') visit(item.term);
    else if (item.kind === 'and' || item.kind === 'or') item.terms.forEach(visit);
    else if (item.kind === 'comparison') {
      operand(item.left);
      if (item.right) operand(item.right);
    }
  };
  visit(formula);
  return { permissions, actionConstants, account, allPermissions };
}

/**
 * A text that is equal for two sets of constants under which a formula folds to the same tree, so that a condition is
 * folded once for all the roles and actions that it looks the same to.
 */
export function keyOf(
  { permissions, actionConstants, account, allPermissions }: Dependence,
  constants: Constants,
): string {
  const parts: string[] = Array.from(permissions, (name) => (constants.permissions.has(name) ? '1' : '0'));
  if (account) parts.push(constants.account === null ? '-' : `=${constants.account}`);
  if (allPermissions) parts.push(JSON.stringify([...constants.permissions.keys()].sort()));
  for (const name of actionConstants) parts.push(String(JSON.stringify(constants.actionConstants.get(name))));
  return parts.join(' ');
}

function unreachable(value: never): never {
  throw new InternalError(`unexpected ${JSON.stringify(value)}`);
}
