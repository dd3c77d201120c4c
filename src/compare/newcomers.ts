import { nothing } from './changes.ts';
import type { Change } from './comparison.ts';
import { cellOf, type Merged } from './merge.ts';
import type { Matching } from './names.ts';
import type { LoneName, Pairings } from './pairings.ts';

/**
 * Names, keys and ids, that stand for a member on one side only: to members applications give no roles. Whoever becomes
 * one loses what a role that is given to strangers gives, and has it again as none; what members hold is told beside it.
 */
export function ofNewcomers(merged: Merged, { pairs }: Matching, { added, removed }: Pairings): readonly Change[] {
  const { base, head } = merged;
  const names = (lone: readonly LoneName[], [side, other]: readonly [typeof base, typeof base]) => {
    const own = lone.flatMap(({ name, member, stays }) => (stays ? [name] : [name, side.view.member(member).id]));
    return [...new Set(own)].filter((name) => other.view.findMember(name) < 0).sort();
  };
  const [come, gone] = [names(added, [head, base]), names(removed, [base, head])];
  return pairs.flatMap(([before, after]): readonly Change[] => {
    const [was, is] = [base.view.roles[before], head.view.roles[after]];
    // Where a role may be given on one side only, that is told of everybody.
    if (!was?.givenByApplication || !is?.givenByApplication) return [];
    const ofSide = (side: typeof base, role: number, members: readonly string[]) => {
      const actions = merged.actions.filter((_, action) => cellOf(side, role, action) !== 0);
      const condition = 'the application gives the role';
      const change = { ...nothing, kind: 'role', role: is.name, members, actions, condition } as const;
      return members.length > 0 && actions.length > 0 ? [change] : [];
    };
    return [
      ...ofSide(base, before, come).map((change) => ({ ...change, narrowed: true })),
      ...ofSide(head, after, gone).map((change) => ({ ...change, widened: true })),
    ];
  });
}
