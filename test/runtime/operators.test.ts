import { describe, expect, test } from 'vitest';
import type { Atom } from '../../src/lower/diagrams.ts';
import type { Setting } from '../../src/resolve/policy.ts';
import {
  all,
  and,
  atom,
  constant,
  decider,
  fact,
  lookup,
  not,
  or,
  type Sketch,
  scalar,
  set,
  slot,
  table,
} from './build.ts';

/** Of `can` when the atom must hold, and when it must not: an unknown atom denies both. */
function truth(condition: Atom, more: Partial<Sketch> = {}, settings = {}) {
  const is = decider(condition, more, settings);
  const isNot = decider(not(condition), more, settings);
  return (resource?: unknown, context?: unknown, user = {}) => {
    const answers = [is(resource, context, user), isNot(resource, context, user)].join();
    return { 'true,false': true, 'false,true': false, 'false,false': null }[answers];
  };
}

const declared = (name: string, more: Partial<Setting> = {}): Partial<Sketch> => ({ settings: [{ name, ...more }] });

describe('equal', () => {
  const is = truth(atom('equal', fact('resource.a', 'string'), fact('resource.b', 'string')));

  test('compares strings by code units', () => {
    expect(is({ a: 'x', b: 'x' })).toBe(true);
    expect(is({ a: '\u00e9', b: 'e\u0301' })).toBe(false);
    expect(is({ a: '', b: '' })).toBe(true);
    expect(is({ a: 'a\0', b: 'a' })).toBe(false);
  });

  test('is unknown where a side is absent, null or no string', () => {
    for (const a of [undefined, null, 1, true, ['x'], { x: 1 }, new String('x')]) expect(is({ a, b: 'x' })).toBe(null);
    for (const resource of [undefined, null, 'x', 7, [], () => 1]) expect(is(resource)).toBe(null);
  });

  test('knows that no number is a safe integer twice', () => {
    const same = truth(atom('equal', fact('resource.n', 'int'), constant(0)));
    expect(same({ n: 0 })).toBe(true);
    expect(same({ n: -0 })).toBe(true);
    expect(same({ n: 1 })).toBe(false);
    for (const n of ['0', null, Number.NaN, 0.5, 2 ** 53, [0], 0n, new Date(0)]) expect(same({ n })).toBe(null);
    expect(truth(atom('equal', fact('resource.n', 'int'), constant(-0)))({ n: 0 })).toBe(true);
  });

  test('takes only the values of an enum', () => {
    const many = Array.from({ length: 12 }, (_, i) => `v${i}`);
    for (const values of [['draft', 'locked'], ['draft', 'locked', ...many].sort()]) {
      const draft = truth(atom('equal', fact('resource.state', values), constant('draft')));
      expect(draft({ state: 'draft' })).toBe(true);
      expect(draft({ state: 'locked' })).toBe(false);
      expect(draft({ state: 'drafty' })).toBe(null);
    }
  });
});

describe('paths', () => {
  const is = truth(atom('equal', fact('resource.client.name', 'string'), constant('ann')));

  test('go through objects, and their own properties, only', () => {
    expect(is({ client: { name: 'ann' } })).toBe(true);
    expect(is({ client: Object.create(null, { name: { value: 'ann' } }) })).toBe(true);
    expect(is({ client: { name: 'bob' } })).toBe(false);
    for (const client of [undefined, null, 'ann', ['ann'], Object.assign(['x'], { name: 'ann' }), 5]) {
      expect(is({ client })).toBe(null);
    }
    expect(is({ client: Object.create({ name: 'ann' }) })).toBe(null);
    const length = truth(atom('equal', fact('resource.tags.length', 'int'), constant(1)));
    expect(length({ tags: ['x'] })).toBe(null);
    expect(length({ tags: 'x' })).toBe(null);
  });

  test('do not see what stands on every object', () => {
    const hidden = truth(atom('is-set', fact('resource.constructor', 'reference')));
    const proto = truth(atom('is-set', fact('resource.__proto__', 'reference')));
    expect(hidden({})).toBe(null);
    expect(proto({})).toBe(null);
  });
});

