import { describe, expect, test } from 'vitest';
import {
  all,
  and,
  atom,
  bit,
  constant,
  decider,
  fact,
  not,
  or,
  outcome,
  type Sketch,
  scalar,
  set,
  slot,
  table,
} from './build.ts';

const owner = atom('equal', fact('resource.owner', 'string'), fact('user.id', 'string'));
const tags = atom(
  'overlaps',
  fact('resource.client.tags', 'string', { set: true }),
  slot('limit', 'string', { set: true }),
);
const base: Sketch = {
  settings: [{ name: 'limit' }],
  grants: {
    r: {
      act: [
        { permission: 'own', when: owner },
        { permission: 'shared', when: bit('shared') },
      ],
      edit: [],
    },
  },
  scopes: [
    { kind: 'scope', name: 'tag-limit', is: tags },
    { kind: 'prohibition', name: 'locked', is: not(bit('locked')) },
  ],
  presentation: { act: 'greyed-out' },
  members: [{ key: 'kim', holds: [{ role: 'r', settings: { limit: set('north') } }] }],
};
const good = { owner: 'kim', shared: false, locked: false, client: { tags: ['north'] } };
const by = (more: object) => ({ role: 'r', permission: null, name: null, file: 'practice.yaml', ...more });

describe('an action', () => {
  // Names that look alike, and some that stand in every object's prototype.
  const names = [
    '',
    'a',
    'ab',
    'abc',
    'list',
    'last',
    'file.view',
    'folk.view',
    'file.vxew',
    'Ünïcode.view',
    '\u{1f600}.view',
    'toString',
    'constructor',
    '__proto__',
    '7',
  ];
  const even = names.filter((_, i) => i % 2 === 0);
  const grants = Object.fromEntries(
    names.slice(1).map((name) => [name, [{ permission: 'p', when: even.includes(name) }]]),
  );
  const given = names.slice(1).filter((name) => even.includes(name));

  test('is found by its whole name alone, however often it is asked for', () => {
    const kim = table({ grants: { r: grants }, members: [{ key: 'kim', holds: [{ role: 'r' }] }] }).user('kim');
    for (const round of [1, 2, 3]) {
      for (const name of names) expect([round, name, kim.can(name)]).toEqual([round, name, given.includes(name)]);
      for (const name of names) expect([round, name, kim.can(`${name}s`)]).toEqual([round, name, false]);
      expect(kim.decide('').reason).toBe('unknown-action');
    }
  });
});

