/** Short ways to write atoms, literals and options. */
import type { Atom, Constant, Literal, Options, ScalarType, SlotFacts, Term, Truth } from '../../src/solver/index.ts';

type Root = 'user' | 'resource' | 'context';
type Operand = Term | Constant;
type Raw = Operand | Constant['value'];

export const string: ScalarType = { kind: 'string' };
export const int: ScalarType = { kind: 'int' };
export const bool: ScalarType = { kind: 'bool' };
export const date: ScalarType = { kind: 'date' };
export const instant: ScalarType = { kind: 'date-time' };
export const reference: ScalarType = { kind: 'reference' };
export const oneOf = (...values: string[]): ScalarType => ({ kind: 'enum', values });

/** `resource.client.id` as a term. */
export function attribute(path: string, type: ScalarType = string): Term {
  const [root, ...steps] = path.split('.');
  return term(path, { kind: 'attribute', root: root as Root, path: steps }, type);
}

export function slot(name: string, type: ScalarType = string): Term {
  return term(`user.${name}`, { kind: 'slot', slot: name }, type);
}

/** A key with a dot is the path of an attribute, any other a text. */
export function lookup(setting: string, keys: readonly string[], type: ScalarType = string): Term {
  const parsed = keys.map((key) => {
    const [root, ...path] = key.split('.');
    return path.length === 0 ? key : { root: root as Root, path };
  });
  return term(`user.${setting}[${keys}]`, { kind: 'lookup', setting, keys: parsed }, type);
}

export function setOf(of: Term): Term {
  return { ...of, isSet: true, text: `${of.text}:set<${of.type.kind}>` };
}

export function day(of: Term): Term {
  return { ...of, isDay: true, type: date, text: `day(${of.text})` };
}

export function later(of: Term, months: number): Term {
  return { ...of, months, text: `${of.text} + ${months}mo` };
}

export function equal(left: Term, right: Raw): Atom {
  return atom('equal', left, right);
}

/** `left - right < limit`, or `left < limit`. */
export function precedes(left: Term, right: Term | null, limit: number): Atom {
  return atom('before', left, right, limit);
}

export function contains(element: Raw, set: Raw): Atom {
  return atom('contains', element, set);
}

export function overlaps(left: Term, right: Raw): Atom {
  return atom('overlaps', left, right);
}

export function within(left: Raw, right: Raw): Atom {
  return atom('within', left, right);
}

export function isSet(left: Term): Atom {
  return atom('is-set', left, null);
}

export function isTrue(left: Term): Atom {
  return atom('true', left, null);
}

export function yes(...atoms: Atom[]): Literal[] {
  return atoms.map((atom) => ({ atom, is: 'true' }));
}

export function no(...atoms: Atom[]): Literal[] {
  return atoms.map((atom) => ({ atom, is: 'false' }));
}

export function unknown(...atoms: Atom[]): Literal[] {
  return atoms.map((atom) => ({ atom, is: 'unknown' }));
}

/** Slots named by setting and keys: `access/notes/view`. */
export function slots(...names: string[]): SlotFacts[] {
  return names.map((name) => {
    const [setting = '', ...keys] = name.split('/');
    return { name, setting, keys };
  });
}

export function show(literals: readonly Literal[], options: Options = {}): string {
  const lines = literals.map(({ atom, is }) => `${is.padEnd(7)} ${describe(atom)}`);
  const facts = [...(options.attributes ?? []), ...(options.slots ?? [])].map((fact) =>
    JSON.stringify(fact, (_, value) => (typeof value === 'symbol' ? 'ALL' : value)),
  );
  return [...lines, ...facts].join('\n');
}

export const truths: readonly Truth[] = ['true', 'false', 'unknown'];

function describe({ operator, left, right, limit }: Atom): string {
  const side = (operand: Operand) =>
    operand.kind === 'term' ? `${operand.text}<${kindText(operand.type)}>` : JSON.stringify(operand.value);
  return `${side(left)} ${operator} ${right === null ? '' : side(right)} ${operator === 'before' ? limit : ''}`;
}

function kindText(type: ScalarType): string {
  return type.kind === 'enum' ? type.values.join('|') : type.kind;
}

function atom(operator: Atom['operator'], left: Raw, right: Raw | null, limit = 0): Atom {
  const [a, b] = [operand(left), right === null ? null : operand(right)];
  const text = `${JSON.stringify(a)} ${operator} ${JSON.stringify(b)} ${limit}`;
  return { text, operator, left: a, right: b, limit };
}

function operand(raw: Raw): Operand {
  if (typeof raw === 'object' && 'kind' in raw) return raw;
  return { kind: 'constant', value: raw };
}

function term(text: string, source: Term['source'], type: ScalarType): Term {
  return { kind: 'term', text, source, type, isSet: false, isDay: false, months: 0 };
}
