import type { Diagnostic } from '../diagnostics/index.ts';
import type { Name, SourceFile, Span } from '../source/index.ts';
import type { MapEntry, MapNode, Node } from './node.ts';
import type { DataSyntax, Entry, SwitchSyntax } from './syntax.ts';

/**
 * Where decoders leave what they find. A decoder gives null for a value whose shape is wrong, which `shape.ts` has
 * reported, and says nothing itself; a decoder of a map or list leaves such values out.
 */
export interface Sink {
  readonly file: SourceFile;
  /** Conditions and types after this offset are not read: the YAML before it is broken. */
  readonly end: number;
  readonly diagnostics: Diagnostic[];
  /** Filled in when everything is decoded; see `broken.ts`. */
  readonly broken: Set<string>;
}

/** `span` covers the key too, when there is one. */
export type Decode<T> = (node: Node, span: Span) => T | null;

export function field(map: MapNode, key: string): MapEntry | null {
  return map.byKey.get(key) ?? null;
}

/** The value of `key`, decoded; null also when there is none. */
export function read<T>(map: MapNode, key: string, decode: Decode<T>): T | null {
  const entry = field(map, key);
  return entry && decode(entry.value, entry.span);
}

/** The list under `key`; nothing for a missing or ill-shaped one. */
export function readList<T>(map: MapNode, key: string, decode: Decode<T>): readonly T[] {
  return read(map, key, (node) => listOf(node, decode)) ?? [];
}

/** The map under `key`, whose keys are names of the policy. */
export function readEntries<T>(map: MapNode, key: string, decode: Decode<T>): readonly Entry<T>[] {
  return read(map, key, (node) => entriesOf(node, decode)) ?? [];
}

export function listOf<T>(node: Node, decode: Decode<T>): readonly T[] | null {
  if (node.kind !== 'list') return null;
  const values: T[] = [];
  for (const item of node.items) {
    const value = decode(item, item.span);
    if (value !== null) values.push(value);
  }
  return values;
}

export function entriesOf<T>(node: Node, decode: Decode<T>): readonly Entry<T>[] | null {
  return node.kind === 'map' ? decodeEntries(node.entries, decode) : null;
}

export function decodeEntries<T>(entries: readonly MapEntry[], decode: Decode<T>): readonly Entry<T>[] {
  const found: Entry<T>[] = [];
  for (const { key, value, span } of entries) {
    const decoded = decode(value, span);
    if (decoded !== null) found.push({ key, value: decoded });
  }
  return found;
}

/** A map; the empty value of `name:` stands for an empty one. */
export function mapOrNothing(node: Node, span: Span): MapNode | null {
  if (node.kind === 'map') return node;
  if (node.kind !== 'scalar' || node.value !== null) return null;
  return { kind: 'map', entries: [], byKey: new Map(), span };
}

export function name(node: Node): Name | null {
  return node.kind === 'scalar' && typeof node.value === 'string' ? { text: node.value, span: node.inner } : null;
}

export function text(node: Node): string | null {
  return name(node)?.text ?? null;
}

export function bool(node: Node): boolean | null {
  return node.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : null;
}

export function names(node: Node): readonly Name[] | null {
  return listOf(node, name);
}

/** A list of names, or one name that stands for a list of itself. */
export function nameOrNames(node: Node): readonly Name[] | null {
  const one = name(node);
  return one ? [one] : names(node);
}

/** One of the words, or null. */
export function word<W extends string>(...words: readonly W[]): Decode<W> {
  return (node) => words.find((each) => text(node) === each) ?? null;
}

export const decodeSwitch: Decode<SwitchSyntax> = (node, span) => {
  const state = word('on', 'off')(node, span);
  return state && { on: state === 'on', span };
};

/** Any value; parts that were refused are left out, and a refused value gives null. */
export const decodeData: Decode<DataSyntax> = (node) => {
  switch (node.kind) {
    case 'broken':
      return null;
    case 'scalar':
      if (node.isCell) return { kind: 'cell', text: node.text.text, span: node.inner };
      return { kind: 'scalar', value: node.value, span: node.inner };
    case 'list':
      return { kind: 'list', items: listOf(node, decodeData) ?? [], span: node.span };
    case 'map':
      return { kind: 'map', entries: decodeEntries(node.entries, decodeData), span: node.span };
    default:
      return node satisfies never;
  }
};

/** The keys that every file may start with. */
export function decodeHeader(root: MapNode, { file, broken }: Sink) {
  return {
    file,
    broken,
    name: read(root, 'name', name),
    version: read(root, 'version', name),
    title: read(root, 'title', text),
  };
}
