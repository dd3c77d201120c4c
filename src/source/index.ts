// In: the text of one file and its path.
// Out: a SourceFile, spans into it, and the line and column of an offset.
// Never: reads a file, or computes a line before somebody prints it.

/** One text that diagnostics point into; `path` is as people should read it. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A half-open range `[start, end)` of UTF-16 offsets in one file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A place for people: `line` and `column` count from 1, columns in UTF-16 units; `offset` counts from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A word of a file and where it stands. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

/** The offsets at which lines start; `\n`, `\r\n` and a lone `\r` end a line. */
export function linesOf(file: SourceFile): readonly number[] {
  const known = lineStarts.get(file);
  if (known) return known;
  const starts = [0];
  for (const end of file.text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
  lineStarts.set(file, starts);
  return starts;
}

/** The position of `offset`, which may be the end of the text. */
export function positionOf(file: SourceFile, offset: number): Position {
  const starts = linesOf(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset };
}

/** The text of the line (counted from 1) without its line break. */
export function lineText(file: SourceFile, line: number): string {
  const starts = linesOf(file);
  return file.text.slice(starts[line - 1], starts[line]).replace(/[\r\n]+$/, '');
}

/** Spans in the order of their files' paths, then of their offsets. */
export function compareSpans(a: Span, b: Span): number {
  if (a.file !== b.file && a.file.path !== b.file.path) return a.file.path < b.file.path ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}
