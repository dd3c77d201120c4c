import type { Atom } from '../lower/index.ts';
import type { Comparison, Formula, Operand, Policy } from '../resolve/index.ts';
import type { AttributeFacts } from '../solver/index.ts';
import type { Span } from '../source/index.ts';

/**
 * What is constant for one role and one practice, read as facts of whoever asks, so that one diagram holds for every
 * choice: `user.<has PERMISSION>` and `user.<feature NAME>`, which are never unknown, and `user.account`. No file can spell
 * the first two.
 */
const has = 'has ';
const feature = 'feature ';
const level = 'level ';

/** `features`: alone; roles are those that there are. `all`: any role that a practice could make, too. */
export type Freedom = 'features' | 'all';

export function isSwitch(atom: Atom | undefined): boolean {
  return atom !== undefined && switchOf(atom) !== null;
}

/** The permission that an atom is about. */
export function permissionOf(atom: Atom): string | null {
  const name = switchOf(atom);
  return name?.startsWith(has) ? name.slice(has.length) : null;
}

function switchOf({ left }: Atom): string | null {
  if (left.kind !== 'term' || left.source.kind !== 'attribute' || left.source.root !== 'user') return null;
  const [name = ''] = left.source.path;
  return [has, feature, level].some((kind) => name.startsWith(kind)) ? name : null;
}

/** What is known about the switches among these atoms: they are on or off. */
export function factsOfSwitches(atoms: readonly Atom[]): readonly AttributeFacts[] {
  const names = new Set(atoms.flatMap((atom) => switchOf(atom) ?? []));
  return [...names].map((name) => ({ root: 'user', path: [name], isPresent: true }));
}

/** A role has one of the accounts wherever there are any. */
export function factsOfAccount({ accounts, userFacts }: Policy): readonly AttributeFacts[] {
  const place = { root: 'user', path: ['account'] } as const;
  if (accounts.size > 0) return [{ ...place, isPresent: true, among: [...accounts.keys()] }];
  return userFacts.has('account') ? [] : [{ ...place, isMissing: true }];
}

export function hasFormula(permission: string, span: Span): Formula {
  return isOn(`${has}${permission}`, span);
}

/** The role is written with the level. */
export function levelFormula(name: string, span: Span): Formula {
  return isOn(`${level}${name}`, span);
}

export function accountIs(name: string, span: Span): Formula {
  return equals(account, name, span);
}

/** The formula over switches; null for the one form that cannot be: a set of permissions that the request brings. */
export function overSwitches(formula: Formula, policy: Policy, freedom: Freedom, span: Span): Formula | null {
  const visit = (item: Formula): Formula | null => overSwitches(item, policy, freedom, span);
  switch (formula.kind) {
    case 'constant':
      return formula;
    case 'feature':
      return isOn(`${feature}${formula.feature}`, span);
    case 'has':
      return freedom === 'all' ? hasFormula(formula.permission, span) : formula;
    case 'not': {
      const term = visit(formula.term);
      return term && { kind: 'not', term };
    }
    case 'and':
    case 'or': {
      const terms = formula.terms.flatMap((term) => visit(term) ?? []);
      return terms.length < formula.terms.length ? null : { kind: formula.kind, terms };
    }
    case 'comparison':
      return freedom === 'all' ? comparisonOverSwitches(formula, [...policy.permissions.keys()]) : formula;
    default:
      return formula satisfies never;
  }
}

function comparisonOverSwitches(comparison: Comparison, permissions: readonly string[]): Formula | null {
  const { operator, left, right, span } = comparison;
  if (left.kind !== 'permissions' && right?.kind !== 'permissions') {
    return { ...comparison, left: withAccount(left), right: right && withAccount(right) };
  }
  const held = (name: string) => hasFormula(name, span);
  const among = (set: Operand, name: string): Formula => ({
    kind: 'comparison',
    operator: 'in',
    left: { kind: 'literal', value: name },
    right: set,
    span,
  });
  if (operator === 'is-set' || right === null) return { kind: 'constant', value: true };
  if (left.kind === 'permissions' && right.kind === 'permissions') {
    if (operator === 'overlaps') return { kind: 'or', terms: permissions.map(held) };
    return { kind: 'constant', value: true };
  }
  if (operator === 'in') {
    const element = withAccount(left);
    if (element.kind === 'literal')
      return permissions.includes(String(element.value)) ? held(String(element.value)) : no;
    return { kind: 'or', terms: permissions.map((name) => and([held(name), equals(element, name, span)])) };
  }
  const other = left.kind === 'permissions' ? right : left;
  if (operator === 'overlaps') {
    return other.kind === 'all'
      ? { kind: 'constant', value: true }
      : { kind: 'or', terms: permissions.map((name) => and([held(name), among(other, name)])) };
  }
  if (left.kind === 'permissions') {
    return and(
      permissions.map((name) => ({ kind: 'or', terms: [{ kind: 'not', term: held(name) }, among(right, name)] })),
    );
  }
  if (left.kind !== 'set') return null;
  return and(left.values.map((name) => (permissions.includes(String(name)) ? held(String(name)) : no)));
}

const account: Operand = { kind: 'attribute', root: 'user', path: ['account'], type: { kind: 'string' } };

/** Settings are indexed by constants of actions and by facts, never by the account. */
function withAccount(operand: Operand): Operand {
  return operand.kind === 'account' ? account : operand;
}

function isOn(name: string, span: Span): Formula {
  const left: Operand = { kind: 'attribute', root: 'user', path: [name], type: { kind: 'bool' } };
  return { kind: 'comparison', operator: 'true', left, right: null, span };
}

function equals(left: Operand, value: string, span: Span): Formula {
  return { kind: 'comparison', operator: '==', left, right: { kind: 'literal', value }, span };
}

const no: Formula = { kind: 'constant', value: false };

function and(terms: readonly Formula[]): Formula {
  return { kind: 'and', terms };
}

/** The permissions that a formula over switches asks for. */
export function permissionsIn(formula: Formula): readonly string[] {
  switch (formula.kind) {
    case 'not':
      return permissionsIn(formula.term);
    case 'and':
    case 'or':
      return formula.terms.flatMap(permissionsIn);
    default:
      return [switchedPermission(formula)].filter((name) => name !== null);
  }
}

/** Of a formula that only asks for a permission. */
export function switchedPermission(formula: Formula): string | null {
  if (formula.kind !== 'comparison') return null;
  const { left } = formula;
  const name = left.kind === 'attribute' && left.root === 'user' ? left.path[0] : undefined;
  return name?.startsWith(has) ? name.slice(has.length) : null;
}
