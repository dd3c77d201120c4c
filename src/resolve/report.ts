import {
  type Code,
  type Details,
  type Diagnostic,
  describeLookAlikes,
  diagnose,
  latinTwin,
  suggest,
} from '../diagnostics/index.ts';
import type { Name, Span } from '../source/index.ts';

/** Collects the diagnostics of one run. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  private readonly patience: { left: number };

  constructor(parent: Report | null = null) {
    this.patience = parent?.patience ?? { left: 1_000_000 };
  }

  /** `did you mean ...?`, until that has been asked of so many names that no reader will get there. */
  suggest(word: string, candidates: Iterable<string>): string | null {
    const names = [...candidates];
    this.patience.left -= names.length;
    return this.patience.left < 0 ? null : suggest(word, names);
  }

  add(code: Code, span: Span, message: string, details: Details = {}): void {
    this.diagnostics.push(diagnose(code, span, message, details));
  }

  /** A name that nothing declares; `known` are those that would do. */
  unknown(code: Code, what: string, name: Name, known: Iterable<string>, notes: readonly string[] = []): void {
    const names = [...known];
    const twin =
      this.patience.left < 0
        ? undefined
        : names.find((item) => item !== name.text && (latinTwin(item) ?? item) === (latinTwin(name.text) ?? name.text));
    if (twin !== undefined) {
      this.add(code, name.span, `unknown ${what} \`${name.text}\``, {
        notes: [...notes, `\`${twin}\` looks the same: ${describeLookAlikes(name.text + twin)}`],
        help: 'type both again in Latin letters',
      });
      return;
    }
    const listed = names.map((item) => `\`${item}\``).join(', ');
    const fallback = names.length === 0 ? `no ${what} is declared` : names.length <= 8 ? `there is ${listed}` : null;
    const message = name.text.includes('*')
      ? `no ${what} matches \`${name.text}\``
      : `unknown ${what} \`${name.text}\``;
    this.add(code, name.span, message, {
      notes,
      help: this.suggest(name.text, names) ?? fallback,
    });
  }
}
