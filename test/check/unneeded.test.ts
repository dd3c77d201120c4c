/** Without the grants and scopes that are called unneeded, every decision is the same. */
import { expect, test } from 'vitest';
import { checkUnneededGrants } from '../../src/check/unneeded-grants.ts';
import { checkUnneededScopes } from '../../src/check/unneeded-scopes.ts';
import type { Policy } from '../../src/resolve/policy.ts';
import { compileTexts } from '../compile-texts.ts';
import { makeDraft, makeRequest, printDraft } from '../generate.ts';
import { forAll, subjectOrSkip } from '../laws/law.ts';
import { decideByReference } from '../reference.ts';

const runs = Number(process.env.CHAPERONE_UNNEEDED ?? 40);

test('what is unneeded can go, all at once', { timeout: 600_000 }, () => {
  const count = { grants: 0, scopes: 0, requests: 0 };
  forAll(runs, (policies, requests) => {
    const { texts } = subjectOrSkip(printDraft(makeDraft(policies, policies(2) === 0)));
    const { policy, diagrams } = compileTexts(texts);
    if (!policy) return;
    const [member] = policy.members.values();
    const [permission] = policy.permissions.values();
    if (!diagrams || !member || !permission) return;
    const files = [member.span.file, permission.span.file] as const;
    const grants = placesOf(files.flatMap((file) => checkUnneededGrants(file, policy)));
    const scopes = placesOf(checkUnneededScopes(files[0], policy, diagrams));
    const less: Policy = {
      ...policy,
      grants: policy.grants.filter(({ span }) => !grants.has(`${span.file.path} ${span.start}`)),
      scopes: policy.scopes.filter(({ span }) => !scopes.has(`${span.file.path} ${span.start}`)),
    };
    count.grants += grants.size;
    count.scopes += scopes.size;
    if (grants.size + scopes.size === 0) return;
    for (let tries = 0; tries < 60; tries++) {
      const request = makeRequest(policy, requests);
      const before = opinionOrNull(policy, request);
      const after = opinionOrNull(less, request);
      if (before === null || after === null) continue;
      count.requests++;
      expect({ request, ...after }).toEqual({ request, ...before });
    }
  });
  console.log(JSON.stringify(count));
  expect(count.requests).toBeGreaterThan(0);
});

function placesOf(found: ReturnType<typeof checkUnneededGrants>): ReadonlySet<string> {
  return new Set(found.flatMap(({ span }) => (span ? [`${span.file.path} ${span.start}`] : [])));
}

/** Null where too much is unknown for the reference. */
function opinionOrNull(policy: Policy, request: Parameters<typeof decideByReference>[1]) {
  try {
    return decideByReference(policy, request);
  } catch {
    return null;
  }
}
