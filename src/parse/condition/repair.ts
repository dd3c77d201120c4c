import type { IToken, TokenType } from 'chevrotain';
import { describeLookAlikes, latinTwin } from '../../diagnostics/index.ts';
import { quote, type Reading } from './reading.ts';
import * as t from './tokens.ts';

interface Repair {
  readonly types: readonly TokenType[];
  readonly help: string;
}

const wholeValues = 'conditions compare whole values: list them, as in `in ["a", "b"]`';

const symbols = new Map<string, Repair>([
  ['&&', write(t.And, 'and')],
  ['&', write(t.And, 'and')],
  ['||', write(t.Or, 'or')],
  ['|', write(t.Or, 'or')],
  ['!', write(t.Not, 'not')],
  ['=', write(t.Equal, '==')],
  ['===', write(t.Equal, '==')],
  ['!==', write(t.NotEqual, '!=')],
  ['<>', write(t.NotEqual, '!=')],
  ['=<', write(t.LessEqual, '<=')],
  ['=>', write(t.GreaterEqual, '>=')],
  ['=~', { types: [t.Equal], help: wholeValues }],
  ['!~', { types: [t.NotEqual], help: wholeValues }],
  ['~', { types: [t.Equal], help: wholeValues }],
]);

// Names that stand where an operator belongs, in lower case.
const operators = new Map<string, Repair>([
  ...t.keywords.map((type): [string, Repair] => [type.name, write(type, type.name)]),
  ['contains', { types: [t.In], help: 'write the element first, as in `element in set`' }],
  ['includes', { types: [t.In], help: 'write the element first, as in `element in set`' }],
  ['exists', { types: [t.Is, t.IsSet], help: 'write `is set`' }],
  ['equals', write(t.Equal, '==')],
  ['eq', write(t.Equal, '==')],
  ['intersects', write(t.Overlaps, 'overlaps')],
  ['matches', { types: [t.Equal], help: wholeValues }],
  ['like', { types: [t.Equal], help: wholeValues }],
]);

const words = new Set<TokenType>([t.Name, ...t.keywords]);

/**
 * Reports the words and symbols of other languages and puts the token there that was meant, so that reading goes on;
 * makes plain names of keywords that stand where only a name can.
 */
export function repair(tokens: readonly IToken[], reading: Reading): IToken[] {
  const out: IToken[] = [];
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (words.has(token.tokenType)) repairWord(token, next, out, reading);
    else repairSymbol(token, next, out, reading);
  });
  return out;
}

function write(type: TokenType, word: string): Repair {
  return { types: [type], help: `write \`${word}\`` };
}

function repairWord(token: IToken, next: IToken | undefined, out: IToken[], reading: Reading): void {
  const previous = out.at(-1);
  if (previous?.tokenType === t.Dot && t.endOf(previous) === token.startOffset) out.push(retyped(token));
  else if (reading.kind === 'type') out.push(typeWord(token, next, reading));
  else if (isOperatorPlace(out)) operatorWord(token, next, out, reading);
  else if (reading.kind === 'requirement') out.push(requirementWord(token, next));
  else if (isNamePlace(out)) out.push(retyped(token));
  else if (token.tokenType === t.Name) operandWord(token, next, out, reading);
  else out.push(token);
}

function retyped(token: IToken): IToken {
  return t.retyped(token, t.Name);
}

/** Behind a value or condition, and behind `is`, `not` and `is not` that stand there. */
function isOperatorPlace(out: readonly IToken[]): boolean {
  let last = out.length - 1;
  if (out[last]?.tokenType === t.Not) last--;
  if (out[last]?.tokenType === t.Is) last--;
  return t.endsOperand(out[last]);
}

/** Right behind `has(` and `feature(`. */
function isNamePlace(out: readonly IToken[]): boolean {
  const before = out.at(-2)?.tokenType;
  return out.at(-1)?.tokenType === t.LeftParenthesis && (before === t.Has || before === t.Feature);
}

function typeWord(token: IToken, next: IToken | undefined, reading: Reading): IToken {
  if (token.tokenType === t.IsSet && next?.tokenType === t.Less) return token;
  if (token.tokenType === t.All && next?.tokenType !== t.Dot) {
    report(reading, token, '`all` cannot be a value of its own, as it stands for every value');
  }
  return retyped(token);
}

function requirementWord(token: IToken, next: IToken | undefined): IToken {
  const type = token.tokenType;
  if (next?.tokenType === t.Dot) return retyped(token);
  if (type === t.And || type === t.Or || type === t.Not || type === t.All) return token;
  if (type === t.Has && next?.tokenType === t.LeftParenthesis) return token;
  if (type === t.Name && /^not$/i.test(token.image)) return t.retyped(token, t.Not);
  return retyped(token);
}

function operatorWord(token: IToken, next: IToken | undefined, out: IToken[], reading: Reading): void {
  if (reading.kind === 'condition' && nothing.test(token.image)) {
    repairNothing(token, out, reading);
    return;
  }
  const repair = token.tokenType === t.Name ? operators.get(token.image.toLowerCase()) : undefined;
  if (!repair || (reading.kind === 'requirement' && !/^(?:and|or)$/i.test(token.image))) {
    out.push(token);
    return;
  }
  // The pattern that follows is reported itself.
  if (next?.tokenType !== t.Pattern) report(reading, token, `${quote(token.image)} is not an operator`, repair.help);
  for (const type of repair.types) out.push(t.retyped(token, type));
}

const meantWords = new Map([
  ['TRUE', t.True],
  ['True', t.True],
  ['FALSE', t.False],
  ['False', t.False],
  ['ALL', t.All],
  ['NOT', t.Not],
  ['Not', t.Not],
]);

