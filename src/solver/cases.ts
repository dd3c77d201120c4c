import type { Truth } from './atom.ts';
import { type Budget, spend, type Undecided, worse } from './budget.ts';
import { FIRST_DAY, LAST_DAY } from './dates.ts';
import { type Fact, type KeyFact, type Known, solveKnown } from './known.ts';
import { ALL, type PlainValue } from './options.ts';
import { KNOWN, MISSING, type Place, type Read, type Side, type Test, UNLIMITED } from './reads.ts';
import { usesOf } from './uses.ts';

/** A test, what it shall be, and what its sides read once lookups are resolved. */
export interface Goal {
  readonly test: Test;
  readonly is: Truth;
}

/** What was decided about the keys of lookups. */
export interface Assumptions {
  readonly masks: readonly (readonly [Read, number])[];
  readonly keys: readonly KeyFact[];
}

export type Held = ReadonlyMap<Place, PlainValue | typeof ALL>;

/** One way to make a goal come true. */
interface Way {
  /** For each read, bits of what it may give. */
  readonly masks: readonly (readonly [Read, number])[];
  readonly fact?: Fact;
  readonly bound?: Known['bounds'][number];
}

/**
 * What is missing, known or `all` in each read, by cases; the rest is asked of `solveKnown`.
 * `all` is tried last: what can be shown without it makes the more natural example.
 */
export function solveCases(
  goals: readonly Goal[],
  assumptions: Assumptions,
  readText: (like: Read) => Read,
  budget: Budget,
): Held | Undecided {
  const limited = new Cases(readText, budget).solve(goals, assumptions, (read) => limitedMask(read));
  if (typeof limited !== 'string') return limited;
  const unlimited = readsThatMayBeAll(goals);
  if (unlimited.size === 0) return limited;
  if (budget.left < 0) return 'undecided';
  const dominated = dominatedPlaces(goals, unlimited);
  for (const [read] of assumptions.masks) dominated.delete(read.place);
  const mask = (read: Read) => (dominated.has(read.place) && read.isSet ? UNLIMITED : read.possible);
  const second = new Cases(readText, budget).solve(goals, assumptions, mask);
  return typeof second === 'string' ? worse(limited, second) : second;
}

/** Without `all`, unless nothing else is possible. */
function limitedMask({ possible }: Read): number {
  return possible & ~UNLIMITED || possible;
}

function readsThatMayBeAll(goals: readonly Goal[]): Set<Read> {
  const reads = goals.flatMap(({ test }) => [test.left, test.right]).map((side) => side && readOf(side));
  return new Set(
    reads.filter((read) => read != null && (read.possible & UNLIMITED) > 0 && read.possible !== UNLIMITED) as Read[],
  );
}

/** Places for which `all` fulfils every goal about them, so that nothing is lost by choosing it. */
function dominatedPlaces(goals: readonly Goal[], unlimited: ReadonlySet<Read>): Set<Place> {
  const places = new Set([...unlimited].map(({ place }) => place));
  for (const { test, is } of goals) {
    const [left, right] = [readOf(test.left), test.right && readOf(test.right)];
    const isFulfilled = (read: Read, isRight: boolean) =>
      is === 'true' && read.isSet && (isRight || test.operator !== 'within');
    if (left && !isFulfilled(left, false)) places.delete(left.place);
    if (right && !isFulfilled(right, true)) places.delete(right.place);
  }
  return places;
}

class Cases {
  private readonly readText: (like: Read) => Read;
  private readonly budget: Budget;

  constructor(readText: (like: Read) => Read, budget: Budget) {
    this.readText = readText;
    this.budget = budget;
  }

  solve(goals: readonly Goal[], { masks, keys }: Assumptions, start: (read: Read) => number): Held | Undecided {
    const state = new Map<Read, number>();
    for (const { read } of keys) state.set(read, start(read));
    for (const { test } of goals) {
      for (const side of [test.left, test.right]) if (side?.kind === 'term') state.set(side.read, start(side.read));
    }
    const narrow: Way = { masks: [...masks, ...keys.map(({ read }) => [read, KNOWN] as const)] };
    if (!apply(narrow, state)) return 'impossible';
    const open: (readonly Way[])[] = [];
    const facts: Way[] = [];
    for (const goal of goals) {
      const ways = waysTo(goal, state);
      if (ways.length === 1 && ways[0]) {
        if (!apply(ways[0], state)) return 'impossible';
        facts.push(ways[0]);
      } else {
        open.push(ways);
      }
    }
    return this.search(open, state, facts, keys);
  }

