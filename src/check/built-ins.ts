import type { Diagnostic } from '../diagnostics/index.ts';
import { type Diagrams, lower } from '../lower/index.ts';
import type { CatalogSyntax } from '../parse/index.ts';
import type { Account, Policy, Role } from '../resolve/index.ts';
import type { CheckedSources } from './index.ts';
import { broughtBy, madeUpRole } from './made-up-roles.ts';
import { checkOwnPermissions } from './own-permissions.ts';
import { anybodyIn, holdersOf, rolesToHold } from './subjects.ts';
import { checkUnheldActions } from './unheld-actions.ts';
import { checkWeakenedOutcomes, type Holder } from './weakened-outcomes.ts';
import { ofActions } from './world.ts';

/** Sentences that hold of every policy unless it says why not. "A higher rung never loses an allow" is `lost-by-rung`. */
export function checkBuiltIns(
  { catalogs, practice, isHypothetical }: CheckedSources,
  policy: Policy,
  diagrams: Diagrams,
): readonly Diagnostic[] {
  if (isHypothetical) return [];
  const catalog = catalogs.at(-1);
  if (!practice) return catalog ? checkOutcomesOfCatalog(catalog, policy) : [];
  const holders = () =>
    rolesToHold(policy).flatMap((role) => holdersOf(policy, role).map((subject) => ({ role, subject })));
  return [
    ...checkOwnPermissions(policy),
    ...checkUnheldActions(practice, policy, diagrams),
    ...checkWeakenedOutcomes(policy, diagrams, holders),
  ];
}

/** Without roles, whoever has a permission is asked: other permissions are for each practice to combine. */
function checkOutcomesOfCatalog({ file }: CatalogSyntax, policy: Policy): readonly Diagnostic[] {
  const dutiful = policy.grants.filter(({ outcome }) => outcome !== null);
  if (dutiful.length === 0) return [];
  const accounts = policy.accounts.size > 0 ? [...policy.accounts.values()] : [null];
  const roles = [...new Set(dutiful.map(({ permission }) => permission))].flatMap((permission) => {
    const held = broughtBy(policy, permission);
    return accounts
      .filter((account) => [...held].every((name) => mayHave(account, name)))
      .map((account) => madeUpRole([account?.name, permission].join('/'), account?.name ?? null, held, file));
  });
  const actions = new Set(dutiful.flatMap(({ formulas }) => [...formulas.keys()]));
  const asked = { ...ofActions(policy, actions), roles: new Map(roles.map((role) => [role.name, role])) };
  const { diagrams } = lower(asked);
  const holders = () =>
    roles.map((role): Holder => ({ role, subject: { ...anybodyIn(asked, role), madeUpRole: written(role) } }));
  const found = diagrams ? checkWeakenedOutcomes(asked, diagrams, holders) : [];
  return found.filter(({ span }) => span?.file === file);
}

function mayHave(account: Account | null, permission: string): boolean {
  return !account?.permissions || account.permissions.has(permission) || account.ofLevels.has(permission);
}

function written({ account, permissions }: Role): unknown {
  return { ...(account !== null && { account }), with: [...permissions.keys()] };
}
