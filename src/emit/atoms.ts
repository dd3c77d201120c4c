import { InternalError } from '../diagnostics/index.ts';
import type { Atom, AttributeKey, Constant, ScalarType, Term } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import { operators, scalarTypes, shapes, sources } from '../runtime/format.ts';
import type { Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Atoms, the terms that they compare, and the keys by which terms look up settings. */
export function layAtoms(pool: Pool, policy: Policy, atoms: readonly Atom[], slots: Slots) {
  const keys: number[] = [];
  const terms: number[] = [];
  const numbers = new Map<string, number>();
  const term = (from: Term): number => {
    const key = JSON.stringify([from.text, from.source, from.type, from.isSet, from.isDay, from.months]);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const { isSet, isDay, months, type } = from;
    const place = layPlace(pool, policy, from, slots, layKeys);
    terms.push(
      pool.text(from.text),
      sources.indexOf(from.source.kind === 'attribute' ? from.source.root : from.source.kind),
    );
    terms.push(...place, scalarTypes.indexOf(type.kind), ...pool.list(valuesOf(type)));
    terms.push(Number(isSet), Number(isDay), months);
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  };
  const layKeys = (of: readonly (string | AttributeKey)[]): [first: number, count: number] => {
    const sides = of.flatMap((key) =>
      operand(typeof key === 'string' ? { kind: 'constant', value: key } : keyTerm(key)),
    );
    return [keys.push(...sides) / shapes.keys.width - of.length, of.length];
  };
  /** A term, or a constant, or nothing. */
  const operand = (side: Term | Constant | null): [term: number, value: number] => {
    if (side === null) return [-1, -1];
    return side.kind === 'term' ? [term(side), -1] : [-1, pool.value(constantValue(side))];
  };
  const rows = atoms.flatMap((atom) => [
    pool.text(atom.text),
    operators.indexOf(atom.operator),
    ...operand(atom.left),
    ...operand(atom.right),
  ]);
  return { atoms: rows, atomLimits: atoms.map(({ limit }) => limit + 0), terms, keys };
}

/** Of the section `terms`: path, slot, setting, keys. */
function layPlace(
  pool: Pool,
  policy: Policy,
  { source: from }: Term,
  slots: Slots,
  layKeys: (keys: readonly (string | AttributeKey)[]) => [first: number, count: number],
): number[] {
  const none = pool.list([]);
  switch (from.kind) {
    case 'attribute':
      return [...pool.list(from.path), -1, -1, 0, 0];
    case 'slot':
      return [...none, slots.number(from.slot), -1, 0, 0];
    case 'lookup':
      if (policy.settings.get(from.setting)?.indexes.length !== from.keys.length) {
        throw new InternalError(`${from.setting} is not looked up by ${from.keys.length} keys`);
      }
      return [...none, -1, pool.text(from.setting), ...layKeys(from.keys)];
    default:
      return from satisfies never;
  }
}

/** A key of a lookup is a term of its own. */
function keyTerm({ root, path }: AttributeKey): Term {
  const source = { kind: 'attribute', root, path } as const;
  const text = [root, ...path].join('.');
  return { kind: 'term', text, source, type: { kind: 'string' }, isSet: false, isDay: false, months: 0 };
}

function valuesOf(type: ScalarType): readonly string[] {
  return type.kind === 'enum' ? type.values : [];
}

function constantValue({ value }: Constant) {
  if (typeof value !== 'object') return { kind: 'scalar' as const, value };
  return { kind: 'set' as const, values: value };
}
