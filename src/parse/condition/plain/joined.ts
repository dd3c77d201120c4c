import type { Span } from '../../../source/index.ts';
import type { Words } from './words.ts';

/** Terms with one word between them. */
export interface Joined<Term> {
  readonly kind: 'and' | 'or';
  readonly terms: readonly Term[];
  readonly span: Span;
}

/** One term, or several with `kind` between them; null where one cannot be read. */
export function readJoined<Term>(
  words: Words,
  depth: number,
  kind: 'and' | 'or',
  readOne: (words: Words, depth: number) => Term | null,
): Term | Joined<Term> | null {
  const start = words.at;
  const first = readOne(words, depth);
  if (!first || !words.takesWord(kind)) return first;
  const terms = [first];
  do {
    const term = readOne(words, depth);
    if (!term) return null;
    terms.push(term);
  } while (words.takesWord(kind));
  return { kind, terms, span: words.span(start) };
}
