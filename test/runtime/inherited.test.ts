import { afterEach, describe, expect, test } from 'vitest';
import { and, atom, bit, constant, fact, not, or, type Sketch, set, slot, table } from './build.ts';

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
