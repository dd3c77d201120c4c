import type { Cells } from './cells.ts';
import type { Lemmas } from './lemmas.ts';
import { type Literal, literalOf, variableIn } from './literals.ts';
import type { Merged } from './merge.ts';
import { FALSE, INSTANCES, type Lens, TRUE, type Variable, variableOf } from './rails.ts';
import type { Found, Sight } from './search.ts';

/**
 * Walks cells side by side on one way, without ever turning back: at each variable the side on which, two by two, they can
 * still differ. Mostly that is the state which a search would find.
 */
export class FirstWay {
  private readonly merged: Merged;
  private readonly cells: Cells;
  /** By variable: what it is. */
  private readonly assigned: Uint8Array;
  private readonly trail: Literal[] = [];
  /** Where the cells are, first the one that shall allow; and where they would be next. */
  private nodes: number[] = [];
  private next: number[] = [];
  private readonly lenses: Lens[] = [];
  private readonly variables: Variable[] = [];
  /** Of those that shall deny: does it see every variable as the first does? */
  private readonly alike: boolean[] = [];
  private count = 0;

  constructor(merged: Merged, cells: Cells) {
    this.merged = merged;
    this.cells = cells;
    this.assigned = new Uint8Array(merged.atoms.length * INSTANCES);
  }

  /** Of complete states, true before false, the first that no lemma forbids; null where the way ends before. */
  find(allowing: Sight, denying: readonly Sight[], lemmas: Lemmas): Found | 'impossible' | null {
    this.start(allowing, denying);
    if (!this.mayDiffer(this.nodes)) return 'impossible';
    const { assigned, trail } = this;
    for (const literal of trail) assigned[variableIn(literal)] = 0;
    trail.length = 0;
    for (let variable = this.ask(); variable !== ALONE; variable = this.ask()) {
      const is = this.takes(variable, TRUE, lemmas) ? TRUE : FALSE;
      if (is === FALSE && !this.takes(variable, FALSE, lemmas)) return null;
      [this.nodes, this.next] = [this.next, this.nodes];
      assigned[variable] = is;
      trail.push(literalOf(variable, is));
    }
    return [...trail];
  }

  private start(allowing: Sight, denying: readonly Sight[]): void {
    const { nodes, lenses, alike, cells } = this;
    nodes[0] = allowing.node;
    lenses[0] = allowing.lens;
    this.count = 1;
    for (const { node, lens } of denying) {
      nodes[this.count] = node;
      lenses[this.count] = lens;
      alike[this.count++] = cells.areSeenAlike(node, lens, allowing.node, allowing.lens);
    }
  }

  /** The first variable that one of them asks about. */
  private ask(): Variable {
    const { store, atoms } = this.merged;
    let first = ALONE;
    for (let at = 0; at < this.count; at++) {
      const node = this.nodes[at] as number;
      let variable = ALONE;
      if (node >= store.leaves) {
        const atom = store.atoms[node] as number;
        variable = variableOf(atom, atoms[atom]?.isPersonal ? (this.lenses[at] as Lens).instanceOf(atom) : 0);
      }
      this.variables[at] = variable;
      if (variable < first) first = variable;
    }
    return first;
  }

  private takes(variable: Variable, is: number, lemmas: Lemmas): boolean {
    if (lemmas.forbids(this.assigned, literalOf(variable, is))) return false;
    const { highs, lows } = this.merged.store;
    const sides = is === TRUE ? highs : lows;
    for (let at = 0; at < this.count; at++) {
      const node = this.nodes[at] as number;
      this.next[at] = this.variables[at] === variable ? (sides[node] as number) : node;
    }
    return this.mayDiffer(this.next);
  }

  /** Looking at two at a time, may the first still allow what each of the others denies? */
  private mayDiffer(nodes: readonly number[]): boolean {
    const { leaves } = this.merged.store;
    const first = nodes[0] as number;
    if (first === 0) return false;
    for (let at = 1; at < this.count; at++) {
      const node = nodes[at] as number;
      if (this.alike[at] ? !this.cells.gains(node, first) : node > 0 && node < leaves) return false;
    }
    return true;
  }
}

/** No variable: greater than all. */
const ALONE = 0x3fffffff;
