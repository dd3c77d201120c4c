// In: claims about files, made by any phase.
// Out: Diagnostics in one fixed order, each with its code's severity.
// Never: prints (see render.ts for text), throws, or invents a severity outside the catalogue.
import { compareSpans, type Span } from '../source/index.ts';
import { type Code, catalogue } from './catalogue.ts';
import type { Diagnostic, Note } from './diagnostic.ts';

export type { Code, Severity } from './catalogue.ts';
export { catalogue } from './catalogue.ts';
export type { Diagnostic, Note } from './diagnostic.ts';
export { describeLookAlikes, latinTwin } from './look-alikes.ts';
export { nearest, suggest } from './nearest.ts';
export { diagnosticsToJson, renderDiagnostics } from './render.ts';

export interface Details {
  readonly notes?: readonly (string | Note)[];
  readonly help?: string | null | undefined;
}

/** A diagnostic with the severity that the catalogue gives its code. */
export function diagnose(code: Code, span: Span | null, message: string, details: Details = {}): Diagnostic {
  const notes = (details.notes ?? []).map((note) => (typeof note === 'string' ? { message: note, span: null } : note));
  return { code, severity: catalogue[code].severity, message, span, notes, help: details.help ?? null };
}

/** In the order of files and places, without repetitions of one code and message at one place. */
export function collect(diagnostics: Iterable<Diagnostic>): readonly Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const item of diagnostics) {
    const place = item.span ? `${item.span.file.path}:${item.span.start}:${item.span.end}` : '';
    const key = `${place} ${item.code} ${item.message}`;
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()].sort((a, b) => {
    if (a.span && b.span) return compareSpans(a.span, b.span) || compareText(a.code, b.code);
    return Number(Boolean(b.span)) - Number(Boolean(a.span)) || compareText(a.code, b.code);
  });
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((item) => item.severity === 'error');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A bug of Chaperone itself, never a fault of a file. */
export class InternalError extends Error {
  override name = 'InternalError';
}
