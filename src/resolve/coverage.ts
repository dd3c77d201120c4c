import type { CoverageSyntax } from '../parse/index.ts';
import type { Name } from '../source/index.ts';
import type { Declarations } from './declarations.ts';
import type { Action } from './policy.ts';
import type { Report } from './report.ts';

/** The actions that a grant, scope or prohibition is about, in the order of the catalog. */
export function readCoverage(coverage: CoverageSyntax, declarations: Declarations, report: Report): readonly Action[] {
  // Nothing is written out any more; patterns over everything would only cost time.
  if (declarations.sizes.isSpent) return [];
  const { actions: known } = declarations;
  switch (coverage.kind) {
    case 'all':
      return [...known.values()];
    case 'names': {
      const chosen = matching(coverage.names, known, (name) => unknownAction(name, declarations, report));
      return chosen.size === 0 ? [] : [...known.values()].filter((action) => chosen.has(action.name));
    }
    case 'with': {
      const { fact } = coverage;
      const actions = [...known.values()].filter(
        (action) => action.hasResource && declarations.resources.get(action.resource)?.facts.has(fact.text),
      );
      if (actions.length === 0) {
        const facts = [...declarations.resources.values()].flatMap((resource) => [...resource.facts.keys()]);
        report.unknown('unknown-attribute', 'fact', fact, new Set(facts), [
          '`with` covers every action about a resource that has the fact',
        ]);
      }
      return actions;
    }
    default:
      return coverage satisfies never;
  }
}

/** The names that some pattern matches: `*` stands for any characters. A pattern without a match is handed on. */
export function matching(
  patterns: readonly Name[],
  known: { has(name: string): boolean; keys(): Iterable<string> },
  onUnknown: (pattern: Name) => void,
): ReadonlySet<string> {
  const chosen = new Set<string>();
  for (const pattern of patterns) {
    const { text } = pattern;
    const again = text.includes('*') ? [...known.keys()].filter(matcherOf(text)) : known.has(text) ? [text] : [];
    for (const name of again) chosen.add(name);
    if (again.length === 0) onUnknown(pattern);
  }
  return chosen;
}

/** Without regular expressions: a hostile pattern such as `*a*a*a*a` must not be slow. */
function matcherOf(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const inner = parts.slice(1, -1);
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    const end = name.length - last.length;
    for (const part of inner) {
      const found = name.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

export function unknownAction(name: Name, { actions }: Declarations, report: Report): void {
  const { text, span } = name;
  const resource = text.slice(0, Math.max(0, text.lastIndexOf('.')));
  const parts = [resource, text.slice(resource.length + 1)];
  if (parts.some((part) => report.isBroken(part, 'unknown-action'))) return;
  const message = text.includes('*') ? `no action matches \`${text}\`` : `unknown action \`${text}\``;
  report.add('unknown-action', span, message, {
    help: report.isPatient ? helpFor(text, resource, actions, report) : null,
  });
}

function helpFor(text: string, resource: string, actions: Declarations['actions'], report: Report): string | null {
  const known = [...actions.keys()];
  const meant = report.suggest(text, text.includes('*') ? patternsOf(known) : known);
  if (meant !== null || resource === '') return meant;
  const verbs = known.filter((action) => action.startsWith(`${resource}.`)).map((action) => `\`${action}\``);
  return verbs.length > 0 && verbs.length < 12 ? `\`${resource}\` has ${verbs.join(', ')}` : null;
}

/** `note.*` and `*.view` for every resource and verb. */
function patternsOf(actions: readonly string[]): readonly string[] {
  return actions.flatMap((name) => [
    `${name.slice(0, name.lastIndexOf('.'))}.*`,
    `*${name.slice(name.lastIndexOf('.'))}`,
  ]);
}
