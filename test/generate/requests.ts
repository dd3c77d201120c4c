/** Requests near the constants of a policy: right, missing, null, of a wrong type, on a boundary. */
import type { Formula, Operand, Policy, Type } from '../../src/resolve/policy.ts';
import type { DescribedUser, Request } from '../reference.ts';
import { type Choose, chance, oneOf, someOf } from './choices.ts';
import { days, instants, lists, texts, wholes } from './vocabulary.ts';

type Data = { [key: string]: unknown };
type Root = 'user' | 'resource' | 'context';

/** An attribute that some condition of an action reads. */
interface Attribute {
  readonly root: Root;
  readonly path: readonly string[];
  readonly type: Type;
}

const clock = Date.UTC(2026, 4, 1, 12);
const clocks = [
  clock,
  Date.UTC(2026, 4, 1) - 1,
  Date.UTC(2026, 3, 30, 14),
  Date.UTC(2026, 4, 2, 4),
  Date.UTC(2027, 0, 1),
];
const farInstants = [-1, 0, '1950-07-01T13:30:00Z', '2099-07-01T13:30:00Z', '1883-11-18T17:00:00Z'];
const absent = Symbol('absent');

export function makeRequest(policy: Policy, choose: Choose): Request {
  const action = chance(choose, 2) ? 'note.burn' : oneOf(choose, [...policy.actions.keys()]);
  const roots: Record<Root, Data> = { user: {}, resource: {}, context: {} };
  // A parent goes before its parts, so that a broken parent loses them.
  const attributes = attributesOf(policy, action).sort((a, b) => a.path.length - b.path.length);
  const gaps = oneOf(choose, [10, 0, 40]);
  for (const { root, path, type } of attributes) {
    if (type.kind === 'resource' && !chance(choose, gaps)) continue;
    put(roots[root], path, chance(choose, gaps) ? oneOf(choose, wrong(type)) : oneOf(choose, right(type, policy)));
  }
  if (chance(choose, 40)) roots.context.now = oneOf(choose, [...instants, ...clocks, 'today', null, '2026-05-01']);
  return {
    user: makeUser(policy, roots.user, choose),
    action,
    resource: chance(choose, 3) ? oneOf(choose, [null, undefined, 'text', []]) : roots.resource,
    context: chance(choose, 3) ? undefined : roots.context,
    now: oneOf(choose, clocks),
  };
}

/** All requests in which every fact is a constant of its type, missing, null or of a wrong type; null if too many. */
export function allRequests(policy: Policy, action: string, most: number): Request[] | null {
  const attributes = attributesOf(policy, action).filter(({ type }) => type.kind !== 'resource');
  const users = [...policy.members.values()].map(({ id }) => id);
  const domains = attributes.map(({ type }) => [...right(type, policy).slice(0, 6), absent, null, wrong(type).at(-1)]);
  const count = domains.reduce((product, domain) => product * domain.length, users.length);
  if (count > most) return null;
  let chosen: unknown[][] = [[]];
  for (const domain of domains) chosen = chosen.flatMap((values) => domain.map((value) => [...values, value]));
  return users.flatMap((user) =>
    chosen.map((values) => {
      const roots: Record<Root, Data> = { user: {}, resource: {}, context: {} };
      attributes.forEach(({ root, path }, index) => {
        put(roots[root], path, values[index]);
      });
      return { user, action, resource: roots.resource, context: roots.context, now: clock };
    }),
  );
}

/** The request without one fact that it has, or with null or a wrong type in its place; null when it has none. */
export function withoutFact(request: Request, choose: Choose): Request | null {
  const user = typeof request.user === 'string' ? {} : request.user.attributes;
  const facts = [
    ...paths(request.resource).map((path) => ['resource', ...path]),
    ...paths(request.context).map((path) => ['context', ...path]),
    ...paths(user).map((path) => ['user', ...path]),
  ].filter(([root, name]) => !(root === 'context' && name === 'now'));
  if (facts.length === 0) return null;
  const [root, ...path] = oneOf(choose, facts);
  const value = oneOf(choose, [absent, null, Number.NaN, [null]]);
  if (root === 'resource') return { ...request, resource: replaced(request.resource, path, value) };
  if (root === 'context') return { ...request, context: replaced(request.context, path, value) };
  const described = request.user as DescribedUser;
  return { ...request, user: { ...described, attributes: replaced(described.attributes, path, value) as Data } };
}

function makeUser(policy: Policy, attributes: Data, choose: Choose): string | DescribedUser {
  const given = [...policy.roles.values()].filter((role) => role.givenByApplication).map(({ name }) => name);
  const member = oneOf(choose, [...policy.members.values()]).id;
  const kind = choose(20);
  if (kind === 19) return 'nobody';
  if (kind >= 14 && given.length > 0) {
    // A setting is none of the application's business.
    const misled = chance(choose, 20) ? { vip: true, practitioner: 'p1', 'tag-limit': ['north'] } : {};
    const id = chance(choose, 5) ? member : oneOf(choose, ['g1', 'north', 'p1']);
    return { id, roles: someOf(choose, given, 1, 2), attributes: { ...misled, ...attributes } };
  }
  if (kind === 13) return { id: 'g1', roles: someOf(choose, [...policy.roles.keys(), 'nothing'], 1, 2), attributes };
  return kind >= 10 ? { id: member, roles: null, attributes } : member;
}

