/** What sentences say of generated policies, against every request of a small world, and the tests that they print. */
import { expect, test } from 'vitest';
import { checkInvariants } from '../../src/check/invariants.ts';
import type { Invariant, Policy } from '../../src/resolve/policy.ts';
import { compileTexts } from '../compile-texts.ts';
import { allRequests, makeDraft, printDraft } from '../generate.ts';
import { forAll, subjectOrSkip } from '../laws/law.ts';
import { passing } from './passing.ts';

const runs = Number(process.env.CHAPERONE_SENTENCES ?? 25);

test('what is proved no request refutes, and what is refuted a test shows', { timeout: 600_000 }, () => {
  const count = { proved: 0, refuted: 0, unproved: 0, requests: 0 };
  forAll(runs, (policies) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies, true)));
    const { diagrams } = compileTexts(subject.texts);
    if (!diagrams) throw new Error('a policy with a table has diagrams');
    const printed: string[] = [];
    const isProved = (invariant: Invariant): boolean => {
      const policy: Policy = { ...subject.policy, invariants: [invariant] };
      const [found] = checkInvariants(policy, diagrams);
      if (!found) count.proved++;
      else if (found.code === 'invariant-unproved') count.unproved++;
      else {
        count.refuted++;
        const line = found.notes.find(({ message }) => message.startsWith('as a test: '));
        expect(line).toBeDefined();
        const text = line?.message.slice('as a test: '.length) ?? '';
        if (!text.includes('id: ""')) printed.push(text); // nobody in a file has an empty id
      }
      return !found;
    };
    for (const action of subject.policy.actions.keys()) {
      for (const role of subject.policy.roles.values()) isProved(sentence('never', action, role, [role.name], []));
      const requests = allRequests(subject.policy, action, 1_500) ?? [];
      for (const member of subject.policy.members.values()) {
        const never = isProved(sentence('never', action, member, [], [member.key]));
        const always = isProved(sentence('always', action, member, [], [member.key]));
        for (const request of requests) {
          if (request.user !== member.id) continue;
          count.requests++;
          const { allow } = subject.decide(request);
          if (never) expect({ allow, request }).toEqual({ allow: false, request });
          if (always) expect({ allow, request }).toEqual({ allow: true, request });
        }
      }
    }
    const wrong = passing(subject.texts, printed);
    if (wrong.length > 0) throw new Error(`${wrong.join('\n')}\n${subject.texts.catalog}\n${subject.texts.practice}`);
  });
  console.log(JSON.stringify(count));
  expect(count.unproved).toBeLessThan((count.proved + count.refuted) / 100);
});

function sentence(
  kind: 'never' | 'always',
  action: string,
  { span }: Pick<Invariant, 'span'>,
  roles: readonly string[],
  members: readonly string[],
): Invariant {
  return { title: 'a sentence', kind, actions: [action], roles, members, over: 'members', formulas: null, span };
}
