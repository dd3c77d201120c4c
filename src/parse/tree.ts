import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic } from '../diagnostics/index.ts';
import type { SourceFile, Span } from '../source/index.ts';
import { limits, tooManyNodes } from './limits.ts';
import {
  type BrokenNode,
  isExact,
  type ListNode,
  type MapEntry,
  type MapNode,
  type Node,
  type ScalarNode,
} from './node.ts';
import { scalarText } from './offsets.ts';
import { duplicateKey, inexactNumber, refuseKey, refuseMerge } from './refuse.ts';
import type { RawScalar } from './scalar-map.ts';
import type { RefusedToken } from './tokens.ts';
import { type Cut, conditionKeys, findCut } from './traps.ts';

export interface Tree {
  readonly root: Node;
  readonly cuts: readonly Cut[];
  readonly diagnostics: readonly Diagnostic[];
  readonly isTooLarge: boolean;
}

interface Work {
  readonly file: SourceFile;
  readonly refused: readonly RefusedToken[];
  readonly cuts: Cut[];
  readonly known: ReadonlyMap<number, Cut>;
  readonly diagnostics: Diagnostic[];
  nodes: number;
}

/**
 * Our own nodes out of those of `yaml`, without duplicate keys, merge keys and pieces of cut conditions.
 * `known` are the cuts that were found before, by their start; their conditions are in quotes now.
 */
export function buildTree(
  file: SourceFile,
  contents: unknown,
  refused: readonly RefusedToken[],
  known: ReadonlyMap<number, Cut>,
): Tree {
  const work: Work = { file, refused, cuts: [], known, diagnostics: [], nodes: 0 };
  const root = build(work, contents, { file, start: 0, end: 0 });
  const isTooLarge = work.nodes > limits.nodes;
  const diagnostics = isTooLarge ? [tooManyNodes(file, 0)] : work.diagnostics;
  return { root, cuts: work.cuts, diagnostics, isTooLarge };
}

/** `place` is where a value that is not there would stand. */
function build(work: Work, node: unknown, place: Span): Node {
  work.nodes++;
  if (isScalar(node)) return node.tag ? broken(rangeOf(work, node, place)) : buildScalar(work, node, place);
  if (isMap(node)) return buildMap(work, node, place);
  if (isSeq(node)) return buildList(work, node.items, rangeOf(work, node, place));
  if (isAlias(node)) return broken(rangeOf(work, node, place));
  return { kind: 'scalar', value: null, span: place, inner: place, text: scalarText(work.file, '', null, place) };
}

function broken(span: Span): BrokenNode {
  return { kind: 'broken', span };
}

function buildList(work: Work, items: readonly unknown[], span: Span): ListNode {
  const nodes: Node[] = [];
  let end = span.start + 1;
  for (const item of items) {
    if (work.nodes > limits.nodes) break;
    const node = build(work, item, { file: span.file, start: end, end });
    end = Math.max(end, node.span.end);
    nodes.push(node);
  }
  const isFlow = work.file.text[span.start] === '[';
  return { kind: 'list', items: nodes, span: isFlow ? span : { ...span, end } };
}

