import { escaped } from '../diff/print.ts';
import type { Output } from '../output.ts';
import { write } from '../write.ts';
import { aboutMissing, cellText, dutiesOf, footnoteText, type Matrix, markOf } from './cells.ts';
import { csvOf } from './csv.ts';

export function printMatrix(matrix: Matrix, format: string, footnotes: string | null, out: Output): void {
  if (format === 'json') printJson(matrix, out);
  else if (format === 'csv') printCsv(matrix, footnotes, out);
  else if (format === 'markdown') printMarkdown(matrix, out);
  else printText(matrix, out);
}

/** As `schemas/matrix.schema.json` describes. */
function printJson({ policy, catalog, of, since, columns, rows, footnotes }: Matrix, out: Output): void {
  const told = {
    policy,
    catalog,
    of,
    since: since === null ? null : instantText(since),
    columns,
    rows: rows.map(({ action, cells }) => ({
      action,
      marks: Object.fromEntries(columns.map((name, at) => [name, markAt(cells, at)])),
      when: Object.fromEntries(
        columns.flatMap((name, at) => (markAt(cells, at) === 'if' ? [[name, cells[at]?.parts]] : [])),
      ),
    })),
    footnotes,
  };
  // Nobody reads this many by eye, and indented they are twice the size.
  if (rows.length * columns.length > 10_000) out.write(`${JSON.stringify(told)}\n`);
  else out.json(told);
}

function markAt(cells: Matrix['rows'][number]['cells'], at: number): string {
  const cell = cells[at];
  return cell ? markOf(cell) : 'no';
}

/** One table: the matrix, an empty record, the conditions by number; or these in a file of their own. */
function printCsv(matrix: Matrix, file: string | null, out: Output): void {
  const { columns, rows, footnotes } = matrix;
  const cells = rows.map(({ action, cells: own }) => [action, ...own.map((cell) => cellText(cell, String))]);
  const table = [['action', ...columns], ...cells];
  const duties = [...dutiesOf(matrix)].map(([outcome, all]) => [outcome, all.join(', ')]);
  const notes = [
    ['footnote', 'condition'],
    ...footnotes.map((note) => [`${note.number}`, footnoteText(note)]),
    ...duties,
  ];
  if (file !== null) {
    write(file, csvOf(notes));
    out.note(`wrote ${file}`);
  }
  const isAppended = file === null && notes.length > 1;
  out.write(csvOf(isAppended ? [...table, [], ...notes] : table));
}

/** GitHub's footnotes; elsewhere they read well as they are. */
function printMarkdown(matrix: Matrix, out: Output): void {
  const { of, columns, rows, footnotes } = matrix;
  const text = (cell: Matrix['rows'][number]['cells'][number]) =>
    escapedCell(cellText(cell, (number) => `{${number}}`));
  const numbered = (cell: Matrix['rows'][number]['cells'][number]) =>
    text(cell).replace(/\{(\d+)\}/g, (_, number: string) => `[^${number}]`);
  if (of === 'permissions') {
    out.write('| permission | adds |\n|---|---|\n');
    for (const [permission, gifts] of giftsOf(matrix)) {
      const adds = gifts.map(([action, cell]) =>
        `\`${action}\` ${markOf(cell) === 'yes' ? '' : numbered(cell)}`.trim(),
      );
      out.write(`| \`${permission}\` | ${adds.join('<br>') || nothingAlone} |\n`);
    }
  } else {
    out.write(`| action | ${columns.map(escapedCell).join(' | ')} |\n|---|${columns.map(() => '---').join('|')}|\n`);
    for (const { action, cells } of rows) out.write(`| \`${action}\` | ${cells.map(numbered).join(' | ')} |\n`);
  }
  for (const [outcome, duties] of dutiesOf(matrix)) out.write(`\n\`${outcome}\`: ${escaped(duties.join(', '))}\n`);
  if (footnotes.length > 0) out.write(`\n${aboutMissing}${sinceText(matrix)}\n\n`);
  for (const note of footnotes) out.write(`[^${note.number}]: ${escaped(oneLine(footnoteText(note)))}\n`);
}

function escapedCell(text: string): string {
  return escaped(oneLine(text)).replaceAll('`', '\\`');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function printText(matrix: Matrix, out: Output): void {
  const { of, footnotes } = matrix;
  if (of === 'permissions') printGifts(matrix, out);
  else printTable(matrix, out);
  const never = of === 'permissions' ? '' : '   -: never';
  out.write(`\nyes: always   if N: under condition N below${never}\n`);
  for (const [outcome, duties] of dutiesOf(matrix))
    out.write(`${outcome}: allowed with the duties ${duties.join(', ')}\n`);
  if (footnotes.length === 0) return;
  out.write('\n');
  const width = `${footnotes.length}`.length;
  for (const note of footnotes) out.write(`${`${note.number}`.padStart(width)}  ${oneLine(footnoteText(note))}\n`);
  out.write(`\n${aboutMissing}${sinceText(matrix)}\n`);
}

function sinceText({ since }: Matrix): string {
  return since === null ? '' : ` Told from ${instantText(since)} on.`;
}

function printTable({ columns, rows }: Matrix, out: Output): void {
  const texts = rows.map(({ cells }) => cells.map(shown));
  const first = Math.max(6, ...rows.map(({ action }) => action.length));
  const widths = columns.map((name, at) => Math.max(name.length, ...texts.map((own) => own[at]?.length ?? 0)));
  const line = (name: string, fields: readonly string[]) => `${name.padEnd(first)}  ${fields.join('  ')}`.trimEnd();
  const head = columns.map((name, at) => name.padEnd(widths[at] ?? 0));
  out.write(`${out.paint('bold', line('action', head))}\n`);
  rows.forEach(({ action, cells }, row) => {
    const fields = cells.map((cell, at) => painted(cell, (texts[row]?.[at] ?? '').padEnd(widths[at] ?? 0), out));
    out.write(`${line(action, fields)}\n`);
  });
}

/** A permission a paragraph: there are too many for columns. */
function printGifts(matrix: Matrix, out: Output): void {
  const width = Math.max(0, ...matrix.rows.map(({ action }) => action.length));
  for (const [permission, gifts] of giftsOf(matrix)) {
    out.write(`${out.paint('bold', permission)}\n`);
    if (gifts.length === 0) out.write(`  adds ${nothingAlone}\n`);
    for (const [action, cell] of gifts) out.write(`  ${action.padEnd(width)}  ${painted(cell, shown(cell), out)}\n`);
  }
}

const nothingAlone = 'nothing by itself: it widens what others give, or needs others';

function giftsOf({ columns, rows }: Matrix) {
  return columns.map((name, at) => {
    const gifts = rows.flatMap(({ action, cells }) => {
      const cell = cells[at];
      return cell && cell.answer !== 'never' ? [[action, cell] as const] : [];
    });
    return [name, gifts] as const;
  });
}

type Cell = Matrix['rows'][number]['cells'][number];

function shown(cell: Cell): string {
  return markOf(cell) === 'no' ? '-' : cellText(cell, String);
}

function painted(cell: Cell, text: string, out: Output): string {
  const mark = markOf(cell);
  return out.paint(mark === 'yes' ? 'green' : mark === 'no' ? 'dim' : 'yellow', text);
}

function instantText(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
