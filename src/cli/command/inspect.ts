import type { Command } from 'commander';
import { inspect } from '../../inspect/index.ts';
import { viewOf } from '../../runtime/tools.ts';
import { addFormat, entryOf, formatOf, readTable } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

export function addInspect(program: Command, out: Output): void {
  const command = program
    .command('inspect')
    .description('Shows what a decision table holds; as JSON, all of it.')
    .argument('<table>', 'a table, or a folder that holds one')
    .addHelpText(
      'after',
      '\nExamples:\n  chaperone inspect clinic.chaperone\n  chaperone inspect clinic.chaperone --json\n',
    );
  addFormat(command).action((path: string, options: { format?: string; json?: boolean }) => {
    const format = formatOf(options);
    const entry = entryOf(path);
    if (entry.kind !== 'table') throw new UsageError(`\`${path}\` is no table`, 'write one with `chaperone compile`');
    const table = readTable(entry.path);
    if (format === 'json') {
      out.json(inspect(table));
      return;
    }
    const view = viewOf(table);
    const rows: readonly (readonly [string, string])[] = [
      ['policy', `${table.policy.name} ${table.policy.version}`],
      ['catalog', `${table.catalog.name} ${table.catalog.version}`],
      ['digest', `${table.digest} (${table.verify() ? 'verified' : 'DOES NOT MATCH'})`],
      ['meaning digest', table.meaningDigest],
      ['time zone', view.timeZone],
      ['roles', String(view.roles.length)],
      ['actions', String(view.actions.length)],
      ['members', String(view.memberCount)],
      ['atoms', String(view.atoms.length)],
      ['explanations', view.isStripped ? 'left out' : 'kept'],
    ];
    for (const [name, value] of rows) out.write(`${name.padEnd(16)}${value}\n`);
  });
}
