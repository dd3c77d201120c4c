import type { Name, Span } from '../source/index.ts';
import type { ScalarText } from './scalar.ts';

/** What YAML said, with places: the only form of a file that shape checks and decoders see. */
export type Node = ScalarNode | ListNode | MapNode | BrokenNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The text of a cell, which says nothing of its type. */
  readonly isCell?: true;
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
  readonly byKey: Keys;
  readonly span: Span;
}

/** The entries of a map by their keys. */
export type Keys = Pick<ReadonlyMap<string, MapEntry>, 'get' | 'has'>;

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

/** The same nodes with other spellings for the words where `spell` gives one. */
export function respell(map: MapNode, spell: (word: Span) => string | null): MapNode {
  const visit = (node: Node): Node => {
    if (node.kind === 'map') return respell(node, spell);
    if (node.kind === 'list') return { ...node, items: node.items.map(visit) };
    const value = node.kind === 'scalar' && typeof node.value === 'string' ? spell(node.inner) : null;
    return value === null || node.kind !== 'scalar' ? node : { ...node, value };
  };
  const entries = map.entries.map((entry) => {
    const text = spell(entry.key.span) ?? entry.key.text;
    return { ...entry, key: { ...entry.key, text }, value: visit(entry.value) };
  });
  return { ...map, entries, byKey: new Map(entries.map((entry) => [entry.key.text, entry])) };
}

/** The keys of a map; for the many small maps of a long list without a table of their own. */
export function keysOf(entries: readonly MapEntry[]): Keys {
  return entries.length > 8 ? new Map(entries.map((entry) => [entry.key.text, entry])) : new FewKeys(entries);
}

class FewKeys {
  private readonly entries: readonly MapEntry[];

  constructor(entries: readonly MapEntry[]) {
    this.entries = entries;
  }

  get(key: string): MapEntry | undefined {
    for (const entry of this.entries) if (entry.key.text === key) return entry;
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }
}

/** Whether a number is the one that stands in the file. */
export function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
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
