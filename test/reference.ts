/**
 * The second opinion: decides straight over a Policy, by trying every value of every unknown atom. Written from the
 * design alone; it shares no code with the compiler's phases or the runtime, and must not start to.
 */
import type { Policy, Role, SettingValues } from '../src/resolve/policy.ts';
import { type Atoms, holds, logicOf } from './reference/logic.ts';
import { instantOfText, type Scene } from './reference/values.ts';

export interface Request {
  /** A member, or whom the application describes. */
  readonly user: string | DescribedUser;
  readonly action: string;
  readonly resource: unknown;
  readonly context: unknown;
  /** The clock, in milliseconds. */
  readonly now: number;
}

export interface DescribedUser {
  readonly id: string;
  /** Null: a member, of whom the application passes attributes. */
  readonly roles: readonly string[] | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** `outcome` null is the plain allow, and what a deny has. */
export interface Opinion {
  readonly allow: boolean;
  readonly outcome: string | null;
}

const mostUnknownAtoms = 16;
const deny = 0;

export function decideByReference(policy: Policy, request: Request): Opinion {
  const rank = Math.max(deny, ...scenesOf(policy, request).map(rankIn));
  const plain = policy.outcomes.length + 1;
  return {
    allow: rank > deny,
    outcome: rank === plain || rank === deny ? null : policy.outcomes[plain - 1 - rank]!.name,
  };
}

/** One scene an assignment in force. */
function scenesOf(policy: Policy, request: Request): Scene[] {
  const action = policy.actions.get(request.action);
  const user = userOf(policy, request.user);
  if (action === undefined || user === null) return [];
  const now = timeOf(request);
  const { resource, context } = request;
  const { id: userId, attributes } = user;
  return user.assignments
    .filter(({ from, until }) => (from === null && until === null) || isWithin(now, from, until))
    .map(({ role, settings }) => ({ policy, action, role, settings, userId, attributes, resource, context, now }));
}

interface User {
  readonly id: string;
  readonly attributes: unknown;
  readonly assignments: readonly {
    readonly role: Role;
    readonly settings: SettingValues;
    readonly from: number | null;
    readonly until: number | null;
  }[];
}

function userOf(policy: Policy, user: string | DescribedUser): User | null {
  const name = typeof user === 'string' ? user : user.id;
  const members = [...policy.members.values()];
  const member = members.find(({ key }) => key === name) ?? members.find(({ id }) => id === name);
  if (typeof user !== 'string' && user.roles !== null)
    return member === undefined ? stranger(policy, user, user.roles) : null;
  if (member === undefined || !member.active) return null;
  const assignments = member.assignments.map((assignment) => ({
    ...assignment,
    role: policy.roles.get(assignment.role)!,
  }));
  const passed = typeof user === 'string' ? {} : user.attributes;
  return { id: member.id, attributes: { ...Object.fromEntries(member.attributes), ...passed }, assignments };
}

/** Only roles that the application may give, and never a member's name. */
function stranger(policy: Policy, user: DescribedUser, names: readonly string[]): User | null {
  const roles = names.map((name) => policy.roles.get(name));
  if (!roles.every((role) => role?.givenByApplication === true)) return null;
  const assignments = roles.map((role) => ({ role: role!, settings: new Map(), from: null, until: null }));
  return { id: user.id, attributes: user.attributes, assignments };
}

/** The time the request is about: what it names, else the clock. Null for a name that is no time. */
function timeOf({ context, now }: Request): number | null {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) return now;
  if (!Object.hasOwn(context, 'now')) return now;
  const given = (context as { readonly now?: unknown }).now;
  if (given === undefined) return now;
  if (typeof given === 'string') return instantOfText(given);
  return Number.isSafeInteger(given) ? (given as number) : null;
}

function isWithin(now: number | null, from: number | null, until: number | null): boolean {
  return now !== null && (from === null || from <= now) && (until === null || now < until);
}

/** The worst that may be so: 0 is deny, then the outcomes from last to first, then the plain allow. */
function rankIn(scene: Scene): number {
  const { policy, role, action } = scene;
  const atoms: Atoms = new Map();
  const grants = policy.grants.flatMap(({ permission, formulas, outcome }) => {
    const formula = formulas.get(action.name);
    if (formula === undefined || (permission !== null && !role.permissions.has(permission))) return [];
    return [{ rank: rankOf(policy, outcome), logic: logicOf(formula, scene, atoms) }];
  });
  const scopes = policy.scopes.flatMap(({ formulas }) => {
    const formula = formulas.get(action.name);
    return formula === undefined ? [] : [logicOf(formula, scene, atoms)];
  });

  const unknown = [...atoms].filter(([, value]) => value === null).map(([key]) => key);
  if (unknown.length > mostUnknownAtoms) throw new RangeError(`${unknown.length} unknown atoms are too many to try`);
  let worst = Number.POSITIVE_INFINITY;
  for (let choice = 0; choice < 2 ** unknown.length && worst > deny; choice++) {
    const truth = (key: string) => atoms.get(key) ?? (choice & (1 << unknown.indexOf(key))) !== 0;
    const isInScope = scopes.every((scope) => holds(scope, truth));
    const ranks = grants.filter(({ logic }) => holds(logic, truth)).map(({ rank }) => rank);
    worst = Math.min(worst, isInScope ? Math.max(deny, ...ranks) : deny);
  }
  return worst;
}

function rankOf(policy: Policy, outcome: string | null): number {
  if (outcome === null) return policy.outcomes.length + 1;
  return policy.outcomes.length - policy.outcomes.findIndex(({ name }) => name === outcome);
}
