import {
  EmbeddedActionsParser,
  EOF,
  type IToken,
  isRecognitionException,
  type ParserMethod,
  type TokenType,
} from 'chevrotain';
import { InternalError } from '../../diagnostics/index.ts';
import type { Span } from '../../source/index.ts';
import type { Place } from './brackets.ts';
import { describe, expected } from './messages.ts';
import type { Reading } from './reading.ts';
import * as t from './tokens.ts';

/** A node and where its first token starts and its last one ends in the text (with the parentheses around it). */
export interface Ranged<T> {
  readonly node: T;
  readonly start: number;
  readonly end: number;
}

export type Rule<T> = ParserMethod<[], T>;

// chevrotain runs every rule once on invented tokens to learn the grammar: nothing is read then.
const idle: Reading = {
  kind: 'condition',
  text: '',
  diagnostics: [],
  reported: new Set(),
  span: (start, end) => ({ file: { path: '', text: '' }, start, end }),
  report: () => {},
};

/**
 * What every rule shares: messages of our own, and going on behind a broken term. chevrotain's recovery is off, as it
 * guesses by inserting tokens and does not know which bracket a closing one belongs to.
 */
export abstract class RecoveringParser extends EmbeddedActionsParser {
  protected reading: Reading = idle;
  private places: ReadonlyMap<IToken, Place> = new Map();
  private lastOperand = { start: 0, end: 0 };

  /** `isValidated`: chevrotain looks for mistakes of the grammar, which takes as long as all the rest of its start. */
  constructor(isValidated: boolean) {
    super(t.vocabulary, {
      skipValidations: !isValidated,
      recoveryEnabled: false,
      maxLookahead: 2,
      errorMessageProvider: {
        buildMismatchTokenMessage: () => expected.close,
        buildNoViableAltMessage: (options) => options.customUserDescription ?? expected.value,
        buildNotAllInputParsedMessage: () => expected.andOr,
        buildEarlyExitMessage: () => expected.value,
      },
    });
  }

  /** Runs `rule` over balanced tokens; what is wrong goes to `reading`. */
  run<T>(rule: () => T, tokens: IToken[], places: ReadonlyMap<IToken, Place>, reading: Reading): T {
    this.input = tokens;
    this.places = places;
    this.reading = reading;
    this.lastOperand = { start: -1, end: -1 };
    try {
      return rule.call(this);
    } finally {
      this.input = [];
      this.places = new Map();
      this.reading = idle;
    }
  }

  /** chevrotain's RULE, typed by where its result goes, as the rules refer to each other. */
  protected rule<T>(name: string, implementation: () => T): Rule<T> {
    return this.RULE(name, implementation);
  }

  protected begin(): number {
    return this.LA(1).startOffset;
  }

  /** Closes a node that began at `start` with the token just read. */
  protected range<T>(node: T, start: number): Ranged<T> {
    return { node, start, end: t.endOf(this.LA(0)) };
  }

  protected rememberOperand(start: number): void {
    this.lastOperand = { start, end: t.endOf(this.LA(0)) };
  }

  protected get operandStart(): number {
    return this.lastOperand.start;
  }

  protected slice(start: number, end: number): string {
    return this.reading.text.slice(start, end);
  }

  /** One term alone, or what `make` makes of several. */
  protected join<T>(terms: readonly Ranged<T>[], make: (nodes: readonly T[], span: Span) => T): Ranged<T> {
    const [first, ...others] = terms;
    const last = others.at(-1);
    if (!first) throw new InternalError('a condition without terms');
    if (!last) return first;
    const [start, end] = [first.start, last.end];
    const nodes = terms.map((term) => term.node);
    return { node: make(nodes, this.reading.span(start, end)), start, end };
  }

  protected depth(): number {
    return this.places.get(this.LA(1))?.depth ?? 0;
  }

  /** Whether the next token is outside of the term: one of `terminators`, the end, or the closing bracket around it. */
  protected isBehindTerm(depth: number, terminators: ReadonlySet<TokenType>): boolean {
    const next = this.LA(1);
    const place = this.places.get(next);
    if (next.tokenType === EOF || place === undefined) return true;
    return place.depth === depth && (place.closes || terminators.has(next.tokenType));
  }

  /** Leaves the rest of a broken term unread. */
  protected skipTerm(depth: number, terminators: ReadonlySet<TokenType>): void {
    while (!this.isBehindTerm(depth, terminators)) this.CONSUME(this.LA(1).tokenType);
  }

  /** The result of `parse`, or what `broken` makes after a syntax error, which is reported. */
  protected attempt<T>(parse: () => T, broken: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof Error) || !isRecognitionException(error)) throw error;
      this.unexpected(error.message);
      return broken();
    }
  }

  /** Reports that the next token is not what the grammar expected. */
  protected unexpected(expectation: string): void {
    const found = this.LA(1);
    const previous = this.LA(0).tokenType === EOF ? null : this.LA(0);
    const isEnd = found.tokenType === EOF || found.image === '';
    // The bracket that is never closed is reported already; its content may have stopped anywhere.
    if (this.places.get(found)?.loose || this.reading.reported.has(found.startOffset)) return;
    if (isEnd && found.tokenType !== EOF && previous?.tokenType === t.LeftParenthesis) return;
    if (previous?.image === '') return;
    const behind = previous ? t.endOf(previous) : 1;
    const [start, end] = isEnd ? [behind - 1, behind] : [found.startOffset, t.endOf(found)];
    const { message, help } = describe({
      kind: this.reading.kind,
      expectation: previous?.tokenType === t.Plus ? expected.duration : expectation,
      after: previous && this.textUpTo(previous),
      previous: previous?.tokenType ?? null,
      found: isEnd ? null : found,
    });
    this.reading.report(start, end, message, help);
  }

  private textUpTo(token: IToken): string | null {
    const end = t.endOf(token);
    const before = this.LA(-1);
    const isCall = token.tokenType === t.LeftParenthesis && t.isCallee(before);
    const start = isCall
      ? before.startOffset
      : end === this.lastOperand.end
        ? this.lastOperand.start
        : token.startOffset;
    return this.slice(start, end) || null;
  }
}
