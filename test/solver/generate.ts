/** Random conjunctions with the small worlds in which they can be tried out. */
import {
  ALL,
  type Atom,
  type AttributeFacts,
  type Literal,
  type Options,
  type SlotFacts,
  type Term,
} from '../../src/solver/index.ts';
import * as a from './atoms.ts';
import { type Place, placesOf } from './brute.ts';

export interface Draft {
  readonly theme: string;
  readonly literals: readonly Literal[];
  readonly options: Options & { readonly slots: readonly SlotFacts[] };
  readonly places: readonly Place[];
  readonly offset: number;
}

export type Random = (below: number) => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

interface Theme {
  readonly name: string;
  /** Terms by kind; those of one kind can be compared. */
  readonly scalars: readonly Term[];
  readonly sets: readonly Term[];
  readonly others: readonly Term[];
  readonly constants: readonly (string | number)[];
  /** For `before`: limits of one term, and of two. */
  readonly limits: (term: Term, random: Random) => number;
  readonly gaps: (random: Random) => number;
  /** Values to try, by type of what stands there. */
  readonly values: (name: string) => readonly unknown[];
}

const letters = ['a', 'b', 'c'];
const texts = [...letters, 'd', 'x1', 'x2', 'f3'];
const states = a.oneOf('a', 'b', 'c');
const moods = a.oneOf('b', 'c', 'd');
const keys = a.oneOf('a', 'b');

const text: Theme = {
  name: 'text',
  scalars: [
    a.attribute('resource.s'),
    a.attribute('resource.t'),
    a.attribute('user.id'),
    a.attribute('resource.e', states),
    a.attribute('resource.e'),
    a.attribute('resource.e', moods),
    a.attribute('context.f', states),
    a.attribute('resource.k', keys),
    a.attribute('resource.k'),
    a.slot('p'),
    a.slot('owner/a'),
    a.lookup('owner', ['resource.k']),
    a.lookup('owner', ['resource.s'], states),
    a.lookup('grid', ['resource.k', 'resource.e']),
    a.lookup('grid', ['a', 'resource.t']),
  ],
  sets: [
    a.setOf(a.attribute('resource.tags')),
    a.setOf(a.attribute('resource.moods', moods)),
    a.setOf(a.attribute('resource.moods')),
    a.setOf(a.slot('sites')),
    a.setOf(a.slot('access/a')),
    a.setOf(a.slot('access/b')),
    a.setOf(a.lookup('access', ['resource.k'])),
    a.setOf(a.lookup('access', ['resource.e'])),
  ],
  others: [a.attribute('resource.flag', a.bool), a.slot('switch', a.bool), a.attribute('resource.s', a.bool)],
  constants: letters,
  limits: () => 0,
  gaps: () => 0,
  values: (name) => {
    if (/flag|switch/.test(name)) return [true, false];
    if (/tags/.test(name)) return subsets(['a', 'b', 'c', 'x1', 'x2']);
    if (/moods/.test(name)) return subsets(['a', 'b', 'c', 'd', 'x1']);
    if (/sites|access/.test(name)) return [...subsets(['a', 'b', 'c', 'x1']), ALL];
    return name === 'resource.s' ? [...texts, true, false] : texts;
  },
};

const numbers: Theme = {
  name: 'numbers',
  scalars: ['resource.i', 'resource.j', 'context.l']
    .map((path) => a.attribute(path, a.int))
    .concat(a.slot('max', a.int)),
  sets: [a.setOf(a.attribute('resource.counts', a.int)), a.setOf(a.slot('rooms', a.int))],
  others: [a.attribute('resource.flag', a.bool)],
  constants: [-1, 0, 1, 2],
  limits: (_, random) => random(5) - 1,
  gaps: (random) => random(5) - 2,
  values: (name) => {
    if (/flag/.test(name)) return [true, false];
    if (/counts|rooms/.test(name)) return [...subsets([-2, -1, 0, 1, 2, 3]), ...(/rooms/.test(name) ? [ALL] : [])];
    return [0, 1, 2, 3, -1, -2, 4, -3, 5, -4, 6, -5, 7];
  },
};

// Around the end of a February, where months are cut.
const length = 86_400_000;
const leap = 19_782; // 2024-02-29
const iso = (day: number) => new Date(day * length).toISOString().slice(0, 10);
const fewDays = [-2, -1, 0, 1, 2, 3].map((days) => leap + days);

