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

  add(code: Code, span: Span, message: string, details: Details = {}): void {
    this.diagnostics.push(diagnose(code, span, message, details));
  }

  /** A name that nothing declares; `known` are those that would do. */
  unknown(code: Code, what: string, name: Name, known: Iterable<string>, notes: readonly string[] = []): void {
    const names = [...known];
    const twin = names.find(
      (item) => item !== name.text && (latinTwin(item) ?? item) === (latinTwin(name.text) ?? name.text),
    );
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
      help: suggest(name.text, names) ?? fallback,
    });
  }
}