describe('before', () => {
  test('compares a difference of ints with a limit', () => {
    const is = truth(atom('before', fact('resource.a', 'int'), fact('resource.b', 'int'), 3));
    expect(is({ a: 5, b: 3 })).toBe(true);
    expect(is({ a: 6, b: 3 })).toBe(false);
    expect(is({ a: Number.NaN, b: 3 })).toBe(null);
    expect(is({ a: null, b: 3 })).toBe(null);
    expect(is({ a: [5], b: 3 })).toBe(null);
  });

  test('compares a number with a limit', () => {
    const is = truth(atom('before', fact('user.age', 'int'), null, 18));
    expect(is({}, {}, { age: 17 })).toBe(true);
    expect(is({}, {}, { age: 18 })).toBe(false);
    expect(is({}, {}, { age: '17' })).toBe(null);
    expect(is({}, {}, {})).toBe(null);
  });

  test('takes days that exist, as ISO texts', () => {
    const limit = Date.UTC(2024, 1, 29) / 86_400_000 + 1;
    const is = truth(atom('before', fact('resource.day', 'date'), null, limit));
    expect(is({ day: '2024-02-29' })).toBe(true);
    expect(is({ day: '2024-03-01' })).toBe(false);
    expect(is({ day: '0000-01-01' })).toBe(true);
    expect(is({ day: '0099-12-31' })).toBe(true);
    expect(is({ day: '9999-12-31' })).toBe(false);
    const wrong = [
      '2023-02-29',
      '2024-02-30',
      '2024-13-01',
      '0001-13-13',
      '0004-31-01',
      '2024-00-10',
      '2024-01-00',
      '2024-1-1',
      ' 2024-01-01',
    ];
    for (const day of [...wrong, '2024-01-01Z', '2024/01/01', '', 'yesterday', 19_000, new Date(0), '1900-02-29']) {
      expect(is({ day })).toBe(null);
    }
  });

  test('takes instants as RFC 3339 texts with an offset, or as milliseconds', () => {
    const is = truth(atom('before', fact('resource.at', 'date-time'), null, Date.UTC(2024, 0, 1, 10)));
    expect(is({ at: '2024-01-01T09:59:59Z' })).toBe(true);
    expect(is({ at: '2024-01-01T10:00:00Z' })).toBe(false);
    expect(is({ at: '2024-01-01T10:30:00+01:00' })).toBe(true);
    expect(is({ at: '2024-01-01T09:30:00-01:00' })).toBe(false);
    expect(is({ at: '2024-01-01t09:59:59.9999z' })).toBe(true);
    expect(is({ at: Date.UTC(2024, 0, 1, 9) })).toBe(true);
    const wrong = ['2024-01-01T10:00:00', '2024-01-01', '2024-01-01 10:00:00Z', '2024-01-01T24:00:00Z'];
    wrong.push('2024-01-01T10:60:00Z', '2024-01-01T10:00:60Z', '2024-01-01T10:00:00.Z', '2024-02-30T10:00:00Z');
    wrong.push('2024-01-01T10:00Z', '2024-01-01T10:00:00+1:00', '2024-01-01T10:00:00+24:00', '2024-01-01T10:00:00ZZ');
    for (const at of [...wrong, Number.NaN, 0.5, Number.POSITIVE_INFINITY, null, new Date(0), 5n]) {
      expect(is({ at })).toBe(null);
    }
  });

  test('agrees with the clock of JavaScript to the millisecond', () => {
    for (const at of ['2024-02-29T23:59:59.123Z', '1969-12-31T23:59:59.001+05:45', '0001-01-01T00:00:00-12:00']) {
      const is = truth(atom('before', fact('resource.at', 'date-time'), null, Date.parse(at)));
      const isNext = truth(atom('before', fact('resource.at', 'date-time'), null, Date.parse(at) + 1));
      expect([is({ at }), isNext({ at })]).toEqual([false, true]);
    }
  });

  test('adds calendar months, the day cut to the last of the month', () => {
    const limit = Date.UTC(2023, 1, 28) / 86_400_000;
    const day = fact('resource.day', 'date', { months: 1 });
    const is = truth(atom('before', day, null, limit + 1));
    expect(is({ day: '2023-01-31' })).toBe(true);
    expect(is({ day: '2023-02-01' })).toBe(false);
    const born = fact('resource.born', 'date-time', { months: 18 * 12 });
    const adult = truth(atom('before', born, null, Date.UTC(2022, 1, 28, 12) + 1));
    expect(adult({ born: '2004-02-29T12:00:00Z' })).toBe(true);
    expect(adult({ born: '2004-02-29T12:00:01Z' })).toBe(false);
    expect(adult({ born: 8.64e15 + 1 })).toBe(null);
  });

  test('turns an instant into the day of the time zone', () => {
    const day = fact('resource.at', 'date', { day: true });
    const limit = Date.UTC(2024, 0, 2) / 86_400_000;
    const is = truth(atom('before', day, null, limit), { timeZone: 'Australia/Sydney' });
    expect(is({ at: '2024-01-01T12:59:59Z' })).toBe(true);
    expect(is({ at: '2024-01-01T13:00:00Z' })).toBe(false);
    const winter = Date.UTC(2024, 6, 2) / 86_400_000;
    const isWinter = truth(atom('before', day, null, winter), { timeZone: 'Australia/Sydney' });
    expect(isWinter({ at: '2024-07-01T13:59:59Z' })).toBe(true);
    expect(isWinter({ at: '2024-07-01T14:00:00Z' })).toBe(false);
    expect(is({ at: '2024-01-01' })).toBe(null);
    const utc = truth(atom('before', day, null, limit));
    expect(utc({ at: -1e15 })).toBe(true);
    expect(utc({ at: '2024-01-02T00:00:00Z' })).toBe(false);
  });
});

