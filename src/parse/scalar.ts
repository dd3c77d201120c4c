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
