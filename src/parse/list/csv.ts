import { type Diagnostic, diagnose } from '../../diagnostics/index.ts';
import type { SourceFile } from '../../source/index.ts';
import { limits } from '../limits.ts';

/** `[start, end)` is the text without quotes and the blanks around it; longer than `text` where a quote is doubled. */
export interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly start: number;
  readonly end: number;
}

export interface Rows {
  readonly rows: readonly Row[];
  /** Where a quote opens that is never closed: nothing from here on can be trusted. Infinite for none. */
  readonly end: number;
  readonly diagnostics: readonly Diagnostic[];
}

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;

/**
 * The rows of a CSV file by RFC 4180, and two liberties that spreadsheets and people take: blanks around a cell do not
 * count, and lines that hold nothing are no rows. Rows that cannot be read are reported and left out.
 */
export function readRows(file: SourceFile): Rows {
  const { text } = file;
  const rows: Row[] = [];
  const diagnostics: Diagnostic[] = [];
  const complain = (start: number, message: string, help: string) => {
    if (diagnostics.length < limits.repeats)
      diagnostics.push(diagnose('bad-csv', { file, start, end: start + 1 }, message, { help }));
  };
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const start = at;
    const cells: Cell[] = [];
    let isBroken = false;
    for (;;) {
      const { cell, next, fault } = readCell(text, at);
      if (fault === 'open') {
        complain(next, 'a quote is never closed', 'close the quote; a quote inside a cell is doubled: `""`');
        return { rows, end: next, diagnostics };
      }
      if (fault === 'stray') {
        complain(next, 'a quote stands inside a cell', 'put the whole cell in quotes, and double each quote in it');
        isBroken = true;
        at = lineEnd(text, next);
        break;
      }
      cells.push(cell);
      at = next;
      if (text.charCodeAt(at) !== comma) break;
      at++;
    }
    const end = at;
    at++;
    const isNothing = cells.length === 1 && cells[0]?.text === '' && text.slice(start, end).trim() === '';
    if (!isBroken && !isNothing) rows.push({ cells, start, end });
  }
  return { rows, end: Number.POSITIVE_INFINITY, diagnostics };
}

interface Reading {
  readonly cell: Cell;
  /** The comma or the end of the line behind the cell; of a fault, the quote. */
  readonly next: number;
  /** A quote that is never closed, or one where none can stand. */
  readonly fault: 'open' | 'stray' | null;
}

const noCell: Cell = { text: '', start: 0, end: 0 };

function readCell(text: string, from: number): Reading {
  const start = skipBlanks(text, from);
  if (text.charCodeAt(start) === quote) return readQuoted(text, start);
  let at = start;
  let end = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === comma || code === lineFeed) break;
    if (code === quote) return { cell: noCell, next: at, fault: 'stray' };
    if (!isBlank(code)) end = at + 1;
  }
  return { cell: { text: text.slice(start, end), start, end }, next: at, fault: null };
}

function readQuoted(text: string, opening: number): Reading {
  let end = text.indexOf('"', opening + 1);
  let isDoubled = false;
  while (end !== -1 && text.charCodeAt(end + 1) === quote) {
    isDoubled = true;
    end = text.indexOf('"', end + 2);
  }
  if (end === -1) return { cell: noCell, next: opening, fault: 'open' };
  const next = skipBlanks(text, end + 1);
  const code = text.charCodeAt(next);
  if (next < text.length && code !== comma && code !== lineFeed) return { cell: noCell, next: end, fault: 'stray' };
  const inner = text.slice(opening + 1, end);
  const cell = { text: isDoubled ? inner.replaceAll('""', '"') : inner, start: opening + 1, end };
  return { cell, next, fault: null };
}

/** A carriage return ends a line with the line feed behind it, and is reported as a hidden character elsewhere. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
