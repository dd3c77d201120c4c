import { type Overlay, type Policy, parse } from '../index.ts';

/** How the roles are called that stand for one permission, and for what it requires alone. */
export const permissionRole = 'with.';
export const baseRole = 'without.';

/**
 * Roles that together show what a catalog gives: each level of each account, and each permission alone with what it
 * requires. Every feature is on. With `hasBases`, also what each permission requires without itself.
 */
export function standIns(policy: Policy, hasBases = false): Overlay {
  const lines = ['chaperone: 1', 'kind: tests', 'catalog: ./catalog.yaml'];
  if (policy.features.size > 0) lines.push('features:', ...[...policy.features.keys()].map((name) => `  ${name}: on`));
  lines.push('roles:');
  const accounts = [...policy.accounts.values()];
  for (const { name, ladders, levelRequired } of accounts) {
    const levels = ladders.flatMap((ladder) => policy.ladders.get(ladder) ?? []);
    if (!levelRequired || levels.length === 0) lines.push(`  ${name}: { account: ${name} }`);
    for (const level of levels) lines.push(`  ${name}.${level}: { account: ${name}, level: ${level} }`);
  }
  for (const name of policy.permissions.keys()) {
    const account = accounts.find((each) => !each.permissions || each.permissions.has(name));
    if (accounts.length > 0 && !account) continue;
    const level = account?.levelRequired ? policy.ladders.get(account.ladders[0] ?? '')?.[0] : undefined;
    const place = account ? `account: ${account.name}, ${level ? `level: ${level}, ` : ''}` : '';
    const [own, ...others] = required(policy, name);
    lines.push(`  ${permissionRole}${name}: { ${place}with: [${[own, ...others].join(', ')}] }`);
    if (hasBases) lines.push(`  ${baseRole}${name}: { ${place}with: [${others.join(', ')}] }`);
  }
  const { syntax } = parse({ path: 'roles that stand for the catalog', text: `${lines.join('\n')}\n` });
  return syntax?.kind === 'tests'
    ? { roles: syntax.roles, users: [], features: syntax.features }
    : { roles: [], users: [], features: [] };
}

/** A permission and all that it names as required, whether all of it is or some. */
function required(policy: Policy, name: string): ReadonlySet<string> {
  const found = new Set([name]);
  for (const each of found) {
    const open = [policy.permissions.get(each)?.requires];
    for (let term = open.pop(); open.length > 0 || term; term = open.pop()) {
      if (term?.kind === 'permission') found.add(term.name);
      else if (term) open.push(...term.terms);
    }
  }
  return found;
}
