// In: the text of a condition, a type or a requirement, and where its characters stand in a file.
// Out: its syntax with exact spans, or every mistake in it.
// Never: resolves a name, throws for a text, or lets a message of chevrotain out.
import type { ScalarText } from '../scalar.ts';
import type { Expression, RequirementExpression, TypeSyntax } from '../syntax.ts';
import { readPlainCondition, readPlainRequirement, readPlainType } from './plain/index.ts';
import { type Parsed, readWithGrammar } from './reader.ts';

export type { Parsed } from './reader.ts';

export function parseCondition(source: ScalarText): Parsed<Expression> {
  const value = readPlainCondition(source);
  return value ? { value, diagnostics: [] } : readWithGrammar('condition', source);
}

export function parseType(source: ScalarText): Parsed<TypeSyntax> {
  const value = readPlainType(source);
  return value ? { value, diagnostics: [] } : readWithGrammar('type', source);
}

/** What a permission requires: permissions joined by `and` and `or`, or `all`. */
export function parseRequirement(source: ScalarText): Parsed<RequirementExpression> {
  const value = readPlainRequirement(source);
  return value ? { value, diagnostics: [] } : readWithGrammar('requirement', source);
}
