import { test } from 'vitest';
import { makeDraft, makeRequest, printDraft } from '../generate.ts';
import type { Request } from '../reference.ts';
import { agreedOpinion, fail, forAll, subjectOrSkip } from './law.ts';

test('can() says what decide() says', { timeout: 120_000 }, () => {
  forAll(150, (policies, requests) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    for (let tries = 0; tries < 40; tries++) {
      const request = makeRequest(subject.policy, requests);
      const { allow } = subject.decide(request);
      const can = subject.user(request).can(request.action, request.resource, request.context);
      if (can !== allow) fail('can() and decide() disagree', [subject], request, { can, allow });
    }
  });
});

test('permitted() agrees with the decisions', { timeout: 120_000 }, () => {
  forAll(150, (policies, requests) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    for (let tries = 0; tries < 30; tries++) {
      // What is permitted is permitted now, so the request leaves the time to the clock.
      const request = withoutNow(makeRequest(subject.policy, requests));
      const { always, sometimes } = subject.user(request).permitted();
      for (const action of subject.policy.actions.keys()) {
        const empty = agreedOpinion(subject, { ...request, action, resource: undefined, context: undefined });
        const isAlways = always.has(action);
        if (empty !== null && empty.allow !== isAlways) {
          fail('always is what is allowed without data', [subject], request, { action, empty, isAlways });
        }
      }
      const isPermitted = always.has(request.action) || sometimes.has(request.action);
      const opinion = agreedOpinion(subject, request);
      if (opinion?.allow && !isPermitted) fail('allowed, yet not permitted', [subject], request, { opinion });
    }
  });
});

function withoutNow(request: Request): Request {
  if (typeof request.context !== 'object' || request.context === null) return request;
  const { now: _, ...context } = request.context as Record<string, unknown>;
  return { ...request, context };
}
