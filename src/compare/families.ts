import type { Holder, Observer, Part } from './delta.ts';
import type { Sweep, Witness } from './differences.ts';
import type { Group } from './holders.ts';
import type { Judge } from './judge.ts';
import type { Focus } from './rails.ts';

/** Members with the same roles, whose assignments differ from each other in the same settings. */
export interface Family {
  readonly groups: readonly Group[];
  /** Of the first; what differs for one of them is the same function for all. */
  readonly observer: Observer;
  /** All of them, by what is true of functions with the focus. */
  by(focus: Focus): readonly Branch[];
}

/** Kin who follow each other, of whom the same is true: their settings differ only in texts that nobody names. */
export interface Branch {
  /** Of all branches of all families. */
  readonly place: number;
  /** Of the theory: equal for those of whom the same is true. */
  readonly number: number;
  readonly kin: readonly [Kin, ...Kin[]];
  readonly names: readonly string[];
  /** By holder of a role and by number of what it reads: does it speak of them? Null where just of some. */
  readonly speaks: Map<Holder, (boolean | null | undefined)[]>;
  /** Each kin by itself. */
  apart(): readonly Branch[];
}

/** Members of a family who have the same settings, as far as something reads them. */
export interface Kin {
  /** One for all. */
  readonly group: Group;
  /** Of the family. */
  readonly observer: Observer;
  readonly names: readonly string[];
  readonly witness: Omit<Witness, 'delta'>;
}

export function familiesOf(groups: readonly Group[], { deltas, judge }: Sweep): readonly Family[] {
  const found = new Map<string, Group[]>();
  for (const [index, group] of groups.entries()) {
    const key = keyOf(group) ?? `${index}`;
    const own = found.get(key);
    if (own) own.push(group);
    else found.set(key, [group]);
  }
  let places = 0;
  const branch = ({ kin, number }: Growing): Branch => {
    const names = kin.length === 1 ? kin[0].names : kin.flatMap((one) => one.names);
    let apart: readonly Branch[] | null = null;
    return {
      ...{ place: places++, number, kin, names, speaks: new Map() },
      apart: () => {
        apart ??= kin.map((one) => branch({ kin: [one], number }));
        return apart;
      },
    };
  };
  return [...found.values()].map((own): Family => {
    const known: (readonly Branch[] | undefined)[] = [];
    const observer = deltas.observe(own[0] as Group);
    return {
      groups: own,
      observer,
      by: (focus) => {
        let branches = known[focus.number];
        if (!branches) {
          branches = branchesOf(kinOf(own, observer, focus, judge), focus, judge).map(branch);
          known[focus.number] = branches;
        }
        return branches;
      },
    };
  });
}

interface Growing {
  readonly kin: [Kin, ...Kin[]];
  readonly number: number;
}

function branchesOf(all: Iterable<Kin>, focus: Focus, judge: Judge): readonly Growing[] {
  const branches: Growing[] = [];
  for (const kin of all) {
    const number = judge.group(kin.group.frame, focus);
    const last = branches.at(-1);
    if (last?.number === number) last.kin.push(kin);
    else branches.push({ kin: [kin], number });
  }
  return branches;
}

function kinOf(groups: readonly Group[], observer: Observer, focus: Focus, judge: Judge): Iterable<Kin> {
  const found = new Map<number, Kin & { readonly names: string[] }>();
  for (const group of groups) {
    const twins = judge.twins(group.frame, focus);
    const known = found.get(twins);
    if (known) known.names.push(...group.names);
    else found.set(twins, { group, observer, names: [...group.names], witness: witnessOf(group) });
  }
  return found.values();
}

function witnessOf(group: Group): Omit<Witness, 'delta'> {
  const [first] = group.members;
  return { holder: group, who: { kind: 'member', base: first?.[0] ?? null, head: first?.[1] ?? null } };
}

/** Null for those who are looked at alone: what differs for somebody with dates is read off a diagram, not off the cells. */
function keyOf({ base, head, frame, isUnchanged, isPlain }: Group): string | null {
  const texts = [...base, ...head].map(({ role, asker, from, until }: Part) => {
    const lens = from === null && until === null ? frame.lens(asker) : null;
    return lens && `${role} ${lens.key}`;
  });
  return texts.includes(null) ? null : JSON.stringify([base.length, isUnchanged, isPlain, texts]);
}
