import { InternalError } from '../diagnostics/index.ts';
import type { Atom, AttributeKey, Constant, Term } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import { operators, scalarTypes, sources } from '../runtime/format.ts';
import type { Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Atoms, the terms that they compare, and the keys by which terms look up settings. */
export function layAtoms(pool: Pool, policy: Policy, atoms: readonly Atom[], slots: Slots) {
  const keys: number[] = [];
  const terms: number[] = [];
  const numbers = new Map<string, number>();
  const operand = (side: Term | Constant): number => {
    const name = JSON.stringify(side);
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const row = side.kind === 'term' ? termRow(side) : constantRow(side);
    terms.push(...row);
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  };
  /** Of the section `terms`: text, from, path, slot, setting, keys, type, values, isSet, isDay, months, value, name. */
  const termRow = ({ text, source, type: { kind, ...type }, isSet, isDay, months }: Term): number[] => {
    const name = nameOf(source);
    const asked = isDay ? 'date-time' : kind;
    const path = pool.list(source.kind === 'attribute' ? source.path : []);
    const slot = source.kind === 'slot' ? slots.number(source.slot) : -1;
    const setting = source.kind === 'lookup' ? pool.text(source.setting) : -1;
    const found = source.kind === 'lookup' ? layKeys(source) : [];
    const place = [...path, slot, setting, keys.push(...found) - found.length, found.length];
    const values = pool.list('values' in type ? type.values : []);
    const flags = [Number(isSet), Number(isDay), months];
    const types = [scalarTypes.indexOf(asked), ...values];
    return [
      pool.text(text),
      sources.indexOf(originOf(source, asked)),
      ...place,
      ...types,
      ...flags,
      -1,
      pool.text(name),
    ];
  };
  const constantRow = ({ value }: Constant): number[] => {
    const isSet = typeof value === 'object';
    const id = pool.value(isSet ? { kind: 'set', values: value } : { kind: 'scalar', value });
    const none = pool.list([]);
    const place = [...none, -1, -1, 0, 0];
    return [pool.text(''), sources.indexOf('constant'), ...place, 0, ...none, Number(isSet), 0, 0, id, pool.text('')];
  };
  const layKeys = ({ setting, keys: of }: Lookup): number[] => {
    if (policy.settings.get(setting)?.indexes.length !== of.length) {
      throw new InternalError(`${setting} is not looked up by ${of.length} keys`);
    }
    return of.map((key) => operand(typeof key === 'string' ? { kind: 'constant', value: key } : keyTerm(key)));
  };
  const rows = atoms.flatMap(({ text, operator, left, right, limit }) => {
    const sides = [operand(left), right === null ? -1 : operand(right)];
    return [pool.text(text), operators.indexOf(operator), ...sides, pool.number(limit)];
  });
  return { atoms: rows, terms, keys };
}

/** Where a value comes from: a fact may have any name, so what counts is the root and the path. */
function originOf(source: Term['source'], asked: string): (typeof sources)[number] {
  if (source.kind !== 'attribute') return source.kind;
  const { root, path } = source;
  const [name] = path.length === 1 ? path : [];
  if (root === 'user' && name === 'id') return 'user-id';
  return root === 'context' && name === 'now' && asked === 'date-time' ? 'now' : root;
}

/** As decisions call it when it is missing: a fact of the resource by its path, unless that would look like another root. */
function nameOf(source: Term['source']): string {
  if (source.kind === 'slot') return `user.${source.slot.replaceAll('/', '.')}`;
  if (source.kind === 'lookup') return `user.${source.setting}`;
  const { root, path } = source;
  const isPlain = root === 'resource' && path[0] !== 'user' && path[0] !== 'context';
  return (isPlain ? path : [root, ...path]).join('.');
}

type Lookup = Extract<Term['source'], { readonly kind: 'lookup' }>;

/** A key of a lookup is a term of its own. */
function keyTerm({ root, path }: AttributeKey): Term {
  const source = { kind: 'attribute', root, path } as const;
  const text = [root, ...path].join('.');
  return { kind: 'term', text, source, type: { kind: 'string' }, isSet: false, isDay: false, months: 0 };
}

/** Does some atom ask what time it is? */
export function readsNow(atoms: readonly Atom[]): boolean {
  const isNow = (side: Term | Constant | null) =>
    side?.kind === 'term' &&
    side.source.kind === 'attribute' &&
    side.source.root === 'context' &&
    side.source.path.join('.') === 'now';
  return atoms.some(({ left, right }) => isNow(left) || isNow(right));
}
