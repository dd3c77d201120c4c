import { PairMemo } from '../diagram/index.ts';
import type { Askers, Naming } from './askers.ts';
import type { Frame } from './frame.ts';
import { linksOf } from './links.ts';
import type { Merged } from './merge.ts';
import { atomOf, type Focus, type Rails, type Variable, variableOf } from './rails.ts';

/** All frames in which the same is true of every function: they differ only in texts that nobody names. */
export interface Realm {
  readonly number: number;
  /** One of them. */
  readonly frame: Frame;
  /** By atom: the part it belongs to. Atoms of two parts share nothing free, so they cannot contradict each other. */
  readonly parts: Int32Array;
  /** By part: what of those who ask it depends on. */
  readonly focuses: readonly Focus[];
  /** By part: equal for realms in which the same is true of it; a number of `Chains`. */
  readonly roots: readonly number[];
  /** By number of a focus. */
  readonly groups: (number | undefined)[];
}

/** By atom, what it shares with others. */
export type Links = readonly (readonly (number | string)[])[];

interface Personal {
  readonly variables: readonly Variable[];
  readonly focus: Focus;
}

interface Partition {
  readonly parts: Int32Array;
  /** By part: its atoms. */
  readonly atoms: readonly string[];
}

/** Sorts frames into realms. */
export class Realms {
  private readonly merged: Merged;
  private readonly rails: Rails;
  private readonly special: ReadonlySet<string>;
  private readonly chains: Chains;
  private readonly ofFrames = new Map<Frame, Realm>();
  private readonly personal = new Map<Askers, Personal>();
  private readonly bySignature = new Map<string, Realm>();
  private readonly shared = new Map<string, Links>();
  private readonly linksOfFrames = new Map<Frame, Links>();
  private readonly partitions = new Map<Links, Partition>();
  private readonly numbers = new Map<string, number>();
  private readonly links: readonly (readonly number[])[];
  private readonly naming: Naming;

  constructor(merged: Merged, rails: Rails, special: ReadonlySet<string>, chains: Chains) {
    this.merged = merged;
    this.rails = rails;
    this.special = special;
    this.chains = chains;
    this.links = linksOf(merged.atoms);
    this.naming = namingOf(merged);
  }

  of(frame: Frame): Realm {
    let realm = this.ofFrames.get(frame);
    if (!realm) {
      const { variables, focus } = this.personalOf(frame);
      const { key } = frame.likeness(focus, this.special, this.naming);
      realm = this.bySignature.get(key) ?? this.make(frame, variables);
      this.bySignature.set(key, realm);
      this.ofFrames.set(frame, realm);
    }
    return realm;
  }

  /** Equal for frames in which the same is true of functions with this focus. */
  group(frame: Frame, focus: Focus): number {
    const realm = this.of(frame);
    const known = realm.groups[focus.number];
    if (known !== undefined) return known;
    const { key } = realm.frame.likeness(focus, this.special, this.naming);
    const group = this.numberOf(`${focus.number} ${key}`);
    realm.groups[focus.number] = group;
    return group;
  }

  /** Equal for frames with the same settings, as far as functions with this focus read them. */
  twins(frame: Frame, focus: Focus): number {
    return this.numberOf(`${focus.number} = ${frame.signature(focus, this.special)}`);
  }

  /** The texts of a frame that stand for those of others in its realm, in the order that is one for all. */
  textsOf(frame: Frame, part: number): readonly string[] {
    const focus = this.of(frame).focuses[part];
    return focus && focus.settings.length > 0 ? frame.likeness(focus, this.special, this.naming).texts : [];
  }

  /** What each atom shares with others: attributes, and settings that are not fixed. */
  linksOf(frame: Frame): Links {
    const known = this.linksOfFrames.get(frame);
    if (known) return known;
    const free = frame.freeSlots();
    const key = JSON.stringify([frame.id === null, free]);
    let links = this.shared.get(key);
    if (!links) {
      const isFree = new Set(free);
      links = this.merged.atoms.map(({ slots }, atom) => [
        ...(this.links[atom] ?? []).filter((link) => link > 0 || frame.id === null),
        ...slots.filter((slot) => isFree.has(slot)),
      ]);
      this.shared.set(key, links);
    }
    this.linksOfFrames.set(frame, links);
    return links;
  }

