import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadFiles } from '../src/index.ts';
import { createHost } from '../src/node/index.ts';
import { verify } from '../src/verify/index.ts';
import { root } from './cli/run.ts';

/** How many numbered statements each source has. */
const sources = { PBA: 27, PBB: 28, PD: 110, CS: 125, WA: 29 } as const;

/** Statements that no decision can show, each with the reason. */
const undecidable: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'test/undecidable-statements.json'), 'utf8'),
);

const ids = Object.entries(sources).flatMap(([source, count]) =>
  Array.from({ length: count }, (_, index) => `${source}-${index + 1}`),
);

function citedByPassingExpectations(): ReadonlySet<string> {
  const policies = join(root, 'policies');
  const files = readdirSync(policies, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.tests.yaml') && !name.includes('starter'),
  );
  const cited = new Set<string>();
  for (const file of files) {
    const { verdicts } = verify(loadFiles(join(policies, file), createHost()));
    const failing = new Set(verdicts.filter(({ differences }) => differences.length > 0).map(({ test }) => test));
    for (const { test, cites } of verdicts) if (!failing.has(test)) for (const id of cites) cited.add(id);
  }
  return cited;
}

it('has 319 statements, each shown by a passing expectation or listed with a reason', () => {
  expect(ids).toHaveLength(319);
  const cited = citedByPassingExpectations();
  expect(ids.filter((id) => !cited.has(id) && !(id in undecidable))).toEqual([]);
  expect([...cited].filter((id) => !ids.includes(id))).toEqual([]);
});

it('lists as undecidable only what is there and is not cited, each with a reason', () => {
  const cited = citedByPassingExpectations();
  for (const [id, reason] of Object.entries(undecidable)) {
    expect(ids).toContain(id);
    expect(cited.has(id), `${id} is cited, so it can be shown`).toBe(false);
    expect(reason.length).toBeGreaterThan(30);
  }
});
