import { InternalError } from '../diagnostics/index.ts';
import type { Atom, AttributeKey, Constant, ScalarType, Term } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import { literal, operators, scalarTypes, shapes, source } from '../runtime/format.ts';
import type { Layout } from './cells.ts';
import type { Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Atoms, the terms that they compare, and the keys by which terms look up settings. */
export function layAtoms(pool: Pool, policy: Policy, atoms: readonly Atom[], slots: Slots): Layout {
  const keys: number[] = [];
  const terms: number[] = [];
  const numbers = new Map<string, number>();
  const term = (from: Term): number => {
    const key = JSON.stringify([from.text, from.source, from.type, from.isSet, from.isDay, from.months]);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const { isSet, isDay, months, type } = from;
    terms.push(pool.text(from.text), ...layPlace(pool, policy, from, slots, keys));
    terms.push(scalarTypes.indexOf(type.kind), ...pool.list(valuesOf(type)), Number(isSet), Number(isDay), months);
    numbers.set(key, numbers.size);
    return numbers.size - 1;
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

/** Of the section `terms`: from, path, slot, setting, keys. */
function layPlace(pool: Pool, policy: Policy, { source: from }: Term, slots: Slots, keys: number[]): number[] {
  const none = pool.list([]);
  switch (from.kind) {
    case 'attribute':
      return [source[from.root], ...pool.list(from.path), -1, -1, 0, 0];
    case 'slot':
      return [source.slot, ...none, slots.number(from.slot), -1, 0, 0];
    case 'lookup': {
      if (policy.settings.get(from.setting)?.indexes.length !== from.keys.length) {
        throw new InternalError(`${from.setting} is not looked up by ${from.keys.length} keys`);
      }
      const first = keys.length / shapes.keys.width;
      for (const key of from.keys) keys.push(...layKey(pool, key));
      return [source.lookup, ...none, -1, pool.text(from.setting), first, from.keys.length];
    }
    default:
      return from satisfies never;
  }
}

function layKey(pool: Pool, key: string | AttributeKey): number[] {
  if (typeof key === 'string') return [literal, pool.text(key), ...pool.list([])];
  return [source[key.root], -1, ...pool.list(key.path)];
}

function valuesOf(type: ScalarType): readonly string[] {
  return type.kind === 'enum' ? type.values : [];
}

function constantValue({ value }: Constant) {
  if (typeof value !== 'object') return { kind: 'scalar' as const, value };
  return { kind: 'set' as const, values: value };
}
