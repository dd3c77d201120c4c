import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { SourceError } from './source-error.ts';
import { sourceError } from './table-file.ts';

/** What a name of a file may hold on every system: no separators, no control, bidirectional or broken characters. */
const refused = /[<>:"|?*\\/]|\p{C}/u;

/** Windows takes these for devices, whatever stands after a dot. */
const device = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$|clock\$) *(\.|$)/i;

/** Bytes that file systems allow in one name. */
const LONGEST = 255;

/** Where the file of a tenant lies in a folder; with `/` between the names of folders on the way. */
export type PathOfTenant = (tenant: string) => string;

export const pathOfTenant: PathOfTenant = (tenant) => {
  if (tenant.includes('/')) throw badTenant();
  return `${tenant}.chaperone`;
};

/**
 * The path of a tenant's file, below the folder. Throws a SourceError where that could be another place on any system, or
 * another tenant's file on a system that takes names for equal which differ: so nothing depends on where it runs.
 */
export function findTenantFile(folder: string, tenant: string, pathOf: PathOfTenant): { path: string; shown: string } {
  if (typeof tenant !== 'string' || tenant === '') throw badTenant();
  const shown = pathOf(tenant);
  const names = typeof shown === 'string' ? shown.split('/') : [];
  if (names.length === 0 || !names.every(isSafe)) throw badTenant();
  return { path: join(folder, ...names), shown };
}

/**
 * Throws where the file system took the path for another spelling: `ACME` must not be given the table of `acme` on a disk
 * that does not tell them apart.
 */
export function refuseOtherSpelling(path: string, shown: string): void {
  const wanted = shown.split('/');
  const found = realPath(path, shown).split(sep).slice(-wanted.length);
  // Where a symbolic link leads elsewhere, the names have nothing to do with each other.
  const isOther = wanted.some((name, i) => found[i] !== name && fold(found[i] ?? '') === fold(name));
  if (isOther) throw new SourceError('missing', `there is no file \`${shown}\`, but one that is spelled otherwise`);
}

function isSafe(name: string): boolean {
  return (
    name !== '' &&
    !name.startsWith('.') &&
    !/[. ]$/.test(name) &&
    !refused.test(name) &&
    !device.test(name) &&
    name === name.normalize('NFC') &&
    Buffer.byteLength(name) <= LONGEST
  );
}

function realPath(path: string, shown: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    throw sourceError(error, shown);
  }
}

function fold(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

// The name is not repeated: it may be anything that somebody sent.
function badTenant(): SourceError {
  return new SourceError('bad-tenant', 'no file can have the name of that tenant');
}