describe('contains', () => {
  const is = truth(atom('contains', fact('user.id', 'string'), fact('resource.team', 'string', { set: true })));

  test('looks for an element in an array or a Set', () => {
    expect(is({ team: ['lee', 'kim'] })).toBe(true);
    expect(is({ team: ['lee'] })).toBe(false);
    expect(is({ team: [] })).toBe(false);
    expect(is({ team: new Set(['kim']) })).toBe(true);
  });

  test('is unknown when one element has another type', () => {
    for (const team of [['kim', null], ['kim', 1], 'kim', { 0: 'kim' }, [undefined], new Array(1), new Map()]) {
      expect(is({ team })).toBe(null);
    }
    expect(is({ team: new Set(['kim', 1]) })).toBe(null);
  });

  test('is unknown for an id of another type, whoever gives it', () => {
    const assigned = atom('contains', fact('user.id', 'string'), fact('resource.team', 'string', { set: true }));
    const loaded = table({
      given: ['guest'],
      grants: {
        guest: { is: [{ permission: 'p', when: assigned }], 'is-not': [{ permission: 'p', when: not(assigned) }] },
      },
    });
    for (const id of [5, true, ['lee'], { id: 'lee' }, Symbol('lee'), null, undefined]) {
      const user = loaded.user({ id, roles: ['guest'] });
      expect([user.can('is', { team: ['lee'] }), user.can('is-not', { team: ['lee'] })]).toEqual([false, false]);
      expect(user.decide('is-not', { team: ['lee'] }).allow).toBe(false);
    }
    expect(loaded.user({ id: 'kim', roles: ['guest'] }).can('is-not', { team: ['lee'] })).toBe(true);
  });

  test('compares dates as days', () => {
    const days = fact('resource.days', 'date', { set: true });
    const on = truth(atom('contains', fact('resource.day', 'date'), days));
    expect(on({ day: '2024-01-01', days: ['2024-01-02', '2024-01-01'] })).toBe(true);
    expect(on({ day: '2024-01-01', days: ['2024-02-31', '2024-01-01'] })).toBe(null);
  });

  test('looks in a setting, and `all` holds everything, be it missing', () => {
    const limit = atom('contains', fact('resource.tag', 'string'), slot('limit', 'string', { set: true }));
    const some = truth(limit, declared('limit'), { limit: set('north', 'south') });
    expect([some({ tag: 'north' }), some({ tag: 'west' }), some({})]).toEqual([true, false, null]);
    const every = truth(limit, declared('limit'), { limit: all });
    expect([every({ tag: 'west' }), every({}), every({ tag: 5 }), every()]).toEqual([true, true, true, true]);
    const many = truth(limit, declared('limit'), { limit: set(...Array.from({ length: 20 }, (_, i) => `t${i}`)) });
    expect([many({ tag: 't19' }), many({ tag: 't20' })]).toEqual([true, false]);
    expect(truth(limit, declared('limit'))({ tag: 'north' })).toBe(null);
    expect(truth(limit, declared('limit', { default: set('north') }))({ tag: 'north' })).toBe(true);
  });
});

