// In: the files' syntax, the Policy and its Diagrams.
// Out: findings: what is legal but surely not meant, and invariants that do not hold.
// Never: changes anything, or repeats what resolve already reported.
import type { Diagnostic } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/index.ts';
import type { CatalogSyntax, InvariantsSyntax, PracticeSyntax } from '../parse/index.ts';
import type { Policy } from '../resolve/index.ts';
import { checkBuiltIns } from './built-ins.ts';
import { withOpenFeatures } from './clinic.ts';
import { checkInvariants } from './invariants.ts';
import { checkLostByRung } from './lost-by-rung.ts';
import { checkUnused } from './unused.ts';
import { checkUseless } from './useless.ts';

export { type AnyonePolicy, factsOfAnyone, policyOfAnyone } from './anyone.ts';
export { type ActionFacts, factsOfActions } from './facts-of-actions.ts';
export { silence } from './silence.ts';
export { checkUnusedInvariants } from './unused-invariants.ts';

export interface CheckedSources {
  readonly catalogs: readonly CatalogSyntax[];
  readonly practice: PracticeSyntax | null;
  readonly invariants: readonly InvariantsSyntax[];
  /** A tests file or a request adds to them: what they mean by themselves is judged without it. */
  readonly isHypothetical: boolean;
}

export function check(sources: CheckedSources, policy: Policy, diagrams: Diagrams): readonly Diagnostic[] {
  const { practice, catalogs } = sources;
  const catalog = catalogs.at(-1);
  const own = practice ?? catalog;
  return [
    ...checkUnused(sources, policy),
    ...checkInvariants(policy, diagrams),
    ...checkBuiltIns(sources, policy, diagrams),
    // A practice has each feature on or off; a catalog has to hold either way.
    ...(own ? checkLostByRung(own.file, practice ? policy : withOpenFeatures(policy)) : []),
    ...checkUseless(sources, policy, diagrams),
  ];
}
