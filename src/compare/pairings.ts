import type { TableView } from '../runtime/tools.ts';
import type { Merged } from './merge.ts';
import type { Matching } from './names.ts';

/** A member of the base and one of the head, and what applications call them there. */
export interface Pairing {
  readonly base: number;
  readonly head: number;
  readonly names: readonly [base: string, head: string];
}

/** A name, a key or an id, of one side only, and the member it stands for. */
export interface LoneName {
  readonly name: string;
  readonly member: number;
  /** The member is on both sides: it has one name more or less. */
  readonly stays: boolean;
}

export interface Pairings {
  /** Of all who stay, and of names that stand for somebody else now. */
  readonly pairings: readonly Pairing[];
  readonly moved: readonly Pairing[];
  readonly added: readonly LoneName[];
  readonly removed: readonly LoneName[];
}

/** Who is to be compared with whom: what counts is whom a table finds under each name that either side knows. */
export function pairingsOf({ base, head }: Merged, { pairs, renames, added, removed }: Matching): Pairings {
  const others = new Map(pairs);
  const pairings = pairs.map(
    ([before, after]): Pairing => ({
      base: before,
      head: after,
      names: [base.view.member(before).key, head.view.member(after).key],
    }),
  );
  const moved: Pairing[] = [];
  const lone = (view: TableView, members: readonly number[]): LoneName[] =>
    members.map((member) => ({ name: view.member(member).key, member, stays: false }));
  const [come, gone] = [lone(head.view, added), lone(base.view, removed)];
  // Who came or went is told by the key, and a rename says both of its names.
  const [areNew, areGone] = [new Set(added), new Set(removed)];
  const renamed = new Set(renames.flatMap(({ from, to }) => [from, to]));
  for (const name of new Set([...namesOf(base.view), ...namesOf(head.view)])) {
    const [before, after] = [base.view.findMember(name), head.view.findMember(name)];
    if (before >= 0 && after >= 0) {
      if (others.get(before) !== after) moved.push({ base: before, head: after, names: [name, name] });
    } else if (!renamed.has(name)) {
      if (after >= 0 && !areNew.has(after)) come.push({ name, member: after, stays: true });
      if (before >= 0 && !areGone.has(before)) gone.push({ name, member: before, stays: true });
    }
  }
  return { pairings: [...pairings, ...moved], moved, added: come, removed: gone };
}

function namesOf(view: TableView): readonly string[] {
  return Array.from({ length: view.memberCount }, (_, index) => view.member(index)).flatMap(({ key, id }) =>
    key === id ? [key] : [key, id],
  );
}
