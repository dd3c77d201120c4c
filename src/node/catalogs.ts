import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import semver from 'semver';
import { nearest } from '../diagnostics/index.ts';
import type { Reading } from '../load/index.ts';
import { packageFolder } from './root.ts';

const shippedFolder = join(packageFolder(), 'policies');

/** The names of the catalogs that ship with Chaperone, sorted. */
export function shippedCatalogs(): readonly string[] {
  if (!existsSync(shippedFolder)) return [];
  const entries = readdirSync(shippedFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** `policies/NAME/VERSION/catalog.yaml` for a file of a shipped catalog, else null. */
export function shippedPath(path: string): string | null {
  const way = relative(shippedFolder, path);
  return way.startsWith('..') || isAbsolute(way) ? null : `policies/${way.split(sep).join('/')}`;
}

/** The folder of the highest version of a shipped catalog, or null where it has no starter. */
export function shippedFolderOf(name: string): string | null {
  const version = shippedVersions(name)[0];
  if (version === undefined) return null;
  const folder = join(shippedFolder, name, version);
  return existsSync(join(folder, 'starter')) ? folder : null;
}

/** Versions of a shipped catalog, highest first. */
export function shippedVersions(name: string): readonly string[] {
  const folder = join(shippedFolder, name);
  if (!shippedCatalogs().includes(name)) return [];
  const versions = readdirSync(folder).filter(
    (version) => semver.valid(version) && existsSync(join(folder, version, 'catalog.yaml')),
  );
  return semver.rsort(versions);
}

/** The path of the catalog that `NAME@RANGE` (or `NAME`) means: the highest shipped version in range, or a package's. */
export function findCatalog(reference: string, folder: string): string | Reading {
  const at = reference.lastIndexOf('@');
  const name = at > 0 ? reference.slice(0, at) : reference;
  const range = at > 0 ? reference.slice(at + 1) : '*';
  if (semver.validRange(range) === null) {
    return problem('unsatisfied-range', `\`${range}\` is not a range of versions`, 'write `^1`, `~1.2` or `1.2.3`');
  }
  const packaged = findPackaged(name, folder);
  const versions = shippedVersions(name);
  if (versions.length > 0) {
    if (packaged) {
      return problem(
        'shadowed-catalog',
        `\`${name}\` is both a shipped catalog and a package in \`node_modules\``,
        'rename the package',
      );
    }
    const version = semver.maxSatisfying([...versions], range);
    if (version) return join(shippedFolder, name, version, 'catalog.yaml');
    return problem(
      'unsatisfied-range',
      `no version of \`${name}\` satisfies \`${range}\``,
      `there is ${versions.join(', ')}`,
    );
  }
  if (!packaged) {
    const known = shippedCatalogs();
    const near = nearest(name, known);
    return problem(
      'unknown-catalog',
      `there is no catalog \`${name}\``,
      near
        ? `did you mean \`${near}\`?`
        : `shipped catalogs: ${known.join(', ')}; a file is named by a path such as \`./catalog.yaml\``,
    );
  }
  if (packaged.version && !semver.satisfies(packaged.version, range)) {
    return problem(
      'unsatisfied-range',
      `the package \`${name}\` is ${packaged.version}, which \`${range}\` leaves out`,
    );
  }
  return packaged.path;
}

/** A package of `node_modules` whose package.json has `"chaperone": "path/to/catalog.yaml"`. */
function findPackaged(name: string, from: string): { readonly path: string; readonly version: string | null } | null {
  if (!/^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i.test(name)) return null;
  for (let folder = from; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', name);
    const manifest = readManifest(join(home, 'package.json'));
    if (manifest) return { path: join(home, manifest.chaperone), version: manifest.version };
    if (dirname(folder) === folder) return null;
  }
}

function readManifest(path: string): { readonly chaperone: string; readonly version: string | null } | null {
  try {
    const data: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof data !== 'object' || data === null || !('chaperone' in data) || typeof data.chaperone !== 'string')
      return null;
    const version = 'version' in data && typeof data.version === 'string' ? semver.valid(data.version) : null;
    return { chaperone: data.chaperone, version };
  } catch {
    return null;
  }
}

function problem(
  kind: 'unknown-catalog' | 'unsatisfied-range' | 'shadowed-catalog',
  message: string,
  help: string | null = null,
): Reading {
  return { problem: kind, message, help };
}
