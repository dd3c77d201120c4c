import type { Span } from '../source/index.ts';
import type { Code, Severity } from './catalogue.ts';

export interface Note {
  readonly message: string;
  readonly span: Span | null;
}

/** What is wrong, where (`null`: no place in a file), why, and what to do about it. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span | null;
  readonly notes: readonly Note[];
  readonly help: string | null;
}
