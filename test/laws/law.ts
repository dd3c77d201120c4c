/** Runs a law over generated policies; the seed is fixed unless CHAPERONE_SEED says otherwise. */
import fc from 'fast-check';
import type { Policy } from '../../src/resolve/policy.ts';
import { loadTable } from '../../src/runtime/index.ts';
import { compileTexts } from '../compile-texts.ts';
import { chooser, describeRequest, numbers, type Texts } from '../generate.ts';
import { decideByReference, type Opinion, type Request } from '../reference.ts';

export type Choose = ReturnType<typeof chooser>;

/** One policy with its table. */
export interface Subject {
  readonly texts: Texts;
  readonly policy: Policy;
  readonly bytes: Uint8Array;
  readonly meaningDigest: string;
  /** The table's answer. */
  readonly decide: (request: Request) => Opinion;
  readonly user: (request: Request) => ReturnType<ReturnType<typeof loadTable>['user']>;
}

const seed = Number(process.env.CHAPERONE_SEED ?? 20_260_501);
const timeToSimplify = 20_000;

/** `law` throws where it does not hold; it gets two streams of choices, for policies and for requests. */
export function forAll(runs: number, law: (policies: Choose, requests: Choose) => void): void {
  let end = Number.POSITIVE_INFINITY;
  const property = fc.property(numbers(), numbers(), (policies, requests) => {
    fc.pre(performance.now() < end);
    try {
      law(chooser(policies), chooser(requests));
    } catch (error) {
      if (!fc.PreconditionFailure.isFailure(error)) end = Math.min(end, performance.now() + timeToSimplify);
      throw error;
    }
  });
  const details = fc.check(property, { numRuns: runs, seed });
  if (!details.failed) return;
  const { errorInstance: error, numShrinks, numRuns } = details;
  const message =
    error instanceof Error ? error.message : `only ${numRuns} of ${runs} runs had a policy without errors`;
  throw new Error(`${message}\n(seed ${seed}, run ${numRuns}, made simpler ${numShrinks} times)`);
}

/** The subject, or null where the texts hold an error. */
export function subjectOf(texts: Texts): Subject | null {
  const { policy, table } = compileTexts(texts);
  if (policy === null || table === null) return null;
  let clock = 0;
  const loaded = loadOrFail(table, texts, () => clock);
  const user = (request: Request) => {
    clock = request.now;
    if (typeof request.user === 'string') return loaded.user(request.user);
    const { id, roles, attributes } = request.user;
    return loaded.user({ ...attributes, id, ...(roles !== null && { roles }) });
  };
  const decide = (request: Request) => {
    const { allow, outcome } = user(request).decide(request.action, request.resource, request.context);
    return { allow, outcome };
  };
  return { texts, policy, bytes: table, meaningDigest: loaded.meaningDigest, decide, user };
}

function loadOrFail(table: Uint8Array, texts: Texts, now: () => number): ReturnType<typeof loadTable> {
  try {
    return loadTable(table, { now });
  } catch (error) {
    throw new Error(`the table does not load: ${String(error)}\n\n${texts.catalog}\n# ----\n${texts.practice}`);
  }
}

/** As `subjectOf`; a run whose policy holds an error does not count. */
export function subjectOrSkip(texts: Texts): Subject {
  const subject = subjectOf(texts);
  fc.pre(subject !== null);
  return subject;
}

export function skipUnless(condition: boolean): asserts condition {
  fc.pre(condition);
}

/** Both opinions, which must be one; null where the reference would have too much to try. */
export function agreedOpinion(subject: Subject, request: Request): Opinion | null {
  const byReference = opinionOf(subject, request);
  if (byReference === null) return null;
  const byTable = subject.decide(request);
  if (byTable.allow !== byReference.allow || byTable.outcome !== byReference.outcome) {
    fail('table and reference disagree', [subject], request, { byTable, byReference });
  }
  return byTable;
}

/** Deny is 0, then the outcomes from last to first, then the plain allow. */
export function rankOf({ outcomes }: Policy, { allow, outcome }: Opinion): number {
  if (!allow) return 0;
  return outcome === null ? outcomes.length + 1 : outcomes.length - outcomes.findIndex(({ name }) => name === outcome);
}

export function fail(claim: string, subjects: readonly Subject[], request: object | null, facts: unknown): never {
  const policies = subjects.map(({ texts }) => `${texts.catalog}\n# ----\n${texts.practice}`);
  const asked = request === null ? [] : [describeRequest(request)];
  throw new Error([claim, ...policies, ...asked, JSON.stringify(facts, null, 2)].join('\n\n'));
}

function opinionOf({ policy }: Subject, request: Request): Opinion | null {
  try {
    return decideByReference(policy, request);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
