import type { Command } from 'commander';
import { loadTable, type Table } from '../../runtime/index.ts';
import { type TableView, viewOf } from '../../runtime/tools.ts';
import { addFormat, compilePolicy, entryOf, formatOf, readTable } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly members?: boolean;
  readonly format?: string;
  readonly json?: boolean;
}

/** `if`: it depends on the request. An allow with duties bears the outcome's name. */
type Mark = 'yes' | 'no' | 'if' | (string & {});

interface Matrix {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly action: string; readonly marks: readonly Mark[] }[];
}

export function addMatrix(program: Command, out: Output): void {
  const command = program
    .command('matrix')
    .description('Shows who may do what: roles (or members) by actions.')
    .argument('[policy]', 'a folder, practice, catalog or table', '.')
    .option('--members', 'a column for each member instead of each role')
    .addHelpText(
      'after',
      '\nFormats: human, json, csv, markdown.\n\nExamples:\n  chaperone matrix examples/harbour-physio\n  chaperone matrix clinic.chaperone --members --format markdown\n',
    );
  addFormat(command).action((path: string, options: Options) => {
    const format = formatOf(options, ['csv', 'markdown']);
    const entry = entryOf(path);
    let table: Table;
    let order: readonly string[] | null = null;
    if (entry.kind === 'table') table = readTable(entry.path);
    else if (entry.kind === 'tests') throw new UsageError(`\`${path}\` is a tests file; name the practice or a table`);
    else {
      const compiled = compilePolicy(entry.path, {}, format, out);
      if (!compiled) return;
      table = loadTable(compiled.table);
      order = [...compiled.policy.roles.keys()];
    }
    print(options.members ? memberMatrix(table) : roleMatrix(table, order), format, table, out);
  });
}

/** Roles in the order of the file where the source is there. */
function roleMatrix(table: Table, order: readonly string[] | null): Matrix {
  const view = viewOf(table);
  const names = view.roles.map((role) => role.name);
  const columns = order ?? names;
  const rows = view.actions.map((action, column) => ({
    action: action.name,
    marks: columns.map((role) => markOf(view, names.indexOf(role), column)),
  }));
  return { columns, rows };
}

/** Members as they stand now: their settings and ids are known, their assignments' dates count. */
function memberMatrix(table: Table): Matrix {
  const view = viewOf(table);
  const members = Array.from({ length: view.memberCount }, (_, index) => view.member(index).key);
  const users = members.map((key) => {
    const user = table.user(key);
    return { user, permitted: user.permitted() };
  });
  const rows = view.actions.map(({ name: action }) => ({
    action,
    marks: users.map(({ user, permitted }): Mark => {
      if (permitted.always.has(action)) return user.decide(action).outcome ?? 'yes';
      return permitted.sometimes.has(action) ? 'if' : 'no';
    }),
  }));
  return { columns: members, rows };
}

function markOf(view: TableView, role: number, column: number): Mark {
  const node = view.sections.cells[role * view.actions.length + column] ?? 0;
  if (node === 0) return 'no';
  if (node >= view.leaves) return 'if';
  return view.outcomes[view.leaves - 2 - node]?.name ?? 'yes';
}

function print({ columns, rows }: Matrix, format: string, table: Table, out: Output): void {
  if (columns.length === 0)
    out.note('there are no roles yet: a catalog has none, a practice declares them under `roles`');
  switch (format) {
    case 'json':
      out.json({
        policy: table.policy,
        columns,
        rows: rows.map(({ action, marks }) => ({
          action,
          marks: Object.fromEntries(columns.map((name, index) => [name, marks[index]])),
        })),
      });
      break;
    case 'csv':
      for (const cells of [['action', ...columns], ...rows.map(({ action, marks }) => [action, ...marks])]) {
        out.write(`${cells.map(csvCell).join(',')}\n`);
      }
      break;
    case 'markdown':
      out.write(`| action | ${columns.join(' | ')} |\n|---|${columns.map(() => '---').join('|')}|\n`);
      for (const { action, marks } of rows) out.write(`| \`${action}\` | ${marks.join(' | ')} |\n`);
      break;
    default: {
      const first = Math.max(6, ...rows.map(({ action }) => action.length));
      const widths = columns.map((name, index) =>
        Math.max(name.length, ...rows.map(({ marks }) => shown(marks[index] ?? 'no').length)),
      );
      const line = (name: string, cells: readonly string[]) => `${name.padEnd(first)}  ${cells.join('  ')}`.trimEnd();
      out.write(
        `${out.paint(
          'bold',
          line(
            'action',
            columns.map((name, index) => name.padEnd(widths[index] ?? 0)),
          ),
        )}\n`,
      );
      for (const { action, marks } of rows) {
        out.write(
          `${line(
            action,
            marks.map((mark, index) => painted(mark, shown(mark).padEnd(widths[index] ?? 0), out)),
          )}\n`,
        );
      }
      out.write('\nyes: always   if: depends on the request; ask `chaperone can ... --explain`   -: never\n');
    }
  }
}

function shown(mark: Mark): string {
  return mark === 'no' ? '-' : mark;
}

function painted(mark: Mark, text: string, out: Output): string {
  return mark === 'yes' ? out.paint('green', text) : mark === 'no' ? out.paint('dim', text) : out.paint('yellow', text);
}

/** A cell that a spreadsheet would take for a formula is kept a text. */
function csvCell(text: string): string {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
