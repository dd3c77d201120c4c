import { FALSE, TRUE, UNKNOWN, type Variable } from '../diagram/index.ts';
import type { Answer, Model } from '../solver/index.ts';
import type { Asker, State } from './asker.ts';
import type { Rails } from './rails.ts';

/** A state in which a function is true, from which nothing can be left out, with a request that shows it. */
export interface Found {
  readonly state: State;
  readonly model: Model;
}

/** Questions to the solver about one function. */
const QUESTIONS = 2_000;
/** What an undecided question costs beyond others. */
const UNDECIDED = 100;

/** Is there a possible request in which the function is true? Those without missing facts are tried first. */
export function search(asker: Asker, node: number): Found | 'impossible' | 'undecided' {
  if (node === 0) return 'impossible';
  const complete = findPath(asker, node, [TRUE, FALSE]);
  const found = typeof complete === 'string' ? findPath(asker, node, [TRUE, FALSE, UNKNOWN]) : complete;
  return typeof found === 'string' ? found : shrink(asker, node, found);
}

/** Questions that are left for a whole check. */
export interface Ration {
  left: number;
  /** The first undecided question ends the search. */
  readonly isStrict?: boolean;
}

/** As `search`, without a request that shows it; what is undecided for one way is not tried by another. */
export function verdictOn(asker: Asker, node: number, ration: Ration): Verdict {
  if (node === 0) return 'impossible';
  const own: Ration = { left: Math.min(ration.left, QUESTIONS), isStrict: true };
  const before = own.left;
  const complete = findPath(asker, node, [TRUE, FALSE], own);
  const found = complete === 'impossible' ? findPath(asker, node, [TRUE, FALSE, UNKNOWN], own) : complete;
  ration.left -= before - own.left + (found === 'undecided' ? UNDECIDED : 0);
  return typeof found === 'string' ? found : 'possible';
}

export type Verdict = 'possible' | 'impossible' | 'undecided';

/**
 * The shortest way to true is asked about; where it is impossible, what makes it so is taken out of the function, so that
 * a contradiction costs its questions once, however many ways lead through it.
 */
function findPath(
  asker: Asker,
  node: number,
  states: readonly number[],
  ration: Ration = { left: QUESTIONS },
): State | 'impossible' | 'undecided' {
  const { rails } = asker.world;
  let rest = node;
  let isSure = true;
  while (ration.left > 0) {
    const path = shortestPath(rails, rest, states);
    if (path === null) return isSure ? 'impossible' : 'undecided';
    const { kind } = ask(asker, path);
    ration.left--;
    if (kind === 'possible') return path;
    if (kind === 'undecided' && ration.isStrict) return kind;
    if (kind === 'undecided') isSure = false;
    const core = new Map(path);
    if (kind === 'impossible') ration.left -= reduceToCore(asker, core);
    rest = rails.store.meet(rest, rails.store.negate(cube(rails, core)));
  }
  return 'undecided';
}

/** Leaves out what the contradiction does not need; how many questions that took. */
function reduceToCore(asker: Asker, core: Map<Variable, number>): number {
  const all = [...core];
  for (const [variable, is] of all) {
    core.delete(variable);
    if (ask(asker, core).kind !== 'impossible') core.set(variable, is);
  }
  return all.length;
}

/** The function that is true in just this state. */
function cube(rails: Rails, state: State): number {
  let node = 1;
  for (const [variable, is] of [...state].sort(([a], [b]) => b - a)) {
    node = rails.choose(variable, is === TRUE ? node : 0, is === FALSE ? node : 0, is === UNKNOWN ? node : 0);
  }
  return node;
}

function shortestPath(rails: Rails, node: number, states: readonly number[]): State | null {
  const distance = distances(rails, states);
  if (distance(node) === Number.POSITIVE_INFINITY) return null;
  const path = new Map<Variable, number>();
  for (let at = node; at > 1; ) {
    const sides = states.map((is) => ({ is, side: rails.sideOf(at, is) }));
    const next = sides.reduce((best, item) => (distance(item.side) < distance(best.side) ? item : best));
    path.set(rails.variableAt(at), next.is);
    at = next.side;
  }
  return path;
}

const measured = new WeakMap<Rails, Map<number, Map<number, number>>>();

/** Variables on the shortest way to true; infinite where there is none. A node is measured once for all searches. */
function distances(rails: Rails, states: readonly number[]): (node: number) => number {
  const byStates = measured.get(rails) ?? new Map<number, Map<number, number>>();
  measured.set(rails, byStates);
  const start = [
    [0, Number.POSITIVE_INFINITY],
    [1, 0],
  ] as const;
  const memo = byStates.get(states.length) ?? new Map<number, number>(start);
  byStates.set(states.length, memo);
  const visit = (node: number): number => {
    let distance = memo.get(node);
    if (distance === undefined) {
      distance = 1 + Math.min(...states.map((is) => visit(rails.sideOf(node, is))));
      memo.set(node, distance);
    }
    return distance;
  };
  return visit;
}

const answers = new WeakMap<Asker, Map<string, Answer>>();

/** Asks the solver; the few states that are left when nothing more can be left out come again and again. */
function ask(asker: Asker, state: State): Answer {
  const known = answers.get(asker) ?? new Map<string, Answer>();
  answers.set(asker, known);
  const key = [...state]
    .map(([variable, is]) => variable * 8 + is)
    .sort((a, b) => a - b)
    .join();
  // In one order, so that the request which shows it does not depend on who asked first.
  const answer = known.get(key) ?? asker.solve(new Map([...state].sort(([a], [b]) => a - b)));
  known.set(key, answer);
  return answer;
}

/** Leaves out what the function does not need; what must be missing goes first. */
function shrink(asker: Asker, node: number, path: State): Found | 'undecided' {
  const needed = new Map(path);
  const order = [...path].sort(([a, is], [b, other]) => other - is || b - a);
  for (const [variable, is] of order) {
    needed.delete(variable);
    if (!isTrueThroughout(asker.world.rails, node, needed)) needed.set(variable, is);
  }
  const answer = ask(asker, needed);
  return answer.kind === 'possible' ? { state: needed, model: answer.model } : 'undecided';
}

/** Is the function true wherever the variables are as stated? */
function isTrueThroughout(rails: Rails, node: number, stated: ReadonlyMap<Variable, number>): boolean {
  const seen = new Set([node]);
  for (const at of seen) {
    if (at === 0) return false;
    if (at === 1) continue;
    const is = stated.get(rails.variableAt(at));
    for (const side of is === undefined ? [TRUE, FALSE, UNKNOWN] : [is]) seen.add(rails.sideOf(at, side));
  }
  return true;
}
