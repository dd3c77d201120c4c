import { nothing } from './changes.ts';
import type { Change, Example } from './comparison.ts';
import type { Direction, Holder } from './delta.ts';
import type { Sweep } from './differences.ts';
import { type Examples, shows, type Who } from './examples.ts';
import { cellOf, type Merged, type Side } from './merge.ts';
import type { LoneName } from './pairings.ts';
import type { Case } from './paths.ts';

/** Actions that are new or gone, and how a denied one looks. */
export function ofActions({ base, head, actions }: Merged): readonly Change[] {
  const canBeAllowed = (side: Side, action: number) =>
    side.view.roles.some((_, role) => cellOf(side, role, action) !== 0);
  return actions.flatMap((name, action): readonly Change[] => {
    const [was, is] = [base, head].map(({ view, columns }) => view.actions[columns[action] ?? -1]);
    const about = { ...nothing, action: name };
    if (!was) return [{ ...about, kind: 'action-added', widened: canBeAllowed(head, action) }];
    if (!is) return [{ ...about, kind: 'action-removed', narrowed: canBeAllowed(base, action) }];
    const [from, to] = [was.presentation, is.presentation];
    return from === to ? [] : [{ ...about, kind: 'presentation', from, to }];
  });
}

/** Cases in which a stranger is looked for. */
const most = 16;

/** What somebody of one side only is about: everything that side allows. */
type Summary = Pick<Change, 'kind' | 'role' | 'members' | 'condition' | 'from' | 'to'>;

/** One side, and what came with it or went with it. */
interface Turn {
  readonly side: Side;
  readonly other: Side;
  readonly direction: 'gained' | 'lost';
}

/** Roles and members that are new or gone, and to whom applications may, or may no longer, give roles. */
export class Summaries {
  private readonly sweep: Sweep;
  private readonly examples: Examples;
  /** Changes have examples. */
  private readonly isShown: boolean;
  private readonly turns: Readonly<Record<'come' | 'gone', Turn>>;
  /** By what a member holds: actions that it may be allowed. */
  private readonly ofHoldings = new Map<string, readonly number[]>();

  constructor(sweep: Sweep, examples: Examples, isShown: boolean) {
    const { base, head } = sweep.merged;
    this.sweep = sweep;
    this.examples = examples;
    this.isShown = isShown;
    this.turns = {
      come: { side: head, other: base, direction: 'gained' },
      gone: { side: base, other: head, direction: 'lost' },
    };
  }

  changes(): readonly Change[] {
    const { roles, members } = this.sweep;
    const { come, gone } = this.turns;
    return [
      ...roles.added.map((role) => this.ofRole(come, role, 'role-added')),
      ...roles.removed.map((role) => this.ofRole(gone, role, 'role-removed')),
      ...roles.pairs.flatMap(([before, after]) => this.ofGiving(before, after)),
      ...members.added.flatMap((lone) => this.ofMember(come, lone, 'member-added')),
      ...members.removed.flatMap((lone) => this.ofMember(gone, lone, 'member-removed')),
    ];
  }

  private ofRole(turn: Turn, role: number, kind: 'role-added' | 'role-removed'): Change {
    const name = turn.side.view.roles[role]?.name ?? null;
    const holder = this.sweep.holders.ofLoneRole(turn.side, role, 'any');
    const who: Who = { kind: 'holder', base: name, head: name, isStranger: false };
    return this.summary({ ...nothing, kind, role: name }, turn, holder, who, this.allowed(turn, holder));
  }

  /** To everybody, or to those whose names, keys and ids, stand for a member on one side only: members are given none. */
  private ofGiving(before: number, after: number): readonly Change[] {
    const { base, head } = this.sweep.merged;
    const [was, is] = [base.view.roles[before], head.view.roles[after]];
    const { come, gone } = this.turns;
    const about = { ...nothing, kind: 'role', role: is?.name ?? null } as const;
    const of = (turn: Turn, members: readonly string[], condition: string): readonly Change[] => {
      const role = turn === come ? after : before;
      const id = members[0] ?? null;
      const holder = this.sweep.holders.ofLoneRole(turn.side, role, 'plain', id);
      const who: Who = { kind: 'holder', base: was?.name ?? null, head: is?.name ?? null, isStranger: true, id };
      // Whether an id is a member's no diagram knows, so strangers are asked for.
      const allowed = this.allowed(turn, holder).filter(
        (action) => !this.isOfMembersAlone(holder, who, turn.direction, action),
      );
      return [this.summary({ ...about, members, condition }, turn, holder, who, allowed)];
    };
    if (was?.givenByApplication !== is?.givenByApplication) {
      const turn = is?.givenByApplication ? come : gone;
      return of(turn, [], 'the user is no member and the application gives the role');
    }
    if (!is?.givenByApplication) return [];
    // Whoever becomes a member loses what strangers are given, and whoever is none any more may be given it.
    const { added, removed } = this.sweep.members;
    return [[gone, this.namesOf(added, come)] as const, [come, this.namesOf(removed, gone)] as const].flatMap(
      ([turn, members]) => {
        const changes = members.length > 0 ? of(turn, members, 'the application gives the role') : [];
        return changes.filter(({ actions }) => actions.length > 0);
      },
    );
  }

