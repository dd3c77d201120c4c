import { dirname } from 'node:path';
import type { Host, TableOfAnyone } from '../../index.ts';
import { createHost, openRevision } from '../../node/index.ts';
import { loadTable, type Table, TableError } from '../../runtime/index.ts';
import { entryOf, readTable } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

/** One side of a comparison. */
export interface Side {
  readonly table: Table;
  /** A catalog has no roles; those that stand in for them are in the table. */
  readonly isCatalog: boolean;
  /** Of a catalog: every role at once, called by a name, and permissions by other names. */
  readonly anyone?: (name: string, names?: ReadonlyMap<string, string>) => TableOfAnyone | null;
  /** What a reader should know of where it came from. */
  readonly notes: readonly string[];
}

/** A folder, a policy, a table, `git:REV[:PATH]` or `NAME@VERSION`; null when the policy has errors, which were said. */
export async function openSide(reference: string, other: string, format: string, out: Output): Promise<Side | null> {
  if (!reference.startsWith('git:')) {
    const entry = entryOf(reference);
    if (entry.kind === 'table') return { table: readTable(entry.path), isCatalog: false, notes: [] };
    if (entry.kind === 'tests')
      throw new UsageError(`\`${reference}\` is a tests file; name the practice, catalog or table`);
    return (await compiler()).compileSide(entry.path, createHost, format, out);
  }
  const found = openRevision(reference, pathOf(other));
  switch (found.kind) {
    case 'problem':
      throw new UsageError(found.message, found.help);
    case 'table':
      return { table: tableOf(found.bytes, reference), isCatalog: false, notes: [] };
    default: {
      const packages = new Set<string>();
      const side = (await compiler()).compileSide(found.path, () => noting(found.host, packages), format, out);
      const notes = [...packages].map(
        (name) => `the catalog \`${name}\` of \`${reference}\` is the package as it is installed now`,
      );
      return side && { ...side, notes };
    }
  }
}

/** Of two tables nobody has to wait for it. */
function compiler() {
  return import('./compiled-side.ts');
}

/** Remembers catalogs that come from packages, which no revision holds. */
function noting(host: Host, packages: Set<string>): Host {
  return {
    read(address) {
      const reading = host.read(address);
      const isPackage =
        typeof reading === 'object' && reading !== null && 'path' in reading && !isShipped(reading.path);
      if (isPackage && address.startsWith('catalog:')) packages.add(address.slice('catalog:'.length));
      return reading;
    },
  };
}

function isShipped(path: string): boolean {
  return path.startsWith('policies/');
}

/** The folder of a side, for a revision that names none. */
function pathOf(reference: string): string | null {
  if (reference.startsWith('git:')) return /^git:[^:]*:(.+)$/s.exec(reference)?.[1] ?? null;
  return reference.endsWith('.chaperone') ? dirname(reference) : reference;
}

function tableOf(bytes: Uint8Array, reference: string): Table {
  try {
    return loadTable(bytes);
  } catch (error) {
    if (error instanceof TableError)
      throw new UsageError(`\`${reference}\`: ${error.message}`, 'compile the policy again');
    throw error;
  }
}
