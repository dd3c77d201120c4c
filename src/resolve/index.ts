// In: the syntax of a catalog (with those it extends), a practice or none, and what a test or request adds.
// Out: a Policy: every name resolved, every condition typed, every role's permissions final.
// Never: builds diagrams, reads files, or lets a wrong name or type through.
import type { Diagnostic } from '../diagnostics/index.ts';
import type {
  CatalogSyntax,
  Entry,
  InvariantsSyntax,
  MemberSyntax,
  PracticeSyntax,
  RoleSyntax,
  SwitchSyntax,
} from '../parse/index.ts';
import type { Name } from '../source/index.ts';
import { isNew, type Joined, joinCatalogs, once } from './catalog.ts';
import { readCondition } from './conditions.ts';
import { matching, readCoverage } from './coverage.ts';
import { dayStarts, zoneOf } from './dates.ts';
import { type Declarations, declare } from './declarations.ts';
import { readInvariants } from './invariants.ts';
import { describedRole, readMember, reportHolders } from './members.ts';
import { readNamedConditions } from './named-conditions.ts';
import { readPermissions } from './permissions.ts';
import type { Account, Formula, Grant, Policy, Scope } from './policy.ts';
import { Report } from './report.ts';
import type { RoleRules } from './role-drafts.ts';
import { readRoles } from './roles.ts';

export { dayOf, instantOf } from './dates.ts';
export { plain } from './members.ts';
export { requirementText } from './permissions.ts';
export type * from './policy.ts';
export { describeType, slotsOf } from './values.ts';

/** What a tests file or a request describes on top of a practice or catalog; its values may be any text. */
export interface Overlay {
  readonly roles: readonly Entry<RoleSyntax>[];
  readonly users: readonly Entry<MemberSyntax>[];
  readonly features: readonly Entry<SwitchSyntax>[];
}

export interface Sources {
  /** The catalog, after those it extends. */
  readonly catalogs: readonly CatalogSyntax[];
  readonly practice: PracticeSyntax | null;
  /** Those that the practice names. */
  readonly invariants: readonly InvariantsSyntax[];
  readonly overlay: Overlay;
}

export const noOverlay: Overlay = { roles: [], users: [], features: [] };

/** `policy` is whole only where `diagnostics` has no error. */
export function resolve(sources: Sources): { readonly policy: Policy; readonly diagnostics: readonly Diagnostic[] } {
  const { practice, overlay } = sources;
  const report = new Report(
    [...sources.catalogs, ...(practice ? [practice] : []), ...sources.invariants].flatMap((file) => [...file.broken]),
  );
  const joined = joinCatalogs(sources.catalogs, practice, report);
  const described = overlayRoles(overlay);
  const practiceRoles = once(practice?.roles ?? [], 'role', report);
  const roleEntries = [
    ...practiceRoles.map((entry) => ({ entry, rules: rulesOf(practice) })),
    ...described.map((entry) => ({ entry, rules: silent })),
  ];
  const memberEntries = once(practice?.members ?? [], 'member', report);
  const names = {
    roles: new Set(practiceRoles.map(({ key }) => key.text)),
    members: new Set(memberEntries.map(({ key }) => key.text)),
  };
  const declarations = declare(joined, practice, names, report);
  readNamedConditions(joined, declarations, report);
  const permissions = readPermissions(joined, declarations, report);
  const accounts = readAccounts(joined, declarations, report);
  const givenByApplication = readGiven(sources, names.roles, report);
  const { roles, brokenSettings } = readRoles(roleEntries, {
    declarations,
    permissions,
    accounts,
    givenByApplication,
    report,
  });
  const timeZone = readZone(practice, report);
  const startOfDay = dayStarts(timeZone);
  const context = { declarations, roles, brokenSettings, accounts, startOfDay, report };
  const members = new Map(memberEntries.map((entry) => [entry.key.text, readMember(entry, true, context)]));
  reportIds(memberEntries, report);
  const holders = new Map(
    joined.accounts.flatMap(({ key, value }) => (value.holders ? [[key.text, value.holders]] : [])),
  );
  if (practice && members.size > 0) reportHolders(memberEntries, members, holders, practice.name, context);
  for (const entry of overlay.users) members.set(entry.key.text, readMember(entry, false, context));
  const last = sources.catalogs[sources.catalogs.length - 1];
  const policy: Policy = {
    name: practice?.name?.text ?? last?.name?.text ?? '',
    version: practice?.version?.text ?? last?.version?.text ?? '',
    title: practice?.title ?? last?.title ?? null,
    catalog: { name: last?.name?.text ?? '', version: last?.version?.text ?? '' },
    timeZone,
    features: readFeatures(sources, declarations, report),
    valueLists: declarations.valueLists,
    settings: declarations.settings,
    userFacts: declarations.userFacts,
    contextFacts: declarations.contextFacts,
    resources: declarations.resources,
    actions: declarations.actions,
    permissions,
    accounts,
    ladders: declarations.ladders,
    outcomes: declarations.outcomes,
    grants: readGrants(joined, declarations, report),
    scopes: readScopes(joined, declarations, report),
    roles,
    members,
    described: {
      roles: new Set(described.map(({ key }) => key.text)),
      members: new Set(overlay.users.map(({ key }) => key.text)),
    },
    ownPermissionChanges: readOwnPermissionChanges(joined, declarations, report),
    invariants: [practice, ...sources.invariants].flatMap((file) =>
      readInvariants(file?.invariants ?? [], names, declarations, report),
    ),
  };
  return { policy, diagnostics: report.diagnostics };
}

