import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { shippedFolderOf } from './catalogs.ts';
import { reasonOf } from './host.ts';
import { packageFolder } from './root.ts';

export interface Start {
  readonly catalog: string;
  readonly name: string;
}

/** Writes a new practice, whole or not at all: first into a folder beside it. */
export function startPractice(
  folder: string,
  start: Start,
): { readonly files: readonly string[]; readonly tests: string } | { readonly problem: string } {
  const starter = shippedFolderOf(start.catalog);
  if (starter === null) return { problem: `\`${start.catalog}\` ships nothing to start from` };
  const temporary = `${resolve(folder)}.${process.pid}.tmp`;
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      return { problem: `\`${folder}\` is not empty; nothing was written` };
    }
    const files = starterFiles(join(starter, 'starter'), start);
    for (const [name, text] of files) {
      mkdirSync(dirname(join(temporary, name)), { recursive: true });
      writeFileSync(join(temporary, name), text);
    }
    if (existsSync(folder)) {
      for (const name of readdirSync(temporary)) renameSync(join(temporary, name), join(folder, name));
      rmSync(temporary, { recursive: true });
    } else {
      mkdirSync(dirname(resolve(folder)), { recursive: true });
      renameSync(temporary, folder);
    }
    const tests = [...files.keys()].find((name) => name.endsWith('.tests.yaml')) ?? '';
    return { files: [...files.keys()].map((name) => join(folder, name)), tests: join(folder, tests) };
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    return { problem: reasonOf(error, folder) };
  }
}

function starterFiles(starter: string, start: Start): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(starter).sort()) {
    files.set(name, readFileSync(join(starter, name), 'utf8').replaceAll(/\bNAME\b/g, start.name));
  }
  for (const kind of ['practice', 'tests', 'invariants', 'catalog']) {
    const schema = `${kind}.schema.json`;
    files.set(`schemas/${schema}`, readFileSync(join(packageFolder(), 'schemas', schema), 'utf8'));
  }
  const version =
    /"version":\s*"([^"]+)"/.exec(readFileSync(join(packageFolder(), 'package.json'), 'utf8'))?.[1] ?? '0';
  files.set(
    'package.json',
    `${JSON.stringify({ name: start.name, private: true, scripts, devDependencies: { chaperone: `^${version}` } }, null, 2)}\n`,
  );
  files.set('.github/workflows/policy.yml', workflow);
  return files;
}

const scripts = { check: 'chaperone check .', test: 'chaperone test .' };

const workflow = `name: policy
on: [push, pull_request]
jobs:
  policy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm install
      - run: npx chaperone check . --max-warnings 0
      - run: npx chaperone test .
`;
