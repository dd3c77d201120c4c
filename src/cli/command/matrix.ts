import type { Command } from 'commander';
import { survey } from '../../survey/index.ts';
import { baseRole, permissionRole } from '../catalog-roles.ts';
import { readInstant } from '../compiling.ts';
import { addFormat, formatOf } from '../input.ts';
import type { Matrix } from '../matrix/cells.ts';
import { chooseActions, chooseNames, type Opened, openPolicy } from '../matrix/open.ts';
import { printMatrix } from '../matrix/print.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly members?: boolean;
  readonly permissions?: boolean;
  readonly role: readonly string[];
  readonly member: readonly string[];
  readonly action: readonly string[];
  readonly permission: readonly string[];
  readonly now?: string;
  readonly footnotes?: string;
  readonly format?: string;
  readonly json?: boolean;
}

export function addMatrix(program: Command, out: Output): void {
  const command = program
    .command('matrix')
    .description('Shows who may do what: roles (or members) by actions, with every condition as a footnote.')
    .argument('[policy]', 'a folder, practice, catalog or table', '.')
    .option('--members', 'a column for each member instead of each role')
    .option('--permissions', 'of a catalog: what each permission adds, instead of what each level gives')
    .option('--role <name>', 'only this role; several with commas, as all of these', collect, [])
    .option('--member <name>', 'only this member', collect, [])
    .option('--action <pattern>', 'only these actions, such as "note.*"', collect, [])
    .option(
      '--permission <name>',
      'only the actions that this permission gives; with --permissions, only this',
      collect,
      [],
    )
    .option('--now <instant>', 'tell what holds from then on; by default from now on')
    .option('--footnotes <file>', 'with --format csv: the footnotes in a file of their own')
    .addHelpText('after', help);
  addFormat(command).action((path: string, options: Options) => matrix(path, options, out));
}

const help = `
A cell is yes (always, whatever is sent), no, or \`if N\`: allowed under just the condition of footnote N. One condition has
one number. Conditions are exact for requests that send every fact they name; where a fact is missing, only what every
value of it would allow is allowed. A role is told for whoever holds it, a member with the settings, dates and status of
the member. Of an outcome with duties the cell has the name; of several parts, the first whose condition is met counts.
A catalog has no roles: its columns are the levels of its accounts, with every feature on.

Formats: human (or text), json, csv, markdown. In CSV the footnotes follow the matrix after an empty record.

Examples:
  chaperone matrix examples/harbour-physio
  chaperone matrix examples/harbour-physio --member lee --action "note.*"
  chaperone matrix clinic.chaperone --members --format markdown
  chaperone matrix clinic --format csv --footnotes conditions.csv > matrix.csv
  chaperone matrix power-diary@1.0.0 --permissions
`;

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function matrix(path: string, options: Options, out: Output): void {
  const format = options.format === 'text' ? 'human' : formatOf(options, ['csv', 'markdown']);
  if (options.footnotes !== undefined && format !== 'csv')
    throw new UsageError('`--footnotes` goes with `--format csv`', 'other formats have the footnotes in them');
  const now = options.now === undefined ? Date.now() : readInstant(options.now);
  const opened = openPolicy(path, now, format, out);
  if (!opened) return;
  out.progress('reading conditions');
  const told = tell(opened, now, options);
  out.progress(null);
  printMatrix(told, format, options.footnotes ?? null, out);
}

function tell({ table, roles, members, permissions }: Opened, since: number, options: Options): Matrix {
  // A catalog without accounts has no levels.
  if (options.permissions || (permissions && roles.length === 0)) {
    if (!permissions) throw new UsageError('`--permissions` is about a catalog', 'name one, such as power-diary@1.0.0');
    const columns = chooseNames('permission', options.permission, permissions);
    const actions = chooseActions(table, options.action, []);
    const own = columns.map((name) => `${permissionRole}${name}`);
    const bases = columns.map((name) => `${baseRole}${name}`);
    return onlyAdded(survey(table, { of: 'roles', columns: [...own, ...bases], actions, since }), columns);
  }
  const actions = chooseActions(table, options.action, options.permission);
  if (options.members || options.member.length > 0) {
    if (options.role.length > 0) throw new UsageError('`--role` is about roles, not members', 'leave one of them out');
    return survey(table, { of: 'members', columns: chooseNames('member', options.member, members), actions, since });
  }
  const columns = chooseNames(permissions ? 'level' : 'role', options.role, roles);
  const told = survey(table, { of: 'roles', columns, actions, since });
  return permissions ? { ...told, of: 'levels' } : told;
}

/** What each permission gives that what it requires does not; footnotes of nothing else. */
function onlyAdded(told: ReturnType<typeof survey>, columns: readonly string[]): Matrix {
  const rows = told.rows.map(({ action, cells }) => ({
    action,
    cells: columns.map((_, at) => {
      const [own, base] = [cells[at], cells[at + columns.length]];
      const isAdded = own && JSON.stringify(own) !== JSON.stringify(base);
      return isAdded ? own : ({ answer: 'never', parts: [], isUndecided: false } as const);
    }),
  }));
  // They are read a permission at a time.
  const read = columns.flatMap((_, at) => rows.flatMap(({ cells }) => cells[at]?.parts ?? []));
  const used = [...new Set(read.flatMap(({ footnote }) => footnote ?? []))];
  const kept = used.flatMap((number) => told.footnotes[number - 1] ?? []);
  const numbers = new Map(used.map((number, index) => [number, index + 1]));
  const renumber = (footnote: number | null) => (footnote === null ? null : (numbers.get(footnote) ?? null));
  return {
    ...told,
    of: 'permissions',
    columns,
    rows: rows.map(({ action, cells }) => ({
      action,
      cells: cells.map((cell) => ({
        ...cell,
        parts: cell.parts.map((part) => ({ ...part, footnote: renumber(part.footnote) })),
      })),
    })),
    footnotes: kept.map((note) => ({ ...note, number: renumber(note.number) ?? 0 })),
  };
}
