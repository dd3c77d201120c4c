import { expect, test } from 'vitest';
import type { Formula, Policy } from '../../src/resolve/policy.ts';
import { type Draft, makeDraft, makeRequest, printDraft, raiseRung, switchOn } from '../generate.ts';
import { agreedOpinion, type Choose, fail, forAll, rankOf, skipUnless, subjectOrSkip } from './law.ts';

test('a higher rung never loses an allow', { timeout: 120_000 }, () => {
  expect(countGains((draft, choose) => raiseRung(draft, choose))).toBeGreaterThan(5);
});

test('turning a permission on never takes an allow away', { timeout: 120_000 }, () => {
  expect(countGains((draft, choose) => switchOn(draft, choose))).toBeGreaterThan(5);
});

function countGains(change: (draft: Draft, choose: Choose) => Draft | null): number {
  let gains = 0;
  forAll(120, (policies, requests) => {
    const draft = makeDraft(policies);
    const changed = change(draft, requests);
    skipUnless(changed !== null);
    const subject = subjectOrSkip(printDraft(draft));
    skipUnless(!scopesUsePermissions(subject.policy));
    const other = subjectOrSkip(printDraft(changed));
    for (let tries = 0; tries < 30; tries++) {
      const request = makeRequest(subject.policy, requests);
      const [before, after] = [agreedOpinion(subject, request), agreedOpinion(other, request)];
      if (before === null || after === null) continue;
      const [had, has] = [rankOf(subject.policy, before), rankOf(subject.policy, after)];
      if (has < had) fail('more permissions give less', [subject, other], request, { before, after });
      if (has > had) gains++;
    }
  });
  return gains;
}

function scopesUsePermissions(policy: Policy): boolean {
  return policy.scopes.some(({ formulas }) => [...formulas.values()].some(usesPermissions));
}

function usesPermissions(formula: Formula): boolean {
  switch (formula.kind) {
    case 'has':
      return true;
    case 'not':
      return usesPermissions(formula.term);
    case 'and':
    case 'or':
      return formula.terms.some(usesPermissions);
    case 'comparison':
      return formula.left.kind === 'permissions' || formula.right?.kind === 'permissions';
    default:
      return false;
  }
}
