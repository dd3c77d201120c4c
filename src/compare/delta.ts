import { DiagramLimit, PairMemo } from '../diagram/index.ts';
import type { Asker } from './askers.ts';
import { Cells } from './cells.ts';
import type { Frame } from './frame.ts';
import { pairsOfLeaves, type Turn, uppersOf } from './leaves.ts';
import { type Aligned, type Look, Looks, type Sights } from './looks.ts';
import { cellOf, type Merged, type Name, type Side } from './merge.ts';
import { type Focus, type Lens, type Rails, type Upper, variableOf } from './rails.ts';

/** One assignment, or what a role gives to any holder. */
export interface Part {
  /** Index into the roles of its side. */
  readonly role: number;
  readonly asker: Asker;
  /** Equal where the assignment itself sets the same. */
  readonly own: string;
  readonly from: number | null;
  readonly until: number | null;
}

/** Somebody on both sides. */
export interface Holder {
  readonly base: readonly Part[];
  readonly head: readonly Part[];
  readonly frame: Frame;
}

/** Looks at both sides as one holder does. */
export interface Observer {
  at(action: number): Delta;
  /** Surely no difference: the same cells in the same light. Null where it has dates, or too many lights. */
  readonly isSame: ((action: number) => boolean) | null;
  /** The cells of assignments that give the action on some side, side by side. */
  readonly aligned: ((action: number) => Aligned) | null;
}

/** Ways in which a decision differs: allowed by one side only, or by both with fewer, more, or other duties. */
export const directions = ['gained', 'lost', 'eased', 'burdened', 'exchanged'] as const;
export type Direction = (typeof directions)[number];

/** In which requests a decision differs; nodes of the rails. */
export interface Delta extends Readonly<Record<Direction, number>> {
  readonly number: number;
  /** The nodes mean nothing then. */
  readonly isTooLarge: boolean;
  readonly isNothing: boolean;
  /** Directions in which always the same outcome becomes the same other one. */
  readonly steady: ReadonlySet<Direction>;
  /** The two cells, where they are all that is compared. */
  readonly cells: readonly [base: number, head: number] | null;
  /** The cells of all assignments, where they are all that is compared: none has dates. */
  readonly sights: Sights | null;
  /** What it depends on of those who ask. */
  readonly focus: Focus;
}

type Nodes = Readonly<Record<Direction, number>> & { readonly steady: ReadonlySet<Direction> };

const unsteady: ReadonlySet<Direction> = new Set();

export const noNodes = { gained: 0, lost: 0, eased: 0, burdened: 0, exchanged: 0 } as const;

/** Of cells; the nodes are made when somebody asks for them. */
class DeltaOfCells implements Delta {
  readonly number: number;
  readonly cells: readonly [base: number, head: number] | null;
  readonly sights: Sights;
  private readonly owner: Deltas;
  private readonly make: () => Nodes | null;
  private made: Nodes | null | undefined;
  private seen: Focus | null = null;
  private nothing: boolean | null = null;

  constructor(owner: Deltas, cells: readonly [number, number] | null, sights: Sights, make: () => Nodes | null) {
    this.number = owner.nextNumber();
    this.owner = owner;
    this.cells = cells;
    this.sights = sights;
    this.make = make;
  }

  get gained(): number {
    return this.nodes?.gained ?? 0;
  }

  get lost(): number {
    return this.nodes?.lost ?? 0;
  }

  get eased(): number {
    return this.owner.hasDuties ? (this.nodes?.eased ?? 0) : 0;
  }

  get burdened(): number {
    return this.owner.hasDuties ? (this.nodes?.burdened ?? 0) : 0;
  }

  get exchanged(): number {
    return this.owner.hasDuties ? (this.nodes?.exchanged ?? 0) : 0;
  }

  get steady(): ReadonlySet<Direction> {
    return this.nodes?.steady ?? unsteady;
  }

  get isTooLarge(): boolean {
    return this.nodes === null;
  }

  get isNothing(): boolean {
    this.nothing ??= this.findNothing();
    return this.nothing;
  }

  private findNothing(): boolean {
    const { base, head } = this.sights;
    const { cells, hasDuties } = this.owner;
    if (cells.mayGain(base, head) || cells.mayGain(head, base)) return false;
    return !hasDuties || (!this.isTooLarge && this.eased + this.burdened + this.exchanged === 0);
  }