  private search(
    undecided: readonly (readonly Way[])[],
    state: Map<Read, number>,
    chosen: readonly Way[],
    keys: readonly KeyFact[],
  ): Held | Undecided {
    let open = undecided;
    const ways = [...chosen];
    for (let isChanged = true; isChanged; ) {
      isChanged = false;
      const rest: (readonly Way[])[] = [];
      for (const choices of open) {
        const left = choices.filter(({ masks }) => masks.every(([read, mask]) => ((state.get(read) ?? 0) & mask) > 0));
        const [only] = left;
        if (only === undefined) return 'impossible';
        if (left.length > 1) {
          rest.push(left);
          continue;
        }
        if (!apply(only, state)) return 'impossible';
        ways.push(only);
        isChanged = true;
      }
      open = rest;
    }
    const [first, ...others] = open;
    const soFar = this.finish(state, ways, keys);
    // What is impossible before a choice is impossible after it.
    if (first === undefined || soFar === 'impossible') return soFar;
    let result: Undecided = 'impossible';
    for (const way of first) {
      if (!spend(this.budget)) return 'undecided';
      const narrower = new Map(state);
      const solved = apply(way, narrower) ? this.search(others, narrower, [...ways, way], keys) : 'impossible';
      if (typeof solved !== 'string') return solved;
      result = worse(result, solved);
    }
    return result;
  }

  private finish(state: ReadonlyMap<Read, number>, ways: readonly Way[], keys: readonly KeyFact[]): Held | Undecided {
    const uses = usesOf(state, this.readText);
    if (typeof uses === 'string') return uses;
    const facts = ways.flatMap(({ fact }) => fact ?? []);
    const bounds = ways.flatMap(({ bound }) => bound ?? []);
    const values = solveKnown({ uses: uses.known, facts, keys, bounds }, this.budget);
    if (values === 'impossible' && uses.isInexact) return 'undecided';
    if (typeof values === 'string') return values;
    const held = new Map<Place, PlainValue | typeof ALL>(values);
    for (const place of uses.unlimited) held.set(place, ALL);
    return held;
  }
}

/** Narrows the state; false when nothing is left. */
function apply({ masks }: Way, state: Map<Read, number>): boolean {
  for (const [read, mask] of masks) {
    const left = (state.get(read) ?? read.possible) & mask;
    if (left === 0) return false;
    state.set(read, left);
  }
  return true;
}

/** In the order in which they are tried; the bits of a way may already be impossible. */
function waysTo({ test, is }: Goal, state: ReadonlyMap<Read, number>): readonly Way[] {
  const [left, right] = [readOf(test.left), test.right && readOf(test.right)];
  const canBeAll = (read: Read | null): read is Read => read !== null && ((state.get(read) ?? 0) & UNLIMITED) > 0;
  const masked = (a: number, b: number): Way['masks'] => [
    ...(left ? [[left, a] as const] : []),
    ...(right ? [[right, b] as const] : []),
  ];
  const ways: Way[] = [];
  if (is === 'unknown') {
    if (left) ways.push({ masks: masked(MISSING, KNOWN | MISSING) });
    const anyLeft = test.operator === 'within' ? KNOWN | MISSING | UNLIMITED : KNOWN | MISSING;
    if (right) ways.push({ masks: masked(anyLeft, MISSING) });
    for (const side of [test.left, test.right])
      ways.push(...waysBeyond(side, masked(KNOWN | MISSING, KNOWN | MISSING)));
    return ways;
  }
  if (is === 'true' || test.operator !== 'is-set')
    ways.push({ masks: masked(KNOWN, KNOWN), fact: { test, is: is === 'true' } });
  if (is === 'true' && canBeAll(right)) ways.push({ masks: [[right, UNLIMITED]] });
  if (is === 'true' && canBeAll(left) && test.operator !== 'within') ways.push({ masks: [[left, UNLIMITED]] });
  if (is === 'false' && canBeAll(left) && test.operator === 'within') {
    ways.push({ masks: masked(UNLIMITED, KNOWN) });
  }
  return ways;
}

/** A day or month of an instant that no calendar has is unknown, although the instant is known. */
function waysBeyond(side: Side | null, masks: Way['masks']): readonly Way[] {
  if (side?.kind !== 'term') return [];
  const { read, shifts } = side;
  const [shift] = shifts;
  if (shift === undefined) return [];
  const all = [...masks, [read, KNOWN] as const];
  let { low, high } = shift;
  for (const next of shifts.slice(1)) {
    // A month of a day: the instants whose day has it.
    high = Math.min(high, shift.greatestSource(next.high));
    low = Math.max(low, shift.leastSource(next.low));
  }
  if (read.type.kind === 'date' && low <= FIRST_DAY && high >= LAST_DAY) return [];
  const last = Number.MAX_SAFE_INTEGER;
  return [
    { masks: all, bound: { read, low: high + 1, high: last } },
    { masks: all, bound: { read, low: -last, high: low - 1 } },
  ];
}

function readOf(side: Side): Read | null {
  return side.kind === 'term' ? side.read : null;
}