describe('a decision', () => {
  const loaded = table(base);
  const kim = loaded.user('kim');

  test('that allows says which grant did', () => {
    expect(kim.decide('act', good).toJSON()).toEqual({
      ...{ allow: true, outcome: null, duties: [], reason: 'granted', presentation: null, missing: [] },
      decidedBy: by({ kind: 'grant', permission: 'own', line: 1 }),
      digest: loaded.digest,
    });
    expect(kim.decide('act', { ...good, owner: 'lee', shared: true }).decidedBy).toMatchObject({
      permission: 'shared',
      line: 2,
    });
  });

  test('that denies says why, and how the action looks', () => {
    expect(kim.decide('act', { ...good, owner: 'lee' })).toMatchObject({
      ...{ allow: false, outcome: null, duties: [], reason: 'condition-false', presentation: 'greyed-out' },
      decidedBy: by({ kind: 'grant', permission: 'own', line: 1 }),
    });
    expect(kim.decide('act', { ...good, locked: true })).toMatchObject({
      reason: 'prohibited',
      decidedBy: by({ kind: 'prohibition', name: 'locked', line: 2 }),
    });
    expect(kim.decide('act', { ...good, client: { tags: ['south'] } })).toMatchObject({
      reason: 'out-of-scope',
      decidedBy: by({ kind: 'scope', name: 'tag-limit', line: 1 }),
    });
    expect(kim.decide('edit', good)).toMatchObject({ reason: 'no-grant', decidedBy: null, presentation: null });
    expect(kim.decide('nap', good)).toMatchObject({ reason: 'unknown-action', presentation: null });
    expect(loaded.user('nobody').decide('nap')).toMatchObject({ reason: 'unknown-user', presentation: null });
    expect(loaded.user('nobody').decide('act')).toMatchObject({ reason: 'unknown-user', presentation: 'greyed-out' });
  });

  test('names the facts that would have decided, and only those', () => {
    const { client: _, ...noClient } = good;
    expect(kim.decide('act', noClient)).toMatchObject({ reason: 'missing-fact', missing: ['client.tags'] });
    expect(kim.decide('act', { ...good, client: 'north' })).toMatchObject({
      reason: 'wrong-type',
      missing: ['client.tags'],
    });
    expect(kim.decide('act', { ...noClient, locked: 'no' })).toMatchObject({ reason: 'missing-fact' });
    expect(kim.decide('act', { ...noClient, locked: 'no' }).missing.toSorted()).toEqual(['client.tags', 'locked']);
    // `shared` does not matter while `owner` is known and equal; `owner` does not while it is shared.
    expect(kim.decide('act', { owner: 'kim', locked: false }).missing).toEqual(['client.tags']);
    expect(kim.decide('act', { shared: true, locked: false }).missing).toEqual(['client.tags']);
    // Nothing helps against a prohibition, so nothing is missing.
    expect(kim.decide('act', { locked: true })).toMatchObject({ reason: 'prohibited', missing: [] });
    expect(kim.decide('act')).toMatchObject({ reason: 'missing-fact' });
  });

  test('of a stripped table has its reasons, without places', () => {
    const stripped = table(base, { strip: true }).user('kim');
    const nowhere = { role: 'r', permission: null, file: null, line: null };
    expect(stripped.decide('act', good).decidedBy).toEqual({ ...nowhere, kind: 'grant', name: null });
    expect(stripped.decide('act', { ...good, locked: true })).toMatchObject({
      reason: 'prohibited',
      decidedBy: { ...nowhere, kind: 'prohibition', name: 'locked' },
    });
    expect(stripped.decide('act', { ...good, locked: undefined }).missing).toEqual(['locked']);
  });

  test('that no value of the unknown facts could change is no matter of missing facts', () => {
    const x = bit('x');
    const opposed = table({
      grants: { r: { act: [{ permission: 'p', when: x }] } },
      scopes: [{ kind: 'scope', name: 'not-x', is: not(x) }],
      members: [{ key: 'kim', holds: [{ role: 'r' }] }],
    });
    expect(opposed.user('kim').decide('act', {})).toMatchObject({ reason: 'condition-false', missing: [] });
  });

  test('names settings, user and context attributes with their roots, and keys of lookups', () => {
    const is = and(
      atom('true', slot('accepted', 'bool')),
      atom('before', fact('user.age', 'int'), null, 99),
      atom('equal', fact('context.reason', 'string'), constant('care')),
    );
    const user = table({
      settings: [{ name: 'accepted' }],
      grants: { r: { act: [{ permission: null, when: is }] } },
      members: [{ key: 'kim', holds: [{ role: 'r' }] }],
    }).user({ id: 'kim', age: 'old' });
    const decision = user.decide('act', {}, { reason: null });
    expect(decision.reason).toBe('missing-fact');
    expect(decision.missing.toSorted()).toEqual(['context.reason', 'user.accepted', 'user.age']);
  });
});

