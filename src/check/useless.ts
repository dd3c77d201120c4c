import type { Diagnostic } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/index.ts';
import type { CatalogSyntax, PracticeSyntax } from '../parse/index.ts';
import type { Policy } from '../resolve/index.ts';
import { Anyone } from './anyone.ts';
import { Clinic } from './clinic.ts';
import { checkEqualRoles } from './equal-roles.ts';
import { impossibleActions, reportAction } from './impossible-actions.ts';
import type { CheckedSources } from './index.ts';
import { checkEssentialSettings, checkWideningDefaults } from './settings.ts';
import { checkUnneededAssignments } from './unneeded-assignments.ts';
import { reportGrant, unneededGrants } from './unneeded-grants.ts';
import { reportPermission, unneededPermissions } from './unneeded-permissions.ts';
import { checkScopesOfCatalog, checkUnneededScopes } from './unneeded-scopes.ts';
import { checkUnneededWith } from './unneeded-with.ts';
import { isClosed } from './unused.ts';

/**
 * What can never matter, over every possible request, with facts missing or not. A practice is judged by the roles and
 * members that it has, a catalog by every role that there could be. Not said again for each tests file.
 */
export function checkUseless(
  { practice, catalogs, isHypothetical }: CheckedSources,
  policy: Policy,
  diagrams: Diagrams,
): readonly Diagnostic[] {
  const catalog = catalogs.at(-1);
  if (isHypothetical) return [];
  if (practice) return checkPractice(practice, policy, diagrams);
  return catalog ? checkCatalog(catalog, policy) : [];
}

function checkPractice(practice: PracticeSyntax, policy: Policy, diagrams: Diagrams): readonly Diagnostic[] {
  const { file } = practice;
  const clinic = Clinic.of(policy, diagrams);
  if (!clinic) return [];
  return [
    ...checkEqualRoles(clinic),
    ...checkUnneededScopes(file, clinic),
    ...checkUnneededWith(practice, clinic),
    ...checkUnneededAssignments(clinic),
  ];
}

/** One cause, one diagnostic. */
function checkCatalog(catalog: CatalogSyntax, policy: Policy): readonly Diagnostic[] {
  const { file } = catalog;
  const anyone = new Anyone(policy, file);
  const impossible = impossibleActions(file, anyone);
  const closed = new Set(impossible.map(({ name }) => name));
  // Where all that a permission grants is closed to everybody, that is said of the actions.
  const permissions = unneededPermissions(file, anyone).filter(({ name }) =>
    policy.grants.some(
      ({ permission, formulas }) => permission === name && [...formulas.keys()].some((action) => !closed.has(action)),
    ),
  );
  const ofPermissions = new Set(permissions.map(({ name }) => name));
  const isGone = (index: number) => ofPermissions.has(policy.grants[index]?.permission ?? '');
  const grants = unneededGrants(file, anyone, isGone, (action) => closed.has(action));
  const said = new Set(grants.map(({ index }) => index));
  const isExplained = (action: string) =>
    isClosed(policy, action) || policy.grants.every(({ formulas }, index) => !formulas.has(action) || said.has(index));
  return [
    ...permissions.map((permission) => reportPermission(policy, permission)),
    ...grants.flatMap((grant) => reportGrant(policy, grant)),
    ...impossible.filter(({ name }) => !isExplained(name)).map((action) => reportAction(anyone, action)),
    ...checkScopesOfCatalog(file, anyone),
    ...checkEssentialSettings(catalog, anyone),
    ...checkWideningDefaults(catalog, anyone),
  ];
}