function operandWord(token: IToken, next: IToken | undefined, out: IToken[], reading: Reading): void {
  const text = token.image;
  const isRoot = next?.tokenType === t.Dot || next?.tokenType === t.LeftBracket;
  const isCallee = next?.tokenType === t.LeftParenthesis;
  const type = meantWords.get(text);
  if (nothing.test(text) && !isRoot && !isCallee) repairNothing(token, out, reading);
  else if (!type || isRoot || (isCallee && type !== t.Not) || (type === t.Not && !startsCondition(next))) {
    out.push(token);
  } else {
    report(reading, token, `${quote(text)} is not a word of conditions`, `write \`${type.name}\``);
    out.push(t.retyped(token, type));
  }
}

const nothing = /^(?:null|undefined)$/i;

/** `null` is the path that it looks like, except in `is null` and `is not null`, which stand for `is set`. */
function repairNothing(token: IToken, out: IToken[], reading: Reading): void {
  const help = 'to ask whether a fact is there, write `is set` behind it';
  report(reading, token, `there is no ${quote(token.image)}`, help);
  if (out.at(-1)?.tokenType === t.Not && out.at(-2)?.tokenType === t.Is) out.pop();
  out.push(out.at(-1)?.tokenType === t.Is ? t.retyped(token, t.IsSet) : token);
}

const conditionStarts = new Set([t.Name, t.Has, t.Feature, t.Text, t.Numeral, t.True, t.False, t.LeftParenthesis]);

function startsCondition(token: IToken | undefined): boolean {
  return token !== undefined && conditionStarts.has(token.tokenType);
}

function repairSymbol(token: IToken, next: IToken | undefined, out: IToken[], reading: Reading): void {
  const text = token.image;
  switch (token.tokenType) {
    case t.WrongSymbol:
    case t.Pipe:
      repairOperator(token, next, out, reading);
      return;
    case t.WrongQuotes: {
      const inside = /^.([^"'\\]*).$/.exec(text)?.[1];
      report(reading, token, `${quote(text)} is not in straight quotes`, inside ? `write \`"${inside}"\`` : null);
      out.push(t.retyped(token, t.Text));
      return;
    }
    case t.UnclosedText:
      reading.report(token.startOffset, token.startOffset + 1, 'the string that starts here is never closed');
      out.push(t.retyped(token, t.Text));
      return;
    case t.Pattern:
      report(reading, token, 'there are no regular expressions', wholeValues);
      out.push(t.retyped(token, t.Text));
      return;
    case t.WrongName:
      repairName(token, out, reading);
      return;
    case t.Dollar:
      reading.report(token.startOffset, token.startOffset + 1, '`$` has no meaning', 'write the name alone');
      if (text.length > 1) out.push(retyped(token));
      else if (!next || !words.has(next.tokenType)) out.push(t.retyped(token, t.Junk));
      return;
    default:
      out.push(token);
  }
}

/** A name with letters that names do not have; where they only look like Latin ones, it is read as that name. */
function repairName(token: IToken, out: IToken[], reading: Reading): void {
  const text = token.image;
  const twin = latinTwin(text);
  const help =
    twin === null
      ? 'names have the letters a to z, digits, `-` and `_`'
      : `${describeLookAlikes(text)}: type \`${twin}\` again`;
  report(reading, token, `${quote(text)} is not ${twin === null ? 'a name' : 'spelt in Latin letters'}`, help);
  out.push(retyped(token));
}

function repairOperator(token: IToken, next: IToken | undefined, out: IToken[], reading: Reading): void {
  const text = token.image;
  if (reading.kind === 'type') {
    const type = text === '=>' ? t.Arrow : text === '|' || text === '||' ? t.Pipe : t.Junk;
    if (text === '||' || text === '=>') {
      report(reading, token, `${quote(text)} has no meaning in a type`, text === '||' ? 'write `|`' : 'write `->`');
    }
    out.push(t.retyped(token, type));
    return;
  }
  if (reading.kind === 'requirement') {
    repairJoin(token, symbols.get(text), out, reading);
    return;
  }
  const previous = out.at(-1)?.tokenType;
  if (text === '=' && (previous === t.Less || previous === t.Greater)) {
    report(reading, token, '`=` stands apart from its operator', `write \`${out.at(-1)?.image}=\``);
    return;
  }
  const isPrefix = text === '~' && !t.endsOperand(out.at(-1));
  const repair = symbols.get(isPrefix ? '!' : text);
  // `x !in y` is read as `x not in y`, which the grammar reports.
  const isNotIn = text === '!' && t.endsOperand(out.at(-1)) && next?.tokenType === t.In;
  if (!isNotIn && next?.tokenType !== t.Pattern) {
    report(reading, token, `${quote(text)} is not an operator`, repair?.help);
  }
  out.push(t.retyped(token, repair?.types[0] ?? t.Junk));
}

/** Requirements know `and` and `or` only; `not` is refused by the grammar, however it is written. */
function repairJoin(token: IToken, repair: Repair | undefined, out: IToken[], reading: Reading): void {
  const type = repair?.types[0];
  const isJoin = type === t.And || type === t.Or;
  if (isJoin) report(reading, token, `${quote(token.image)} is not an operator`, repair?.help);
  out.push(type && (isJoin || type === t.Not) ? t.retyped(token, type) : t.retyped(token, t.Junk));
}

function report(reading: Reading, token: IToken, message: string, help: string | null = null): void {
  reading.report(token.startOffset, t.endOf(token), message, help);
}
