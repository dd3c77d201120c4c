import type { Name, Span } from '../source/index.ts';
import { isMet, namesIn, requirementText } from './permissions.ts';
import type { Account, Cause, Fall, Permission, Requirement } from './policy.ts';
import type { Report } from './report.ts';
import { canHold } from './role-accounts.ts';

/** A role's permissions as they were given, before dependencies. */
export interface Given {
  readonly role: Name;
  readonly account: Account | null;
  readonly permissions: ReadonlyMap<string, Cause>;
  readonly without: ReadonlyMap<string, Span>;
  /** Of `without`, what this role itself takes away although nothing gave it. */
  readonly absent: readonly Name[];
  /** Where what comes with no place of its own is shown: the level or the name of the role. */
  readonly place: Span;
}

export interface Settled {
  readonly standing: ReadonlyMap<string, Cause>;
  readonly fallen: ReadonlyMap<string, Fall>;
}

/** What is given and all that it implies, without what the account cannot have. */
export function closeUnderImplies(
  given: Given,
  permissions: ReadonlyMap<string, Permission>,
  report: Report,
): ReadonlyMap<string, Cause> {
  const { role, account, without, place } = given;
  const isWhole = ![...given.permissions.keys()].some((name) => permissions.get(name)?.implies.length);
  if (isWhole && given.absent.length === 0) return given.permissions;
  const all = new Map(given.permissions);
  const open = [...all.keys()];
  const refused = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const implied of permissions.get(name)?.implies ?? []) {
      const taken = without.get(implied);
      if (taken) {
        refused.add(implied);
        report.add('without-implied', taken, `\`${implied}\` is taken away, but \`${name}\` brings it back`, {
          help: `take \`${name}\` away too, or leave \`${implied}\``,
        });
      } else if (account && !canHold(account, implied)) {
        const message = `\`${name}\` brings \`${implied}\`, which an account \`${account.name}\` cannot have`;
        report.add('foreign-permission', placeOf(all.get(name), role, place), message, {
          help: `take \`${name}\` away`,
        });
      } else if (!all.has(implied)) {
        all.set(implied, { kind: 'implied', by: name });
        open.push(implied);
      }
    }
  }
  for (const { text, span } of given.absent.filter((name) => !refused.has(name.text))) {
    report.add('without-absent', span, `\`${role.text}\` does not have \`${text}\`, so there is nothing to take away`, {
      help: 'remove it, or check the level',
    });
  }
  return all;
}

/** The greatest set in which every requirement is met: what lacks its requirement falls, until nothing more falls. */
export function settle(all: ReadonlyMap<string, Cause>, permissions: ReadonlyMap<string, Permission>): Settled {
  const standing = new Map<string, Cause>();
  const fallen = new Map<string, Fall>();
  const names = [...all.keys()].sort();
  for (const name of names) standing.set(name, all.get(name) as Cause);
  if (!names.some((name) => permissions.get(name)?.requires)) return { standing, fallen };
  const dependents = new Map<string, string[]>();
  for (const name of standing.keys()) {
    const requires = permissions.get(name)?.requires;
    for (const other of requires ? namesIn(requires) : []) {
      const list = dependents.get(other);
      if (list) list.push(name);
      else dependents.set(other, [name]);
    }
  }
  const open = [...standing.keys()];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const cause = standing.get(name);
    const requires = permissions.get(name)?.requires;
    if (!cause || !requires || isMet(requires, (other) => standing.has(other))) continue;
    standing.delete(name);
    fallen.set(name, { cause, requires, missing: [] });
    open.push(...(dependents.get(name) ?? []));
  }
  const falls = [...fallen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fall]): [string, Fall] => {
      return [name, { ...fall, missing: [...namesIn(fall.requires)].filter((other) => !standing.has(other)) }];
    });
  return { standing, fallen: new Map(falls) };
}

/**
 * What fell for want of something that the role never had. What only fell after it has the same cause, and so has what
 * fell in a role that this one extends (`known`).
 */
export function reportFalls(
  given: Given,
  { standing, fallen }: Settled,
  code: 'unmet-requirement' | 'fallen-permission',
  known: ReadonlySet<string>,
  permissions: ReadonlyMap<string, Permission>,
  report: Report,
): void {
  const { role, place } = given;
  for (const [name, { cause, requires }] of fallen) {
    if (known.has(name) || permissions.get(name)?.fallsSilently) continue;
    if (isMet(requires, (other) => standing.has(other) || fallen.has(other))) continue;
    const lacking = lackOf(requires, (other) => standing.has(other) || fallen.has(other));
    report.add(
      code,
      placeOf(cause, role, place),
      `\`${role.text}\` has \`${name}\`, which is worth nothing without ${lacking}`,
      {
        notes: [`\`${name}\` requires \`${shorten(requirementText(requires))}\``],
        help: `add ${lacking} to \`with\`, or take \`${name}\` away`,
      },
    );
  }
}

/** What a requirement that is not met lacks, in words. */
function lackOf(requirement: Requirement, has: (permission: string) => boolean): string {
  if (requirement.kind === 'permission') return `\`${requirement.name}\``;
  const open = requirement.terms.filter((term) => !isMet(term, has));
  const [only] = open;
  if (open.length === 1 && only) return lackOf(only, has);
  if (open.length > 5) return `${lackOf({ ...requirement, terms: open.slice(0, 3) }, has)} and ${open.length - 3} more`;
  return open
    .map((term) => (term.kind === 'permission' || !isSeveral(term, has) ? lackOf(term, has) : `(${lackOf(term, has)})`))
    .join(` ${requirement.kind} `);
}

function isSeveral(requirement: Requirement, has: (permission: string) => boolean): boolean {
  return requirement.kind !== 'permission' && requirement.terms.filter((term) => !isMet(term, has)).length > 1;
}

function placeOf(cause: Cause | undefined, role: Name, place: Span): Span {
  return cause?.kind === 'with' && cause.role === role.text ? cause.span : place;
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}
