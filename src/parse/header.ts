import { type Diagnostic, diagnose, suggest } from '../diagnostics/index.ts';
import type { Span } from '../source/index.ts';
import type { MapNode, Node } from './node.ts';
import { type FileKind, fileKinds } from './shape.ts';

export interface HeaderRead {
  /** `null` when the file cannot be read any further. */
  readonly kind: FileKind | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The version of the format that this program reads. */
const knownVersion = 1;

/** The first two keys of a file: without them nothing else can be said about it. */
export function readHeader(root: Node): HeaderRead {
  const stopped = (...diagnostics: Diagnostic[]): HeaderRead => ({ kind: null, diagnostics });
  if (root.kind === 'broken') return stopped();
  const start = { ...root.span, end: Math.min(root.span.end, root.span.start + 1) };
  if (root.kind !== 'map') {
    const got = root.kind === 'list' ? 'a list' : 'a single value';
    return stopped(
      diagnose('wrong-shape', start, `a file must be a map, not ${got}`, {
        help: 'start it with `chaperone: 1` and `kind: practice`',
      }),
    );
  }
  const version = root.byKey.get('chaperone')?.value;
  if (version?.kind === 'broken') return stopped();
  if (version && (version.kind !== 'scalar' || version.value !== knownVersion)) {
    return stopped(unknownVersion(version));
  }
  const kind = readKind(root, start);
  if (version) return kind;
  const missing = diagnose('missing-key', firstKey(root, start), 'the file has no `chaperone`', {
    help: `start the file with \`chaperone: ${knownVersion}\`, the version of the format`,
  });
  return stopped(missing, ...kind.diagnostics);
}

function unknownVersion(version: Node): Diagnostic {
  const text = version.kind === 'scalar' ? version.text.text : '';
  const named =
    text === '' || text.length > 40 ? 'this is not a format version' : `format version \`${text}\` is not known`;
  const isQuoted = text === String(knownVersion);
  return diagnose(
    'unknown-format-version',
    version.span,
    isQuoted ? 'the format version must be a number, not a text' : named,
    {
      notes: [`this program reads format version ${knownVersion}`],
      help: isQuoted ? 'take the quotes away' : `write \`chaperone: ${knownVersion}\`, or use a newer program`,
    },
  );
}

function readKind(root: MapNode, start: Span): HeaderRead {
  const value = root.byKey.get('kind')?.value;
  if (value?.kind === 'broken') return { kind: null, diagnostics: [] };
  const text = value?.kind === 'scalar' ? value.text.text : '';
  const kind = fileKinds.find((known) => known === text);
  if (kind) return { kind, diagnostics: [] };
  const known = '`catalog`, `practice`, `tests` or `invariants`';
  if (!value || text === '') {
    const span = root.byKey.get('kind')?.key.span ?? firstKey(root, start);
    const message = value ? `\`kind\` must be ${known}` : 'the file has no `kind`';
    const code = value ? 'unknown-kind' : 'missing-key';
    return { kind: null, diagnostics: [diagnose(code, span, message, { help: `add \`kind:\` with ${known}` })] };
  }
  const message = `\`${text.slice(0, 60)}\` is not a kind of file`;
  const help = suggest(text, fileKinds) ?? `a file is ${known}`;
  return { kind: null, diagnostics: [diagnose('unknown-kind', value.span, message, { help })] };
}

function firstKey(root: MapNode, start: Span): Span {
  return root.entries[0]?.key.span ?? start;
}
