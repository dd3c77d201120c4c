import type { Invariant, Policy } from '../resolve/index.ts';
import { holdersOf, membersOf, rolesOf, type Subject, strangersOf } from './subjects.ts';

/** Of whom a sentence says something: roles and members that `for` names, both where it names both; else everybody. */
export function subjectsOf(policy: Policy, invariant: Invariant): readonly Subject[] {
  const { kind, over, roles, members } = invariant;
  if (kind === 'only') return othersThan(policy, invariant);
  if (kind === 'separate' && over === 'members') return membersMeant(policy, invariant);
  const ofMembers = kind === 'separate' ? [] : membersOf(policy).filter(({ name }) => members.includes(name));
  const isAboutRoles = roles.length > 0 || ofMembers.length === 0;
  const ofRoles = rolesOf(policy).filter(({ name }) => isAboutRoles && (roles.length === 0 || roles.includes(name)));
  return [...ofMembers, ...ofRoles.flatMap((role) => holdersOf(policy, role))];
}

/** Those among whom there is to be someone: a member by any role, whoever holds a role by that role. */
export function candidatesOf(policy: Policy, { roles, members }: Invariant): readonly Subject[] {
  return membersOf(policy).map((member) =>
    roles.length + members.length === 0 || members.includes(member.name)
      ? member
      : { ...member, parts: member.parts.filter(({ role }) => roles.includes(role)) },
  );
}

/** Nobody but some roles: whoever holds another. Nobody but some members: the others, and whom the application names. */
function othersThan(policy: Policy, { roles, members }: Invariant): readonly Subject[] {
  const isOther = (role: string) => !roles.includes(role);
  if (members.length === 0)
    return rolesOf(policy).flatMap((role) => (isOther(role.name) ? holdersOf(policy, role) : []));
  const others = membersOf(policy).filter(({ name }) => !members.includes(name));
  return [
    ...others.map((member) => ({ ...member, parts: member.parts.filter(({ role }) => isOther(role)) })),
    ...strangersOf(policy).filter(({ name }) => isOther(name)),
  ];
}

function membersMeant(policy: Policy, { roles, members }: Invariant): readonly Subject[] {
  const all = membersOf(policy);
  if (roles.length + members.length === 0) return all;
  return all.filter(({ name, parts }) => members.includes(name) || parts.some(({ role }) => roles.includes(role)));
}
