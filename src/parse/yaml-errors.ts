import type { YAMLError } from 'yaml';
import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { SourceFile } from '../source/index.ts';
import { limits } from './limits.ts';
import type { Tokens } from './tokens.ts';

interface Wording {
  readonly message: string;
  readonly help: string;
}

/** Complaints that other rules of ours make in their own words. */
const ownRules: ReadonlySet<string> = new Set([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_COLLECTION_TYPE',
  'BAD_DIRECTIVE',
  'BAD_PROP_ORDER',
  'DUPLICATE_KEY',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_DOCS',
  'MULTIPLE_TAGS',
  'NON_STRING_KEY',
  'TAG_RESOLVE_FAILED',
]);

/** Complaints about where a line begins. */
const indentation: ReadonlySet<string> = new Set(['BAD_INDENT', 'MULTILINE_IMPLICIT_KEY']);

/** `bad-yaml` in our words for each place where the text is not YAML; one a line, since faults cascade. */
export function explainYamlErrors(
  file: SourceFile,
  errors: readonly YAMLError[],
  tokens: Tokens,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const placed = errors.filter((error) => !ownRules.has(error.code)).map((error) => place(file, error, tokens));
  let lineEnd = -1;
  let isIndented = false;
  // A quote that is never closed swallows what would have closed the brackets around it.
  const quotes = placed.filter(({ isOpening, start }) => isOpening && /["']/.test(file.text[start] ?? ''));
  const causes = quotes.length === 0 ? placed : placed.filter((item) => !item.isOpening || quotes.includes(item));
  for (const { start, error, isOpening } of causes.sort((a, b) => a.start - b.start)) {
    if (start <= lineEnd || found.length === limits.repeats) continue;
    const { message, help } = explain(error, file.text, start);
    // One line that is indented wrongly puts every line after it in the wrong place.
    const isIndentation = indentation.has(error.code) && !message.includes('tab');
    if (isIndentation && isIndented) continue;
    isIndented ||= isIndentation;
    found.push(diagnose('bad-yaml', { file, start, end: Math.min(start + 1, file.text.length) }, message, { help }));
    lineEnd = file.text.indexOf('\n', start);
    // What follows an open quote or bracket is read wrongly to the end of the file.
    if (lineEnd === -1 || isOpening) break;
  }
  return found;
}

interface Placed {
  readonly error: YAMLError;
  readonly start: number;
  readonly isOpening: boolean;
}

/** A bracket or quote that is never closed is shown where it opens, not where the text ends. */
function place(file: SourceFile, error: YAMLError, { open }: Tokens): Placed {
  const start = Math.min(Math.max(0, error.pos[0]), file.text.length);
  const missing = /^Missing closing (.)|end with a (.)/.exec(error.message);
  if (!missing) return { error, start, isOpening: false };
  const opening = missing[1] ?? (missing[2] === '}' ? '{' : '[');
  const found = open.filter((offset) => offset < start && file.text[offset] === opening).at(-1);
  return { error, start: found ?? start, isOpening: true };
}

function explain(error: YAMLError, text: string, start: number): Wording {
  const indentation = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1))?.[0] ?? '';
  if (error.code === 'TAB_AS_INDENT' || indentation.includes('\t')) {
    return { message: 'a tab is used for indentation', help: 'indent with spaces; set the editor to insert spaces' };
  }
  const said = error.message;
  switch (error.code) {
    case 'BAD_DQ_ESCAPE':
      return {
        message: 'an escape after `\\` is not one that YAML knows',
        help: 'double the backslash, or use single quotes',
      };
    case 'BAD_SCALAR_START':
      return { message: `a text cannot start with \`${text[start] ?? ''}\``, help: 'put the text in quotes' };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'a second `: ` stands on a line that is one entry',
        help: 'put the text in quotes, or start a new line',
      };
    case 'BLOCK_IN_FLOW':
      return { message: 'a block starts inside brackets', help: 'write it in brackets too, or take the brackets away' };
    case 'KEY_OVER_1024_CHARS':
      return { message: 'a key is longer than 1,024 characters', help: 'use a shorter key' };
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: 'a key goes over several lines', help: 'look for a missing `:` or a quote that is not closed' };
    case 'BAD_INDENT':
      return explainIndentation(said);
    case 'MISSING_CHAR':
      return explainMissing(said);
    default:
      return explainUnexpected(said, text[start]);
  }
}

function explainIndentation(said: string): Wording {
  const bracket = /end with a (.)/.exec(said)?.[1];
  if (bracket) {
    return {
      message: `a bracket is never closed: \`${bracket}\` is missing`,
      help: `add \`${bracket}\`, and indent every line up to it`,
    };
  }
  return {
    message: 'the indentation does not match the lines around it',
    help: 'give all entries of one list or map the same indentation',
  };
}

function explainMissing(said: string): Wording {
  if (said.startsWith('Missing closing')) {
    return { message: 'a quote is never closed', help: 'close the quote; a quote inside single quotes is doubled' };
  }
  const bracket = /must end with a (.)/.exec(said)?.[1];
  if (bracket) return { message: `a bracket is never closed: \`${bracket}\` is missing`, help: `add \`${bracket}\`` };
  if (said.startsWith('Missing ,')) {
    return { message: 'a comma is missing between two values', help: 'separate values in brackets with commas' };
  }
  if (said.startsWith('Missing space after :')) {
    return { message: 'a space is missing after `:`', help: 'write `key: value`' };
  }
  if (said.startsWith('Implicit map keys')) {
    return { message: 'a key has no `:`', help: 'write `key: value`; a longer text may need more indentation' };
  }
  if (said.startsWith('Sequence item')) {
    return {
      message: 'an item of the list has no `- `',
      help: 'start it with `- `, or indent it as part of the item above',
    };
  }
  if (said.startsWith('Comments must')) {
    return { message: 'a space is missing before `#`', help: 'put a space before the comment, or the text in quotes' };
  }
  return { message: 'the text is not complete YAML here', help: 'look for a missing `:`, quote or bracket' };
}

function explainUnexpected(said: string, character: string | undefined): Wording {
  if (said.startsWith('Unexpected empty item') || said.startsWith('Unexpected ,')) {
    return { message: 'there is no value before this comma', help: 'delete the comma, or write the value' };
  }
  if (said.startsWith('Block scalar header')) {
    return { message: 'text stands on the line of `>` or `|`', help: 'start the text on the next line, indented' };
  }
  if (said.includes('block-seq-ind')) {
    return { message: 'a list starts on the line of its key', help: 'start the list on the next line' };
  }
  if (character === ']' || character === '}') {
    return {
      message: `\`${character}\` closes a bracket that was not opened`,
      help: `delete \`${character}\`, or open the bracket`,
    };
  }
  return {
    message: 'something follows that does not belong to the value before it',
    help: 'put the whole text in quotes, or start a new line with the right indentation',
  };
}
