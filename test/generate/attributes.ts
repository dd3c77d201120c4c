/** What the conditions of an action read, and the values at which they turn. */
import type { Formula, Operand, Policy, Type } from '../../src/resolve/policy.ts';

export interface Attribute {
  readonly root: 'user' | 'resource' | 'context';
  readonly path: readonly string[];
  readonly type: Type;
  /** Constants that it is compared with and their neighbours, as an application would send them. */
  readonly near: readonly unknown[];
}

const dayLength = 86_400_000;

/** Each attribute once, and the references on the way to it. */
export function attributesOf(policy: Policy, action: string): Attribute[] {
  const found = new Map<string, Attribute>();
  for (const { formulas } of [...policy.grants, ...policy.scopes]) {
    const formula = formulas.get(action);
    if (formula !== undefined) collect(formula, found);
  }
  return [...found.values()];
}

function collect(formula: Formula, found: Map<string, Attribute>): void {
  if (formula.kind === 'not') collect(formula.term, found);
  if (formula.kind === 'and' || formula.kind === 'or') for (const term of formula.terms) collect(term, found);
  if (formula.kind !== 'comparison') return;
  const { left, right } = formula;
  collectOperand(left, right, found);
  if (right !== null) collectOperand(right, left, found);
}

function collectOperand(operand: Operand, other: Operand | null, found: Map<string, Attribute>): void {
  if (operand.kind === 'day') collectOperand(operand.operand, null, found);
  if (operand.kind === 'setting') for (const index of operand.indexes) collectOperand(index, null, found);
  if (operand.kind === 'shift') {
    const { months, milliseconds } = operand;
    if (operand.operand.kind === 'attribute')
      add(operand.operand, valuesNear(operand.operand.type, other, months, milliseconds), found);
    else collectOperand(operand.operand, null, found);
  }
  if (operand.kind === 'attribute') add(operand, valuesNear(operand.type, other, 0, 0), found);
}

function add(
  operand: Operand & { readonly kind: 'attribute' },
  near: readonly unknown[],
  found: Map<string, Attribute>,
): void {
  const { root, path, type } = operand;
  const key = [root, ...path].join('.');
  if (key === 'user.id' || key === 'context.now') return;
  found.set(key, { root, path, type, near: [...(found.get(key)?.near ?? []), ...near] });
  for (let length = 1; length < path.length; length++) {
    const parent = path.slice(0, length);
    const parentKey = [root, ...parent].join('.');
    if (!found.has(parentKey))
      found.set(parentKey, { root, path: parent, type: { kind: 'resource', name: '' }, near: [] });
  }
}

/** Values that, later by the shift, are the constants of the other side, just under or just over. */
function valuesNear(type: Type, other: Operand | null, months: number, milliseconds: number): unknown[] {
  const constants = other?.kind === 'literal' ? [other.value] : other?.kind === 'set' ? other.values : [];
  if (type.kind === 'set') return constants.map((value) => [send(type.of, value)]);
  if (type.kind !== 'int' && type.kind !== 'date' && type.kind !== 'date-time') return [...constants];
  return constants.flatMap((constant) => {
    if (type.kind === 'int') return [constant, Number(constant) - 1, Number(constant) + 1];
    const unit = type.kind === 'date' ? dayLength : 1;
    const date = new Date(Number(constant) * unit - milliseconds);
    date.setUTCMonth(date.getUTCMonth() - months);
    return [0, -1, 1, 2].map((more) => send(type, date.getTime() / unit + more));
  });
}

function send(type: Type, value: string | number | boolean): unknown {
  if (typeof value !== 'number') return value;
  if (type.kind === 'date') return new Date(value * dayLength).toISOString().slice(0, 10);
  return type.kind === 'date-time' ? new Date(value).toISOString() : value;
}
