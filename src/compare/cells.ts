import { PairMemo } from '../diagram/index.ts';
import type { Merged } from './merge.ts';
import { type Focus, type Lens, type Rails, variableOf } from './rails.ts';
import type { Sight } from './search.ts';

/**
 * Pairs of cells as they are, all facts known: enough for most verdicts, and far cheaper than the rails. When one cell
 * allows nothing that another denies while all is known, it allows no more when facts are missing either.
 */
export class Cells {
  private readonly merged: Merged;
  private readonly rails: Rails;
  private readonly known = new PairMemo();
  private readonly personals = new NumberedSets();
  /** By node; 0 where nobody asked, else one more than the number. */
  private readonly personalOf: Int32Array;
  private readonly focuses: Focus[] = [];

  constructor(merged: Merged, rails: Rails) {
    this.merged = merged;
    this.rails = rails;
    this.personalOf = new Int32Array(merged.store.size);
  }

  /** Does the second allow something that the first denies, whatever the atoms mean? */
  gains(from: number, to: number): boolean {
    if (from === to || to === 0) return false;
    // Every node leads to several leaves.
    if (from === 0) return true;
    const { leaves, atoms, lows, highs } = this.merged.store;
    if (from < leaves) return false;
    if (to < leaves && leaves === 2) return true;
    const known = this.known.get(from, to);
    if (known >= 0) return known === 1;
    const [a, b] = [atoms[from] as number, atoms[to] as number];
    const [low, high] = a > b ? [from, from] : [lows[from] as number, highs[from] as number];
    const [otherLow, otherHigh] = b > a ? [to, to] : [lows[to] as number, highs[to] as number];
    const result = this.gains(high, otherHigh) || this.gains(low, otherLow);
    this.known.set(from, to, result ? 1 : 0);
    return result;
  }

  /** Is every atom that both nodes ask the same variable? */
  areSeenAlike(one: number, lens: Lens, other: number, otherLens: Lens): boolean {
    if (lens.key === otherLens.key) return true;
    const atoms = this.personals.atomsOf(this.personal(other));
    return this.personals
      .atomsOf(this.personal(one))
      .every((atom) => !atoms.includes(atom) || lens.instanceOf(atom) === otherLens.instanceOf(atom));
  }

  /** May one of those allow what all of these deny? Those seen in another light are not compared. */
  mayGain(from: readonly Sight[], to: readonly Sight[]): boolean {
    return to.some(
      ({ node, lens }) =>
        node !== 0 &&
        from.every((other) => !this.areSeenAlike(other.node, other.lens, node, lens) || this.gains(other.node, node)),
    );
  }

  /** Does it matter who the user is, beside their settings? */
  readsId(node: number): boolean {
    return this.personals.atomsOf(this.personal(node)).some((atom) => this.merged.atoms[atom]?.readsId);
  }

  /** What cells read about those who ask, whoever it is. */
  focusOf(sights: readonly Sight[]): Focus {
    const { atoms } = this.merged;
    const variables: number[] = [];
    let plain = 0;
    for (const { node, lens } of sights) {
      const own = this.personal(node);
      if (lens.key === '') plain = this.personals.join(plain, own);
      else {
        for (const atom of this.personals.atomsOf(own)) {
          variables.push(variableOf(atom, atoms[atom]?.isPersonal ? lens.instanceOf(atom) : 0));
        }
      }
    }
    const known = variables.length === 0 ? this.focuses[plain] : undefined;
    if (known) return known;
    for (const atom of this.personals.atomsOf(plain)) variables.push(variableOf(atom, 0));
    const focus = this.rails.focusOn(new Set(variables));
    if (variables.length === this.personals.atomsOf(plain).length) this.focuses[plain] = focus;
    return focus;
  }

  /** The atoms under a node that depend on who asks, as a number of `personals`. */
  private personal(node: number): number {
    const { store, atoms } = this.merged;
    if (node < store.leaves) return 0;
    const known = this.personalOf[node] as number;
    if (known > 0) return known - 1;
    const below = this.personals.join(
      this.personal(store.lows[node] as number),
      this.personal(store.highs[node] as number),
    );
    const atom = store.atoms[node] as number;
    const result = atoms[atom]?.isPersonal ? this.personals.join(this.personals.only(atom), below) : below;
    this.personalOf[node] = result + 1;
    return result;
  }
}

/** Sets of numbers, each one number; 0 is the empty set. */
class NumberedSets {
  private readonly sets: (readonly number[])[] = [[]];
  private readonly numbers = new Map<string, number>([['', 0]]);
  private readonly joins = new PairMemo();

  atomsOf(set: number): readonly number[] {
    return this.sets[set] ?? [];
  }

  only(element: number): number {
    return this.number([element]);
  }

  join(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const known = this.joins.get(a, b);
    if (known >= 0) return known;
    const all = new Set([...this.atomsOf(a), ...this.atomsOf(b)]);
    const result = this.number([...all].sort((x, y) => x - y));
    this.joins.set(a, b, result);
    return result;
  }

  private number(elements: readonly number[]): number {
    const key = elements.join();
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.sets.length);
    return this.sets.push(elements) - 1;
  }
}
