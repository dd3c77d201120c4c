import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/index.ts';
import type { Policy, Role } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';

/**
 * Roles of this file with one meaning: the same decision about every action, the same settings and account. What others
 * extend and nobody holds is no role to choose between.
 */
export function checkEqualRoles(file: SourceFile, policy: Policy, diagrams: Diagrams): readonly Diagnostic[] {
  const firsts = new Map<string, Role>();
  const rows = new Map(diagrams.roles.map((name, index) => [name, index]));
  const width = diagrams.actions.length;
  const held = new Set([...policy.members.values()].flatMap((member) => member.assignments.map(({ role }) => role)));
  const extended = new Set([...policy.roles.values()].flatMap((role) => role.extends));
  const isTemplate = ({ name, givenByApplication }: Role) =>
    extended.has(name) && !held.has(name) && !givenByApplication;
  return [...policy.roles.values()].flatMap((role) => {
    const row = rows.get(role.name);
    if (role.span.file !== file || row === undefined || isTemplate(role)) return [];
    const decisions = diagrams.cells.slice(row * width, (row + 1) * width).map(({ decision }) => decision);
    if (decisions.every((decision) => decision === 0)) return [];
    const { account, givenByApplication } = role;
    const key = JSON.stringify([decisions, account, givenByApplication, [...role.settings].sort(byName)]);
    const first = firsts.get(key);
    if (!first) {
      firsts.set(key, role);
      return [];
    }
    return [
      diagnose('equal-roles', role.span, `\`${role.name}\` means the same as \`${first.name}\``, {
        notes: [{ message: `\`${first.name}\` is here`, span: first.span }],
        help: 'keep one of them, or give it what makes it different',
      }),
    ];
  });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
