import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { findEntry } from '../node/index.ts';
import { loadTable, type Table, TableError } from '../runtime/index.ts';
import { UsageError } from './output.ts';

export type Format = 'human' | 'json';

/** `--format` and its short form `--json`, the same on every verb. */
export function addFormat(command: Command): Command {
  return command.option('--format <format>', 'human or json', 'human').option('--json', 'the same as --format json');
}

export function formatOf(
  options: { readonly format?: string; readonly json?: boolean },
  others: readonly string[] = [],
): string {
  if (options.json) return 'json';
  const format = options.format ?? 'human';
  const known = ['human', 'json', ...others];
  if (!known.includes(format))
    throw new UsageError(`unknown format \`${format}\``, `formats here: ${known.join(', ')}`);
  return format;
}

/** The policy file, table or tests that a path stands for. */
export function entryOf(path: string): Exclude<ReturnType<typeof findEntry>, { kind: 'problem' }> {
  const found = findEntry(path);
  if (found.kind === 'problem') throw new UsageError(found.message);
  return found;
}

/** A table from a file; damage and a wrong version are the caller's input, not a bug. */
export function readTable(path: string, now?: () => number): Table {
  try {
    return loadTable(readFileSync(path), now ? { now } : {});
  } catch (error) {
    if (error instanceof TableError) throw new UsageError(`\`${path}\`: ${error.message}`, 'compile the policy again');
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UsageError(`\`${path}\` cannot be read (${code})`);
  }
}
