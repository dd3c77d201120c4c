import type { TypeSyntax } from '../../syntax.ts';
import { deepest, type Words } from './words.ts';

export function readType(words: Words, depth: number): TypeSyntax | null {
  const start = words.at;
  const first = readElement(words, depth);
  if (first && words.takes('|')) return readEnum(words, first, start);
  if (!first || !words.takes('->')) return first;
  const of = readType(words, depth + 1);
  return of && first.kind === 'name' ? { kind: 'index', by: first.name, of, span: words.span(start) } : null;
}

/** Names without dots; `first` was read, and the sign behind it. */
function readEnum(words: Words, first: TypeSyntax, start: number): TypeSyntax | null {
  const elements = [first];
  do {
    const element = readElement(words, 0);
    if (!element) return null;
    elements.push(element);
  } while (words.takes('|'));
  const values = elements.flatMap((item) => (item.kind === 'name' && !item.name.text.includes('.') ? item.name : []));
  return values.length === elements.length ? { kind: 'enum', values, span: words.span(start) } : null;
}

function readElement(words: Words, depth: number): TypeSyntax | null {
  const start = words.at;
  const word = words.peek();
  if (word === 'all' || depth > deepest) return null;
  if (word !== 'set') {
    const name = words.dottedName(true);
    return name && { kind: 'name', name, span: name.span };
  }
  if (!words.takesWord('set') || !words.takes('<')) return null;
  const of = readType(words, depth + 1);
  const isSingle = of?.kind === 'name' || of?.kind === 'enum';
  return isSingle && words.takes('>') ? { kind: 'set', of, span: words.span(start) } : null;
}
