/** Requests near the constants of a policy: right, missing, null, of a wrong type, on a boundary. */
import type { Policy } from '../../src/resolve/policy.ts';
import type { DescribedUser, Request } from '../reference.ts';
import { type Attribute, attributesOf } from './attributes.ts';
import { type Choose, chance, oneOf, someOf } from './choices.ts';
import { absent, clock, clocks, right, wrong } from './values.ts';
import { instants } from './vocabulary.ts';

type Data = { [key: string]: unknown };
type Root = 'user' | 'resource' | 'context';

export function makeRequest(policy: Policy, choose: Choose): Request {
  const action = chance(choose, 2) ? 'note.burn' : oneOf(choose, [...policy.actions.keys()]);
  const roots: Record<Root, Data> = { user: {}, resource: {}, context: {} };
  // A parent goes before its parts, so that a broken parent loses them.
  const attributes = attributesOf(policy, action).sort((a, b) => a.path.length - b.path.length);
  const gaps = oneOf(choose, [10, 0, 40]);
  for (const attribute of attributes) {
    const { root, path, type } = attribute;
    if (type.kind === 'resource' && !chance(choose, gaps)) continue;
    put(roots[root], path, chance(choose, gaps) ? oneOf(choose, wrong(type)) : chooseRight(attribute, policy, choose));
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
  const domains = attributes.map((attribute) => domainOf(attribute, policy));
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

function chooseRight({ near, type }: Attribute, policy: Policy, choose: Choose): unknown {
  return oneOf(choose, near.length > 0 && chance(choose, 50) ? near : right(type, policy));
}

function domainOf({ near, type }: Attribute, policy: Policy): unknown[] {
  return [...new Set([...near, ...right(type, policy)])].slice(0, 7).concat([absent, null, wrong(type).at(-1)]);
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

/** For messages: everything a reader needs to try it again. */
export function describeRequest(request: object): string {
  return JSON.stringify(
    request,
    (_, value: unknown) => {
      if (typeof value === 'symbol' || value === undefined) return '(undefined)';
      return typeof value === 'number' && !Number.isFinite(value) ? `(${value})` : value;
    },
    2,
  );
}
