import { InternalError } from '../diagnostics/index.ts';
import type { Atom, AttributeKey, Constant, Term } from '../lower/diagrams.ts';
import type { Policy } from '../resolve/policy.ts';
import {
  ATOM_NAMES,
  FIRST_ATOM,
  operators,
  type PackedAtom,
  type PackedTerm,
  QUICK_FLAG,
  QUICK_TEXT,
  QUICK_TEXT_IN_SET,
  QUICK_TEXTS,
  QUICK_TEXTS_IN_SET,
  scalarTypes,
  sources,
} from '../runtime/format.ts';
import type { Pool } from './pool.ts';
import type { Slots } from './settings.ts';

/** Puts in the atoms, the terms that they compare, and the keys by which terms look up settings. */
export function layAtoms(pool: Pool, policy: Policy, atoms: readonly Atom[], slots: Slots): void {
  const place = (side: Term | Constant): number =>
    pool.add('term', side.kind === 'term' ? packTerm(side) : packConstant(side));
  const packTerm = ({ source, type, isSet, isDay, months }: Term): PackedTerm => {
    const asked = isDay ? 'date-time' : type.kind;
    return trim([
      sources.indexOf(originOf(source, asked)),
      source.kind === 'slot' ? slots.number(source.slot) : source.kind === 'lookup' ? keysOf(source) : source.path,
      scalarTypes.indexOf(asked),
      Number(isSet),
      nameOf(source),
      months,
      Number(isDay),
      type.kind === 'enum' ? pool.value({ kind: 'set', values: type.values }) : null,
      source.kind === 'lookup' ? pool.add('value', slots.tree(source.setting)) : null,
    ]);
  };
  const keysOf = ({ setting, keys }: Lookup): readonly number[] => {
    if (policy.settings.get(setting)?.indexes.length !== keys.length) {
      throw new InternalError(`${setting} is not looked up by ${keys.length} keys`);
    }
    return keys.map((key) => place(typeof key === 'string' ? { kind: 'constant', value: key } : keyTerm(key)));
  };
  atoms.forEach((atom, index) => {
    const { operator, left, right, limit } = atom;
    const sides = [place(left), right === null ? null : place(right)] as const;
    const packed: PackedAtom = [operators.indexOf(operator), limit, ...sides, quickOf(atom)];
    pool.set(FIRST_ATOM + index, packed.at(-1) === 0 ? packed.slice(0, -1) : packed);
  });
  const textOf = (side: Term | Constant | null) => (side === null ? null : side.kind === 'term' ? side.text : '');
  pool.set(
    ATOM_NAMES,
    atoms.map(({ text, left, right }) => [text, textOf(left), textOf(right)]),
  );
}

function packConstant({ value }: Constant): PackedTerm {
  return trim([sources.indexOf('constant'), value, 0, Number(typeof value === 'object')]);
}

/** Without what is 0 or null at its end. */
function trim(term: PackedTerm): PackedTerm {
  let { length } = term;
  while (length > 2 && (term[length - 1] === 0 || term[length - 1] === null)) length--;
  return term.slice(0, length) as unknown as PackedTerm;
}

const quickKinds: Readonly<Record<string, number>> = {
  'true bool one': QUICK_FLAG,
  'equal string one': QUICK_TEXT,
  'contains string set': QUICK_TEXTS,
  'contains string one': QUICK_TEXT_IN_SET,
  'overlaps string set': QUICK_TEXTS_IN_SET,
};

/** Which of the quick ones an atom is: a fact of the resource beside what cannot be long, or a caller could choose the cost. */
export function quickOf({ operator, left, right }: Pick<Atom, 'operator' | 'left' | 'right'>): number {
  const isRight = right !== null && isNear(right);
  const [fact, side] = isRight ? [right, left] : [left, right];
  if (!isNear(fact) || !isShort(side)) return 0;
  const kind = quickKinds[`${operator} ${fact.type.kind} ${fact.isSet ? 'set' : 'one'}`] ?? 0;
  return isRight ? -kind : kind;
}

function isNear(side: Term | Constant): side is Term {
  return (
    side.kind === 'term' &&
    side.source.kind === 'attribute' &&
    side.source.root === 'resource' &&
    side.source.path.length <= 2 &&
    !side.isDay
  );
}

function isShort(side: Term | Constant | null): boolean {
  if (side === null || side.kind === 'constant') return true;
  return side.source.kind === 'slot' || originOf(side.source, side.type.kind) === 'user-id';
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
