import type { ScalarType } from './atom.ts';
import type { Use } from './known.ts';
import { KNOWN, MISSING, type Place, type Read, UNLIMITED } from './reads.ts';

export interface Uses {
  readonly known: readonly Use[];
  readonly unlimited: readonly Place[];
  /** One value was asked to be of two types in a way that is not followed. */
  readonly isInexact: boolean;
}

/** The places that hold something, by what their reads shall give; reads about which nothing was decided are free. */
export function usesOf(state: ReadonlyMap<Read, number>, readText: (like: Read) => Read): Uses | 'impossible' {
  const byPlace = new Map<Place, Read[]>();
  for (const read of state.keys()) byPlace.set(read.place, [...(byPlace.get(read.place) ?? []), read]);
  const uses: Use[] = [];
  const unlimited: Place[] = [];
  let isInexact = false;
  for (const [place, reads] of byPlace) {
    const known = reads.filter((read) => state.get(read) === KNOWN);
    const missing = reads.filter((read) => state.get(read) === MISSING);
    if (reads.some((read) => state.get(read) === UNLIMITED)) {
      // All that read it as a set read `all`, and nothing else reads anything.
      const isAll = reads.every((read) => !read.isSet || ((state.get(read) ?? 0) & UNLIMITED) > 0);
      if (!isAll || known.length > 0) return 'impossible';
      unlimited.push(place);
      continue;
    }
    const [sample] = reads;
    if (known.length === 0 && place.facts.isPresent && sample) {
      known.push(sample.type.kind === 'enum' ? readText(sample) : sample);
    }
    const [first, ...others] = known;
    if (first === undefined) continue;
    uses.push({ place, known: [first, ...others], missing });
    // A set of a setting has all the types that it is read as, since the compiler saw to it.
    if (first.isSet && place.source.kind !== 'attribute' && missing.some(({ isSet }) => isSet)) return 'impossible';
    const verdict = place.facts.value === undefined ? fitTypes(known, missing) : 'exact';
    if (verdict === 'impossible') return 'impossible';
    if (verdict === 'inexact') isInexact = true;
  }
  return isNested(uses, state) ? { known: uses, unlimited, isInexact } : 'impossible';
}

/** With a value below, everything on the way is an object: a reference, and no other type. */
function isNested(uses: readonly Use[], state: ReadonlyMap<Read, number>): boolean {
  const above = new Set(uses.flatMap(({ place }) => place.ancestors));
  if (above.size === 0) return true;
  for (const [read, mask] of state) {
    if (above.has(read.place) && mask === (read.type.kind === 'reference' ? MISSING : KNOWN)) return false;
  }
  return true;
}

/** Can one value be of all of these types and of none of those? */
function fitTypes(known: readonly Read[], missing: readonly Read[]): 'exact' | 'inexact' | 'impossible' {
  let verdict: 'exact' | 'inexact' = 'exact';
  const [first] = known;
  if (first === undefined) return verdict;
  for (const read of known) {
    if (family(read) === family(first)) continue;
    if (!mayShare(read, first)) return 'impossible';
    verdict = 'inexact';
  }
  for (const read of missing) {
    if (family(read) !== family(first)) {
      if (mayShare(read, first) && !(read.isSet && first.isSet)) verdict = 'inexact';
      // An element that both have not decides between sets, unless the types of elements may share values.
      if (read.isSet && first.isSet && mayShare({ ...read, isSet: false }, { ...first, isSet: false }))
        verdict = 'inexact';
    } else if (read.type.kind !== 'enum') {
      return 'impossible';
    }
  }
  return verdict;
}

function family({ type, isSet }: Read): string {
  return `${familyOf(type)}${isSet}`;
}

function familyOf(type: ScalarType): string {
  return type.kind === 'enum' ? 'string' : type.kind;
}

/** Some value is of both types: a text may be a day, a number an instant, an empty set is of any type. */
function mayShare(a: Read, b: Read): boolean {
  if (a.isSet || b.isSet) return a.isSet && b.isSet;
  const kinds = [familyOf(a.type), familyOf(b.type)];
  if (kinds.includes('bool') || kinds.includes('reference')) return false;
  if (kinds.includes('string')) return !kinds.includes('int');
  return !kinds.includes('date') || a.place.source.kind !== 'attribute'; // in settings days may be numbers
}
