import { collect, type Diagnostic, InternalError } from '../../diagnostics/index.ts';
import type { ScalarText } from '../scalar.ts';
import type { Expression, RequirementExpression, TypeSyntax } from '../syntax.ts';
import { balance, checkDepth } from './brackets.ts';
import { Grammar } from './grammar.ts';
import type { Ranged } from './parser.ts';
import { createReading, type Kind, type Reading } from './reading.ts';
import { repair } from './repair.ts';
import { tokenise } from './tokens.ts';

/** `value` is null when, and only when, there are diagnostics. */
export interface Parsed<T> {
  readonly value: T | null;
  readonly diagnostics: readonly Diagnostic[];
}

const maximalLength = 100_000;
const maximalTokens = 10_000;
const grouped = (count: number): string => `${count / 1000},000`;

// One parser for the process, made when the first text is read: making it costs more than most conditions.
let grammar: Grammar | undefined;

/** Any text, read by the grammar; what is wrong with it is said. */
export function readWithGrammar(kind: 'condition', source: ScalarText): Parsed<Expression>;
export function readWithGrammar(kind: 'type', source: ScalarText): Parsed<TypeSyntax>;
export function readWithGrammar(kind: 'requirement', source: ScalarText): Parsed<RequirementExpression>;
export function readWithGrammar(kind: Kind, source: ScalarText): Parsed<unknown> {
  return parse<unknown>(kind, source, (parser) => parser[kind]);
}

function parse<T>(kind: Kind, source: ScalarText, rule: (parser: Grammar) => () => Ranged<T>): Parsed<T> {
  const reading = createReading(kind, source);
  const value = read(reading, rule);
  if (reading.diagnostics.length > 0) return { value: null, diagnostics: collect(reading.diagnostics) };
  if (value === null) throw new InternalError(`a ${kind} was lost`);
  return { value, diagnostics: [] };
}

function read<T>(reading: Reading, rule: (parser: Grammar) => () => Ranged<T>): T | null {
  const { kind, text } = reading;
  const refuse = (limit: string) =>
    reading.report(0, text.length, `the ${kind} is longer than ${limit}`, null, 'too-large');
  if (text.length > maximalLength) {
    refuse(`${grouped(maximalLength)} characters`);
    return null;
  }
  const raw = tokenise(text);
  if (raw.length === 0) reading.report(0, text.length, `the ${kind} is empty`);
  if (raw.length > maximalTokens) refuse(`${grouped(maximalTokens)} words`);
  if (reading.diagnostics.length > 0) return null;
  const repaired = repair(raw, reading);
  if (!checkDepth(repaired, reading)) return null;
  const { tokens, places } = balance(repaired, reading);
  if (tokens.length === 0) return null;
  grammar ??= new Grammar();
  return grammar.run(rule(grammar), tokens, places, reading).node;
}
