import type { Formula, Policy, Requirement } from '../resolve/index.ts';
import type { Span } from '../source/index.ts';
import { accountIs, hasFormula, switchedPermission } from './switches.ts';

/** Terms that one formula may grow to. */
const most = 20_000;

/**
 * Formulas over the permissions that a role has in the end, as formulas over those that it is written with: what others
 * bring along is there too, what lacks its requirement falls, and what its account cannot have is not there. So two catalogs
 * that differ in this can be compared for the same role. `names` are permissions that are called otherwise. Null where that
 * is too long.
 */
export function overWritten(
  formula: Formula,
  policy: Policy,
  names: ReadonlyMap<string, string>,
  place: Span,
): Formula | null {
  const bringers = bringersIn(policy);
  let left = most;
  const and = (terms: readonly Formula[]): Formula => ({ kind: 'and', terms });
  const or = (terms: readonly Formula[]): Formula => ({ kind: 'or', terms });
  const no: Formula = { kind: 'constant', value: false };
  const yes: Formula = { kind: 'constant', value: true };

  /** `asked` are those whose requirements are looked at, `brought` those that are brought along, on the way to it. */
  const final = (name: string, asked: ReadonlySet<string>, brought: ReadonlySet<string>): Formula => {
    const permission = policy.permissions.get(name);
    if (!permission || left-- <= 0) return no;
    const onTheWay = new Set(brought).add(name);
    const others = (bringers.get(name) ?? []).flatMap((other) =>
      brought.has(other) ? [] : [final(other, asked, onTheWay)],
    );
    const needs = new Set(asked).add(name);
    const over = (requirement: Requirement): Formula => {
      if (requirement.kind !== 'permission') return { kind: requirement.kind, terms: requirement.terms.map(over) };
      // Permissions that require each other stand together.
      return needs.has(requirement.name) ? yes : final(requirement.name, needs, new Set());
    };
    const barred = [...policy.accounts.values()].filter(
      ({ permissions, ofLevels }) => permissions && !permissions.has(name) && !ofLevels.has(name),
    );
    return and([
      or([hasFormula(names.get(name) ?? name, place), ...others]),
      ...(permission.requires ? [over(permission.requires)] : []),
      ...barred.map((account): Formula => ({ kind: 'not', term: accountIs(account.name, place) })),
    ]);
  };

  const visit = (item: Formula): Formula => {
    if (item.kind === 'and' || item.kind === 'or') return { kind: item.kind, terms: item.terms.map(visit) };
    if (item.kind === 'not') return { kind: 'not', term: visit(item.term) };
    const name = switchedPermission(item);
    return name === null ? item : final(name, new Set(), new Set());
  };
  const written = visit(formula);
  return left > 0 ? written : null;
}

/** By permission: those that imply it. */
function bringersIn({ permissions }: Policy): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, { implies }] of permissions) {
    for (const implied of implies) found.set(implied, [...(found.get(implied) ?? []), name]);
  }
  return found;
}
