/**
 * The folders of test/cases. A case is a folder with an entry (practice.yaml, else catalog.yaml, else a tests file) and
 * what is asserted of it:
 * - diagnostics.txt: exactly what people see; empty where nothing is wrong. Every case has one.
 * - *.tests.yaml beside a practice or catalog: every expectation holds.
 * With CHAPERONE_WRITE=1 a diagnostics.txt is written where it differs; read it before you commit it.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue, compile, type Diagnostic, hasErrors, loadFiles, renderDiagnostics } from '../src/index.ts';
import { createHost } from '../src/node/index.ts';
import { verify } from '../src/verify/index.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), 'cases');
const isWriting = process.env.CHAPERONE_WRITE === '1';

/** Codes whose cases need more than a folder of files: where they stand instead. */
const elsewhere: Readonly<Record<string, string>> = {
  'shadowed-catalog': 'below: it needs an installed package, which git does not keep',
  'unused-invariants': 'test/cli/verbs.test.ts: only `check` of a folder sees files that nothing names',
};

interface Case {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly entry: string;
}

const cases = foldersIn(root).flatMap((folder): readonly Case[] => {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const names = files.map(({ name }) => name).sort();
  if (names.length === 0 || isPartOfCase(folder)) return [];
  const entry = ['practice.yaml', 'catalog.yaml'].find((name) => names.includes(name)) ?? names.find(isTestsFile);
  const name = relative(root, folder).split(sep).join('/');
  if (entry === undefined) throw new Error(`${name} holds no entry`);
  return [{ name, folder, files: names, entry }];
});

describe('cases', () => {
  for (const { name, folder, files, entry } of cases) {
    it(name, () => {
      const { diagnostics, read } = run(folder, entry);
      const rendered = renderDiagnostics(diagnostics, { colour: false });
      const golden = join(folder, 'diagnostics.txt');
      if (isWriting && !(existsSync(golden) && readFileSync(golden, 'utf8') === rendered))
        writeFileSync(golden, rendered);
      expect(files.includes('diagnostics.txt') || isWriting, 'a case has a diagnostics.txt, be it empty').toBe(true);
      expect(rendered).toBe(readFileSync(golden, 'utf8'));
      for (const file of files.filter((item) => isTestsFile(item) && item !== entry))
        read.push(...runTests(folder, file));
      const known = new Set([entry, ...read, 'diagnostics.txt', 'README.md']);
      expect(
        files.filter((file) => !known.has(file)),
        'files that assert nothing',
      ).toEqual([]);
      const code = name.split('/')[0] ?? '';
      if (code in catalogue) expect(diagnostics.map((item) => item.code)).toContain(code);
    });
  }

  it('are there for every code', () => {
    const shown = new Set(cases.map(({ name }) => name.split('/')[0] ?? ''));
    const missing = Object.keys(catalogue).filter((code) => !shown.has(code) && !(code in elsewhere));
    expect(missing).toEqual([]);
    expect(Object.keys(elsewhere).filter((code) => shown.has(code) || !(code in catalogue))).toEqual([]);
  });

  it('are named by a claim that starts with their code', () => {
    const strays = cases.filter(({ name }) => {
      const [group = '', claim = ''] = name.split('/');
      return !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(claim) || (group in catalogue && !claim.startsWith(`${group}-`));
    });
    expect(strays.map(({ name }) => name)).toEqual([]);
  });
});

