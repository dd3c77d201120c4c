import { type Code, type Diagnostic, diagnose } from '../../diagnostics/index.ts';
import type { Span } from '../../source/index.ts';
import type { ScalarText } from '../scalar.ts';

export type Kind = 'condition' | 'type' | 'requirement';

/** One text on its way through the phases of this folder, and what was found wrong with it. */
export interface Reading {
  readonly kind: Kind;
  readonly text: string;
  readonly diagnostics: Diagnostic[];
  /** Where something was reported: nothing more is said there. */
  readonly reported: ReadonlySet<number>;
  readonly span: (start: number, end: number) => Span;
  readonly report: (start: number, end: number, message: string, help?: string | null, code?: Code) => void;
}

export function createReading(kind: Kind, source: ScalarText): Reading {
  const diagnostics: Diagnostic[] = [];
  const reported = new Set<number>();
  return {
    kind,
    text: source.text,
    diagnostics,
    reported,
    span: (start, end) => source.spanOf(start, end),
    report(start, end, message, help = null, code = `bad-${kind}`) {
      reported.add(start);
      diagnostics.push(diagnose(code, source.spanOf(start, end), message, { help }));
    },
  };
}

/** Text of the user inside a message: on one line, and short. */
export function quote(text: string): string {
  const line = text
    .slice(0, 200)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, (hidden) => `\\u${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `\`${line.length > 60 ? `${line.slice(0, 57)}...` : line}\``;
}
