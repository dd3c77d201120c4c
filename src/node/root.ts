import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that a policy's files must lie in: the nearest one above the entry that is a repository or a package,
 * else the entry's own folder.
 */
export function rootOf(entry: string): string {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git')) || existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return dirname(entry);
  }
}

/** The folder of this package, wherever it is installed or bundled: the nearest one above this module that ships `policies`. */
export function packageFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'policies')) && existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

/** The runtime as a text, for emitted modules; see build.mjs. */
export function readRuntime(): string {
  return readFileSync(join(packageFolder(), 'dist/compiled.js'), 'utf8');
}