describe('outcomes', () => {
  const loaded = table({
    outcomes: [
      { name: 'audited', duties: ['log'], isLastResort: false },
      { name: 'emergency', duties: ['record-reason', 'log'], isLastResort: false },
    ],
    grants: {
      r: {
        act: [
          { permission: 'glass', when: outcome('emergency', bit('urgent')) },
          { permission: 'log', when: outcome('audited', bit('mine')) },
          { permission: 'free', when: bit('free') },
        ],
      },
      s: { act: [{ permission: 'glass', when: outcome('emergency', true) }] },
    },
    members: [{ key: 'kim', holds: [{ role: 's' }, { role: 'r' }] }],
  }).user('kim');

  test('the best of all grants and assignments counts, with the duties above it', () => {
    const ask = (urgent: unknown, mine: unknown, free: unknown) => {
      const { outcome: name, duties, decidedBy } = loaded.decide('act', { urgent, mine, free });
      return [name, duties, decidedBy?.role, decidedBy?.permission];
    };
    expect(ask(true, true, true)).toEqual([null, [], 'r', 'free']);
    expect(ask(true, true, false)).toEqual(['audited', ['log'], 'r', 'log']);
    expect(ask(true, false, false)).toEqual(['emergency', ['log', 'record-reason'], 's', 'glass']);
    // Unknown takes the worse of the two.
    expect(ask(true, true, null)).toEqual(['audited', ['log'], 'r', 'log']);
    expect(ask(null, null, null)).toEqual(['emergency', ['log', 'record-reason'], 's', 'glass']);
  });
});

