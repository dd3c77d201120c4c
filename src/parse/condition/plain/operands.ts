import type { OperandSyntax, PathStep } from '../../syntax.ts';
import { deepest, type Words } from './words.ts';

/** A value, or a path plus a duration. */
export function readOperand(words: Words, depth: number): OperandSyntax | null {
  const start = words.at;
  const operand = readValue(words, depth);
  if (!operand || !words.takes('+')) return operand;
  const duration = operand.kind === 'path' ? words.duration() : null;
  return duration && { kind: 'sum', operand, duration, span: words.span(start) };
}

function readValue(words: Words, depth: number): OperandSyntax | null {
  const start = words.at;
  const sign = words.text[start] ?? '';
  if (sign === '"' || sign === "'") return words.quoted();
  if (sign === '-' || (sign >= '0' && sign <= '9')) return words.integer();
  if (sign === '[') return readList(words);
  if (words.takesWord('all')) return { kind: 'all', span: words.span(start) };
  if (words.takesWord('true')) return { kind: 'bool', value: true, span: words.span(start) };
  if (words.takesWord('false')) return { kind: 'bool', value: false, span: words.span(start) };
  return readPath(words, depth);
}

function readPath(words: Words, depth: number): OperandSyntax | null {
  const start = words.at;
  const root = words.name();
  if (!root || depth > deepest) return null;
  const steps: PathStep[] = [];
  for (;;) {
    if (words.takesDot()) {
      const name = words.name(true);
      if (!name) return null;
      steps.push({ kind: 'name', name });
    } else if (words.takes('[')) {
      const operand = readPath(words, depth + 1);
      if (!operand || !words.takes(']')) return null;
      steps.push({ kind: 'index', operand });
    } else return { kind: 'path', root, steps, span: words.span(start) };
  }
}

/** Values that are written out. */
function readList(words: Words): OperandSyntax | null {
  const start = words.at;
  const items: OperandSyntax[] = [];
  words.takes('[');
  while (!words.takes(']')) {
    if (items.length > 0 && !words.takes(',')) return null;
    const item = readValue(words, 0);
    if (item?.kind !== 'string' && item?.kind !== 'number' && item?.kind !== 'bool') return null;
    items.push(item);
  }
  return { kind: 'list', items, span: words.span(start) };
}
