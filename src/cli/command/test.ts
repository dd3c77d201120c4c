import type { Command } from 'commander';
import { explain, explanationText } from '../../explain/index.ts';
import { type Diagnostic, diagnosticsToJson, hasErrors, loadFiles } from '../../index.ts';
import { createHost } from '../../node/index.ts';
import { positionOf } from '../../source/index.ts';
import { type Verdict, verify } from '../../verify/index.ts';
import { addFormat, entryOf, failureCode, formatOf, noteDiagnostics } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly filter?: string;
  readonly format?: string;
  readonly json?: boolean;
}

export function addTest(program: Command, out: Output): void {
  const command = program
    .command('test')
    .description('Runs tests files: every expectation is decided, and what differs is explained.')
    .argument('[paths...]', 'folders or tests files', ['.'])
    .option('--filter <text>', 'only tests whose name holds this text')
    .addHelpText('after', '\nExamples:\n  chaperone test examples/harbour-physio\n  chaperone test clinic/notes.tests.yaml --filter reception\n');
  addFormat(command).action((paths: string[], options: Options) => test(paths, options, out));
}

function test(paths: readonly string[], options: Options, out: Output): void {
  const format = formatOf(options);
  const files = paths.flatMap((path) => {
    const { tests } = entryOf(path);
    if (tests.length === 0) throw new UsageError(`\`${path}\` holds no tests`, 'tests stand in files named `NAME.tests.yaml`');
    return tests;
  });
  const diagnostics: Diagnostic[] = [];
  const verdicts: Verdict[] = [];
  for (const [index, file] of files.entries()) {
    out.progress(`${index + 1}/${files.length} ${file}`);
    const verification = verify(loadFiles(file, createHost()));
    diagnostics.push(...verification.diagnostics);
    verdicts.push(...verification.verdicts.filter(({ test: name }) => name.includes(options.filter ?? '')));
  }
  out.progress(null);
  const failed = verdicts.filter(({ differences }) => differences.length > 0);
  const passed = verdicts.length - failed.length;
  const errors = diagnostics.filter((item) => item.severity === 'error');
  process.exitCode = hasErrors(errors) ? failureCode(errors) : failed.length > 0 ? 1 : 0;
  if (format === 'json') {
    const all = verdicts.map((verdict) => ({ ...describe(verdict), passed: verdict.differences.length === 0 }));
    out.json({ passed, failed: failed.length, tests: all, diagnostics: diagnosticsToJson(errors) });
    return;
  }
  noteDiagnostics(errors, out);
  for (const verdict of failed) printFailure(verdict, out);
  out.write(`${out.paint(failed.length > 0 ? 'red' : 'green', `${passed} passed, ${failed.length} failed`)}\n`);
}

function describe({ test, cites, user, action, on, expected, got, differences, span }: Verdict): object {
  const { line, column } = positionOf(span.file, span.start);
  const place = { file: span.file.path, line, column };
  return { test, cites, user, action, on, expected: expected.decision, got, differences, ...place };
}

function printFailure(verdict: Verdict, out: Output): void {
  const { line, column } = positionOf(verdict.span.file, verdict.span.start);
  const about = verdict.on === null ? verdict.action : `${verdict.action} on ${verdict.on}`;
  out.write(`${out.paint('red', 'FAILED')} ${out.paint('bold', verdict.test)}\n`);
  out.write(`  ${verdict.span.file.path}:${line}:${column}  ${verdict.user}: ${about}\n`);
  for (const difference of verdict.differences) out.write(`  ${difference}\n`);
  const { table, user, action, resource, context } = verdict.asked;
  const text = explanationText(explain(table, { user, action, resource, context }));
  out.write(`${text.split('\n').map((item) => `  | ${item}`).join('\n')}\n\n`);
}
