import type { Sources } from '../clinic/practice.ts';
import { allPlaces, chief, openStates, type Person, type Product, type Role } from './model.ts';

/** The policy as a catalog and a practice. */
export function writeOther({ words, actions, roles, prohibited, users }: Product): Sources {
  const { team, state, size, watchers, locked, place, ownTeam, limit, places } = words;
  const facts = `{ ${team}: string, ${state}: string, ${size}: int, ${watchers}: set<string>, ${locked}: bool, ${place}: place }`;
  const verbs = words.verbs.map((verb) => `${verb}: {}`).join(', ');
  const types = words.kinds.map((kind) => `  ${kind}:\n    facts: ${facts}\n    actions: { ${verbs} }\n`);
  const states = openStates.map((one) => JSON.stringify(one)).join(', ');
  const near = `resource.${team} == user.${ownTeam} and resource.${state} in [${states}] or user.id in resource.${watchers}`;
  const small = `resource.${size} < user.${limit} or resource.${place} in user.${places}`;
  const grant = (name: string, action: string, when: string) =>
    `  ${name}:\n    grants:\n      - actions: [${action}]\n${when && `        when: >-\n          ${when}\n`}`;
  const permissions = actions.map((one) =>
    [grant(one, one, ''), grant(`${one}.near`, one, near), grant(`${one}.small`, one, small)].join(''),
  );
  const given = ({ name, always, near, small }: Role) => [
    ...[...always, ...near.map((action) => `${action}.near`), ...small.map((action) => `${action}.small`)],
    ...(name === chief ? ['whole-place'] : []),
  ];
  const settings = (user: Person) =>
    `${ownTeam}: ${user.team}, ${limit}: ${user.limit}, ${places}: [${user.places.join(', ')}]`;
  const holds = (user: Person) => user.roles.map((role) => `{ role: ${role}, ${settings(user)} }`).join(', ');
  const catalog = `chaperone: 1
kind: catalog
name: other
version: 1.0.0
accounts: { staff: {} }
values: { place: by-practice }
settings:
  ${ownTeam}: { type: string, on: assignment }
  ${limit}: { type: int, on: assignment }
  ${places}: { type: set<place>, on: assignment }
resources:
${types.join('')}permissions:
  whole-place: {}
${permissions.join('')}prohibitions:
  - name: locked
    actions: [${prohibited}]
    when: resource.${locked} and not has(whole-place)
`;
  const practice = `chaperone: 1
kind: practice
name: other-clinic
version: 1.0.0
catalog: ./catalog.yaml
values: { place: [${allPlaces.join(', ')}] }
roles:
${roles.map((role) => `  ${role.name}:\n    account: staff\n    with: [${given(role).join(', ')}]\n`).join('')}members:
${users.map((user) => `  ${user.id}: { holds: [${holds(user)}] }\n`).join('')}`;
  return new Map([
    ['catalog.yaml', catalog],
    ['practice.yaml', practice],
  ]);
}

/** Source text of the module that an expert would write for this policy: sets of actions a role and a few ifs. */
export function writeOtherByHand({ words, roles, prohibited }: Product): string {
  const sets = (pick: 'always' | 'near' | 'small') =>
    `{${roles.map((role) => `${role.name}: new Set(${JSON.stringify(role[pick])})`).join(', ')}}`;
  const isOpen = openStates.map((state) => `item.${words.state} === '${state}'`).join(' || ');
  return `const always = ${sets('always')};
const near = ${sets('near')};
const small = ${sets('small')};

function isNear(user, item) {
  return (item.${words.team} === user.team && (${isOpen})) || item.${words.watchers}.includes(user.id);
}

function isSmall(user, item) {
  return item.${words.size} < user.limit || user.places.includes(item.${words.place});
}

export function can(user, action, item) {
  const roles = user.roles;
  if (action === '${prohibited}' && item.${words.locked} && !roles.includes('${chief}')) return false;
  for (let i = 0; i < roles.length; i++) if (always[roles[i]].has(action)) return true;
  for (let i = 0; i < roles.length; i++) {
    if (near[roles[i]].has(action) && isNear(user, item)) return true;
    if (small[roles[i]].has(action) && isSmall(user, item)) return true;
  }
  return false;
}

export function bind(user) {
  const union = (sets) => new Set(user.roles.flatMap((role) => [...sets[role]]));
  const isChief = user.roles.includes('${chief}');
  return { user, isChief, always: union(always), near: union(near), small: union(small) };
}

export function canBound({ user, isChief, always, near, small }, action, item) {
  if (action === '${prohibited}' && item.${words.locked} && !isChief) return false;
  if (always.has(action)) return true;
  return (near.has(action) && isNear(user, item)) || (small.has(action) && isSmall(user, item));
}
`;
}
