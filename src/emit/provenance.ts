import type { Cause, Formula, Policy, Requirement } from '../resolve/policy.ts';
import { type Asks, type Place, type Provenance, packProvenance } from '../runtime/provenance.ts';
import type { Span } from '../source/index.ts';
import { positionOf } from '../source/index.ts';
import { toAsciiJson } from './pool.ts';

/** The provenance as ASCII JSON, the roles in the order of the table. */
export function layProvenance(policy: Policy, roleNames: readonly string[]): Uint8Array {
  const roles = roleNames.flatMap((name) => policy.roles.get(name) ?? []);
  const spans = [...policy.grants, ...policy.scopes, ...roles].map(({ span }) => span);
  const paths = shortenPaths([...new Set(spans.map((span) => span.file.path))]);
  const files = [...new Set(paths.values())].sort();
  const place = (span: Span): Place => {
    const { line, column } = positionOf(span.file, span.start);
    return { file: files.indexOf(paths.get(span.file.path) ?? ''), line, column };
  };
  const reaches = new Map([null, ...policy.accounts.keys()].map((account) => [account, reachOf(account, policy)]));
  const provenance: Provenance = {
    files,
    features: [...policy.features].flatMap(([name, on]) => (on ? [name] : [])).sort(),
    grants: policy.grants.map(({ permission, outcome, text, formulas, span }) => ({
      ...{ permission, outcome, text, actions: [...formulas.keys()].sort(), ...constantsIn([...formulas.values()]) },
      ...place(span),
    })),
    scopes: policy.scopes.map(({ kind, name, title, text, formulas, span }) => ({
      ...{ kind, name, title, text, ...constantsIn([...formulas.values()]) },
      ...place(span),
    })),
    // Written out, as there may be ten thousand of them.
    roles: roles.map(({ title, account, level, permissions, fallen, span }) => {
      const { mayAdd, levels } = reaches.get(account) ?? reachOf(account, policy);
      const { file, line, column } = place(span);
      return {
        title,
        account,
        level,
        permissions: sorted(Array.from(permissions, ([name, cause]) => [name, describeCause(cause)] as const)),
        mayAdd,
        levels,
        fallen: sorted(Array.from(fallen, ([name, { missing }]) => [name, missing] as const)),
        file,
        line,
        column,
      };
    }),
    permissions: [...policy.permissions.values()]
      .map(({ name, title, level, requires }) => ({
        ...{ name, title, level },
        requires: requires && describeRequirement(requires, policy.permissions.size),
      }))
      .sort((a, b) => byName([a.name], [b.name])),
  };
  return new TextEncoder().encode(toAsciiJson(packProvenance(provenance)));
}

/** What a role of the account could come to have. */
function reachOf(
  name: string | null,
  policy: Policy,
): { readonly mayAdd: readonly string[] | null; readonly levels: readonly string[] } {
  const account = name === null ? undefined : policy.accounts.get(name);
  const mayAdd = account?.permissions ? [...account.permissions].sort() : null;
  const ladders = account ? account.ladders : [...policy.ladders.keys()];
  return { mayAdd, levels: ladders.flatMap((ladder) => policy.ladders.get(ladder) ?? []) };
}

function constantsIn(formulas: readonly Formula[]): Asks {
  const asks = new Set<string>();
  const accounts = new Set<string>();
  const features = new Set<string>();
  const visit = (formula: Formula): void => {
    if (formula.kind === 'has') asks.add(formula.permission);
    else if (formula.kind === 'feature') features.add(formula.feature);
    else if (formula.kind === 'not') visit(formula.term);
    else if (formula.kind === 'and' || formula.kind === 'or') formula.terms.forEach(visit);
    else if (formula.kind === 'comparison') {
      const sides = [formula.left, formula.right];
      if (!sides.some((side) => side?.kind === 'account')) return;
      for (const side of sides) {
        if (side?.kind === 'literal') accounts.add(String(side.value));
        else if (side?.kind === 'set') for (const value of side.values) accounts.add(String(value));
      }
    }
  };
  for (const formula of new Set(formulas)) visit(formula);
  return { asks: [...asks].sort(), accounts: [...accounts].sort(), features: [...features].sort() };
}

/** Absolute paths say where somebody's disk has things: they are cut to what differs between them. */
function shortenPaths(paths: readonly string[]): ReadonlyMap<string, string> {
  const split = (path: string) => path.replaceAll('\\', '/').split('/');
  const absolute = paths.filter((path) => /^([/\\]|[A-Za-z]:)/.test(path)).map(split);
  let shared = 0;
  while (
    absolute.length > 0 &&
    absolute.every((path) => shared < path.length - 1 && path[shared] === absolute[0]?.[shared])
  ) {
    shared++;
  }
  return new Map(
    paths.map((path) => [
      path,
      split(path)
        .slice(/^([/\\]|[A-Za-z]:)/.test(path) ? shared : 0)
        .join('/'),
    ]),
  );
}

function describeCause(cause: Cause): string {
  switch (cause.kind) {
    case 'level':
      return `level ${cause.level}`;
    case 'default':
      return `default of ${cause.account}`;
    case 'with':
      return `with, in ${cause.role}`;
    case 'implied':
      return `implied by ${cause.by}`;
    default:
      return cause satisfies never;
  }
}

function describeRequirement(requirement: Requirement, permissions: number): string {
  if (requirement.kind === 'permission') return requirement.name;
  const { kind, terms } = requirement;
  const isAll = kind === 'and' && permissions > 2 && terms.length === permissions - 1;
  if (isAll && terms.every((term) => term.kind === 'permission')) return 'all';
  if (terms.length === 0) return kind === 'and' ? 'nothing' : 'what nobody has';
  return terms
    .map((term) => {
      const text = describeRequirement(term, permissions);
      return term.kind === 'permission' || terms.length === 1 ? text : `(${text})`;
    })
    .join(` ${kind} `);
}

/** By the names; they nearly always are already, which is quicker to see than to sort. */
function sorted<T extends readonly [string, ...unknown[]]>(entries: T[]): readonly T[] {
  return entries.every((entry, at) => at === 0 || byName(entries[at - 1] ?? entry, entry) <= 0)
    ? entries
    : entries.sort(byName);
}

function byName(a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
