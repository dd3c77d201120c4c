import { InternalError } from '../diagnostics/index.ts';
import type { Atom, Cell, Diagrams } from '../lower/diagrams.ts';

/** The part of the diagrams that cells lead to. */
export interface Kept {
  /** In their order. */
  readonly atoms: readonly Atom[];
  readonly nodeAtom: readonly number[];
  readonly nodeLow: readonly number[];
  readonly nodeHigh: readonly number[];
  /** Nodes below this number are those of decisions; the others are for reasons only. */
  readonly decided: number;
  /** From old node numbers to new ones. */
  node(old: number): number;
}

/**
 * Numbers nodes as a walk in depth meets them, low before high, children before their parents, cell by cell: the order
 * is that of the content, whatever was computed first. Decisions come first, then what only reasons need.
 */
export function pickReachable(diagrams: Diagrams, strip: boolean): Kept {
  const { atoms, leaves, atomOf, lowOf, highOf, rows } = diagrams;
  const numbers = new Int32Array(atomOf.length).fill(-1);
  const old: number[] = [];
  for (let leaf = 0; leaf < leaves; leaf++) numbers[leaf] = old.push(leaf) - 1;
  const visit = (root: number) => {
    const stack = [root];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const [low = 0, high = 0] = node < leaves ? [] : [lowOf[node], highOf[node]];
      if (numbers[node] !== -1) stack.pop();
      else if (numbers[high] === -1 || numbers[low] === -1) stack.push(numbers[low] === -1 ? low : high);
      else numbers[node] = old.push(node) - 1;
    }
  };
  // Roles that are alike share their cells.
  const distinct = new Set<Cell>();
  for (const row of new Set(rows)) for (const cell of row) distinct.add(cell);
  for (const cell of distinct) visit(cell.decision);
  const decided = old.length;
  for (const cell of distinct) visit(cell.grants);
  for (const cell of distinct) for (const { node } of cell.scopeNodes) visit(node);
  if (!strip) for (const cell of distinct) for (const { node } of cell.grantNodes) visit(node);
  const inner = old.slice(leaves);
  const used = [...new Set(inner.map((node) => atomOf[node] ?? -1))].sort((a, b) => a - b);
  const newAtom = new Map(used.map((atom, index) => [atom, index]));
  const column = (of: (node: number) => number | undefined) =>
    old.map((node) => (node < leaves ? 0 : (of(node) ?? -1)));
  return {
    atoms: used.map((atom) => atoms[atom] ?? fail(`there is no atom ${atom}`)),
    nodeAtom: column((node) => newAtom.get(atomOf[node] ?? -1)),
    nodeLow: column((node) => numbers[lowOf[node] ?? -1]),
    nodeHigh: column((node) => numbers[highOf[node] ?? -1]),
    decided,
    node(node) {
      const number = numbers[node] ?? -1;
      return number >= 0 ? number : fail(`node ${node} was not kept`);
    },
  };
}

function fail(message: string): never {
  throw new InternalError(message);
}
