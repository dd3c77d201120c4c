import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';
import { findCatalog, shippedVersions } from './catalogs.ts';
import { reasonOf } from './host.ts';

/** What a path on the command line stands for. */
export type Found =
  | {
      readonly kind: 'policy';
      readonly path: string;
      readonly tests: readonly string[];
      /** Other YAML files in the folder of a practice, where a folder was named. */
      readonly beside: readonly string[];
    }
  | { readonly kind: 'table'; readonly path: string; readonly tests: readonly string[] }
  | { readonly kind: 'tests'; readonly path: string; readonly tests: readonly string[] }
  | { readonly kind: 'problem'; readonly message: string };

/**
 * A folder stands for the practice or catalog it holds, with its tests; a folder of versions for the highest;
 * `NAME` or `NAME@RANGE` for a shipped catalog where no such path exists.
 */
export function findEntry(path: string): Found {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return findInFolder(path);
    if (/\.tests\.ya?ml$/.test(path)) return { kind: 'tests', path, tests: [path] };
    return isTable(path) ? { kind: 'table', path, tests: [] } : { kind: 'policy', path, tests: [], beside: [] };
  } catch (error) {
    if (/^[\w-]+(@[^/\\]+)?$/.test(path)) {
      const name = path.split('@')[0] ?? path;
      const catalog = shippedVersions(name).length > 0 ? findCatalog(path, process.cwd()) : null;
      if (typeof catalog === 'string') return { kind: 'policy', path: catalog, tests: [], beside: [] };
      if (catalog && 'problem' in catalog) return { kind: 'problem', message: catalog.message };
    }
    return { kind: 'problem', message: reasonOf(error, path) };
  }
}

function findInFolder(folder: string): Found {
  const names = readdirSync(folder).sort();
  const tests = names.filter((name) => /\.tests\.ya?ml$/.test(name)).map((name) => join(folder, name));
  const entry = ['practice.yaml', 'practice.yml', 'catalog.yaml', 'catalog.yml'].find((name) => names.includes(name));
  if (entry) {
    const others = names.filter((name) => /\.ya?ml$/.test(name) && !/\.tests\.ya?ml$/.test(name) && name !== entry);
    const beside = entry.startsWith('practice') ? others.map((name) => join(folder, name)) : [];
    return { kind: 'policy', path: join(folder, entry), tests, beside };
  }
  const tables = names.filter((name) => name.endsWith('.chaperone'));
  if (tables.length === 1 && tables[0]) return { kind: 'table', path: join(folder, tables[0]), tests };
  const highest = semver.rsort(names.filter((name) => semver.valid(name)))[0];
  if (highest) return findInFolder(join(folder, highest));
  if (tests[0]) return { kind: 'tests', path: tests[0], tests };
  return { kind: 'problem', message: `\`${folder}\` holds no practice.yaml, no catalog.yaml and no tests` };
}

/** By its first bytes; the name ends in `.chaperone` by custom only. */
function isTable(path: string): boolean {
  if (path.endsWith('.chaperone')) return true;
  if (/\.(ya?ml|json)$/.test(path)) return false;
  const file = openSync(path, 'r');
  try {
    const start = new Uint8Array(4);
    readSync(file, start, 0, 4, 0);
    return start[0] === 0x89 && new TextDecoder('latin1').decode(start.subarray(1)) === 'CHP';
  } finally {
    closeSync(file);
  }
}
