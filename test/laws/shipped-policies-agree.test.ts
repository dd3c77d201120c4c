import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadFiles } from '../../src/index.ts';
import { createHost } from '../../src/node/index.ts';
import { verify } from '../../src/verify/index.ts';
import { root } from '../cli/run.ts';
import { decideByReference } from '../reference.ts';

/** Every request of the shipped tests files, decided once more by the reference evaluator. */
it('the reference decides every request of the shipped policies and examples alike', () => {
  let compared = 0;
  for (const folder of ['policies', 'examples']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.tests.yaml') && !name.includes('starter'))) {
      for (const { asked, got, test } of verify(loadFiles(join(root, folder, file), createHost())).verdicts) {
        const { policy, action, resource, context } = asked;
        const user =
          typeof asked.user === 'string'
            ? asked.user
            : { id: String(asked.user.id), roles: null, attributes: asked.user };
        const opinion = decideByReference(policy, { user, action, resource, context, now: 0 });
        expect({ allow: got.allow, outcome: got.outcome }, `${file}: ${test}: ${action}`).toEqual(opinion);
        compared++;
      }
    }
  }
  expect(compared).toBeGreaterThan(2_500);
});
