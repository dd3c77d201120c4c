import { type Budget, type Undecided, worse } from './budget.ts';
import { type Assumptions, type Goal, type Held, solveCases } from './cases.ts';
import { MISSING, type Read, type Reads, type Side } from './reads.ts';

interface Question {
  readonly goals: readonly Goal[];
  readonly reads: Reads;
  readonly budget: Budget;
}

/** By key: the text that it is, or null when it is missing or names no slot. */
type Keys = ReadonlyMap<Read, string | null>;

/**
 * Lookups by cases of their keys. A lookup whose keys are not all decided counts as a place of its own: when even that
 * is impossible, so is every case. Equal keys then lead to one slot, which is all that congruence asks.
 */
export function solveLookups(goals: readonly Goal[], reads: Reads, budget: Budget): Held | Undecided {
  const lookups = lookupsOf(goals);
  const relaxed = solveCases(goals, { masks: [], keys: [] }, (like) => reads.readText(like), budget);
  if (lookups.length === 0 || relaxed === 'impossible') return relaxed;
  if (lookups.some(({ place: { source } }) => source.kind === 'lookup' && !reads.slotsOf.has(source.setting)))
    return 'undecided';
  const keys = [...new Set(lookups.flatMap((lookup) => lookup.keys).filter((key) => typeof key !== 'string'))];
  return assignKeys({ goals, reads, budget }, lookups, keys, new Map(), { masks: [], keys: [] }, relaxed);
}

function lookupsOf(goals: readonly Goal[]): readonly Read[] {
  const sides = goals.flatMap(({ test }) => [test.left, test.right]);
  const reads = sides.flatMap((side) =>
    side?.kind === 'term' && side.read.place.source.kind === 'lookup' ? side.read : [],
  );
  return [...new Set(reads)];
}

function assignKeys(
  question: Question,
  lookups: readonly Read[],
  open: readonly Read[],
  decided: Keys,
  assumptions: Assumptions,
  relaxed: Held | Undecided,
): Held | Undecided {
  const [key, ...rest] = open;
  if (key === undefined && decided.size > 0) return relaxed;
  if (key === undefined) return solveWith(question, lookups, decided, assumptions);
  const texts = textsFor(key, lookups, question.reads);
  const choices: { readonly text: string | null; readonly more: Assumptions }[] = texts.map((text) => ({
    text,
    more: { masks: [], keys: [{ read: key, equal: text }] },
  }));
  choices.push({ text: null, more: { masks: [], keys: [{ read: key, none: texts }] } });
  choices.push({ text: null, more: { masks: [[key, MISSING]], keys: [] } });
  const hint = typeof relaxed === 'string' ? undefined : relaxed.get(key.place);
  const at = choices.findIndex(({ text }) => text === hint);
  if (at > 0) choices.unshift(...choices.splice(at, 1));
  let result: Undecided = 'impossible';
  for (const { text, more } of choices) {
    const keys = new Map(decided).set(key, text);
    const all = { masks: [...assumptions.masks, ...more.masks], keys: [...assumptions.keys, ...more.keys] };
    let solved = solveWith(question, lookups, keys, all);
    if (solved !== 'impossible') solved = assignKeys(question, lookups, rest, keys, all, solved);
    if (typeof solved !== 'string') return solved;
    result = worse(result, solved);
    if (question.budget.left < 0) return 'undecided';
  }
  return result;
}

/** The texts with which the key may lead to a slot. */
function textsFor(key: Read, lookups: readonly Read[], reads: Reads): readonly string[] {
  const texts = new Set<string>();
  for (const { keys, place } of lookups) {
    const slots = place.source.kind === 'lookup' ? (reads.slotsOf.get(place.source.setting) ?? []) : [];
    for (const slot of slots) {
      if (keys.some((fixed, at) => typeof fixed === 'string' && fixed !== slot.keys[at])) continue;
      keys.forEach((other, at) => {
        if (other === key) texts.add(slot.keys[at] ?? '');
      });
    }
  }
  return [...texts];
}

function solveWith(
  { goals, reads, budget }: Question,
  lookups: readonly Read[],
  keys: Keys,
  assumptions: Assumptions,
): Held | Undecided {
  const targets = new Map<Read, Read>();
  const masks = [...assumptions.masks];
  for (const lookup of lookups) {
    const texts = lookup.keys.map((key) => (typeof key === 'string' ? key : keys.get(key)));
    if (texts.includes(undefined) && !texts.includes(null)) continue;
    const slot = texts.includes(null) ? undefined : reads.slotOf(lookup, texts as string[]);
    if (slot === undefined) masks.push([lookup, MISSING]);
    else targets.set(lookup, reads.readSlot(slot, lookup));
  }
  const resolved = goals.map(({ test, is }) => ({
    test: { ...test, left: resolve(test.left, targets), right: test.right && resolve(test.right, targets) },
    is,
  }));
  return solveCases(resolved, { ...assumptions, masks }, (like) => reads.readText(like), budget);
}

function resolve(side: Side, targets: ReadonlyMap<Read, Read>): Side {
  const target = side.kind === 'term' ? targets.get(side.read) : undefined;
  return side.kind === 'term' && target ? { ...side, read: target } : side;
}
