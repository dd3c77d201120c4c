import { type Diagnostic, diagnose, type Note } from '../diagnostics/index.ts';
import type { Diagrams } from '../lower/index.ts';
import type { Grant, Outcome, Policy, Role } from '../resolve/index.ts';
import type { Span } from '../source/index.ts';
import { range } from './causes.ts';
import { testOf } from './example.ts';
import { Questions } from './questions.ts';
import type { Found } from './search.ts';
import type { Subject } from './subjects.ts';
import { World } from './world.ts';

const sentence = 'no duty is lost to another grant';

/** Somebody of a role, and where it stands. */
export interface Holder {
  readonly role: Role;
  readonly subject: Subject;
}

/** A grant whose outcome has duties that a decision of `least` or better leaves out. */
interface Dutiful {
  readonly index: number;
  readonly grant: Grant;
  readonly outcome: Outcome;
  readonly least: number;
  readonly lost: readonly string[];
}

/** One duty that is lost: by which grants, in which request. */
interface Loss {
  readonly holder: Holder;
  readonly action: string;
  readonly dutiful: Dutiful;
  readonly better: readonly number[];
  readonly found: Found;
  readonly span: Span;
}

/**
 * An outcome with duties is never weakened: in a possible request a grant with duties certainly holds, and others of the
 * same role certainly give the same action without them. An outcome that is a last resort is meant to give way.
 */
export function checkWeakenedOutcomes(
  policy: Policy,
  diagrams: Diagrams,
  holders: () => readonly Holder[],
): readonly Diagnostic[] {
  const dutiful = dutifulGrants(policy);
  if (dutiful.length === 0) return [];
  const judge = new Judge(new World(policy, diagrams));
  const losses = new Map<string, Loss[]>();
  const open: Diagnostic[] = [];
  for (const holder of holders()) {
    for (const item of dutiful) {
      for (const action of item.grant.formulas.keys()) {
        const found = judge.lossOf(holder, action, item);
        if (found === 'undecided') open.push(unproved(holder, action));
        if (typeof found === 'string') continue;
        // One cause: what the role is given here, whatever the actions and whoever extends it.
        const key = [found.span.file.path, found.span.start, item.index, ...found.better].join(' ');
        const same = losses.get(key);
        if (same) same.push(found);
        else losses.set(key, [found]);
      }
    }
  }
  return [...[...losses.values()].map((same) => judge.report(same)), ...open.slice(0, 1)];
}

function dutifulGrants({ grants, outcomes }: Policy): readonly Dutiful[] {
  return grants.flatMap((grant, index) => {
    const at = outcomes.findIndex(({ name }) => name === grant.outcome);
    const outcome = outcomes[at];
    if (!outcome || outcome.isLastResort) return [];
    // Outcomes include the duties of those above, so what a better one lacks grows with every step.
    const dutiesOf = (place: number) => new Set(outcomes.slice(0, place + 1).flatMap(({ duties }) => duties));
    const all = [...dutiesOf(at)];
    for (let place = at - 1; place >= -1; place--) {
      const kept = dutiesOf(place);
      const lost = all.filter((duty) => !kept.has(duty));
      if (lost.length > 0) return [{ index, grant, outcome, least: outcomes.length - place, lost }];
    }
    return [];
  });
}

class Judge {
  private readonly world: World;
  private readonly questions: Questions;
  private readonly thresholds = new Map<number, Map<number, number>>();

  constructor(world: World) {
    this.world = world;
    this.questions = new Questions(world);
  }

