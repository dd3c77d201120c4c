import type { RawScalar, ScalarMap } from './scalar-map.ts';

interface Line {
  /** Spaces before the content. */
  readonly indent: number;
  readonly content: string;
  /** Offset in the file of the first space. */
  readonly start: number;
  /** Offset in the file after the content, before the line break. */
  readonly end: number;
}

/** Adds a literal or folded block scalar: the rules of YAML 1.2, chapter 8.1. */
export function mapBlockScalar(map: ScalarMap, raw: Extract<RawScalar, { style: 'block' }>): void {
  const isFolded = raw.header.startsWith('>');
  const keeps = raw.header.includes('+');
  const strips = !keeps && raw.header.includes('-');
  const stated = Number(/[1-9]/.exec(raw.header)?.[0] ?? 0);
  const lines = splitLines(raw.source, raw.bodyOffset);
  let chomp = lines.length;
  while (chomp > 0 && lines[chomp - 1]?.content === '') chomp--;
  if (chomp === 0) {
    if (keeps) for (const line of lines.slice(0, Math.max(1, lines.length - 1))) map.add('\n', line.end, line.end + 1);
    return;
  }
  const first = lines.findIndex((line) => line.content !== '');
  const trim = stated ? raw.indent + stated : (lines[first]?.indent ?? 0);
  // Trailing empty lines that are indented more than the text belong to it.
  for (let index = lines.length - 1; index >= chomp; index--) {
    if ((lines[index]?.indent ?? 0) > trim) chomp = index + 1;
  }
  for (const line of lines.slice(0, first)) {
    copyIndent(map, line, trim);
    map.add('\n', line.end, line.end + 1);
  }
  addLines(map, lines.slice(first, chomp), trim, isFolded);
  const last = lines[chomp - 1];
  if (strips || !last) return;
  if (!keeps) {
    map.add('\n', last.end, last.end + 1);
    return;
  }
  let previous = last;
  for (const line of lines.slice(chomp)) {
    map.add('\n', previous.end, previous.end + 1);
    copyIndent(map, line, trim);
    previous = line;
  }
  if (!map.text.endsWith('\n')) map.add('\n', previous.end, previous.end + 1);
}

function addLines(map: ScalarMap, lines: readonly Line[], trim: number, isFolded: boolean): void {
  let separator = '';
  let gap = lines[0]?.start ?? 0; // where the white space since the last content starts
  let wasMoreIndented = false;
  for (const line of lines) {
    const content = line.start + Math.min(line.indent, trim);
    const isMoreIndented = line.indent > trim || line.content.startsWith('\t');
    if (isFolded && !isMoreIndented && line.content === '') {
      if (separator === '\n') map.add('\n', gap, line.start);
      else separator = '\n';
      continue;
    }
    if (isFolded && isMoreIndented) {
      if (separator === ' ') separator = '\n';
      else if (!wasMoreIndented && separator === '\n') separator = '\n\n';
    }
    map.add(separator, gap, isFolded ? content : line.start);
    copyIndent(map, line, trim);
    map.copy(line.content, line.end - line.content.length);
    gap = line.end;
    separator = isFolded && !isMoreIndented ? ' ' : '\n';
    wasMoreIndented = isFolded ? isMoreIndented : false;
  }
}

function copyIndent(map: ScalarMap, line: Line, trim: number): void {
  if (line.indent > trim) map.copy(' '.repeat(line.indent - trim), line.start + trim);
}

function splitLines(source: string, offset: number): readonly Line[] {
  let start = offset;
  return source.split('\n').map((line) => {
    const content = line.endsWith('\r') ? line.slice(0, -1) : line;
    const indent = /^ */.exec(content)?.[0].length ?? 0;
    const result = { indent, content: content.slice(indent), start, end: start + content.length };
    start += line.length + 1;
    return result;
  });
}
