/** Two tables in one numbering. */
import { expect, test } from 'vitest';
import { joinNodes, NO_ATOM, type Source } from '../../src/compare/nodes.ts';

/** Leaves 0 and 1, then rows of atom, low and high. */
function source(atoms: readonly number[], rows: readonly (readonly number[])[]): Source {
  const leaves = [0, 0, 0, 0, 0, 0];
  return {
    rows: Int32Array.from([...leaves, ...rows.flat()]),
    leaves: 2,
    atoms: Int32Array.from(atoms),
    chain: [0, 1],
  };
}

test('nodes of one content have one number, whatever the tables call their atoms', () => {
  // Base: c, b ? c : 0, and a ? b : 0. Head knows a, b, c as 0, 1, 2, too, but asks `a` with another child first.
  const base = source(
    [10, 20, 30],
    [
      [2, 0, 1],
      [1, 0, 2],
      [1, 0, 1],
      [0, 0, 4],
    ],
  );
  const head = source(
    [20, 30],
    [
      [0, 0, 1],
      [1, 0, 1],
      [0, 0, 3],
      [0, 3, 2],
    ],
  );
  const { nodes, ofBase, ofHead } = joinNodes(2, base, head);
  expect([...ofBase]).toEqual([0, 1, 2, 3, 4, 5]);
  // b ? 1 : 0, c ? 1 : 0, b ? c : 0 are the base's; b ? (b ? 1 : 0) : c is the head's alone.
  expect([...ofHead]).toEqual([0, 1, 4, 2, 3, 6]);
  expect(nodes.size).toBe(7);
  expect([nodes.atoms[6], nodes.lows[6], nodes.highs[6]]).toEqual([20, 2, 4]);
  expect([nodes.atoms[0], nodes.atoms[1]]).toEqual([NO_ATOM, NO_ATOM]);
});

test('what is above a node that only the head has is new', () => {
  const base = source(
    [0, 1],
    [
      [1, 0, 1],
      [0, 0, 2],
    ],
  );
  const head = source(
    [0, 1],
    [
      [1, 1, 0],
      [0, 2, 0],
      [1, 0, 1],
      [0, 0, 4],
    ],
  );
  expect([...joinNodes(2, base, head).ofHead]).toEqual([0, 1, 4, 5, 2, 3]);
});

test('leaves of another order and nodes without a choice', () => {
  const base = source(
    [0, 1],
    [
      [1, 0, 1],
      [0, 2, 2],
    ],
  );
  const head: Source = { ...source([0, 1], [[1, 0, 1]]), chain: [1, 0] };
  const { ofBase, ofHead } = joinNodes(2, base, head);
  expect([...ofBase]).toEqual([0, 1, 2, 2]);
  expect([...ofHead]).toEqual([1, 0, 3]);
});
