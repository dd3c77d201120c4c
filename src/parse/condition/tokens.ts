import { createToken, createTokenInstance, type IToken, Lexer, type TokenType } from 'chevrotain';

// A hyphen belongs to a name, except in `section->mode`.
export const Name = createToken({ name: 'Name', pattern: /[A-Za-z_](?:\w|-(?!>))*/ });

function keyword(name: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern: name, longer_alt: Name, categories });
}

export const ComparisonOperator = createToken({ name: 'ComparisonOperator', pattern: Lexer.NA });
export const And = keyword('and');
export const Or = keyword('or');
export const Not = keyword('not');
export const In = keyword('in', [ComparisonOperator]);
export const Overlaps = keyword('overlaps', [ComparisonOperator]);
export const Within = keyword('within', [ComparisonOperator]);
export const Is = keyword('is');
export const IsSet = keyword('set');
export const Has = keyword('has');
export const Feature = keyword('feature');
export const All = keyword('all');
export const True = keyword('true');
export const False = keyword('false');
export const keywords = [And, Or, Not, In, Overlaps, Within, IsSet, Is, Has, Feature, All, True, False];

function symbol(name: string, pattern: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern, categories });
}

export const Equal = symbol('Equal', '==', [ComparisonOperator]);
export const NotEqual = symbol('NotEqual', '!=', [ComparisonOperator]);
export const LessEqual = symbol('LessEqual', '<=', [ComparisonOperator]);
export const GreaterEqual = symbol('GreaterEqual', '>=', [ComparisonOperator]);
export const Less = symbol('Less', '<', [ComparisonOperator]);
export const Greater = symbol('Greater', '>', [ComparisonOperator]);
export const LeftParenthesis = symbol('LeftParenthesis', '(');
export const RightParenthesis = symbol('RightParenthesis', ')');
export const LeftBracket = symbol('LeftBracket', '[');
export const RightBracket = symbol('RightBracket', ']');
export const Dot = symbol('Dot', '.');
export const Comma = symbol('Comma', ',');
export const Plus = symbol('Plus', '+');
export const Arrow = symbol('Arrow', '->');
export const Pipe = symbol('Pipe', '|');

export const Text = createToken({
  name: 'Text',
  pattern: /"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"|'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'/,
});

/** Everything that starts with a digit: integers, durations, and what people write in their place. */
export const Numeral = createToken({ name: 'Numeral', pattern: /-?\d(?:[eE]\+\d|[\w.-]|:(?=\d))*/ });

// What people write in place of the tokens above; repair.ts reports each and puts the right token there.
export const WrongSymbol = createToken({
  name: 'WrongSymbol',
  pattern: /&&|&|\|\||!==|!~|!(?!=)|===|=~|=>|=<|=(?!=)|<>|~/,
});
export const WrongQuotes = createToken({
  name: 'WrongQuotes',
  pattern: /[“”„«»][^“”„«»"\n]*[“”«»"]|[‘’‚][^‘’‚'\n]*[‘’']|[“”„«»‘’‚]|`[^`\n]*`/,
});
export const UnclosedText = createToken({ name: 'UnclosedText', pattern: /["'][^\n]*/ });
export const Dollar = createToken({ name: 'Dollar', pattern: /\$\{[^}\n]{0,200}\}|\$/ });
const letter = '\\u00c0-\\u1fff\\u2c00-\\u2dff\\u3040-\\ud7ff\\uf900-\\ufdff';
export const WrongName = createToken({
  name: 'WrongName',
  pattern: new RegExp(`(?:[A-Za-z_][\\w-]*)?[${letter}][\\w${letter}-]*`),
  line_breaks: false,
});
export const Pattern = createToken({
  name: 'Pattern',
  pattern: matchPattern,
  start_chars_hint: ['/'],
  line_breaks: false,
});
const anything = '\\u0000-\\uffff'; // chevrotain cannot sort `[^]` by its first character
/** One character that has no meaning at all. */
export const Junk = createToken({
  name: 'Junk',
  pattern: new RegExp(`[\\ud800-\\udbff][\\udc00-\\udfff]|[${anything}]`),
  line_breaks: false,
});

const Blank = createToken({ name: 'Blank', pattern: /\s+/, group: Lexer.SKIPPED });

// The first that matches wins, so the longer stands before the shorter.
const ordered: TokenType[] = [
  ...[Blank, WrongName, ...keywords, Name, Numeral, Text, WrongSymbol, Equal, NotEqual, LessEqual, GreaterEqual],
  ...[Less, Greater, LeftParenthesis, RightParenthesis, LeftBracket, RightBracket, Dot, Comma, Plus, Arrow, Pipe],
  ...[WrongQuotes, UnclosedText, Dollar, Pattern, Junk],
];
/** What the parser needs to know. */
export const vocabulary: TokenType[] = [ComparisonOperator, ...ordered];

let lexer: Lexer | undefined; // one for the process, made when the first condition is read

/** `isValidated`: chevrotain looks for mistakes of the tokens, which a test does for good. */
export function createLexer(isValidated: boolean): Lexer {
  return new Lexer(ordered, {
    positionTracking: 'onlyOffset',
    ensureOptimizations: true,
    skipValidations: !isValidated,
  });
}

/** The tokens of a text; every character that is not blank belongs to one. */
export function tokenise(text: string): IToken[] {
  lexer ??= createLexer(false);
  return lexer.tokenize(text).tokens;
}

/** `token` read as another type, in the same place. */
export function retyped(token: IToken, type: TokenType): IToken {
  return tokenAt(type, token.image, token.startOffset);
}

export function tokenAt(type: TokenType, image: string, start: number): IToken {
  return createTokenInstance(type, image, start, start + image.length - 1, 0, 0, 0, 0);
}

/** The offset behind the last character. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length; // an image is always what the text says
}

const operandEnds = new Set([Name, WrongName, Text, Numeral, True, False, All, RightParenthesis, RightBracket, IsSet]);

/** Whether a value or condition may end with this token, so that an operator comes next. */
export function endsOperand(token: IToken | undefined): boolean {
  return token !== undefined && operandEnds.has(token.tokenType);
}

const callees = new Set([Name, Has, Feature]);

/** Whether parentheses behind this token hold arguments, and not a condition. */
export function isCallee(token: IToken | undefined): boolean {
  return token !== undefined && callees.has(token.tokenType);
}

// Bounded, as it is tried at every `/`.
const sticky = /\/(?:[^/\\\n]|\\.){1,500}\/[a-z]*/y;

// `/` starts a regular expression only where a value stands: `a / b and c / d` does not hold one.
function matchPattern(text: string, offset: number, before: IToken[]): RegExpExecArray | null {
  const last = before.at(-1);
  if (endsOperand(last) && !/^(?:matches|like)$/i.test(last?.image ?? '')) return null;
  sticky.lastIndex = offset;
  return sticky.exec(text);
}
