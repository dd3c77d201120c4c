import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import {
  and,
  atom,
  bit,
  constant,
  type Expression,
  fact,
  not,
  or,
  outcome,
  type Sketch,
  set,
  slot,
  table,
} from './build.ts';

const text = (path: string) => fact(path, 'string');
const texts = (path: string) => fact(path, 'string', { set: true });
/** Each condition is one that decisions ask the quick way, or a "not" of it. */
const conditions = {
  owner: atom('equal', text('resource.owner'), text('user.id')),
  'another owner': not(atom('equal', text('resource.owner'), text('user.id'))),
  'deep owner': atom('equal', text('resource.client.owner'), text('user.id')),
  kind: atom('equal', text('resource.kind'), constant('open')),
  place: atom('contains', text('resource.place'), slot('limit', 'string', { set: true })),
  assigned: atom('contains', text('user.id'), texts('resource.assigned')),
  tags: atom('overlaps', texts('resource.client.tags'), slot('limit', 'string', { set: true })),
  'no tags': not(atom('overlaps', texts('resource.client.tags'), slot('limit', 'string', { set: true }))),
  open: bit('open'),
  closed: not(bit('open')),
  'one of four': or(
    atom('equal', text('resource.a'), text('user.id')),
    atom('equal', text('resource.b'), text('user.id')),
    atom('equal', text('resource.c'), text('user.id')),
    atom('equal', text('resource.d'), text('user.id')),
  ),
  'all of four': and(bit('a'), bit('b'), bit('c'), bit('d')),
};
const facts: Readonly<Record<keyof typeof conditions, object>> = {
  owner: { owner: 'kim' },
  'another owner': { owner: 'lee' },
  'deep owner': { client: { owner: 'kim' } },
  kind: { kind: 'open' },
  place: { place: 'north' },
  assigned: { assigned: ['lee', 'kim'] },
  tags: { client: { tags: ['south', 'north'] } },
  'no tags': { client: { tags: ['south'] } },
  open: { open: true },
  closed: { open: false },
  'one of four': { a: 'x', b: 'x', c: 'x', d: 'kim' },
  'all of four': { a: true, b: true, c: true, d: true },
};
const policy: Sketch = {
  settings: [{ name: 'limit' }],
  grants: {
    r: Object.fromEntries(Object.entries(conditions).map(([name, when]) => [name, [{ permission: 'p', when }]])),
  },
  members: [{ key: 'kim', holds: [{ role: 'r', settings: { limit: set('north') } }] }],
};
const kim = table(policy).user('kim');
const names = Object.keys(conditions) as (keyof typeof conditions)[];

afterEach(() => {
  for (const key of Object.keys(Object.prototype)) delete (Object.prototype as Record<string, unknown>)[key];
});

describe.each(names)('%s', (name) => {
  const own = facts[name];

  test('is decided by own properties, also of objects without a prototype', () => {
    expect(kim.can(name, own)).toBe(true);
    expect(kim.can(name, Object.assign(Object.create(null), own))).toBe(true);
    expect(kim.can(name, {})).toBe(false);
  });

  test('is unknown where a property is inherited', () => {
    expect(kim.can(name, Object.create(own))).toBe(false);
    expect(kim.can(name, Object.create(Object.create(own)))).toBe(false);
    expect(kim.decide(name, Object.create(own))).toMatchObject({ allow: false, reason: 'missing-fact' });
  });

  test('is unknown where a polluted prototype has the property', () => {
    Object.assign(Object.prototype, own);
    expect(kim.can(name, {})).toBe(false);
    expect(kim.can(name, [])).toBe(false);
    expect(kim.can(name, 'text')).toBe(false);
    expect(kim.can(name, undefined)).toBe(false);
    expect(kim.can(name, own)).toBe(true);
  });

  test('is unknown where an array has the property', () => {
    expect(kim.can(name, Object.assign([], own))).toBe(false);
  });
});

test('an inherited step of a path makes it unknown, and so does an own step of something inherited', () => {
  expect(kim.can('tags', { client: Object.create({ tags: ['north'] }) })).toBe(false);
  expect(kim.can('tags', Object.create({ client: { tags: ['north'] } }))).toBe(false);
  expect(kim.can('tags', { client: Object.assign([], { tags: ['north'] }) })).toBe(false);
});

describe('a polluted prototype', () => {
  const loaded = () =>
    table({
      settings: [{ name: 'limit' }],
      grants: {
        r: { tags: [{ permission: 'p', when: conditions.tags }], kind: [{ permission: 'p', when: conditions.kind }] },
        guest: { see: [{ permission: 'p', when: bit('open') }] },
      },
      given: ['guest'],
      members: [{ key: 'kim', holds: [{ role: 'r', settings: { limit: set('north') } }] }],
    });

  test('gives no values to conditions', () => {
    const prototype = Object.prototype as Record<number, unknown>;
    for (let i = 0; i < 40; i++) prototype[i] = ['south'];
    const user = loaded().user('kim');
    const answers = [
      user.can('tags', { client: { tags: ['south'] } }),
      user.can('tags', { client: { tags: ['north'] } }),
      user.can('kind', { kind: 'south' }),
      user.can('kind', { kind: 'open' }),
    ];
    for (let i = 0; i < 40; i++) delete prototype[i];
    expect(answers).toEqual([false, true, false, true]);
  });

  test('names nobody and gives no roles', () => {
    Object.assign(Object.prototype, { roles: ['guest'] });
    expect(loaded().user({ id: 'nobody' }).can('see', { open: true })).toBe(false);
    expect(
      loaded()
        .user({ id: 'nobody', roles: ['guest'] })
        .can('see', { open: true }),
    ).toBe(true);
    Object.assign(Object.prototype, { id: 'kim', roles: undefined });
    for (const who of [{}, undefined, 5, [], Object.create({ id: 'kim' })]) {
      expect(
        loaded()
          .user(who as never)
          .can('kind', { kind: 'open' }),
      ).toBe(false);
    }
    expect(loaded().user({ id: 'kim' }).can('kind', { kind: 'open' })).toBe(true);
  });
});

