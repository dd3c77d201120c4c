import { type Budget, spend, type Undecided, worse } from './budget.ts';
import type { Shift } from './shifts.ts';
import { type Window, windowsOf } from './two-zones.ts';

/** Whole numbers by index, from 1; index 0 is the number 0. */
export interface OrderProblem {
  readonly lows: readonly number[];
  readonly highs: readonly number[];
  /** `left - right <= limit`. */
  readonly edges: readonly { readonly left: number; readonly right: number; readonly limit: number }[];
  readonly unequal: readonly (readonly [number, number])[];
  readonly excluded: readonly ReadonlySet<number>[];
  readonly domains: readonly (readonly number[] | null)[];
  readonly shifts: readonly { readonly from: number; readonly to: number; readonly shift: Shift }[];
  /** What to choose where there is a choice. */
  readonly preferred: readonly number[];
}

/** Up to here doubles hold every whole number. */
const EXACT = 2 ** 53;

/** Up to this many values of a shifted term are tried one by one, so that failing on all of them is a proof. */
const MOST_VALUES = 40;

/** Where more values are possible, these are tried: days from a likely one, so that every length of month comes up. */
const OTHER_DAYS = [
  1,
  -1,
  ...Array.from({ length: 28 }, (_, at) => Math.round((at + 2) / 2) * (at % 2 === 0 ? 30 : -30)),
];

/** Whole numbers that satisfy everything. */
export function solveOrder(problem: OrderProblem, budget: Budget): readonly number[] | Undecided {
  const bounds = new Bounds(problem.lows, problem.highs);
  for (const { left, right, limit } of problem.edges) bounds.tighten(left, right, limit);
  for (const { from, to, shift } of problem.shifts) {
    if (shift.apart === null) continue;
    bounds.tighten(to, from, shift.apart[1]);
    bounds.tighten(from, to, -shift.apart[0]);
  }
  return search(problem, bounds, budget);
}

/**
 * Difference constraints, closed: `limit(i, j)` is the least known limit of `i - j`. With the closure any value within
 * the bounds that the numbers chosen so far leave can be extended to a solution.
 */
class Bounds {
  isBroken = false;
  /** Numbers that doubles do not hold exactly took part, so nothing is proved. */
  isInexact = false;
  readonly size: number;
  private readonly limits: Float64Array;

  constructor(lows: readonly number[], highs: readonly number[], copied?: Bounds) {
    this.size = lows.length;
    this.limits = copied ? copied.limits.slice() : new Float64Array(this.size * this.size);
    if (copied) {
      this.isInexact = copied.isInexact;
      return;
    }
    for (let i = 0; i < this.size; i++) {
      if ((lows[i] ?? 0) > (highs[i] ?? 0)) this.isBroken = true;
      for (let j = 0; j < this.size; j++) {
        if (i !== j) this.limits[i * this.size + j] = exact((highs[i] ?? 0) - (lows[j] ?? 0));
      }
    }
  }

  copy(): Bounds {
    return new Bounds(new Array(this.size).fill(0), [], this);
  }

  limit(left: number, right: number): number {
    return this.limits[left * this.size + right] ?? 0;
  }

  low(node: number): number {
    return 0 - this.limit(0, node);
  }

  high(node: number): number {
    return this.limit(node, 0);
  }

  fix(node: number, value: number): void {
    this.tighten(node, 0, value);
    this.tighten(0, node, -value);
  }

  tighten(left: number, right: number, limit: number): boolean {
    if (this.isBroken || limit >= this.limit(left, right)) return false;
    if (Math.abs(limit) > EXACT) this.isInexact = true;
    if (left === right || this.limit(right, left) + limit < 0) {
      this.isBroken = true;
      return true;
    }
    const { size, limits } = this;
    for (let i = 0; i < size; i++) {
      const first = this.limit(i, left) + limit;
      if (first === Number.POSITIVE_INFINITY) continue;
      for (let j = 0; j < size; j++) {
        const sum = first + this.limit(right, j);
        if (i === j || sum >= (limits[i * size + j] ?? 0) || sum > EXACT) continue;
        if (sum < -EXACT) this.isInexact = true;
        limits[i * size + j] = sum;
      }
    }
    return true;
  }
}

/** A bound beyond what doubles hold exactly binds nothing. */
function exact(limit: number): number {
  return limit > EXACT ? Number.POSITIVE_INFINITY : limit;
}

