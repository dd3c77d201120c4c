import type { Command } from 'commander';
import { explain, explanationText } from '../../explain/index.ts';
import { collect, type Diagnostic, diagnosticsToJson, loadFiles, renderDiagnostics } from '../../index.ts';
import { createHost } from '../../node/index.ts';
import { positionOf } from '../../source/index.ts';
import { type Verdict, verify } from '../../verify/index.ts';
import { failureCode, noteDiagnostics } from '../compiling.ts';
import { addFormat, entryOf, formatOf } from '../input.ts';
import { junitOf } from '../junit.ts';
import { type Output, UsageError } from '../output.ts';
import { repeatOnChange } from '../watch.ts';

interface Options {
  readonly filter?: string;
  readonly watch?: boolean;
  readonly format?: string;
  readonly json?: boolean;
}

export function addTest(program: Command, out: Output): void {
  const command = program
    .command('test')
    .description('Runs tests files: every expectation is decided, and what differs is explained.')
    .argument('[paths...]', 'folders or tests files', ['.'])
    .option('--filter <text>', 'only tests whose name holds this text')
    .option('--watch', 'run again after every change')
    .addHelpText(
      'after',
      '\nFormats: human, json, junit.\n\nExamples:\n  chaperone test examples/harbour-physio\n  chaperone test clinic/notes.tests.yaml --filter reception\n  chaperone test clinic --format junit > junit.xml\n',
    );
  addFormat(command).action(async (paths: string[], options: Options) => {
    const format = formatOf(options, ['junit']);
    if (options.watch) await repeatOnChange(() => test(paths, options, format, out), out);
    test(paths, options, format, out);
  });
}

/** What came of one file. */
interface Run {
  readonly file: string;
  readonly seconds: number;
  readonly verdicts: readonly Verdict[];
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
}

/** The files that were read. */
function test(paths: readonly string[], options: Options, format: string, out: Output): readonly string[] {
  const files = paths.flatMap((path) => {
    const { tests } = entryOf(path);
    if (tests.length === 0)
      throw new UsageError(`\`${path}\` holds no tests`, 'tests stand in files named `NAME.tests.yaml`');
    return tests;
  });
  const runs = files.map((file, index): Run => {
    out.progress(`${index + 1}/${files.length} ${file}`);
    const start = performance.now();
    const loaded = loadFiles(file, createHost());
    const { verdicts, diagnostics } = verify(loaded);
    const chosen = verdicts.filter(({ test: name }) => name.includes(options.filter ?? ''));
    return { file, seconds: (performance.now() - start) / 1_000, verdicts: chosen, diagnostics, files: loaded.files };
  });
  out.progress(null);
  if (options.filter && runs.every((run) => run.verdicts.length === 0 && run.diagnostics.length === 0)) {
    throw new UsageError(`no test has \`${options.filter}\` in its name`);
  }
  report(runs, format, out);
  return runs.flatMap((run) => run.files);
}

function report(runs: readonly Run[], format: string, out: Output): void {
  const verdicts = runs.flatMap((run) => run.verdicts);
  const failed = verdicts.filter(({ differences }) => differences.length > 0);
  const passed = verdicts.length - failed.length;
  const errors = collect(runs.flatMap((run) => run.diagnostics)).filter((item) => item.severity === 'error');
  process.exitCode = failureCode(errors) || (failed.length > 0 ? 1 : 0);
  if (format === 'json') {
    const all = verdicts.map((verdict) => ({ ...describe(verdict), passed: verdict.differences.length === 0 }));
    out.json({ passed, failed: failed.length, tests: all, diagnostics: diagnosticsToJson(errors) });
  } else if (format === 'junit') {
    const text = (item: Diagnostic) => renderDiagnostics([item], { colour: false });
    const errorsOf = (run: Run) => run.diagnostics.filter((item) => item.severity === 'error').map(text);
    out.write(junitOf(runs.map((run) => ({ ...run, errors: errorsOf(run), explain: explained }))));
  } else {
    noteDiagnostics(errors, out);
    for (const verdict of failed) printFailure(verdict, out);
    out.write(`${out.paint(failed.length > 0 ? 'red' : 'green', `${passed} passed, ${failed.length} failed`)}\n`);
  }
}

function explained({ asked: { table, user, action, resource, context } }: Verdict): string {
  return explanationText(explain(table, { user, action, resource, context }));
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
  const text = explained(verdict);
  out.write(
    `${text
      .split('\n')
      .map((item) => `  | ${item}`.trimEnd())
      .join('\n')}\n\n`,
  );
}
