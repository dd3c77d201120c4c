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

/** What has to be whole for a name of each kind to be known. */
const sections: Partial<Record<Code, readonly string[]>> = {
  'unknown-account': ['accounts'],
  'unknown-action': ['resources', 'actions'],
  'unknown-attribute': ['resources', 'facts', 'settings', 'user', 'context'],
  'unknown-condition': ['conditions'],
  'unknown-feature': ['features'],
  'unknown-level': ['ladders'],
  'unknown-member': ['members'],
  'unknown-name': ['ladders'],
  'unknown-outcome': ['outcomes'],
  'unknown-permission': ['permissions'],
  'unknown-resource': ['resources'],
  'unknown-role': ['roles'],
  'unknown-setting': ['settings', 'user'],
  'unknown-type': ['resources', 'values'],
  'unknown-value': ['values'],
};

/** Collects the diagnostics of one run. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  private readonly broken: Set<string>;
  private readonly patience: { left: number };

  /** `broken`: names that stand in the files but could not be read; see `Header.broken`. */
  constructor(broken: Iterable<string>) {
    this.broken = new Set(broken);
    this.patience = { left: 100_000 };
  }

  /** A report of its own that knows what this one knows. */
  fork(): Report {
    const fork = new Report([]);
    return Object.assign(fork, { broken: this.broken, patience: this.patience });
  }

  /** From now on nobody needs to hear that this name is unknown: what is wrong with it was reported. */
  markBroken(name: string): void {
    this.broken.add(name);
  }

  /** Whether that this name is not known follows from something that was reported. */
  isBroken(name: string, code: Code | null = null): boolean {
    return (
      this.broken.has(name) || (code !== null && (sections[code] ?? []).some((item) => this.broken.has(`${item}/*`)))
    );
  }

  /** Whether suggestions are still worth their time. */
  get isPatient(): boolean {
    return this.patience.left >= 0;
  }

  /** `did you mean ...?`, until that has been asked of so many names that no reader will get there. */
  suggest(word: string, candidates: Iterable<string>): string | null {
    const names = [...candidates];
    this.patience.left -= names.length;
    return this.isPatient ? suggest(word, names) : null;
  }

  add(code: Code, span: Span, message: string, details: Details = {}): void {
    this.diagnostics.push(diagnose(code, span, message, details));
  }

  /** A name that nothing declares; `known` are those that would do. */
  unknown(code: Code, what: string, name: Name, known: Iterable<string>, notes: readonly string[] = []): void {
    if (this.isBroken(name.text, code) || (code === 'unknown-value' && this.isBroken(`${what}/*`))) return;
    if (name.text === '') {
      this.add(code, name.span, `the name of the ${what} is empty`, {
        notes,
        help: 'write the name, or delete the line',
      });
      return;
    }
    const names = [...known].filter((item) => item !== '');
    const twin = !this.isPatient
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
