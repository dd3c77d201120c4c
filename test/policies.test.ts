import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFiles } from '../src/index.ts';
import { createHost } from '../src/node/index.ts';
import { verify } from '../src/verify/index.ts';
import { root } from './cli/run.ts';

const files = ['policies', 'examples'].flatMap((folder) => filesIn(join(root, folder)));

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.tests.yaml') && !name.includes('starter'))
    .sort()
    .map((name) => join(folder, name));
}

describe.each(files)('%s', (file) => {
  const { verdicts, diagnostics } = verify(loadFiles(file, createHost()));

  it('is read without a word', () => {
    expect(diagnostics).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(5);
  });

  it('expects what is decided', () => {
    const failed = verdicts.filter(({ differences }) => differences.length > 0);
    expect(
      failed.map(({ test, user, action, on, differences }) => `${test}: ${user} ${action} ${on}: ${differences}`),
    ).toEqual([]);
  });
});