const time: Theme = {
  name: 'time',
  scalars: [
    a.attribute('resource.signed', a.date),
    a.attribute('resource.due', a.date),
    a.slot('joined', a.date),
    a.day(a.attribute('context.at', a.instant)),
    a.day(a.attribute('resource.made', a.instant)),
    a.later(a.attribute('resource.signed', a.date), 1),
    a.later(a.attribute('resource.due', a.date), -12),
    a.later(a.day(a.attribute('context.at', a.instant)), 1),
  ],
  sets: [a.setOf(a.attribute('resource.days', a.date))],
  others: [a.attribute('resource.flag', a.bool)],
  constants: fewDays,
  limits: (term, random) => leap + Math.round((term.months * 146_097) / 4800) + random(7) - 3,
  gaps: (random) => [-31, -29, -1, 0, 1, 2, 30, 32, 366][random(9)]!,
  values: (name) => {
    if (/flag/.test(name)) return [true, false];
    if (/days/.test(name)) return subsets(fewDays.slice(0, 4).map(iso));
    const more = [
      ...fewDays,
      ...[-366, -365, -62, -31, -30, -29, 28, 29, 30, 31, 32, 61, 364, 365].map((days) => leap + days),
    ];
    if (/signed|due|joined/.test(name)) return more.map(iso);
    return more.flatMap((day) => [0, 1, length / 2, length - 1].map((rest) => day * length + rest));
  },
};

const instants: Theme = {
  ...time,
  name: 'instants',
  scalars: [
    a.attribute('context.at', a.instant),
    a.attribute('resource.made', a.instant),
    a.later(a.attribute('context.at', a.instant), 1),
    a.later(a.attribute('resource.made', a.instant), -1),
  ],
  sets: [],
  constants: fewDays.map((day) => day * length),
  limits: (term, random) => time.limits(term, random) * length + random(3) - 1,
  gaps: (random) => [0, 1, length, -length, 29 * length, 31 * length][random(6)]!,
};

const nested: Theme = {
  name: 'nested',
  scalars: [
    a.attribute('resource.client.id'),
    a.attribute('resource.client.state', states),
    a.attribute('resource.client'),
    a.attribute('resource.client.doctor.id'),
  ],
  sets: [],
  others: [
    a.attribute('resource.client', a.reference),
    a.attribute('resource.client.doctor', a.reference),
    a.attribute('resource', a.reference),
  ],
  constants: letters,
  limits: () => 0,
  gaps: () => 0,
  values: (name) => {
    if (name === 'resource' || name.endsWith('doctor')) return [{}];
    return name === 'resource.client' ? [{}, 'a', 'x1'] : ['a', 'b', 'c', 'x1', 'x2'];
  },
};

const themes = [text, text, text, text, numbers, numbers, numbers, time, time, instants, nested];
const slotNames = ['p', 'owner/a', 'owner/b', 'access/a', 'access/b', 'sites', 'switch', 'max', 'rooms', 'joined'];
const gridNames = ['grid/a/a', 'grid/a/b', 'grid/b/a'];

export function makeDraft(random: Random): Draft {
  const theme = themes[random(themes.length)]!;
  const offset = random(3) === 0 ? 7_200_000 : 0;
  let slots: readonly SlotFacts[] = a.slots(...slotNames, ...gridNames);
  const pool = [...theme.scalars, ...theme.sets, ...theme.others];
  // Few terms, so that literals meet.
  const terms = [...new Set(Array.from({ length: 2 + random(3) }, () => pool[random(pool.length)]!))];
  const setup = { slots, offset };
  const literals = Array.from({ length: 1 + random(6) }, (): Literal => {
    const chance = random(12);
    const is = chance < 6 ? 'true' : chance < 11 ? 'false' : 'unknown';
    const atom = makeAtom(theme, terms, random);
    return { atom, is: atom.operator === 'is-set' && is === 'false' ? 'unknown' : is };
  });
  const names = [...new Set(literals.flatMap(({ atom }) => placesOf(atom, setup)))];
  const facts = new Map<string, Partial<AttributeFacts>>();
  const places = names.map((name) => {
    const [fact, values] = makeFacts(name, theme, random);
    if (fact !== null) facts.set(name, fact);
    return { name, values };
  });
  const attributes = [...facts]
    .filter(([name]) => !name.startsWith('slot '))
    .map(([name, fact]) => {
      const [root, ...path] = name.split('.');
      return { root: root as 'user', path, ...fact };
    });
  slots = slots.map((slot) => ({ ...slot, ...facts.get(`slot ${slot.name}`) }));
  const zone = { instants: [Number.NEGATIVE_INFINITY], offsets: [offset] };
  const order = theme === nested ? (a: Place, b: Place) => a.name.length - b.name.length : () => random(2) - 0.5;
  const draft = { theme: theme.name, literals, places: [...places].sort(order), offset };
  return { ...draft, options: { slots, attributes, ...(offset !== 0 && { zone }) } };
}