describe('what git does not keep', () => {
  const header = 'chaperone: 1\nkind: practice\nname: clinic\nversion: 1.0.0\n';
  const tiny = 'chaperone: 1\nkind: catalog\nname: tiny\nversion: 1.0.0\n';
  let scratch = '';
  let home = '';
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'chaperone-cases-'));
    writeFileSync(join(scratch, 'secret.yaml'), tiny);
    home = join(scratch, 'clinic');
    mkdirSync(join(home, 'node_modules/power-diary'), { recursive: true });
    mkdirSync(join(home, 'node_modules/our-product'), { recursive: true });
    const manifest = '{ "version": "1.2.0", "chaperone": "catalog.yaml" }';
    for (const name of ['power-diary', 'our-product']) {
      writeFileSync(join(home, 'node_modules', name, 'package.json'), manifest);
      writeFileSync(join(home, 'node_modules', name, 'catalog.yaml'), tiny);
    }
    mkdirSync(join(home, 'empty'));
    symlinkSync(join(scratch, 'secret.yaml'), join(home, 'link.yaml'));
    symlinkSync(scratch, join(home, 'up'));
    symlinkSync(join(home, 'loop.yaml'), join(home, 'loop.yaml'));
    writeFileSync(join(home, 'file'), 'text');
    writeFileSync(join(home, 'own.yaml'), tiny);
    symlinkSync(join(home, 'own.yaml'), join(home, 'alias.yaml'));
    writeFileSync(join(home, 'large.yaml'), `a: "${'x'.repeat(10_000_000)}"`);
    writeFileSync(join(home, 'utf-16.yaml'), Buffer.from(`\ufeff${tiny}`, 'utf16le'));
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  const answers: Readonly<Record<string, readonly string[]>> = {
    'power-diary@^1': ['shadowed-catalog: `power-diary` is both a shipped catalog and a package in `node_modules`'],
    'our-product@^1': [],
    'our-product@^2': ['unsatisfied-range: the package `our-product` is 1.2.0, which `^2` leaves out'],
    './alias.yaml': [],
    './link.yaml': ['outside-folder: `link.yaml` lies outside the folder of the policy'],
    './up/secret.yaml': ['outside-folder: `up/secret.yaml` lies outside the folder of the policy'],
    '../secret.yaml': ['outside-folder: `../secret.yaml` lies outside the folder of the policy'],
    '../../..': ['outside-folder'],
    './loop.yaml': ['unreadable-file: `loop.yaml` is a symbolic link that leads to itself'],
    './empty': ['unreadable-file: `empty` is a folder, not a file'],
    './file/catalog.yaml': ['unreadable-file: part of the path `file/catalog.yaml` is not a folder'],
    './missing.yaml': ['unreadable-file: there is no file `missing.yaml`'],
    './large.yaml': ['too-large: `large.yaml` has 10000005 bytes; a policy file has at most 4000000'],
    './utf-16.yaml': ['not-utf-8: `utf-16.yaml` is not UTF-8 text'],
  };
  for (const [catalog, wanted] of Object.entries(answers)) {
    it(`catalog: ${catalog}`, () => {
      const entry = join(home, 'practice.yaml');
      writeFileSync(entry, `${header}catalog: ${catalog}\n`);
      const { diagnostics } = compile('practice.yaml', createHost({ folder: home }));
      const found = diagnostics.map((item) => `${item.code}: ${item.message}`);
      expect(found).toHaveLength(wanted.length);
      for (const [index, start] of wanted.entries()) expect(found[index]).toContain(start);
      for (const item of diagnostics) expect(item.span?.start).toBe(`${header}catalog: `.length);
    });
  }
});

function run(folder: string, entry: string): { readonly diagnostics: readonly Diagnostic[]; readonly read: string[] } {
  const host = createHost({ folder });
  if (!isTestsFile(entry)) {
    const { diagnostics, files, table } = compile(entry, host);
    expect(table === null, 'a table exists where there is no error, and only there').toBe(hasErrors(diagnostics));
    return { diagnostics, read: [...files] };
  }
  const loaded = loadFiles(entry, host);
  const { verdicts, diagnostics } = verify(loaded);
  expect(verdicts.flatMap((verdict) => verdict.differences)).toEqual([]);
  return { diagnostics, read: [...loaded.files] };
}

/** Every expectation of a tests file beside an entry. */
function runTests(folder: string, file: string): readonly string[] {
  const loaded = loadFiles(file, createHost({ folder }));
  const { verdicts, diagnostics } = verify(loaded);
  expect(
    renderDiagnostics(
      diagnostics.filter((item) => item.severity === 'error'),
      { colour: false },
    ),
  ).toBe('');
  expect(verdicts.length, `${file} expects nothing`).toBeGreaterThan(0);
  const failed = verdicts.filter(({ differences }) => differences.length > 0);
  expect(failed.map(({ test, user, action, on, differences }) => ({ test, user, action, on, differences }))).toEqual(
    [],
  );
  return loaded.files;
}

function isEntry(name: string): boolean {
  return name === 'practice.yaml' || name === 'catalog.yaml' || isTestsFile(name);
}

function isTestsFile(name: string): boolean {
  return name.endsWith('.tests.yaml');
}

/** Whether a case above this folder has it as a part, such as a folder where a file should be. */
function isPartOfCase(folder: string): boolean {
  const above = dirname(folder);
  return folder !== root && (readdirSync(above).some((name) => isEntry(name)) || isPartOfCase(above));
}

function foldersIn(folder: string): readonly string[] {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...inner.flatMap((entry) => foldersIn(join(folder, entry.name)))];
}
