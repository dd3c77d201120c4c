import { resolve } from 'node:path';
import type { Command } from 'commander';
import { factsOfActions } from '../../index.ts';
import { addFormat, compilePolicy, entryOf, formatOf } from '../input.ts';
import { type Output, UsageError } from '../output.ts';
import { typesOf } from '../types.ts';
import { write } from '../write.ts';

interface Options {
  readonly output?: string;
  readonly types?: string;
  readonly strip?: boolean;
  readonly format?: string;
  readonly json?: boolean;
}

export function addCompile(program: Command, out: Output): void {
  const command = program
    .command('compile')
    .description('Compiles a practice or catalog into the decision table that applications load.')
    .argument('[policy]', 'a folder, practice or catalog', '.')
    .option('-o, --output <file>', 'the table to write; by default NAME.chaperone in the current folder')
    .option('--types <file>', 'also write TypeScript unions of actions, roles and permissions')
    .option('--strip', 'leave out what explanations need (titles, conditions, places)')
    .addHelpText(
      'after',
      '\nExamples:\n  chaperone compile examples/harbour-physio -o clinic.chaperone\n  chaperone compile clinic -o clinic.chaperone --types src/clinic.ts --strip\n',
    );
  addFormat(command).action((policy: string, options: Options) => compileVerb(policy, options, out));
}

function compileVerb(path: string, options: Options, out: Output): void {
  const format = formatOf(options);
  const entry = entryOf(path);
  if (entry.kind !== 'policy') throw new UsageError(`\`${path}\` is no practice or catalog`);
  const compiled = compilePolicy(entry.path, { strip: options.strip ?? false }, format, out);
  if (!compiled) return;
  const { policy, table, diagrams } = compiled;
  const file = options.output ?? `${policy.name}.chaperone`;
  refuseSources([file, ...(options.types ? [options.types] : [])], [entry.path, ...compiled.files]);
  write(file, table);
  if (options.types) write(options.types, typesOf(policy));
  const facts = [...factsOfActions(diagrams)].sort(([a], [b]) => (a < b ? -1 : 1));
  if (format === 'json') {
    out.json({
      table: file,
      types: options.types ?? null,
      bytes: table.length,
      digest: compiled.digest,
      meaningDigest: compiled.meaningDigest,
      policy: { name: policy.name, version: policy.version },
      catalog: policy.catalog,
      facts: Object.fromEntries(facts.map(([action, { all }]) => [action, all])),
      essentialFacts: Object.fromEntries(facts.map(([action, { essential }]) => [action, essential])),
    });
    return;
  }
  out.write(`${out.paint('bold', file)}  ${table.length} bytes, meaning ${compiled.meaningDigest?.slice(0, 16)}\n`);
  const count = `${policy.roles.size} roles, ${policy.actions.size} actions, ${policy.members.size} members`;
  out.write(`${policy.name} ${policy.version} on ${policy.catalog.name} ${policy.catalog.version}: ${count}\n`);
  const asked = facts.filter(([, { all }]) => all.length > 0);
  if (asked.length === 0) return;
  out.write('\nFacts that decisions look at; without one marked *, nobody is ever allowed the action.\n');
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