const silent: RoleRules = { dependencies: 'silent', closedness: 'open' };

function rulesOf(practice: PracticeSyntax | null): RoleRules {
  return { dependencies: practice?.dependencies ?? 'strict', closedness: 'strict' };
}

/** The roles of an overlay, those that a user describes on the spot included. */
function overlayRoles(overlay: Overlay): readonly Entry<RoleSyntax>[] {
  const described = overlay.users.flatMap(({ key, value }) =>
    value.assignments.flatMap((assignment, index) => {
      if (!assignment.role || 'text' in assignment.role) return [];
      return [{ key: { text: describedRole(key.text, index), span: assignment.role.span }, value: assignment.role }];
    }),
  );
  return [...overlay.roles, ...described];
}

function readAccounts(joined: Joined, declarations: Declarations, report: Report): ReadonlyMap<string, Account> {
  const accounts = new Map<string, Account>();
  const unknown = (name: Name) => report.unknown('unknown-permission', 'permission', name, declarations.permissions);
  for (const { key, value } of joined.accounts) {
    for (const ladder of value.ladders) {
      if (!declarations.ladders.has(ladder.text))
        report.unknown('unknown-name', 'ladder', ladder, declarations.ladders.keys());
    }
    const ladders = new Set(value.ladders.map((name) => name.text));
    const isOfLadder = (level: Name | null) => level !== null && ladders.has(declarations.rungs.get(level.text) ?? '');
    const allowed = value.permissions && matching(value.permissions, declarations.permissions, unknown);
    for (const name of value.default) {
      if (!declarations.permissions.has(name.text)) unknown(name);
      else if (allowed && !allowed.has(name.text)) {
        report.add('foreign-permission', name.span, `an account \`${key.text}\` cannot have \`${name.text}\``, {
          help: 'add it to `permissions` of the account, or take it out of `default`',
        });
      }
    }
    accounts.set(key.text, {
      name: key.text,
      title: value.title,
      ladders: value.ladders.map((name) => name.text),
      levelRequired: value.level === 'required',
      ofLevels: new Set(joined.permissions.flatMap((item) => (isOfLadder(item.value.level) ? [item.key.text] : []))),
      permissions: allowed,
      default: value.default.map((name) => name.text).filter((name) => declarations.permissions.has(name)),
      holders: value.holders?.count ?? null,
    });
  }
  return accounts;
}

function readGiven(sources: Sources, roles: ReadonlySet<string>, report: Report): ReadonlySet<string> {
  const given = new Set(
    sources.catalogs.flatMap((catalog) => catalog.rolesGivenByApplication.map((name) => name.text)),
  );
  for (const name of sources.practice?.rolesGivenByApplication ?? []) {
    if (roles.has(name.text)) given.add(name.text);
    else report.unknown('unknown-role', 'role', name, roles);
  }
  return given;
}

function readZone(practice: PracticeSyntax | null, report: Report): string {
  if (!practice?.timeZone) return 'UTC';
  const zone = zoneOf(practice.timeZone.text);
  if (zone === null) {
    report.add('unknown-time-zone', practice.timeZone.span, `unknown time zone \`${practice.timeZone.text}\``, {
      help: 'write a name of the IANA list, such as `Australia/Sydney`',
    });
  }
  return zone === null ? 'UTC' : practice.timeZone.text;
}

