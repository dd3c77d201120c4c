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
  /** Those of whom the same is true of functions with the focus. */
  by(focus: Focus): readonly Kin[];
}

/** Members of a family who have the same settings, as far as something reads them. */
export interface Kin {
  /** Of all kin of all families. */
  readonly place: number;
  /** Of the family. */
  readonly observer: Observer;
  /** Of the theory: equal for those of whom the same is true. */
  readonly number: number;
  /** One for all. */
  readonly group: Group;
  readonly names: readonly string[];
  readonly witness: Omit<Witness, 'delta'>;
  /** By holder of a role and by number of what it reads: have they, where it matters, the settings of the role itself? */
  readonly speaks: Map<Holder, (boolean | undefined)[]>;
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
  return [...found.values()].map((own): Family => {
    const known: (readonly Kin[] | undefined)[] = [];
    const observer = deltas.observe(own[0] as Group);
    return {
      groups: own,
      observer,
      by: (focus) => {
        let kin = known[focus.number];
        if (!kin) {
          kin = kinOf(own, focus, judge).map((one) => ({ ...one, place: places++, observer }));
          known[focus.number] = kin;
        }
        return kin;
      },
    };
  });
}

type Growing = Omit<Kin, 'place' | 'observer'> & { readonly names: string[] };

function kinOf(groups: readonly Group[], focus: Focus, judge: Judge): readonly Growing[] {
  const found = new Map<number, Growing>();
  for (const group of groups) {
    const twins = judge.twins(group.frame, focus);
    const known = found.get(twins);
    if (known) known.names.push(...group.names);
    else {
      const number = judge.group(group.frame, focus);
      found.set(twins, { number, group, names: [...group.names], witness: witnessOf(group), speaks: new Map() });
    }
  }
  return [...found.values()];
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
