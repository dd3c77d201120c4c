import { type Diagnostic, diagnose } from '../../diagnostics/index.ts';
import type { SourceFile, Span } from '../../source/index.ts';
import { limits, tooDeep, tooLongText } from '../limits.ts';
import { EntryTable, isExact, type Node, type ScalarNode } from '../node.ts';
import { duplicateKey, inexactNumber } from '../refuse.ts';
import { WholeText } from '../scalar.ts';

/** The value that stands alone in `[start, end)` of a file of JSON; null where the text is not JSON, which is reported. */
export function readJson(file: SourceFile, start: number, end: number, diagnostics: Diagnostic[]): Node | null {
  try {
    return new JsonReader(file, start, end, diagnostics).whole();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    diagnostics.push(error.diagnostic);
    return null;
  }
}

/** Ends the reading of one value; never leaves this file. */
class Fault extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const wordAt = /[\w.+-]+/y;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class JsonReader {
  private readonly file: SourceFile;
  private readonly text: string;
  private readonly end: number;
  private readonly diagnostics: Diagnostic[];
  private at: number;
  private depth = 0;

  constructor(file: SourceFile, start: number, end: number, diagnostics: Diagnostic[]) {
    this.file = file;
    this.text = file.text;
    this.at = start;
    this.end = end;
    this.diagnostics = diagnostics;
  }

  whole(): Node {
    const node = this.value(null);
    this.skipBlanks();
    if (this.at < this.end) {
      throw this.fault(this.at, 'something follows the end of the value', 'delete it, or put all of it in one list');
    }
    return node;
  }

  /** `opening`: the offset of the bracket around the value. */
  private value(opening: number | null): Node {
    this.skipBlanks();
    const start = this.at;
    const character = this.character();
    if (character === '"') return this.string();
    if (character === '{' || character === '[') {
      // INVARIANT: the recursion is no deeper than the limit.
      if (++this.depth > limits.depth) throw new Fault(tooDeep(this.file, start));
      const node = character === '{' ? this.map() : this.list();
      this.depth--;
      return node;
    }
    const word = this.wordHere();
    const known = words.get(word);
    if (known === undefined && !isNumber.test(word)) throw this.noValue(word, character, opening);
    this.at += word.length;
    const span = this.span(start, this.at);
    const value = known === undefined ? Number(word) : known;
    if (typeof value === 'number' && !isExact(value)) {
      this.diagnostics.push(inexactNumber(word, span));
      return { kind: 'broken', span };
    }
    return scalar(value, word, span, span);
  }

  private map(): Node {
    const start = this.at++;
    const table = new EntryTable();
    this.items(start, '}', () => {
      if (this.character() !== '"') {
        throw this.fault(this.at, 'a key must be a text in double quotes', 'write `"key": value`');
      }
      const keyStart = this.at;
      const key = this.string();
      this.skipBlanks();
      if (this.character() !== ':') throw this.fault(keyStart, 'a key has no `:`', 'write `"key": value`');
      this.at++;
      const value = this.value(start);
      const span = this.span(keyStart, this.at);
      const entry = { key: { text: key.text.text, span: key.inner }, keyText: key.text, value, span };
      const first = table.get(entry.key.text);
      if (first) this.diagnostics.push(duplicateKey(entry, first));
      else table.add(entry);
    });
    return { kind: 'map', entries: table.entries, byKey: table, span: this.span(start, this.at) };
  }

  private list(): Node {
    const start = this.at++;
    const items: Node[] = [];
    this.items(start, ']', () => items.push(this.value(start)));
    return { kind: 'list', items, span: this.span(start, this.at) };
  }

  /** What stands between brackets, separated by commas. */
  private items(opening: number, closing: string, read: () => void): void {
    this.skipBlanks();
    if (this.character() === closing) {
      this.at++;
      return;
    }
    if (this.at >= this.end) throw this.neverClosed(opening);
    for (;;) {
      read();
      this.skipBlanks();
      const next = this.character();
      if (next !== ',' && next !== closing) {
        if (next === '' || next === '}' || next === ']') throw this.neverClosed(opening);
        throw this.fault(
          this.at,
          'a comma is missing between two values',
          `separate values with commas, or close with \`${closing}\``,
        );
      }
      const comma = this.at++;
      if (next === closing) return;
      this.skipBlanks();
      if (this.character() === closing)
        throw this.fault(comma, 'there is no value after this comma', 'delete the comma');
      if (this.at >= this.end) throw this.neverClosed(opening);
    }
  }

  private string(): ScalarNode {
    const { text, end } = this;
    const start = this.at;
    let at = start + 1;
    let isEscaped = false;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === backslash) {
        isEscaped = true;
        at++;
      } else if (code < 0x20) {
        const help = 'close the quote, or write a line break as `\\n` and a tab as `\\t`';
        throw this.fault(start, 'a line break or control character stands in this text', help);
      }
    }
    if (at >= end) throw this.fault(start, 'a quote is never closed', 'close the quote; a quote in a text is `\\"`');
    if (at - start > limits.scalar) throw new Fault(tooLongText(this.file, start, at - start));
    this.at = at + 1;
    const span = this.span(start, this.at);
    if (!isEscaped) {
      const inner = this.span(start + 1, at);
      const value = text.slice(start + 1, at);
      return scalar(value, value, inner, span);
    }
    const source = text.slice(start, at + 1);
    const wrong = /^(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/.exec(source)?.[0].length ?? 0;
    if (wrong < source.length) {
      throw this.fault(start + wrong, 'an escape after `\\` is not one that JSON knows', 'double the backslash');
    }
    const value = String(JSON.parse(source));
    return scalar(value, value, span, span);
  }

  private noValue(word: string, character: string, opening: number | null): Fault {
    const start = this.at;
    if (start >= this.end)
      return opening === null ? this.fault(start, 'a value is missing', null) : this.neverClosed(opening);
    if (word !== '') {
      return this.fault(
        start,
        `\`${word.slice(0, 60)}\` is no value of JSON`,
        `put a text in double quotes: "${word.slice(0, 60)}"`,
      );
    }
    if (character === "'")
      return this.fault(start, 'a text stands in single quotes', 'put it in double quotes, as JSON wants it');
    if (character === '/' || character === '#') return this.fault(start, 'JSON has no comments', 'delete the comment');
    return this.fault(start, `a value cannot start with \`${character}\``, 'put a text in double quotes');
  }

  private neverClosed(opening: number): Fault {
    const closing = this.text[opening] === '{' ? '}' : ']';
    return this.fault(opening, `a bracket is never closed: \`${closing}\` is missing`, `add \`${closing}\``);
  }

  private fault(start: number, message: string, help: string | null): Fault {
    return new Fault(diagnose('bad-json', this.span(start, Math.min(start + 1, this.text.length)), message, { help }));
  }

  private span(start: number, end: number): Span {
    return { file: this.file, start, end };
  }

  private character(): string {
    return this.at < this.end ? (this.text[this.at] ?? '') : '';
  }

  private wordHere(): string {
    wordAt.lastIndex = this.at;
    return this.at < this.end ? (wordAt.exec(this.text)?.[0] ?? '') : '';
  }

  private skipBlanks(): void {
    while (this.at < this.end) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }
}

function scalar(value: ScalarNode['value'], source: string, inner: Span, span: Span): ScalarNode {
  return { kind: 'scalar', value, span, inner, text: new WholeText(source, inner) };
}