  lossOf(holder: Holder, action: string, dutiful: Dutiful): Loss | 'impossible' | 'undecided' {
    const { world, questions } = this;
    const { role, subject } = holder;
    const [part] = subject.parts;
    const { decision, grantNodes } = world.cell(role.name, action);
    const own = grantNodes.find(({ grant }) => grant === dutiful.index)?.node ?? 0;
    const better = this.atLeast(decision, dutiful.least);
    if (!part || own === 0 || better === 0) return 'impossible';
    const found = questions.ask(subject, () =>
      world.rails.store.meet(questions.certainly(subject, part, own), questions.certainly(subject, part, better)),
    );
    if (typeof found === 'string') return found;
    const instanceOf = questions.asker(subject).instanceOf(part);
    const reach = (node: number) => range(world, node, instanceOf, found.state);
    const sure = grantNodes.filter(({ node }) => reach(node).worst >= dutiful.least);
    const may = grantNodes.filter(({ node }) => reach(node).best >= dutiful.least);
    const others = (sure.length > 0 ? sure : may).map(({ grant }) => grant);
    return { holder, action, dutiful, better: others, found, span: this.placeOf(holder, dutiful, others) };
  }

  /** Where the role is given what weakens; the role itself where its level or the catalog gives it. */
  private placeOf({ role, subject }: Holder, { grant }: Dutiful, better: readonly number[]): Span {
    const grants = better.flatMap((index) => this.world.policy.grants[index] ?? []);
    // Of a catalog, the grants themselves: the first that stands in it.
    if (subject.madeUpRole)
      return [grant, ...grants].find(({ span }) => span.file === role.span.file)?.span ?? grant.span;
    for (const { permission } of grants) {
      const cause = role.permissions.get(permission ?? '');
      if (cause?.kind === 'with') return cause.span;
    }
    return role.span;
  }

  /** The boolean function "the decision is this leaf or better". */
  private atLeast(node: number, least: number): number {
    const { store } = this.world;
    const memo = this.thresholds.get(least) ?? new Map<number, number>();
    this.thresholds.set(least, memo);
    const visit = (at: number): number => {
      if (at < store.leaves) return at >= least ? store.top : 0;
      let result = memo.get(at);
      if (result === undefined) {
        result = store.node(store.atomOf(at), visit(store.lowOf(at)), visit(store.highOf(at)));
        memo.set(at, result);
      }
      return result;
    };
    return visit(node);
  }

  /** The smallest request is shown. */
  report(losses: readonly Loss[]): Diagnostic {
    const { policy } = this.world;
    const smallest = losses.reduce((best, item) => (item.found.state.size < best.found.state.size ? item : best));
    const { holder, action, dutiful, better, found, span } = smallest;
    const { name } = dutiful.outcome;
    const expected = { decision: 'allow', outcome: name } as const;
    const notes: (string | Note)[] = [
      `as a test: ${testOf(policy, holder.subject, action, found.model, expected, sentence)}`,
      { message: `${describe(dutiful.grant)} gives it with \`${name}\``, span: dutiful.grant.span },
      ...better.slice(0, 3).flatMap((index) => {
        const grant = policy.grants[index];
        return grant ? [{ message: `${describe(grant)} gives it too`, span: grant.span }] : [];
      }),
    ];
    const ofWhom = new Set(
      losses.map((item) => `${holder.subject.madeUpRole ? '' : item.holder.role.name} ${item.action}`),
    );
    if (ofWhom.size > 1) notes.push(`and ${ofWhom.size - 1} more like this`);
    return diagnose('weakened-outcome', span, messageOf(smallest), {
      notes,
      help: 'take one of the two away, keep their conditions apart, or declare the outcome as `last-resort`',
    });
  }
}

function messageOf({ holder, action, dutiful }: Loss): string {
  const lost = dutiful.lost.map((duty) => `\`${duty}\``).join(' and ');
  const given = `\`${action}\` with \`${dutiful.outcome.name}\``;
  return holder.subject.madeUpRole
    ? `${describe(dutiful.grant)} gives ${given}, but whoever has it is given it without ${lost} too`
    : `\`${holder.role.name}\` is given ${given}, but without ${lost} too`;
}

function describe({ permission }: Grant): string {
  return permission === null ? 'this grant of the catalog' : `\`${permission}\``;
}

function unproved({ role }: Holder, action: string): Diagnostic {
  return diagnose('invariant-unproved', role.span, `\`${sentence}\` could not be proved or refuted`, {
    notes: [`whether \`${role.name}\` is given \`${action}\` without the duties of another grant is undecided`],
    help: 'keep the conditions of the grants apart by a fact of its own',
  });
}
