import type { Formula, Policy, Requirement } from '../resolve/index.ts';
import type { Span } from '../source/index.ts';
import { accountIs, hasFormula } from './switches.ts';

/**
 * Which of these permissions, with those that they require and imply, a role can have in the end, and with which account:
 * what lacks its requirement has fallen, and what others bring along is there unless it fell.
 */
export function possibleRoles(policy: Policy, named: Iterable<string>, place: Span): Formula {
  const { permissions, accounts } = policy;
  const asked = new Set(named);
  const terms: Formula[] = [];
  const held = (name: string) => hasFormula(name, place);
  const over = (requirement: Requirement): Formula => {
    if (requirement.kind !== 'permission') return { kind: requirement.kind, terms: requirement.terms.map(over) };
    asked.add(requirement.name);
    return held(requirement.name);
  };
  for (const name of asked) {
    const permission = permissions.get(name);
    if (!permission) continue;
    if (permission.requires) terms.push(onlyIf(held(name), over(permission.requires)));
    for (const implied of impliedBy(policy, name)) {
      asked.add(implied);
      const requires = permissions.get(implied)?.requires;
      const given: Formula = requires ? { kind: 'and', terms: [held(name), over(requires)] } : held(name);
      terms.push(onlyIf(given, held(implied)));
    }
    for (const account of accounts.values()) {
      if (!account.permissions || account.permissions.has(name) || account.ofLevels.has(name)) continue;
      terms.push(onlyIf(held(name), { kind: 'not', term: accountIs(account.name, place) }));
    }
  }
  return { kind: 'and', terms };
}

/** All that a permission brings along, through others too. */
function impliedBy({ permissions }: Policy, name: string): ReadonlySet<string> {
  const found = new Set(permissions.get(name)?.implies);
  for (const implied of found) for (const next of permissions.get(implied)?.implies ?? []) found.add(next);
  return found;
}

function onlyIf(condition: Formula, consequence: Formula): Formula {
  return { kind: 'or', terms: [{ kind: 'not', term: condition }, consequence] };
}
