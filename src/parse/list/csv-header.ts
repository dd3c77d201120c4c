import { type Diagnostic, diagnose } from '../../diagnostics/index.ts';
import type { Name, SourceFile } from '../../source/index.ts';
import { type ScalarText, WholeText } from '../scalar.ts';
import type { Cell, Row } from './csv.ts';

/** What the columns of a list of members are. */
export interface Header {
  readonly width: number;
  /** The number of the column `key`. */
  readonly key: number;
  /** Columns that say something of the member, whatever the role; the rows of one member have the same there. */
  readonly ofMember: readonly Column[];
  readonly ofAssignment: readonly Column[];
}

/** `access.notes.view` gives a setting with its keys: a column of columns. */
export type Column =
  | { readonly name: Name; readonly nameText: ScalarText; readonly cell: number }
  | { readonly name: Name; readonly nameText: ScalarText; readonly columns: readonly Column[] };

const memberColumns: ReadonlySet<string> = new Set(['title', 'id', 'status']);

/** The first row of the file; null where it does not say which column is which. */
export function readHeader(file: SourceFile, row: Row, diagnostics: Diagnostic[]): Header | null {
  const names = row.cells.map((cell): Name => ({ text: cell.text, span: { file, start: cell.start, end: cell.end } }));
  const found = checkNames(names);
  const key = names.findIndex(({ text }) => text === 'key');
  if (key === -1) found.push(missingKey(file, row));
  diagnostics.push(...found);
  if (found.length > 0) return null;
  const columns = names.map((name, cell) => ({ name, path: name.text.split('.'), cell }));
  const isOfMember = ({ name }: { readonly name: Name }) => memberColumns.has(name.text);
  return {
    width: names.length,
    key,
    ofMember: columnsAt(columns.filter(isOfMember), 0),
    ofAssignment: columnsAt(
      columns.filter((column) => column.cell !== key && !isOfMember(column)),
      0,
    ),
  };
}

interface Path {
  readonly name: Name;
  readonly path: readonly string[];
  readonly cell: number;
}

/** Columns by the part of their names at `depth`. */
function columnsAt(columns: readonly Path[], depth: number): readonly Column[] {
  const byPart = new Map<string, Path[]>();
  for (const column of columns) {
    const part = column.path[depth] ?? '';
    const known = byPart.get(part);
    if (known) known.push(column);
    else byPart.set(part, [column]);
  }
  return [...byPart.values()].flatMap((group): readonly Column[] => {
    const [first] = group;
    if (!first) return [];
    const name = partOf(first, depth);
    const nameText = new WholeText(name.text, name.span);
    const isLeaf = first.path.length === depth + 1;
    return [{ name, nameText, ...(isLeaf ? { cell: first.cell } : { columns: columnsAt(group, depth + 1) }) }];
  });
}

function partOf({ name, path }: Path, depth: number): Name {
  const text = path[depth] ?? '';
  const { file, start, end } = name.span;
  if (end - start !== name.text.length) return { text, span: name.span };
  const before = path.slice(0, depth).reduce((sum, part) => sum + part.length + 1, 0);
  return { text, span: { file, start: start + before, end: start + before + text.length } };
}

function checkNames(names: readonly Name[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const first = new Map<string, Name>();
  for (const name of names) {
    const known = first.get(name.text);
    first.set(name.text, known ?? name);
    if (name.text === '') {
      const help = 'name it, or delete the column; a comma at the end of a line makes a column too';
      const span = { ...name.span, end: name.span.start + 1 };
      found.push(diagnose('bad-csv', span, 'a column has no name', { help }));
    } else if (name.text === 'holds') {
      const help = 'write a row for each role, all with the same `key`';
      found.push(diagnose('unknown-key', name.span, '`holds` is not a column', { help }));
    } else if (known) {
      const help = name.text === 'role' ? 'write a row for each role' : 'delete one of them, or join their values';
      const notes = [{ message: 'it stands here first', span: known.span }];
      found.push(diagnose('duplicate-key', name.span, `the column \`${name.text}\` stands twice`, { notes, help }));
    }
  }
  for (const name of names) {
    const outer = [...first.values()].find((other) => other.text !== '' && name.text.startsWith(`${other.text}.`));
    if (!outer) continue;
    const message = `the column \`${name.text}\` cannot stand beside \`${outer.text}\``;
    const help = 'write the whole setting in one column, or have a column for each of its keys';
    found.push(diagnose('wrong-shape', name.span, message, { help }));
  }
  return found;
}

function missingKey(file: SourceFile, { cells, start, end }: Row): Diagnostic {
  const only: Cell | undefined = cells.length === 1 ? cells[0] : undefined;
  const separator = only?.text.includes(';') ? 'semicolons' : only?.text.includes('\t') ? 'tabs' : null;
  const help = separator
    ? `separate the columns with commas, not ${separator}`
    : 'start the file with the names of the columns, such as `key,role,from,until`';
  const span = { file, start: cells[0]?.start ?? start, end: cells.at(-1)?.end ?? end };
  return diagnose('missing-key', span, 'there is no column `key`', { help });
}