const known = new Map<string, readonly unknown[]>();

function valuesOf(theme: Theme, name: string): readonly unknown[] {
  const values = known.get(theme.name + name) ?? theme.values(name);
  known.set(theme.name + name, values);
  return values;
}

function makeFacts(name: string, theme: Theme, random: Random): [Partial<AttributeFacts> | null, readonly unknown[]] {
  const values = valuesOf(theme, name);
  const chance = theme === nested ? 99 : random(20);
  if (chance === 0) return [{ isMissing: true }, [undefined]];
  if (chance === 1) {
    const value = values[random(values.length)];
    return [{ value: value as string }, [value]];
  }
  const isText = typeof values[0] === 'string' && values.length < 20 && theme === text;
  if (chance === 2 && isText) {
    return [
      { among: ['a', 'b'] },
      [...values.filter((value) => value === 'a' || value === 'b' || value === true), undefined],
    ];
  }
  // Present where it has one type only: more is not promised.
  if (chance === 3 && name !== 'resource.s') return [{ isPresent: true }, values];
  return [null, [...values, undefined]];
}

function makeAtom(theme: Theme, terms: readonly Term[], random: Random): Atom {
  const scalars = terms.filter((term) => theme.scalars.includes(term));
  const sets = terms.filter((term) => theme.sets.includes(term));
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  /** Another term if there is one: to compare a term with itself says little. */
  const other = (list: readonly Term[], term: Term): Term => {
    const others = list.filter((one) => one !== term);
    return others.length > 0 && random(9) > 0 ? pick(others) : term;
  };
  const constant = () => pick(theme.constants);
  const many = () => [...new Set(Array.from({ length: random(4) }, constant))];
  const isOrdered = ['int', 'date', 'date-time'].includes(scalars[0]?.type.kind ?? '');
  for (;;) {
    const kind = random(12);
    if (kind === 0) return a.isSet(pick(terms.filter((term) => !term.isDay && term.months === 0).concat(theme.others)));
    if (kind === 1) {
      const others = terms.filter(({ type }) => type.kind === 'bool');
      if (others.length > 0) return a.isTrue(pick(others));
    }
    if (kind < 4 && scalars.length > 0) {
      const term = pick(scalars);
      return a.equal(term, random(2) === 0 ? constant() : other(scalars, term));
    }
    if (kind < 8 && isOrdered) {
      const term = pick(scalars);
      return random(2) === 0
        ? a.precedes(term, null, theme.limits(term, random))
        : a.precedes(term, other(scalars, term), theme.gaps(random));
    }
    if (kind < 8 && sets.length > 0) {
      if (random(6) === 0)
        return a.contains(scalars.length > 0 ? pick(scalars) : constant(), scalars.length > 0 ? many() : pick(sets));
      return a.contains(random(2) === 0 || scalars.length === 0 ? constant() : pick(scalars), pick(sets));
    }
    if (kind < 10 && sets.length > 0) {
      const set = pick(sets);
      return a.overlaps(set, random(6) === 0 ? many() : other(sets, set));
    }
    if (kind < 12 && sets.length > 0) {
      const chance = random(6);
      const set = pick(sets);
      return a.within(chance === 0 ? many() : set, chance === 1 || chance === 2 ? many() : other(sets, set));
    }
  }
}

function subsets<T>(elements: readonly T[]): readonly T[][] {
  return elements.reduce<T[][]>((sets, element) => sets.concat(sets.map((set) => [...set, element])), [[]]);
}
