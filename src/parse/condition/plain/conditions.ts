import type { Expression, OperandSyntax } from '../../syntax.ts';
import { readJoined } from './joined.ts';
import { readOperand } from './operands.ts';
import { deepest, type Words } from './words.ts';

/** Terms joined by `or`. */
export function readDisjunction(words: Words, depth: number): Expression | null {
  return readJoined(words, depth, 'or', readConjunction);
}

function readConjunction(words: Words, depth: number): Expression | null {
  return readJoined(words, depth, 'and', readNegation);
}

function readNegation(words: Words, depth: number): Expression | null {
  const start = words.at;
  if (depth > deepest) return null;
  if (!words.takesWord('not')) return readTerm(words, depth);
  const term = readNegation(words, depth + 1);
  return term && { kind: 'not', term, span: words.span(start) };
}

function readTerm(words: Words, depth: number): Expression | null {
  if (words.takes('(')) {
    const inner = readDisjunction(words, depth + 1);
    return inner && words.takes(')') ? inner : null;
  }
  const word = words.peek();
  if (word === 'has' || word === 'feature') return readCheck(words, word);
  return words.text[words.at + word.length] === '(' ? readCall(words, depth) : readComparison(words, depth);
}

function readCheck(words: Words, word: 'has' | 'feature'): Expression | null {
  const start = words.at;
  if (!words.takesWord(word) || !words.takes('(')) return null;
  const name = words.dottedName(true);
  if (!name || !words.takes(')')) return null;
  const span = words.span(start);
  return word === 'has' ? { kind: 'has', permission: name, span } : { kind: 'feature', feature: name, span };
}

function readCall(words: Words, depth: number): Expression | null {
  const start = words.at;
  const name = words.name();
  if (!name || !words.takes('(')) return null;
  const operands: OperandSyntax[] = [];
  while (!words.takes(')')) {
    if (operands.length > 0 && !words.takes(',')) return null;
    const operand = readOperand(words, depth + 1);
    if (!operand) return null;
    operands.push(operand);
  }
  return { kind: 'call', name, arguments: operands, span: words.span(start) };
}

function readComparison(words: Words, depth: number): Expression | null {
  const start = words.at;
  const left = readOperand(words, depth);
  if (!left) return null;
  if (words.takesWord('is')) {
    if (left.kind !== 'path' || !words.takesWord('set')) return null;
    return { kind: 'is-set', operand: left, span: words.span(start) };
  }
  const operator = words.operator();
  if (operator === null) {
    // A value alone is no condition.
    if (left.kind !== 'path' && left.kind !== 'bool') return null;
    return { kind: 'truth', operand: left, span: words.span(start) };
  }
  const right = readOperand(words, depth);
  return right && { kind: 'comparison', operator, left, right, span: words.span(start) };
}
