import { expect, test } from 'vitest';
import { allRequests, makeDraft, printDraft } from '../generate.ts';
import { agreedOpinion, forAll, subjectOrSkip } from './law.ts';

test('on small policies table and reference agree on every request', { timeout: 120_000 }, () => {
  let comparisons = 0;
  forAll(60, (policies) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies, true)));
    for (const action of subject.policy.actions.keys()) {
      for (const request of allRequests(subject.policy, action, 2_000) ?? []) {
        if (agreedOpinion(subject, request) !== null) comparisons++;
      }
    }
  });
  expect(comparisons).toBeGreaterThan(1_000);
});
