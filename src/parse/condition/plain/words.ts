import type { Name, Span } from '../../../source/index.ts';
import type { ScalarText } from '../../scalar.ts';
import type { ComparisonOperator, DurationSyntax, OperandSyntax } from '../../syntax.ts';
import { isTooLong, isUnit, lengthOf } from '../durations.ts';

/** Goes through a text, one word at a time. Methods that give null leave the text to chevrotain. */
export class Words {
  readonly text: string;
  /** Where the next word starts. */
  at = 0;
  /** Where the last word ended. */
  private end = 0;
  private readonly source: ScalarText;

  constructor(source: ScalarText) {
    this.source = source;
    this.text = source.text;
    this.goOn(0);
  }

  isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  /** From an offset to the end of the last word. */
  span(start: number): Span {
    return this.source.spanOf(start, this.end);
  }

  /** The word that starts here; empty for signs and what is no word. */
  peek(): string {
    return isLetter(this.text.charCodeAt(this.at)) ? this.text.slice(this.at, endOfWord(this.text, this.at)) : '';
  }

  takes(sign: string): boolean {
    const isHere = this.text.startsWith(sign, this.at);
    if (isHere) this.goOn(this.at + sign.length);
    return isHere;
  }

  takesWord(word: string): boolean {
    return this.peek() === word && this.takes(word);
  }

  /** A name that means nothing else to anybody; `isAlone`: where only a name can stand, so that keywords are names. */
  name(isAlone = false): Name | null {
    const start = this.at;
    const text = this.peek();
    if (text === '' || (!isAlone && refused.has(text.toLowerCase()))) return null;
    this.goOn(start + text.length);
    return { text, span: this.span(start) };
  }

  /** A dot between two names, without blanks around it. */
  takesDot(): boolean {
    const { text, end } = this;
    return text.charCodeAt(end) === dot && isLetter(text.charCodeAt(end + 1)) && this.takes('.');
  }

  /** Words joined by dots, as one name. */
  dottedName(isAlone = false): Name | null {
    const start = this.at;
    const first = this.name(isAlone);
    if (!first || !this.takesDot()) return first;
    do this.goOn(endOfWord(this.text, this.at));
    while (this.takesDot());
    return { text: this.text.slice(start, this.end), span: this.span(start) };
  }

  operator(): ComparisonOperator | null {
    const { text, at } = this;
    const word = this.peek();
    const isTwo = text.charCodeAt(at + 1) === equals;
    const sign = word === '' ? text.slice(at, isTwo ? at + 2 : at + 1) : word;
    const operator = operators.find((known) => known === sign);
    // `===` and `!==` are those of another language.
    if (!operator || (isTwo && word === '' && text.charCodeAt(at + 2) === equals)) return null;
    this.goOn(at + sign.length);
    return operator;
  }

  /** A text in quotes, without escapes. */
  quoted(): OperandSyntax | null {
    const { text, at: start } = this;
    const end = text.indexOf(text[start] ?? '', start + 1);
    if (end === -1) return null;
    for (let at = start + 1; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === newline || code === backslash || (code >= 0xd800 && code <= 0xdfff)) return null;
    }
    this.goOn(end + 1);
    return { kind: 'string', value: text.slice(start + 1, end), span: this.span(start) };
  }

  integer(): OperandSyntax | null {
    const { text, at: start } = this;
    const end = endOfDigits(text, text.charCodeAt(start) === hyphen ? start + 1 : start);
    const value = Number(text.slice(start, end)) || 0; // `-0` is 0
    if (goesOn(text, end) || !isDigit(text.charCodeAt(end - 1)) || !Number.isSafeInteger(value)) return null;
    this.goOn(end);
    return { kind: 'number', value, span: this.span(start) };
  }

  duration(): DurationSyntax | null {
    const { text, at: start } = this;
    const digits = endOfDigits(text, start);
    let end = digits;
    while (isLetter(text.charCodeAt(end))) end++;
    const count = Number(text.slice(start, digits));
    const unit = text.slice(digits, end);
    const length = lengthOf(count, unit);
    if (count === 0 || !isUnit(unit) || isTooLong(length) || goesOn(text, end)) return null;
    this.goOn(end);
    return { ...length, span: this.span(start) };
  }

  private goOn(end: number): void {
    this.end = end;
    let at = end;
    for (let code = this.text.charCodeAt(at); code === space || code === newline; ) code = this.text.charCodeAt(++at);
    this.at = at;
  }
}

/** Of brackets, `not` and `->`: half of what the grammar takes. */
export const deepest = 30;

const newline = 10;
const space = 32;
const hyphen = 45;
const dot = 46;
const colon = 58;
const equals = 61;
const greater = 62;
const backslash = 92;

const operators = ['==', '!=', '<', '<=', '>', '>=', 'in', 'overlaps', 'within'] as const;

/** Words that are more than a name, or that people write in the place of such. */
const refused: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'in', 'overlaps', 'within', 'is', 'set', 'has', 'feature', 'all', 'true', 'false'],
  ...['null', 'undefined'],
]);

/** A to Z, a to z and `_`. */
function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A hyphen belongs to a word, but for that of an arrow. */
function endOfWord(text: string, start: number): number {
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at);
    const isPart = isLetter(code) || isDigit(code) || (code === hyphen && text.charCodeAt(at + 1) !== greater);
    if (!isPart) return at;
  }
}

function endOfDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** Whether what starts with a digit is more than it seems. */
function goesOn(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  return isLetter(code) || isDigit(code) || code === hyphen || code === dot || code === colon;
}
