import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { loadFiles } from '../../index.ts';
import { createHost, shippedCatalogs, startPractice } from '../../node/index.ts';
import { verify } from '../../verify/index.ts';
import { addFormat, formatOf } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly catalog?: string;
  readonly name?: string;
  readonly format?: string;
  readonly json?: boolean;
}

export function addInit(program: Command, out: Output): void {
  const command = program
    .command('init')
    .description('Starts a practice: its policy, first tests, schemas for editors and a workflow for CI.')
    .argument('[folder]', 'a new or empty folder; by default one named after the practice')
    .option('--catalog <name>', 'the product that the clinic uses')
    .option('--name <name>', 'the name of the practice, such as harbour-physio')
    .addHelpText(
      'after',
      '\nOn a terminal, what is left out is asked for.\n\nExamples:\n  chaperone init\n  chaperone init clinic --catalog power-diary --name harbour-physio\n',
    );
  addFormat(command).action((folder: string | undefined, options: Options) => init(folder, options, out));
}

async function init(given: string | undefined, options: Options, out: Output): Promise<void> {
  const format = formatOf(options);
  const catalogs = shippedCatalogs();
  const catalog =
    options.catalog ?? (await ask(`Which product? (${catalogs.join(', ')})`, '--catalog', catalogs[0] ?? ''));
  if (!catalogs.includes(catalog))
    throw new UsageError(`there is no catalog \`${catalog}\``, `shipped catalogs: ${catalogs.join(', ')}`);
  const fallback =
    given
      ?.split(/[\\/]/)
      .filter((part) => part !== '' && part !== '.')
      .pop() ?? 'my-clinic';
  const name =
    options.name ??
    (given !== undefined && isName(fallback) ? fallback : await ask('The name of the practice?', '--name', fallback));
  if (!isName(name))
    throw new UsageError(`\`${name}\` is not a name`, 'a name has letters, digits and `-`, and starts with a letter');
  const folder = given ?? name;
  const written = startPractice(folder, { catalog, name });
  if ('problem' in written) throw new UsageError(written.problem);
  const { verdicts, diagnostics } = verify(loadFiles(written.tests, createHost()));
  const failed = verdicts.filter(({ differences }) => differences.length > 0).length;
  if (format === 'json') {
    out.json({
      folder,
      catalog,
      name,
      files: written.files,
      passed: verdicts.length - failed,
      failed,
      warnings: diagnostics.length,
    });
    return;
  }
  for (const file of written.files) out.write(`  ${file}\n`);
  out.write(`${verdicts.length - failed} passed, ${failed} failed\n\n`);
  out.write(
    `Next: edit ${folder}/practice.yaml, then\n  chaperone check ${folder}\n  chaperone test ${folder}\n  chaperone matrix ${folder}\n`,
  );
}

/** Asks on a terminal; elsewhere the flag is needed. */
async function ask(question: string, flag: string, fallback: string): Promise<string> {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    throw new UsageError(`\`${flag}\` is missing`, 'it is asked for on a terminal only');
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await lines.question(`${question} [${fallback}] `)).trim();
    return answer === '' ? fallback : answer;
  } finally {
    lines.close();
  }
}

function isName(text: string): boolean {
  return /^[A-Za-z][\w.-]*$/.test(text);
}
