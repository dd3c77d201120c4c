#!/usr/bin/env node
// In: the arguments of the command line.
// Out: text or JSON, and an exit code: 0 clean, 1 findings, 2 wrong usage or unreadable input, 3 a bug.
// Never: decides, compiles or reads by itself: every verb is a thin door to a room.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageFolder } from '../node/index.ts';
import { createOutput, type Output, UsageError } from './output.ts';

/** In the order of `--help`. Each is loaded only when it is asked for, since programs wait for what verbs import. */
const verbs: ReadonlyMap<string, () => Promise<(program: Command, out: Output) => void>> = new Map([
  ['init', async () => (await import('./command/init.ts')).addInit],
  ['check', async () => (await import('./command/check.ts')).addCheck],
  ['compile', async () => (await import('./command/compile.ts')).addCompile],
  ['test', async () => (await import('./command/test.ts')).addTest],
  ['can', async () => (await import('./command/can.ts')).addCan],
  ['who', async () => (await import('./command/who.ts')).addWho],
  ['matrix', async () => (await import('./command/matrix.ts')).addMatrix],
  ['diff', async () => (await import('./command/diff.ts')).addDiff],
  ['inspect', async () => (await import('./command/inspect.ts')).addInspect],
  ['explain', async () => (await import('./command/explain.ts')).addExplain],
]);

const output = createOutput(process.stdout, process.stderr, process.env);

async function createProgram(): Promise<Command> {
  const program = new Command('chaperone')
    .description(
      'Compiles who may do what in a clinic, kept as YAML in git, into a decision table, and decides with it.',
    )
    .version(versionOf(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [verb]', 'show the help of a verb')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.write(text), writeErr: (text) => output.note(text.trimEnd()) });
  program.addHelpText(
    'after',
    '\nExit codes: 0 clean; 1 errors in a policy or failed tests; 2 wrong usage or unreadable input; 3 a bug.\n',
  );
  const asked = verbs.get(process.argv[2] ?? '');
  for (const load of asked ? [asked] : verbs.values()) (await load())(program, output);
  for (const command of program.commands) {
    command.exitOverride();
    command.showHelpAfterError('(add --help for the options)');
  }
  return program;
}

async function run(program: Command, out: Output): Promise<void> {
  try {
    if (process.argv.length <= 2) program.help();
    await program.parseAsync(process.argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error, out);
  }
}

function exitCodeOf(error: unknown, out: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) {
    out.note(`error: ${error.message}`);
    if (error.help) out.note(`  help: ${error.help}`);
    if (asksForJson(process.argv)) out.json({ error: error.message, help: error.help });
    return 2;
  }
  out.note(`This is a bug in Chaperone, not in your files: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.CHAPERONE_DEBUG && error instanceof Error) out.note(error.stack ?? '');
  else out.note('Set CHAPERONE_DEBUG=1 to see where it happened, and please report it.');
  return 3;
}

/** Programs that asked for JSON get it also where nothing could be answered. */
function asksForJson(words: readonly string[]): boolean {
  return words.includes('--json') || words.includes('--format=json') || words[words.indexOf('--format') + 1] === 'json';
}

function versionOf(): string {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  const data: unknown = JSON.parse(text);
  return typeof data === 'object' && data !== null && 'version' in data ? String(data.version) : '0';
}

// A reader that goes away (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`error: the output cannot be written (${error.code})\n`);
  process.exit(2);
});
await run(await createProgram(), output);
