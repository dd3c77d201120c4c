import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chaperone, root, temporaryFolder } from './run.ts';

const catalogs = readdirSync(join(root, 'policies'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('init', () => {
  it.each(catalogs)('starts a practice on %s that is clean and passes its tests', (catalog) => {
    const folder = join(temporaryFolder(), 'my-clinic');
    expect(chaperone(['init', folder, '--catalog', catalog])).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'practice.yaml'), 'utf8')).toContain('name: my-clinic');
    expect(existsSync(join(folder, '.github/workflows/policy.yml'))).toBe(true);
    expect(chaperone(['check', folder, '--max-warnings', '0'])).toMatchObject({ status: 0, stdout: 'nothing wrong\n' });
    expect(chaperone(['test', folder])).toMatchObject({ status: 0 });
    for (const file of ['practice.yaml', 'first.tests.yaml']) {
      const [, schema = ''] = /\$schema=(\S+)/.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
      expect(existsSync(join(folder, schema)), schema).toBe(true);
    }
  });

  it('writes nothing into a folder that is not empty, and asks on a terminal only', () => {
    const folder = temporaryFolder({ 'notes.txt': 'mine' });
    expect(chaperone(['init', folder, '--catalog', 'power-diary'])).toMatchObject({ status: 2, stdout: '' });
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    const run = chaperone(['init', join(folder, 'new')]);
    expect(run).toMatchObject({ status: 2 });
    expect(run.stderr).toContain('--catalog');
  });
});

describe('test', () => {
  const failing = [
    'chaperone: 1',
    'kind: tests',
    'practice: ./practice.yaml',
    'tests:',
    '  - name: the desk <reads> "notes" & more',
    '    user: front-desk',
    '    expect: { client.search: deny, notepad.use: allow }',
    '',
  ].join('\n');

  function clinic(): string {
    const folder = join(temporaryFolder(), 'clinic');
    chaperone(['init', folder, '--catalog', 'power-diary']);
    writeFileSync(join(folder, 'second.tests.yaml'), failing);
    return folder;
  }

  it('shows a failed expectation with its place, what was expected and the whole reason', () => {
    const run = chaperone(['test', clinic()]);
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/second\.tests\.yaml:7:\d+ {2}front-desk: client\.search/);
    expect(run.stdout).toContain('decision: expected deny, got allow');
    expect(run.stdout).toContain('People Menu (people-menu) (level client-billing) gives it');
    expect(run.stdout).toMatch(/^\d+ passed, 1 failed$/m);
  });

  it('runs the test that shows how a sentence fails, beside the sentence', () => {
    const folder = temporaryFolder({
      'catalog.yaml': `chaperone: 1
kind: catalog
name: tiny
version: 1.0.0
accounts: { staff: {} }
resources: { note: { actions: { view: {}, sign: {} } } }
permissions:
  read: { grants: [{ actions: [note.view] }] }
  write: { grants: [{ actions: [note.sign] }] }
`,
      'practice.yaml': `chaperone: 1
kind: practice
name: clinic
version: 1.0.0
catalog: ./catalog.yaml
roles: { nurse: { account: staff, with: [read] }, doctor: { account: staff, with: [read, write] } }
members: { mia: { role: nurse }, ben: { role: doctor } }
invariants: [{ nobody reads: { never: note.view } }]
`,
      'shown.tests.yaml': `chaperone: 1
kind: tests
practice: ./practice.yaml
tests:
  - { name: nobody reads, user: mia, resources: { it: { type: note } }, expect: { note.view on it: deny, note.sign on it: deny } }
`,
    });
    const run = chaperone(['test', folder, '--json']);
    expect(run.status).toBe(1);
    const { passed, failed, tests, diagnostics } = JSON.parse(run.stdout);
    expect([passed, failed]).toEqual([1, 1]);
    expect(tests.map((test: { action: string; passed: boolean }) => [test.action, test.passed])).toEqual([
      ['note.view', false],
      ['note.sign', true],
    ]);
    expect(diagnostics.map(({ code }: { code: string }) => code)).toEqual(['invariant-failed']);
    // Whatever else is wrong, nothing is decided.
    writeFileSync(
      join(folder, 'practice.yaml'),
      'chaperone: 1\nkind: practice\nname: x\nversion: 1.0.0\ncatalog: ./gone.yaml\n',
    );
    expect(JSON.parse(chaperone(['test', folder, '--json']).stdout)).toMatchObject({ passed: 0, failed: 0, tests: [] });
  });

  it('writes JSON and JUnit', () => {
    const folder = clinic();
    const json = JSON.parse(chaperone(['test', folder, '--json']).stdout);
    expect(json).toMatchObject({ failed: 1, diagnostics: [] });
    expect(json.tests.filter((item: { passed: boolean }) => !item.passed)).toHaveLength(1);
    const xml = chaperone(['test', folder, '--format', 'junit']).stdout;
    expect(xml).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="chaperone" tests="\d+" failures="1" errors="0"/,
    );
    expect(xml).toContain('the desk &lt;reads&gt; &quot;notes&quot; &amp; more');
    expect(unbalanced(xml)).toEqual([]);
  });

  it('runs the tests that are asked for', () => {
    const folder = clinic();
    expect(chaperone(['test', folder, '--filter', 'finds clients'])).toMatchObject({
      status: 0,
      stdout: '2 passed, 0 failed\n',
    });
    expect(chaperone(['test', folder, '--filter', 'no such test'])).toMatchObject({ status: 2, stdout: '' });
  });
});

/** Names of elements that are opened and not closed, or the other way round. */
function unbalanced(xml: string): readonly string[] {
  const open: string[] = [];
  for (const [, close, name = '', own] of xml.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (own) continue;
    if (!close) open.push(name);
    else if (open.pop() !== name) return [name];
  }
  return open;
}
