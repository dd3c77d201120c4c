import type { Literal } from './atom.ts';
import type { Budget } from './budget.ts';
import type { Held } from './cases.ts';
import { evaluateAtom } from './evaluate.ts';
import { solveLookups } from './lookups.ts';
import { buildRequest, type Model } from './model.ts';
import type { Options, PlainValue } from './options.ts';
import { ALL } from './options.ts';
import { type Place, Reads, type Side, type Test } from './reads.ts';

export type Answer =
  /** The model was checked: in its request every literal is what it shall be. */
  | { readonly kind: 'possible'; readonly model: Model }
  /** No request does it. */
  | { readonly kind: 'impossible' }
  /** The budget ended, or the question lies beyond what is decided. */
  | { readonly kind: 'undecided' };

export interface Solver {
  solve(literals: readonly Literal[]): Answer;
}

const STEPS = 5000;

/** Is the conjunction possible, and in which request? */
export function solve(literals: readonly Literal[], options: Options = {}): Answer {
  return createSolver(options).solve(literals);
}

/** A solver that prepares each atom once: for many questions about the same atoms. */
export function createSolver(options: Options = {}): Solver {
  const reads = new Reads(options);
  return {
    solve(literals) {
      const budget: Budget = { left: options.budget ?? STEPS };
      const goals = literals.map(({ atom, is }) => ({ test: reads.test(atom), is }));
      const held = solveLookups(goals, reads, budget);
      if (typeof held === 'string') return { kind: held };
      const model = modelOf(
        goals.map(({ test }) => test),
        held,
      );
      const request = buildRequest(model);
      const isRight = literals.every(({ atom, is }) => evaluateAtom(atom, request, reads.setup) === is);
      return isRight ? { kind: 'possible', model } : { kind: 'undecided' };
    },
  };
}

/** All places that the tests read, with what they hold. */
function modelOf(tests: readonly Test[], held: Held): Model {
  const places = new Set<Place>(held.keys());
  const add = (side: Side | null) => {
    if (side?.kind !== 'term') return;
    places.add(side.read.place);
    for (const key of side.read.keys) if (typeof key !== 'string') places.add(key.place);
  };
  for (const { left, right } of tests) {
    add(left);
    add(right);
  }
  const attributes: Model['attributes'][number][] = [];
  const slots: Model['slots'][number][] = [];
  for (const place of places) {
    const { source, facts } = place;
    const value: PlainValue | typeof ALL | undefined = facts.isMissing ? undefined : (facts.value ?? held.get(place));
    if (source.kind === 'slot') slots.push({ slot: source.slot, value });
    if (source.kind === 'attribute' && value !== ALL) attributes.push({ root: source.root, path: source.path, value });
  }
  return { attributes, slots };
}