function search(problem: OrderProblem, bounds: Bounds, budget: Budget): readonly number[] | Undecided {
  if (!spend(budget)) return 'undecided';
  for (let round = 0; round < 8 && carryShifts(problem, bounds); round++);
  if (bounds.isBroken) return bounds.isInexact ? 'undecided' : 'impossible';
  const branch = branchOnDomain(problem, bounds, budget);
  if (branch !== null) return branch;
  const values = choose(problem, bounds);
  const open = problem.shifts.filter(({ from, to, shift }) => shift.image(values[from] ?? 0) !== values[to]);
  const clash = findClash(problem, values);
  if (open.length === 0 && clash === null && isWithin(problem, values)) return values;
  const unsettled = open.length > 0 ? open : clash === null ? problem.shifts : [];
  if (unsettled.length > 0) {
    const branched = branchOnWindows(problem, bounds, budget);
    if (branched !== null) return branched;
    return branchOnShift(problem, bounds, values, unsettled, budget);
  }
  if (clash === null) return 'undecided';
  const [left, right, apart] = clash;
  const below = bounds.copy();
  below.tighten(left, right, apart - 1);
  const first = search(problem, below, budget);
  if (typeof first !== 'string') return first;
  const above = bounds.copy();
  above.tighten(right, left, -apart - 1);
  const second = search(problem, above, budget);
  return typeof second === 'string' ? worse(first, second) : second;
}

/** Carries intervals through day and month terms; true when something became tighter. */
function carryShifts({ shifts }: OrderProblem, bounds: Bounds): boolean {
  let isTighter = false;
  const tighten = (left: number, right: number, limit: number) => {
    if (Number.isFinite(limit) && bounds.tighten(left, right, limit)) isTighter = true;
    else if (limit === Number.NEGATIVE_INFINITY) bounds.isBroken = true;
  };
  for (const { from, to, shift } of shifts) {
    if (bounds.isBroken) return false;
    const [low, high] = [bounds.low(from), bounds.high(from)];
    tighten(to, 0, low === high ? shift.image(high) : shift.greatestImage(high));
    tighten(0, to, -(low === high ? shift.image(low) : shift.leastImage(low)));
    tighten(from, 0, shift.greatestSource(bounds.high(to)));
    tighten(0, from, -shift.leastSource(bounds.low(to)));
  }
  for (const [a, b] of twinsOf(shifts)) {
    const within = windowsBetween(a, b, bounds);
    tighten(
      b.to,
      a.to,
      within.reduce((most, { apart }) => Math.max(most, apart[1]), Number.NEGATIVE_INFINITY),
    );
    tighten(a.to, b.to, -within.reduce((least, { apart }) => Math.min(least, apart[0]), Number.POSITIVE_INFINITY));
  }
  for (const a of shifts) {
    for (const b of shifts) {
      if (a === b || a.shift.kind !== b.shift.kind || bounds.isBroken) continue;
      tighten(a.to, b.to, a.shift.imagesApart(bounds.limit(a.from, b.from)));
      tighten(a.from, b.from, a.shift.sourcesApart(bounds.limit(a.to, b.to)));
    }
  }
  return isTighter;
}

type Shifted = OrderProblem['shifts'][number];

/** Days of one instant in two zones: how far apart they are depends on the instant alone. */
function twinsOf(shifts: readonly Shifted[]): readonly (readonly [Shifted, Shifted])[] {
  const days = shifts.filter(({ shift }) => shift.zone !== null);
  return days.flatMap((a, at) =>
    days.slice(at + 1).flatMap((b) => (a.from === b.from && a.shift !== b.shift ? [[a, b] as const] : [])),
  );
}

function windowsBetween(a: Shifted, b: Shifted, bounds: Bounds): readonly Window[] {
  const [one, other] = [a.shift.zone, b.shift.zone];
  const [low, high] = [bounds.low(a.from), bounds.high(a.from)];
  return one && other ? windowsOf(one, other).filter(({ from, to }) => from <= high && to >= low) : [];
}

/** Null where no two zones are apart now one way, now another; those nearest to what is likely come first. */
function branchOnWindows(problem: OrderProblem, bounds: Bounds, budget: Budget): readonly number[] | Undecided | null {
  for (const [a, b] of twinsOf(problem.shifts)) {
    const windows = windowsBetween(a, b, bounds);
    if (windows.length < 2) continue;
    const likely = problem.preferred[a.from] ?? 0;
    const distance = ({ from, to }: Window) => Math.max(from - likely, likely - to, 0);
    let result: Undecided = 'impossible';
    for (const { from, to } of [...windows].sort((x, y) => distance(x) - distance(y))) {
      const narrower = bounds.copy();
      narrower.tighten(a.from, 0, to);
      narrower.tighten(0, a.from, -from);
      const solved = search(problem, narrower, budget);
      if (typeof solved !== 'string') return solved;
      result = worse(result, solved);
      if (budget.left < 0) return 'undecided';
    }
    return result;
  }
  return null;
}

