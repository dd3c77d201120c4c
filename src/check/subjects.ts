import type { Assignment, Member, Policy, Role, Setting, Value } from '../resolve/index.ts';
import type { AttributeFacts, Facts, SlotFacts } from '../solver/index.ts';
import { ALL } from '../solver/index.ts';
import type { Span } from '../source/index.ts';

/** Somebody about whom a sentence speaks: a member, or whoever holds a role. */
export interface Subject {
  readonly kind: 'member' | 'role' | 'stranger';
  readonly name: string;
  /** One for each role that is held. */
  readonly parts: readonly Part[];
  /** Whatever is held, nothing is allowed. */
  readonly isInactive?: true;
  readonly attributes: readonly AttributeFacts[];
  /** How a test describes the role, where it is made up. */
  readonly madeUpRole?: unknown;
  /** The one setting that parts differ in; where it is not said, in any. */
  readonly varying?: string;
}

export interface Part {
  readonly role: string;
  readonly slots: readonly Slot[];
  readonly from: number | null;
  readonly until: number | null;
  /** Where it is assigned; null for whoever holds a role. */
  readonly span: Span | null;
  /** Parts with equal settings have equal numbers. */
  readonly instance: number;
}

/** A slot and what is known about it; `name` is the policy's. */
export type Slot = SlotFacts;

/** Those of the practice: what tests describe is no part of a sentence. */
export function membersOf(policy: Policy): readonly Subject[] {
  const own = [...policy.members.values()].filter(({ key }) => !policy.described.members.has(key));
  return own.map((member) => subjectOfMember(policy, member));
}

/** Yes-or-no settings of the assignments that are `open` may be either. */
export function subjectOfMember(
  policy: Policy,
  { key, id, active, assignments }: Member,
  open: ReadonlySet<Assignment> = new Set(),
): Subject {
  const held = assignments.map((item) => {
    const part = partOfMember(policy, item);
    return open.has(item) ? { ...part, slots: part.slots.map((slot) => openIfSwitch(policy, slot)) } : part;
  });
  return {
    kind: 'member',
    name: key,
    parts: numbered(held),
    ...(!active && { isInactive: true }),
    attributes: [{ root: 'user', path: ['id'], value: id }, ...nobodyBrings(policy)],
  };
}

/** Those of the practice. */
export function rolesOf(policy: Policy): readonly Role[] {
  return [...policy.roles.values()].filter(({ name }) => !policy.described.roles.has(name));
}

/** Their names, those of people who left included. */
export function heldRoles({ members }: Policy): ReadonlySet<string> {
  const held = new Set<string>();
  for (const { assignments } of members.values()) for (const { role } of assignments) held.add(role);
  return held;
}

/** Those of the practice that are more than something for others to extend. */
export function rolesToHold(policy: Policy): readonly Role[] {
  const held = heldRoles(policy);
  const extended = new Set([...policy.roles.values()].flatMap((role) => role.extends));
  return rolesOf(policy).filter(
    ({ name, givenByApplication }) => givenByApplication || held.has(name) || !extended.has(name),
  );
}

/** Somebody in a role that is made up to judge a catalog: with any settings, those of roles included. */
export function anybodyIn(policy: Policy, { name }: Role): Subject {
  const slots = slotsOf(policy, (setting) => free(policy, setting));
  const parts = [{ role: name, slots, from: null, until: null, span: null, instance: 0 }];
  const id = { root: 'user', path: ['id'], isPresent: true } as const;
  return { kind: 'role', name, parts, attributes: [id, ...nobodyBrings(policy)] };
}

/** Whoever holds the role, with any settings of their own; those whom the application names have none. */
export function holdersOf(policy: Policy, role: Role): readonly Subject[] {
  const slots = slotsOf(policy, (setting, name) => {
    const value = role.settings.get(name) ?? null;
    if (!setting.onAssignment) return fixed(value ?? setting.default);
    // What an assignment says stands before what its role says.
    const facts = free(policy, setting);
    return value === null ? facts : { ...facts, isPresent: true };
  });
  const holder: Subject = {
    kind: 'role',
    name: role.name,
    parts: [{ role: role.name, slots, from: null, until: null, span: null, instance: 0 }],
    attributes: [{ root: 'user', path: ['id'], isPresent: true }, ...nobodyBrings(policy)],
  };
  return role.givenByApplication ? [holder, strangerOf(policy, role)] : [holder];
}

/** Whom the application names with a role of the practice: no members, without an id or settings of their own. */
export function strangersOf(policy: Policy): readonly Subject[] {
  return rolesOf(policy).flatMap((role) => (role.givenByApplication ? [strangerOf(policy, role)] : []));
}

