import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Host, Reading } from '../load/index.ts';
import { findCatalog, shippedPath } from './catalogs.ts';
import { rootOf } from './root.ts';

export interface HostOptions {
  /** Folder that relative paths start from; by default the current one. */
  readonly folder?: string;
  /** The policy whose packages are meant; by default the first file that is read. */
  readonly entry?: string;
}

/** Bytes that a file may have at most: a list beside a practice is read ten times as fast as YAML. */
export function largestFile(path: string): number {
  return /\.(csv|json|ndjson)$/.test(path) ? 100_000_000 : 4_000_000;
}

/** A host over the file system. Paths are shown relative to the folder where that is shorter. */
export function createHost(options: HostOptions = {}): Host {
  const folder = resolve(options.folder ?? process.cwd());
  let entry = options.entry === undefined ? null : resolve(folder, options.entry);
  let root: string | null = null;
  return {
    read(address: string): Reading {
      // A package is looked for where the policy lies, wherever Chaperone is run: two folders may have two versions.
      const found = address.startsWith('catalog:')
        ? findCatalog(address.slice('catalog:'.length), entry === null ? folder : dirname(entry))
        : resolve(folder, address);
      if (typeof found !== 'string') return found;
      const isShipped = address.startsWith('catalog:');
      entry ??= found;
      // The first file read is the entry: it fixes the folder that nothing may lead out of.
      root ??= rootOf(found);
      // A shipped catalog is shown the same wherever Chaperone is installed, so that tables come out the same.
      const shown = isShipped ? (shippedPath(found) ?? display(found, folder)) : display(found, folder);
      return readText(found, shown, isShipped ? null : root);
    },
  };
}

/** `root`: the folder that the file must lie in, after symbolic links are followed; null: anywhere. */
function readText(path: string, shown: string, root: string | null): Reading {
  try {
    // Before anything is looked at: the answer must not tell what lies outside.
    if (root !== null && !isInside(path, root)) return outside(shown);
    const stats = statSync(path);
    if (stats.isDirectory())
      return problem('unreadable-file', `\`${shown}\` is a folder, not a file`, 'name the file in it');
    if (!stats.isFile()) return problem('unreadable-file', `\`${shown}\` is no ordinary file`);
    const most = largestFile(path);
    if (stats.size > most) {
      return problem('too-large', `\`${shown}\` has ${stats.size} bytes; a policy file has at most ${most}`);
    }
    if (root !== null && !isInside(realpathSync(path), realpathSync(root))) return outside(shown);
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return { path: shown, text };
  } catch (error) {
    if (error instanceof TypeError) return problem('not-utf-8', `\`${shown}\` is not UTF-8 text`, 'save it as UTF-8');
    return problem('unreadable-file', reasonOf(error, shown));
  }
}

function outside(shown: string): Reading {
  return problem(
    'outside-folder',
    `\`${shown}\` lies outside the folder of the policy`,
    'copy the file in, or use a catalog by name',
  );
}

/** A file system error in our words. */
export function reasonOf(error: unknown, shown: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return `there is no file \`${shown}\``;
    case 'ENOTDIR':
      return `part of the path \`${shown}\` is not a folder`;
    case 'EACCES':
    case 'EPERM':
      return `\`${shown}\` may not be read or written by this user`;
    case 'EISDIR':
      return `\`${shown}\` is a folder, not a file`;
    case 'ELOOP':
      return `\`${shown}\` is a symbolic link that leads to itself`;
    case 'ENOSPC':
      return `there is no space left for \`${shown}\``;
    default:
      return `\`${shown}\` cannot be used (${code || 'unknown reason'})`;
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

/** Relative to the folder with `/`, or the whole path where it lies elsewhere. */
export function display(path: string, folder: string): string {
  const way = relative(folder, path);
  const shown = way !== '' && !isAbsolute(way) && !way.startsWith(`..${sep}..${sep}..`) ? way : path;
  return shown.split(sep).join('/');
}

function problem(
  kind: Extract<Reading, { problem: unknown }>['problem'],
  message: string,
  help: string | null = null,
): Reading {
  return { problem: kind, message, help };
}
