import type { Diagnostic } from '../../src/diagnostics/index.ts';
import { parse } from '../../src/parse/index.ts';
import { positionOf } from '../../src/source/index.ts';

export const catalogHeader = 'chaperone: 1\nkind: catalog\nname: a\nversion: 1.0.0\n';
export const practiceHeader = 'chaperone: 1\nkind: practice\nname: a\nversion: 1.0.0\ncatalog: c@^1\n';
export const testsHeader = 'chaperone: 1\nkind: tests\npractice: ./practice.yaml\n';

/** Each diagnostic as `line:column code [what the span covers] message`. */
export function linesOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ span, code, message }) => {
    if (!span) return `${code} ${message}`;
    const { line, column } = positionOf(span.file, span.start);
    return `${line}:${column} ${code} [${span.file.text.slice(span.start, span.end)}] ${message}`;
  });
}

export function linesFor(text: string): readonly string[] {
  return linesOf(parse({ path: 'x.yaml', text }).diagnostics);
}

export function helpFor(text: string): readonly (string | null)[] {
  return parse({ path: 'x.yaml', text }).diagnostics.map((item) => item.help);
}