describe('a fact that somebody else has', () => {
  const user = (when: Expression) =>
    table({
      outcomes: [
        { name: 'audited', duties: ['log'], isLastResort: false },
        { name: 'asked', duties: ['ask'], isLastResort: false },
      ],
      settings: [{ name: 'limit' }],
      grants: { r: { act: [{ permission: 'p', when }] } },
      members: [{ key: 'kim', holds: [{ role: 'r', settings: { limit: set('north') } }] }],
    }).user('kim');

  test('does not matter where another alone allows', () => {
    const either = user(or(bit('a'), bit('b'), bit('c'), bit('d')));
    expect(either.can('act', Object.assign(Object.create({ a: false, b: false }), { c: false, d: true }))).toBe(true);
    expect(either.can('act', Object.assign(Object.create({ d: true }), { a: false, b: false, c: false }))).toBe(false);
    const unless = user(and(not(bit('a')), bit('b')));
    expect(unless.can('act', Object.assign(Object.create({ a: false }), { b: true }))).toBe(false);
  });

  test('nor does one of which nobody says whose it is', () => {
    const either = user(or(bit('a'), bit('b')));
    const secretive = (data: object, secret: string) =>
      new Proxy(data, {
        getOwnPropertyDescriptor: (of, key) => {
          if (key === secret) throw new Error('not yours');
          return Reflect.getOwnPropertyDescriptor(of, key);
        },
      });
    expect(either.decide('act', secretive({ a: false, b: true }, 'a'))).toMatchObject({
      allow: true,
      reason: 'granted',
    });
    expect(either.decide('act', secretive({ a: false, b: true }, 'b'))).toMatchObject({
      allow: false,
      reason: 'wrong-type',
    });
  });

  test('does not choose a better outcome', () => {
    const better = user(or(and(bit('a'), bit('b')), outcome('audited', bit('b'))));
    expect(better.decide('act', { a: true, b: true }).outcome).toBe(null);
    expect(better.decide('act', Object.assign(Object.create({ a: true }), { b: true })).outcome).toBe('audited');
    const worse = user(or(and(not(bit('a')), bit('b')), outcome('asked', bit('b'))));
    expect(worse.decide('act', { a: false, b: true }).outcome).toBe(null);
    expect(worse.decide('act', Object.assign(Object.create({ a: false }), { b: true })).outcome).toBe('asked');
  });

  test('is as good as none, whatever the condition', () => {
    const atoms = [
      ...['a', 'b', 'c'].map(bit),
      atom('equal', text('resource.owner'), text('user.id')),
      atom('equal', text('resource.client.owner'), constant('kim')),
      atom('contains', text('user.id'), texts('resource.assigned')),
      atom('overlaps', texts('resource.client.tags'), slot('limit', 'string', { set: true })),
      atom('before', fact('resource.pages', 'int'), null, 5),
    ];
    const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, depthSize: 'large' },
        fc.constantFrom<Expression>(...atoms),
        fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => and(one, other)),
        fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => or(one, other)),
        tie('expression').map(not),
        fc.tuple(fc.constantFrom('audited', 'asked'), tie('expression')).map(([name, term]) => outcome(name, term)),
      ),
    }));
    const someone = fc.constantFrom('kim', 'lee');
    const client = fc.record({ owner: someone, tags: fc.subarray(['north', 'south']) });
    const resource = fc.record({
      ...{ a: fc.boolean(), b: fc.boolean(), c: fc.boolean(), pages: fc.constantFrom(1, 9), owner: someone },
      ...{ assigned: fc.subarray(['kim', 'lee']), client },
    });
    const names = fc.subarray(['a', 'b', 'c', 'pages', 'owner', 'assigned', 'client', 'client.owner', 'client.tags']);
    const part = (facts: object, missing: readonly string[], isInherited: boolean, path = ''): object => {
      const pick = (isMissing: boolean) =>
        Object.fromEntries(Object.entries(facts).filter(([name]) => missing.includes(path + name) === isMissing));
      return Object.assign(isInherited ? Object.create(pick(true)) : {}, pick(false));
    };
    const without = (facts: { client: object }, missing: readonly string[], isInherited: boolean) =>
      part({ ...facts, client: part(facts.client, missing, isInherited, 'client.') }, missing, isInherited);
    let allowed = 0;
    fc.assert(
      fc.property(expression, fc.array(fc.tuple(resource, names), { minLength: 1 }), (when, requests) => {
        const one = user(when);
        for (const [facts, missing] of requests) {
          const answer = one.decide('act', without(facts, missing, false));
          const other = one.decide('act', without(facts, missing, true));
          expect([other.allow, other.outcome]).toEqual([answer.allow, answer.outcome]);
          expect(one.can('act', without(facts, missing, true))).toBe(answer.allow);
          if (answer.allow && missing.length > 0) allowed++;
        }
      }),
      { numRuns: 400 },
    );
    expect(allowed).toBeGreaterThan(100);
  });
});
