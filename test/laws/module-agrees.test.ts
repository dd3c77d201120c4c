/** The emitted module says what the table says, to every question. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { loadFiles } from '../../src/index.ts';
import { writeModule } from '../../src/module/index.ts';
import { createHost, readRuntime } from '../../src/node/index.ts';
import { loadTable, type Table } from '../../src/runtime/index.ts';
import { verify } from '../../src/verify/index.ts';
import { root } from '../cli/run.ts';
import { makeHostile } from '../generate/hostile.ts';
import { allRequests, makeDraft, makeRequest, printDraft } from '../generate.ts';
import type { Request } from '../reference.ts';
import { type Choose, fail, forAll, type Subject, subjectOrSkip } from './law.ts';

const runtime = readRuntime();

test('on small policies the module answers every request as the table does', { timeout: 180_000 }, () => {
  const counts = { asked: 0, said: 0, left: 0 };
  forAll(40, (policies) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies, true)));
    const pair = openBoth(subject, counts);
    for (const action of subject.policy.actions.keys()) {
      for (const request of allRequests(subject.policy, action, 1_000) ?? []) compare(subject, pair, request);
    }
  });
  expect(counts.asked).toBeGreaterThan(1_000);
  expect(counts.said).toBeGreaterThan(1_000);
  expect(counts.left).toBeGreaterThan(100);
});

test('on any policy the module answers as the table does', { timeout: 180_000 }, () => {
  const counts = { asked: 0, said: 0, left: 0 };
  forAll(60, (policies, requests) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    const pair = openBoth(subject, counts);
    for (let tries = 0; tries < 60; tries++) compare(subject, pair, makeRequest(subject.policy, requests));
  });
  expect(counts.said).toBeGreaterThan(300);
  expect(counts.left).toBeGreaterThan(100);
});

test('what only looks like a fact is none to the module, too', { timeout: 180_000 }, () => {
  const counts = { asked: 0, said: 0, left: 0 };
  forAll(80, (policies, requests) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    const pair = openBoth(subject, counts);
    for (let tries = 0; tries < 80; tries++) {
      compare(subject, pair, disguised(makeRequest(subject.policy, requests), requests));
    }
  });
  expect(counts.said).toBeGreaterThan(300);
  expect(counts.left).toBeGreaterThan(500);
});

test('what somebody put on Object.prototype is no fact', { timeout: 180_000 }, () => {
  const counts = { asked: 0, said: 0, left: 0 };
  forAll(40, (policies, requests) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    const pair = openBoth(subject, counts);
    for (let tries = 0; tries < 40; tries++) {
      const request = makeRequest(subject.policy, requests);
      const facts = Object.entries(Object(request.resource)).filter(([key]) => /^[a-z]/.test(key) && !(key in {}));
      try {
        for (const [key, value] of facts) Object.assign(Object.prototype, { [key]: value });
        compare(subject, pair, { ...request, resource: {} });
      } finally {
        for (const [key] of facts) delete (Object.prototype as Record<string, unknown>)[key];
      }
    }
  });
  expect(counts.left).toBeGreaterThan(100);
});

/** With the bytes of each table, since a tests file may add roles and users. */
test('the module decides every request of the shipped policies alike', { timeout: 180_000 }, () => {
  const counts = { asked: 0, said: 0, left: 0 };
  const pairs = new Map<Table, Table>();
  for (const folder of ['policies', 'examples']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.tests.yaml') && !name.includes('starter'))) {
      for (const { asked, test: name } of verify(loadFiles(join(root, folder, file), createHost())).verdicts) {
        const { table, user, action, resource, context } = asked;
        const module = pairs.get(table) ?? openModule(table.world.bytes, () => 0, counts).module;
        pairs.set(table, module);
        const wanted = table.user(user).can(action, resource, context);
        expect(module.user(user).can(action, resource, context), `${file}: ${name}: ${action}`).toBe(wanted);
        counts.asked++;
      }
    }
  }
  expect(counts.asked).toBeGreaterThan(2_500);
  expect(counts.said).toBeGreaterThan(500);
});

interface Pair {
  readonly table: Table;
  readonly module: Table;
  readonly numbers: Readonly<Record<string, number>>;
  readonly clock: { now: number };
  readonly counts: Counts;
}

interface Counts {
  asked: number;
  /** How often a condition in code said something, and how often it left the request to the table. */
  said: number;
  left: number;
}

interface Emitted {
  readonly open: (options: { now: () => number }) => Table;
  readonly actions: Readonly<Record<string, number>>;
  readonly conditions: Map<number, (...request: unknown[]) => number>;
}

function openBoth({ bytes }: Subject, counts: Counts): Pair {
  const clock = { now: 0 };
  const now = () => clock.now;
  return { table: loadTable(bytes, { now }), ...openModule(bytes, now, counts), clock, counts };
}

function openModule(bytes: Uint8Array, now: () => number, counts: Counts): Pick<Pair, 'module' | 'numbers'> {
  const { open, actions, conditions } = evaluate(writeModule(bytes, runtime).text);
  for (const [node, condition] of conditions) {
    conditions.set(node, (...request) => {
      const leaf = condition(...request);
      counts[leaf < 0 ? 'left' : 'said']++;
      return leaf;
    });
  }
  return { module: open({ now }), numbers: actions };
}

/** As a script, since a law cannot wait for an import. */
function evaluate(text: string): Emitted {
  const body = text.replace(/^export default table;$/m, '').replace(/^export const/gm, 'const');
  return new Script(`(() => { 'use strict'; ${body}; return { open, actions, conditions }; })()`).runInThisContext();
}

function compare(subject: Subject, pair: Pair, request: Request): void {
  const { table, module, numbers, clock, counts } = pair;
  clock.now = request.now;
  const { action, resource, context } = request;
  const ofTable = table.user(whoOf(request));
  const ofModule = module.user(whoOf(request));
  // Both are users who have asked before.
  for (const user of [ofTable, ofModule]) user.decide(action);
  ofModule.can(action);
  const can = ofTable.can(action, resource, context);
  const found = {
    byName: ofModule.can(action, resource, context),
    byNumber: ofModule.can(numbers[action] ?? -1, resource, context),
  };
  if (found.byName !== can || found.byNumber !== can) {
    fail('module and table disagree', [subject], null, { request: inspect(request), can, ...found });
  }
  const why = JSON.stringify(ofTable.decide(action, resource, context));
  const whyOfModule = JSON.stringify(ofModule.decide(action, resource, context));
  if (why !== whyOfModule) {
    fail('module and table give other reasons', [subject], null, { request: inspect(request), why, whyOfModule });
  }
  if (counts.asked++ % 10 > 0) return;
  expect(ofModule.permitted()).toEqual(ofTable.permitted());
}

function whoOf({ user }: Request): string | Record<string, unknown> {
  if (typeof user === 'string') return user;
  const { id, roles, attributes } = user;
  return { ...attributes, id, ...(roles !== null && { roles }) };
}

function disguised(request: Request, choose: Choose): Request {
  const { user, resource, context } = request;
  const data = typeof user === 'string' ? null : makeHostile(user.attributes, choose);
  const attributes = Object(data) as Record<string, unknown>;
  return {
    ...request,
    user: typeof user === 'string' ? user : { ...user, attributes: isReadable(attributes) ? attributes : {} },
    resource: makeHostile(resource, choose),
    context: choose(3) === 0 ? makeHostile(context, choose) : context,
  };
}

function isReadable(data: object): boolean {
  try {
    Object.assign({}, data);
    return true;
  } catch {
    return false;
  }
}