function readFeatures(sources: Sources, declarations: Declarations, report: Report): ReadonlyMap<string, boolean> {
  const features = new Map([...declarations.features].map((name) => [name, false]));
  for (const { key, value } of [
    ...once(sources.practice?.features ?? [], 'feature', report),
    ...sources.overlay.features,
  ]) {
    if (declarations.features.has(key.text)) features.set(key.text, value.on);
    else report.unknown('unknown-feature', 'feature', key, declarations.features);
  }
  return features;
}

/** For each action by which people change permissions, when these are their own. */
function readOwnPermissionChanges(
  joined: Joined,
  declarations: Declarations,
  report: Report,
): ReadonlyMap<string, Formula> {
  const formulas = new Map<string, Formula>();
  for (const { key: resource, value } of joined.resources) {
    for (const { key, value: syntax } of value.actions) {
      const when = syntax.changesOwnPermissions;
      const action = declarations.actions.get(`${resource.text}.${key.text}`);
      if (!when || !action) continue;
      for (const entry of readCondition(when, [action], false, syntax.span, declarations, report))
        formulas.set(...entry);
    }
  }
  return formulas;
}

function readGrants(joined: Joined, declarations: Declarations, report: Report): readonly Grant[] {
  const ofPermissions = joined.permissions.flatMap(({ key, value }) =>
    value.grants.map((syntax) => ({ permission: key.text, syntax })),
  );
  const own = joined.grants.map((syntax) => ({ permission: null, syntax }));
  const outcomes = declarations.outcomes.map((outcome) => outcome.name);
  return [...ofPermissions, ...own].map(({ permission, syntax }) => {
    const actions = readCoverage(syntax.actions, declarations, report);
    if (syntax.outcome && !outcomes.includes(syntax.outcome.text)) {
      report.unknown('unknown-outcome', 'outcome', syntax.outcome, outcomes);
    }
    return {
      permission,
      formulas: readCondition(syntax.when, actions, true, syntax.span, declarations, report),
      outcome: syntax.outcome?.text ?? null,
      text: syntax.when && textOf(syntax.when.span),
      span: syntax.actions.span,
    };
  });
}

function readScopes(joined: Joined, declarations: Declarations, report: Report): readonly Scope[] {
  const scopes = joined.scopes.map(({ key, value }): Scope => {
    const actions = readCoverage(value.covers, declarations, report);
    const formulas = readCondition(value.is, actions, false, value.span, declarations, report);
    return { kind: 'scope', name: key.text, title: value.title, formulas, text: textOf(value.is.span), span: key.span };
  });
  const first = new Map<string, Name['span']>();
  const prohibitions = joined.prohibitions.map((syntax, index): Scope => {
    if (syntax.name) isNew(syntax.name, 'prohibition', first, report);
    const actions = readCoverage(syntax.actions, declarations, report);
    const whens = readCondition(syntax.when, actions, false, syntax.span, declarations, report);
    const formulas = new Map([...whens].map(([action, term]) => [action, { kind: 'not' as const, term }]));
    const name = syntax.name?.text ?? `prohibition ${index + 1}`;
    const text = syntax.when && textOf(syntax.when.span);
    return { kind: 'prohibition', name, title: syntax.title, formulas, text, span: syntax.actions.span };
  });
  return [...scopes, ...prohibitions];
}

/** The condition as written, on one line. */
function textOf(span: Name['span']): string {
  return span.file.text.slice(span.start, span.end).replace(/\s+/g, ' ');
}

/** Keys and ids share one space: an application may call a member by either. */
function reportIds(entries: readonly Entry<MemberSyntax>[], report: Report): void {
  const owners = new Map(entries.map(({ key }) => [key.text, key]));
  for (const { key, value } of entries) {
    if (!value.id) continue;
    const owner = owners.get(value.id.text);
    if (owner && owner !== key) {
      const what = owner.text === value.id.text ? 'the key' : 'the id';
      report.add('duplicate-name', value.id.span, `\`${value.id.text}\` is ${what} of \`${owner.text}\` already`, {
        notes: [{ message: `\`${owner.text}\` stands here`, span: owner.span }],
        help: 'give every member an id of its own',
      });
    }
    owners.set(value.id.text, key);
  }
}
