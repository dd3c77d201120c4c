import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import { type Diagrams, lower } from '../lower/index.ts';
import type { PracticeSyntax } from '../parse/index.ts';
import type { Formula, Policy, Role, Scope } from '../resolve/index.ts';
import type { Span } from '../source/index.ts';
import { madeUpRole, mostOf } from './made-up-roles.ts';
import { Questions } from './questions.ts';
import { anybodyIn, heldRoles, holdersOf, rolesToHold, type Subject, subjectOfMember } from './subjects.ts';
import { ofActions, World } from './world.ts';

/**
 * Every action is held by someone: those that no active member is allowed in any possible request, in one diagnostic.
 *
 * Only what the practice itself can mend counts: a role of an account that some member has (or had, before leaving),
 * with all the permissions that the account may have, would be allowed it by the catalog. So an action of an account
 * type that the clinic does not use is no finding, nor one whose feature is off, that nothing grants, or that a
 * prohibition without a condition closes. What only a role allows that nobody holds is that role's finding, and
 * sentences of the practice about everybody speak for themselves.
 */
export function checkUnheldActions(
  practice: PracticeSyntax,
  policy: Policy,
  diagrams: Diagrams,
): readonly Diagnostic[] {
  if (policy.members.size === policy.described.members.size) return [];
  const world = new World(policy, diagrams);
  const answers = answersFor(world, plainRoles(policy), () => subjectsOf(policy), [...policy.actions.keys()]);
  const suspects = [...answers].flatMap(([action, answer]) =>
    answer === 'possible' || isStated(policy, action) ? [] : [action],
  );
  if (suspects.length === 0) return [];
  const missing = mendable(practice, policy, suspects);
  const unheld = missing.filter((action) => answers.get(action) === 'impossible');
  const open = missing.filter((action) => answers.get(action) === 'undecided');
  const { file, rolesPlace } = practice;
  const span = rolesPlace ?? { file, start: 0, end: 0 };
  return [...(unheld.length > 0 ? [report(policy, unheld, span)] : []), ...open.slice(0, 1).map(unproved(span))];
}

/** One after the other, as there may be many and the first may do. */
function* subjectsOf(policy: Policy): Iterable<Subject> {
  for (const member of policy.members.values()) {
    if (!policy.described.members.has(member.key)) yield subjectOfMember(policy, member);
  }
  yield* otherHolders(policy);
}

/** Whoever holds a role that the application names, or that no member holds, which is a finding of its own. */
function otherHolders(policy: Policy): readonly Subject[] {
  return otherRoles(policy).flatMap((role) => holdersOf(policy, role));
}

function otherRoles(policy: Policy): readonly Role[] {
  const held = heldRoles(policy);
  return rolesToHold(policy).filter(({ name, givenByApplication }) => givenByApplication || !held.has(name));
}

/** Some sentence says that somebody or nobody is to be allowed it. */
function isStated({ invariants }: Policy, action: string): boolean {
  return invariants.some(({ kind, actions, roles, members, formulas }) => {
    if (formulas !== null || !actions.includes(action)) return false;
    return kind === 'someone' || (kind === 'never' && roles.length + members.length === 0);
  });
}

type Answer = 'possible' | 'impossible' | 'undecided';

/** Roles that somebody holds at any time. */
function plainRoles(policy: Policy): readonly string[] {
  const roles = new Set(otherRoles(policy).map(({ name }) => name));
  for (const { key, active, assignments } of policy.members.values()) {
    if (!active || policy.described.members.has(key)) continue;
    for (const { role, from, until } of assignments) if (from === null && until === null) roles.add(role);
  }
  return [...roles];
}

/** Whether some of the subjects is allowed each action; `plain`: roles that some of them hold at any time. */
function answersFor(
  world: World,
  plain: readonly string[],
  subjects: () => Iterable<Subject>,
  actions: readonly string[],
): ReadonlyMap<string, Answer> {
  const questions = new Questions(world);
  // Whatever the request, so that nothing has to be searched.
  const isPlainlyAllowed = (role: string, action: string) => {
    const decision = world.decision(role, action);
    return decision > 0 && decision < world.store.leaves;
  };
  return new Map(
    actions.map((action) => [
      action,
      plain.some((role) => isPlainlyAllowed(role, action))
        ? 'possible'
        : answerFor(world, questions, subjects(), action),
    ]),
  );
}