describe('overlaps', () => {
  const limit = slot('limit', 'string', { set: true });
  const tags = fact('resource.tags', 'string', { set: true });

  test('is true when one element is shared', () => {
    const is = truth(atom('overlaps', tags, fact('resource.others', 'string', { set: true })));
    expect(is({ tags: ['a', 'b'], others: ['b'] })).toBe(true);
    expect(is({ tags: new Set(['a', 'b']), others: ['b'] })).toBe(true);
    expect(is({ tags: ['a'], others: [] })).toBe(false);
    expect(is({ tags: ['a'] })).toBe(null);
    const long = Array.from({ length: 100 }, (_, i) => `x${i}`);
    expect(is({ tags: [...long, 'y'], others: [...long.map((x) => `z${x}`), 'y'] })).toBe(true);
    expect(is({ tags: long, others: long.map((x) => `z${x}`) })).toBe(false);
  });

  test('with `all` is true whatever the other side', () => {
    const is = truth(atom('overlaps', tags, limit), declared('limit'), { limit: all });
    for (const resource of [{}, { tags: [] }, { tags: 5 }, { tags: null }, undefined]) expect(is(resource)).toBe(true);
    const two = truth(atom('overlaps', limit, tags), declared('limit'), { limit: set('a', 'b') });
    expect([two({ tags: ['b'] }), two({ tags: ['c'] }), two({ tags: [null] })]).toEqual([true, false, null]);
  });
});

describe('within', () => {
  const tags = fact('resource.tags', 'string', { set: true });
  const limit = slot('limit', 'string', { set: true });

  test('is true for a subset', () => {
    const is = truth(atom('within', tags, constant(['a', 'b'])));
    expect(is({ tags: ['a'] })).toBe(true);
    expect(is({ tags: [] })).toBe(true);
    expect(is({ tags: ['a', 'c'] })).toBe(false);
    expect(is({ tags: ['a', 1] })).toBe(null);
  });

  test('everything is within `all`, and `all` is within nothing else', () => {
    const right = truth(atom('within', tags, limit), declared('limit'), { limit: all });
    expect([right({ tags: ['x'] }), right({})]).toEqual([true, true]);
    const left = truth(atom('within', limit, tags), declared('limit'), { limit: all });
    expect([left({ tags: ['x'] }), left({})]).toEqual([false, null]);
    const both = truth(
      atom('within', limit, slot('other', 'string', { set: true })),
      { settings: [{ name: 'limit' }, { name: 'other' }] },
      { limit: all, other: all },
    );
    expect(both()).toBe(true);
  });
});

describe('is set, and true', () => {
  test('`is-set` is true or unknown, never false', () => {
    const is = truth(atom('is-set', fact('resource.owner', 'string')));
    expect([is({ owner: '' }), is({}), is({ owner: 5 })]).toEqual([true, null, null]);
    const reference = truth(atom('is-set', fact('resource.client', 'reference')));
    expect([reference({ client: {} }), reference({ client: [] }), reference({ client: null })]).toEqual([
      true,
      null,
      null,
    ]);
    const every = truth(atom('is-set', slot('limit', 'string', { set: true })), declared('limit'), { limit: all });
    expect(every()).toBe(true);
  });

  test('`true` takes booleans only', () => {
    const is = truth(atom('true', fact('resource.open', 'bool')));
    expect([is({ open: true }), is({ open: false }), is({ open: 1 }), is({ open: 'true' })]).toEqual([
      true,
      false,
      null,
      null,
    ]);
    const accepted = atom('true', slot('accepted', 'bool'));
    expect(truth(accepted, declared('accepted', { default: scalar(false) }))()).toBe(false);
    expect(truth(accepted, declared('accepted', { default: scalar(false) }), { accepted: scalar(true) })()).toBe(true);
    expect(truth(accepted, declared('accepted'))()).toBe(null);
  });
});

