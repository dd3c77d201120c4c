import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/index.ts';
import type { Invariant, Policy } from '../resolve/index.ts';

/**
 * Invariants as far as the diagrams alone decide them: a sentence about "never" holds where the diagram is deny, one
 * about "always" where it is an allow. Where a condition remains, the sentence is reported as unproved, never as proved.
 */
export function checkInvariants(policy: Policy, diagrams: Diagrams): readonly Diagnostic[] {
  return policy.invariants.flatMap((invariant) => checkOne(invariant, policy, diagrams));
}

type Answer = 'holds' | 'fails' | 'depends';

function checkOne(invariant: Invariant, policy: Policy, diagrams: Diagrams): readonly Diagnostic[] {
  const subjects = subjectsOf(invariant, policy);
  const found: { answer: Answer; who: string; action: string }[] = [];
  const judge = (who: string, roles: readonly string[], action: string, allowed: boolean) => {
    const answer = answerOf(roles.map((role) => certaintyOf(diagrams, role, action)), allowed, invariant.formulas !== null);
    if (answer !== 'holds') found.push({ answer, who, action });
  };
  switch (invariant.kind) {
    case 'never':
    case 'always':
      for (const [who, roles] of subjects) for (const action of invariant.actions) judge(who, roles, action, invariant.kind === 'always');
      break;
    case 'only': {
      const chosen = new Set([...subjects.keys()]);
      const isOfMembers = invariant.members.length > 0;
      const everyone = isOfMembers ? memberRoles(policy) : new Map([...policy.roles.keys()].map((role) => [role, [role]]));
      for (const [who, roles] of everyone) if (!chosen.has(who)) for (const action of invariant.actions) judge(who, roles, action, false);
      break;
    }
    case 'separate':
      for (const [who, roles] of invariant.over === 'members' ? memberRoles(policy) : subjects) {
        const able = invariant.actions.map((action) => answerOf(roles.map((role) => certaintyOf(diagrams, role, action)), false, invariant.formulas !== null));
        const possible = able.filter((answer) => answer !== 'holds');
        if (possible.length < 2) continue;
        found.push({ answer: possible.every((answer) => answer === 'fails') ? 'fails' : 'depends', who, action: invariant.actions.join(' and ') });
      }
      break;
    case 'someone':
      for (const action of invariant.actions) {
        const answers = [...memberRoles(policy).values()].map((roles) => answerOf(roles.map((role) => certaintyOf(diagrams, role, action)), true, invariant.formulas !== null));
        if (answers.includes('holds')) continue;
        found.push({ answer: answers.includes('depends') ? 'depends' : 'fails', who: 'nobody', action });
      }
      break;
    default:
      invariant.kind satisfies never;
  }
  const failed = found.find(({ answer }) => answer === 'fails');
  const open = failed ?? found[0];
  if (!open) return [];
  const details = { notes: [`it is about \`${open.action}\` and \`${open.who}\``] };
  return [
    failed
      ? diagnose('invariant-failed', invariant.span, `\`${invariant.title}\` does not hold`, details)
      : diagnose('invariant-unproved', invariant.span, `\`${invariant.title}\` depends on the request, so it is not proved`, {
          ...details,
          help: 'narrow the permission with a scope, or state the condition under which it must hold with `when`',
        }),
  ];
}

/** Whether all cells deny, or one allows whatever the request. */
function answerOf(cells: readonly Certainty[], allowed: boolean, isConditional: boolean): Answer {
  const hasAlways = cells.includes('allow');
  const isNever = cells.every((cell) => cell === 'deny');
  if (allowed) return hasAlways ? 'holds' : isNever && !isConditional ? 'fails' : 'depends';
  return isNever ? 'holds' : hasAlways && !isConditional ? 'fails' : 'depends';
}

type Certainty = 'deny' | 'allow' | 'open';

function certaintyOf(diagrams: Diagrams, role: string, action: string): Certainty {
  const index = diagrams.roles.indexOf(role) * diagrams.actions.length + diagrams.actions.indexOf(action);
  const decision = diagrams.cells[index]?.decision ?? 0;
  return decision === 0 ? 'deny' : decision < diagrams.leaves ? 'allow' : 'open';
}

function subjectsOf(invariant: Invariant, policy: Policy): ReadonlyMap<string, readonly string[]> {
  const members = memberRoles(policy);
  if (invariant.members.length > 0) return new Map(invariant.members.map((name) => [name, members.get(name) ?? []]));
  const roles = invariant.roles.length > 0 ? invariant.roles : [...policy.roles.keys()];
  return new Map(roles.map((role) => [role, [role]]));
}

/** Members with the roles they hold now or at some time; inactive members hold none. */
function memberRoles(policy: Policy): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...policy.members.values()].map((member) => [member.key, member.active ? member.assignments.map(({ role }) => role) : []]),
  );
}
