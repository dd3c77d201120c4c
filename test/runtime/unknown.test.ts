import { expect, test } from 'vitest';
import { emit } from '../../src/emit/index.ts';
import type { Atom, Diagrams } from '../../src/lower/diagrams.ts';
import { loadTable } from '../../src/runtime/index.ts';
import { and, bit, sketch, table } from './build.ts';

/** The parity of `count` facts: two nodes an atom, and as many paths as numbers of `count` bits. */
function parity(count: number) {
  const name = (i: number) => `x${String(i).padStart(5, '0')}`;
  const { policy, diagrams } = sketch({
    grants: { r: { act: [{ permission: 'p', when: true }] } },
    members: [{ key: 'kim', holds: [{ role: 'r' }] }],
  });
  const atoms: Atom[] = Array.from({ length: count }, (_, i) => bit(name(i)));
  const size = 2 + 2 * count;
  const [atomOf, lowOf, highOf] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  for (let i = count - 1, node = 2; i >= 0; i--, node += 2) {
    const [even, odd] = i === count - 1 ? [0, 1] : [node - 2, node - 1];
    atomOf.fill(i, node, node + 2);
    lowOf.set([even, odd], node);
    highOf.set([odd, even], node);
  }
  const root = size - 2;
  const cell = { decision: root, grants: root, grantNodes: [{ grant: 0, node: root }], scopeNodes: [] };
  const changed: Diagrams = { ...diagrams, atoms, atomOf, lowOf, highOf, rows: [[cell]] };
  return { user: loadTable(emit(policy, changed, { strip: false }).bytes).user('kim'), name };
}

test.each([24, 2000])('%i unknown facts are visited once each', (count) => {
  const { user, name } = parity(count);
  expect(user.can('act', {})).toBe(false);
  const decision = user.decide('act', {});
  expect(decision.reason).toBe('missing-fact');
  expect(decision.missing).toEqual(Array.from({ length: count }, (_, i) => name(i)));
  const known = Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), i === 3]));
  expect(user.can('act', known)).toBe(true);
  expect(user.decide('act', { ...known, [name(7)]: null }).missing).toEqual([name(7)]);
  expect(user.permitted()).toEqual({ always: new Set(), sometimes: new Set(['act']) });
});

test('walks leave no marks for each other', () => {
  const { user, name } = parity(24);
  const facts = (missing: number) =>
    Object.fromEntries(Array.from({ length: 24 }, (_, i) => [name(i), i === missing ? null : i === 0]));
  for (let round = 0; round < 500; round++) {
    const missing = round % 25;
    expect(user.can('act', facts(missing))).toBe(missing === 24);
  }
});

test('a getter that asks again disturbs nobody', () => {
  const loaded = table({
    grants: { r: { act: [{ permission: 'p', when: and(bit('a'), bit('b'), bit('c')) }] } },
    members: [{ key: 'kim', holds: [{ role: 'r' }] }],
  });
  const kim = loaded.user('kim');
  const inner: boolean[] = [];
  const outer = {
    a: null,
    get b() {
      inner.push(kim.can('act', { a: null, b: true, c: true }), kim.can('act', { a: true, b: true, c: true }));
      return true;
    },
    c: true,
  };
  expect(kim.can('act', outer)).toBe(false);
  expect(kim.decide('act', outer).missing).toEqual(['a']);
  expect(inner.length).toBeGreaterThan(0);
  expect(inner.every((answer, i) => answer === (i % 2 === 1))).toBe(true);
});

test('a getter that asks itself for ever is denied', () => {
  const kim = table({
    grants: { r: { act: [{ permission: 'p', when: bit('a') }] } },
    members: [{ key: 'kim', holds: [{ role: 'r' }] }],
  }).user('kim');
  const endless: object = {
    get a(): boolean {
      return kim.can('act', endless);
    },
  };
  expect(kim.can('act', endless)).toBe(false);
  expect(kim.decide('act', endless).allow).toBe(false);
  expect(kim.can('act', { a: true })).toBe(true);
});
