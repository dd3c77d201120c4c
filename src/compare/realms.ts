import { PairMemo } from '../diagram/index.ts';
import type { Askers } from './askers.ts';
import type { Frame } from './frame.ts';
import { linksOf } from './links.ts';
import type { Merged } from './merge.ts';
import { atomOf, type Focus, type Rails, type Variable, variableOf } from './rails.ts';

/** All frames in which the same is true of every function. */
export interface Realm {
  readonly number: number;
  /** One of them. */
  readonly frame: Frame;
  /** By atom: the part it belongs to. Atoms of two parts share nothing free, so they cannot contradict each other. */
  readonly parts: Int32Array;
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
  private readonly partitions = new Map<Links, Partition>();
  private readonly numbers = new Map<string, number>();
  private readonly links: readonly (readonly number[])[];

  constructor(merged: Merged, rails: Rails, special: ReadonlySet<string>, chains: Chains) {
    this.merged = merged;
    this.rails = rails;
    this.special = special;
    this.chains = chains;
    this.links = linksOf(merged.atoms);
  }

  of(frame: Frame): Realm {
    let realm = this.ofFrames.get(frame);
    if (!realm) {
      const { variables, focus } = this.personalOf(frame);
      const signature = frame.signature(focus, this.special);
      realm = this.bySignature.get(signature) ?? this.make(frame, variables);
      this.bySignature.set(signature, realm);
      this.ofFrames.set(frame, realm);
    }
    return realm;
  }

  /** Equal for frames in which the same is true of functions with this focus. */
  group(frame: Frame, focus: Focus): number {
    const realm = this.of(frame);
    const known = realm.groups[focus.number];
    if (known !== undefined) return known;
    const group = this.numberOf(`${focus.number} ${realm.frame.signature(focus, this.special)}`);
    realm.groups[focus.number] = group;
    return group;
  }

  /** What each atom shares with others: attributes, and settings that are not fixed. */
  linksOf(frame: Frame): Links {
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
    return links;
  }

  private make(frame: Frame, personal: readonly Variable[]): Realm {
    const { parts, atoms } = this.partition(this.linksOf(frame));
    const ofParts = atoms.map((): Variable[] => []);
    for (const variable of personal) ofParts[parts[atomOf(variable)] as number]?.push(variable);
    const roots = ofParts.map((variables, part) => {
      const who = variables.length === 0 ? '' : frame.signature(this.rails.focusOn(variables), this.special);
      return this.chains.root(this.numberOf(`part ${atoms[part]} ${who}`));
    });
    return { number: this.bySignature.size, frame, parts, roots, groups: [] };
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
