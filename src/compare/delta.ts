import { DiagramLimit, PairMemo } from '../diagram/index.ts';
import type { Asker } from './askers.ts';
import { Cells } from './cells.ts';
import type { Frame } from './frame.ts';
import { sortFew } from './literals.ts';
import { cellOf, type Leaf, type Merged, type Name, type Side } from './merge.ts';
import { type Focus, INSTANCES, type Lens, type Rails, type Upper, variableOf } from './rails.ts';
import { Chains } from './realms.ts';
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

/** Looks at both sides as one holder does. */
export interface Observer {
  at(action: number): Delta;
  /** Surely no difference: the same cells in the same light. Null where it has dates, or too many lights. */
  readonly isSame: ((action: number) => boolean) | null;
  /** The cells of assignments that give the action on some side, side by side. */
  readonly aligned: ((action: number) => Aligned) | null;
}

/** Cells that stand side by side: one assignment each, before and after. */
export interface Aligned extends Sights {
  readonly number: number;
}

/** The role of one assignment, and the light in which it is seen. */
interface Look {
  readonly role: number;
  readonly lens: Lens;
  readonly number: number;
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

type Sights = Readonly<Record<Name, readonly Sight[]>>;

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
  private readonly byLeaf: readonly (readonly [
    base: ReadonlySet<number>,
    head: ReadonlySet<number>,
    verdict: Verdict,
  ])[];
  readonly cells: Cells;
  private readonly ofFunctions = new Map<string, Nodes | null>();
  /** By node and light, and by number. */
  private readonly numbers = new PairMemo();
  private readonly known: Sight[] = [];
  private readonly lenses = new Map<string, number>();
  private readonly chains = new Chains();
  private readonly empty = this.chains.root(0);
  private readonly ofChains = new Map<number, readonly Sight[]>();
  private readonly found: number[] = [];
  private count = 0;
  private readonly ofPairs = new Map<number, Aligned>();
  /** By the chains of both sides. */
  private readonly places = new PairMemo();
  private readonly bySights: Delta[] = [];
  private readonly uppers: Readonly<Record<Name, readonly Upper[]>>;

  constructor(merged: Merged, rails: Rails) {
    this.merged = merged;
    this.rails = rails;
    this.cells = new Cells(merged, rails);
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
    const sides = isDated ? null : { base: this.looksOf(base, frame), head: this.looksOf(head, frame) };
    const [before, after] = [sides?.base, sides?.head];
    const compareAll = (action: number) => this.withNodes(this.compareParts(holder, action));
    if (!before || !after) return { at: compareAll, isSame: null, aligned: null };
    // The same cells in the same light, one after the other.
    const isAligned = base.length === head.length && base.every(({ asker }, at) => asker === head[at]?.asker);
    return {
      at: (action) => this.ofSights(holder, before, after, action),
      isSame: (action) =>
        isAligned && before.every(({ role }, at) => this.isSameCell(role, after[at]?.role ?? 0, action)),
      aligned: (action) => this.aligned(before, after, action),
    };
  }

  private isSameCell(before: number, after: number, action: number): boolean {
    return cellOf(this.merged.base, before, action) === cellOf(this.merged.head, after, action);
  }

  /** Null where there are too many lights to see by. */
  private looksOf(parts: readonly Part[], frame: Frame): readonly Look[] | null {
    const looks: Look[] = [];
    for (const { role, asker } of parts) {
      const lens = frame.lens(asker);
      if (!lens) return null;
      let number = this.lenses.get(lens.key);
      if (number === undefined) {
        number = this.lenses.size;
        this.lenses.set(lens.key, number);
      }
      looks.push({ role, lens, number });
    }
    return looks.length < INSTANCES ? looks : null;
  }

  private ofSights(holder: Holder, before: readonly Look[], after: readonly Look[], action: number): Delta {
    const [from, to] = [
      this.sightsOf(this.merged.base, before, action),
      this.sightsOf(this.merged.head, after, action),
    ];
    const place = this.places.get(from, to);
    if (place >= 0) return this.bySights[place] as Delta;
    const sights = { base: this.sights(from), head: this.sights(to) };
    const [one, other] = [before[0], after[0]];
    // Most holders have one role, seen in one light: then the two cells say it all.
    const isPlain = before.length === 1 && after.length === 1 && one?.lens.key === '' && other?.lens.key === '';
    const cells = isPlain
      ? ([cellOf(this.merged.base, one.role, action), cellOf(this.merged.head, other.role, action)] as const)
      : null;
    const delta = new DeltaOfCells(this, cells, sights, () => this.compareParts(holder, action));
    this.places.set(from, to, this.bySights.push(delta) - 1);
    return delta;
  }

  private aligned(before: readonly Look[], after: readonly Look[], action: number): Aligned {
    let number = this.empty;
    for (let at = 0; at < before.length; at++) {
      const [look, other] = [before[at] as Look, after[at] as Look];
      const [was, is] = [cellOf(this.merged.base, look.role, action), cellOf(this.merged.head, other.role, action)];
      if (was === 0 && is === 0) continue;
      number = this.chains.step(this.chains.step(number, this.sight(was, look)), this.sight(is, other));
    }
    let aligned = this.ofPairs.get(number);
    if (!aligned) {
      const sights = (looks: readonly Look[], side: Side) =>
        looks.map(({ role, lens }) => ({ node: cellOf(side, role, action), lens }));
      const [base, head] = [sights(before, this.merged.base), sights(after, this.merged.head)];
      const isGiven = (_: Sight, at: number) => base[at]?.node !== 0 || head[at]?.node !== 0;
      aligned = { number, base: base.filter(isGiven), head: head.filter(isGiven) };
      this.ofPairs.set(number, aligned);
    }
    return aligned;
  }

  private sight(node: number, { lens, number }: Look): number {
    // The pair of two zeros has no number.
    let sight = this.numbers.get(node + 1, number);
    if (sight < 0) {
      sight = this.known.push({ node, lens }) - 1;
      this.numbers.set(node + 1, number, sight);
    }
    return sight;
  }

  /** The cells in their lights, as one number: without those that deny, each once, in one order. */
  private sightsOf(side: Side, looks: readonly Look[], action: number): number {
    const { found } = this;
    found.length = 0;
    for (const look of looks) {
      const node = cellOf(side, look.role, action);
      if (node === 0) continue;
      const sight = this.sight(node, look);
      if (!found.includes(sight)) found.push(sight);
    }
    sortFew(found);
    let chain = this.empty;
    for (const sight of found) {
      const next = this.chains.step(chain, sight);
      if (!this.ofChains.has(next)) this.ofChains.set(next, [...this.sights(chain), this.known[sight] as Sight]);
      chain = next;
    }
    return chain;
  }

  private sights(chain: number): readonly Sight[] {
    return this.ofChains.get(chain) ?? [];
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