  get focus(): Focus {
    this.seen ??= this.owner.cells.focusOf([...this.sights.base, ...this.sights.head]);
    return this.seen;
  }

  private get nodes(): Nodes | null {
    if (this.made === undefined) this.made = this.make();
    return this.made;
  }
}

const nodesOfOne = 400_000;

/** Compares decisions of holders. */
export class Deltas {
  readonly merged: Merged;
  readonly rails: Rails;
  private readonly byLeaf: readonly (readonly [base: ReadonlySet<number>, head: ReadonlySet<number>, verdict: Turn])[];
  readonly cells: Cells;
  private readonly ofFunctions = new Map<string, Nodes | null>();
  private readonly looks: Looks;
  private count = 0;
  /** By the chains of both sides. */
  private readonly places = new PairMemo();
  /** By the cells, where they are all that is compared. */
  private readonly byNodes = new PairMemo();
  private readonly bySights: Delta[] = [];
  private readonly uppers: Readonly<Record<Name, readonly Upper[]>>;

  constructor(merged: Merged, rails: Rails) {
    this.merged = merged;
    this.rails = rails;
    this.cells = new Cells(merged, rails);
    this.looks = new Looks(merged);
    this.byLeaf = pairsOfLeaves(merged);
    this.uppers = { base: uppersOf(merged, merged.base), head: uppersOf(merged, merged.head) };
  }

  nextNumber(): number {
    return this.count++;
  }

  /** Allows differ by more than that they are. */
  get hasDuties(): boolean {
    return this.byLeaf.length > 0;
  }

  of(holder: Holder, action: number): Delta {
    return this.observe(holder).at(action);
  }

  /** For many questions about one holder. */
  observe(holder: Holder): Observer {
    const { base, head, frame } = holder;
    const isDated = [...base, ...head].some(({ from, until }) => from !== null || until !== null);
    const sides = isDated ? null : { base: this.looks.of(base, frame), head: this.looks.of(head, frame) };
    const [before, after] = [sides?.base, sides?.head];
    if (!before || !after) return { at: this.withDates(holder), isSame: null, aligned: null };
    // The same cells in the same light, one after the other.
    const isAligned = base.length === head.length && base.every(({ asker }, at) => asker === head[at]?.asker);
    return {
      at: (action) => this.ofSights(holder, before, after, action),
      isSame: (action) =>
        isAligned && before.every(({ role }, at) => this.looks.isSameCell(role, after[at]?.role ?? 0, action)),
      aligned: (action) => this.looks.aligned(before, after, action),
    };
  }

  private ofSights(holder: Holder, before: readonly Look[], after: readonly Look[], action: number): Delta {
    const [one, other] = [before[0], after[0]];
    // Most holders have one role, seen in one light: then the two cells say it all.
    if (before.length === 1 && after.length === 1 && one?.lens.key === '' && other?.lens.key === '') {
      const was = cellOf(this.merged.base, one.role, action);
      return this.ofCells(holder, action, was, cellOf(this.merged.head, other.role, action), one.lens);
    }
    const from = this.looks.sightsOf(this.merged.base, before, action);
    const to = this.looks.sightsOf(this.merged.head, after, action);
    const place = this.places.get(from, to);
    if (place >= 0) return this.bySights[place] as Delta;
    const sights = { base: this.looks.sights(from), head: this.looks.sights(to) };
    const [was, is] = [sights.base[0], sights.head[0]];
    const lens = was?.lens ?? is?.lens;
    const isOne = sights.base.length < 2 && sights.head.length < 2 && lens?.key === '' && (is?.lens ?? lens).key === '';
    const delta = isOne
      ? this.ofCells(holder, action, was?.node ?? 0, is?.node ?? 0, lens)
      : new DeltaOfCells(this, null, sights, () => this.compareParts(holder, action));
    this.places.set(from, to, this.bySights.push(delta) - 1);
    return delta;
  }

  private ofCells(holder: Holder, action: number, was: number, is: number, lens: Lens): Delta {
    // The pair of two zeros has no number.
    const place = this.byNodes.get(was + 1, is);
    if (place >= 0) return this.bySights[place] as Delta;
    const sights = { base: was === 0 ? [] : [{ node: was, lens }], head: is === 0 ? [] : [{ node: is, lens }] };
    const delta = new DeltaOfCells(this, [was, is], sights, () => this.compareParts(holder, action));
    this.byNodes.set(was + 1, is, this.bySights.push(delta) - 1);
    return delta;
  }

