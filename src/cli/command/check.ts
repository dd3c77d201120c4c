import type { Command } from 'commander';
import {
  type Cache,
  checkBeside,
  collect,
  compile,
  createCache,
  type Diagnostic,
  diagnosticsToJson,
  loadFiles,
} from '../../index.ts';
import { createHost } from '../../node/index.ts';
import { checkTests } from '../../verify/index.ts';
import { failureCode, noteDiagnostics } from '../compiling.ts';
import { addFormat, entryOf, formatOf } from '../input.ts';
import { type Output, UsageError } from '../output.ts';
import { repeatOnChange } from '../watch.ts';

interface Options {
  readonly format?: string;
  readonly json?: boolean;
  readonly maxWarnings?: string;
  readonly watch?: boolean;
}

export function addCheck(program: Command, out: Output): void {
  const command = program
    .command('check')
    .description('Reports everything that is wrong with policies and their tests files, in one run.')
    .argument('[paths...]', 'folders, practices, catalogs or tests files', ['.'])
    .option('--max-warnings <count>', 'fail when there are more warnings than this')
    .option('--watch', 'check again after every change')
    .addHelpText(
      'after',
      '\nExamples:\n  chaperone check\n  chaperone check examples/harbour-physio\n  chaperone check clinic --json --max-warnings 0\n',
    );
  addFormat(command).action(async (paths: string[], options: Options) => {
    const cache = createCache();
    if (options.watch) await repeatOnChange(() => check(paths, options, cache, out), out);
    check(paths, options, cache, out);
  });
}

/** The files that were read. */
function check(paths: readonly string[], options: Options, cache: Cache, out: Output): readonly string[] {
  const format = formatOf(options);
  const limit = options.maxWarnings === undefined ? null : Number(options.maxWarnings);
  if (limit !== null && !(Number.isInteger(limit) && limit >= 0)) {
    throw new UsageError(`\`${options.maxWarnings}\` is not a number of warnings`);
  }
  const start = performance.now();
  const checked = paths.map((path) => checkPath(path, cache));
  const diagnostics = checked.flatMap((item) => item.diagnostics);
  const files = checked.flatMap((item) => item.files);
  const errors = diagnostics.filter((item) => item.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  process.exitCode = failureCode(diagnostics) || (limit !== null && warnings > limit ? 1 : 0);
  if (format === 'json') {
    out.json({ diagnostics: diagnosticsToJson(diagnostics), errors, warnings });
    return files;
  }
  noteDiagnostics(diagnostics, out);
  const summary =
    errors + warnings === 0 ? 'nothing wrong' : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  out.write(`${out.paint(errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green', summary)}\n`);
  if (options.watch) out.note(`${Math.round(performance.now() - start)} ms`);
  return files;
}

/** The policy of a path, and the names in its tests files; what they expect is for `test` to decide. */
function checkPath(
  path: string,
  cache: Cache,
): { readonly diagnostics: readonly Diagnostic[]; readonly files: readonly string[] } {
  const entry = entryOf(path);
  if (entry.kind === 'table')
    throw new UsageError(`\`${path}\` is a table; \`check\` reads YAML`, 'use `inspect` for a table');
  const own = entry.kind === 'policy' ? compile(entry.path, createHost(), { cache, withoutTable: true }) : null;
  const beside =
    entry.kind === 'policy' && own?.policy ? checkBeside(entry.beside, own.files, createHost(), cache) : [];
  const known = new Set(own?.diagnostics.map(keyOf));
  const ofTests = entry.tests.map((file) => {
    const loaded = loadFiles(file, createHost(), cache);
    return { diagnostics: loaded.tests ? checkTests(loaded) : loaded.diagnostics, files: loaded.files };
  });
  const further = ofTests.flatMap((item) => item.diagnostics).filter((item) => !known.has(keyOf(item)));
  return {
    diagnostics: collect([...(own?.diagnostics ?? []), ...beside, ...further]),
    files: [...(own?.files ?? []), ...ofTests.flatMap((item) => item.files)],
  };
}

function keyOf(item: Diagnostic): string {
  return `${item.span?.file.path}:${item.span?.start} ${item.code} ${item.message}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
