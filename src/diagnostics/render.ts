import { lineText, positionOf, type Span } from '../source/index.ts';
import type { Diagnostic } from './diagnostic.ts';

/** Diagnostics as text for people, each with the line it is about; `colour` adds ANSI colours. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: { readonly colour: boolean }): string {
  return diagnostics.map((item) => renderOne(item, options.colour)).join('\n');
}

function renderOne(item: Diagnostic, colour: boolean): string {
  const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const tone = item.severity === 'error' ? '31;1' : '33;1';
  const lines = [`${paint(tone, `${item.severity}[${item.code}]`)}: ${paint('1', visible(item.message))}`];
  if (item.span) lines.push(...excerpt(item.span, (text) => paint(tone, text)));
  for (const note of item.notes) {
    lines.push(`  note: ${visible(note.message)}`);
    if (note.span) lines.push(`    at ${place(note.span)}`);
  }
  if (item.help !== null) lines.push(`  help: ${visible(item.help)}`);
  return `${lines.join('\n')}\n`;
}

const contextWidth = 110;

/** The line and a mark under the span; of a long line the part around it. */
function excerpt(span: Span, paint: (text: string) => string): readonly string[] {
  const { line: number, column } = positionOf(span.file, span.start);
  const line = lineText(span.file, number);
  const start = column - 1;
  const from = Math.max(0, Math.min(start - contextWidth / 2, line.length - contextWidth));
  const to = Math.min(line.length, from + contextWidth);
  const end = Math.min(to, Math.max(start + 1, start + span.end - span.start));
  const before = (from > 0 ? '...' : '') + visible(line.slice(from, start));
  const marked = visible(line.slice(start, end));
  const after = visible(line.slice(end, to)) + (to < line.length ? '...' : '');
  const gutter = ' '.repeat(String(number).length);
  return [
    `  --> ${place(span)}`,
    `  ${number} | ${before}${marked}${after}`.trimEnd(),
    `  ${gutter} | ${' '.repeat(before.length)}${paint('^'.repeat(Math.max(1, marked.length)))}`,
  ];
}

function place(span: Span): string {
  const { line, column } = positionOf(span.file, span.start);
  return `${span.file.path}:${line}:${column}`;
}

/** Control, bidirectional and invisible characters as `\u{...}`, so that a hostile file cannot write to the terminal. */
export function visible(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

// Controls, formatting, line and paragraph separators, halves of surrogate pairs, unassigned and private characters.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Cn}\p{Co}]/gu;

/** Diagnostics as the JSON of `check --json`. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): readonly object[] {
  return diagnostics.map((item) => ({
    code: item.code,
    severity: item.severity,
    message: item.message,
    file: item.span?.file.path ?? null,
    start: item.span ? positionOf(item.span.file, item.span.start) : null,
    end: item.span ? positionOf(item.span.file, item.span.end) : null,
    notes: item.notes.map((note) => ({
      message: note.message,
      file: note.span?.file.path ?? null,
      start: note.span ? positionOf(note.span.file, note.span.start) : null,
    })),
    help: item.help,
  }));
}