function buildMap(work: Work, map: YAMLMap, place: Span): MapNode {
  const { file } = work;
  const span = rangeOf(work, map, place);
  const entries: MapEntry[] = [];
  const byKey = new Map<string, MapEntry>();
  for (const pair of map.items as Pair<ParsedNode, ParsedNode | null>[]) {
    if (work.nodes > limits.nodes) break;
    work.nodes++;
    const keySpan = rangeOf(work, pair.key, span);
    if (isAlias(pair.key)) continue;
    if (isCollection(pair.key)) {
      work.diagnostics.push(refuseKey(keySpan));
      continue;
    }
    const keyNode = buildScalar(work, pair.key, keySpan);
    if (keyNode.kind === 'broken') continue;
    const { text } = keyNode.text;
    if (text === '<<' && keyNode.inner.start === keyNode.span.start) {
      work.diagnostics.push(refuseMerge(keySpan));
      continue;
    }
    const key = { text, span: keyNode.inner };
    const cut = conditionKeys.has(text) ? cutOf(work, text, keyNode.span, pair.value, map.flow === true) : null;
    const valuePlace = { file, start: keyNode.span.end, end: keyNode.span.end };
    const value = cut ? broken({ file, start: cut.start, end: cut.end }) : build(work, pair.value, valuePlace);
    const end = Math.max(keyNode.span.end, value.span.end);
    const entry = { key, keyText: keyNode.text, value, span: { file, start: keyNode.span.start, end } };
    const first = byKey.get(text);
    if (first) {
      work.diagnostics.push(duplicateKey(entry, first));
      continue;
    }
    byKey.set(text, entry);
    entries.push(entry);
  }
  const last = entries.at(-1);
  return { kind: 'map', entries, byKey, span: map.flow || !last ? span : { ...span, end: last.span.end } };
}

function cutOf(work: Work, key: string, keySpan: Span, value: ParsedNode | null, isInFlowMap: boolean): Cut | null {
  if (isCollection(value) || isAlias(value)) return null;
  const before = value?.range && work.known.get(value.range[0]);
  if (before) return before;
  if (work.cuts.length >= limits.cuts) return null;
  const { start, end } = rangeOf(work, value, { ...keySpan, start: keySpan.end });
  const isBlockScalar = isScalar(value) && value.srcToken?.type === 'block-scalar';
  const suspect = { key, keyStart: keySpan.start, keyEnd: keySpan.end, start, end, isBlockScalar, isInFlowMap };
  const cut = findCut(work.file, suspect, work.refused);
  if (cut) work.cuts.push(cut);
  return cut;
}

function buildScalar(work: Work, scalar: Scalar, place: Span): ScalarNode | BrokenNode {
  const { file } = work;
  const span = rangeOf(work, scalar, place);
  const raw = rawScalar(scalar);
  const source = typeof scalar.source === 'string' ? scalar.source : '';
  const value = plainValue(scalar.value);
  if (typeof value === 'number' && !isExact(value)) {
    work.diagnostics.push(inexactNumber(source, span));
    return broken(span);
  }
  const isQuoted = raw?.style === 'single' || raw?.style === 'double';
  const isDirect = isQuoted && source !== '' && raw.source.slice(1, -1) === source;
  const inner = isDirect ? { file, start: span.start + 1, end: span.end - 1 } : span;
  return { kind: 'scalar', value, span, inner, text: scalarText(file, source, raw, inner) };
}

function plainValue(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function rawScalar(scalar: Scalar): RawScalar | null {
  const token = scalar.srcToken;
  switch (token?.type) {
    case 'scalar':
      return { style: 'plain', offset: token.offset, source: token.source };
    case 'single-quoted-scalar':
      return { style: 'single', offset: token.offset, source: token.source };
    case 'double-quoted-scalar':
      return { style: 'double', offset: token.offset, source: token.source };
    case 'block-scalar': {
      const props = token.props.map((prop) => ('source' in prop ? prop.source : ''));
      const bodyOffset = token.offset + props.reduce((sum, text) => sum + text.length, 0);
      const { offset, source, indent } = token;
      return { style: 'block', offset, header: props[0] ?? '', bodyOffset, source, indent };
    }
    default:
      return null;
  }
}

/** The range of a node without the white space that a block scalar ends with. */
function rangeOf(work: Work, node: { range?: readonly number[] | null } | null, place: Span): Span {
  const start = node?.range?.[0];
  let end = node?.range?.[1];
  if (start === undefined || end === undefined) return place;
  end = Math.min(end, work.file.text.length);
  while (end > start && /\s/.test(work.file.text[end - 1] ?? '')) end--;
  return { file: work.file, start, end };
}
