import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { Invariant, Policy } from '../resolve/index.ts';
import type { Span } from '../source/index.ts';
import { grantsBehind } from './causes.ts';
import { testOf } from './example.ts';
import { Questions } from './questions.ts';
import type { Found } from './search.ts';
import { holdersOf, rolesToHold, type Subject } from './subjects.ts';
import { type World, worldWithConditions } from './world.ts';

const sentence = 'nobody changes their own permissions';

/** A role that may do it, and a request that shows it. */
interface Failure {
  readonly span: Span;
  readonly subject: Subject;
  readonly found: Found;
}

/**
 * Nobody may change their own permissions: the sentence "never" over each action by which the catalog says that people
 * can, with that condition, for whoever holds a role of the practice. One diagnostic an action.
 */
export function checkOwnPermissions(policy: Policy): readonly Diagnostic[] {
  const actions = [...policy.ownPermissionChanges.keys()];
  const [first] = rolesToHold(policy);
  if (actions.length === 0 || !first) return [];
  const world = worldWithConditions(
    policy,
    actions.map((action) => neverOwn(policy, action, first.span)),
  );
  if (!world) return [unproved(first.span, 'the conditions are too large to decide')];
  const questions = new Questions(world);
  return actions.flatMap((action, index) => checkAction(world, questions, action, index));
}

function neverOwn({ ownPermissionChanges }: Policy, action: string, span: Span): Invariant {
  const formula = ownPermissionChanges.get(action);
  return {
    title: sentence,
    kind: 'never',
    actions: [action],
    roles: [],
    members: [],
    over: 'roles',
    formulas: new Map(formula ? [[action, formula]] : []),
    span,
  };
}

function checkAction(world: World, questions: Questions, action: string, index: number): readonly Diagnostic[] {
  const { policy } = world;
  const failures: Failure[] = [];
  const open: Diagnostic[] = [];
  for (const role of rolesToHold(policy)) {
    for (const subject of holdersOf(policy, role)) {
      const found = questions.allowed(subject, action, index);
      if (found === 'undecided')
        open.push(unproved(role.span, `whether \`${role.name}\` is allowed \`${action}\` then is undecided`));
      else if (found !== 'impossible') failures.push({ span: role.span, subject, found });
    }
  }
  const [first] = failures;
  if (!first) return open.slice(0, 1);
  const size = ({ found }: Failure) => found.state.size;
  const smallest = failures.reduce((best, item) => (size(item) < size(best) ? item : best), first);
  return [report(world, questions, action, smallest, failures)];
}

function report(
  world: World,
  questions: Questions,
  action: string,
  { span, subject, found }: Failure,
  failures: readonly Failure[],
): Diagnostic {
  const others = [...new Set(failures.map((item) => item.subject.name))].filter((name) => name !== subject.name);
  const more = others.map((name) => `\`${name}\``).join(', ');
  const message = `whoever holds \`${subject.name}\` may change their own permissions by \`${action}\``;
  return diagnose('changes-own-permissions', span, message, {
    notes: [
      `as a test: ${testOf(world.policy, subject, action, found.model, 'deny', sentence)}`,
      ...grantsBehind(world, questions.asker(subject), subject, action, found.state),
      ...(others.length > 0 ? [`so may whoever holds ${more}`] : []),
    ],
    help: 'close it to people themselves by a prohibition, or silence this with the reason',
  });
}

function unproved(span: Span, note: string): Diagnostic {
  return diagnose('invariant-unproved', span, `\`${sentence}\` could not be proved or refuted`, {
    notes: [note],
    help: 'add a scope or prohibition that settles it',
  });
}
