import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import { INSTANCES } from '../diagram/index.ts';
import type { Assignment, Member, Policy } from '../resolve/index.ts';
import type { Asker } from './asker.ts';
import type { Clinic } from './clinic.ts';
import { inForce } from './questions.ts';
import { type Part, subjectOfMember } from './subjects.ts';

/**
 * Active members of this practice who are never allowed anything, and assignments that give nothing that the member's
 * others do not give at the same time, for every possible request. Features may be on or off, and so may the yes-or-no
 * settings of the assignment that is judged: what waits for a switch is not useless. Of two that give the same, the last
 * is reported.
 */
export function checkUnneededAssignments(clinic: Clinic): readonly Diagnostic[] {
  const members = [...clinic.policy.members.values()].filter(
    (member) =>
      member.active && !clinic.policy.described.members.has(member.key) && !hasReportedFall(clinic.policy, member),
  );
  const powerless = new Map<string, Member[]>();
  const found: Diagnostic[] = [];
  for (const member of members) {
    const { assignments } = member;
    if (assignments.every((item) => !gives(clinic, member, item, []))) {
      const key = [...new Set(assignments.map(({ role }) => role))].sort().join();
      const alike = powerless.get(key);
      if (alike) alike.push(member);
      else powerless.set(key, [member]);
    } else if (assignments.length > 1) found.push(...unneeded(clinic, member));
  }
  return [...[...powerless.values()].map(reportPowerless), ...found];
}

/** Somebody whose role lost permissions, of which something is said already. */
function hasReportedFall({ roles, permissions }: Policy, { assignments }: Member): boolean {
  return assignments.some(({ role }) =>
    [...(roles.get(role)?.fallen.keys() ?? [])].some((name) => !permissions.get(name)?.fallsSilently),
  );
}

function unneeded(clinic: Clinic, member: Member): readonly Diagnostic[] {
  let left = member.assignments;
  return member.assignments.toReversed().flatMap((item): readonly Diagnostic[] => {
    const others = left.filter((other) => other !== item);
    if (others.length === 0 || gives(clinic, member, item, others)) return [];
    left = others;
    const message = `this assignment of \`${item.role}\` gives \`${member.key}\` nothing more`;
    const isEmpty = !gives(clinic, member, item, []);
    const why = isEmpty ? 'it never allows anything' : 'the other assignments allow all of it at the same time';
    return [diagnose('unneeded-assignment', item.span, message, { notes: [why], help: 'remove it, or correct it' })];
  });
}

function reportPowerless([member, ...others]: readonly Member[]): Diagnostic {
  const more = others.map(({ key }) => `\`${key}\``);
  const same = more.length > 3 ? [...more.slice(0, 3), `${more.length - 3} more`] : more;
  return diagnose('powerless-member', member?.span ?? null, `\`${member?.key}\` can never be allowed anything`, {
    notes: same.length === 0 ? [] : [`the same is true of ${same.join(', ')}`],
    help: 'give the member a role that allows something, or write `status: inactive`',
  });
}

/** Whatever the request, and at any time. */
function isPlainlyAllowed({ world }: Clinic, { role, from, until }: Assignment): boolean {
  if (from !== null || until !== null) return false;
  return world.row(role).some(({ decision }) => decision > 0 && decision < world.store.leaves);
}

/** Is some request allowed by one assignment, and not as well by the others? "Yes" where that is not decided. */
function gives(clinic: Clinic, member: Member, item: Assignment, others: readonly Assignment[]): boolean {
  const { world, diagrams } = clinic;
  const { store } = world.rails;
  // Of many members this is clear at once, and each would be a question of their own.
  if (others.length === 0 && isPlainlyAllowed(clinic, item)) return true;
  const asked = { ...member, assignments: [item, ...others] };
  const subject = subjectOfMember(clinic.policy, asked, new Set([item]));
  const [part, ...otherParts] = subject.parts;
  if (!part || subject.parts.some(({ instance }) => instance >= INSTANCES)) return true;
  const allowed = (asker: Asker, by: Part, action: string, least: number) =>
    store.meet(
      world.rails.certainly(world.decision(by.role, action), by.instance, asker.instanceOf(by), least),
      inForce(world, by),
    );
  return diagrams.actions.some((action) => {
    if (world.decision(part.role, action) === 0) return false;
    for (let least = world.store.top; least > 0; least--) {
      const isPossible = clinic.mayHold(subject, world, (asker) => {
        let node = allowed(asker, part, action, least);
        for (const other of otherParts) node = store.meet(node, store.negate(allowed(asker, other, action, least)));
        return node;
      });
      if (isPossible) return true;
    }
    return false;
  });
}
