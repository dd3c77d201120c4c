import { type Diagnostic, diagnose } from '../../diagnostics/index.ts';
import type { SourceFile, Span } from '../../source/index.ts';
import { limits } from '../limits.ts';
import { EntryTable, type MapEntry, type MapNode, type Node, type ScalarNode } from '../node.ts';
import { WholeText } from '../scalar.ts';
import { type Cell, type Row, readRows } from './csv.ts';
import { type Column, type Header, readHeader } from './csv-header.ts';
import type { List } from './index.ts';

/** The members of a CSV file: a row is an assignment, and rows of one key are the assignments of one member. */
export function readCsvMembers(file: SourceFile): List {
  const { rows, end, diagnostics: found } = readRows(file);
  const diagnostics = [...found];
  const [first, ...body] = rows;
  const header = first ? readHeader(file, first, diagnostics) : null;
  if (!header) return { root: null, end, isPartial: true, diagnostics };
  const members = new Map<string, Row[]>();
  let wrong = 0;
  for (const row of body) {
    const key = row.cells[header.key]?.text ?? '';
    const known = members.get(key);
    if (row.cells.length !== header.width) {
      if (++wrong <= limits.repeats) diagnostics.push(wrongWidth(file, row, header.width));
    } else if (known) known.push(row);
    else members.set(key, [row]);
  }
  const entries: MapEntry[] = [];
  for (const own of members.values()) {
    diagnostics.push(...disagreements(file, header, own));
    entries.push(memberOf(file, header, own));
  }
  const root = mapOf(entries, { file, start: 0, end: file.text.length });
  return { root, end, isPartial: diagnostics.length > 0, diagnostics };
}

/** The assignment itself for one row, `holds` for several. */
function memberOf(file: SourceFile, header: Header, rows: readonly Row[]): MapEntry {
  const { start, end } = spanOf(file, rows[0]);
  const span = { file, start, end: rows.reduce((last, row) => Math.max(last, row.end), end) };
  const key = scalarOf(file, cellOf(rows[0], header.key));
  const own = rows[0] ? entriesOf(file, header.ofMember, rows[0]) : [];
  const assignments = rows.map((row) => mapOf(entriesOf(file, header.ofAssignment, row), spanOf(file, row)));
  const [one, ...others] = assignments;
  const holds = { name: { text: 'holds', span: key.inner }, nameText: key.text };
  const rest = one && others.length === 0 ? one.entries : [entryOf(holds, { kind: 'list', items: assignments, span })];
  const value = mapOf([...own, ...rest], span);
  return { key: { text: key.text.text, span: key.inner }, keyText: key.text, value, span };
}

/** What the cells say; an empty cell says nothing. */
function entriesOf(file: SourceFile, columns: readonly Column[], row: Row): MapEntry[] {
  const entries: MapEntry[] = [];
  for (const column of columns) {
    if ('cell' in column) {
      const cell = cellOf(row, column.cell);
      if (cell.text !== '') entries.push(entryOf(column, scalarOf(file, cell)));
    } else {
      const inner = entriesOf(file, column.columns, row);
      if (inner.length > 0) entries.push(entryOf(column, mapOf(inner, spanOf(file, row))));
    }
  }
  return entries;
}

function entryOf({ name, nameText }: Pick<Column, 'name' | 'nameText'>, value: Node): MapEntry {
  return { key: name, keyText: nameText, value, span: value.span };
}

function mapOf(entries: MapEntry[], span: Span): MapNode {
  return { kind: 'map', entries, byKey: new EntryTable(entries), span };
}

function scalarOf(file: SourceFile, { text, start, end }: Cell): ScalarNode {
  const span = { file, start, end };
  return { kind: 'scalar', value: text, isCell: true, span, inner: span, text: new WholeText(text, span) };
}

function cellOf(row: Row | undefined, column: number): Cell {
  return row?.cells[column] ?? { text: '', start: row?.start ?? 0, end: row?.start ?? 0 };
}

function spanOf(file: SourceFile, row: Row | undefined): Span {
  return { file, start: row?.start ?? 0, end: row?.end ?? 0 };
}

/** Rows of one member that differ in what they say of the member. */
function disagreements(file: SourceFile, { key, ofMember }: Header, [first, ...others]: readonly Row[]): Diagnostic[] {
  return others.flatMap((row) => {
    const column = ofMember.find(
      (item) => 'cell' in item && cellOf(first, item.cell).text !== cellOf(row, item.cell).text,
    );
    if (!column || !('cell' in column)) return [];
    const [before, here] = [cellOf(first, column.cell), cellOf(row, column.cell)];
    const place = here.text === '' ? cellOf(row, key) : here;
    const said = here.text === '' ? 'nothing' : `\`${here.text}\``;
    const message = `the rows of \`${cellOf(row, key).text}\` disagree: \`${column.name.text}\` is ${said} here`;
    const at = before.text === '' ? cellOf(first, key) : before;
    const notes = [
      {
        message: before.text === '' ? 'it is empty here' : `it is \`${before.text}\` here`,
        span: { file, start: at.start, end: at.end },
      },
    ];
    const help = 'write the same in every row of one member; different people have different keys';
    return [diagnose('conflicting-rows', { file, start: place.start, end: place.end }, message, { notes, help })];
  });
}

function wrongWidth(file: SourceFile, { cells, start, end }: Row, wanted: number): Diagnostic {
  const surplus = cells[wanted];
  const place = surplus?.start ?? Math.max(start, end - 1);
  const count = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
  const message = `this row has ${count}, and the header has ${wanted}`;
  const help = surplus ? 'put a cell that holds a comma in quotes' : 'write a comma for each empty cell too';
  return diagnose('bad-csv', { file, start: place, end: Math.max(place + 1, surplus?.end ?? 0) }, message, { help });
}
