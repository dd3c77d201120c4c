import { diagnose } from '../diagnostics/index.ts';
import type { Name } from '../source/index.ts';
import {
  type Decode,
  decodeData,
  decodeHeader,
  field,
  listOf,
  name,
  names,
  read,
  readEntries,
  readList,
  type Sink,
} from './decode.ts';
import { decodeExpected, decodeSetting } from './decode-expected.ts';
import { decodeMatrix } from './decode-matrix.ts';
import { decodeMember, decodeRole } from './decode-members.ts';
import type { MapEntry, MapNode, Node } from './node.ts';
import type { ExpectationSyntax, MatrixSyntax, MemberSyntax, TestSyntax, TestsSyntax } from './syntax.ts';

export function decodeTests(root: MapNode, sink: Sink): TestsSyntax {
  const catalog = field(root, 'catalog');
  if (catalog && field(root, 'practice')) {
    sink.diagnostics.push(
      diagnose('wrong-shape', catalog.key.span, 'a tests file names a `practice` or a `catalog`, not both', {
        help: 'delete one of them; a practice brings its catalog',
      }),
    );
  }
  return {
    kind: 'tests',
    ...decodeHeader(root, sink),
    practice: read(root, 'practice', name),
    catalog: read(root, 'catalog', name),
    fixtures: readList(root, 'fixtures', name),
    ...decodeSetting(root),
    roles: readEntries(root, 'roles', decodeRole),
    users: readEntries(root, 'users', decodeMember(sink)),
    resources: readEntries(root, 'resources', decodeData),
    tests: readList(root, 'tests', decodeTest(sink)),
    matrices: read(root, 'matrix', (node, span) => matrices(node, sink, span)) ?? [],
  };
}

function matrices(node: Node, sink: Sink, span: TestSyntax['span']): readonly MatrixSyntax[] | null {
  const decode: Decode<MatrixSyntax> = (each, place) => decodeMatrix(each, place, sink);
  if (node.kind === 'list') return listOf(node, decode);
  const one = decode(node, span);
  return one && [one];
}

function decodeTest(sink: Sink): Decode<TestSyntax> {
  return (node, span) => {
    if (node.kind !== 'map') return null;
    const title = read(node, 'name', name);
    const expect = read(node, 'expect', (value) => expectations(value, sink));
    const users = testUsers(node, sink);
    if (!title || !expect || !users) return null;
    return {
      span,
      name: title,
      cites: readList(node, 'cites', name),
      users,
      ...decodeSetting(node),
      context: readEntries(node, 'context', decodeData),
      resources: readEntries(node, 'resources', decodeData),
      expect,
    };
  };
}

function testUsers(test: MapNode, sink: Sink): readonly (Name | MemberSyntax)[] | null {
  const user = field(test, 'user');
  const users = field(test, 'users');
  if (user && users) {
    sink.diagnostics.push(
      diagnose('wrong-shape', user.key.span, 'a test has `user` or `users`, not both', { help: 'delete one of them' }),
    );
  }
  if (users) return names(users.value);
  if (!user) return null;
  if (user.value.kind === 'list') return names(user.value);
  const one = name(user.value) ?? decodeMember(sink)(user.value, user.span);
  return one && [one];
}

function expectations(node: Node, sink: Sink): readonly ExpectationSyntax[] | null {
  if (node.kind !== 'map') return null;
  return node.entries.flatMap((entry) => {
    const question = readQuestion(entry, sink);
    const expected = decodeExpected(entry.value, entry.value.span);
    return question && expected ? [{ span: entry.span, ...question, expected }] : [];
  });
}

/** `ACTION on RESOURCE`, or `ACTION`. */
function readQuestion(
  { key, keyText }: MapEntry,
  sink: Sink,
): { readonly action: Name; readonly on: Name | null } | null {
  const match = /^\s*(\S+)(?:\s+on\s+(\S.*?))?\s*$/d.exec(key.text);
  const part = (group: number): Name | null => {
    const range = match?.indices?.[group];
    return range ? { text: key.text.slice(...range), span: keyText.spanOf(...range) } : null;
  };
  const action = part(1);
  if (action && /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*$/u.test(action.text)) return { action, on: part(2) };
  sink.diagnostics.push(
    diagnose('bad-name', key.span, `\`${key.text.slice(0, 80)}\` is not an action`, {
      help: 'write `note.view on n`, or `note.view` when nothing is asked about',
    }),
  );
  return null;
}
