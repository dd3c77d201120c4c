import type { Policy, Requirement, Role } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';

/** A role that no file has, to ask what somebody with these permissions could do. */
export function madeUpRole(
  name: string,
  account: string | null,
  permissions: ReadonlySet<string>,
  file: SourceFile,
): Role {
  const span = { file, start: 0, end: 0 };
  return {
    name,
    title: null,
    extends: [],
    account,
    level: null,
    permissions: new Map([...permissions].map((permission) => [permission, { kind: 'with', role: name, span }])),
    fallen: new Map(),
    settings: new Map(),
    givenByApplication: false,
    span,
  };
}

/** All that a role of the account may have; without those that lack what they require. */
export function mostOf(policy: Policy, account: string | null): ReadonlySet<string> {
  const { permissions, ofLevels, default: given } = policy.accounts.get(account ?? '') ?? everything;
  return settled(policy, [...(permissions ?? policy.permissions.keys()), ...ofLevels, ...given]);
}

/** Permissions with what they imply, without those that lack what they require. */
export function settled(policy: Policy, given: Iterable<string>): ReadonlySet<string> {
  const held = new Set(given);
  for (const name of held) for (const implied of policy.permissions.get(name)?.implies ?? []) held.add(implied);
  const isMet = (requirement: Requirement): boolean => {
    if (requirement.kind === 'permission') return held.has(requirement.name);
    return requirement.kind === 'and' ? requirement.terms.every(isMet) : requirement.terms.some(isMet);
  };
  for (let before = -1; before !== held.size; ) {
    before = held.size;
    for (const name of held) {
      const requires = policy.permissions.get(name)?.requires;
      if (requires && !isMet(requires)) held.delete(name);
    }
  }
  return held;
}

const everything = { permissions: null, ofLevels: [], default: [] };

/** The permission, and what whoever has it certainly has too. */
export function broughtBy(policy: Policy, permission: string | null): ReadonlySet<string> {
  const held = new Set<string>(permission === null ? [] : [permission]);
  const add = (requirement: Requirement | null | undefined): void => {
    if (requirement?.kind === 'permission') held.add(requirement.name);
    else if (requirement?.kind === 'and') requirement.terms.forEach(add);
  };
  for (const name of held) {
    add(policy.permissions.get(name)?.requires);
    for (const implied of policy.permissions.get(name)?.implies ?? []) held.add(implied);
  }
  return held;
}
