/** What sentences say of generated policies, against every request of a small world, and the tests that they print. */
import { expect, test } from 'vitest';
import { checkInvariants } from '../../src/check/invariants.ts';
import { loadFiles } from '../../src/index.ts';
import type { Invariant, Policy } from '../../src/resolve/policy.ts';
import { verify } from '../../src/verify/index.ts';
import { compileTexts } from '../compile-texts.ts';
import { allRequests, makeDraft, printDraft, type Texts } from '../generate.ts';
import { forAll, subjectOrSkip } from '../laws/law.ts';

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

/** Printed tests that do not fail, though each shows that a sentence is broken; and what is wrong with their text. */
function passing(texts: Texts, printed: readonly string[]): readonly unknown[] {
  if (printed.length === 0) return [];
  const tests = `chaperone: 1\nkind: tests\npractice: ./practice.yaml\ntests:\n${printed.map((line) => `  ${line}\n`).join('')}`;
  const files = new Map([
    ['catalog.yaml', texts.catalog],
    ['practice.yaml', texts.practice],
    ['printed.tests.yaml', tests],
  ]);
  const read = (path: string) => files.get(path.replace(/^(\.?\/)+/, '')) ?? null;
  const { verdicts, diagnostics } = verify(loadFiles('printed.tests.yaml', { read }));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const lines = new Set(printed);
  if (verdicts.length !== printed.length && errors.length === 0) return ['not every test was run', [...lines]];
  return [
    ...errors.map(
      ({ code, message, span }) => `${code}: ${message} ${span && tests.slice(span.start - 200, span.end + 200)}`,
    ),
    ...verdicts.flatMap(({ differences }, index) => (differences.length > 0 ? [] : [printed[index]])),
  ];
}
