/** Well-typed conditions. */
import { type Choose, chance, oneOf, someOf, times } from './choices.ts';
import type { Expression, NamedCondition, Operator } from './expression.ts';
import { areComparable, durations, elementOf, shortDurations, valuesOf } from './vocabulary.ts';

/** What a condition may look at where it stands. */
export interface Sight {
  readonly paths: readonly Path[];
  readonly permissions: readonly string[];
  /** Scopes and prohibitions may take away for a permission. */
  readonly mayNegatePermissions: boolean;
  readonly features: readonly string[];
  readonly accounts: readonly string[];
  readonly conditions: readonly NamedCondition[];
  /** Paths that lead to a whole resource, for parameters. */
  readonly references: readonly Path[];
}

export interface Path {
  readonly text: string;
  readonly type: string;
}

export function makeCondition(sight: Sight, choose: Choose, depth = 2): Expression {
  const kind = depth === 0 ? 0 : choose(11);
  if (kind < 5) return makeTest(sight, choose);
  if (kind === 10) return makeRelated(sight, choose);
  if (kind === 9) {
    const inner = sight.mayNegatePermissions ? sight : withoutPermissions(sight);
    return { kind: 'not', term: makeCondition(inner, choose, depth - 1) };
  }
  const terms = times(2 + Number(chance(choose, 25)), () => makeCondition(sight, choose, depth - 1));
  return { kind: kind < 7 ? 'and' : 'or', terms };
}

/** Tests of the same operands: when their data is missing, all depends on what counts as one atom. */
function makeRelated(sight: Sight, choose: Choose): Expression {
  const test = makeTest(sight, choose);
  if (test.kind === 'truth' && test.path.includes('.')) {
    const terms = times(2, () => compare(test.path, oneOf(choose, ['==', '!=']), oneOf(choose, ['true', 'false'])));
    return { kind: 'or', terms: [test, ...terms] };
  }
  if (test.kind !== 'compare') return test;
  const { operator, left, right } = test;
  const isOrder = ['<', '<=', '>', '>='].includes(operator);
  const operators = isOrder ? (['<', '<=', '>', '>=', '==', '!='] as const) : relatives(operator);
  const terms = times(2 + choose(2), (): Expression => {
    const other = oneOf(choose, operators);
    const isTurned = (isOrder || other === '==') && chance(choose, 50);
    return isTurned ? compare(right, other, left) : compare(left, other, right);
  });
  return { kind: chance(choose, 25) ? 'and' : 'or', terms: [test, ...terms] };
}

function relatives(operator: Operator): readonly Operator[] {
  if (operator === '==' || operator === '!=') return ['==', '!='];
  return operator === 'in' ? ['in'] : ['overlaps', 'within'];
}

/** One comparison, call or the like. */
function makeTest(sight: Sight, choose: Choose): Expression {
  const kind = choose(24);
  const { permissions, features, accounts, conditions, paths } = sight;
  if (kind === 23 && permissions.length > 0) return { kind: 'has', permission: oneOf(choose, permissions) };
  if (kind === 22 && features.length > 0) return { kind: 'feature', feature: oneOf(choose, features) };
  if (kind === 21 && accounts.length > 0) {
    const operator = chance(choose, 30) ? '!=' : '==';
    return { kind: 'compare', operator, left: 'user.account', right: quote(oneOf(choose, accounts)) };
  }
  if (kind === 20 && permissions.length > 0) return testPermissions(sight, choose);
  if (kind >= 17 && conditions.length > 0) {
    const call = makeCall(sight, choose);
    if (call !== null) return call;
  }
  if (paths.length === 0) return { kind: 'truth', path: chance(choose, 50) ? 'false' : 'true' };
  const path = oneOf(choose, paths);
  if (kind === 16 && !path.text.startsWith('action.')) return { kind: 'is-set', path: path.text };
  if (elementOf(path.type) !== null) return testSet(path, sight, choose);
  if (path.type === 'bool') return testBool(path, sight, choose);
  return ['int', 'date', 'date-time'].includes(path.type)
    ? testOrder(path, sight, choose)
    : testText(path, sight, choose);
}

function testBool(path: Path, sight: Sight, choose: Choose): Expression {
  const other = partner(path, sight, choose);
  const kind = choose(6);
  if (kind === 5 && other !== null) return compare(path.text, '==', other.text);
  if (kind === 4) return compare(path.text, chance(choose, 50) ? '==' : '!=', chance(choose, 50) ? 'true' : 'false');
  return { kind: 'truth', path: path.text };
}