describe('settings', () => {
  test('an assignment goes before its role, a role before the default', () => {
    const is = (role: boolean, own: boolean) => {
      const condition = atom('equal', slot('s', 'int'), constant(1));
      const ask = decider(
        condition,
        {
          settings: [{ name: 's', default: scalar(role || own ? 0 : 1) }],
          roleSettings: role ? { r: { s: scalar(own ? 0 : 1) } } : {},
        },
        own ? { s: scalar(1) } : {},
      );
      return ask();
    };
    expect([is(false, false), is(true, false), is(false, true), is(true, true)]).toEqual([true, true, true, true]);
  });

  test('are chosen by keys of the request, which must be texts that exist', () => {
    const indexes = [
      { name: 'section', values: ['files', 'notes'] },
      { name: 'mode', values: ['edit', 'view'] },
    ];
    const term = lookup('access', ['resource.section', 'view'], 'string', { set: true });
    const is = truth(
      atom('contains', fact('resource.owner', 'string'), term),
      { settings: [{ name: 'access', indexes, default: set() }] },
      { 'access/notes/view': set('lee'), 'access/files/view': all },
    );
    expect(is({ section: 'notes', owner: 'lee' })).toBe(true);
    expect(is({ section: 'notes', owner: 'ann' })).toBe(false);
    expect(is({ section: 'files' })).toBe(true);
    for (const section of ['', 'constructor', 'notes/view', 5, null, undefined, ['notes']]) {
      expect(is({ section, owner: 'lee' })).toBe(null);
    }
    const slots = atom(
      'contains',
      fact('resource.owner', 'string'),
      slot('access/notes/edit', 'string', { set: true }),
    );
    expect(truth(slots, { settings: [{ name: 'access', indexes, default: set() }] })({ owner: 'lee' })).toBe(false);
  });
});

describe('the time', () => {
  const condition = atom('before', fact('context.now', 'date-time'), null, 1000);
  const sketch: Sketch = {
    grants: { r: { act: [{ permission: null, when: condition }] } },
    members: [{ key: 'kim', holds: [{ role: 'r' }] }],
  };
  const at = (clock: () => number) => table(sketch, { now: clock }).user('kim');

  test('is that of the context, else the clock', () => {
    expect(at(() => 999).can('act')).toBe(true);
    expect(at(() => 1000).can('act')).toBe(false);
    expect(at(() => 5000).can('act', {}, { now: '1970-01-01T00:00:00Z' })).toBe(true);
    expect(at(() => 5000).can('act', {}, { now: 999 })).toBe(true);
    expect(at(() => 0).can('act', {}, { now: undefined })).toBe(true);
  });

  test('is unknown where the context or the clock says nonsense', () => {
    for (const now of [null, 'now', new Date(0), Number.NaN, {}])
      expect(at(() => 0).can('act', {}, { now })).toBe(false);
    expect(at(() => Number.NaN).can('act')).toBe(false);
    expect(at(() => 'x' as unknown as number).can('act')).toBe(false);
    expect(
      at(() => {
        throw new Error('no clock');
      }).can('act'),
    ).toBe(false);
  });
});

test('a tautology over unknown facts is true, a contradiction false', () => {
  const x = atom('true', fact('resource.x', 'bool'));
  const y = atom('true', fact('resource.y', 'bool'));
  expect(decider(or(x, not(x)))()).toBe(true);
  expect(decider(or(and(x, y), and(not(x), y)))({ y: true })).toBe(true);
  expect(decider(or(and(x, y), and(not(x), y)))({ x: true })).toBe(false);
});
