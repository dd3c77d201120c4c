import type { SourceFile, Span } from '../source/index.ts';
import { mapBlockScalar } from './offsets-block.ts';
import type { ScalarText } from './scalar.ts';
import { type RawScalar, ScalarMap } from './scalar-map.ts';

/** The text of a scalar whose map to the file is made when somebody first asks for a place. */
export function scalarText(file: SourceFile, text: string, raw: RawScalar | null, whole: Span): ScalarText {
  let map: ScalarMap | null | undefined;
  const spanOf = (start: number, end: number): Span => {
    map ??= raw && mapScalar(raw);
    // A text that we read otherwise than the library is pointed at as a whole.
    if (!map || map.text !== text) return whole;
    const last = map.ends[text.length - 1] ?? whole.end;
    const from = map.starts[Math.max(0, start)] ?? last;
    const to = end > start ? (map.ends[end - 1] ?? last) : (map.ends[start] ?? last);
    return { file, start: from, end: Math.max(from, to) };
  };
  return { text, spanOf };
}

/** Where every character of the scalar's value comes from; the text equals the value that YAML gives. */
export function mapScalar(raw: RawScalar): ScalarMap {
  const map = new ScalarMap();
  switch (raw.style) {
    case 'plain':
      unfold(map, raw.source, raw.offset, false);
      break;
    case 'single':
      unfold(map, raw.source.slice(1, -1), raw.offset + 1, true);
      break;
    case 'double':
      mapDoubleQuoted(map, raw.source, raw.offset);
      break;
    case 'block':
      mapBlockScalar(map, raw);
      break;
    default:
      raw satisfies never;
  }
  return map;
}

/** Lines of a plain or single-quoted scalar: one break is a space, n + 1 breaks are n line feeds. */
function unfold(map: ScalarMap, source: string, offset: number, areQuotesDoubled: boolean): void {
  const copy = (text: string, start: number): void => {
    if (!areQuotesDoubled) {
      map.copy(text, start);
      return;
    }
    for (let index = 0; index < text.length; index++) {
      const isPair = text[index] === "'" && text[index + 1] === "'";
      map.add(text[index] ?? '', start + index, start + index + (isPair ? 2 : 1));
      if (isPair) index++;
    }
  };
  const breaks = [...source.matchAll(/\r?\n/g)];
  const first = breaks[0];
  if (!first) {
    copy(source, offset);
    return;
  }
  const head = source.slice(0, first.index).replace(/[ \t]+$/, '');
  copy(head, offset);
  let pending = 1; // line breaks since the last content
  let gap = head.length; // where the white space since the last content starts
  breaks.forEach((lineBreak, index) => {
    const lineStart = lineBreak.index + lineBreak[0].length;
    const next = breaks[index + 1];
    const line = source.slice(lineStart, next?.index ?? source.length);
    const lead = /^[ \t]*/.exec(line)?.[0].length ?? 0;
    const content = next ? line.slice(lead).replace(/[ \t]+$/, '') : line.slice(lead);
    const start = lineStart + lead;
    if (content === '' && next) {
      pending++;
      return;
    }
    map.add(pending === 1 ? ' ' : '\n'.repeat(pending - 1), offset + gap, offset + start);
    copy(content, offset + start);
    pending = 1;
    gap = start + content.length;
  });
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['\t', '\t'],
]);

const escapeLengths: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function mapDoubleQuoted(map: ScalarMap, source: string, offset: number): void {
  const end = source.length - 1;
  const blank = /[ \t]*\r?\n[ \t\r\n]*|[ \t]+/y;
  let index = 1;
  while (index < end) {
    blank.lastIndex = index;
    const run = blank.exec(source)?.[0] ?? '';
    if (run !== '') {
      const stop = Math.min(end, index + run.length);
      const count = run.split('\n').length - 1;
      if (count === 0) map.copy(source.slice(index, stop), offset + index);
      else map.add(count === 1 ? ' ' : '\n'.repeat(count - 1), offset + index, offset + stop);
      index = stop;
      continue;
    }
    if (source[index] !== '\\') {
      map.copy(source[index] ?? '', offset + index);
      index++;
      continue;
    }
    index += mapEscape(map, source, index, offset);
  }
}

/** Adds the escape at `index` and gives its length in the file. */
function mapEscape(map: ScalarMap, source: string, index: number, offset: number): number {
  const next = source[index + 1] ?? '';
  const start = offset + index;
  const known = escapes.get(next);
  if (known !== undefined) {
    map.add(known, start, start + 2);
    return 2;
  }
  const skipped = /\\\r?\n[ \t]*/y;
  skipped.lastIndex = index;
  const run = skipped.exec(source);
  if (run) return run[0].length;
  const digits = escapeLengths.get(next);
  const code = digits ? Number.parseInt(source.slice(index + 2, index + 2 + digits), 16) : Number.NaN;
  if (digits && code <= 0x10ffff) {
    map.add(String.fromCodePoint(code), start, start + 2 + digits);
    return 2 + digits;
  }
  map.copy(source.slice(index, index + 2), start);
  return 2;
}
