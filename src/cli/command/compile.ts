import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { factsOfActions } from '../../index.ts';
import { writeModule } from '../../module/index.ts';
import { readRuntime } from '../../node/index.ts';
import { compilePolicy, type WholeCompilation } from '../compiling.ts';
import { addFormat, entryOf, formatOf, readTable } from '../input.ts';
import { type Output, UsageError } from '../output.ts';
import { moduleTypesOf, typesOf } from '../types.ts';
import { write } from '../write.ts';

interface Options {
  readonly target: string;
  readonly output?: string;
  readonly types?: string;
  readonly strip?: boolean;
  readonly format?: string;
  readonly json?: boolean;
}

/** What goes into the output file. */
interface Written {
  readonly data: Uint8Array | string;
  /** Cells whose decision depends on a request, and how many of them are code; null for a table. */
  readonly cells: { readonly conditional: number; readonly compiled: number } | null;
}

export function addCompile(program: Command, out: Output): void {
  const command = program
    .command('compile')
    .description('Compiles a practice or catalog into the decision table that applications load.')
    .argument('[policy]', 'a folder, practice or catalog; with --target module also a table', '.')
    .option('-o, --output <file>', 'the file to write; by default NAME.chaperone (or NAME.mjs) in the current folder')
    .option('--target <target>', 'table, or module: JavaScript that decides alike, without a file to load', 'table')
    .option('--types <file>', 'also write TypeScript unions of actions, roles and permissions')
    .option('--strip', 'leave out what explanations need (titles, conditions, places)')
    .addHelpText(
      'after',
      '\nExamples:\n  chaperone compile examples/harbour-physio -o clinic.chaperone\n  chaperone compile clinic -o clinic.chaperone --types src/clinic.ts --strip\n  chaperone compile clinic --target module -o policy.js --types policy.d.ts\n',
    );
  addFormat(command).action((policy: string, options: Options) => compileVerb(policy, options, out));
}

function compileVerb(path: string, options: Options, out: Output): void {
  const format = formatOf(options);
  const { target } = options;
  if (target !== 'table' && target !== 'module') {
    throw new UsageError(`unknown target \`${target}\``, 'targets: table, module');
  }
  const entry = entryOf(path);
  if (entry.kind === 'table' && target === 'module') {
    moduleOfTable(entry.path, options, format, out);
    return;
  }
  if (entry.kind !== 'policy') throw new UsageError(`\`${path}\` is no practice or catalog`);
  const compiled = compilePolicy(entry.path, { strip: options.strip ?? false }, format, out);
  if (!compiled) return;
  const { policy, table, diagrams } = compiled;
  const file = options.output ?? `${policy.name}.${target === 'table' ? 'chaperone' : 'mjs'}`;
  refuseSources([file, ...(options.types ? [options.types] : [])], [entry.path, ...compiled.files]);
  const written = target === 'table' ? { data: table, cells: null } : toModule(table);
  write(file, written.data);
  if (options.types) write(options.types, target === 'table' ? typesOf(policy) : moduleTypesOf(policy));
  const facts = [...factsOfActions(diagrams)].sort(([a], [b]) => (a < b ? -1 : 1));
  if (format === 'json') {
    out.json({
      [target]: file,
      types: options.types ?? null,
      bytes: written.data.length,
      ...(written.cells && { cells: written.cells }),
      digest: compiled.digest,
      meaningDigest: compiled.meaningDigest,
      policy: { name: policy.name, version: policy.version },
      catalog: policy.catalog,
      facts: Object.fromEntries(facts.map(([action, { all }]) => [action, all])),
      essentialFacts: Object.fromEntries(facts.map(([action, { essential }]) => [action, essential])),
    });
    return;
  }
  noteSize(file, written, compiled.meaningDigest, out);
  showContents(policy, facts, out);
}

/** A table of its own is all that is needed, but for types and facts, which it does not hold. */
function moduleOfTable(path: string, options: Options, format: string, out: Output): void {
  if (options.types || options.strip) {
    throw new UsageError('a table has no types to write and nothing to strip', 'compile the policy instead');
  }
  const { policy, catalog, digest, meaningDigest } = readTable(path);
  const file = options.output ?? `${policy.name}.mjs`;
  refuseSources([file], [path]);
  const written = toModule(readFileSync(path));
  write(file, written.data);
  if (format !== 'json') noteSize(file, written, meaningDigest, out);
  else {
    const { data, cells } = written;
    out.json({ module: file, types: null, bytes: data.length, cells, digest, meaningDigest, policy, catalog });
  }
}

function toModule(table: Uint8Array): Written {
  const { text, ...cells } = writeModule(table, readRuntime());
  return { data: text, cells };
}

function noteSize(file: string, { data, cells }: Written, meaningDigest: string | null, out: Output): void {
  const code = cells ? `, ${cells.compiled} of ${cells.conditional} conditional cells as code` : '';
  out.write(`${out.paint('bold', file)}  ${data.length} bytes${code}, meaning ${meaningDigest?.slice(0, 16)}\n`);
}

function showContents(
  policy: WholeCompilation['policy'],
  facts: readonly (readonly [string, { readonly all: readonly string[]; readonly essential: readonly string[] }])[],
  out: Output,
): void {
  const count = `${policy.roles.size} roles, ${policy.actions.size} actions, ${policy.members.size} members`;
  out.write(`${policy.name} ${policy.version} on ${policy.catalog.name} ${policy.catalog.version}: ${count}\n`);
  const asked = facts.filter(([, { all }]) => all.length > 0);
  if (asked.length === 0) return;
  const isAnyEssential = asked.some(([, { essential }]) => essential.length > 0);
  const star = isAnyEssential ? '; without one marked *, nobody is ever allowed the action' : '';
  out.write(`\nFacts that decisions look at${star}.\n`);
  const width = Math.max(...asked.map(([action]) => action.length));
  for (const [action, { all, essential }] of asked) {
    out.write(
      `  ${action.padEnd(width)}  ${all.map((fact) => (essential.includes(fact) ? `${fact}*` : fact)).join(', ')}\n`,
    );
  }
}

/** What was read is never written over, nor one output by the other. */
function refuseSources(outputs: readonly string[], sources: readonly string[]): void {
  const taken = new Set(sources.map((path) => resolve(path)));
  for (const output of outputs) {
    if (taken.has(resolve(output)))
      throw new UsageError(`\`${output}\` is a source or written already`, 'name another file');
    taken.add(resolve(output));
  }
}
