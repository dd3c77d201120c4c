import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { SourceFile } from '../source/index.ts';
import type { RefusedToken } from './tokens.ts';

/** Keys whose value is a condition or a requirement. */
export const conditionKeys: ReadonlySet<string> = new Set(['when', 'is', 'requires', 'changes-own-permissions']);

/** A condition as YAML sees it. */
export interface Suspect {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** Where the value as YAML understands it stands; equal when there is none. */
  readonly start: number;
  readonly end: number;
  readonly isBlockScalar: boolean;
  readonly isInFlowMap: boolean;
}

/** `[start, end)` is the condition as meant; other complaints inside it have the same cause. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly diagnostic: Diagnostic;
}

type Knife = 'tag' | 'comma' | 'comment' | 'quote' | 'bracket';

/** Finds out whether YAML took only a part of the condition, which it does without a word. */
export function findCut(file: SourceFile, suspect: Suspect, refused: readonly RefusedToken[]): Cut | null {
  const { keyEnd, end } = suspect;
  if (suspect.isBlockScalar) return null;
  const tag = refused.find((token) => token.kind === 'tag' && token.start >= keyEnd && token.start <= suspect.start);
  if (tag && /\S/.test(file.text.slice(keyEnd, tag.start).replace(':', ''))) return null;
  const start = tag ? tag.start : suspect.start;
  const valueEnd = Math.max(end, tag?.end ?? end);
  if (start === valueEnd) return null;
  const value = file.text.slice(start, valueEnd);
  const meantEnd = suspect.isInFlowMap
    ? meantEndInFlow(file.text, start, valueEnd, value)
    : meantEndInBlock(file.text, suspect, start, valueEnd, value);
  if (meantEnd === null && !tag) return null;
  const cutEnd = Math.max(meantEnd ?? 0, valueEnd);
  // What is shown ends with the line on which the condition starts.
  const shownEnd = withoutBlanks(file.text, Math.max(valueEnd, Math.min(cutEnd, lineEndAt(file.text, start))));
  const knife = tag ? 'tag' : knifeAt(file.text, start, valueEnd);
  return { start, end: cutEnd, diagnostic: report(file, suspect, knife, start, shownEnd) };
}

function report(file: SourceFile, suspect: Suspect, knife: Knife, start: number, end: number): Diagnostic {
  const reasons: Record<Knife, string> = {
    tag: 'YAML reads a `!` at the start of a value as a tag',
    comma: 'inside `{ }` YAML ends a value at a comma',
    comment: 'YAML reads ` #` as the start of a comment',
    quote: 'YAML ends a value that starts with a quote at the next quote',
    bracket: 'inside `{ }` YAML ends a value at a bracket',
  };
  const verbs: Record<Knife, string> = {
    tag: 'took the start of the condition of `KEY` for a tag',
    comma: 'cut the condition of `KEY` at a comma',
    comment: 'cut the condition of `KEY` at ` #`',
    quote: 'cut the condition of `KEY` after a quote',
    bracket: 'cut the condition of `KEY` at a bracket',
  };
  const message = `YAML ${verbs[knife].replace('KEY', suspect.key)}`;
  const negation = knife === 'tag' ? '; a negation is written `not`' : '';
  return diagnose('cut-condition', { file, start, end: Math.max(end, start + 1) }, message, {
    notes: [reasons[knife]],
    help: `put the condition in quotes or on a line of its own with \`>-\`${negation}`,
  });
}

function knifeAt(text: string, start: number, valueEnd: number): Knife {
  if (text[start] === '"' || text[start] === "'") return 'quote';
  const next = /\s*(\S?)/y;
  next.lastIndex = valueEnd;
  const character = next.exec(text)?.[1];
  if (character === '#') return 'comment';
  return character === ',' ? 'comma' : 'bracket';
}

/** Where the condition was meant to end when it stands in `{ }` and YAML took less or cut it, else null. */
function meantEndInFlow(text: string, start: number, valueEnd: number, value: string): number | null {
  const next = /\s*(.?)/y;
  next.lastIndex = valueEnd;
  const following = next.exec(text)?.[1] ?? '';
  const isWhole = text[start] !== '!' && !isUnfinished(value) && (following === '' || ',}#'.includes(following));
  if (isWhole) return null;
  const scan = scanBalanced(text, start, Math.min(text.length, start + 1000));
  if (scan.isBalanced && scan.end > valueEnd) return scan.end;
  const isQuoted = value.startsWith('"') || value.startsWith("'");
  if (!isQuoted && isUnfinished(value) && /^\s*(,|#)/.test(text.slice(valueEnd, valueEnd + 200))) return valueEnd;
  return null;
}

/** Where the complaints about a condition that was cut in block style end, else null. */
function meantEndInBlock(
  text: string,
  suspect: Suspect,
  start: number,
  valueEnd: number,
  value: string,
): number | null {
  const rest = text.slice(valueEnd, lineEndAt(text, valueEnd));
  const isQuoted = value.startsWith('"') || value.startsWith("'");
  const isCut = isQuoted
    ? /^\s*[^\s#]/.test(rest) && isClosedQuote(value)
    : /^[ \t]+#/.test(rest) && isUnfinished(value);
  if (!isCut && text[start] !== '!') return null;
  // The lines that are indented more than the key were meant to belong to the condition.
  const indentation = suspect.keyStart - (text.lastIndexOf('\n', suspect.keyStart - 1) + 1);
  let end = lineEndAt(text, valueEnd);
  while (end < text.length) {
    const next = lineEndAt(text, end + 1);
    const line = text.slice(end + 1, next);
    if (line.trim() !== '' && (/^ */.exec(line)?.[0].length ?? 0) <= indentation) break;
    end = next;
  }
  return end;
}

/** To the first comma, closing bracket or comment that is outside brackets and quotes. */
function scanBalanced(
  text: string,
  start: number,
  limit: number,
): { readonly end: number; readonly isBalanced: boolean } {
  const open: string[] = [];
  let quote = '';
  let index = start;
  for (; index < limit; index++) {
    const character = text[index] ?? '';
    if (quote !== '') {
      if (character === '\\' && quote === '"') index++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) open.push(character);
    else if (')]}'.includes(character)) {
      if (open.length === 0 || open.at(-1) !== '([{'[')]}'.indexOf(character)]) break;
      open.pop();
    } else if (character === ',' && open.length === 0) break;
    else if (character === '#' && /\s/.test(text[index - 1] ?? '')) break;
  }
  while (index > start && /\s/.test(text[index - 1] ?? '')) index--;
  return { end: index, isBalanced: open.length === 0 && quote === '' };
}

function isUnfinished(value: string): boolean {
  let depth = 0;
  let quote = '';
  for (const character of value) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
  }
  return depth > 0 || quote !== '' || /(^|[\s)])(and|or|not|in|overlaps|within)$|[=<>!+]$/.test(value.trimEnd());
}

function isClosedQuote(value: string): boolean {
  return value.length > 1 && value.endsWith(value[0] ?? '');
}

function lineEndAt(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

/** The offset after the last character before `offset` that is not white space. */
function withoutBlanks(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}
