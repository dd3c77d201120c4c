import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { SourceFile, Span } from '../source/index.ts';
import type { MapEntry } from './node.ts';
import type { RefusedToken } from './tokens.ts';

/** What is well-formed YAML and yet not part of the format: each with its name, place and way out. */
export function refuseToken(file: SourceFile, token: RefusedToken): Diagnostic {
  const span = { file, start: token.start, end: token.end };
  const text = `\`${shorten(file.text.slice(token.start, token.end))}\``;
  switch (token.kind) {
    case 'anchor':
      return refuse(
        span,
        `${text} is an anchor, which is not allowed`,
        'delete it and write each value where it is used',
      );
    case 'alias':
      return token.end - token.start === 1 || /^\*[.\w-]*$/.test(text.slice(1, -1)) === false
        ? refuse(
            span,
            `${text} is an alias to YAML, which is not allowed`,
            'to mean every action, put it in quotes: "*"',
          )
        : refuse(span, `${text} is an alias, which is not allowed`, 'write the value itself; put a pattern in quotes');
    case 'tag':
      return refuse(
        span,
        `${text} is a tag, which is not allowed`,
        'delete it; put a text that starts with `!` in quotes',
      );
    case 'directive':
      return refuse(span, `${text} is a directive, which is not allowed`, 'delete the line; files are YAML 1.2');
    case 'document':
      return refuse(span, 'a second document starts here, and a file holds one', 'move it to a file of its own');
    case 'explicit-key':
      return refuse(span, '`?` starts a complex key, which is not allowed', 'write `key: value`, with a text as key');
    default:
      return token.kind satisfies never;
  }
}

/** `<<` as a key. */
export function refuseMerge(span: Span): Diagnostic {
  return refuse(
    span,
    '`<<` is a merge key, which is not allowed',
    'write the keys themselves; a role can use `extends`',
  );
}

/** A list or map as a key. */
export function refuseKey(span: Span): Diagnostic {
  return refuse(
    span,
    'a key must be a text, not a list or map',
    'write a name before the `:`, or add the missing quotes',
  );
}

/** One key twice in a map. */
export function duplicateKey(entry: MapEntry, first: MapEntry): Diagnostic {
  return diagnose('duplicate-key', entry.key.span, `the key \`${entry.key.text}\` stands twice in one map`, {
    notes: [{ message: 'it stands here first', span: first.key.span }],
    help: 'delete one of them, or join their values',
  });
}

/** A number that would not come out as it stands in the file. */
export function inexactNumber(source: string, span: Span): Diagnostic {
  const message = `\`${source}\` is not a number that can be kept exactly`;
  return diagnose('wrong-shape', span, message, { help: 'if it is a text, put it in quotes' });
}

function refuse(span: Span, message: string, help: string): Diagnostic {
  return diagnose('refused-yaml', span, message, { help });
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
