/**
 * A formula as plain logic over atoms. Two spellings of one test get the same key, so that they vary together while
 * their data is missing.
 */
import type { Comparison, Formula, Operand } from '../../src/resolve/policy.ts';
import { laterBy, type Reading, read, type Scene, unitOf } from './values.ts';

export type Logic =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'atom'; readonly key: string }
  | { readonly kind: 'not'; readonly term: Logic }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Logic[] };

/** What is known about each atom: its truth, or null. */
export type Atoms = Map<string, boolean | null>;

type Plain = string | number | boolean;

/** The logic of a formula in a scene; its atoms are added to `atoms`. */
export function logicOf(formula: Formula, scene: Scene, atoms: Atoms): Logic {
  switch (formula.kind) {
    case 'constant':
      return constant(formula.value);
    case 'and':
    case 'or':
      return { kind: formula.kind, terms: formula.terms.map((term) => logicOf(term, scene, atoms)) };
    case 'not':
      return not(logicOf(formula.term, scene, atoms));
    case 'has':
      return constant(scene.role.permissions.has(formula.permission));
    case 'feature':
      return constant(scene.policy.features.get(formula.feature) === true);
    case 'comparison':
      return comparison(formula, { scene, atoms });
  }
}

export function holds(logic: Logic, truth: (key: string) => boolean): boolean {
  switch (logic.kind) {
    case 'constant':
      return logic.value;
    case 'atom':
      return truth(logic.key);
    case 'not':
      return !holds(logic.term, truth);
    case 'and':
      return logic.terms.every((term) => holds(term, truth));
    case 'or':
      return logic.terms.some((term) => holds(term, truth));
  }
}

interface Place {
  readonly scene: Scene;
  readonly atoms: Atoms;
}

function comparison(test: Comparison, place: Place): Logic {
  const left = settle(test.left, place.scene);
  const right = test.right === null ? left : settle(test.right, place.scene);
  switch (test.operator) {
    case 'is-set':
      if (isConstant(left)) return constant(true);
      return atom(place, `set ${text(left)}`, read(left, place.scene) === null ? null : true);
    case 'true':
      return left.kind === 'literal' ? constant(left.value === true) : truth(left, place);
    case '==':
      return equal(left, right, place);
    case '<':
      return before(left, right, place);
    case 'in':
      return contains(right, left, place);
    case 'overlaps':
      return overlaps(left, right, place);
    case 'within':
      return within(left, right, place);
  }
}

/** What the role and the action fix becomes a literal. */
function settle(operand: Operand, scene: Scene): Operand {
  switch (operand.kind) {
    case 'account':
    case 'action-constant':
    case 'permissions': {
      const value = read(operand, scene);
      if (value?.kind === 'scalar') return { kind: 'literal', value: value.value };
      return value?.kind === 'set' ? { kind: 'set', values: value.values } : operand;
    }
    case 'setting':
      return { ...operand, indexes: operand.indexes.map((index) => settle(index, scene)) };
    case 'shift':
    case 'day':
      return { ...operand, operand: settle(operand.operand, scene) };
    default:
      return operand;
  }
}

function truth(operand: Operand, place: Place): Logic {
  return atom(
    place,
    `true ${text(operand)}`,
    plain(read(operand, place.scene), (value) => value === true),
  );
}

function equal(left: Operand, right: Operand, place: Place): Logic {
  if (left.kind === 'literal' && right.kind === 'literal') return constant(left.value === right.value);
  if (left.kind === 'literal') return equal(right, left, place);
  if (right.kind === 'literal' && typeof right.value === 'boolean') {
    return right.value ? truth(left, place) : not(truth(left, place));
  }
  const unit = unitOf(left) ?? unitOf(right);
  const [a, shiftA] = peel(left, unit);
  const [b, shiftB] = peel(right, unit);
  if (b.kind === 'literal' && shiftA !== 0) {
    return equal(a, { kind: 'literal', value: Number(b.value) - shiftA }, place);
  }
  if (shiftA !== shiftB) {
    return { kind: 'and', terms: [not(before(left, right, place)), not(before(right, left, place))] };
  }
  const [first, second] = inOrder(a, b);
  const value = both(read(first, place.scene), read(second, place.scene), (a, b) => a === b);
  return atom(place, `${text(first)} == ${text(second)}`, value);
}

/** Over whole numbers: `left + a < right + b` is `left - right < b - a`. */
function before(left: Operand, right: Operand, place: Place): Logic {
  const unit = unitOf(left) ?? unitOf(right);
  const [a, shiftA] = peel(left, unit);
  const [b, shiftB] = peel(right, unit);
  const limit = shiftB - shiftA;
  if (a.kind === 'literal' && b.kind === 'literal') return constant(Number(a.value) < Number(b.value) + limit);
  if (b.kind === 'literal') return under(a, Number(b.value) + limit, place);
  if (a.kind === 'literal') return not(under(b, Number(a.value) - limit + 1, place));
  if (text(a) > text(b)) return not(apart(b, a, 1 - limit, place));
  return apart(a, b, limit, place);
}

function under(operand: Operand, limit: number, place: Place): Logic {
  const value = plain(read(operand, place.scene), (reading) => Number(reading) < limit);
  return atom(place, `${text(operand)} < ${limit}`, value);
}

