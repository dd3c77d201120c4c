import type { SourceFile, Span } from '../../source/index.ts';
import { limits } from '../limits.ts';
import { isExact, type ScalarNode } from '../node.ts';
import { mapScalar, scalarText } from '../offsets.ts';
import { type ScalarText, StraightText } from '../scalar.ts';

const newline = 10;
const space = 32;
const hash = 35;
const colon = 58;

/** The longest key that stands on the line of its value; YAML's limit is 1024. */
const longestWord = 1000;

/** Goes through a text, one line or word at a time. Methods that give null leave the text to `yaml`. */
export class Cursor {
  readonly file: SourceFile;
  readonly text: string;
  at = 0;
  /** Of the first character of the line that `toNextLine` went to. */
  column = 0;
  nodes = 0;

  constructor(file: SourceFile) {
    this.file = file;
    this.text = file.text;
  }

  span(start: number, end: number): Span {
    return { file: this.file, start, end };
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === space) this.at++;
  }

  isAtLineEnd(): boolean {
    const code = this.text.charCodeAt(this.at);
    return code === newline || Number.isNaN(code);
  }

  /** Leaves the line, on which nothing but a comment may follow, for the next that holds something. */
  toNextLine(): boolean {
    const { text } = this;
    for (;;) {
      const start = this.at;
      this.skipSpaces();
      const isLineStart = start === 0 || text.charCodeAt(start - 1) === newline;
      if (text.charCodeAt(this.at) === hash && (isLineStart || text.charCodeAt(this.at - 1) === space)) {
        const end = text.indexOf('\n', this.at);
        this.at = end === -1 ? text.length : end;
      }
      if (this.at >= text.length) {
        this.column = -1;
        return true;
      }
      if (text.charCodeAt(this.at) === newline) this.at++;
      else {
        this.column = this.at - start;
        return isLineStart;
      }
    }
  }

  /** Between the parts of `{ }` and `[ ]`; lines have to be indented more than what holds them. */
  skipInFlow(indent: number): boolean {
    const { text } = this;
    let start = this.at;
    for (;;) {
      this.skipSpaces();
      const code = text.charCodeAt(this.at);
      if (code === hash && this.at > start) {
        const end = text.indexOf('\n', this.at);
        if (end === -1) return false;
        this.at = end;
      } else if (code === newline) {
        this.at++;
        start = this.at;
        this.skipSpaces();
        const isBlank = this.isAtLineEnd() || text.charCodeAt(this.at) === hash;
        if (!isBlank && this.at - start <= indent) return false;
      } else return true;
    }
  }

  /** Whether a colon that ends a key stands here. */
  isAtColon(): boolean {
    if (this.text.charCodeAt(this.at) !== colon) return false;
    const next = this.text.charCodeAt(this.at + 1);
    return next === space || next === newline || Number.isNaN(next);
  }

  /** A word, or a text in quotes. */
  scalar(isInFlow: boolean): ScalarNode | null {
    const quote = this.text[this.at];
    const node = quote === '"' || quote === "'" ? this.quoted(quote) : this.plain(isInFlow);
    return node && node.span.end - node.span.start > longestWord && this.isAtColon() ? null : node;
  }

  private quoted(quote: string): ScalarNode | null {
    const { text, at } = this;
    const end = text.indexOf(quote, at + 1);
    const value = text.slice(at + 1, end);
    if (end === -1 || value.includes('\n') || text[end + 1] === quote) return null;
    if (quote === '"' && value.includes('\\')) return null;
    this.at = end + 1;
    const span = this.span(at, end + 1);
    const inner = value === '' ? span : this.span(at + 1, end);
    return this.node(value, span, inner, new StraightText(value, inner));
  }

  private plain(isInFlow: boolean): ScalarNode | null {
    const { text, at } = this;
    if (!isWordStart(text.charCodeAt(at)) && !text.startsWith('./', at) && !text.startsWith('../', at)) return null;
    let end = at;
    for (let index = at; ; index++) {
      const code = text.charCodeAt(index);
      if (code === newline || Number.isNaN(code)) break;
      if (code === space) continue;
      if (code === hash && text.charCodeAt(index - 1) === space) break;
      if (isInFlow && isFlowIndicator(code)) break;
      if (code === colon) {
        const next = text.charCodeAt(index + 1);
        if (next === space || next === newline || Number.isNaN(next)) break;
        if (isInFlow && isFlowIndicator(next)) return null;
      }
      end = index + 1;
    }
    this.at = end;
    const source = text.slice(at, end);
    const value = meaningOf(source);
    if (value === undefined) return null;
    const span = this.span(at, end);
    // A colon behind spaces would belong to a key; YAML allows it, people do not write it.
    this.skipSpaces();
    if (this.at > end && this.text.charCodeAt(this.at) === colon) return null;
    this.at = end;
    return this.node(value, span, span, new StraightText(source, span));
  }

  /** A text under `>` or `|`, indented more than `indent`. */
  block(indent: number): ScalarNode | null {
    const { text, at: offset } = this;
    const header = /[|>]-?(?=\n)/y;
    header.lastIndex = offset;
    const found = header.exec(text)?.[0];
    if (found === undefined) return null;
    const bodyOffset = offset + found.length + 1;
    let depth = 0;
    let end = bodyOffset; // behind the last line that is not blank
    for (let start = bodyOffset; start < text.length; ) {
      const lineEnd = text.indexOf('\n', start);
      if (lineEnd === -1) return null;
      this.at = start;
      this.skipSpaces();
      const lineIndent = this.at - start;
      if (this.at === lineEnd) {
        if (lineIndent > 0 || depth === 0) return null;
      } else {
        if (lineIndent <= indent) break;
        if (depth === 0) depth = lineIndent;
        if (lineIndent < depth) return null;
        end = lineEnd + 1;
      }
      start = lineEnd + 1;
    }
    if (depth === 0) return null;
    this.at = end;
    const raw = {
      style: 'block',
      offset,
      header: found,
      bodyOffset,
      source: text.slice(bodyOffset, end),
      indent,
    } as const;
    const value = mapScalar(raw).text;
    const span = this.span(offset, offset + text.slice(offset, end).trimEnd().length);
    return this.node(value, span, span, scalarText(this.file, value, raw, span));
  }

  private node(value: ScalarNode['value'], span: Span, inner: Span, text: ScalarText): ScalarNode | null {
    if (span.end - span.start > limits.scalar) return null;
    this.nodes++;
    return { kind: 'scalar', value, span, inner, text };
  }
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** What a word means; undefined where that takes the rules of YAML. */
function meaningOf(source: string): ScalarNode['value'] | undefined {
  const first = source.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    if (!/^(?:0o[0-7]+|0x[\da-fA-F]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)$/.test(source)) return source;
    const value = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(source) ? Number(source) : Number.NaN;
    return isExact(value) ? value : undefined;
  }
  const known = words.get(source);
  if (known !== undefined) return known;
  return source.length <= 5 && /^(?:true|false|null)$/i.test(source) ? undefined : source;
}

/** Letters, digits, `_`, `/`, `(`, `$` and what lies beyond ASCII: nothing that YAML could mean otherwise. */
function isWordStart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 47 && code <= 57) || // digits and `/`
    code === 95 ||
    code === 40 ||
    code === 36 ||
    code > 0xa0
  );
}

/** One of `,[]{}`. */
function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 91 || code === 93 || code === 123 || code === 125;
}
