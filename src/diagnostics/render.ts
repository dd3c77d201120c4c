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
  const start = positionOf(span.file, span.start);
  const line = lineText(span.file, start.line);
  const column = start.column - 1;
  const isWhole = line.length <= contextWidth;
  const from = isWhole ? 0 : Math.max(0, Math.min(column - contextWidth / 2, line.length - contextWidth));
  const before = (from > 0 ? '...' : '') + visible(line.slice(from, column));
  const end = Math.min(Math.max(span.end, span.start + 1), span.start - column + line.length, span.start - column + from + contextWidth);
  const marked = visible(line.slice(column, end - span.start + column));
  const after = visible(line.slice(end - span.start + column, from + contextWidth));
  const gutter = String(start.line);
  const shown = `${before}${marked}${after}${from + contextWidth < line.length ? '...' : ''}`;
  return [
    `  --> ${place(span)}`,
    `  ${gutter} | ${shown}`.trimEnd(),
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(before.length)}${paint('^'.repeat(Math.max(1, marked.length)))}`,
  ];
}

function place(span: Span): string {
  const { line, column } = positionOf(span.file, span.start);
  return `${span.file.path}:${line}:${column}`;
}

/** Control and bidirectional characters as `\u{...}`, so that a hostile file cannot write to the terminal. */
export function visible(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to make visible
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  ).replaceAll('\t', ' ');
}

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