function apart(left: Operand, right: Operand, limit: number, place: Place): Logic {
  const value = both(read(left, place.scene), read(right, place.scene), (a, b) => Number(a) - Number(b) < limit);
  return atom(place, `${text(left)} - ${text(right)} < ${limit}`, value);
}

/** The operand without its exact shift, and that shift in the operand's own unit. */
function peel(operand: Operand, unit: 'date' | 'date-time' | null): [Operand, number] {
  if (operand.kind !== 'shift') return [operand, 0];
  const [inner, shift] = peel(operand.operand, unit);
  if (inner.kind === 'literal') {
    const moved = laterBy(Number(inner.value) + shift, unit ?? 'date-time', operand.months, operand.milliseconds);
    return [{ kind: 'literal', value: moved }, 0];
  }
  const own = unit === 'date' ? operand.milliseconds / 86_400_000 : operand.milliseconds;
  return operand.months === 0 ? [inner, shift + own] : [operand, 0];
}

function contains(set: Operand, element: Operand, place: Place): Logic {
  if (set.kind === 'all') return constant(true);
  if (set.kind === 'set') {
    return {
      kind: 'or',
      terms: set.values.map((value) => equal(element, { kind: 'literal', value }, place)),
    };
  }
  const [values, value] = [read(set, place.scene), read(element, place.scene)];
  const known = values?.kind === 'all' ? true : both(values, value, (a, b) => (a as readonly Plain[]).includes(b));
  return atom(place, `${text(element)} in ${text(set)}`, known);
}

function overlaps(left: Operand, right: Operand, place: Place): Logic {
  if (left.kind === 'all' || right.kind === 'all') return constant(true);
  if (left.kind === 'set') return { kind: 'or', terms: elements(left, right, place) };
  if (right.kind === 'set') return overlaps(right, left, place);
  const [first, second] = inOrder(left, right);
  const [a, b] = [read(first, place.scene), read(second, place.scene)];
  const isAll = a?.kind === 'all' || b?.kind === 'all';
  const known = isAll ? true : sets(a, b, (x, y) => x.some((value) => y.includes(value)));
  return atom(place, `${text(first)} overlaps ${text(second)}`, known);
}

function within(left: Operand, right: Operand, place: Place): Logic {
  if (right.kind === 'all') return constant(true);
  if (left.kind === 'all' && right.kind === 'set') return constant(false);
  if (left.kind === 'set') return { kind: 'and', terms: elements(left, right, place) };
  const [a, b] = [read(left, place.scene), read(right, place.scene)];
  let known = sets(a, b, (x, y) => x.every((value) => y.includes(value)));
  if (b?.kind === 'all') known = true;
  else if (a?.kind === 'all') known = b?.kind === 'set' ? false : null;
  return atom(place, `${text(left)} within ${text(right)}`, known);
}

function elements(from: Operand & { readonly kind: 'set' }, set: Operand, place: Place): readonly Logic[] {
  return from.values.map((value) =>
    set.kind === 'set' ? constant(set.values.includes(value)) : contains(set, { kind: 'literal', value }, place),
  );
}

function plain(reading: Reading, test: (value: Plain) => boolean): boolean | null {
  return reading?.kind === 'scalar' ? test(reading.value) : null;
}

/** A test of two readings; the first may be a set. */
function both(a: Reading, b: Reading, test: (a: Plain | readonly Plain[], b: Plain) => boolean): boolean | null {
  if (b?.kind !== 'scalar') return null;
  if (a?.kind === 'scalar') return test(a.value, b.value);
  return a?.kind === 'set' ? test(a.values, b.value) : null;
}

function sets(a: Reading, b: Reading, test: (a: readonly Plain[], b: readonly Plain[]) => boolean): boolean | null {
  return a?.kind === 'set' && b?.kind === 'set' ? test(a.values, b.values) : null;
}

function atom(place: Place, key: string, value: boolean | null): Logic {
  place.atoms.set(key, value);
  return { kind: 'atom', key };
}

function isConstant(operand: Operand): boolean {
  return operand.kind === 'literal' || operand.kind === 'set' || operand.kind === 'all';
}

function inOrder(left: Operand, right: Operand): [Operand, Operand] {
  return text(left) <= text(right) ? [left, right] : [right, left];
}

/** Says all of an operand that tells it from another, types and places aside. */
function text(operand: Operand): string {
  switch (operand.kind) {
    case 'literal':
      return JSON.stringify(operand.value);
    case 'set':
      return JSON.stringify([...new Set(operand.values)].sort());
    case 'all':
    case 'account':
    case 'permissions':
      return operand.kind;
    case 'action-constant':
      return `action.${operand.name}`;
    case 'attribute':
      return [operand.root, ...operand.path].join('.');
    case 'setting':
      return `setting.${operand.name}${operand.indexes.map((index) => `[${text(index)}]`).join('')}`;
    case 'day':
      return `day(${text(operand.operand)})`;
    case 'shift':
      return `(${text(operand.operand)} + ${operand.months} months + ${operand.milliseconds} ms)`;
  }
}

function constant(value: boolean): Logic {
  return { kind: 'constant', value };
}

function not(term: Logic): Logic {
  return { kind: 'not', term };
}
