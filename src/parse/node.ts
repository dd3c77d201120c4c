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

/** The entries of a map, which may grow, by their keys: few are looked through, as nearly all maps are small. */
export class EntryTable implements Keys {
  readonly entries: MapEntry[];
  private table: Map<string, MapEntry> | null = null;

  constructor(entries: MapEntry[] = []) {
    this.entries = entries;
  }

  /** The key does not stand here yet. */
  add(entry: MapEntry): void {
    this.entries.push(entry);
    this.table?.set(entry.key.text, entry);
  }

  get(key: string): MapEntry | undefined {
    if (this.entries.length > 8) {
      this.table ??= new Map(this.entries.map((entry) => [entry.key.text, entry]));
      return this.table.get(key);
    }
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

/** The node as plain data for ajv; maps inherit nothing, so `__proto__` is a key like any other. */
export function toPlain(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'broken':
      return null;
    case 'list':
      return node.items.map(toPlain);
    case 'map': {
      const map = new PlainMap();
      for (const { key, value } of node.entries) map[key.text] = toPlain(value);
      return map;
    }
    default:
      return node satisfies never;
  }
}

interface PlainMap {
  [key: string]: unknown;
}

// Made by a constructor, V8 keeps small ones in a quick form, which those of `Object.create(null)` never have.
const PlainMap = function PlainMap() {} as unknown as new () => PlainMap;
PlainMap.prototype = Object.create(null);
