import { limits } from '../limits.ts';
import { EntryTable, type ListNode, type MapNode, type Node, type ScalarNode } from '../node.ts';
import type { Cursor } from './cursor.ts';
import { addEntry, isCut } from './entries.ts';
import { readFlow } from './flow.ts';

/** The map whose first key stands here, in column `indent`; `first` is that key where it was read already. */
export function readBlockMap(
  cursor: Cursor,
  indent: number,
  depth: number,
  first: ScalarNode | null = null,
): MapNode | null {
  cursor.nodes++;
  const table = new EntryTable();
  let key = first;
  do {
    key ??= cursor.scalar(false);
    if (!key || !cursor.isAtColon()) return null;
    cursor.at++;
    const value = readValue(cursor, indent, depth);
    if (!value || isCut(cursor, key, value, false) || !addEntry(cursor, table, key, value)) return null;
    key = null;
  } while (cursor.column === indent);
  // A line that is indented more would belong to the last value.
  if (cursor.column > indent) return null;
  const { entries } = table;
  const start = entries[0]?.span.start ?? 0;
  return { kind: 'map', entries, byKey: table, span: cursor.span(start, entries.at(-1)?.span.end ?? start) };
}

/** What follows the colon of a key in column `indent`; leaves the cursor on the next line. */
function readValue(cursor: Cursor, indent: number, depth: number): Node | null {
  cursor.skipSpaces();
  const sign = cursor.text[cursor.at];
  if (cursor.isAtLineEnd() || sign === '#') {
    if (sign === '#' && cursor.text[cursor.at - 1] !== ' ') return null;
    if (!cursor.toNextLine() || depth >= limits.depth / 2) return null;
    if (isItem(cursor) && cursor.column >= indent) return readBlockList(cursor, cursor.column, depth + 1);
    if (cursor.column <= indent) return null;
    const opens = cursor.text[cursor.at] === '{' || cursor.text[cursor.at] === '[';
    return opens ? readInline(cursor, indent, depth) : readBlockMap(cursor, cursor.column, depth + 1);
  }
  return readInline(cursor, indent, depth);
}

/** A value that starts and, but for brackets and `>`, ends on this line. */
function readInline(cursor: Cursor, indent: number, depth: number): Node | null {
  const sign = cursor.text[cursor.at];
  if (sign === '|' || sign === '>') {
    const node = cursor.block(indent);
    return node && cursor.toNextLine() ? node : null;
  }
  const node = sign === '{' || sign === '[' ? readFlow(cursor, indent, depth + 1) : cursor.scalar(false);
  return node && cursor.toNextLine() && cursor.column <= indent ? node : null;
}

function readBlockList(cursor: Cursor, indent: number, depth: number): ListNode | null {
  cursor.nodes++;
  const { at: start } = cursor;
  const items: Node[] = [];
  do {
    if (!isItem(cursor)) return null;
    cursor.at++;
    cursor.skipSpaces();
    const column = cursor.at - lineStart(cursor);
    const node = readItem(cursor, column, indent, depth);
    if (!node) return null;
    items.push(node);
  } while (cursor.column === indent && isItem(cursor));
  if (cursor.column > indent) return null;
  return { kind: 'list', items, span: cursor.span(start, items.at(-1)?.span.end ?? start) };
}

function readItem(cursor: Cursor, column: number, indent: number, depth: number): Node | null {
  const sign = cursor.text[cursor.at];
  if (sign === '{' || sign === '[' || sign === '|' || sign === '>') return readInline(cursor, indent, depth);
  const first = cursor.scalar(false);
  if (!first) return null;
  if (cursor.isAtColon()) return depth < limits.depth / 2 ? readBlockMap(cursor, column, depth + 1, first) : null;
  return cursor.toNextLine() && cursor.column <= indent ? first : null;
}

function isItem({ text, at }: Cursor): boolean {
  return text[at] === '-' && text[at + 1] === ' ';
}

function lineStart({ text, at }: Cursor): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}