function answerFor(world: World, questions: Questions, subjects: Iterable<Subject>, action: string): Answer {
  let answer: Answer = 'impossible';
  for (const subject of subjects) {
    if (subject.parts.every(({ role }) => world.decision(role, action) === 0)) continue;
    const found = questions.allowed(subject, action, -1);
    if (typeof found !== 'string') return 'possible';
    if (found === 'undecided') answer = 'undecided';
  }
  return answer;
}

/** Those that more permissions or other conditions of the practice would open to somebody. */
function mendable(practice: PracticeSyntax, policy: Policy, actions: readonly string[]): readonly string[] {
  const held = [...policy.members.values()].flatMap(({ assignments }) => assignments);
  const used = new Set(held.map(({ role }) => policy.roles.get(role)?.account ?? null));
  const roles = [...used].map((account) =>
    madeUpRole(`(${account ?? 'everything'})`, account, mostOf(policy, account), practice.file),
  );
  const asked: Policy = {
    ...ofActions({ ...policy, scopes: policy.scopes.map((scope) => atBest(scope, practice)) }, new Set(actions)),
    roles: new Map(roles.map((role) => [role.name, role])),
    members: new Map(),
  };
  const { diagrams } = lower(asked);
  if (!diagrams) return actions;
  const names = roles.map(({ name }) => name);
  const anybody = () => roles.map((role) => anybodyIn(asked, role));
  const answers = answersFor(new World(asked, diagrams), names, anybody, actions);
  return actions.filter((action) => answers.get(action) !== 'impossible');
}

/** The scope as it binds a role that has just the right permissions; conditions of the practice are its own to mend. */
function atBest(scope: Scope, practice: PracticeSyntax): Scope {
  const isOwn = scope.span.file === practice.file;
  const formulas = [...scope.formulas].filter(([, formula]) => !isOwn || isNever(formula));
  return { ...scope, formulas: new Map(formulas.map(([action, formula]) => [action, favoured(formula, true)])) };
}

function isNever(formula: Formula): boolean {
  return formula.kind === 'not' && formula.term.kind === 'constant' && formula.term.value;
}

function favoured(formula: Formula, wanted: boolean): Formula {
  switch (formula.kind) {
    case 'has':
      return { kind: 'constant', value: wanted };
    case 'not':
      return { kind: 'not', term: favoured(formula.term, !wanted) };
    case 'and':
    case 'or':
      return { kind: formula.kind, terms: formula.terms.map((term) => favoured(term, wanted)) };
    default:
      return formula;
  }
}

function report(policy: Policy, actions: readonly string[], span: Span): Diagnostic {
  const what = actions.length === 1 ? `\`${actions[0]}\`` : `${actions.length} of the actions`;
  const listed = [...actions].sort().map((action) => {
    const by = permissionsFor(policy, action);
    return by.length === 0 ? `\`${action}\`` : `\`${action}\` comes with ${by.join(' or ')}`;
  });
  return diagnose('unheld-action', span, `no active member is ever allowed ${what}`, {
    notes: [listed.join(', ')],
    help: 'give it to somebody, or close it to everybody by a prohibition without a condition',
  });
}

function permissionsFor(policy: Policy, action: string): readonly string[] {
  const permissions = policy.grants.flatMap(({ permission, formulas }) =>
    permission !== null && formulas.has(action) ? [`\`${permission}\``] : [],
  );
  return [...new Set(permissions)].slice(0, 3);
}

function unproved(span: Span): (action: string) => Diagnostic {
  return (action) =>
    diagnose('invariant-unproved', span, '`every action is held by someone` could not be proved or refuted', {
      notes: [`whether a member is ever allowed \`${action}\` is undecided`],
      help: 'state with an invariant of `someone` and a `when` which requests are meant',
    });
}
