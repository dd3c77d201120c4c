import type { Formula, Policy, Requirement } from '../resolve/index.ts';
import type { Span } from '../source/index.ts';
import { accountIs, hasFormula, levelFormula, switchedPermission } from './switches.ts';

/** Terms that one formula may grow to. */
const most = 20_000;

/**
 * Formulas over the permissions that a role has in the end, as formulas over the permissions and levels that it is written
 * with: what others bring along is there too, what lacks its requirement falls, though what that brought along stays, and
 * what its account cannot have is not there. So two catalogs
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

  /** Written, of the level or a lower one, or brought along by what is, whether that falls or not. */
  const given = (name: string): readonly Formula[] => {
    const all = new Set([name]);
    for (const each of all) for (const other of bringers.get(each) ?? []) all.add(other);
    left -= all.size;
    return [...all].flatMap((each) => [
      hasFormula(names.get(each) ?? each, place),
      ...rungsWith(policy, each).map((rung) => levelFormula(rung, place)),
    ]);
  };

  /** `asked` are those whose requirements are looked at on the way to it. */
  const final = (name: string, asked: ReadonlySet<string>): Formula => {
    const permission = policy.permissions.get(name);
    if (!permission || left-- <= 0) return no;
    const needs = new Set(asked).add(name);
    const over = (requirement: Requirement): Formula => {
      if (requirement.kind !== 'permission') return { kind: requirement.kind, terms: requirement.terms.map(over) };
      // Permissions that require each other stand together.
      return needs.has(requirement.name) ? yes : final(requirement.name, needs);
    };
    const barred = [...policy.accounts.values()].filter(
      ({ permissions, ofLevels }) => permissions && !permissions.has(name) && !ofLevels.has(name),
    );
    return and([
      or(given(name)),
      ...(permission.requires ? [over(permission.requires)] : []),
      ...barred.map((account): Formula => ({ kind: 'not', term: accountIs(account.name, place) })),
    ]);
  };

  const visit = (item: Formula): Formula => {
    if (item.kind === 'and' || item.kind === 'or') return { kind: item.kind, terms: item.terms.map(visit) };
    if (item.kind === 'not') return { kind: 'not', term: visit(item.term) };
    const name = switchedPermission(item);
    return name === null ? item : final(name, new Set());
  };
  const written = visit(formula);
  return left > 0 ? written : null;
}

/** The levels that give a permission by themselves. */
function rungsWith({ permissions, ladders }: Policy, name: string): readonly string[] {
  const level = permissions.get(name)?.level ?? null;
  if (level === null) return [];
  return [...ladders.values()].flatMap((rungs) => (rungs.includes(level) ? rungs.slice(rungs.indexOf(level)) : []));
}

/** By permission: those that imply it. */
function bringersIn({ permissions }: Policy): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, { implies }] of permissions) {
    for (const implied of implies) found.set(implied, [...(found.get(implied) ?? []), name]);
  }
  return found;
}
