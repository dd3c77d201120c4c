import type { RequirementExpression } from '../../syntax.ts';
import { deepest, type Words } from './words.ts';

/** Permissions joined by `or` and `and`, or `all` by itself. */
export function readRequirement(words: Words): RequirementExpression | null {
  const start = words.at;
  if (words.takesWord('all')) return { kind: 'all', span: words.span(start) };
  return readJoined(words, 0, 'or', readAllOf);
}

function readAllOf(words: Words, depth: number): RequirementExpression | null {
  return readJoined(words, depth, 'and', readTerm);
}

type Read = (words: Words, depth: number) => RequirementExpression | null;

function readJoined(words: Words, depth: number, kind: 'and' | 'or', readOne: Read): RequirementExpression | null {
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

function readTerm(words: Words, depth: number): RequirementExpression | null {
  if (depth > deepest) return null;
  if (words.takes('(')) {
    const inner = readJoined(words, depth + 1, 'or', readAllOf);
    return inner && words.takes(')') ? inner : null;
  }
  const name = words.dottedName();
  return name && { kind: 'permission', name, span: name.span };
}
