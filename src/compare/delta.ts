import { DiagramLimit, PairMemo } from '../diagram/index.ts';
import { Cells } from './cells.ts';
import type { Asker, Frame } from './frame.ts';
import { cellOf, type Leaf, type Merged, type Name, type Side } from './merge.ts';
import { type Focus, INSTANCES, type Lens, type Rails, type Upper, variableOf } from './rails.ts';
import type { Sight } from './search.ts';

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

/** Ways in which a decision differs: allowed by one side only, or by both with fewer, more, or other duties. */
export const directions = ['gained', 'lost', 'eased', 'burdened', 'exchanged'] as const;
export type Direction = (typeof directions)[number];

/** In which requests a decision differs; nodes of the rails. */
export interface Delta extends Readonly<Record<Direction, number>> {
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

type Sights = Readonly<Record<Name, readonly Sight[]>>;

/** Of cells; the nodes are made when somebody asks for them. */
class DeltaOfCells implements Delta {
  readonly cells: readonly [base: number, head: number] | null;
  readonly sights: Sights;
  private readonly owner: Deltas;
  private readonly make: () => Nodes | null;
  private made: Nodes | null | undefined;
  private seen: Focus | null = null;

  constructor(owner: Deltas, cells: readonly [number, number] | null, sights: Sights, make: () => Nodes | null) {
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
  private readonly byLeaf: readonly (readonly [
    base: ReadonlySet<number>,
    head: ReadonlySet<number>,
    verdict: Verdict,
  ])[];
  readonly cells: Cells;
  private readonly known = new Map<string, Nodes | null>();
  private readonly places = new PairMemo();
  private readonly byCells: Delta[] = [];
  private readonly bySights = new Map<string, Delta>();
  private readonly uppers: Readonly<Record<Name, readonly Upper[]>>;

  constructor(merged: Merged, rails: Rails) {
    this.merged = merged;
    this.rails = rails;
    this.cells = new Cells(merged, rails);
    this.byLeaf = pairsOfLeaves(merged);
    this.uppers = { base: uppersOf(merged, merged.base), head: uppersOf(merged, merged.head) };
  }

  /** Allows differ by more than that they are. */
  get hasDuties(): boolean {
    return this.byLeaf.length > 0;
  }

  of(holder: Holder, action: number): Delta {
    const { base, head, frame } = holder;
    const [before, after] = [base[0], head[0]];
    // Most holders have one role, without dates and seen in one light: then the two cells say it all.
    const isPlain = base.length === 1 && head.length === 1 && before?.asker === after?.asker;
    const isDated = [...base, ...head].some(({ from, until }) => from !== null || until !== null);
    const lens = before && isPlain && !isDated ? frame.lens(before.asker) : null;
    if (before && after && lens?.key === '') return this.ofCells(holder, action, before, after, lens);
    const sights = isDated ? null : this.sightsOf(holder, action);
    if (!sights) return this.withNodes(this.compareParts(holder, action));
    const text = (side: readonly Sight[]) => side.map(({ node, lens: { key } }) => `${node} ${key}`).join();
    const key = `${text(sights.base)}|${text(sights.head)}`;
    let delta = this.bySights.get(key);
    if (delta === undefined) {
      delta = new DeltaOfCells(this, null, sights, () => this.compareParts(holder, action));
      this.bySights.set(key, delta);
    }
    return delta;
  }

  private ofCells(holder: Holder, action: number, before: Part, after: Part, lens: Lens): Delta {
    const { base, head } = this.merged;
    const cells = [cellOf(base, before.role, action), cellOf(head, after.role, action)] as const;
    const place = cells[0] === cells[1] ? -1 : this.places.get(...cells);
    if (place >= 0) return this.byCells[place] as Delta;
    const sights = { base: [{ node: cells[0], lens }], head: [{ node: cells[1], lens }] };
    const delta = new DeltaOfCells(this, cells, sights, () => this.compareParts(holder, action));
    if (cells[0] !== cells[1]) this.places.set(...cells, this.byCells.push(delta) - 1);
    return delta;
  }

  /** Null where there are too many lights to see by. */
  private sightsOf({ base, head, frame }: Holder, action: number): Sights | null {
    const ofSide = (side: Side, parts: readonly Part[]): readonly Sight[] | null => {
      const sights: Sight[] = [];
      for (const { role, asker } of parts) {
        const [node, lens] = [cellOf(side, role, action), frame.lens(asker)];
        if (!lens) return null;
        const isKnown = sights.some((sight) => sight.node === node && sight.lens.key === lens.key);
        if (node !== 0 && !isKnown) sights.push({ node, lens });
      }
      return sights.sort((a, b) => a.node - b.node || (a.lens.key < b.lens.key ? -1 : 1));
    };
    const [before, after] = [ofSide(this.merged.base, base), ofSide(this.merged.head, head)];
    return before && after && before.length < INSTANCES && after.length < INSTANCES
      ? { base: before, head: after }
      : null;
  }

  private withNodes(nodes: Nodes | null): Delta {
    const all: Nodes = nodes ?? { ...noNodes, steady: unsteady };
    const { rails } = this;
    return {
      ...all,
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
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const nodes = this.limited(() => this.compare(before, after));
    this.known.set(key, nodes);
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
    const steady = new Set(directions.filter((direction) => direction in turns && turns[direction as Verdict] === 1));
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

/** For each leaf but deny, worst first: the leaves from there on. The first is one for both sides. */
function uppersOf({ leaves }: Merged, { chain }: Side): readonly Upper[] {
  return chain.slice(1).map((_, at) => {
    const upper = at === 0 ? leaves.map((_, leaf) => leaf).slice(1) : chain.slice(at + 1);
    return { key: upper.join(), leaves: new Set(upper) };
  });
}

type Verdict = Exclude<Direction, 'gained' | 'lost'>;

/** Pairs of leaves, both allows, that a user feels the difference of. */
function pairsOfLeaves({ base, head, leaves }: Merged) {
  const pairs: (readonly [ReadonlySet<number>, ReadonlySet<number>, Verdict])[] = [];
  for (const from of base.chain.slice(1)) {
    for (const to of head.chain.slice(1)) {
      const verdict = compareLeaves(leaves[from], leaves[to], base, head, leaves);
      if (verdict !== null) pairs.push([new Set([from]), new Set([to]), verdict]);
    }
  }
  return pairs;
}

/** By the duties; where these are the same, by the order of the outcomes, if they are called differently. */
function compareLeaves(
  from: Leaf | undefined,
  to: Leaf | undefined,
  base: Side,
  head: Side,
  leaves: readonly Leaf[],
): Verdict | null {
  if (!from || !to || from === to) return null;
  const dropped = from.duties.some((duty) => !to.duties.includes(duty));
  const added = to.duties.some((duty) => !from.duties.includes(duty));
  if (dropped || added) return dropped && added ? 'exchanged' : dropped ? 'eased' : 'burdened';
  if (from.outcome === to.outcome) return null;
  const rank = (side: Side, name: string | null) =>
    side.chain.findIndex((leaf) => leaf > 0 && leaves[leaf]?.outcome === name);
  const [was, is] = [rank(head, from.outcome), rank(head, to.outcome)];
  if (was < 0) return rank(base, to.outcome) < 0 ? null : 'exchanged'; // a new name for the same is no change
  return is > was ? 'eased' : 'burdened';
}