  private namesOf(lone: readonly LoneName[], { side, other }: Turn): readonly string[] {
    const own = lone.flatMap(({ name, member, stays }) => (stays ? [name] : [name, side.view.member(member).id]));
    return [...new Set(own)].filter((name) => other.view.findMember(name) < 0).sort();
  }

  private ofMember(turn: Turn, lone: LoneName, kind: 'member-added' | 'member-removed'): readonly Change[] {
    const { name, member, stays } = lone;
    const { view } = turn.side;
    const { active, assignments, id } = view.member(member);
    const roles = active ? assignments.map(({ role }) => view.roles[role]?.name ?? '') : [];
    const names = roles.join(', ') || null;
    // Another name for somebody who holds nothing, such as an inactive member, changes no decision; a note says it.
    if (stays && names === null) return [];
    const { holders } = this.sweep;
    const holder = holders.ofLoneMember(turn.side, member);
    const key = `${turn.direction} ${view.heldBy(member)} ${holders.special.has(id) ? id : ''}`;
    const actions = this.ofHoldings.get(key) ?? this.allowed(turn, holder);
    this.ofHoldings.set(key, actions);
    const who: Who = { kind: 'member', base: name, head: name };
    const sides = turn === this.turns.come ? { from: null, to: names } : { from: names, to: null };
    return [this.summary({ ...nothing, ...sides, kind, members: [name] }, turn, holder, who, actions)];
  }

  /** Actions that some request is allowed. */
  private allowed({ direction }: Turn, holder: Holder): readonly number[] {
    const { merged, deltas, judge } = this.sweep;
    const observer = deltas.observe(holder);
    return merged.actions.flatMap((_, action) => {
      const delta = observer.at(action);
      const isAllowed = !delta.isNothing && judge.verdicts(delta, holder.frame)[direction] !== 'impossible';
      return isAllowed ? [action] : [];
    });
  }

  private summary(about: Summary, { direction }: Turn, holder: Holder, who: Who, allowed: readonly number[]): Change {
    const actions = allowed.map((action) => this.sweep.merged.actions[action] ?? '');
    const isFelt = actions.length > 0;
    const example = () => (this.isShown ? this.exampleOf(holder, who, direction, allowed) : null);
    return {
      ...nothing,
      ...about,
      actions,
      widened: isFelt && direction === 'gained',
      narrowed: isFelt && direction === 'lost',
      /** Of the first action that shows it; made when it is read. */
      get example() {
        return example();
      },
    };
  }

  /** Was everything tried that could show it, and did it show nothing? */
  private isOfMembersAlone(holder: Holder, who: Who, direction: Direction, action: number): boolean {
    const { deltas, judge } = this.sweep;
    const settled = judge.settled(deltas.of(holder, action), direction, holder.frame, most);
    const isShown = ({ state }: Case) => {
      const example = this.examples.make(holder.frame, state, who, action);
      return example !== null && shows(example, direction);
    };
    return settled?.isWhole === true && !settled.cases.some(isShown);
  }

  private exampleOf(holder: Holder, who: Who, direction: Direction, allowed: readonly number[]): Example | null {
    const { examples } = this;
    const { deltas, judge } = this.sweep;
    const observer = deltas.observe(holder);
    for (const action of allowed) {
      for (const { state } of judge.settled(observer.at(action), direction, holder.frame, most)?.cases ?? []) {
        const example = examples.make(holder.frame, state, who, action);
        if (example && shows(example, direction)) return example;
      }
    }
    return null;
  }
}
