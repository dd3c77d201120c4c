import type { Merged } from './merge.ts';
import { FALSE, type Lens, TRUE, type Variable, variableOf } from './rails.ts';
import type { Sight } from './search.ts';

/**
 * The nodes of a cell that the states of what is allowed lead to, as long as all of these end where they shall. More and more
 * is allowed, so that what ends elsewhere once always does.
 */
export class Reach {
  private readonly merged: Merged;
  /** By variable: the states that are allowed; of others. */
  private readonly allowed: Uint8Array;
  /** Shall they allow, for certain? Else they shall deny. */
  private readonly isAllow: boolean;
  private readonly nodes: number[] = [];
  private readonly variables: Variable[] = [];
  /** By node: what was found of it last, which means something only where it is one of the two that follow. */
  private readonly found: Int32Array;
  /** In this question: it is reached; some way from it ends elsewhere. */
  private reached = 0;
  private failed = 1;
  private lens: Lens | null = null;

  constructor(merged: Merged, allowed: Uint8Array, isAllow: boolean) {
    this.merged = merged;
    this.allowed = allowed;
    this.isAllow = isAllow;
    this.found = new Int32Array(merged.store.size);
  }

  /** All that is allowed now ends where it shall. */
  start({ node, lens }: Sight): void {
    this.reached += 2;
    this.failed += 2;
    this.lens = lens;
    this.nodes.length = 0;
    this.variables.length = 0;
    this.visit(node);
  }

  /** Is it still so where the variable, of which anything is allowed by now, is on any of its sides? Else nothing is changed. */
  tries(variable: Variable): boolean {
    const { highs, lows } = this.merged.store;
    const { nodes, variables } = this;
    const before = nodes.length;
    for (let at = 0; at < before; at++) {
      if (variables[at] !== variable) continue;
      const node = nodes[at] as number;
      if (this.visit(lows[node] as number) && this.visit(highs[node] as number)) continue;
      for (let other = before; other < nodes.length; other++) {
        const tried = nodes[other] as number;
        if (this.found[tried] === this.reached) this.found[tried] = 0;
      }
      nodes.length = before;
      variables.length = before;
      return false;
    }
    return true;
  }

  private visit(node: number): boolean {
    const { leaves, atoms, highs, lows } = this.merged.store;
    if (node < leaves) return (node !== 0) === this.isAllow;
    const found = this.found[node] as number;
    if (found === this.reached) return true;
    if (found === this.failed) return false;
    const atom = atoms[node] as number;
    const variable = variableOf(atom, this.merged.atoms[atom]?.isPersonal ? (this.lens?.instanceOf(atom) ?? 0) : 0);
    this.found[node] = this.reached;
    this.nodes.push(node);
    this.variables.push(variable);
    const states = this.allowed[variable] as number;
    // What is not known allows only where both sides do; elsewhere one of them is enough to deny.
    const isLow = this.isAllow ? states !== TRUE : (states & FALSE) !== 0;
    const isHigh = this.isAllow ? states !== FALSE : (states & TRUE) !== 0;
    const isSo = (!isLow || this.visit(lows[node] as number)) && (!isHigh || this.visit(highs[node] as number));
    if (!isSo) this.found[node] = this.failed;
    return isSo;
  }
}
