/**
 * The candidate nearest to `word` by edits (a swap of neighbours counts one), or null when none is near. Parts between
 * dots that both share count for nothing: `note.print` is not near `note.edit`.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  const lower = word.toLowerCase();
  for (const candidate of [...candidates].sort()) {
    const [from, to] = withoutSharedParts(lower, candidate.toLowerCase());
    const limit = Math.min(bestDistance - 1, Math.max(1, Math.floor(from.length / 3)));
    if (Math.abs(from.length - to.length) > limit) continue;
    const found = distance(from, to);
    if (found > limit) continue;
    best = candidate;
    bestDistance = found;
  }
  return best;
}

/** `did you mean ...?` for a help line, or null. */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  const found = word.length > 200 ? null : nearest(word, candidates);
  return found === null ? null : `did you mean \`${found}\`?`;
}

function withoutSharedParts(a: string, b: string): readonly [string, string] {
  const [left, right] = [a.split('.'), b.split('.')];
  while (left.length > 1 && right.length > 1 && left[0] === right[0]) {
    left.shift();
    right.shift();
  }
  while (left.length > 1 && right.length > 1 && left.at(-1) === right.at(-1)) {
    left.pop();
    right.pop();
  }
  return [left.join('.'), right.join('.')];
}

function distance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(value);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
