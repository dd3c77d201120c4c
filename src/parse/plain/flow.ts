import { limits } from '../limits.ts';
import { EntryTable, type ListNode, type MapNode, type Node } from '../node.ts';
import type { Cursor } from './cursor.ts';
import { addEntry, isCut } from './entries.ts';

/** What stands in the brackets that open here; `indent`: of the block around them. */
export function readFlow(cursor: Cursor, indent: number, depth: number): ListNode | MapNode | null {
  if (depth >= limits.depth / 2) return null;
  cursor.nodes++;
  return cursor.text[cursor.at] === '{' ? readMap(cursor, indent, depth) : readList(cursor, indent, depth);
}

function readMap(cursor: Cursor, indent: number, depth: number): MapNode | null {
  const { at: start } = cursor;
  const table = new EntryTable();
  const isRead = readParts(cursor, '}', indent, () => {
    const key = cursor.scalar(true);
    if (!key || !cursor.isAtColon()) return false;
    cursor.at++;
    if (!cursor.skipInFlow(indent)) return false;
    const value = readPart(cursor, indent, depth);
    return value !== null && !isCut(cursor, key, value, true) && addEntry(cursor, table, key, value);
  });
  if (!isRead) return null;
  return { kind: 'map', entries: table.entries, byKey: table, span: cursor.span(start, cursor.at) };
}

function readList(cursor: Cursor, indent: number, depth: number): ListNode | null {
  const { at: start } = cursor;
  const items: Node[] = [];
  const isRead = readParts(cursor, ']', indent, () => {
    const item = readPart(cursor, indent, depth);
    if (item) items.push(item);
    return item !== null;
  });
  return isRead ? { kind: 'list', items, span: cursor.span(start, cursor.at) } : null;
}

/** The parts between commas, up to the bracket that closes. */
function readParts(cursor: Cursor, close: string, indent: number, read: () => boolean): boolean {
  cursor.at++;
  if (!cursor.skipInFlow(indent)) return false;
  if (cursor.text[cursor.at] === close) {
    cursor.at++;
    return true;
  }
  for (;;) {
    if (!read() || !cursor.skipInFlow(indent)) return false;
    const sign = cursor.text[cursor.at++];
    if (sign === close) return true;
    if (sign !== ',' || !cursor.skipInFlow(indent)) return false;
  }
}

function readPart(cursor: Cursor, indent: number, depth: number): Node | null {
  const sign = cursor.text[cursor.at];
  return sign === '{' || sign === '[' ? readFlow(cursor, indent, depth + 1) : cursor.scalar(true);
}
