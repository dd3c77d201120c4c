import { expect, test } from 'vitest';
import { makeDraft, makeRequest, printDraft } from './generate.ts';
import { agreedOpinion, forAll, subjectOrSkip } from './laws/law.ts';

const comparisons = Number(process.env.CHAPERONE_COMPARISONS ?? 20_000);
const comparisonsOfPolicy = 40;

test('table and reference agree', { timeout: 600_000 + comparisons * 10 }, () => {
  let made = 0;
  let allowed = 0;
  forAll(Math.ceil(comparisons / comparisonsOfPolicy), (policies, requests) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    const most = Math.min(comparisons, made + comparisonsOfPolicy);
    for (let tries = 0; made < most && tries < 2 * comparisonsOfPolicy; tries++) {
      const opinion = agreedOpinion(subject, makeRequest(subject.policy, requests));
      if (opinion === null) continue;
      made++;
      if (opinion.allow) allowed++;
    }
  });
  console.log(`${made} comparisons, 0 disagreements`);
  expect(made).toBe(comparisons);
  expect(allowed / made, 'requests that show little').toBeGreaterThan(0.1);
});
