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
  const kept: Diagnostic[] = [];
  let said: Set<string> | null = null; // where several stand at one place
  for (const item of [...diagnostics].sort(compare)) {
    const last = kept[kept.length - 1];
    if (last && compare(last, item) === 0) {
      said ??= new Set([last.message]);
      if (said.has(item.message)) continue;
      said.add(item.message);
    } else said = null;
    kept.push(item);
  }
  return kept;
}

/** By place, those without one last, then by code. */
function compare(a: Diagnostic, b: Diagnostic): number {
  if (a.span && b.span) return compareSpans(a.span, b.span) || compareText(a.code, b.code);
  return Number(Boolean(b.span)) - Number(Boolean(a.span)) || compareText(a.code, b.code);
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
