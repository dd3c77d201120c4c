import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import {
  type Compilation,
  type CompileOptions,
  compile,
  type Diagnostic,
  dayOf,
  diagnosticsToJson,
  instantOf,
  renderDiagnostics,
} from '../index.ts';
import { createHost, findEntry } from '../node/index.ts';
import { loadTable, type Table, TableError } from '../runtime/index.ts';
import { type Output, UsageError } from './output.ts';

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

/** Compiles a policy; with errors, they are printed and the exit code is set, and null comes back. */
export function compilePolicy(
  path: string,
  options: CompileOptions,
  format: string,
  out: Output,
): WholeCompilation | null {
  const compilation = compile(path, createHost(), options);
  const { policy, table, diagrams } = compilation;
  if (policy && table && diagrams) {
    if (format !== 'json') noteDiagnostics(compilation.diagnostics, out);
    return { ...compilation, policy, table, diagrams };
  }
  reportFailure(compilation.diagnostics, format, out);
  return null;
}

/** Errors that leave a verb without an answer: on standard error for people, as `check --json` has them for programs. */
export function reportFailure(diagnostics: readonly Diagnostic[], format: string, out: Output): void {
  process.exitCode = failureCode(diagnostics);
  if (format !== 'json') {
    noteDiagnostics(diagnostics, out);
    return;
  }
  const errors = diagnostics.filter((item) => item.severity === 'error').length;
  out.json({ diagnostics: diagnosticsToJson(diagnostics), errors, warnings: diagnostics.length - errors });
}

export type WholeCompilation = Compilation & {
  readonly policy: NonNullable<Compilation['policy']>;
  readonly table: NonNullable<Compilation['table']>;
  readonly diagrams: NonNullable<Compilation['diagrams']>;
};

/** 1 where every error has a place in a file, 2 where something could not be read at all. */
export function failureCode(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter((item) => item.severity === 'error');
  if (errors.some((item) => item.span === null)) return 2;
  return errors.length > 0 ? 1 : 0;
}

export function noteDiagnostics(diagnostics: readonly Diagnostic[], out: Output): void {
  if (diagnostics.length > 0) out.note(renderDiagnostics(diagnostics, { colour: out.colour }).trimEnd());
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

/** An instant of the command line, in milliseconds since the epoch. */
export function readInstant(text: string): number {
  const day = dayOf(text);
  const time = /^\d+$/.test(text) ? Number(text) : day === null ? instantOf(text) : day * 86_400_000;
  if (time === null || !Number.isSafeInteger(time)) {
    throw new UsageError(`\`${text}\` is not an instant`, 'write it as 2026-11-22T09:00:00Z');
  }
  return time;
}
