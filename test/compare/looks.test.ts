/** Cells as assignments see them. */
import { expect, test } from 'vitest';
import type { Look } from '../../src/compare/looks.ts';
import { Looks } from '../../src/compare/looks.ts';
import type { Merged } from '../../src/compare/merge.ts';

/** Two roles and two actions: the cells of the first are 5 and 9, of the second 7 and 0. */
const side = { cells: Int32Array.of(5, 9, 7, 0), columns: Int32Array.of(0, 1) } as unknown as Merged['base'];
const merged = { base: side, head: side } as Merged;
const plain = { key: '', instanceOf: () => 0 };
const other = { key: '3:1', instanceOf: (atom: number) => (atom === 3 ? 1 : 0) };
const look = (role: number, lens: Look['lens'], number: number): Look => ({ role, lens, number });

test('cells stand in one order, whichever was seen first and whoever holds the roles in which order', () => {
  const [first, second] = [look(0, other, 1), look(1, plain, 0)];
  const forwards = new Looks(merged);
  const backwards = new Looks(merged);
  // Somebody who saw the later one alone before.
  backwards.sightsOf(side, [first, look(0, plain, 0)], 0);
  const one = forwards.sights(forwards.sightsOf(side, [first, second], 0));
  const two = backwards.sights(backwards.sightsOf(side, [second, first], 0));
  const expected = [
    [7, ''],
    [5, '3:1'],
  ];
  for (const sights of [one, two]) expect(sights.map(({ node, lens }) => [node, lens.key])).toEqual(expected);
});

test('what gives nothing is left out, and what is seen twice stands once', () => {
  const looks = new Looks(merged);
  const sights = looks.sights(looks.sightsOf(side, [look(1, plain, 0), look(0, plain, 0), look(0, plain, 0)], 1));
  expect(sights.map(({ node }) => node)).toEqual([9]);
});