function strangerOf(policy: Policy, { name: role, settings }: Role): Subject {
  const slots = slotsOf(policy, (setting, name) => fixed(settings.get(name) ?? setting.default));
  const parts = [{ role, slots, from: null, until: null, span: null, instance: 0 }];
  return { kind: 'stranger', name: role, parts, attributes: nobodyBrings(policy) };
}

function openIfSwitch({ settings }: Policy, { name, setting, keys, value }: Slot): Slot {
  const declared = settings.get(setting);
  const isSwitch = typeof value === 'boolean' && declared?.onAssignment && declared.type.kind === 'bool';
  return {
    name,
    setting,
    keys,
    ...(isSwitch ? { isPresent: true } : value === undefined ? { isMissing: true } : { value }),
  };
}

/** Whoever could hold the role in whatever assignment, strangers included: what may be missing for one may be missing. */
export function anyHolderOf(policy: Policy, role: Role): Subject {
  const slots = slotsOf(policy, (setting, name) => {
    const value = role.settings.get(name) ?? setting.default;
    if (!setting.onAssignment) return fixed(value);
    const { isPresent, ...facts } = free(policy, setting);
    return value !== null || (isPresent && !role.givenByApplication) ? { ...facts, isPresent: true } : facts;
  });
  return {
    kind: 'role',
    name: role.name,
    parts: [{ role: role.name, slots, from: null, until: null, span: null, instance: 0 }],
    attributes: [
      ...(role.givenByApplication ? [] : [{ root: 'user', path: ['id'], isPresent: true } as const]),
      ...nobodyBrings(policy),
    ],
  };
}

function partOfMember(policy: Policy, { role, settings, from, until, span }: Assignment): Omit<Part, 'instance'> {
  const ofRole = policy.roles.get(role)?.settings;
  const slots = slotsOf(policy, (setting, name) => fixed(settings.get(name) ?? ofRole?.get(name) ?? setting.default));
  return { role, slots, from, until, span };
}

function numbered(parts: readonly Omit<Part, 'instance'>[]): readonly Part[] {
  const keys: string[] = [];
  return parts.map((part) => {
    const key = textOf(part.slots);
    const known = keys.indexOf(key);
    return { ...part, instance: known >= 0 ? known : keys.push(key) - 1 };
  });
}

/** Equal for subjects of whom the same is known, whatever their roles allow. */
export function knowledgeOf({ parts, attributes }: Pick<Subject, 'parts' | 'attributes'>): string {
  return textOf([attributes, [...new Map(parts.map(({ instance, slots }) => [instance, slots]))]]);
}

/**
 * As `knowledgeOf`, but equal also for those who differ in nothing but an id that neither `named` nor their settings
 * hold: ids are only ever compared, so what is possible for one is possible for the other, with their ids exchanged.
 */
export function likenessOf({ parts, attributes }: Subject, named: ReadonlySet<string>): string {
  const isId = ({ root, path }: AttributeFacts) => root === 'user' && path.length === 1 && path[0] === 'id';
  const id = attributes.find(isId);
  const rest = knowledgeOf({ parts, attributes: attributes.filter((item) => item !== id) });
  const text = JSON.stringify(id?.value);
  const isAnybody = typeof id?.value === 'string' && !named.has(id.value) && !rest.includes(text);
  return `${isAnybody ? 'anybody' : JSON.stringify(id ?? null)} ${rest}`;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, item) => (item === ALL ? '\u0000all' : item));
}

function slotsOf(policy: Policy, factsOf: (setting: Setting, name: string) => Facts): readonly Slot[] {
  return [...policy.settings.values()].flatMap((setting) => {
    const product = setting.indexes.reduce<readonly (readonly string[])[]>(
      (choices, index) => choices.flatMap((choice) => index.values.map((value) => [...choice, value])),
      [[]],
    );
    return product.map((keys): Slot => {
      const name = [setting.name, ...keys].join('/');
      return { name, setting: setting.name, keys, ...factsOf(setting, name) };
    });
  });
}

/** A value as the solver is told. */
export function fixed(value: Value | null): Facts {
  if (value === null) return { isMissing: true };
  return { value: value.kind === 'all' ? ALL : value.kind === 'set' ? value.values : value.value };
}

/** Any value that a practice could write. */
function free(policy: Policy, { type, optional, default: fallback }: Setting): Facts {
  const scalar = type.kind === 'set' ? type.of : type;
  const values = scalar.kind === 'list' ? policy.valueLists.get(scalar.name) : null;
  return {
    ...((fallback !== null || !optional) && { isPresent: true }),
    ...(values && { among: values }),
  };
}

/** A role without an account compares with an attribute that nobody brings. */
function nobodyBrings(policy: Policy): readonly AttributeFacts[] {
  return policy.userFacts.has('account') ? [] : [{ root: 'user', path: ['account'], isMissing: true }];
}
