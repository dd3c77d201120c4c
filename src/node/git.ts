import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, posix, relative, resolve, sep } from 'node:path';
import semver from 'semver';
import type { Host, Reading } from '../load/index.ts';
import { createHost, display, largestFile } from './host.ts';

/** What `git:REV[:PATH]` stands for. */
export type Revised =
  | { readonly kind: 'policy'; readonly path: string; readonly host: Host }
  | { readonly kind: 'table'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'problem'; readonly message: string; readonly help: string | null };

/** Bytes that a table may have at most. */
const largestTable = 1 << 30;

const entries = ['practice.yaml', 'practice.yml', 'catalog.yaml', 'catalog.yml'];

/**
 * A policy or table as it stands in a revision of the repository, without touching the working tree. `fallback` is the
 * path where none is named. A relative catalog is read from the same revision; one by name as ever.
 */
export function openRevision(reference: string, fallback: string | null): Revised {
  const [, revision = '', named] = /^git:([^:]*)(?::(.*))?$/s.exec(reference) ?? [];
  const asked = named === undefined || named === '' ? (fallback ?? '.') : named;
  if (revision === '' || revision.startsWith('-')) {
    return problem(`\`${reference}\` names no revision`, 'write `git:main` or `git:HEAD~1:clinic`');
  }
  const path = resolve(asked);
  const folder = folderAbove(path);
  const repository = new Repository(folder);
  // Where the folder lies in the repository, whatever symbolic links lead to it.
  const prefix = repository.text(['rev-parse', '--show-prefix'])?.replace(/\r?\n$/, '');
  if (prefix === undefined) {
    return repository.isMissing
      ? problem('`git` is not installed', 'it is needed for `git:` sides only')
      : problem(`\`${asked}\` lies in no git repository`, null);
  }
  const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const commit = repository.text(words)?.trim();
  if (!commit) {
    const help = 'in CI, fetch it first: `git fetch origin main`, or check out with all history';
    return problem(`there is no revision \`${revision}\``, help);
  }
  const tree = new Tree(repository, commit, folder, prefix);
  // As people write it: from here, else from the top of the repository.
  const places = [tree.placeOf(path), named === undefined ? null : posix.normalize(named).replace(/\/$/, '')].flatMap(
    (place) => place ?? [],
  );
  for (const place of places) {
    const found = openIn(tree, place, `${revision}:`);
    if (found) return found;
  }
  return problem(`\`${revision}\` has no \`${places[0] ?? asked}\``, 'name the folder: `git:REV:PATH`');
}

function openIn(tree: Tree, place: string, revision: string): Revised | null {
  const kind = tree.kindOf(place);
  if (kind === 'tree') {
    const names = tree.names(place);
    const entry = entries.find((name) => names.includes(name));
    const tables = names.filter((name) => name.endsWith('.chaperone'));
    const highest = semver.rsort(names.filter((name) => semver.valid(name)))[0];
    const next = entry ?? (tables.length === 1 ? tables[0] : undefined) ?? highest;
    if (next === undefined)
      return problem(`\`${revision}${place}\` holds no practice.yaml, no catalog.yaml and no table`, null);
    return openIn(tree, posix.join(place, next), revision);
  }
  if (kind !== 'blob') return null;
  if (/\.tests\.ya?ml$/.test(place))
    return problem(`\`${revision}${place}\` is a tests file; name the practice or catalog`, null);
  if (!/\.(ya?ml|json)$/.test(place)) {
    const bytes = tree.read(place, largestTable);
    return bytes ? { kind: 'table', path: place, bytes } : problem(`\`${revision}${place}\` cannot be read`, null);
  }
  return { kind: 'policy', path: tree.pathOf(place), host: hostOf(tree, place, revision) };
}

