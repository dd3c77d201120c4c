import type { Scalar } from './atom.ts';
import { type Budget, spend, type Undecided } from './budget.ts';

/** Variables with finite domains, and which of them must differ: graph colouring, hence the budget. */
export function colour(
  domains: readonly (readonly Scalar[])[],
  unequal: readonly (readonly [number, number])[],
  budget: Budget,
): readonly Scalar[] | Undecided {
  const neighbours = domains.map(() => new Set<number>());
  for (const [a, b] of unequal) {
    neighbours[a]?.add(b);
    neighbours[b]?.add(a);
  }
  // A variable with more values than neighbours always finds one after them, so only what remains needs a search.
  const easy: number[] = [];
  const hard = new Set(domains.keys());
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const variable of hard) {
      const degree = [...(neighbours[variable] ?? [])].filter((other) => hard.has(other)).length;
      if ((domains[variable]?.length ?? 0) <= degree) continue;
      hard.delete(variable);
      easy.push(variable);
      isChanged = true;
    }
  }
  const colours: Scalar[] = [];
  if (hard.size > 0) {
    const failure = search([...hard], domains, neighbours, interchangeable(domains, hard), colours, budget);
    if (failure !== null) return failure;
  }
  for (const variable of easy.reverse()) {
    const taken = [...(neighbours[variable] ?? [])].map((other) => colours[other]);
    const free = domains[variable]?.find((value) => !taken.includes(value));
    if (free === undefined) return 'undecided';
    colours[variable] = free;
  }
  return colours;
}

/** Null when `colours` was filled. */
function search(
  open: readonly number[],
  domains: readonly (readonly Scalar[])[],
  neighbours: readonly ReadonlySet<number>[],
  twins: ReadonlyMap<Scalar, string>,
  colours: (Scalar | undefined)[],
  budget: Budget,
): Undecided | null {
  if (open.length === 0) return null;
  if (!spend(budget)) return 'undecided';
  let variable = -1;
  let left: readonly Scalar[] = [];
  for (const candidate of open) {
    const taken = new Set([...(neighbours[candidate] ?? [])].map((other) => colours[other]));
    const free = (domains[candidate] ?? []).filter((value) => !taken.has(value));
    if (variable >= 0 && free.length >= left.length) continue;
    variable = candidate;
    left = free;
  }
  const rest = open.filter((other) => other !== variable);
  const used = new Set(colours);
  const tried = new Set<string>();
  for (const value of left) {
    // Values that stand in the same domains and are not used yet are one choice.
    const twin = twins.get(value) ?? '';
    if (!used.has(value) && tried.has(twin)) continue;
    if (!used.has(value)) tried.add(twin);
    colours[variable] = value;
    const failure = search(rest, domains, neighbours, twins, colours, budget);
    if (failure !== 'impossible') return failure;
  }
  colours[variable] = undefined;
  return 'impossible';
}

/** By value: in which domains it stands. */
function interchangeable(domains: readonly (readonly Scalar[])[], among: ReadonlySet<number>): Map<Scalar, string> {
  const twins = new Map<Scalar, string>();
  for (const variable of among) {
    for (const value of domains[variable] ?? []) twins.set(value, `${twins.get(value) ?? ''},${variable}`);
  }
  return twins;
}