/** Null when every number with a finite domain is fixed. */
function branchOnDomain(problem: OrderProblem, bounds: Bounds, budget: Budget): readonly number[] | Undecided | null {
  let variable = 0;
  let left: readonly number[] = [];
  for (let node = 1; node < bounds.size; node++) {
    const domain = problem.domains[node];
    if (!domain) continue;
    const [low, high] = [bounds.low(node), bounds.high(node)];
    const values = domain.filter((value) => value >= low && value <= high && !problem.excluded[node]?.has(value));
    if (values.length === 0) return bounds.isInexact ? 'undecided' : 'impossible';
    if (low === high || (variable > 0 && values.length >= left.length)) continue;
    variable = node;
    left = values;
  }
  return variable === 0 ? null : tryEach(problem, bounds, budget, [variable, left], () => [[null, 0, 0]], true);
}

type Interval = readonly [node: number | null, low: number, high: number];

function tryEach(
  problem: OrderProblem,
  bounds: Bounds,
  budget: Budget,
  [variable, values]: readonly [number, readonly number[]],
  intervals: (value: number) => readonly Interval[],
  isComplete: boolean,
): readonly number[] | Undecided {
  let result: Undecided = isComplete ? 'impossible' : 'undecided';
  for (const value of values) {
    for (const [node, low, high] of intervals(value)) {
      const narrower = bounds.copy();
      narrower.fix(variable, value);
      if (node !== null) {
        narrower.tighten(node, 0, high);
        narrower.tighten(0, node, -low);
      }
      const solved = search(problem, narrower, budget);
      if (typeof solved !== 'string') return solved;
      result = worse(result, solved);
      if (budget.left < 0) return 'undecided';
    }
  }
  return result;
}

/** Fixes the image of a day or month term, and its source to an interval with just that image. */
function branchOnShift(
  problem: OrderProblem,
  bounds: Bounds,
  values: readonly number[],
  open: OrderProblem['shifts'],
  budget: Budget,
): readonly number[] | Undecided {
  const width = (node: number) => bounds.high(node) - bounds.low(node);
  const isSettled = ({ from, to, shift }: OrderProblem['shifts'][number]) =>
    width(to) === 0 &&
    shift.sources(bounds.low(to)).some(([low, high]) => low <= bounds.low(from) && bounds.high(from) <= high);
  const unsettled = open.filter((shift) => !isSettled(shift)).sort((a, b) => width(a.to) - width(b.to));
  const first = unsettled[0];
  if (first === undefined) return 'undecided';
  const { from, to, shift } = first;
  const [low, high] = [bounds.low(to), bounds.high(to)];
  const wish = values[to] ?? low;
  const isSmall = high - low < MOST_VALUES;
  const span = isSmall
    ? Array.from({ length: high - low + 1 }, (_, at) => low + at)
    : [...OTHER_DAYS.map((days) => wish + days * shift.step), low, high];
  const candidates = [wish, shift.image(values[from] ?? 0), ...span];
  const within = [...new Set(candidates)].filter((value) => value >= low && value <= high);
  const intervals = (value: number): readonly Interval[] => shift.sources(value).map(([a, b]) => [from, a, b]);
  return tryEach(problem, bounds, budget, [to, within], intervals, isSmall);
}

/** Values one after the other, each as wished if it can be, and different from what it must differ from if it can be. */
function choose(problem: OrderProblem, bounds: Bounds): readonly number[] {
  const values = [0];
  for (let node = 1; node < bounds.size; node++) {
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.POSITIVE_INFINITY;
    for (let other = 0; other < node; other++) {
      const value = values[other] ?? 0;
      low = Math.max(low, value - bounds.limit(other, node));
      high = Math.min(high, value + bounds.limit(node, other));
    }
    const taken = new Set(problem.excluded[node]);
    for (const [a, b] of problem.unequal) {
      if (a === node && b < node) taken.add(values[b] ?? 0);
      if (b === node && a < node) taken.add(values[a] ?? 0);
    }
    const wish = Math.max(low, Math.min(high, problem.preferred[node] ?? 0));
    let value = wish;
    while (taken.has(value) && value < high) value++;
    if (taken.has(value)) for (value = wish; taken.has(value) && value > low; ) value--;
    values.push(value + 0);
  }
  return values;
}

/** Two numbers that are equal and must not be, as `left - right` and the difference that it must not be. */
function findClash(problem: OrderProblem, values: readonly number[]): readonly [number, number, number] | null {
  for (const [a, b] of problem.unequal) if (values[a] === values[b]) return [a, b, 0];
  for (let node = 1; node < values.length; node++) {
    const value = values[node] ?? 0;
    if (problem.excluded[node]?.has(value)) return [node, 0, value];
  }
  return null;
}

function isWithin({ edges }: OrderProblem, values: readonly number[]): boolean {
  return edges.every(({ left, right, limit }) => (values[left] ?? 0) - (values[right] ?? 0) <= limit);
}
