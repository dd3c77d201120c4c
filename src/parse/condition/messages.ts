import type { IToken, TokenType } from 'chevrotain';
import { suggest } from '../../diagnostics/index.ts';
import { type Kind, quote } from './reading.ts';
import * as t from './tokens.ts';

/** What the grammar may expect; the words stand in messages as they are. */
export const expected = {
  condition: 'a condition',
  comparison: 'a comparison',
  value: 'a value',
  duration: 'a duration',
  path: 'a path',
  name: 'a name',
  andOr: '`and` or `or`',
  set: '`set`',
  open: '`(`',
  close: '`)`',
  closeIndex: '`]`',
  nextArgument: '`,` or `)`',
  nextItem: '`,` or `]`',
  permission: 'a permission',
  type: 'a type',
  closeSet: '`>`',
  nextType: '`|` or `->`',
} as const;

export interface Claim {
  readonly message: string;
  readonly help: string | null;
}

/** The place of a mistake in words: the text before it (`null`: the start) and the token that does not fit. */
export interface Mismatch {
  readonly kind: Kind;
  readonly expectation: string;
  readonly after: string | null;
  readonly previous: TokenType | null;
  /** `null`: the end. */
  readonly found: IToken | null;
}

const comparisonWords = ['==', '!=', 'in', 'overlaps', 'within', 'is', 'and', 'or'];
const calculation = 'only a duration can be added to a date, as in `resource.signed + 24h`';

/** What to say where the grammar expected something else. */
export function describe(mismatch: Mismatch): Claim {
  const { kind, expectation, after, found } = mismatch;
  const special = found && (found.tokenType === t.Junk ? describeJunk(found, kind) : describeFound(found, mismatch));
  if (special?.message) return { message: special.message, help: special.help };
  const help = special?.help ?? null;
  if (after !== null) return { message: `expected ${expectation} after ${quote(after)}`, help };
  if (found) return { message: `expected ${expectation} before ${quote(found.image)}`, help };
  return { message: `expected ${expectation}`, help };
}

function describeJunk(found: IToken, kind: Kind): Claim {
  const image = found.image;
  const message = `${quote(image)} has no meaning in a ${kind}`;
  if (kind === 'type' && image === '?') return { message, help: 'any fact may be missing: leave it out' };
  if (kind === 'type' && image === '&') return { message, help: 'separate values with `|`' };
  if (kind !== 'condition') return { message, help: null };
  if (/^[-*/%^]$/.test(image)) return { message, help: calculation };
  if (/^[?:]$/.test(image)) return { message, help: 'write `(a and b) or (not a and c)`' };
  if (/^[{}]$/.test(image)) return { message, help: 'write a list in `[` and `]`' };
  return { message, help: null };
}

function describeFound(found: IToken, mismatch: Mismatch): { message: string | null; help: string | null } | null {
  const { kind, expectation, previous } = mismatch;
  const type = found.tokenType;
  const help = (text: string | null) => ({ message: null, help: text });
  if (kind === 'type') {
    if (type === t.Text) return help('write the value without quotes');
    if (type === t.Comma) return help('separate values with `|`');
    if (type === t.Less) return help('only `set` holds something, as in `set<string>`');
    if (type === t.LeftBracket) return help('write `set<string>` for several values');
    if (type === t.Numeral) return help('a name starts with a letter');
    return null;
  }
  const isOperatorPlace = expectation === expected.comparison || expectation === expected.andOr;
  if (type === t.Text && (previous === t.LeftParenthesis || kind === 'requirement')) {
    return help('write the name without quotes');
  }
  if (isOperatorPlace && type === t.Comma) return help('join them with `and` or `or`');
  if (kind === 'requirement') return null;
  if (isOperatorPlace && (type === t.Plus || (type === t.Numeral && found.image.startsWith('-')))) {
    return { message: 'conditions do not calculate', help: calculation };
  }
  if (isOperatorPlace && type === t.LeftParenthesis && previous === t.Name)
    return help('only a named condition is called, and never compared');
  if (isOperatorPlace && type === t.Name) return help(suggest(found.image, comparisonWords));
  if (expectation === expected.value && type === t.LeftParenthesis) {
    return help('parentheses go around conditions, not around values');
  }
  if (expectation === expected.set && previous === t.Is) return help('write `==` to compare');
  if (expectation === expected.duration) return help('a duration is written as in `24h` or `6mo`');
  if (expectation === expected.path) return help('an index is a path, such as `action.section`');
  return null;
}
