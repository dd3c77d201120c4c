import type { Atom, Constant, Term } from './diagrams.ts';

/**
 * The order of atoms, by content alone: first the term on the left, then the operator, then what it is compared with,
 * constants by value (5 before 10) and texts by code units. Never by place in a file: the meaning digest rests on it.
 */
export function compareAtoms(a: Atom, b: Atom): number {
  return (
    compareText(leading(a), leading(b)) ||
    compareText(a.operator, b.operator) ||
    compareSides(a.left, b.left) ||
    compareSides(a.right, b.right) ||
    a.limit - b.limit ||
    compareText(a.text, b.text)
  );
}

/** The term that atoms are grouped by: atoms about one attribute stand together. */
function leading(atom: Atom): string {
  if (atom.left.kind === 'term') return atom.left.text;
  return atom.right?.kind === 'term' ? atom.right.text : '';
}

function compareSides(a: Term | Constant | null, b: Term | Constant | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (a.kind === 'term' || b.kind === 'term') {
    if (a.kind === 'term' && b.kind === 'term') return compareText(a.text, b.text);
    return a.kind === 'term' ? 1 : -1;
  }
  if (typeof a.value === 'number' && typeof b.value === 'number') return a.value - b.value;
  return compareText(JSON.stringify(a.value), JSON.stringify(b.value));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
