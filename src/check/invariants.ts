import { type Diagnostic, diagnose, type Note } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/index.ts';
import type { Invariant, Policy } from '../resolve/index.ts';
import { grantsBehind, obstaclesBehind } from './causes.ts';
import { testOf } from './example.ts';
import { Questions } from './questions.ts';
import type { Found } from './search.ts';
import type { Subject } from './subjects.ts';
import { candidatesOf, subjectsOf } from './whom.ts';
import { World, worldWithConditions } from './world.ts';

/** Every sentence, over every possible request; what the solver leaves undecided is reported as unproved. */
export function checkInvariants(policy: Policy, diagrams: Diagrams): readonly Diagnostic[] {
  const { invariants } = policy;
  if (invariants.length === 0) return [];
  const conditional = invariants.filter(({ formulas }) => formulas !== null);
  const plain = new World(policy, diagrams);
  const asked = conditional.length > 0 ? worldWithConditions(policy, conditional) : plain;
  const [prover, proverOfConditional] = [new Prover(plain), asked && new Prover(asked)];
  return invariants.flatMap((invariant) => {
    const when = conditional.indexOf(invariant);
    const own = when < 0 ? prover : proverOfConditional;
    return own ? own.check(invariant, when) : [unproved(invariant, ['its condition is too large to decide'])];
  });
}

/** A sentence that does not hold of somebody: which requests show it. */
interface Failure {
  readonly subject: Subject;
  readonly shown: readonly { readonly action: string; readonly found: Found }[];
}

class Prover {
  private readonly world: World;
  private readonly questions: Questions;

  constructor(world: World) {
    this.world = world;
    this.questions = new Questions(world);
  }

  check(invariant: Invariant, when: number): readonly Diagnostic[] {
    if (invariant.kind === 'someone') return this.checkSomeone(invariant, when);
    const failures: Failure[] = [];
    const open: string[] = [];
    const isAlways = invariant.kind === 'always';
    for (const subject of subjectsOf(this.world.policy, invariant)) {
      const shown: { action: string; found: Found }[] = [];
      const undecided: string[] = [];
      for (const action of invariant.actions) {
        const found = isAlways
          ? this.questions.denied(subject, action, when)
          : this.questions.allowed(subject, action, when);
        if (found === 'undecided') undecided.push(action);
        if (typeof found !== 'string') shown.push({ action, found });
      }
      // Two names of one action are that action alone.
      const leastOf = invariant.kind === 'separate' ? Math.min(2, invariant.actions.length) : 1;
      if (shown.length >= leastOf) {
        const each = leastOf === 1 ? shown.map((item) => [item]) : [shown];
        for (const item of each) failures.push({ subject, shown: item });
      } else if (shown.length + undecided.length >= leastOf) {
        const actions = [...shown.map((item) => item.action), ...undecided].map((action) => `\`${action}\``);
        open.push(`whether \`${subject.name}\` is allowed ${actions.join(' and ')} is undecided`);
      }
    }
    if (failures.length > 0) return [this.failed(invariant, failures)];
    return open.length > 0 ? [unproved(invariant, open.slice(0, 1))] : [];
  }

  private checkSomeone(invariant: Invariant, when: number): readonly Diagnostic[] {
    const nobody: string[] = [];
    const isForAll = invariant.roles.length + invariant.members.length === 0;
    const open: string[] = [];
    const members = candidatesOf(this.world.policy, invariant);
    for (const action of invariant.actions) {
      const answers = new Set<string>();
      const isHeld = members.some((member) => {
        const found = this.questions.allowed(member, action, when);
        answers.add(typeof found === 'string' ? found : 'possible');
        return typeof found !== 'string';
      });
      if (isHeld) continue;
      if (answers.has('undecided')) open.push(`whether a member is ever allowed \`${action}\` is undecided`);
      else
        nobody.push(
          `${isForAll ? 'no member' : 'none of those who are meant'} is ever allowed \`${action}\`${when < 0 ? '' : ' where the condition holds'}`,
        );
    }
    const more = (notes: readonly string[]) => [
      ...notes.slice(0, 1),
      ...(notes.length > 1 ? [`and ${notes.length - 1} more like this`] : []),
    ];
    if (nobody.length > 0)
      return [diagnose('invariant-failed', invariant.span, messageOf(invariant), { notes: more(nobody), help })];
    return open.length > 0 ? [unproved(invariant, more(open))] : [];
  }

  /** The smallest counterexample is shown. */
  private failed(invariant: Invariant, failures: readonly Failure[]): Diagnostic {
    const size = ({ shown }: Failure) => shown.reduce((sum, { found }) => sum + found.state.size, 0);
    const smallest = failures.reduce((best, item) => (size(item) < size(best) ? item : best));
    const isAlways = invariant.kind === 'always';
    const notes: (string | Note)[] = [sentenceOf(invariant, smallest)];
    for (const { action, found } of smallest.shown) {
      const { subject } = smallest;
      const expected = isAlways ? 'allow' : 'deny';
      notes.push(`as a test: ${testOf(this.world.policy, subject, action, found.model, expected, invariant.title)}`);
      const asker = this.questions.asker(subject);
      const behind = isAlways ? obstaclesBehind : grantsBehind;
      notes.push(...behind(this.world, asker, subject, action, found.state));
    }
    const others = new Set(failures.map(({ subject, shown }) => `${subject.name} ${shown[0]?.action}`)).size - 1;
    if (others > 0) notes.push(`and ${others} more like this`);
    return diagnose('invariant-failed', invariant.span, messageOf(invariant), { notes, help });
  }
}

const help = 'change what the roles may do, or the sentence';

function messageOf({ title }: Invariant): string {
  return `\`${title}\` does not hold`;
}

function sentenceOf({ kind }: Invariant, { subject, shown }: Failure): string {
  const who = `\`${subject.name}\``;
  const actions = shown.map(({ action }) => `\`${action}\``).join(' and ');
  const isWhatever = shown.every(({ found }) => found.state.size === 0);
  if (kind === 'always') return `${who} is ${isWhatever ? 'never' : 'not always'} allowed ${actions}`;
  if (shown.length > 1) return `${who} is allowed ${actions}, each in some request`;
  return `${who} is allowed ${actions}${isWhatever ? ', whatever the request' : ' in some request'}`;
}

function unproved(invariant: Invariant, notes: readonly string[]): Diagnostic {
  return diagnose('invariant-unproved', invariant.span, `\`${invariant.title}\` could not be proved or refuted`, {
    notes,
    help: 'add a scope or prohibition that settles it, or state with `when` which requests are meant',
  });
}
