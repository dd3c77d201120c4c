import type { InvariantSyntax } from '../parse/index.ts';
import type { Name } from '../source/index.ts';
import { readCondition } from './conditions.ts';
import { matching, unknownAction } from './coverage.ts';
import type { Declarations } from './declarations.ts';
import type { Invariant } from './policy.ts';
import type { Report } from './report.ts';

export function readInvariants(
  invariants: readonly InvariantSyntax[],
  names: { readonly roles: ReadonlySet<string>; readonly members: ReadonlySet<string> },
  declarations: Declarations,
  report: Report,
): readonly Invariant[] {
  const known = (
    name: Name,
    code: 'unknown-role' | 'unknown-member',
    what: string,
    all: ReadonlySet<string>,
  ): boolean => {
    if (all.has(name.text)) return true;
    report.unknown(code, what, name, all);
    return false;
  };
  return invariants.map((syntax) => {
    const actions = [
      ...matching(syntax.actions, declarations.actions, (name) => unknownAction(name, declarations, report)),
    ];
    const about = actions.flatMap((name) => declarations.actions.get(name) ?? []);
    return {
      title: syntax.title.text,
      kind: syntax.kind,
      actions,
      roles: syntax.roles.filter((name) => known(name, 'unknown-role', 'role', names.roles)).map((name) => name.text),
      members: syntax.members
        .filter((name) => known(name, 'unknown-member', 'member', names.members))
        .map((name) => name.text),
      over: syntax.over ?? (syntax.roles.length > 0 ? 'roles' : 'members'),
      formulas: syntax.when && readCondition(syntax.when, about, false, syntax.span, declarations, report),
      span: syntax.title.span,
    };
  });
}
