import { InternalError } from '../diagnostics/index.ts';
import type { Comparison, Operand, Type } from '../resolve/index.ts';
import type { Atom, AttributeKey, Constant, ScalarType, Term, TermSource } from './diagrams.ts';

/** A condition with everything constant folded away; atoms are in normal form, one object an identity. */
export type Tree =
  | boolean
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'not'; readonly term: Tree }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Tree[] };

/** What is constant for one role and action. */
export interface Constants {
  readonly account: string | null;
  readonly permissions: ReadonlyMap<string, unknown>;
  readonly features: ReadonlyMap<string, boolean>;
  readonly actionConstants: ReadonlyMap<string, string>;
}

type Side =
  | { readonly kind: 'term'; readonly term: Term; readonly milliseconds: number }
  | { readonly kind: 'value'; readonly value: string | number | boolean }
  | { readonly kind: 'set'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'all' };

/** One comparison as a tree of atoms in normal form. */
export function lowerComparison(comparison: Comparison, constants: Constants): Tree {
  const left = sideOf(comparison.left, constants);
  const right = comparison.right === null ? null : sideOf(comparison.right, constants);
  switch (comparison.operator) {
    case 'true':
      return left.kind === 'value' ? left.value === true : atom('true', termOf(left), null);
    case 'is-set':
      return left.kind === 'term' ? atom('is-set', left.term, null) : true;
    case '==':
      return equal(left, required(right));
    case '<':
      return before(left, required(right));
    case 'in':
      return contains(left, required(right));
    case 'overlaps':
      return overlaps(left, required(right));
    case 'within':
      return within(left, required(right));
    default:
      return unreachable(comparison.operator);
  }
}

function equal(left: Side, right: Side): Tree {
  if (left.kind === 'value' && right.kind === 'value') return left.value === right.value;
  if (left.kind === 'value') return equal(right, left);
  if (left.kind !== 'term') throw new InternalError('a set has no `==`');
  // Equality of shifted or ordered values is two bounds, so that `a == b + 1d` and `a < b + 2d` share an atom's form.
  if (right.kind === 'value') {
    if (left.milliseconds === 0) return equalsConstant(left.term, right.value);
    return equalsConstant(left.term, Number(right.value) - unitsOf(left));
  }
  if (right.kind !== 'term') throw new InternalError('a set has no `==`');
  if (left.milliseconds !== right.milliseconds) return and([negate(before(left, right)), negate(before(right, left))]);
  const [first, second] = inOrder(left.term, right.term);
  return atom('equal', first, second);
}

/** A boolean equal to a constant is the boolean itself, or its negation. */
function equalsConstant(term: Term, value: string | number | boolean): Tree {
  if (value === true) return atom('true', term, null);
  if (value === false) return negate(atom('true', term, null));
  return atom('equal', term, constantOf(value));
}

/** Whole numbers throughout, so `<=`, `>` and `>=` are all `<` with another limit or a `not`. */
function before(left: Side, right: Side): Tree {
  if (left.kind === 'value' && right.kind === 'value') return Number(left.value) < Number(right.value);
  if (left.kind === 'term' && right.kind === 'value')
    return bound(left.term, null, Number(right.value) - unitsOf(left));
  if (left.kind === 'value' && right.kind === 'term') {
    return negate(bound(right.term, null, Number(left.value) - unitsOf(right) + 1)); // n < x is not x < n + 1
  }
  if (left.kind !== 'term' || right.kind !== 'term') throw new InternalError('only numbers and dates have an order');
  const limit = unitsOf(right) - unitsOf(left); // left - right < limit
  if (left.term.text <= right.term.text) return bound(left.term, right.term, limit);
  return negate(bound(right.term, left.term, 1 - limit)); // a - b < k is not b - a < 1 - k
}

function bound(left: Term, right: Term | null, limit: number): Tree {
  return atom('before', left, right, limit + 0); // `+ 0` makes -0 into 0
}

