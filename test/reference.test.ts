import { expect, test } from 'vitest';
import type { Formula, Operand, Policy, Role, Setting, Type, Value } from '../src/resolve/policy.ts';
import { decideByReference, type Request } from './reference.ts';

const span = { file: 0, start: 0, end: 0 } as never;
const now = Date.UTC(2026, 4, 1);
const string: Type = { kind: 'string' };
const strings: Type = { kind: 'set', of: string };

const literal = (value: string | number | boolean): Operand => ({ kind: 'literal', value });
const resource = (path: string, type: Type): Operand => ({
  kind: 'attribute',
  root: 'resource',
  path: path.split('.'),
  type,
});
const setting = (name: string, type: Type, ...indexes: Operand[]): Operand => ({
  kind: 'setting',
  name,
  indexes,
  type,
});
const compare = (left: Operand, operator: '==' | '<' | 'in' | 'overlaps' | 'within', right: Operand): Formula => ({
  kind: 'comparison',
  operator,
  left,
  right,
  span,
});
const flag = (path: string): Formula => ({
  kind: 'comparison',
  operator: 'true',
  left: resource(path, { kind: 'bool' }),
  right: null,
  span,
});
const not = (term: Formula): Formula => ({ kind: 'not', term });
const or = (...terms: Formula[]): Formula => ({ kind: 'or', terms });
const and = (...terms: Formula[]): Formula => ({ kind: 'and', terms });
const always: Formula = { kind: 'constant', value: true };

interface Sketch {
  readonly roles?: Record<string, readonly string[]>;
  readonly settings?: Record<string, Value>;
  readonly grants: readonly [string | null, Formula, string?][];
  readonly scopes?: readonly Formula[];
  readonly more?: Partial<Policy>;
}

/** One member `m` who has every role; one action `note.view`. */
function policyOf({ roles = { r: [] }, settings = {}, grants, scopes = [], more = {} }: Sketch): Policy {
  const values = new Map(Object.entries(settings));
  const declared = [...values.keys(), 'access/x/y']
    .map((slot) => slot.split('/'))
    .map(([name, ...keys]): [string, Setting] => [
      name!,
      {
        name: name!,
        title: null,
        indexes: keys.map((key) => ({ name: key, values: ['edit', 'notes', 'view'] })),
        type: strings,
        onRole: true,
        onAssignment: true,
        optional: true,
        default: null,
        span,
      },
    ]);
  const formulas = (formula: Formula) => new Map([['note.view', formula]]);
  const facts = { text: null, span };
  return {
    timeZone: 'Australia/Sydney',
    features: new Map(),
    outcomes: [
      { name: 'audited', duties: [] },
      { name: 'emergency', duties: [] },
    ],
    settings: new Map(declared),
    actions: new Map([['note.view', { name: 'note.view', constants: new Map() }]]),
    grants: grants.map(([permission, formula, outcome]) => ({
      ...facts,
      permission,
      formulas: formulas(formula),
      outcome: outcome ?? null,
    })),
    scopes: scopes.map((formula) => ({ ...facts, kind: 'scope', name: 's', title: null, formulas: formulas(formula) })),
    roles: new Map(
      Object.entries(roles).map(([name, permissions]) => [
        name,
        {
          name,
          account: 'clinical',
          permissions: new Map(permissions.map((permission) => [permission, { kind: 'level', level: 'basic' }])),
          settings: new Map(),
          givenByApplication: name === 'guardian',
        } as unknown as Role,
      ]),
    ),
    members: new Map([
      [
        'm',
        {
          key: 'm',
          id: 'M1',
          title: null,
          active: true,
          assignments: Object.keys(roles).map((role) => ({ role, settings: values, from: null, until: null, span })),
          attributes: new Map(),
          span,
        },
      ],
    ]),
    ...more,
  } as unknown as Policy;
}

function decide(sketch: Sketch, facts: unknown, request: Partial<Request> = {}) {
  const whole = { user: 'M1', action: 'note.view', resource: facts, context: {}, now, ...request };
  return decideByReference(policyOf(sketch), whole);
}
const allows = (formula: Formula, facts: unknown, settings: Record<string, Value> = {}) =>
  decide({ grants: [[null, formula]], settings }, facts).allow;

