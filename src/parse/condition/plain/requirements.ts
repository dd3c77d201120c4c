import type { RequirementExpression } from '../../syntax.ts';
import { readJoined } from './joined.ts';
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

function readTerm(words: Words, depth: number): RequirementExpression | null {
  if (depth > deepest) return null;
  if (words.takes('(')) {
    const inner = readJoined(words, depth + 1, 'or', readAllOf);
    return inner && words.takes(')') ? inner : null;
  }
  const name = words.dottedName();
  return name && { kind: 'permission', name, span: name.span };
}
