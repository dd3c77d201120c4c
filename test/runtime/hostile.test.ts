import fc from 'fast-check';
import { expect, test } from 'vitest';
import { and, atom, bit, constant, fact, lookup, not, or, outcome, set, slot, table } from './build.ts';

const loaded = table({
  timeZone: 'Asia/Kolkata',
  outcomes: [{ name: 'audited', duties: ['log'], isLastResort: false }],
  settings: [
    { name: 'limit', default: set('a') },
    { name: 'access', indexes: [{ name: 'section', values: ['files', 'notes'] }], default: set('kim') },
  ],
  grants: {
    r: {
      act: [
        {
          permission: 'p',
          when: or(
            and(bit('x'), not(atom('before', fact('resource.n', 'int'), fact('user.age', 'int'), 3))),
            outcome(
              'audited',
              atom('overlaps', fact('resource.tags', 'string', { set: true }), slot('limit', 'string', { set: true })),
            ),
            atom(
              'contains',
              fact('user.id', 'string'),
              lookup('access', ['resource.section'], 'string', { set: true }),
            ),
            atom('within', fact('resource.days', 'date', { set: true }), constant([19_000])),
            atom('before', fact('resource.at', 'date', { day: true, months: 3 }), null, 19_000),
            atom('equal', fact('resource.state', ['a', 'b']), fact('context.reason.code', 'string')),
            atom('is-set', fact('resource.client', 'reference')),
            atom('before', fact('context.now', 'date-time'), null, 5),
          ),
        },
      ],
    },
    guest: { act: [{ permission: 'p', when: bit('x') }] },
  },
  scopes: [{ kind: 'prohibition', name: 'n', is: not(bit('closed')) }],
  given: ['guest'],
  members: [{ key: 'kim', holds: [{ role: 'r', from: 0 }] }],
});

function trap(): never {
  throw new Error('trap');
}
const cycle: Record<string, unknown> = { x: true };
cycle.client = cycle;
const nasties: readonly unknown[] = [
  new Proxy({}, { get: trap, has: trap, getOwnPropertyDescriptor: trap, ownKeys: trap, getPrototypeOf: trap }),
  new Proxy([], { get: trap }),
  new Proxy(() => 1, { get: trap }),
  Object.defineProperty({}, 'x', { get: trap, enumerable: true }),
  Object.defineProperty({}, 'now', { get: trap }),
  Object.defineProperty({}, 'id', { get: trap }),
  Object.defineProperty({ id: 'kim' }, 'roles', { get: trap }),
  { toString: trap, valueOf: trap, [Symbol.toPrimitive]: trap },
  Object.create(null),
  Proxy.revocable({}, {}).proxy,
  (() => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy;
  })(),
  cycle,
  Symbol('s'),
  10n,
  () => 1,
  new Date(Number.NaN),
  new Map(),
  new Set([Symbol('x')]),
  new Array(1e6),
  Number.NaN,
  -0,
  '\ud800',
];

/** fast-check looks into what it generates, which some of them would not survive: it gets numbers of them. */
class Nasty {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
}
const nasty = fc.nat({ max: nasties.length - 1 }).map((number) => new Nasty(number));

function bare(value: unknown): unknown {
  if (value instanceof Nasty) return nasties[value.number];
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bare(inner)]));
}

const anything = fc.oneof(
  fc.anything({ withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
  nasty,
);
const names = ['x', 'n', 'tags', 'section', 'days', 'at', 'state', 'client', 'closed', 'owner'];
const resource = fc.oneof(anything, fc.dictionary(fc.constantFrom(...names), anything));
const context = fc.oneof(anything, fc.dictionary(fc.constantFrom('now', 'reason'), anything));
const who = fc.oneof(
  anything,
  fc.constant('kim'),
  fc.record({ id: fc.oneof(fc.constant('kim'), anything), age: anything }),
  fc.record({ id: anything, roles: fc.oneof(anything, fc.constant(['guest']), fc.array(anything)) }),
);

test('nothing that an application passes makes a decision throw', () => {
  fc.assert(
    fc.property(who, fc.oneof(fc.constant('act'), anything), resource, context, (...request) => {
      const [id, action, data, facts] = request.map(bare);
      const user = loaded.user(id as string);
      const allowed = user.can(action as string, data, facts);
      const decision = user.decide(action as string, data, facts);
      expect(typeof allowed).toBe('boolean');
      expect(decision.allow).toBe(allowed);
      expect(decision.digest).toBe(loaded.digest);
      user.permitted();
    }),
    { numRuns: 5000 },
  );
});

test('a fact that throws is denied as one of the wrong type', () => {
  const kim = loaded.user('kim');
  const decision = kim.decide('act', Object.defineProperty({ closed: false }, 'x', { get: trap }));
  expect(decision).toMatchObject({ allow: false, reason: 'wrong-type', decidedBy: null, missing: [] });
});

test('leaving a fact out never widens', () => {
  const value = fc.oneof(
    fc.boolean(),
    fc.integer(),
    fc.constantFrom('a', 'b', 'notes', '2022-01-08'),
    fc.constant(['a']),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), fc.constantFrom(...names), (facts, name) => {
      const { [name]: _, ...fewer } = facts;
      if (loaded.user('kim').can('act', fewer, { now: 9 })) {
        const known = { ...fewer };
        for (const choice of [true, false]) {
          expect(loaded.user('kim').can('act', { ...known, x: known.x ?? choice }, { now: 9 })).toBe(true);
        }
      }
      expect(loaded.user('kim').can('act', { ...facts, closed: undefined }, { now: 9 })).toBe(false);
    }),
  );
});

test('what throws is answered alike by can and decide, each time, also where one of several roles allows', () => {
  const both = () =>
    table({
      outcomes: [{ name: 'audited', duties: ['log'], isLastResort: false }],
      grants: {
        first: { act: [{ permission: 'p', when: outcome('audited', bit('a')) }] },
        second: { act: [{ permission: 'p', when: bit('b') }] },
      },
      members: [{ key: 'kim', holds: [{ role: 'first' }, { role: 'second' }] }],
    }).user('kim');
  const trapped = Object.defineProperty({ a: true }, 'b', { get: trap });
  const kim = both();
  expect([kim.can('act', trapped), kim.can('act', trapped), kim.decide('act', trapped).allow]).toEqual([
    false,
    false,
    false,
  ]);
  expect([kim.can('act', { a: true, b: false }), kim.decide('act', { a: true, b: false }).allow]).toEqual([true, true]);
  // No condition and no date asks for the time.
  const context = Object.defineProperty({}, 'now', { get: trap });
  const another = both();
  const answers = [another.can('act', { b: true }, context), another.decide('act', { b: true }, context).allow];
  expect([...answers, another.can('act', { b: true }, context)]).toEqual([true, true, true]);
});
