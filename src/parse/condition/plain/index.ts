// In: the text of a condition, a type or a requirement, and where its characters stand in a file.
// Out: its syntax, the same as chevrotain's grammar gives, without the cost of that; null where the grammar is to read it.
// Never: reads what could be meant otherwise, or says what is wrong with a text.
import type { ScalarText } from '../../scalar.ts';
import type { Expression, RequirementExpression, TypeSyntax } from '../../syntax.ts';
import { readDisjunction } from './conditions.ts';
import { readRequirement } from './requirements.ts';
import { readType } from './types.ts';
import { Words } from './words.ts';

/**
 * Conditions without mistakes, as they are nearly always. The words of other languages, escapes, what is nested deep or
 * very long, letters beyond ASCII outside of quotes: whatever the grammar has an opinion on makes it null.
 * INVARIANT: equal to what the grammar gives, which test/laws/plain-conditions-agree.test.ts holds against it.
 */
export function readPlainCondition(source: ScalarText): Expression | null {
  return read(source, (words) => readDisjunction(words, 0));
}

export function readPlainType(source: ScalarText): TypeSyntax | null {
  return read(source, (words) => readType(words, 0));
}

export function readPlainRequirement(source: ScalarText): RequirementExpression | null {
  return read(source, readRequirement);
}

/** Texts of more characters could have more words than a condition may. */
const longest = 10_000;

function read<T>(source: ScalarText, readWhole: (words: Words) => T | null): T | null {
  if (source.text.length > longest) return null;
  const words = new Words(source);
  const node = readWhole(words);
  return words.isAtEnd() ? node : null;
}
