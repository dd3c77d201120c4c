import type { Command } from 'commander';
import { compile, type Diagnostic, diagnosticsToJson, loadFiles } from '../../index.ts';
import { createHost } from '../../node/index.ts';
import { verify } from '../../verify/index.ts';
import { addFormat, entryOf, failureCode, formatOf, noteDiagnostics } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly format?: string;
  readonly json?: boolean;
  readonly maxWarnings?: string;
}

export function addCheck(program: Command, out: Output): void {
  const command = program
    .command('check')
    .description('Reports everything that is wrong with policies and their tests files, in one run.')
    .argument('[paths...]', 'folders, practices, catalogs or tests files', ['.'])
    .option('--max-warnings <count>', 'fail when there are more warnings than this')
    .addHelpText(
      'after',
      '\nExamples:\n  chaperone check\n  chaperone check examples/harbour-physio\n  chaperone check clinic --json --max-warnings 0\n',
    );
  addFormat(command).action((paths: string[], options: Options) => check(paths, options, out));
}

function check(paths: readonly string[], options: Options, out: Output): void {
  const format = formatOf(options);
  const limit = options.maxWarnings === undefined ? null : Number(options.maxWarnings);
  if (limit !== null && !(Number.isInteger(limit) && limit >= 0)) {
    throw new UsageError(`\`${options.maxWarnings}\` is not a number of warnings`);
  }
  const diagnostics = paths.flatMap((path) => checkPath(path));
  const errors = diagnostics.filter((item) => item.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  process.exitCode = failureCode(diagnostics) || (limit !== null && warnings > limit ? 1 : 0);
  if (format === 'json') {
    out.json({ diagnostics: diagnosticsToJson(diagnostics), errors, warnings });
    return;
  }
  noteDiagnostics(diagnostics, out);
  const summary = errors + warnings === 0 ? 'nothing wrong' : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  out.write(`${out.paint(errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green', summary)}\n`);
}

/** The policy of a path, and the names in its tests files; what they expect is for `test` to decide. */
function checkPath(path: string): readonly Diagnostic[] {
  const entry = entryOf(path);
  if (entry.kind === 'table') throw new UsageError(`\`${path}\` is a table; \`check\` reads YAML`, 'use `inspect` for a table');
  const own = entry.kind === 'policy' ? compile(entry.path, createHost()).diagnostics : [];
  const known = new Set(own.map(keyOf));
  const ofTests = entry.tests.flatMap((file) => {
    const loaded = loadFiles(file, createHost());
    return loaded.tests ? verify(loaded).diagnostics : loaded.diagnostics;
  });
  return [...own, ...ofTests.filter((item) => !known.has(keyOf(item)))];
}

function keyOf(item: Diagnostic): string {
  return `${item.span?.file.path}:${item.span?.start} ${item.code} ${item.message}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
