import { PairMemo } from '../diagram/index.ts';
import type { Part } from './delta.ts';
import type { Frame } from './frame.ts';
import { cellOf, type Merged, type Name, type Side } from './merge.ts';
import { INSTANCES, type Lens } from './rails.ts';
import { Chains } from './realms.ts';
import type { Sight } from './search.ts';

/** The cells of assignments, of both sides. */
export type Sights = Readonly<Record<Name, readonly Sight[]>>;

/** Cells that stand side by side: one assignment each, before and after. */
export interface Aligned extends Sights {
  readonly number: number;
}

/** The role of one assignment, and the light in which it is seen. */
export interface Look {
  readonly role: number;
  readonly lens: Lens;
  readonly number: number;
}

/** Cells as assignments see them, each set of them one number. */
export class Looks {
  private readonly merged: Merged;
  /** By node and light, and by number. */
  private readonly numbers = new PairMemo();
  private readonly known: Sight[] = [];
  private readonly lenses = new Map<string, number>();
  private readonly chains = new Chains();
  private readonly empty = this.chains.root(0);
  private readonly ofChains = new Map<number, readonly Sight[]>();
  private readonly found: number[] = [];
  private readonly ofPairs = new Map<number, Aligned>();

  constructor(merged: Merged) {
    this.merged = merged;
  }

  /** Null where there are too many lights to see by. */
  of(parts: readonly Part[], frame: Frame): readonly Look[] | null {
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

  /** Does one role give before just what the other gives after? */
  isSameCell(before: number, after: number, action: number): boolean {
    return cellOf(this.merged.base, before, action) === cellOf(this.merged.head, after, action);
  }

  /** Cells of assignments that stand side by side; those that give nothing are left out. */
  aligned(before: readonly Look[], after: readonly Look[], action: number): Aligned {
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
  sightsOf(side: Side, looks: readonly Look[], action: number): number {
    const { found } = this;
    found.length = 0;
    for (const look of looks) {
      const node = cellOf(side, look.role, action);
      if (node === 0) continue;
      const sight = this.sight(node, look);
      if (!found.includes(sight)) found.push(sight);
    }
    // By content: what is said of them must not depend on which was seen first.
    found.sort((one, other) => compareSights(this.known[one] as Sight, this.known[other] as Sight));
    let chain = this.empty;
    for (const sight of found) {
      const next = this.chains.step(chain, sight);
      if (!this.ofChains.has(next)) this.ofChains.set(next, [...this.sights(chain), this.known[sight] as Sight]);
      chain = next;
    }
    return chain;
  }

  sights(chain: number): readonly Sight[] {
    return this.ofChains.get(chain) ?? [];
  }
}

function compareSights(one: Sight, other: Sight): number {
  const [a, b] = [one.lens.key, other.lens.key];
  return a === b ? one.node - other.node : a < b ? -1 : 1;
}
