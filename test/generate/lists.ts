/** Members as the files that may stand beside a practice. */
import type { Choose } from './choices.ts';
import type { Tree } from './tree.ts';

type Entries = readonly (readonly [string, Tree])[];

const ofMember = ['title', 'id', 'status'];

/** Null where the format has no way to say it. */
export function printList(members: Tree, format: 'csv' | 'json' | 'ndjson', choose: Choose): string | null {
  const entries = entriesOf(members);
  if (format === 'csv') return printCsv(entries, choose);
  const records = entries.map(([key, value]) => ({ key, ...(plain(value) as object) }));
  if (format === 'ndjson')
    return records.map((record) => `${JSON.stringify(record)}${choose(2) ? '\r\n' : '\n'}`).join('');
  return JSON.stringify(choose(2) ? records : plain(members), null, choose(3));
}

function plain(from: Tree): unknown {
  if (from.kind === 'map') return Object.fromEntries(from.entries.map(([key, value]) => [key, plain(value)]));
  if (from.kind === 'list') return from.items.map(plain);
  return from.kind === 'scalar' ? from.value : null;
}

/** A row for each assignment. */
function printCsv(members: Entries, choose: Choose): string | null {
  const rows = members.flatMap(([key, member]) => {
    const own = entriesOf(member).filter(([name]) => ofMember.includes(name));
    const holds = entriesOf(member).find(([name]) => name === 'holds')?.[1];
    const assignments = holds?.kind === 'list' ? holds.items : [member];
    return assignments.map((assignment) => {
      const cells = new Map([['key', key]]);
      for (const [name, value] of [...own, ...entriesOf(assignment)]) addCells(cells, name, value);
      return cells;
    });
  });
  const columns = [...new Set(['role', ...rows.flatMap((row) => [...row.keys()])])].sort(() => choose(3) - 1);
  // A setting that one member sets whole and another in parts has no column.
  if (columns.some((column) => columns.some((other) => other.startsWith(`${column}.`)))) return null;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))];
  const end = choose(2) ? '\r\n' : '\n';
  return (
    lines.map((cells) => cells.map((cell) => printCell(cell, choose)).join(',')).join(end) + (choose(2) ? end : '')
  );
}

function addCells(cells: Map<string, string>, name: string, value: Tree): void {
  if (value.kind === 'map') for (const [key, inner] of value.entries) addCells(cells, `${name}.${key}`, inner);
  else if (value.kind === 'list') cells.set(name, value.items.map((item) => String(plain(item))).join(';') || 'none');
  else cells.set(name, String(plain(value)));
}

function printCell(cell: string, choose: Choose): string {
  if (choose(3) === 0 || /[",\r\n]|^\s|\s$/.test(cell)) return `"${cell.replaceAll('"', '""')}"`;
  return choose(6) === 0 ? ` ${cell}\t` : cell;
}

function entriesOf(from: Tree): Entries {
  return from.kind === 'map' ? from.entries : [];
}