  private make(frame: Frame, personal: readonly Variable[]): Realm {
    const { parts, atoms } = this.partition(this.linksOf(frame));
    const ofParts = atoms.map((): Variable[] => []);
    for (const variable of personal) ofParts[parts[atomOf(variable)] as number]?.push(variable);
    const focuses = ofParts.map((variables) => this.rails.focusOn(variables));
    const roots = focuses.map((focus, part) => {
      const who = ofParts[part]?.length === 0 ? '' : frame.likeness(focus, this.special, this.naming).key;
      return this.chains.root(this.numberOf(`part ${atoms[part]} ${who}`));
    });
    return { number: this.bySignature.size, frame, parts, focuses, roots, groups: [] };
  }

  /** What depends on those who ask, in all lights. */
  private personalOf({ askers }: Frame): Personal {
    let personal = this.personal.get(askers);
    if (!personal) {
      const { atoms } = this.merged;
      const variables = atoms.flatMap(({ isPersonal }, atom) =>
        isPersonal ? Array.from({ length: askers.instancesOf(atom) }, (_, instance) => variableOf(atom, instance)) : [],
      );
      personal = { variables, focus: this.rails.focusOn(variables) };
      this.personal.set(askers, personal);
    }
    return personal;
  }

  /** Atoms in one part may share something; most frames have one partition. */
  private partition(links: Links): Partition {
    let partition = this.partitions.get(links);
    if (!partition) {
      const roots = joined(links);
      const numbers = new Map([...new Set(roots)].map((root, number) => [root, number]));
      const atoms = Array.from(numbers, (): number[] => []);
      const parts = Int32Array.from(roots, (root) => numbers.get(root) ?? 0);
      for (const [atom, part] of parts.entries()) atoms[part]?.push(atom);
      partition = { parts, atoms: atoms.map((own) => own.join()) };
      this.partitions.set(links, partition);
    }
    return partition;
  }

  private numberOf(key: string): number {
    const number = this.numbers.get(key) ?? this.numbers.size;
    this.numbers.set(key, number);
    return number;
  }
}

/** Texts that conditions name, and settings that are read as something else than texts. */
function namingOf({ atoms, base, head }: Merged): Naming {
  const texts = new Set<string>();
  const slots = new Set<string>();
  for (const { atom, slots: own } of atoms) {
    for (const side of [atom.left, atom.right]) {
      if (side?.kind === 'constant') {
        const { value } = side;
        for (const item of typeof value === 'object' ? value : [value]) texts.add(String(item));
      } else if (side?.type.kind === 'enum') for (const value of side.type.values) texts.add(value);
      if (side?.kind === 'term' && side.type.kind !== 'string') for (const slot of own) slots.add(slot);
    }
  }
  for (const { view } of [base, head]) for (const { keys } of view.slots) for (const key of keys) texts.add(key);
  return { texts, slots };
}

/** By item: the first item that it is connected with by what they share. */
export function joined(links: Links): readonly number[] {
  const parents = links.map((_, item) => item);
  const root = (item: number): number => {
    let at = item;
    while (parents[at] !== at) at = parents[at] ?? at;
    return at;
  };
  const first = new Map<number | string, number>();
  links.forEach((own, item) => {
    for (const link of own) {
      const other = first.get(link);
      if (other === undefined) first.set(link, item);
      else {
        const [a, b] = [root(item), root(other)];
        parents[Math.max(a, b)] = Math.min(a, b);
      }
    }
  });
  return parents.map((_, item) => root(item));
}

/** Sequences of numbers, each one number. */
export class Chains {
  private readonly steps = new PairMemo();
  private readonly roots = new Map<number, number>();
  private count = 1;

  root(number: number): number {
    const root = this.roots.get(number) ?? this.count++;
    this.roots.set(number, root);
    return root;
  }

  /** The sequence with one more at its end. */
  step(chain: number, next: number): number {
    const known = this.steps.get(chain, next);
    if (known >= 0) return known;
    this.steps.set(chain, next, this.count);
    return this.count++;
  }
}
