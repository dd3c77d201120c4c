import { diagnose } from '../diagnostics/index.ts';
import type { Span } from '../source/index.ts';
import { decodeData, entriesOf, listOf, name, read, readEntries, readList, type Sink } from './decode.ts';
import { decodeExpected, decodeSetting } from './decode-expected.ts';
import type { Node } from './node.ts';
import type { DataSyntax, Entry, ExpectedSyntax, MatrixSyntax } from './syntax.ts';

/** A table of users x resources x actions. */
export function decodeMatrix(node: Node, span: Span, sink: Sink): MatrixSyntax | null {
  if (node.kind !== 'map') return null;
  const resources = read(node, 'resources', columns) ?? [];
  const decodeRow = (row: Node, place: Span) => expectedRow(row, place, resources.length, sink);
  return {
    span,
    name: read(node, 'name', name),
    cites: readList(node, 'cites', name),
    users: readList(node, 'users', name),
    ...decodeSetting(node),
    context: readEntries(node, 'context', decodeData),
    resources,
    expect: readEntries(node, 'expect', (users) => entriesOf(users, decodeRow)),
  };
}

/** A map declares resources; a list names those of the file. */
function columns(node: Node): readonly Entry<DataSyntax>[] | null {
  if (node.kind !== 'list') return entriesOf(node, decodeData);
  return listOf(node, (item) => {
    const key = name(item);
    return key && { key, value: { kind: 'scalar', value: key.text, span: key.span } };
  });
}

/** One expectation a resource; a single one stands for all. */
function expectedRow(node: Node, span: Span, count: number, sink: Sink): readonly ExpectedSyntax[] | null {
  const width = Math.max(1, count);
  if (node.kind !== 'list') {
    const one = decodeExpected(node, node.span);
    return one && Array.from({ length: width }, () => one);
  }
  const row = listOf(node, decodeExpected);
  if (!row || row.length !== node.items.length) return null;
  if (row.length === width) return row;
  const plural = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const message = `this row has ${plural(row.length, 'decision')} for ${plural(count, 'resource')}`;
  sink.diagnostics.push(
    diagnose('wrong-shape', { ...span, start: node.span.start }, message, {
      help: 'write one decision a resource, in the order of `resources`, or a single one for all',
    }),
  );
  return null;
}
