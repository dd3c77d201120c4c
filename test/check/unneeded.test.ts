/** What findings say of generated policies, against requests that the reference decides. */
import { expect, test } from 'vitest';
import { Anyone } from '../../src/check/anyone.ts';
import { Clinic } from '../../src/check/clinic.ts';
import { checkEqualRoles } from '../../src/check/equal-roles.ts';
import { impossibleActions } from '../../src/check/impossible-actions.ts';
import { checkEssentialSettings, checkWideningDefaults } from '../../src/check/settings.ts';
import { checkUnneededAssignments } from '../../src/check/unneeded-assignments.ts';
import { unneededGrants } from '../../src/check/unneeded-grants.ts';
import { unneededPermissions } from '../../src/check/unneeded-permissions.ts';
import { checkScopesOfCatalog, checkUnneededScopes } from '../../src/check/unneeded-scopes.ts';
import { checkUnneededWith } from '../../src/check/unneeded-with.ts';
import type { Diagnostic } from '../../src/diagnostics/index.ts';
import { compile, loadFiles } from '../../src/index.ts';
import type { Assignment, Member, Policy, Role } from '../../src/resolve/policy.ts';
import { allRequests, makeDraft, makeRequest, printDraft, type Texts } from '../generate.ts';
import { type Choose, forAll, rankOf, subjectOrSkip } from '../laws/law.ts';
import { decideByReference, type Request } from '../reference.ts';

const runs = Number(process.env.CHAPERONE_UNNEEDED ?? 40);

test('what a catalog is told is true in practices', { timeout: 600_000 }, () => {
  const count = { grants: 0, scopes: 0, permissions: 0, actions: 0, essential: 0, widening: 0, requests: 0 };
  forAll(runs, (policies, choose) => {
    const isSmall = policies(2) === 0;
    const { texts, policy } = subjectOrSkip(printDraft(makeDraft(policies, isSmall)));
    const catalog = loadFiles('catalog.yaml', hostOf(texts)).sources?.catalogs[0];
    const alone = compile('catalog.yaml', hostOf(texts)).policy;
    if (!catalog || !alone) throw new Error('a practice is not better than its catalog');
    const file = [...alone.actions.values()][0]?.span.file ?? catalog.file;
    const anyone = new Anyone(alone, file);
    const requests = requestsOf(policy, isSmall, choose);
    const same = (other: Policy, one: Policy = policy) => {
      count.requests += requests.length;
      for (const request of requests) expectEqual(one, other, request, texts);
    };

    const grants = unneededGrants(file, anyone, never, never);
    count.grants += grants.length;
    const starts = new Set(grants.map(({ index }) => alone.grants[index]?.span.start));
    const ofCatalog = (item: Policy['grants'][number] | Policy['scopes'][number]) => item.span.file.path === file.path;
    if (grants.length > 0)
      same({ ...policy, grants: policy.grants.filter((item) => !ofCatalog(item) || !starts.has(item.span.start)) });

    const scopes = new Set(checkScopesOfCatalog(file, anyone).map(({ span }) => span?.start));
    count.scopes += scopes.size;
    if (scopes.size > 0)
      same({ ...policy, scopes: policy.scopes.filter((item) => !ofCatalog(item) || !scopes.has(item.span.start)) });

    // A practice may ask for permissions and settings in scopes of its own.
    const bare = { ...policy, scopes: policy.scopes.filter(ofCatalog) };
    for (const { name } of unneededPermissions(file, anyone)) {
      count.permissions++;
      const less = (role: Role) => new Map([...role.permissions].filter(([key]) => key !== name));
      same(
        withRoles(bare, (role) => ({ ...role, permissions: less(role) })),
        bare,
      );
    }

    for (const { name } of impossibleActions(file, anyone)) {
      count.actions++;
      for (const request of requests)
        if (request.action === name) expect(rank(policy, request) ?? 0, explain(texts, request)).toBe(0);
    }

    const ofFile = { ...catalog, file };
    for (const diagnostic of checkEssentialSettings(ofFile, anyone)) {
      const [setting, ...actions] = quoted(diagnostic);
      count.essential++;
      const without = withSettings(policy, (name) => name.split('/')[0] !== setting);
      for (const request of requests)
        if (actions.includes(request.action)) expect(rank(without, request) ?? 0, explain(texts, request)).toBe(0);
    }
    for (const diagnostic of checkWideningDefaults(ofFile, anyone)) {
      const [setting, ...actions] = quoted(diagnostic);
      count.widening++;
      const byDefault = withSettings(bare, (name) => name.split('/')[0] !== setting);
      for (const request of requests) {
        const [before, after] = [rank(bare, request), rank(byDefault, request)];
        if (before === null || after === null || !actions.includes(request.action)) continue;
        expect(after, explain(texts, request)).toBeGreaterThanOrEqual(before);
      }
    }
  });
  console.log(JSON.stringify(count));
  expect(count.requests).toBeGreaterThan(0);
});