describe('members and their assignments', () => {
  const dated: Sketch = {
    settings: [{ name: 'tag' }],
    grants: {
      r: { act: [{ permission: 'p', when: atom('equal', fact('resource.tag', 'string'), slot('tag', 'string')) }] },
      s: { act: [], rest: [{ permission: 'q', when: true }] },
    },
    members: [
      {
        key: 'kim',
        id: 'K1',
        holds: [{ role: 'r', settings: { tag: scalar('a') }, from: 100, until: 200 }, { role: 's' }],
      },
      { key: 'lee', active: false, holds: [{ role: 's' }] },
      {
        key: 'two',
        holds: [
          { role: 'r', settings: { tag: scalar('a') } },
          { role: 'r', settings: { tag: scalar('b') } },
        ],
      },
      { key: 'none' },
      { key: 'past', holds: [{ role: 's', until: 100 }] },
    ],
  };
  const loaded = table(dated, { now: () => 150 });
  const at = (now: unknown) => loaded.user('kim').decide('act', { tag: 'a' }, { now });

  test('count from the first instant of their dates to the last', () => {
    expect([99, 100, 199, 200].map((now) => at(now).reason)).toEqual([
      'outside-dates',
      'granted',
      'granted',
      'outside-dates',
    ]);
    expect(loaded.user('kim').can('act', { tag: 'a' })).toBe(true);
    expect(at(300).decidedBy).toMatchObject({ role: 'r', permission: 'p' });
  });

  test('out of their dates are mentioned only where they would have allowed', () => {
    expect(loaded.user('kim').decide('act', { tag: 'z' }, { now: 300 }).reason).toBe('no-grant');
    expect(loaded.user('past').decide('act').reason).toBe('outside-dates');
    expect(loaded.user('past').decide('rest').reason).toBe('outside-dates');
  });

  test('with dates do not count at an unknown time; those without do', () => {
    expect(at('later')).toMatchObject({ allow: false, reason: 'wrong-type', missing: ['context.now'] });
    expect(loaded.user('kim').can('rest', {}, { now: 'later' })).toBe(true);
  });

  test('are each decided, then joined, never merged', () => {
    const two = loaded.user('two');
    expect([two.can('act', { tag: 'a' }), two.can('act', { tag: 'b' }), two.can('act', { tag: 'c' })]).toEqual([
      true,
      true,
      false,
    ]);
    const x = bit('x');
    const halves = table({
      grants: { r: { act: [{ permission: 'p', when: x }] }, s: { act: [{ permission: 'q', when: not(x) }] } },
      members: [{ key: 'kim', holds: [{ role: 'r' }, { role: 's' }] }],
    }).user('kim');
    expect([halves.can('act', { x: true }), halves.can('act', { x: false }), halves.can('act', {})]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('are found by key and by id', () => {
    expect(loaded.user('K1').can('act', { tag: 'a' })).toBe(true);
    expect(loaded.user({ id: 'K1' }).can('act', { tag: 'a' })).toBe(true);
    expect(loaded.user({ id: 'kim' }).can('act', { tag: 'a' })).toBe(true);
  });

  test('who are inactive or hold nothing are denied', () => {
    expect(loaded.user('lee').decide('rest').reason).toBe('inactive-member');
    expect(loaded.user('lee').can('rest')).toBe(false);
    expect(loaded.user('lee').decide('nap').reason).toBe('unknown-action');
    expect(loaded.user('none').decide('rest').reason).toBe('no-grant');
  });

  test('the reason on which a person can act first is reported', () => {
    const scope = {
      kind: 'scope',
      name: 'north',
      is: atom('contains', constant('north'), slot('limit', 'string', { set: true })),
    } as const;
    const kim = table({
      settings: [{ name: 'limit', default: all }],
      grants: {
        a: { act: [] },
        b: { act: [{ permission: 'p', when: bit('no') }] },
        c: { act: [{ permission: 'p', when: bit('yes') }] },
        d: { act: [{ permission: 'p', when: bit('gone') }] },
      },
      scopes: [scope],
      members: [
        { key: 'ab', holds: [{ role: 'a' }, { role: 'b' }] },
        { key: 'abc', holds: [{ role: 'a' }, { role: 'b' }, { role: 'c', settings: { limit: set('south') } }] },
        {
          key: 'abcd',
          holds: [{ role: 'a' }, { role: 'b' }, { role: 'c', settings: { limit: set('south') } }, { role: 'd' }],
        },
      ],
    });
    const ask = (user: string) => kim.user(user).decide('act', { no: false, yes: true }).reason;
    expect([ask('ab'), ask('abc'), ask('abcd')]).toEqual(['condition-false', 'out-of-scope', 'missing-fact']);
  });
});

describe('users who are no members', () => {
  const loaded = table({
    settings: [{ name: 'tag', default: scalar('a') }],
    grants: {
      guardian: {
        act: [
          { permission: 'p', when: and(owner, atom('equal', fact('resource.tag', 'string'), slot('tag', 'string'))) },
        ],
      },
      staff: { act: [{ permission: 'p', when: true }] },
    },
    given: ['guardian'],
    members: [{ key: 'kim', id: 'K1', holds: [{ role: 'staff' }] }],
  });
  const resource = { owner: 'G1', tag: 'a' };

  test('have the roles that an application may give', () => {
    expect(loaded.user({ id: 'G1', roles: ['guardian'] }).can('act', resource)).toBe(true);
    expect(loaded.user({ id: 'G2', roles: ['guardian'] }).can('act', resource)).toBe(false);
    expect(loaded.user({ roles: ['guardian'] }).decide('act', resource)).toMatchObject({
      reason: 'missing-fact',
      missing: ['user.id'],
    });
    expect(loaded.user({ id: 7, roles: ['guardian'] }).decide('act', resource).reason).toBe('wrong-type');
    expect(loaded.user({ id: 'G1', roles: [] }).decide('act', resource).reason).toBe('no-grant');
  });

  test('have no other roles, and are not members', () => {
    for (const roles of [['staff'], ['guardian', 'staff'], ['nobody'], 'guardian', null, {}, [['guardian']], [5]]) {
      const user = loaded.user({ id: 'G1', roles: roles as string[] });
      expect(user.decide('act', resource).reason).toBe('unknown-role');
      expect(user.can('act', resource)).toBe(false);
    }
    for (const id of ['kim', 'K1']) {
      expect(loaded.user({ id, roles: ['guardian'] }).decide('act', { owner: id, tag: 'a' }).reason).toBe(
        'unknown-role',
      );
    }
  });

  test('a member cannot pass for another by an attribute', () => {
    const kim = loaded.user({ id: 'kim', roles: undefined as unknown as string[], tag: 'z' });
    expect(kim.can('act')).toBe(true);
    const own = table({
      grants: { staff: { act: [{ permission: 'p', when: owner }] } },
      members: [{ key: 'kim', id: 'K1', holds: [{ role: 'staff' }] }],
    }).user({ id: 'kim' });
    expect([own.can('act', { owner: 'K1' }), own.can('act', { owner: 'kim' })]).toEqual([true, false]);
  });
});

test('an action whose facts cannot be looked at is not permitted, not even perhaps', () => {
  const verified = atom('true', fact('user.verified', 'bool'));
  const loaded = table({
    grants: {
      r: {
        act: [{ permission: 'p', when: or(bit('shared'), verified) }],
        free: [{ permission: 'p', when: true }],
        see: [{ permission: 'p', when: bit('shared') }],
      },
    },
    members: [{ key: 'kim', holds: [{ role: 'r' }] }],
  });
  const kim = loaded.user({
    id: 'kim',
    get verified(): boolean {
      throw new Error('away');
    },
  });
  expect(kim.can('act', {})).toBe(false);
  expect(kim.permitted()).toEqual({ always: new Set(['free']), sometimes: new Set(['see']) });
});

test('a time that cannot be read denies, also who asks for the first time what is always allowed', () => {
  const late = atom('before', fact('context.now', 'date-time'), null, 500);
  const loaded = table({
    grants: { r: { act: [{ permission: 'p', when: true }], wait: [{ permission: 'p', when: late }] } },
    members: [{ key: 'kim', holds: [{ role: 'r' }] }],
  });
  const context = {
    get now(): number {
      throw new Error('no clock');
    },
  };
  const kim = loaded.user('kim');
  expect(kim.can('act', {}, context)).toBe(false);
  expect(kim.can('act', {}, { now: 100 })).toBe(true);
  expect(kim.can('act', {}, context)).toBe(false);
  expect(kim.decide('act', {}, context).allow).toBe(false);
});

test('a set is of the wrong type at its first element that is', () => {
  const sizes = atom('contains', constant(5), fact('resource.sizes', 'int', { set: true }));
  const decide = decider(or(bit('shared'), sizes));
  const throwing = Object.defineProperty([[], 5], 1, {
    get() {
      throw new Error('away');
    },
  });
  expect(decide({ shared: true, sizes: throwing })).toBe(true);
  expect(decide({ shared: false, sizes: throwing })).toBe(false);
  const lying = Object.assign([4], { [Symbol.iterator]: () => [5].values() });
  expect(decide({ shared: false, sizes: lying })).toBe(false);
});

test('who decided is remembered, though the record has changed since', () => {
  const loaded = table({
    grants: {
      r: { act: [{ permission: 'first', when: bit('a') }] },
      s: { act: [{ permission: 'second', when: bit('b') }] },
    },
    members: [{ key: 'kim', holds: [{ role: 'r' }, { role: 's' }] }],
  });
  const record = { a: false, b: true };
  const decision = loaded.user('kim').decide('act', record);
  record.b = false;
  expect(decision.allow).toBe(true);
  expect(decision.decidedBy).toMatchObject({ role: 's', permission: 'second' });
});

test('a context of any kind says what time it is', () => {
  const loaded = table(
    {
      grants: { r: { act: [{ permission: 'p', when: true }] } },
      members: [{ key: 'kim', holds: [{ role: 'r', from: 100, until: 200 }] }],
    },
    { now: () => 150 },
  );
  expect(loaded.user('kim').can('act', {}, [])).toBe(true);
  expect(loaded.user('kim').can('act', {}, Object.assign([], { now: 300 }))).toBe(false);
});

test('permitted says what is allowed on everything, and on something', () => {
  const loaded = table(
    {
      grants: {
        r: {
          free: [{ permission: 'p', when: or(bit('x'), not(bit('x'))) }],
          mine: [{ permission: 'p', when: owner }],
          never: [{ permission: 'p', when: false }],
          young: [{ permission: 'p', when: atom('before', fact('user.age', 'int'), null, 18) }],
          later: [],
        },
        s: { later: [{ permission: 'p', when: true }], mine: [{ permission: 'p', when: true }] },
      },
      members: [
        { key: 'kim', holds: [{ role: 'r' }, { role: 's', from: 100 }] },
        { key: 'lee', active: false, holds: [{ role: 'r' }] },
      ],
    },
    { now: () => 50 },
  );
  expect(loaded.user({ id: 'kim', age: 17 }).permitted()).toEqual({
    always: new Set(['free', 'young']),
    sometimes: new Set(['mine']),
  });
  expect(loaded.user({ id: 'kim', age: 18 }).permitted().always).toEqual(new Set(['free']));
  expect(loaded.user('lee').permitted()).toEqual({ always: new Set(), sometimes: new Set() });
  expect(loaded.user('nobody').permitted().sometimes.size).toBe(0);
});

describe('somebody with several roles', () => {
  const two: Sketch = {
    settings: [{ name: 'limit' }],
    outcomes: [{ name: 'noted', duties: ['note'], isLastResort: false }],
    grants: {
      a: {
        own: [{ permission: 'p', when: owner }],
        both: [{ permission: 'p', when: outcome('noted', and()) }],
        late: [],
      },
      b: {
        own: [{ permission: 'p', when: true }],
        both: [{ permission: 'p', when: true }],
        late: [{ permission: 'p', when: owner }],
      },
    },
    members: [{ key: 'kim', holds: [{ role: 'a' }, { role: 'b' }] }],
  };
  const hostile = Object.defineProperty({}, 'owner', {
    get() {
      throw new Error('no');
    },
  });

  test.each([1, 2, 3])('gets the same answer the %d. time as the first', (times) => {
    const kim = table(two).user('kim');
    for (let i = 1; i < times; i++) {
      kim.can('own', { owner: 'lee' });
      kim.can('both');
    }
    expect(kim.can('both')).toBe(true);
    expect(kim.decide('both')).toMatchObject({
      allow: true,
      outcome: null,
      reason: 'granted',
      decidedBy: { role: 'b' },
    });
    expect(kim.can('own', { owner: 'lee' })).toBe(true);
    expect(kim.decide('own', { owner: 'lee' })).toMatchObject({ allow: true, decidedBy: { role: 'b' } });
    expect(kim.decide('own', { owner: 'kim' })).toMatchObject({ allow: true, decidedBy: { role: 'a' } });
    // The first role asks for a fact that cannot be looked at, whatever the second gives.
    expect(kim.can('own', hostile)).toBe(false);
    expect(kim.decide('own', hostile).allow).toBe(false);
    expect(kim.can('late', { owner: 'kim' })).toBe(true);
    expect(kim.can('late', { owner: 'lee' })).toBe(false);
    expect(kim.can('late', hostile)).toBe(false);
  });
});

test('a fact is not looked at where nothing is closed', () => {
  const hostile = Object.defineProperty({}, 'place', {
    get() {
      throw new Error('no');
    },
  });
  const place = atom('contains', fact('resource.place', 'string'), slot('limit', 'string', { set: true }));
  const of = (limit: typeof all) =>
    table({
      settings: [{ name: 'limit' }],
      grants: { r: { act: [{ permission: 'p', when: place }] } },
      members: [{ key: 'kim', holds: [{ role: 'r', settings: { limit } }] }],
    }).user('kim');
  expect(of(all).can('act', hostile)).toBe(true);
  expect(of(set('north')).can('act', hostile)).toBe(false);
  expect(of(set('north')).can('act', { place: 'north' })).toBe(true);
});