/** Paths are shown as those of the working tree are, so that a revision compiles to the same bytes as its checkout. */
function hostOf(tree: Tree, entry: string, revision: string): Host {
  const names = createHost({ entry: tree.pathOf(entry) });
  return {
    read(address): string | null | Reading {
      if (address.startsWith('catalog:')) return names.read(address);
      const path = resolve(address);
      const shown = display(path, process.cwd());
      const place = tree.placeOf(path);
      if (place === null) {
        const message = `\`${shown}\` lies outside the repository`;
        return { problem: 'outside-folder', message, help: 'copy the file in, or use a catalog by name' };
      }
      const unreadable = (what: string): Reading => ({
        problem: 'unreadable-file',
        message: `${what} in \`${revision.slice(0, -1)}\``,
      });
      const kind = tree.kindOf(place);
      if (kind === 'tree') return unreadable(`\`${shown}\` is a folder`);
      if (kind === 'link') return unreadable(`\`${shown}\` is a symbolic link`);
      const bytes = kind === 'blob' ? tree.read(place, largestFile(place)) : null;
      if (kind !== 'blob') return unreadable(`there is no file \`${shown}\``);
      if (!bytes)
        return {
          problem: 'too-large',
          message: `\`${shown}\` is too large; a policy file has at most ${largestFile(place)} bytes`,
        };
      try {
        return { path: shown, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
      } catch {
        return { problem: 'not-utf-8', message: `\`${shown}\` is not UTF-8 text`, help: 'save it as UTF-8' };
      }
    },
  };
}

/** The files of one commit; places are relative to the top, with `/`. */
class Tree {
  private readonly repository: Repository;
  private readonly commit: string;
  private readonly folder: string;
  private readonly prefix: string;

  /** `prefix` is the place of `folder`, which is there. */
  constructor(repository: Repository, commit: string, folder: string, prefix: string) {
    this.repository = repository;
    this.commit = commit;
    this.folder = folder;
    this.prefix = prefix;
  }

  /** Null outside the repository. */
  placeOf(path: string): string | null {
    const way = relative(this.folder, path);
    const place = posix.normalize(posix.join(this.prefix, way.split(sep).join('/'))).replace(/\/$/, '');
    if (isAbsolute(way) || place.startsWith('..')) return null;
    return place === '.' ? '' : place;
  }

  pathOf(place: string): string {
    return resolve(this.folder, posix.relative(this.prefix, place));
  }

  kindOf(place: string): 'tree' | 'blob' | 'link' | null {
    if (place === '') return 'tree';
    const line = this.list(['--', place])[0] ?? '';
    if (line.startsWith('120000')) return 'link';
    const [, kind] = line.split(' ');
    return kind === 'tree' || kind === 'blob' ? kind : null;
  }

  /** Of what lies in a folder. */
  names(place: string): readonly string[] {
    return this.list(place === '' ? [] : ['--', `${place}/`]).map((line) =>
      posix.basename(line.slice(line.indexOf('\t') + 1)),
    );
  }

  read(place: string, most: number): Uint8Array | null {
    return this.repository.run(['cat-file', 'blob', `${this.commit}:${place}`], most);
  }

  private list(words: readonly string[]): readonly string[] {
    const text = this.repository.text(['ls-tree', '-z', '--full-tree', this.commit, ...words]) ?? '';
    return text.split('\0').filter((line) => line !== '');
  }
}

class Repository {
  isMissing = false;
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  text(words: readonly string[]): string | null {
    const bytes = this.run(words, largestTable);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Null when git fails, or says more than `most` bytes. */
  run(words: readonly string[], most: number): Uint8Array | null {
    try {
      return execFileSync('git', ['-C', this.folder, '--literal-pathspecs', ...words], {
        maxBuffer: most,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') this.isMissing = true;
      return null;
    }
  }
}

/** The nearest folder that is there: what is asked of a revision may be gone since. */
function folderAbove(path: string): string {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

function problem(message: string, help: string | null): Revised {
  return { kind: 'problem', message, help };
}
