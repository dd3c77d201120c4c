import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chaperone, root, temporaryFolder } from './run.ts';

const harbour = join(root, 'examples/harbour-physio');

/** Runs a script beside the module in a process that makes no code of texts. */
function runBeside(folder: string, script: string): unknown {
  writeFileSync(join(folder, 'script.mjs'), script);
  const flags = ['--disallow-code-generation-from-strings', 'script.mjs'];
  const run = spawnSync(process.execPath, flags, { cwd: folder, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout);
}

it('decides under a strict content security policy, by names and by numbers', () => {
  const folder = temporaryFolder();
  expect(chaperone(['compile', harbour, '--target', 'module', '-o', 'policy.mjs'], folder)).toMatchObject({
    status: 0,
    stderr: '',
  });
  const found = runBeside(
    folder,
    `import table, { actions, open, user } from './policy.mjs';
    const lee = user('lee');
    let forbidden;
    try { new Function('return 1')(); } catch (error) { forbidden = error.name; }
    console.log(JSON.stringify({
      forbidden,
      byName: [lee.can('client.search'), lee.can('note.view', { author: 'cho', client: { preferred: 'dr-lee' } })],
      byNumber: [lee.can(actions['client.search']), lee.can(actions['note.view'], { author: 'lee' })],
      unknown: [lee.can('note.burn'), lee.can(-1), lee.can(0.5), lee.can(9999), lee.can(NaN), lee.can('__proto__')],
      wrong: [lee.can(null), lee.can(['client.search']), lee.can({ toString: () => 'client.search' })],
      nobody: user('nobody').can('client.search'),
      reason: lee.decide('note.view', { author: 'lee' }).reason,
      isOwnTable: table.user('lee') === lee,
      hasClock: open({ now: () => 0 }).user('lee').can('client.search'),
      digest: table.verify() && table.policy.name,
    }));`,
  );
  expect(found).toEqual({
    forbidden: 'EvalError',
    byName: [true, false],
    byNumber: [true, false],
    unknown: [false, false, false, false, false, false],
    wrong: [false, false, false],
    nobody: false,
    reason: 'missing-fact',
    isOwnTable: true,
    hasClock: true,
    digest: 'harbour-physio',
  });
});

it('is the same from a policy and from its table, and the same each time', () => {
  const folder = temporaryFolder();
  const write = (...words: string[]) => chaperone(['compile', ...words], folder);
  expect(write(harbour, '-o', 'a.chaperone').status).toBe(0);
  expect(write('a.chaperone', '--target', 'module', '-o', 'a.mjs').status).toBe(0);
  expect(write(harbour, '--target', 'module', '-o', 'b.mjs').status).toBe(0);
  expect(write(harbour, '--target', 'module').status).toBe(0);
  const [a, b, c] = ['a', 'b', 'harbour-physio'].map((name) => readFileSync(join(folder, `${name}.mjs`), 'utf8'));
  expect(b).toBe(a);
  expect(c).toBe(a);
});

it('says how large the module is and how much of it is code', () => {
  const folder = temporaryFolder();
  const words = ['compile', harbour, '--target', 'module', '-o', 'policy.mjs'];
  const text = chaperone(words, folder).stdout;
  const [, compiled, all] = /policy\.mjs {2}\d+ bytes, (\d+) of (\d+) conditional cells as code, meaning/.exec(text)!;
  expect(Number(compiled)).toBeGreaterThan(50);
  expect(Number(all)).toBeGreaterThanOrEqual(Number(compiled));
  const { module, bytes, cells, meaningDigest } = JSON.parse(chaperone([...words, '--json'], folder).stdout);
  expect({ module, bytes, cells }).toEqual({
    module: 'policy.mjs',
    bytes: readFileSync(join(folder, 'policy.mjs')).length,
    cells: { conditional: Number(all), compiled: Number(compiled) },
  });
  expect(text).toContain(meaningDigest.slice(0, 16));
});

it('writes declarations for it', () => {
  const folder = temporaryFolder();
  const words = ['--target', 'module', '-o', 'policy.mjs', '--types', 'policy.d.mts'];
  expect(chaperone(['compile', harbour, ...words], folder).status).toBe(0);
  const types = readFileSync(join(folder, 'policy.d.mts'), 'utf8');
  expect(types).toContain('  | "client.search"\n');
  expect(types).toContain('export declare const actions: { readonly [Name in Action]: number };');
});

it('writes whole or not at all, and nothing for what it cannot do', () => {
  const folder = temporaryFolder({ 'broken.yaml': 'chaperone: 1\nkind: practice\n' });
  const refused = (...words: string[]) => chaperone(['compile', ...words], folder);
  expect(refused(harbour, '--target', 'wasm')).toMatchObject({
    status: 2,
    stderr: 'error: unknown target `wasm`\n  help: targets: table, module\n',
  });
  expect(refused('broken.yaml', '--target', 'module', '-o', 'policy.mjs').status).toBe(1);
  expect(refused(harbour, '--target', 'module', '-o', '.').status).toBe(2);
  expect(readdirSync(folder)).toEqual(['broken.yaml']);
  expect(refused(harbour, '-o', 'a.chaperone').status).toBe(0);
  expect(refused('a.chaperone', '--target', 'module', '-o', 'a.chaperone')).toMatchObject({ status: 2 });
  expect(refused('a.chaperone', '--target', 'module', '--types', 'a.ts')).toMatchObject({ status: 2 });
  expect(refused('a.chaperone')).toMatchObject({ status: 2 });
  expect(readdirSync(folder)).toEqual(['a.chaperone', 'broken.yaml']);
});