test('what holds whatever the missing fact is holds', () => {
  expect(allows(or(flag('x'), not(flag('x'))), {})).toBe(true);
  expect(allows(flag('x'), {})).toBe(false);
  expect(allows(not(flag('x')), {})).toBe(false);
  expect(allows(not(flag('x')), { x: 'no' })).toBe(false);
  expect(allows(not(flag('x')), { x: false })).toBe(true);
});

test('assignments never combine inside one function', () => {
  const grants: Sketch['grants'] = [
    ['a', flag('x')],
    ['b', not(flag('x'))],
  ];
  expect(decide({ roles: { r: ['a'], s: ['b'] }, grants }, {}).allow).toBe(false);
  expect(decide({ roles: { r: ['a'], s: ['b'] }, grants }, { x: false }).allow).toBe(true);
  expect(decide({ roles: { r: ['a', 'b'] }, grants }, {}).allow).toBe(true);
});

test('two spellings of one test vary together', () => {
  const int: Type = { kind: 'int' };
  const [a, b] = [resource('a', int), resource('b', int)];
  expect(allows(or(compare(a, '<', literal(5)), compare(literal(4), '<', a)), {})).toBe(true);
  expect(allows(or(compare(a, '<', literal(5)), compare(literal(5), '<', a)), {})).toBe(false);
  expect(allows(or(compare(a, '<', b), not(compare(a, '<', b))), {})).toBe(true);
  expect(allows(or(compare(a, '==', b), not(compare(b, '==', a))), {})).toBe(true);
  expect(allows(or(compare(a, '<', b), compare(b, '<', a), compare(a, '==', b)), {})).toBe(false);
  const state = resource('state', string);
  const listed = compare(state, 'in', { kind: 'set', values: ['p', 'q'] });
  const spelt = or(compare(literal('q'), '==', state), compare(state, '==', literal('p')));
  expect(allows(or(listed, not(spelt)), {})).toBe(true);
});

test('days and instants: shifts are exact, months are cut, the zone decides the day', () => {
  const day: Type = { kind: 'date' };
  const instant: Type = { kind: 'date-time' };
  const [born, due] = [resource('born', day), resource('due', day)];
  const year: Operand = { kind: 'shift', operand: born, months: 12, milliseconds: 0 };
  expect(allows(compare(year, '<', due), { born: '2024-02-29', due: '2025-03-01' })).toBe(true);
  expect(allows(compare(year, '<', due), { born: '2024-02-29', due: '2025-02-28' })).toBe(false);
  const week: Operand = { kind: 'shift', operand: born, months: 0, milliseconds: 7 * 86_400_000 };
  expect(allows(compare(week, '==', due), { born: '2026-02-26', due: '2026-03-05' })).toBe(true);
  expect(allows(compare(week, '==', due), { born: '2026-02-30', due: '2026-03-05' })).toBe(false);
  expect(allows(or(compare(due, '<', week), not(compare(due, '<', week))), {})).toBe(true);
  const written: Operand = { kind: 'day', operand: resource('written', instant) };
  expect(allows(compare(written, '==', due), { written: '2026-05-01T15:00:00Z', due: '2026-05-02' })).toBe(true);
  expect(allows(compare(written, '==', due), { written: '2026-05-01T13:00:00Z', due: '2026-05-02' })).toBe(false);
});

test('`all` is true whatever the other side, and is within `all` only', () => {
  const tags = resource('tags', strings);
  const limit = setting('limit', strings);
  const all = { limit: { kind: 'all' } } as const;
  expect(allows(compare(tags, 'overlaps', limit), {}, all)).toBe(true);
  expect(allows(compare(tags, 'within', limit), {}, all)).toBe(true);
  expect(allows(compare(resource('owner', string), 'in', limit), {}, all)).toBe(true);
  expect(allows(compare(limit, 'within', tags), { tags: ['a'] }, all)).toBe(false);
  expect(allows(compare(tags, 'overlaps', limit), {}, { limit: { kind: 'set', values: ['a'] } })).toBe(false);
  expect(allows(compare(tags, 'overlaps', { kind: 'all' }), {})).toBe(true);
  expect(
    allows(compare(tags, 'overlaps', limit), { tags: ['a', null] }, { limit: { kind: 'set', values: ['a'] } }),
  ).toBe(false);
});

