import { expect, test } from 'vitest';
import { chooser, dropScope, grantMore, makeDraft, makeRequest, printDraft, shuffle } from '../generate.ts';
import { decideByReference } from '../reference.ts';
import { type Choose, fail, forAll, type Subject, skipUnless, subjectOf, subjectOrSkip } from './law.ts';

test('the same policy written another way has the same meaning digest', { timeout: 120_000 }, () => {
  forAll(200, (policies, others) => {
    const draft = makeDraft(policies);
    const subject = subjectOrSkip(printDraft(draft));
    const texts = printDraft(shuffle(draft, others), others);
    const rewritten = subjectOf(texts);
    if (rewritten === null) fail('the rewritten policy holds an error', [subject, { ...subject, texts }], null, null);
    if (rewritten.meaningDigest !== subject.meaningDigest) fail('the digests differ', [subject, rewritten], null, null);
  });
});

test('a policy that decides some request differently has another meaning digest', { timeout: 120_000 }, () => {
  let different = 0;
  forAll(150, (policies, others) => {
    const draft = makeDraft(policies);
    const subject = subjectOrSkip(printDraft(draft));
    const changed = others(2) === 0 ? grantMore(draft, others) : dropScope(draft, others);
    skipUnless(changed !== null);
    const other = subjectOrSkip(printDraft(changed));
    if (!decideDifferently(subject, other, others)) return;
    different++;
    if (other.meaningDigest === subject.meaningDigest) fail('the digests are equal', [subject, other], null, null);
  });
  expect(different, 'changes that change a decision').toBeGreaterThan(20);
});

test('compiling twice gives the same bytes', { timeout: 60_000 }, () => {
  forAll(40, (policies) => {
    const texts = printDraft(makeDraft(policies));
    const [first, second] = [subjectOrSkip(texts), subjectOrSkip(texts)];
    if (Buffer.compare(first.bytes, second.bytes) !== 0) fail('the bytes differ', [first], null, null);
  });
});

test('without choices there is a policy without errors', () => {
  expect(subjectOf(printDraft(makeDraft(chooser([]))))).not.toBeNull();
});

function decideDifferently(one: Subject, other: Subject, choose: Choose): boolean {
  for (let tries = 0; tries < 60; tries++) {
    const request = makeRequest(one.policy, choose);
    const opinions = [one, other].map(({ policy }) => decideQuietly(() => decideByReference(policy, request)));
    if (opinions.every((opinion) => opinion !== null) && opinions[0] !== opinions[1]) return true;
  }
  return false;
}

function decideQuietly(decide: () => unknown): string | null {
  try {
    return JSON.stringify(decide());
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