test('what a practice is told is true of its members', { timeout: 600_000 }, () => {
  const count = { scopes: 0, with: 0, equal: 0, powerless: 0, assignments: 0, requests: 0 };
  forAll(runs, (policies, choose) => {
    const isSmall = policies(2) === 0;
    const { texts } = subjectOrSkip(printDraft(makeDraft(policies, isSmall)));
    const { policy, diagrams } = compile('practice.yaml', hostOf(texts));
    const practice = loadFiles('practice.yaml', hostOf(texts)).sources?.practice;
    if (!policy || !diagrams || !practice) throw new Error('it was compiled before');
    const clinic = Clinic.of(policy, diagrams);
    const [member] = policy.members.values();
    if (!clinic || !member) return;
    const { file } = member.span;
    const requests = requestsOf(policy, isSmall, choose);
    const same = (other: Policy) => {
      count.requests += requests.length;
      for (const request of requests) expectEqual(policy, other, request, texts);
    };

    const scopes = new Set(checkUnneededScopes(file, clinic).map(({ span }) => span?.start));
    count.scopes += scopes.size;
    if (scopes.size > 0)
      same({ ...policy, scopes: policy.scopes.filter(({ span }) => span.file !== file || !scopes.has(span.start)) });

    const spans = new Map(
      practice.roles.flatMap(({ value }) => value.with.map((name) => [name.span.start, name.span])),
    );
    const needless = checkUnneededWith(samePlaces(practice, policy), clinic).flatMap(
      ({ span }) => spans.get(span?.start ?? -1) ?? [],
    );
    if (needless.length > 0) {
      count.with += needless.length;
      const less = withoutNames(texts.practice, needless);
      const other = compile('practice.yaml', hostOf({ ...texts, practice: less }));
      if (!other.policy || !other.table) throw new Error(`${less}: ${other.diagnostics.map(({ message }) => message)}`);
      same(other.policy);
    }

    for (const diagnostic of checkEqualRoles(clinic)) {
      const [name = '', first = ''] = quoted(diagnostic);
      count.equal++;
      const swapped = [...policy.members].map(([key, item]): [string, Member] => [
        key,
        { ...item, assignments: item.assignments.map((one) => (one.role === name ? { ...one, role: first } : one)) },
      ]);
      same({ ...policy, members: new Map(swapped) });
    }

    const told = checkUnneededAssignments(clinic);
    const places = new Set(told.map(({ span }) => span));
    count.powerless += told.filter(({ code }) => code === 'powerless-member').length;
    count.assignments += told.filter(({ code }) => code === 'unneeded-assignment').length;
    const isNeeded = ({ span }: Assignment | Member) => !places.has(span);
    const members = [...policy.members].map(([key, item]): [string, Member] => [
      key,
      { ...item, assignments: isNeeded(item) ? item.assignments.filter(isNeeded) : [] },
    ]);
    if (told.length > 0) same({ ...policy, members: new Map(members) });
  });
  console.log(JSON.stringify(count));
  expect(count.requests).toBeGreaterThan(0);
});

const never = () => false;

function hostOf({ catalog, practice }: Texts) {
  const files = new Map([
    ['catalog.yaml', catalog],
    ['practice.yaml', practice],
  ]);
  return { read: (path: string) => files.get(path.replace(/^(\.?\/)+/, '')) ?? null };
}

/** The syntax of another reading of the same text, with the spans that the policy has. */
function samePlaces<T extends { readonly roles: readonly unknown[] }>(practice: T, policy: Policy): T {
  const spans = new Map(
    [...policy.roles.values()].flatMap((role) =>
      [...role.permissions.values()].flatMap((cause) =>
        cause.kind === 'with' ? [[cause.span.start, cause.span] as const] : [],
      ),
    ),
  );
  return replacing(practice, (span) => spans.get(span.start));
}

function replacing<T>(practice: T, find: (span: { start: number }) => unknown): T {
  const { roles } = practice as { roles: { value: { with: { span: { start: number } }[] } }[] };
  const read = roles.map((role) => ({
    ...role,
    value: { ...role.value, with: role.value.with.map((name) => ({ ...name, span: find(name.span) ?? name.span })) },
  }));
  return { ...practice, roles: read };
}

/** The text without some names of its lists, which stand in brackets. */
function withoutNames(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  return [...spans]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end }) => {
      const [before, after] = [rest.slice(0, start), rest.slice(end)];
      return /^\s*,/.test(after) ? before + after.replace(/^\s*,\s*/, '') : before.replace(/,\s*$/, '') + after;
    }, text);
}

function requestsOf(policy: Policy, isSmall: boolean, choose: Choose): readonly Request[] {
  const all = isSmall ? [...policy.actions.keys()].flatMap((action) => allRequests(policy, action, 600) ?? []) : [];
  return [...all, ...Array.from({ length: 60 }, () => makeRequest(policy, choose))];
}

function withRoles(policy: Policy, change: (role: Role) => Role): Policy {
  return { ...policy, roles: new Map([...policy.roles].map(([name, role]) => [name, change(role)])) };
}

function withSettings(policy: Policy, isKept: (name: string) => boolean): Policy {
  const kept = <T>(settings: ReadonlyMap<string, T>) => new Map([...settings].filter(([name]) => isKept(name)));
  const members = [...policy.members].map(([key, member]): [string, Member] => [
    key,
    { ...member, assignments: member.assignments.map((item) => ({ ...item, settings: kept(item.settings) })) },
  ]);
  return {
    ...withRoles(policy, (role) => ({ ...role, settings: kept(role.settings) })),
    members: new Map(members),
  };
}

function quoted({ message }: Diagnostic): readonly string[] {
  return [...message.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

/** Null where too much is unknown for the reference. */
function rank(policy: Policy, request: Request): number | null {
  try {
    return rankOf(policy, decideByReference(policy, request));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function expectEqual(policy: Policy, other: Policy, request: Request, texts: Texts): void {
  const [before, after] = [rank(policy, request), rank(other, request)];
  if (before !== null && after !== null && before !== after)
    throw new Error(`${before} is now ${after}\n${explain(texts, request)}`);
}

function explain({ catalog, practice }: Texts, request: Request): string {
  return `${catalog}\n# ----\n${practice}\n${JSON.stringify(request)}`;
}