function right(type: Type, policy: Policy): unknown[] {
  switch (type.kind) {
    case 'bool':
      return [true, false];
    case 'int':
      return [...wholes, ...wholes.map((whole) => whole + 1), -0, Number.MAX_SAFE_INTEGER];
    case 'string':
      return ['north', 'p1', 'u1', ...[...policy.members.values()].map(({ id }) => id), ...texts, 'notes', 'elsewhere'];
    case 'enum':
      return [...type.values];
    case 'list':
      return [...(policy.valueLists.get(type.name) ?? lists.get(type.name) ?? []), 'elsewhere'];
    case 'member':
      return ['u1', 'm-2', 'p1'];
    case 'role':
      return [...policy.roles.keys(), 'north'];
    case 'permission':
      return [...policy.permissions.keys(), 'north'];
    case 'date':
      return [...days, '2026-05-03', '2026-05-15', '2025-02-28', '2026-03-31', '0044-03-15', '9999-12-31'];
    case 'date-time':
      return [
        ...instants,
        ...clocks,
        '2026-05-01T00:00:00.5Z',
        '2026-05-01T01:30:00Z',
        '2026-05-02T00:00:00-00:00',
        ...farInstants,
      ];
    case 'resource':
      return [{}];
    case 'set': {
      const elements = right(type.of, policy).slice(0, 5);
      return [elements.slice(0, 1), [], elements.slice(1, 3), elements, [...elements.slice(2, 4), elements[2]]];
    }
  }
}

function wrong(type: Type): unknown[] {
  const odd = [absent, null, undefined, Number.NaN, {}, [[]]];
  switch (type.kind) {
    case 'bool':
      return [...odd, 'true', 0, 1];
    case 'int':
      return [...odd, '5', 5.5, 2 ** 53, [5], true];
    case 'date':
      return [...odd, '2026-02-30', '2026-5-1', '2026-05-01T00:00:00Z', 20574, new Date(clock)];
    case 'date-time':
      return [...odd, '2026-05-01', '2026-02-30T00:00:00Z', '2026-05-01T24:00:00Z', '2026-05-01T00:00:00', 0.5, '0'];
    case 'set':
      return [...odd, [null], 'north', { 0: 'north', length: 1 }, 'all', [['north']], [Number.NaN, 'north']];
    case 'resource':
      return [...odd.slice(0, 4), [], 'text', [{}]];
    default:
      return [...odd, 5, ['north'], true, 'nowhere'];
  }
}

function put(into: Data, path: readonly string[], value: unknown): void {
  const [step, ...rest] = path;
  if (step === undefined || value === absent) return;
  if (rest.length === 0) {
    Object.defineProperty(into, step, { value, writable: true, enumerable: true, configurable: true });
    return;
  }
  if (!Object.hasOwn(into, step)) into[step] = {};
  const next = into[step];
  if (typeof next === 'object' && next !== null && !Array.isArray(next)) put(next as Data, rest, value);
}

function paths(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...paths(inner).map((path) => [key, ...path])]);
}

function replaced(from: unknown, path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const { [step]: inner, ...others } = from as Data;
  const next = replaced(inner, rest, value);
  return next === absent ? others : { ...others, [step]: next };
}

/** What a decision on the action may read, each once. */
export function attributesOf(policy: Policy, action: string): Attribute[] {
  const found = new Map<string, Attribute>();
  for (const { formulas } of [...policy.grants, ...policy.scopes]) {
    const formula = formulas.get(action);
    if (formula !== undefined) collect(formula, found);
  }
  return [...found.values()];
}

function collect(formula: Formula, found: Map<string, Attribute>): void {
  if (formula.kind === 'not') collect(formula.term, found);
  if (formula.kind === 'and' || formula.kind === 'or') for (const term of formula.terms) collect(term, found);
  if (formula.kind !== 'comparison') return;
  for (const operand of [formula.left, formula.right]) if (operand !== null) collectOperand(operand, found);
}

function collectOperand(operand: Operand, found: Map<string, Attribute>): void {
  if (operand.kind === 'shift' || operand.kind === 'day') collectOperand(operand.operand, found);
  if (operand.kind === 'setting') for (const index of operand.indexes) collectOperand(index, found);
  if (operand.kind !== 'attribute') return;
  const { root, path, type } = operand;
  if (['user.id', 'context.now'].includes([root, ...path].join('.'))) return;
  found.set([root, ...path].join('.'), { root, path, type });
  for (let length = 1; length < path.length; length++) {
    const parent = path.slice(0, length);
    const key = [root, ...parent].join('.');
    if (!found.has(key)) found.set(key, { root, path: parent, type: { kind: 'resource', name: '' } });
  }
}

/** For messages: everything a reader needs to try it again. */
export function describeRequest(request: Request): string {
  return JSON.stringify(
    request,
    (_, value: unknown) => {
      if (typeof value === 'symbol' || value === undefined) return '(undefined)';
      return typeof value === 'number' && !Number.isFinite(value) ? `(${value})` : value;
    },
    2,
  );
}
