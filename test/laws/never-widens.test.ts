import { expect, test } from 'vitest';
import type { Formula, Operand, Policy } from '../../src/resolve/policy.ts';
import { makeDraft, makeRequest, narrowSetting, printDraft, withoutFact } from '../generate.ts';
import { agreedOpinion, fail, forAll, rankOf, skipUnless, subjectOrSkip } from './law.ts';

test('removing a fact never widens', { timeout: 120_000 }, () => {
  let narrowed = 0;
  forAll(200, (policies, requests) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    for (let tries = 0; tries < 30; tries++) {
      const request = makeRequest(subject.policy, requests);
      const poorer = withoutFact(request, requests);
      const [before, after] = [request, poorer].map((each) => (each === null ? null : agreedOpinion(subject, each)));
      if (poorer === null || before == null || after == null) continue;
      const [had, has] = [rankOf(subject.policy, before), rankOf(subject.policy, after)];
      if (has > had) fail('less data gives more', [subject], poorer, { request, before, after });
      if (has < had) narrowed++;
    }
  });
  expect(narrowed, 'removals that matter').toBeGreaterThan(50);
});

test('narrowing a setting that stands in no negation never widens', { timeout: 120_000 }, () => {
  let narrowed = 0;
  forAll(150, (policies, requests) => {
    const draft = makeDraft(policies);
    const subject = subjectOrSkip(printDraft(draft));
    const negated = negatedSettings(subject.policy);
    const positive = [...subject.policy.settings.keys()].filter((name) => !negated.has(name));
    const narrower = narrowSetting(draft, positive, requests);
    skipUnless(narrower !== null);
    const other = subjectOrSkip(printDraft(narrower));
    for (let tries = 0; tries < 30; tries++) {
      const request = makeRequest(subject.policy, requests);
      const [before, after] = [agreedOpinion(subject, request), agreedOpinion(other, request)];
      if (before === null || after === null) continue;
      const [had, has] = [rankOf(subject.policy, before), rankOf(subject.policy, after)];
      if (has > had) fail('a narrower setting gives more', [subject, other], request, { before, after });
      if (has < had) narrowed++;
    }
  });
  expect(narrowed, 'settings that matter').toBeGreaterThan(5);
});

/** Sets whose growth may take something away. */
function negatedSettings(policy: Policy): Set<string> {
  const found = new Set<string>();
  const visitOperand = (operand: Operand | null, isPositive: boolean): void => {
    if (operand?.kind === 'setting' && !isPositive) found.add(operand.name);
  };
  const visit = (formula: Formula, isPositive: boolean): void => {
    if (formula.kind === 'not') visit(formula.term, !isPositive);
    if (formula.kind === 'and' || formula.kind === 'or') for (const term of formula.terms) visit(term, isPositive);
    if (formula.kind !== 'comparison') return;
    visitOperand(formula.left, formula.operator === 'within' ? !isPositive : isPositive);
    visitOperand(formula.right, isPositive);
  };
  for (const { formulas } of [...policy.grants, ...policy.scopes]) {
    for (const formula of formulas.values()) visit(formula, true);
  }
  return found;
}
