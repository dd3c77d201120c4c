import type { Span } from '../source/index.ts';

/**
 * A text inside a file whose characters may not be where they seem (escapes, folded and block scalars).
 * `spanOf(start, end)` maps offsets of `text` back to the file; `start === end` is legal and gives one character or less.
 */
export interface ScalarText {
  readonly text: string;
  spanOf(start: number, end: number): Span;
}

/** A text that is pointed at as a whole. */
export class WholeText implements ScalarText {
  readonly text: string;
  private readonly whole: Span;

  constructor(text: string, whole: Span) {
    this.text = text;
    this.whole = whole;
  }

  spanOf(): Span {
    return this.whole;
  }
}

/** A text that stands in the file as it is; `inner` is where, but for an empty text, which is pointed at by its end. */
export class StraightText implements ScalarText {
  readonly text: string;
  private readonly inner: Span;

  constructor(text: string, inner: Span) {
    this.text = text;
    this.inner = inner;
  }

  spanOf(start: number, end: number): Span {
    const { file, start: first, end: last } = this.inner;
    const { length } = this.text;
    const behind = end > start ? end : end + 1;
    const from = start < length ? first + Math.max(0, start) : last;
    const to = behind > 0 && behind <= length ? first + behind : last;
    return { file, start: from, end: Math.max(from, to) };
  }
}
