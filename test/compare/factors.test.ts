import { expect, test } from 'vitest';
import { factoredText } from '../../src/compare/factors.ts';

test('what is common stands once', () => {
  expect(
    factoredText([
      ['a', 'b'],
      ['a', 'c'],
    ]),
  ).toBe('a and (b or c)');
  expect(
    factoredText([
      ['a', 'c'],
      ['a', 'd'],
      ['b', 'c'],
      ['b', 'd'],
    ]),
  ).toBe('(c or d) and (a or b)');
  expect(factoredText([['a', 'c'], ['a', 'd'], ['b', 'c'], ['b', 'd'], ['e']])).toBe('((c or d) and (a or b)) or e');
});

test('what has nothing in common stays as it is', () => {
  expect(factoredText([['a', 'b'], ['c']])).toBe('(a and b) or c');
  expect(factoredText([['a']])).toBe('a');
  expect(factoredText([])).toBe('always');
  expect(factoredText([[]])).toBe('always');
  expect(
    factoredText([
      ['a', 'a'],
      ['a', 'a', 'b'],
    ]),
  ).toBe('a');
});
