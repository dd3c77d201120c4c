import type { Cause, Policy, Requirement, Role } from '../resolve/index.ts';

/** What roles would have without some permissions that they are given. */
export class Deprived {
  private readonly policy: Policy;
  /** Permissions that bring others along, or are worth nothing without others. */
  private readonly linked: ReadonlySet<string>;

  constructor(policy: Policy) {
    this.policy = policy;
    const linked = [...policy.permissions.values()].filter(
      ({ implies, requires }) => implies.length > 0 || requires !== null,
    );
    this.linked = new Set(linked.map(({ name }) => name));
  }

  /** Those that the role would lose. */
  lost(role: Role, taken: readonly string[]): readonly string[] {
    if (this.isPlain(role)) return taken.filter((name) => role.permissions.has(name));
    const rest = this.rest(role, taken);
    return [...role.permissions.keys()].filter((name) => !rest.has(name));
  }

  /** Those that it would have. */
  rest(role: Role, taken: readonly string[]): ReadonlyMap<string, Cause> {
    const { permissions, accounts } = this.policy;
    const account = role.account === null ? null : accounts.get(role.account);
    const canHold = (name: string) =>
      !account?.permissions || account.permissions.has(name) || account.ofLevels.has(name);
    const fallen = [...role.fallen].map(([name, { cause }]) => [name, cause] as const);
    const all = [...role.permissions, ...fallen];
    const held = new Map(all.filter(([name, { kind }]) => kind !== 'implied' && !taken.includes(name)));
    for (const [by] of held) {
      for (const implied of permissions.get(by)?.implies ?? []) {
        if (!held.has(implied) && canHold(implied)) held.set(implied, { kind: 'implied', by });
      }
    }
    const isMet = (requirement: Requirement): boolean => {
      if (requirement.kind === 'permission') return held.has(requirement.name);
      return requirement.kind === 'and' ? requirement.terms.every(isMet) : requirement.terms.some(isMet);
    };
    for (let before = -1; before !== held.size; ) {
      before = held.size;
      for (const name of [...held.keys()]) {
        const requires = permissions.get(name)?.requires;
        if (requires && !isMet(requires)) held.delete(name);
      }
    }
    return held;
  }

  /** Whether no permission of the role depends on another; so it is with most. */
  private isPlain({ permissions, fallen }: Role): boolean {
    if (fallen.size > 0) return false;
    for (const name of permissions.keys()) if (this.linked.has(name)) return false;
    return true;
  }
}
