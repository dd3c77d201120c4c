import type { Diagnostic } from '../diagnostics/index.ts';
import type { Name } from '../source/index.ts';
import type { Action } from './policy.ts';
import type { Report } from './report.ts';

/** A fact that a shared condition reads, and who lacks it. */
interface Lack {
  readonly fact: Name;
  readonly types: Set<string>;
  readonly aboutNothing: Set<string>;
  readonly known: Set<string>;
}

/** What some of the actions lack that share one condition: one diagnostic a fact, however many types lack it. */
export class Uncovered {
  private readonly lacks = new Map<string, Lack>();

  addType(fact: Name, type: string, facts: Iterable<string>): void {
    const lack = this.lackOf(fact);
    lack.types.add(type);
    for (const known of facts) lack.known.add(known);
  }

  addAboutNothing(fact: Name, actions: readonly Action[]): void {
    for (const action of actions) this.lackOf(fact).aboutNothing.add(action.name);
  }

  /** `types`: how many resource types share the condition. */
  report(types: number, report: Report): void {
    for (const { fact, types: lacking, aboutNothing, known } of this.lacks.values()) {
      const help = report.suggest(fact.text, known);
      if (lacking.size === types && (types > 0 || aboutNothing.size === 0)) {
        report.add('unknown-attribute', fact.span, `no resource here has a fact \`${fact.text}\``, { help });
        continue;
      }
      const notes = [
        ...(lacking.size > 0 ? [`${listed(lacking)} ${lacking.size === 1 ? 'has' : 'have'} no such fact`] : []),
        ...(aboutNothing.size > 0
          ? [`${listed(aboutNothing)} ${aboutNothing.size === 1 ? 'is' : 'are'} about nothing`]
          : []),
      ];
      report.add('ill-typed-covers', fact.span, `not every action here has a fact \`${fact.text}\``, {
        notes,
        help: help ?? `cover \`{ with: ${fact.text} }\`, which is every action whose resource has it`,
      });
    }
  }

  private lackOf(fact: Name): Lack {
    const key = `${fact.span.file.path}:${fact.span.start}`;
    const lack = this.lacks.get(key) ?? { fact, types: new Set(), aboutNothing: new Set(), known: new Set() };
    this.lacks.set(key, lack);
    return lack;
  }
}

/** What several readings of one condition found: one diagnostic a code and place; what else was said there is a note. */
export function mergeReadings(readings: readonly (readonly Diagnostic[])[]): readonly Diagnostic[] {
  const first = new Map<string, Diagnostic>();
  for (const item of readings.flat()) {
    const key = `${item.code} ${item.span?.file.path}:${item.span?.start}:${item.span?.end}`;
    const known = first.get(key);
    if (!known) first.set(key, item);
    else if (
      known.message !== item.message &&
      known.notes.length < 4 &&
      !known.notes.some((note) => note.message === item.message)
    ) {
      first.set(key, { ...known, notes: [...known.notes, { message: item.message, span: null }] });
    }
  }
  return [...first.values()];
}

function listed(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, 3).map((name) => `\`${name}\``);
  const more = names.size - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join('');
}
