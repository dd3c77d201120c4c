import type { Frame, State } from './frame.ts';
import { type Allowed, impossibleStates, withoutImplied, withoutImpossible } from './implied.ts';
import { type Claim, claimOf, type Literal, literalIn, literalsIn, statesIn, variableIn } from './literals.ts';
import { ANYTHING, FALSE, type Rails, TRUE, UNKNOWN, type Variable } from './rails.ts';
import type { Theory } from './theory.ts';

/** A way to a change: for each variable the states that it may have. Nothing can be left out of it. */
export interface Case {
  /** By their variables. */
  readonly claims: readonly Claim[];
  /** One of those states each, possible together. */
  readonly state: readonly Literal[];
  /** Facts must be missing for it. */
  readonly needsMissing: boolean;
}

/** What is to be known about a function. */
export interface Settled {
  /** `impossible`: no request does it, though the function is not constant. */
  readonly verdict: 'possible' | 'impossible' | 'undecided';
  readonly cases: readonly Case[];
  /** The cases are all there is. */
  readonly isWhole: boolean;
  /** Some fact must be missing: no complete request shows it. */
  readonly needsMissing: boolean;
}

export interface Limits {
  /** Cases of one condition. */
  readonly cases: number;
  /** Questions to the solver for one path. */
  readonly steps: number;
}

/** Does any request make the function true? */
export function isPossible(
  rails: Rails,
  theory: Theory,
  frame: Frame,
  node: number,
  steps: number,
): Settled['verdict'] {
  const complete = findPath(rails, theory, frame, node, true, steps);
  const found = typeof complete === 'string' ? findPath(rails, theory, frame, node, false, steps) : complete;
  return typeof found === 'string' ? found : 'possible';
}

/** Which requests make the function true: a few cases, complete requests before those with missing facts. */
export function settle(rails: Rails, theory: Theory, frame: Frame, node: number, limits: Limits): Settled {
  const cases: Case[] = [];
  let left = node;
  let isSure = true;
  for (const isComplete of [true, false]) {
    while (cases.length < limits.cases) {
      const found = findPath(rails, theory, frame, left, isComplete, limits.steps);
      if (found === 'undecided') isSure = false;
      if (typeof found === 'string') break;
      const wide = widen(rails, theory, frame, node, found);
      // What the others rule out may be just what kept something from being implied.
      const exact = withoutImpossible(theory, frame, wide);
      const allowed = withoutImplied(theory, frame, exact, exact.keys());
      const claims = literalsIn(allowed).map((literal) =>
        claimOf(literal, ANYTHING & ~impossibleStates(theory, frame, new Map(), variableIn(literal))),
      );
      const state = literalsIn(found).filter((literal) => wide.has(variableIn(literal)));
      cases.push({ claims, state, needsMissing: !isComplete });
      left = rails.store.meet(left, rails.not(cube(rails, wide)));
    }
  }
  const needsMissing = cases[0]?.needsMissing === true;
  if (cases.length === 0) return { verdict: isSure ? 'impossible' : 'undecided', cases, isWhole: isSure, needsMissing };
  const rest = isSure ? findPath(rails, theory, frame, left, false, limits.steps) : 'undecided';
  return { verdict: 'possible', cases: withoutCovered(cases), isWhole: rest === 'impossible', needsMissing };
}

/** Without cases of which another says all: what was found later may be wider. */
export function withoutCovered(cases: readonly Case[]): readonly Case[] {
  if (cases.length < 2) return cases;
  const covers = (wide: Case, narrow: Case) =>
    wide.claims.every((claim) => {
      const literal = literalIn(claim);
      return narrow.claims.some((other) => {
        const own = literalIn(other);
        return variableIn(own) === variableIn(literal) && (statesIn(own) & ~statesIn(literal)) === 0;
      });
    });
  return cases.filter(
    (item, at) =>
      !cases.some((other, place) => place !== at && covers(other, item) && (place < at || !covers(item, other))),
  );
}

/**
 * A possible state of the world in which the function is true; with `isComplete`, nothing in it is unknown. The solver is
 * asked about a whole path first, and on the way only where that fails.
 */
