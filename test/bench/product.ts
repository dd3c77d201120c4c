import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFile, project } from './project.ts';

/** What users get is measured: the built packages, not the sources. */
export const runtimeFile = join(project, 'dist/runtime.js');
export const cliFile = join(project, 'dist/cli.js');

export const { loadTable } = (await importFile(runtimeFile)) as typeof import('../../src/runtime/index.ts');

export const { compile, renderDiagnostics } = (await importFile(
  join(project, 'dist/index.js'),
)) as typeof import('../../src/index.ts');

/** A verb of the built command line: whether it worked, and what it printed. */
export function runVerb(...words: string[]): { readonly isGood: boolean; readonly text: string } {
  const run = spawnSync(process.execPath, [cliFile, ...words], { encoding: 'utf8' });
  return { isGood: run.status === 0, text: `${run.stdout}${run.stderr}` };
}

/** The last line that a fresh process prints, as JSON. */
export function runFresh(flags: readonly string[], script: string, words: readonly string[]): unknown {
  const printed = execFileSync(process.execPath, [...flags, script, ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(printed.trim().split('\n').at(-1) ?? 'null');
}

/** Compiles files that are held in memory; anything wrong with them is a fault of the benchmark. */
export function compileSources(sources: ReadonlyMap<string, string>, strip = false): Uint8Array {
  const host = { read: (path: string) => sources.get(path.replace(/^\.\//, '')) ?? null };
  const { table, diagnostics } = compile('practice.yaml', host, { strip });
  if (!table) throw new Error(renderDiagnostics(diagnostics.slice(0, 5), { colour: false }));
  return table;
}

export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