test('a setting looked up by a fact needs a key that exists', () => {
  const section = resource('section', string);
  const access = setting('access', strings, section, literal('view'));
  const settings = { 'access/notes/view': { kind: 'set', values: ['o'] } } as const;
  const formula = compare(resource('owner', string), 'in', access);
  expect(allows(formula, { owner: 'o', section: 'notes' }, settings)).toBe(true);
  expect(allows(not(formula), { owner: 'o', section: 'edit' }, settings)).toBe(false);
  expect(allows(not(formula), { owner: 'o', section: 'elsewhere' }, settings)).toBe(false);
});

test('the outcome is the worst of what may be, and the best of the assignments', () => {
  const grants: Sketch['grants'] = [
    ['a', flag('x'), 'audited'],
    ['b', always, 'emergency'],
  ];
  expect(decide({ roles: { r: ['a', 'b'] }, grants }, {})).toEqual({ allow: true, outcome: 'emergency' });
  expect(decide({ roles: { r: ['a', 'b'] }, grants }, { x: true })).toEqual({ allow: true, outcome: 'audited' });
  expect(decide({ roles: { r: ['b'] }, grants: [...grants, [null, flag('x')]] }, { x: true })).toEqual({
    allow: true,
    outcome: null,
  });
  expect(decide({ roles: { r: ['a'], s: ['b'] }, grants }, { x: true }).outcome).toBe('audited');
  expect(decide({ roles: { r: ['b'] }, grants, scopes: [flag('x')] }, {})).toEqual({ allow: false, outcome: null });
});

test('permissions, scopes and constants of the role', () => {
  const has: Formula = { kind: 'has', permission: 'wide' };
  const grants: Sketch['grants'] = [['a', or(flag('x'), and(has, flag('y')))]];
  expect(decide({ roles: { r: ['a', 'wide'] }, grants }, { y: true }).allow).toBe(true);
  expect(decide({ roles: { r: ['a'] }, grants }, { y: true }).allow).toBe(false);
  expect(decide({ roles: { r: ['a', 'wide'] }, grants, scopes: [not(has)] }, { x: true }).allow).toBe(false);
  const clinical = compare({ kind: 'account' }, '==', literal('clinical'));
  expect(decide({ roles: { r: ['a'] }, grants, scopes: [clinical] }, { x: true }).allow).toBe(true);
});

test('who and when', () => {
  const sketch: Sketch = { roles: { guardian: [], staff: [] }, grants: [[null, always]] };
  expect(decide(sketch, {}, { user: 'nobody' }).allow).toBe(false);
  expect(decide(sketch, {}, { action: 'note.burn' }).allow).toBe(false);
  expect(decide(sketch, {}, { user: { id: 'U', roles: ['guardian'], attributes: {} } }).allow).toBe(true);
  expect(decide(sketch, {}, { user: { id: 'U', roles: ['staff'], attributes: {} } }).allow).toBe(false);
  expect(decide(sketch, {}, { user: { id: 'U', roles: ['guardian', 'staff'], attributes: {} } }).allow).toBe(false);
  expect(decide(sketch, {}, { user: { id: 'M1', roles: ['guardian'], attributes: {} } }).allow).toBe(false);
  expect(decide(sketch, {}, { user: { id: 'M1', roles: null, attributes: {} } }).allow).toBe(true);
  const member = policyOf({ grants: [] }).members.get('m')!;
  const dated = { ...member, assignments: [{ ...member.assignments[0]!, from: now, until: now + 10 }] };
  const during: Sketch = { grants: [[null, always]], more: { members: new Map([['m', dated]]) } };
  expect([now - 1, now, now + 9, now + 10].map((at) => decide(during, {}, { now: at }).allow)).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(decide(during, {}, { now: now + 10, context: { now } }).allow).toBe(true);
  expect(decide(during, {}, { context: { now: 'today' } }).allow).toBe(false);
  const inactive: Sketch = { ...during, more: { members: new Map([['m', { ...member, active: false }]]) } };
  expect(decide(inactive, {}).allow).toBe(false);
});