export function findPath(
  rails: Rails,
  theory: Theory,
  frame: Frame,
  node: number,
  isComplete: boolean,
  steps: number,
): State | 'impossible' | 'undecided' {
  if (!canReach(rails, node, isComplete)) return 'impossible';
  const states = isComplete ? [TRUE, FALSE] : [TRUE, FALSE, UNKNOWN];
  const state = new Map<Variable, number>();
  for (let at = node; at > 1; ) {
    const next = states.find((is) => canReach(rails, rails.sideOf(at, is), isComplete)) ?? TRUE;
    state.set(rails.variableAt(at), next);
    at = rails.sideOf(at, next);
  }
  if (theory.check(frame, state) === 'possible') return state;
  let left = steps;
  let isSure = true;
  const visit = (at: number, chosen: ReadonlyMap<Variable, number>): State | null => {
    if (at === 1) return chosen;
    for (const is of states) {
      const side = rails.sideOf(at, is);
      if (!canReach(rails, side, isComplete)) continue;
      if (left-- <= 0) {
        isSure = false;
        return null;
      }
      const more = new Map(chosen).set(rails.variableAt(at), is);
      const kind = theory.check(frame, more);
      if (kind === 'undecided') isSure = false;
      const found = kind === 'possible' ? visit(side, more) : null;
      if (found) return found;
      if (left <= 0) {
        isSure = false; // what stands behind was not looked at
        return null;
      }
    }
    return null;
  };
  return visit(node, new Map()) ?? (isSure ? 'impossible' : 'undecided');
}

const reachable = new WeakMap<Rails, Map<number, boolean>>();

/** Does some path lead to true, whatever the atoms mean? */
function canReach(rails: Rails, node: number, isComplete: boolean): boolean {
  if (node <= 1 || !isComplete) return node !== 0;
  const memo = reachable.get(rails) ?? new Map<number, boolean>();
  reachable.set(rails, memo);
  const known = memo.get(node);
  if (known !== undefined) return known;
  const result = canReach(rails, rails.sideOf(node, TRUE), true) || canReach(rails, rails.sideOf(node, FALSE), true);
  memo.set(node, result);
  return result;
}

/** Less and less is asked for, as long as the function stays true; then what cannot be otherwise is left out too. */
function widen(rails: Rails, theory: Theory, frame: Frame, node: number, path: State): Allowed {
  const allowed = new Map(path);
  const order = [...path.keys()].sort((a, b) => rank(path.get(b)) - rank(path.get(a)) || b - a);
  for (const variable of order) {
    const is = path.get(variable) ?? TRUE;
    // "Missing or false" would hide that it must be missing.
    for (const wider of is === UNKNOWN ? [ANYTHING] : [ANYTHING, is | UNKNOWN, TRUE | FALSE]) {
      allowed.set(variable, wider);
      if (isTrueThroughout(rails, node, allowed)) break;
      allowed.set(variable, is);
    }
  }
  for (const [variable, states] of allowed) if (states === ANYTHING) allowed.delete(variable);
  return withoutImplied(theory, frame, allowed, order);
}

/** What is left out first: what is missing, then what is false. */
function rank(is: number | undefined): number {
  return is === UNKNOWN ? 2 : is === FALSE ? 1 : 0;
}

/** Is the function true in every state that is allowed? */
function isTrueThroughout(rails: Rails, node: number, allowed: Allowed): boolean {
  const seen = new Set([node]);
  for (const at of seen) {
    if (at === 0) return false;
    if (at === 1) continue;
    const states = allowed.get(rails.variableAt(at)) ?? ANYTHING;
    for (const is of [TRUE, FALSE, UNKNOWN]) if (states & is) seen.add(rails.sideOf(at, is));
  }
  return true;
}

/** The function that is true in just the states that are allowed. */
export function cube(rails: Rails, allowed: Allowed): number {
  let node = 1;
  for (const variable of [...allowed.keys()].sort((a, b) => b - a)) {
    const states = allowed.get(variable) ?? ANYTHING;
    node = rails.choose(variable, states & TRUE ? node : 0, states & FALSE ? node : 0, states & UNKNOWN ? node : 0);
  }
  return node;
}
