// In: the text of one file.
// Out: its Syntax, every word with its place, and everything that is wrong with the text alone.
// Never: resolves a name, reads another file, or throws for any text.
import { collect, type Diagnostic, latinTwin } from '../diagnostics/index.ts';
import type { SourceFile, Span } from '../source/index.ts';
import { brokenNames } from './broken.ts';
import { hiddenCharacters } from './characters.ts';
import { decodeData, decodeEntries, type Sink } from './decode.ts';
import { decodeCatalog } from './decode-catalog.ts';
import { decodeInvariants } from './decode-invariants.ts';
import { decodeMember } from './decode-members.ts';
import { decodePractice } from './decode-practice.ts';
import { decodeTests } from './decode-tests.ts';
import { type DocumentRead, readDocument } from './document.ts';
import { readHeader } from './header.ts';
import { readMembers } from './list/index.ts';
import { type MapNode, type Node, respell } from './node.ts';
import { checkMembers, checkShape, checkUser, type FileKind } from './shape.ts';
import type { DataSyntax, MemberList, MemberSyntax, Syntax } from './syntax.ts';

export type * from './syntax.ts';

/** The file as syntax; null when it is not YAML, or says nothing about its kind. Parts that are wrong are left out. */
export function parse(file: SourceFile): {
  readonly syntax: Syntax | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { value, diagnostics } = readWith<Syntax>(file, readDocument(file), [], (root, sink) => {
    const header = readHeader(root);
    sink.diagnostics.push(...header.diagnostics);
    if (!header.kind || root.kind !== 'map') return { value: null, stops: true };
    const ill = checkShape(root, header.kind);
    sink.diagnostics.push(...ill);
    return { value: decode(header.kind, withPlainSpelling(root, ill), sink), stops: false };
  });
  return { syntax: value, diagnostics };
}

/** The members of a practice in a file of their own; null where it is not well-formed. */
export function parseMembers(file: SourceFile): {
  readonly list: MemberList | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const document = readMembers(file);
  const above = ['members'];
  const { value, diagnostics } = readWith<MemberList>(file, document, above, (root, sink) => {
    const ill = checkMembers(root);
    sink.diagnostics.push(...ill);
    if (root.kind !== 'map') return { value: null, stops: false };
    if (document.isPartial) sink.broken.add('members/*');
    const members = decodeEntries(withPlainSpelling(root, ill).entries, decodeMember(sink));
    return { value: { members, broken: sink.broken }, stops: false };
  });
  return { list: value, diagnostics };
}

/** A user, written as an entry of `users` in tests is. */
export function parseMember(file: SourceFile): {
  readonly member: MemberSyntax | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { value, diagnostics } = readWith<MemberSyntax>(file, readDocument(file), [], (root, sink) => {
    sink.diagnostics.push(...checkUser(root));
    return { value: decodeMember(sink)(root, root.span), stops: false };
  });
  return { member: value, diagnostics };
}

/** Any value: a resource, or facts of a request. */
export function parseData(file: SourceFile): {
  readonly data: DataSyntax | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { value, diagnostics } = readWith<DataSyntax>(file, readDocument(file), [], (root) => ({
    value: decodeData(root, root.span),
    stops: false,
  }));
  return { data: value, diagnostics };
}

interface Reading<T> {
  readonly value: T | null;
  /** The header says that nothing else of the file can be judged. */
  readonly stops: boolean;
}

/** `above`: the keys under which the document stands. */
function readWith<T>(
  file: SourceFile,
  document: DocumentRead,
  above: readonly string[],
  readRoot: (root: Node, sink: Sink) => Reading<T>,
): {
  readonly value: T | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  if (!document.root) return { value: null, diagnostics: document.diagnostics };
  const sink: Sink = { file, end: document.trustedEnd, diagnostics: [], broken: new Set() };
  const { value, stops } = readRoot(document.root, sink);
  for (const name of brokenNames(document.root, above, [...document.diagnostics, ...sink.diagnostics]))
    sink.broken.add(name);
  const { isWellFormed } = document;
  const unseen = hiddenSpans(document.diagnostics);
  const own = sink.diagnostics.filter((item) => {
    if (!isWellFormed && (item.code === 'missing-key' || (item.span?.end ?? 0) > document.trustedEnd)) return false;
    return !item.span || !covers(item.span, unseen);
  });
  const isUnknownVersion = stops && own.some((item) => item.code === 'unknown-format-version');
  return {
    value: isWellFormed ? value : null,
    diagnostics: isUnknownVersion ? own : collect([...document.diagnostics, ...own]),
  };
}

function hiddenSpans(diagnostics: readonly Diagnostic[]): readonly number[] {
  return diagnostics.flatMap((item) => (item.code === 'hidden-character' && item.span ? [item.span.start] : []));
}

/** A name with a hidden character in it is wrong for that reason alone. */
function covers(span: Span, offsets: readonly number[]): boolean {
  return offsets.some((offset) => offset >= span.start && offset < span.end);
}

/**
 * Words with hidden characters or look-alike letters as what they look like: each was reported, and need not be unknown
 * as well. `ill` is what is wrong with the shape of the file.
 */
function withPlainSpelling(root: MapNode, ill: readonly Diagnostic[]): MapNode {
  const badNames = new Set(ill.flatMap(({ code, span }) => (code === 'bad-name' && span ? [span.start] : [])));
  if (badNames.size === 0 && root.span.file.text.search(hiddenCharacters) < 0) return root;
  return respell(root, ({ file, start, end }) => {
    const written = file.text.slice(start, end);
    const visible = written.replace(hiddenCharacters, '');
    const twin = badNames.has(start) ? latinTwin(visible) : null;
    return twin ?? (visible === written ? null : visible);
  });
}

function decode(kind: FileKind, root: MapNode, sink: Sink): Syntax {
  switch (kind) {
    case 'catalog':
      return decodeCatalog(root, sink);
    case 'practice':
      return decodePractice(root, sink);
    case 'invariants':
      return decodeInvariants(root, sink);
    case 'tests':
      return decodeTests(root, sink);
    default:
      return kind satisfies never;
  }
}
