import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const src = join(dirname(fileURLToPath(import.meta.url)), '../src');

/** Room to the rooms whose values it may use. Types alone may come from `typesOnly`. */
const edges: Readonly<Record<string, readonly string[]>> = {
  source: [],
  diagnostics: ['source'],
  diagram: [],
  solver: [],
  zone: [],
  runtime: [],
  parse: ['source', 'diagnostics'],
  load: ['source', 'diagnostics'],
  resolve: ['source', 'diagnostics'],
  lower: ['source', 'diagnostics', 'diagram'],
  check: ['source', 'diagnostics', 'diagram', 'solver', 'lower', 'zone'],
  emit: ['source', 'diagnostics', 'runtime', 'zone'],
  inspect: ['runtime'],
  explain: ['runtime'],
  module: ['runtime'],
  verify: ['source', 'diagnostics', 'runtime', 'index'],
  compare: ['diagnostics', 'diagram', 'solver', 'zone', 'runtime'],
  survey: ['runtime', 'zone', 'compare'],
  node: ['diagnostics', 'runtime'],
  cli: ['source', 'index', 'runtime', 'node', 'verify', 'explain', 'inspect', 'compare', 'survey', 'module'],
  compile: ['diagnostics', 'load', 'parse', 'resolve', 'lower', 'check', 'emit'],
  index: ['compile', 'diagnostics', 'load', 'lower', 'check', 'parse', 'resolve'],
};

/** A phase reads what the phase before it made. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  load: ['parse'],
  resolve: ['parse'],
  lower: ['resolve'],
  check: ['parse', 'resolve'],
  emit: ['resolve', 'lower'],
  node: ['load'],
  verify: ['parse', 'load', 'resolve'],
  compile: [],
  explain: ['index'],
};

const libraries: Readonly<Record<string, readonly string[]>> = {
  yaml: ['parse'],
  ajv: ['parse'],
  chevrotain: ['parse'],
  commander: ['cli'],
  semver: ['node'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

const files = filesIn(src).map((path) => relative(src, path).replaceAll('\\', '/'));

function importsOf(file: string): readonly Import[] {
  const { module, errors } = parseSync(file, readFileSync(join(src, file), 'utf8'));
  expect(errors, file).toEqual([]);
  const imports = module.staticImports.map((item) => ({
    from: file,
    to: item.moduleRequest.value,
    isType: item.entries.length > 0 && item.entries.every((entry) => entry.isType),
  }));
  const exports = module.staticExports.flatMap((item) =>
    item.entries.flatMap((entry) =>
      entry.moduleRequest ? [{ from: file, to: entry.moduleRequest.value, isType: entry.isType }] : [],
    ),
  );
  return [...imports, ...exports];
}

const imports = files.flatMap(importsOf);
const own = imports.filter(({ to }) => to.startsWith('.'));

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.ts$/, '');
}

function target({ from, to }: Import): string {
  return posix.join(posix.dirname(from), to);
}

describe('the rooms', () => {
  it('have only the edges listed here', () => {
    const foreign = own.filter((item) => {
      const from = roomOf(item.from);
      const to = roomOf(target(item));
      if (from === to || target(item).startsWith('..')) return false;
      const allowed = [...(edges[from] ?? []), ...(item.isType ? (typesOnly[from] ?? []) : [])];
      return !allowed.includes(to);
    });
    expect(foreign.map((item) => `${item.from} -> ${target(item)}`)).toEqual([]);
  });

  it('are entered by their door', () => {
    const doors = new Set([
      'index.ts',
      'tools.ts',
      'format.ts',
      'sha256.ts',
      'provenance.ts',
      'policy.ts',
      'diagrams.ts',
      'dates.ts',
    ]);
    const inside = own.filter((item) => {
      const to = target(item);
      return (
        roomOf(item.from) !== roomOf(to) && to.includes('/') && !to.startsWith('..') && !doors.has(posix.basename(to))
      );
    });
    expect(inside.map((item) => `${item.from} -> ${target(item)}`)).toEqual([]);
  });

  it('keep each library in one room', () => {
    const strays = imports.filter(({ from, to }) => {
      if (to.startsWith('.') || to.startsWith('node:')) return false;
      const name = to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : (to.split('/')[0] ?? '');
      return !(libraries[name] ?? []).includes(roomOf(from));
    });
    expect(strays.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('touch the machine in node and cli only', () => {
    const strays = imports.filter(({ from, to }) => to.startsWith('node:') && !['node', 'cli'].includes(roomOf(from)));
    expect(strays.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('leave the runtime without a single import from outside', () => {
    const strays = imports.filter(
      (item) => roomOf(item.from) === 'runtime' && (!item.to.startsWith('.') || roomOf(target(item)) !== 'runtime'),
    );
    expect(strays).toEqual([]);
  });

  it('have no import cycle between values', () => {
    const graph = new Map<string, string[]>();
    for (const item of own) if (!item.isType) graph.set(item.from, [...(graph.get(item.from) ?? []), target(item)]);
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(done.size).toBeGreaterThan(20);
  });

  it('have a paragraph each in the map', () => {
    const map = readFileSync(join(src, 'README.md'), 'utf8');
    const rooms = new Set(files.filter((file) => file.includes('/')).map(roomOf));
    expect([...rooms].filter((room) => !map.includes(`### ${room}/`))).toEqual([]);
  });

  it('have no file over 400 lines', () => {
    const long = files.filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > 401);
    expect(long).toEqual([]);
  });
});