function testText(path: Path, sight: Sight, choose: Choose): Expression {
  const other = partner(path, sight, choose);
  const set = sight.paths.find(({ type }) => fits(elementOf(type), path.type)) ?? null;
  const isConstant = path.text.startsWith('action.');
  const kind = choose(8);
  if (kind >= 6 && other !== null) return compare(path.text, chance(choose, 30) ? '!=' : '==', other.text);
  if (kind >= 4 && set !== null) {
    const sets = sight.paths.filter(({ type }) => fits(elementOf(type), path.type));
    return compare(path.text, 'in', oneOf(choose, sets).text);
  }
  const values = valuesOf(path.type);
  if (values.length === 0) return { kind: 'is-set', path: path.text };
  if (kind === 3 && !isConstant) return chance(choose, 20) ? compare(path.text, 'in', 'all') : listed(path, choose);
  const sides: [string, string] = [path.text, quote(oneOf(choose, values))];
  if (chance(choose, 20)) sides.reverse();
  return compare(sides[0], chance(choose, 30) ? '!=' : '==', sides[1]);
}

function testOrder(path: Path, sight: Sight, choose: Choose): Expression {
  const operator = oneOf(choose, ['<', '<=', '>', '>=', '==', '!='] as const);
  const others = sight.paths.filter((other) => other.text !== path.text && isOrderedWith(path.type, other.type));
  const kind = choose(7);
  if (kind === 6) return listed(path, choose);
  let other = quote(oneOf(choose, valuesOf(path.type)));
  let isMixed = false;
  if (kind >= 3 && others.length > 0) {
    const chosen = oneOf(choose, others);
    other = chosen.text;
    isMixed = chosen.type !== path.type;
  }
  let left = path.text;
  if (path.type !== 'int' && (path.type === 'date' || !isMixed) && chance(choose, 45)) {
    left += ` + ${oneOf(choose, path.type === 'date' || chance(choose, 50) ? durations : shortDurations)}`;
  }
  return chance(choose, 50) ? compare(left, operator, other) : compare(other, operator, left);
}

function testSet(path: Path, sight: Sight, choose: Choose): Expression {
  const element = elementOf(path.type)!;
  const values = valuesOf(element);
  const others = sight.paths.filter(({ text, type }) => text !== path.text && fits(elementOf(type), element));
  const kind = choose(8);
  const operator = oneOf(choose, ['overlaps', 'within'] as const);
  if (kind >= 5 && others.length > 0) return compare(path.text, operator, oneOf(choose, others).text);
  if (kind === 4) return compare(path.text, operator, chance(choose, 20) ? 'all' : list(values, choose));
  if (kind === 3) return compare(list(values, choose), operator, path.text);
  const members = sight.paths.filter(({ type }) => areComparable(type, element));
  if (kind >= 1 && members.length > 0) return compare(oneOf(choose, members).text, 'in', path.text);
  return compare(quote(oneOf(choose, values)), 'in', path.text);
}

function testPermissions(sight: Sight, choose: Choose): Expression {
  const needs = sight.paths.filter(({ type }) => type === 'permission' || type === 'string');
  const kind = choose(3);
  if (kind === 2 && needs.length > 0) return compare(oneOf(choose, needs).text, 'in', 'user.permissions');
  if (kind === 1) return compare('user.permissions', 'overlaps', list(sight.permissions, choose));
  return compare(quote(oneOf(choose, sight.permissions)), 'in', 'user.permissions');
}

function makeCall(sight: Sight, choose: Choose): Expression | null {
  const { name, parameters } = oneOf(choose, sight.conditions);
  const given: string[] = [];
  for (const { type } of parameters) {
    const fitting = [...sight.paths, ...sight.references].filter((path) => path.type === type);
    if (fitting.length === 0) return null;
    given.push(oneOf(choose, fitting).text);
  }
  return { kind: 'call', name, arguments: given };
}

function withoutPermissions(sight: Sight): Sight {
  return { ...sight, permissions: [], conditions: [] };
}

function partner(path: Path, sight: Sight, choose: Choose): Path | null {
  const others = sight.paths.filter(
    (other) => other.text !== path.text && areComparable(other.type, path.type) && !bothConstant(other, path),
  );
  return others.length === 0 ? null : oneOf(choose, others);
}

function bothConstant(a: Path, b: Path): boolean {
  return a.text.startsWith('action.') && b.text.startsWith('action.');
}

function isOrderedWith(a: string, b: string): boolean {
  return a === b || (a !== 'int' && (b === 'date' || b === 'date-time'));
}

function fits(a: string | null, b: string): boolean {
  return a !== null && areComparable(a, b);
}

function compare(left: string, operator: Operator, right: string): Expression {
  return { kind: 'compare', operator, left, right };
}

function listed(path: Path, choose: Choose): Expression {
  return { kind: 'listed', left: path.text, items: someOf(choose, valuesOf(path.type), 1, 3).map(quote) };
}

function list(values: readonly (string | number | boolean)[], choose: Choose): string {
  return `[${someOf(choose, values, 1, 3).map(quote).join(', ')}]`;
}

function quote(value: string | number | boolean): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
