import type { Name, Span } from '../source/index.ts';
import type { ScalarText } from './scalar.ts';

/** What YAML said, with places: the only form of a file that shape checks and decoders see. */
export type Node = ScalarNode | ListNode | MapNode | BrokenNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly span: Span;
  /** The text inside the quotes of a quoted scalar on one line, else the whole of it. */
  readonly inner: Span;
  /** The text as YAML reads it (of `true` the four letters), mapped to the file. */
  readonly text: ScalarText;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly span: Span;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly byKey: ReadonlyMap<string, MapEntry>;
  readonly span: Span;
}

/** `span` covers key and value. */
export interface MapEntry {
  readonly key: Name;
  readonly keyText: ScalarText;
  readonly value: Node;
  readonly span: Span;
}

/** Something that was reported already (an alias, a cut condition): whoever meets it says nothing. */
export interface BrokenNode {
  readonly kind: 'broken';
  readonly span: Span;
}

/** The node at a JSON pointer and the entry that holds it, as far as the pointer leads. */
export interface Located {
  readonly node: Node;
  readonly entry: MapEntry | null;
  /** The nearest key above, also through lists. */
  readonly key: Name | null;
  readonly isItem: boolean;
  readonly isBroken: boolean;
}

/** Follows a JSON pointer of ajv from `root`. */
export function locate(root: Node, pointer: string): Located {
  let node = root;
  let entry: MapEntry | null = null;
  let key: Name | null = null;
  for (const part of pointer === '' ? [] : pointer.slice(1).split('/')) {
    if (node.kind === 'map') {
      entry = node.byKey.get(part.replaceAll('~1', '/').replaceAll('~0', '~')) ?? null;
      if (!entry) break;
      key = entry.key;
      node = entry.value;
    } else if (node.kind === 'list') {
      const item = node.items[Number(part)];
      if (!item) break;
      entry = null;
      node = item;
    } else break;
  }
  return { node, entry, key, isItem: entry === null && key !== null, isBroken: node.kind === 'broken' };
}

/** The same nodes with other spellings for the words that start at these offsets. */
export function respell(node: Node, spellings: ReadonlyMap<number, string>): Node {
  if (spellings.size === 0) return node;
  switch (node.kind) {
    case 'scalar': {
      const value = spellings.get(node.inner.start);
      return value === undefined || typeof node.value !== 'string' ? node : { ...node, value };
    }
    case 'list':
      return { ...node, items: node.items.map((item) => respell(item, spellings)) };
    case 'map': {
      const entries = node.entries.map((entry) => {
        const text = spellings.get(entry.key.span.start) ?? entry.key.text;
        return { ...entry, key: { ...entry.key, text }, value: respell(entry.value, spellings) };
      });
      return { ...node, entries, byKey: new Map(entries.map((entry) => [entry.key.text, entry])) };
    }
    case 'broken':
      return node;
    default:
      return node satisfies never;
  }
}

/** The node as plain data for ajv; maps have no prototype, so `__proto__` is a key like any other. */
export function toPlain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'broken') return null;
  if (node.kind === 'list') return node.items.map(toPlain);
  const map: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.entries) map[key.text] = toPlain(value);
  return map;
}
