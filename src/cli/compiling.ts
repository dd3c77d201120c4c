// What verbs do with the compiler; apart from `input.ts`, so that a verb over tables does not wait for it at its start.
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
import { createHost } from '../node/index.ts';
import { type Output, UsageError } from './output.ts';

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

/** An instant of the command line, in milliseconds since the epoch. */
export function readInstant(text: string): number {
  const day = dayOf(text);
  const time = /^\d+$/.test(text) ? Number(text) : day === null ? instantOf(text) : day * 86_400_000;
  if (time === null || !Number.isSafeInteger(time)) {
    throw new UsageError(`\`${text}\` is not an instant`, 'write it as 2026-11-22T09:00:00Z');
  }
  return time;
}
