import type { IToken } from 'chevrotain';
import type { DurationSyntax, OperandSyntax } from '../syntax.ts';
import { isTooLong, isUnit, lengthOf } from './durations.ts';
import { quote, type Reading } from './reading.ts';
import { endOf } from './tokens.ts';

/** An operand, or a duration, which is one only behind `+`. */
export type Atom = OperandSyntax | ({ readonly kind: 'duration' } & DurationSyntax);

const unitHelp = 'the units are `s`, `min`, `h`, `d`, `w`, `mo` and `y`';
const otherUnits: readonly (readonly [RegExp, string])[] = [
  [/^(?:secs?|seconds?)$/i, 's'],
  [/^(?:mins?|minutes?)$/i, 'min'],
  [/^(?:h|hrs?|hours?)$/i, 'h'],
  [/^(?:d|days?)$/i, 'd'],
  [/^(?:w|wks?|weeks?)$/i, 'w'],
  [/^(?:mo|mons?|mths?|months?)$/i, 'mo'],
  [/^(?:y|yrs?|years?)$/i, 'y'],
];

/** The unit that a word means, or undefined. */
export function unitMeant(word: string): string | undefined {
  if (isUnit(word)) return word;
  return otherUnits.find(([pattern]) => pattern.test(word))?.[1];
}

/** A whole number or a duration; what is neither is reported and read as one of them. */
export function readNumeral(token: IToken, reading: Reading): Atom {
  const { image, startOffset: start } = token;
  const span = reading.span(start, endOf(token));
  const report = (message: string, help?: string) => reading.report(start, endOf(token), message, help);
  const zero: Atom = { kind: 'number', value: 0, span };
  if (/^-?\d+$/.test(image)) {
    const value = Number(image) || 0; // `-0` is 0
    if (Number.isSafeInteger(value)) return { kind: 'number', value, span };
    report(`${quote(image)} is too large a number`, `the largest is ${Number.MAX_SAFE_INTEGER}`);
    return zero;
  }
  const [, digits = '', unit = ''] = /^(-?\d+)([A-Za-z]+)$/.exec(image) ?? [];
  if (unit) return readDuration(token, Number(digits), unit, reading);
  if (/^\d{4}-\d\d?-\d\d?/.test(image)) report('a date stands in quotes', `write \`"${image.slice(0, 60)}"\``);
  else if (/^-?\d+(?:[eE][+-]?\d+)$/.test(image)) report(`${quote(image)} has an exponent`, 'write all its digits');
  else if (/^-?\d*\.\d*$/.test(image)) report(`${quote(image)} is a fraction`, 'there are only whole numbers');
  else if (/^-?\d+\.\d+[A-Za-z]+$/.test(image)) report(`${quote(image)} is a fraction`, 'take a smaller unit');
  else if (/^(?:\d+[a-z]+){2,}$/.test(image)) report('a duration has one number and one unit', 'take the smaller unit');
  else report(`${quote(image)} is neither a number nor a duration`);
  return zero;
}

function readDuration(token: IToken, count: number, unit: string, reading: Reading): Atom {
  const { image, startOffset: start } = token;
  const length = lengthOf(count, unit);
  const report = (message: string, help?: string) => reading.report(start, endOf(token), message, help);
  if (!isUnit(unit)) {
    const place = start + image.length - unit.length;
    const digits = image.slice(0, image.length - unit.length).slice(0, 20);
    const meant = unitMeant(unit);
    if (/^e$/i.test(unit)) report(`${quote(image)} is neither a number nor a duration`);
    else if (/^m$/i.test(unit)) {
      const help = `write \`${digits}min\` for minutes or \`${digits}mo\` for months`;
      reading.report(place, endOf(token), `${quote(unit)} is not a unit of time`, help);
    } else {
      const help = meant ? `write \`${digits}${meant}\`` : unitHelp;
      reading.report(place, endOf(token), `${quote(unit)} is not a unit of time`, help);
    }
  } else if (count <= 0) report('a duration must be longer than nothing');
  else if (isTooLong(length)) report('a duration must be shorter than 1000 years');
  return { kind: 'duration', ...length, span: reading.span(start, endOf(token)) };
}

const escapes = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['n', '\n'],
  ['t', '\t'],
]);

/** The value of a quoted string; each wrong escape is reported. */
export function readText(token: IToken, reading: Reading): OperandSyntax {
  const { image, startOffset: start } = token;
  const span = reading.span(start, endOf(token));
  // Wrong quotes, patterns and unclosed strings are reported already.
  if (!/^(["']).*\1$/s.test(image) || image.length < 2) return { kind: 'string', value: image, span };
  const value = image.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (whole, rest: string, at: number) => {
    if (rest.length === 5) return String.fromCharCode(Number.parseInt(rest.slice(1), 16));
    const meant = escapes.get(rest);
    if (meant === undefined) reportEscape(whole, start + 1 + at, reading);
    return meant ?? '';
  });
  if (/\p{Surrogate}/u.test(value)) reading.report(start, endOf(token), 'the string holds half a character');
  return { kind: 'string', value, span };
}

function reportEscape(text: string, start: number, reading: Reading): void {
  const help = text === '\\u' ? 'four hexadecimal digits follow `\\u`' : 'write `\\\\` for a backslash';
  reading.report(start, start + text.length, `${quote(text)} is not an escape`, help);
}