function contains(element: Side, set: Side): Tree {
  if (set.kind === 'all') return true;
  if (set.kind === 'set') {
    if (element.kind === 'value') return set.values.includes(element.value as string | number);
    return or(set.values.map((value) => equal(element, { kind: 'value', value })));
  }
  if (element.kind === 'value') return atom('contains', constantOf(element.value), termOf(set));
  return atom('contains', termOf(element), termOf(set));
}

function overlaps(left: Side, right: Side): Tree {
  if (left.kind === 'all' || right.kind === 'all') return true;
  if (left.kind === 'set' && right.kind === 'set') return left.values.some((value) => right.values.includes(value));
  if (left.kind === 'set') return or(left.values.map((value) => contains({ kind: 'value', value }, right)));
  if (right.kind === 'set') return overlaps(right, left);
  const [first, second] = inOrder(termOf(left), termOf(right));
  return atom('overlaps', first, second);
}

function within(left: Side, right: Side): Tree {
  if (right.kind === 'all') return true;
  if (left.kind === 'set' && right.kind === 'set') return left.values.every((value) => right.values.includes(value));
  if (left.kind === 'set') return and(left.values.map((value) => contains({ kind: 'value', value }, right)));
  if (right.kind === 'set') return atom('within', termOf(left), constantOf(sortedValues(right.values)));
  return atom('within', termOf(left), termOf(right));
}

function sideOf(operand: Operand, constants: Constants): Side {
  switch (operand.kind) {
    case 'literal':
      return { kind: 'value', value: typeof operand.value === 'number' ? operand.value + 0 : operand.value };
    case 'set':
      return { kind: 'set', values: sortedValues(operand.values) };
    case 'all':
      return { kind: 'all' };
    case 'account':
      // A role without an account: an attribute that nobody brings, so that neither `==` nor `!=` allows anything.
      if (constants.account === null)
        return termSide({ kind: 'attribute', root: 'user', path: ['account'] }, { kind: 'string' });
      return { kind: 'value', value: constants.account };
    case 'permissions':
      return { kind: 'set', values: sortedValues([...constants.permissions.keys()]) };
    case 'action-constant': {
      const value = constants.actionConstants.get(operand.name);
      if (value === undefined) throw new InternalError(`the action lacks its constant ${operand.name}`);
      return { kind: 'value', value };
    }
    case 'attribute':
      return termSide({ kind: 'attribute', root: operand.root, path: operand.path }, operand.type);
    case 'setting':
      return termSide(settingSource(operand, constants), operand.type);
    case 'day': {
      const side = sideOf(operand.operand, constants);
      if (side.kind !== 'term') throw new InternalError('only an attribute is turned into a day at run time');
      const type: ScalarType = { kind: 'date' };
      // A fixed shift of the instant itself would have to stand before the day is taken; the checker refuses it.
      return { ...side, term: { ...side.term, text: `day(${side.term.text})`, isDay: true, type } };
    }
    case 'shift':
      return shifted(sideOf(operand.operand, constants), operand);
    default:
      return unreachable(operand);
  }
}

function shifted(side: Side, shift: Extract<Operand, { kind: 'shift' }>): Side {
  if (side.kind !== 'term') throw new InternalError('only an attribute can be shifted');
  if (shift.months === 0) return { ...side, milliseconds: side.milliseconds + shift.milliseconds };
  const text = `${side.term.text} + ${shift.months}mo`;
  return { ...side, term: { ...side.term, text, months: shift.months } };
}

function settingSource(operand: Extract<Operand, { kind: 'setting' }>, constants: Constants): TermSource {
  const keys: (string | AttributeKey)[] = [];
  for (const index of operand.indexes) {
    if (index.kind === 'attribute') keys.push({ root: index.root, path: index.path });
    else {
      const side = sideOf(index, constants);
      if (side.kind !== 'value') throw new InternalError('a setting is indexed by constants and attributes only');
      keys.push(String(side.value));
    }
  }
  const fixed = keys.filter((key) => typeof key === 'string');
  if (fixed.length === keys.length) return { kind: 'slot', slot: [operand.name, ...fixed].join('/') };
  return { kind: 'lookup', setting: operand.name, keys };
}

