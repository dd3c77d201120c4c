/** A generated thing is a function of a list of numbers; it gets simpler as numbers become 0. */
import fc from 'fast-check';

/** A number from 0 to `below - 1`; 0 is the simplest. */
export type Choose = (below: number) => number;

/** Reads the numbers in turn, and zeros after the last. */
export function chooser(numbers: readonly number[]): Choose {
  let at = 0;
  return (below) => (numbers[at++] ?? 0) % below;
}

export function chance(choose: Choose, percent: number): boolean {
  return choose(100) >= 100 - percent;
}

export function oneOf<T>(choose: Choose, items: readonly T[]): T {
  return items[choose(items.length)]!;
}

/** Between `least` and `most` of the items, in their order. */
export function someOf<T>(choose: Choose, items: readonly T[], least: number, most: number): T[] {
  const count = Math.min(items.length, least + choose(Math.max(1, most - least + 1)));
  const taken = new Set(shuffled(choose, items).slice(0, count));
  return items.filter((item) => taken.has(item));
}

export function shuffled<T>(choose: Choose, items: readonly T[]): T[] {
  const left = [...items];
  const result: T[] = [];
  while (left.length > 0) result.push(...left.splice(choose(left.length), 1));
  return result;
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Numbers to choose by. Shrinks by putting zeros in place of ever smaller stretches. */
export function numbers(length = 4000): fc.Arbitrary<readonly number[]> {
  return new Numbers(length);
}

class Numbers extends fc.Arbitrary<readonly number[]> {
  readonly #length: number;

  constructor(length: number) {
    super();
    this.#length = length;
  }

  override generate(random: fc.Random): fc.Value<readonly number[]> {
    return new fc.Value(
      times(this.#length, () => random.nextInt(0, 0x7fffffff)),
      undefined,
    );
  }

  override canShrinkWithoutContext(value: unknown): value is readonly number[] {
    return Array.isArray(value);
  }

  override shrink(value: readonly number[], context: unknown): fc.Stream<fc.Value<readonly number[]>> {
    const size = typeof context === 'number' ? context : value.length;
    return fc.stream(simpler(value, size));
  }
}

function* simpler(value: readonly number[], from: number): IterableIterator<fc.Value<readonly number[]>> {
  for (let size = from; size >= 2; size = Math.ceil(size / 2)) {
    for (let start = 0; start < value.length; start += size) {
      const end = Math.min(start + size, value.length);
      if (value.slice(start, end).every((number) => number === 0)) continue;
      yield new fc.Value([...value.slice(0, start), ...times(end - start, () => 0), ...value.slice(end)], size);
    }
    if (size === 2) return;
  }
}
