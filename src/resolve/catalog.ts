import type { CatalogSyntax, Entry, PracticeSyntax, ResourceSyntax } from '../parse/index.ts';
import type { Name, Span } from '../source/index.ts';
import type { Report } from './report.ts';

/** Catalogs that extend each other, joined: the base first. Only resources may be added to; all else is declared once. */
export type Joined = Omit<
  CatalogSyntax,
  'kind' | 'file' | 'broken' | 'name' | 'version' | 'title' | 'extends' | 'silences'
>;

export function joinCatalogs(
  catalogs: readonly CatalogSyntax[],
  practice: PracticeSyntax | null,
  report: Report,
): Joined {
  const all = <T>(pick: (catalog: CatalogSyntax) => readonly T[]): readonly T[] => catalogs.flatMap(pick);
  return {
    accounts: once(
      all((item) => item.accounts),
      'account',
      report,
    ),
    ladders: once(
      all((item) => item.ladders),
      'ladder',
      report,
    ),
    features: onceNames(
      all((item) => item.features),
      'feature',
      report,
    ),
    values: once(
      all((item) => item.values),
      'value list',
      report,
    ),
    settings: once(
      all((item) => item.settings),
      'setting',
      report,
    ),
    user: once(
      all((item) => item.user),
      'attribute of `user`',
      report,
    ),
    context: once(
      all((item) => item.context),
      'fact of `context`',
      report,
    ),
    rolesGivenByApplication: all((item) => item.rolesGivenByApplication),
    outcomes: once(
      all((item) => item.outcomes),
      'outcome',
      report,
    ),
    resources: joinResources(
      all((item) => item.resources),
      practice,
      report,
    ),
    conditions: once([...all((item) => item.conditions), ...(practice?.conditions ?? [])], 'condition', report),
    permissions: once(
      all((item) => item.permissions),
      'permission',
      report,
    ),
    grants: all((item) => item.grants),
    scopes: once([...all((item) => item.scopes), ...(practice?.scopes ?? [])], 'scope', report),
    prohibitions: [...all((item) => item.prohibitions), ...(practice?.prohibitions ?? [])],
  };
}

function joinResources(
  entries: readonly Entry<ResourceSyntax>[],
  practice: PracticeSyntax | null,
  report: Report,
): readonly Entry<ResourceSyntax>[] {
  const byName = new Map<string, Entry<ResourceSyntax>>();
  for (const entry of entries) {
    const known = byName.get(entry.key.text);
    if (!known) byName.set(entry.key.text, entry);
    else {
      const facts = [...known.value.facts, ...entry.value.facts];
      const actions = [...known.value.actions, ...entry.value.actions];
      byName.set(entry.key.text, { key: known.key, value: { ...known.value, facts, actions } });
    }
  }
  for (const { key, value } of practice?.facts ?? []) {
    const known = byName.get(key.text);
    if (!known) report.unknown('unknown-resource', 'resource', key, byName.keys());
    else byName.set(key.text, { key: known.key, value: { ...known.value, facts: [...known.value.facts, ...value] } });
  }
  return [...byName.values()].map(({ key, value }) => ({
    key,
    value: {
      ...value,
      facts: once(value.facts, 'fact', report, ` of \`${key.text}\``),
      actions: once(value.actions, 'action', report, ` of \`${key.text}\``),
    },
  }));
}

/** The entries without repetitions; each repetition is reported with the place of the first. */
export function once<T>(entries: readonly Entry<T>[], what: string, report: Report, owner = ''): readonly Entry<T>[] {
  const first = new Map<string, Span>();
  return entries.filter(({ key }) => isNew(key, what, first, report, owner));
}

function onceNames(names: readonly Name[], what: string, report: Report): readonly Name[] {
  const first = new Map<string, Span>();
  return names.filter((name) => isNew(name, what, first, report));
}

export function isNew(name: Name, what: string, first: Map<string, Span>, report: Report, owner = ''): boolean {
  const known = first.get(name.text);
  if (known === undefined) {
    first.set(name.text, name.span);
    return true;
  }
  report.add('duplicate-name', name.span, `the ${what} \`${name.text}\`${owner} is declared twice`, {
    notes: [{ message: 'it is declared here first', span: known }],
    help: 'rename one of them, or remove it',
  });
  return false;
}