function termSide(source: TermSource, type: Type): Side {
  const isSet = type.kind === 'set';
  const scalar = scalarOf(type.kind === 'set' ? type.of : type);
  const text = sourceText(source) + typeSuffix(scalar, isSet);
  return {
    kind: 'term',
    term: { kind: 'term', text, source, type: scalar, isSet, isDay: false, months: 0 },
    milliseconds: 0,
  };
}

/** The path as people write it. */
function sourceText(source: TermSource): string {
  switch (source.kind) {
    case 'attribute':
      return [source.root, ...source.path].join('.');
    case 'slot':
      return `user.${source.slot}`;
    case 'lookup':
      return `user.${source.setting}${source.keys.map((key) => `[${typeof key === 'string' ? JSON.stringify(key) : [key.root, ...key.path].join('.')}]`).join('')}`;
    default:
      return unreachable(source);
  }
}

/** The type is part of an atom's identity, since it decides which data are of the wrong type. Plain strings go bare. */
function typeSuffix(type: ScalarType, isSet: boolean): string {
  const name = type.kind === 'enum' ? type.values.join('|') : type.kind;
  if (isSet) return `:set<${name}>`;
  return name === 'string' ? '' : `:${name}`;
}

function scalarOf(type: Type): ScalarType {
  switch (type.kind) {
    case 'enum':
      return { kind: 'enum', values: [...type.values].sort() };
    case 'list':
    case 'member':
    case 'role':
    case 'permission':
    case 'string':
      return { kind: 'string' };
    case 'resource':
      return { kind: 'reference' };
    case 'set':
      throw new InternalError('a set of sets is no type');
    default:
      return { kind: type.kind };
  }
}

const dayLength = 86_400_000;

/** The fixed part of a shift in the units of the term: days for dates, milliseconds for instants. */
function unitsOf(side: Extract<Side, { kind: 'term' }>): number {
  return side.term.type.kind === 'date' ? side.milliseconds / dayLength : side.milliseconds;
}

function atom(operator: Atom['operator'], left: Term | Constant, right: Term | Constant | null, limit = 0): Tree {
  return { kind: 'atom', atom: { text: atomText(operator, left, right, limit), operator, left, right, limit } };
}

function atomText(
  operator: Atom['operator'],
  left: Term | Constant,
  right: Term | Constant | null,
  limit: number,
): string {
  const a = sideText(left);
  const b = right === null ? '' : sideText(right);
  switch (operator) {
    case 'equal':
      return `${a} == ${b}`;
    case 'before':
      return right === null ? `${a} < ${limit}` : `${a} - ${b} < ${limit}`;
    case 'contains':
      return `${a} in ${b}`;
    case 'overlaps':
    case 'within':
      return `${a} ${operator} ${b}`;
    case 'is-set':
      return `${a} is set`;
    case 'true':
      return a;
    default:
      return unreachable(operator);
  }
}

function sideText(side: Term | Constant): string {
  return side.kind === 'term' ? side.text : JSON.stringify(side.value);
}

export function and(terms: readonly Tree[]): Tree {
  return { kind: 'and', terms };
}

export function or(terms: readonly Tree[]): Tree {
  return { kind: 'or', terms };
}

export function negate(term: Tree): Tree {
  return { kind: 'not', term };
}

function inOrder(a: Term, b: Term): [Term, Term] {
  return a.text <= b.text ? [a, b] : [b, a];
}

function sortedValues(values: readonly (string | number)[]): readonly (string | number)[] {
  const distinct = [...new Set(values)];
  return distinct.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function termOf(side: Side): Term {
  if (side.kind !== 'term') throw new InternalError(`a ${side.kind} stands where a term must`);
  return side.term;
}

function required(side: Side | null): Side {
  if (side === null) throw new InternalError('a comparison lacks its right side');
  return side;
}

function constantOf(value: Constant['value']): Constant {
  return { kind: 'constant', value };
}

function unreachable(value: never): never {
  throw new InternalError(`unexpected ${JSON.stringify(value)}`);
}
