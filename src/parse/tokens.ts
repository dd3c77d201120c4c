import { CST, Lexer, Parser } from 'yaml';
import type { Diagnostic } from '../diagnostics/index.ts';
import type { SourceFile } from '../source/index.ts';
import { limits, tooDeep, tooLongText, tooManyNodes } from './limits.ts';

/** A piece of YAML that Chaperone refuses, by the name of its token. */
export interface RefusedToken {
  readonly kind: 'anchor' | 'alias' | 'tag' | 'directive' | 'document' | 'explicit-key';
  readonly start: number;
  readonly end: number;
}

export interface Tokens {
  readonly tokens: readonly CST.Token[];
  readonly refused: readonly RefusedToken[];
  /** Offsets of brackets and quotes that are never closed. */
  readonly open: readonly number[];
  /** Where reading stopped since too much is refused; infinite when it did not. */
  readonly end: number;
}

/**
 * The tokens of `variant` (`file`, or its text with cut conditions in quotes), or the diagnostic of the limit that it
 * breaks.
 * INVARIANT: nesting is limited here, before `yaml` composes nodes by recursion.
 */
export function readTokens(variant: SourceFile, file: SourceFile): Tokens | Diagnostic {
  const parser = new Parser();
  const counts = new Map<string, number>();
  const refused: RefusedToken[] = [];
  const tokens: CST.Token[] = [];
  const brackets: number[] = [];
  const open: number[] = [];
  let end = Number.POSITIVE_INFINITY;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(variant.text)) {
    const type: string = isScalar ? 'text' : (CST.tokenType(lexeme) ?? 'text');
    const start = parser.offset;
    isScalar = type === 'scalar';
    if (lexeme.length > limits.scalar && isText(type)) return tooLongText(file, start, lexeme.length);
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    if (count > limits.nodes && type !== 'space' && type !== 'newline' && type !== 'comment') {
      return tooManyNodes(file, start);
    }
    if (type === 'flow-map-start' || type === 'flow-seq-start') brackets.push(start);
    else if (type === 'flow-map-end' || type === 'flow-seq-end') brackets.pop();
    else if (type === 'flow-error-end') open.push(...brackets.splice(0));
    else if (isOpenQuote(type, lexeme)) open.push(start);
    const kind = refusedKind(type);
    if (kind && count > limits.repeats) {
      end = start;
      break;
    }
    if (kind) refused.push({ kind, start, end: start + lexeme.length });
    let isLost = false;
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      // Out of step with the document: nothing after this can be read any more.
      isLost ||= token.type === 'error';
    }
    if (isLost) break;
    if (parser.stack.at(-1)?.type === 'document' && tokens.some((token) => token.type === 'document')) {
      refused.push(documentMark(variant, start));
      parser.stack.length = 0;
      break;
    }
    // The document and the scalar in work are on the stack too.
    if (parser.stack.length > limits.depth + 2) return tooDeep(file, start);
  }
  tokens.push(...parser.end());
  open.push(...brackets);
  return { tokens, open, end, refused: refused.sort((a, b) => a.start - b.start) };
}

function isText(type: string): boolean {
  return type === 'text' || type === 'single-quoted-scalar' || type === 'double-quoted-scalar' || type === 'alias';
}

function isOpenQuote(type: string, lexeme: string): boolean {
  if (type === 'single-quoted-scalar') return !/^'(?:[^']|'')*'$/.test(lexeme);
  return type === 'double-quoted-scalar' && (lexeme.length === 1 || !lexeme.endsWith('"'));
}

function refusedKind(type: string): RefusedToken['kind'] | null {
  switch (type) {
    case 'anchor':
    case 'alias':
    case 'tag':
      return type;
    case 'directive-line':
      return 'directive';
    case 'explicit-key-ind':
      return 'explicit-key';
    default:
      return null;
  }
}

function documentMark(file: SourceFile, start: number): RefusedToken {
  return { kind: 'document', start, end: start + (file.text.startsWith('---', start) ? 3 : 1) };
}
