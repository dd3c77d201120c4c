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
  const members = memberSubjects(policy);
  const found: Finding[] = [];
  const answer = (subject: Subject, action: string, isAllowed: boolean): Answer => {
    const cells = (roles: readonly string[]) => roles.map((role) => certaintyOf(diagrams, role, action));
    return answerOf(cells(subject.roles), cells(subject.lasting), isAllowed, invariant.formulas !== null);
  };
  const judge = (who: string, subject: Subject, isAllowed: boolean) => {
    for (const action of invariant.actions) {
      found.push({ answer: answer(subject, action, isAllowed), who, action: `\`${action}\`` });
    }
  };
  switch (invariant.kind) {
    case 'never':
    case 'always':
      for (const [who, subject] of subjects) judge(who, subject, invariant.kind === 'always');
      break;
    case 'only':
      for (const [who, subject] of invariant.members.length > 0 ? members : roleSubjects([...policy.roles.keys()])) {
        if (!subjects.has(who)) judge(who, subject, false);
      }
      break;
    case 'separate':
      for (const [who, subject] of invariant.over === 'members' ? members : subjects) {
        const able = invariant.actions
          .map((action) => answer(subject, action, false))
          .filter((item) => item !== 'holds');
        if (able.length < 2) continue;
        const action = invariant.actions.map((item) => `\`${item}\``).join(' and ');
        found.push({ answer: able.every((item) => item === 'fails') ? 'fails' : 'depends', who, action });
      }
      break;
    case 'someone':
      for (const action of invariant.actions) {
        const answers = [...members.values()].map((subject) => answer(subject, action, true));
        const best = answers.includes('holds') ? 'holds' : answers.includes('depends') ? 'depends' : 'fails';
        found.push({ answer: best, who: 'nobody', action: `\`${action}\`` });
      }
      break;
    default:
      invariant.kind satisfies never;
  }
  return report(
    invariant,
    found.filter((item) => item.answer !== 'holds'),
  );
}

function report(invariant: Invariant, found: readonly Finding[]): readonly Diagnostic[] {
  const failed = found.filter(({ answer }) => answer === 'fails');
  const shown = failed[0] ?? found[0];
  if (!shown) return [];
  const others = (failed.length > 0 ? failed.length : found.length) - 1;
  const notes = [describe(invariant.kind, shown), ...(others > 0 ? [`and ${others} more like this`] : [])];
  if (failed.length > 0) {
    const help = 'change what the roles may do, or the sentence';
    return [diagnose('invariant-failed', invariant.span, `\`${invariant.title}\` does not hold`, { notes, help })];
  }
  const message = `\`${invariant.title}\` depends on the request, so it is not proved`;
  const help = 'add a scope or prohibition that settles it, or state with `when` which requests are meant';
  return [diagnose('invariant-unproved', invariant.span, message, { notes, help })];
}

interface Finding {
  readonly answer: Answer;
  readonly who: string;
  readonly action: string;
}

function describe(kind: Invariant['kind'], { answer, who, action }: Finding): string {
  const subject = `\`${who}\``;
  const isSure = answer === 'fails';
  if (kind === 'someone')
    return isSure ? `no member is ever allowed ${action}` : `a condition decides who is allowed ${action}`;
  if (kind === 'always')
    return isSure
      ? `${subject} is never allowed ${action}`
      : `a condition decides whether ${subject} is allowed ${action}`;
  return isSure
    ? `${subject} is allowed ${action}, whatever the request`
    : `a condition decides whether ${subject} is allowed ${action}`;
}

/** Whether all cells deny, or one allows whatever the request; `lasting` are those that no date ends. */
function answerOf(
  cells: readonly Certainty[],
  lasting: readonly Certainty[],
  isAllowed: boolean,
  isConditional: boolean,
): Answer {
  const isNever = cells.every((cell) => cell === 'deny');
  if (isAllowed) return lasting.includes('allow') ? 'holds' : isNever && !isConditional ? 'fails' : 'depends';
  return isNever ? 'holds' : cells.includes('allow') && !isConditional ? 'fails' : 'depends';
}

type Certainty = 'deny' | 'allow' | 'open';

function certaintyOf(diagrams: Diagrams, role: string, action: string): Certainty {
  const index = diagrams.roles.indexOf(role) * diagrams.actions.length + diagrams.actions.indexOf(action);
  const decision = diagrams.cells[index]?.decision ?? 0;
  return decision === 0 ? 'deny' : decision < diagrams.leaves ? 'allow' : 'open';
}

/** The roles of a role or member, now or at some time, and those of them that no date begins or ends. */
interface Subject {
  readonly roles: readonly string[];
  readonly lasting: readonly string[];
}

function subjectsOf({ members, roles }: Invariant, policy: Policy): ReadonlyMap<string, Subject> {
  if (members.length === 0) return roleSubjects(roles.length > 0 ? roles : [...policy.roles.keys()]);
  const all = memberSubjects(policy);
  return new Map(members.map((name) => [name, all.get(name) ?? { roles: [], lasting: [] }]));
}

function roleSubjects(roles: readonly string[]): ReadonlyMap<string, Subject> {
  return new Map(roles.map((role) => [role, { roles: [role], lasting: [role] }]));
}

/** Inactive members hold nothing. */
function memberSubjects(policy: Policy): ReadonlyMap<string, Subject> {
  return new Map(
    [...policy.members.values()].map(({ key, active, assignments }) => {
      const held = active ? assignments : [];
      const lasting = held.filter(({ from, until }) => from === null && until === null);
      return [key, { roles: held.map(({ role }) => role), lasting: lasting.map(({ role }) => role) }];
    }),
  );
}
