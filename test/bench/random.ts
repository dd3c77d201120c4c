/** Random choices that a seed fixes: the same on every machine. */
export interface Random {
  /** From 0 to below 1. */
  fraction(): number;
  /** From 0 to below `limit`. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
  /** Distinct ones, in the order of drawing. */
  sample<T>(from: readonly T[], count: number): T[];
  shuffle<T>(items: readonly T[]): T[];
}

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number) => Math.floor(fraction() * limit);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  return {
    fraction,
    below,
    pick,
    sample(from, count) {
      const chosen = new Set<(typeof from)[number]>();
      while (chosen.size < Math.min(count, from.length)) chosen.add(pick(from));
      return [...chosen];
    },
    shuffle(items) {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j] as (typeof items)[number], shuffled[i] as (typeof items)[number]];
      }
      return shuffled;
    },
  };
}
