import { expect, test } from 'vitest';
import { buildRequest, type Literal, type Model, solve } from '../../src/solver/index.ts';
import { show } from './atoms.ts';
import { findWorld, truthOf, type World } from './brute.ts';
import { type Draft, makeDraft, random } from './generate.ts';

const seed = Number(process.env.CHAPERONE_SEED ?? 20_260_501);
const CONJUNCTIONS = Number(process.env.CHAPERONE_CONJUNCTIONS ?? 20_500);

test('the solver agrees with trying every value', { timeout: 120_000 }, () => {
  const choose = random(seed);
  const count = { possible: 0, impossible: 0, undecided: 0, beyond: 0, unclear: 0 };
  const undecided: string[] = [];
  for (let run = 0; run < CONJUNCTIONS; run++) {
    const draft = makeDraft(choose);
    const problem = disagreement(draft, draft.literals, count, undecided);
    if (problem !== null) {
      const literals = smallest(draft);
      throw new Error(
        `${problem}\n${show(literals, { attributes: draft.options.attributes ?? [] })}\n(${draft.theme}, seed ${seed}, run ${run})`,
      );
    }
  }
  if (process.env.CHAPERONE_SEED) console.info(count, undecided.join('\n\n'));
  expect(count.impossible, 'impossible ones').toBeGreaterThan(CONJUNCTIONS / 5);
  expect(count.possible, 'possible ones').toBeGreaterThan(CONJUNCTIONS / 5);
  expect(count.undecided, 'undecided ones').toBeLessThan(CONJUNCTIONS / 500);
  // Possible, yet only with values that were not tried.
  expect(count.beyond, 'beyond the values tried').toBeLessThan(CONJUNCTIONS / 50);
  expect(count.unclear, 'too many values to try').toBeLessThan(CONJUNCTIONS / 50);
});

type Count = Record<'possible' | 'impossible' | 'undecided' | 'beyond' | 'unclear', number>;

function disagreement(draft: Draft, literals: readonly Literal[], count?: Count, undecided?: string[]): string | null {
  const setup = { slots: draft.options.slots, offset: draft.offset };
  const answer = solve(literals, draft.options);
  if (count) count[answer.kind]++;
  if (answer.kind === 'possible') {
    const world = worldOf(answer.model);
    for (const { atom, is } of literals) {
      const truth = truthOf(atom, world, setup);
      if (truth !== is) return `the model makes this ${truth}, not ${is}: ${atom.text}\n${JSON.stringify([...world])}`;
    }
    for (const place of draft.places) {
      if (place.values.length === 1 && world.has(place.name) && !same(world.get(place.name), place.values[0]))
        return `${place.name} is fixed`;
    }
    if (count && findWorld(draft.places, literals, setup, 2000) === null) count.beyond++;
    return null;
  }
  const found = findWorld(draft.places, literals, setup);
  if (found === undefined && count) count.unclear++;
  if (answer.kind === 'undecided') {
    undecided?.push(
      `${found ? 'possible' : 'impossible'} ${draft.theme}\n${show(literals, draft.options.attributes ? { attributes: draft.options.attributes } : {})}`,
    );
    return null;
  }
  return found
    ? `not impossible: ${JSON.stringify([...found], (_, value) => (typeof value === 'symbol' ? 'ALL' : value))}`
    : null;
}

function smallest(draft: Draft): readonly Literal[] {
  let literals = draft.literals;
  for (let at = 0; at < literals.length; ) {
    const fewer = literals.filter((_, index) => index !== at);
    if (disagreement(draft, fewer) !== null) literals = fewer;
    else at++;
  }
  return literals;
}

/** What the request of the model holds, by name. */
function worldOf(model: Model): World {
  const request = buildRequest(model);
  const world: World = new Map<string, unknown>([...request.settings].map(([name, value]) => [`slot ${name}`, value]));
  const enter = (name: string, value: unknown) => {
    world.set(name, value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [key, inner] of Object.entries(value)) enter(`${name}.${key}`, inner);
  };
  enter('user', request.user);
  enter('resource', request.resource);
  enter('context', request.context);
  return world;
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
