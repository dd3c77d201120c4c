/** What may be left out of a question to the solver changes no answer. */
import { expect, test } from 'vitest';
import { literalOf, statesIn, variableIn } from '../../src/compare/literals.ts';
import { LooseEnds } from '../../src/compare/loose.ts';
import { impersonal } from '../../src/compare/merge.ts';
import { atomOf, FALSE, TRUE, UNKNOWN, variableOf } from '../../src/compare/rails.ts';
import { type Atom, createSolver, type Options, type Truth } from '../../src/solver/index.ts';
import * as a from '../solver/atoms.ts';
import { random } from '../solver/generate.ts';

const [owner, author, id, desk] = [
  a.attribute('resource.owner'),
  a.attribute('resource.author'),
  a.attribute('user.id'),
  a.slot('desk'),
];
const editors = a.setOf(a.attribute('resource.editors'));
const wards = a.setOf(a.lookup('wards', ['resource.ward']));
const desks = a.setOf(a.slot('desks'));
const state = a.attribute('resource.state', a.oneOf('a', 'b'));
const team = a.attribute('resource.team', a.reference);
const lead = a.attribute('resource.team.lead');

const atoms: readonly Atom[] = [
  a.equal(owner, id),
  a.equal(author, id),
  a.equal(owner, author),
  a.equal(owner, 'a'),
  a.equal(author, desk),
  a.equal(desk, id),
  a.equal(state, owner),
  a.equal(lead, id),
  a.isSet(team),
  a.isSet(owner),
  a.contains(editors, id),
  a.contains(editors, owner),
  a.contains(editors, 'a'),
  a.contains(wards, id),
  a.contains(wards, owner),
  a.contains(desks, id),
  a.contains(desks, desk),
  a.overlaps(editors, desks),
  a.within(editors, desks),
  a.equal(a.attribute('resource.ward'), id),
];

const free = ['desk', 'desks'];
const slots = [
  ...free.map((name) => ({ name, setting: name, keys: [] })),
  { name: 'wards.a', setting: 'wards', keys: ['a'], value: ['a', 'b'] },
];
const asking = (isStranger: boolean) => ({
  isStranger,
  slotsOf: (variable: number) =>
    [atoms[atomOf(variable)]?.left, atoms[atomOf(variable)]?.right].flatMap((side) =>
      side?.kind === 'term' && side.source.kind === 'slot'
        ? [[side.source.slot, { kind: 'free', isPresent: false }] as const]
        : [],
    ),
});

const loose = new LooseEnds({ atoms: atoms.map(impersonal) });
const named = (state: number): Truth => (state === TRUE ? 'true' : state === FALSE ? 'false' : 'unknown');
const literals = (states: readonly (readonly [number, number])[]) =>
  states.map(([atom, is]) => literalOf(variableOf(atom, 0), is));

test('what is left out changes no answer', () => {
  const choose = random(7);
  const seen = { left: 0, impossible: 0, undecided: 0 };
  for (let run = 0; run < 20_000; run++) {
    const isStranger = choose(3) === 0;
    const options: Options = {
      attributes: isStranger ? [] : [{ root: 'user', path: ['id'], isPresent: true }],
      slots,
    };
    const chosen = new Map(
      Array.from({ length: 2 + choose(4) }, () => [choose(atoms.length), [TRUE, FALSE, UNKNOWN][choose(3)] as number]),
    );
    const all = literals([...chosen]);
    const left = loose.without(all, asking(isStranger));
    if (left.length === all.length) continue;
    const kindOf = (own: readonly number[]) =>
      createSolver(options).solve(
        own.map((literal) => ({ atom: atoms[atomOf(variableIn(literal))] as Atom, is: named(statesIn(literal)) })),
      ).kind;
    const [before, after] = [kindOf(all), kindOf(left)];
    seen.left++;
    if (after === 'impossible') seen.impossible++;
    if (before === 'undecided' || after === 'undecided') seen.undecided++;
    else expect(after, JSON.stringify([isStranger, [...chosen]])).toBe(before);
  }
  expect(seen.left).toBeGreaterThan(5_000);
  expect(seen.impossible).toBeGreaterThan(200);
  expect(seen.undecided).toBeLessThan(seen.left / 20);
});

test('an owner of whom nothing else is asked may be anybody', () => {
  const asked = literals([
    [0, TRUE],
    [1, FALSE],
  ]);
  expect(loose.without(asked, asking(false))).toHaveLength(1);
  // A stranger may have no id, but not where another comparison knows it.
  expect(loose.without(asked, asking(true))).toHaveLength(1);
  const unknown = literals([
    [0, TRUE],
    [1, UNKNOWN],
  ]);
  // The author may be missing, and then nothing is known of the id.
  expect(loose.without(unknown, asking(true))).toEqual(unknown.slice(0, 1));
});

test('a set that a fact chooses is no fact', () => {
  const asked = literals([
    [13, TRUE],
    [19, TRUE],
  ]);
  expect(loose.without(asked, asking(false))).toEqual(asked);
});
