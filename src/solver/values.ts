import type { Scalar } from './atom.ts';
import type { Budget, Undecided } from './budget.ts';
import type { Classes } from './classes.ts';
import { colour } from './colouring.ts';
import { DAY } from './dates.ts';
import { type OrderProblem, solveOrder } from './order.ts';
import type { Shift } from './shifts.ts';

/** `left - right <= limit` over nodes; null is the number 0. */
export interface Edge {
  readonly left: number | null;
  readonly right: number | null;
  readonly limit: number;
}

export interface ShiftedNode {
  readonly from: number;
  readonly to: number;
  readonly shift: Shift;
}

/** Which nodes count days and which instants; the others are plain numbers. */
export type Units = ReadonlyMap<number, 'date' | 'date-time'>;

export interface Order {
  readonly edges: readonly Edge[];
  readonly shifted: readonly ShiftedNode[];
  readonly units: Units;
}

/** A value for every class of settled classes. */
export function assign(classes: Classes, order: Order, budget: Budget): ((root: number) => Scalar) | Undecided {
  const values = new Map<number, Scalar>();
  const failure = orderNumbers(classes, order, values, budget) ?? chooseTexts(classes, values, budget);
  return failure ?? ((root) => classes.valueOf(root) ?? values.get(root) ?? '');
}

/** Null when `values` holds every number. */
function orderNumbers(
  classes: Classes,
  { edges, shifted, units }: Order,
  values: Map<number, Scalar>,
  budget: Budget,
): Undecided | null {
  const free = classes
    .roots()
    .filter((root) => classes.kindOf(root) === 'number' && classes.valueOf(root) === undefined);
  if (free.length === 0 && edges.length === 0 && shifted.length === 0) return null;
  const [lows, highs, preferred] = [[0], [0], [0]];
  const domains: (readonly number[] | null)[] = [null];
  const excluded: ReadonlySet<number>[] = [new Set()];
  const indexes = new Map<number, number>();
  const roots = [-1];
  const wish = wishes(classes, edges, units);
  const indexOf = (node: number | null): number => {
    if (node === null) return 0;
    const root = classes.rootOf(node);
    const known = indexes.get(root);
    if (known !== undefined) return known;
    const value = classes.valueOf(root);
    const [low, high] = typeof value === 'number' ? [value, value] : classes.boundsOf(root);
    const isFixed = value !== undefined;
    lows.push(low);
    highs.push(high);
    preferred.push(isFixed ? low : wish(root));
    domains.push(isFixed ? null : (classes.domainOf(root) as readonly number[] | null));
    excluded.push(new Set(isFixed ? [] : (classes.excludedBy(root) as readonly number[])));
    indexes.set(root, roots.length);
    return roots.push(root) - 1;
  };
  for (const root of free) indexOf(root);
  const limits = edges.map(({ left, right, limit }) => ({ left: indexOf(left), right: indexOf(right), limit }));
  const shifts = shifted.map(({ from, to, shift }) => ({ from: indexOf(from), to: indexOf(to), shift }));
  const unequal = differing(classes, (root) => indexes.has(root)).map(([a, b]) => [indexOf(a), indexOf(b)] as const);
  const problem: OrderProblem = { lows, highs, preferred, domains, excluded, edges: limits, shifts, unequal };
  const solved = solveOrder(problem, budget);
  if (typeof solved === 'string') return solved;
  for (const [at, root] of roots.entries()) if (at > 0) values.set(root, solved[at] ?? 0);
  return null;
}

/** Null when `values` holds every text and truth value. */
function chooseTexts(classes: Classes, values: Map<number, Scalar>, budget: Budget): Undecided | null {
  const open = classes
    .roots()
    .filter((root) => classes.kindOf(root) !== 'number' && classes.valueOf(root) === undefined);
  const finite = open.filter((root) => classes.domainOf(root) !== null);
  if (finite.length > 0) {
    const indexes = new Map(finite.map((root, index) => [root, index]));
    const unequal = differing(classes, (root) => indexes.has(root));
    const domains = finite.map((root) => classes.domainOf(root) ?? []);
    const pairs = unequal.map(([a, b]) => [indexes.get(a) ?? 0, indexes.get(b) ?? 0] as const);
    const colours = colour(domains, pairs, budget);
    if (typeof colours === 'string') return colours;
    for (const [index, root] of finite.entries()) values.set(root, colours[index] ?? '');
  }
  // Texts without a domain are all different, which never hurts.
  let count = 0;
  for (const root of open) {
    if (classes.domainOf(root) !== null) continue;
    let text: string;
    do text = `x${++count}`;
    while (classes.isUsed(text) || classes.excludes(root, text));
    values.set(root, text);
  }
  return null;
}

/** Pairs of different roots, both in question. */
function differing(classes: Classes, isOpen: (root: number) => boolean): (readonly [number, number])[] {
  const pairs = classes.unequal.map(([a, b]) => [classes.rootOf(a), classes.rootOf(b)] as const);
  return pairs.filter(([a, b]) => a !== b && isOpen(a) && isOpen(b));
}

/** 1 January 2024, 9:00 UTC. */
const usual = 1_704_099_600_000;

/** A number near the constants in question, so that examples look natural. */
function wishes(classes: Classes, edges: readonly Edge[], units: Units): (root: number) => number {
  const rootUnits = new Map<number, 'date' | 'date-time'>();
  for (const [node, unit] of units) rootUnits.set(classes.rootOf(node), unit);
  const seen = { date: Number.NaN, 'date-time': Number.NaN };
  const see = (node: number, value: number) => {
    const unit = rootUnits.get(classes.rootOf(node));
    if (unit !== undefined && Number.isNaN(seen[unit])) seen[unit] = value;
  };
  for (const { left, right, limit } of edges) {
    if (left !== null && right === null) see(left, limit);
    if (left === null && right !== null) see(right, -limit);
  }
  for (const root of rootUnits.keys()) {
    const value = classes.valueOf(root);
    if (typeof value === 'number') see(root, value);
  }
  const instant = first(seen['date-time'], seen.date * DAY + DAY / 2, usual);
  const day = first(seen.date, Math.floor(instant / DAY));
  return (root) => {
    const unit = rootUnits.get(root);
    return unit === 'date' ? day : unit === 'date-time' ? instant : 0;
  };
}

function first(...numbers: readonly number[]): number {
  return numbers.find((number) => Number.isSafeInteger(number)) ?? 0;
}
