/** What the built-in sentences say of generated policies, against every request of a small world, and their tests. */
import { expect, test } from 'vitest';
import { checkOwnPermissions } from '../../src/check/own-permissions.ts';
import { holdersOf } from '../../src/check/subjects.ts';
import { checkWeakenedOutcomes } from '../../src/check/weakened-outcomes.ts';
import { compile, type Diagnostic } from '../../src/index.ts';
import type { Formula, Policy } from '../../src/resolve/policy.ts';
import { compileTexts } from '../compile-texts.ts';
import { allRequests, makeDraft, printDraft } from '../generate.ts';
import { forAll, subjectOrSkip } from '../laws/law.ts';
import { decideByReference, type Request } from '../reference.ts';
import { passing } from './passing.ts';

const runs = Number(process.env.CHAPERONE_SENTENCES ?? 25);

test('a duty is lost just where a request shows it', { timeout: 600_000 }, () => {
  const count = { lost: 0, kept: 0, requests: 0 };
  forAll(runs, (policies) => {
    const { policy, texts } = subjectOrSkip(printDraft(makeDraft(policies, true)));
    const { diagrams } = compileTexts(texts);
    if (!diagrams) throw new Error('a policy with a table has diagrams');
    const printed: string[] = [];
    for (const role of policy.roles.values()) {
      const holders = holdersOf(policy, role).map((subject) => ({ role, subject }));
      const found = checkWeakenedOutcomes(policy, diagrams, () => holders);
      expect(found.filter(({ code }) => code === 'invariant-unproved')).toEqual([]);
      printed.push(...found.map(testIn).filter((text) => !text.includes('id: ""')));
      if (found.length > 0) count.lost++;
      else count.kept++;
      if (found.length > 0) continue;
      for (const request of requestsOf(policy, role.name)) {
        count.requests++;
        expect({ request, loses: losesDuty(policy, request) }).toEqual({ request, loses: false });
      }
    }
    expect(passing(texts, printed)).toEqual([]);
  });
  console.log(JSON.stringify(count));
  expect(Math.min(count.lost, count.kept)).toBeGreaterThan(0);
});

test('people may change their own permissions just where a request shows it', { timeout: 600_000 }, () => {
  const count = { open: 0, closed: 0, requests: 0 };
  forAll(runs, (policies) => {
    const { policy, texts } = subjectOrSkip(printDraft(makeDraft(policies, true)));
    const printed: string[] = [];
    for (const action of policy.actions.keys()) {
      for (const formula of formulasOf(policy, action)) {
        const marked: Policy = { ...policy, ownPermissionChanges: new Map([[action, formula]]) };
        const [found] = checkOwnPermissions(marked);
        expect(found?.code).not.toBe('invariant-unproved');
        if (found) {
          count.open++;
          if (!testIn(found).includes('id: ""')) printed.push(testIn(found));
          continue;
        }
        count.closed++;
        const plain = { permission: null, formulas: new Map([[action, formula]]), outcome: null, text: null };
        const [span] = [...policy.roles.values()].map((role) => role.span);
        const change: Policy = span ? { ...policy, grants: [{ ...plain, span }], scopes: [] } : policy;
        for (const request of allRequests(policy, action, 500) ?? []) {
          count.requests++;
          const both = decideByReference(policy, request).allow && decideByReference(change, request).allow;
          expect({ request, both }).toEqual({ request, both: false });
        }
      }
    }
    expect(passing(texts, printed)).toEqual([]);
  });
  console.log(JSON.stringify(count));
  expect(Math.min(count.open, count.closed)).toBeGreaterThan(0);
});

test('an action is called unheld only where every request is denied to everybody', { timeout: 600_000 }, () => {
  const count = { unheld: 0, requests: 0 };
  forAll(runs, (policies) => {
    const { policy, texts } = subjectOrSkip(printDraft(makeDraft(policies, true)));
    const files: Readonly<Record<string, string>> = { 'catalog.yaml': texts.catalog, 'practice.yaml': texts.practice };
    const { diagnostics } = compile('practice.yaml', { read: (path) => files[path.replace(/^(\.?\/)+/, '')] ?? null });
    const notes = diagnostics.filter(({ code }) => code === 'unheld-action').flatMap((item) => item.notes);
    const named = new Set(
      notes.flatMap(({ message }) => [...message.matchAll(/`([^`]+)` comes with/g)].map(([, name]) => name)),
    );
    for (const action of policy.actions.keys()) {
      if (!named.has(action)) continue;
      count.unheld++;
      for (const request of allRequests(policy, action, 500) ?? []) {
        count.requests++;
        expect({ request, allow: decideByReference(policy, request).allow }).toEqual({ request, allow: false });
      }
    }
  });
  console.log(JSON.stringify(count));
  expect(count.unheld).toBeGreaterThan(0);
});

function testIn({ notes }: Diagnostic): string {
  const line = notes.find(({ message }) => message.startsWith('as a test: '));
  return line?.message.slice('as a test: '.length) ?? '';
}

/** Requests of the members that hold this role and no other. */
function requestsOf(policy: Policy, role: string): readonly Request[] {
  const holders = [...policy.members.values()].filter(
    ({ assignments }) => assignments.length === 1 && assignments[0]?.role === role,
  );
  const ids = new Set(holders.map(({ id }) => id));
  const dutiful = policy.grants.filter(({ outcome }) => outcome !== null);
  const actions = new Set(dutiful.flatMap(({ formulas }) => [...formulas.keys()]));
  const all = ids.size === 0 ? [] : [...actions].flatMap((action) => allRequests(policy, action, 500) ?? []);
  return all.filter(({ user }) => typeof user === 'string' && ids.has(user));
}

/** Alone, some grant allows the request with a duty that the decision lacks. */
function losesDuty(policy: Policy, request: Request): boolean {
  const dutiesOf = (name: string | null) => {
    const at = policy.outcomes.findIndex((outcome) => outcome.name === name);
    return policy.outcomes.slice(0, at + 1).flatMap(({ duties }) => duties);
  };
  const whole = decideByReference(policy, request);
  const kept = dutiesOf(whole.outcome);
  return policy.grants.some((grant) => {
    if (grant.outcome === null || !grant.formulas.has(request.action)) return false;
    const alone = decideByReference({ ...policy, grants: [grant] }, request);
    return alone.allow && dutiesOf(grant.outcome).some((duty) => !kept.includes(duty));
  });
}

/** Two conditions of the policy about the action, to stand for "changes their own permissions". */
function formulasOf({ grants, scopes }: Policy, action: string): readonly Formula[] {
  return [...scopes, ...grants].flatMap(({ formulas }) => formulas.get(action) ?? []).slice(0, 2);
}