  /** Each action is asked about again for its examples. */
  private withDates(holder: Holder): Observer['at'] {
    const known: (Delta | undefined)[] = [];
    return (action) => {
      const delta = known[action] ?? this.withNodes(this.compareParts(holder, action));
      known[action] = delta;
      return delta;
    };
  }

  private withNodes(nodes: Nodes | null): Delta {
    const all: Nodes = nodes ?? { ...noNodes, steady: unsteady };
    const { rails } = this;
    return {
      ...all,
      number: this.nextNumber(),
      isTooLarge: nodes === null,
      isNothing: nodes !== null && directions.every((direction) => all[direction] === 0),
      cells: null,
      sights: null,
      get focus() {
        return rails.focusOfAll(directions.map((direction) => all[direction]));
      },
    };
  }

  private compareParts({ base, head, frame }: Holder, action: number): Nodes | null {
    const before = this.functions(this.merged.base, base, frame, action);
    const after = this.functions(this.merged.head, head, frame, action);
    const key = before && after ? `${before.join()} ${after.join()}` : null;
    if (key === null || before === null || after === null) return null;
    const known = this.ofFunctions.get(key);
    if (known !== undefined) return known;
    const nodes = this.limited(() => this.compare(before, after));
    this.ofFunctions.set(key, nodes);
    return nodes;
  }

  /** For each leaf but deny, worst first: is it reached for certain? */
  functions(side: Side, parts: readonly Part[], frame: Frame, action: number): readonly number[] | null {
    const { store } = this.rails;
    return this.limited(() => {
      const uppers = this.uppers[side.name];
      const nodes = uppers.map(() => 0);
      for (const { role, asker, from, until } of parts) {
        const cell = cellOf(side, role, action);
        if (cell === 0) continue;
        const lens = frame.lens(asker);
        if (!lens) return null;
        const inForce = store.meet(this.after(from), this.before(until));
        uppers.forEach((upper, at) => {
          nodes[at] = store.join(nodes[at] ?? 0, store.meet(inForce, this.rails.certainly(cell, upper, lens)));
        });
      }
      return nodes;
    });
  }

  private compare(before: readonly number[], after: readonly number[]): Nodes {
    const { store } = this.rails;
    const without = (a: number, b: number) => (b === 0 ? a : store.meet(a, this.rails.not(b)));
    const [base = 0, head = 0] = [before[0], after[0]];
    const duties = { eased: 0, burdened: 0, exchanged: 0 };
    const turns = { eased: 0, burdened: 0, exchanged: 0 };
    if (base !== 0 && head !== 0 && this.byLeaf.length > 0) {
      const just = (functions: readonly number[], side: Side, good: ReadonlySet<number>) => {
        const reach = side.chain
          .slice(1)
          .map((leaf, at) => (good.has(leaf) ? without(functions[at] ?? 0, functions[at + 1] ?? 0) : 0));
        return reach.reduce((all, one) => store.join(all, one), 0);
      };
      for (const [from, to, verdict] of this.byLeaf) {
        const both = store.meet(just(before, this.merged.base, from), just(after, this.merged.head, to));
        if (both === 0) continue;
        duties[verdict] = store.join(duties[verdict], both);
        turns[verdict]++;
      }
    }
    const steady = new Set(directions.filter((direction) => direction in turns && turns[direction as Turn] === 1));
    return { gained: without(head, base), lost: without(base, head), ...duties, steady };
  }

  private after(instant: number | null): number {
    const atom = instant === null ? undefined : this.merged.instants.get(instant);
    return atom === undefined ? 1 : this.rails.choose(variableOf(atom, 0), 0, 1, 0);
  }

  private before(instant: number | null): number {
    const atom = instant === null ? undefined : this.merged.instants.get(instant);
    return atom === undefined ? 1 : this.rails.choose(variableOf(atom, 0), 1, 0, 0);
  }

  private limited<T>(build: () => T): T | null {
    try {
      return this.rails.store.within(nodesOfOne, build);
    } catch (error) {
      if (error instanceof DiagramLimit) return null;
      throw error;
    }
  }
}
