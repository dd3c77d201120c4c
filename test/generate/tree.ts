/** A YAML file as a tree, and its text. */
import type { Choose } from './choices.ts';
import { type Expression, printExpression } from './expression.ts';

export type Tree =
  /** `isOrdered`: the order of the keys says something. */
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Tree])[]; readonly isOrdered: boolean }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly isOrdered: boolean }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean }
  | { readonly kind: 'condition'; readonly expression: Expression };

type Plain = string | number | boolean | Tree | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** From plain data; `undefined` entries are left out. Maps and lists are without order. */
export function tree(plain: Plain): Tree {
  if (typeof plain !== 'object') return { kind: 'scalar', value: plain };
  if (Array.isArray(plain)) return { kind: 'list', items: plain.map(tree), isOrdered: false };
  if (isTree(plain)) return plain;
  const entries = Object.entries(plain).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, tree(value as Plain)] as const],
  );
  return { kind: 'map', entries, isOrdered: false };
}

export function ordered(plain: Plain): Tree {
  const made = tree(plain);
  return made.kind === 'map' || made.kind === 'list' ? { ...made, isOrdered: true } : made;
}

export function condition(expression: Expression): Tree {
  return { kind: 'condition', expression };
}

export function entryOf(map: Tree | undefined, key: string): Tree | undefined {
  return map?.kind === 'map' ? map.entries.find(([name]) => name === key)?.[1] : undefined;
}

/** The tree with one entry put, or removed with `undefined`. */
export function withEntry(map: Tree, key: string, value: Tree | undefined): Tree {
  if (map.kind !== 'map') return map;
  const isThere = map.entries.some(([name]) => name === key);
  const entries = map.entries.flatMap((entry) => {
    if (entry[0] !== key) return [entry];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...map, entries: isThere || value === undefined ? entries : [...entries, [key, value] as const] };
}

/** Bottom up: every part is changed, then the whole. */
export function mapTree(from: Tree, change: (part: Tree) => Tree): Tree {
  if (from.kind === 'map') {
    return change({ ...from, entries: from.entries.map(([key, value]) => [key, mapTree(value, change)] as const) });
  }
  if (from.kind === 'list') return change({ ...from, items: from.items.map((item) => mapTree(item, change)) });
  return change(from);
}

/** Block style all through where `style` always chooses 0. */
export function printTree(from: Tree, style: Choose = () => 0): string {
  const comment = style(4) === 3 ? '# written another way\n' : '';
  return `${comment}${block(from, 0, style)}\n`;
}

function block(from: Tree, depth: number, style: Choose): string {
  const margin = '  '.repeat(depth);
  if (from.kind === 'map' && from.entries.length > 0) {
    return from.entries
      .map(([key, value]) => `${margin}${text(key, style)}:${after(value, depth + 1, style)}`)
      .join('\n');
  }
  if (from.kind === 'list' && from.items.length > 0) {
    return from.items.map((item) => `${margin}- ${block(item, depth + 1, style).trimStart()}`).join('\n');
  }
  return margin + flow(from, style);
}

/** What follows `key:`. */
function after(value: Tree, depth: number, style: Choose): string {
  const isInline =
    value.kind === 'scalar' ||
    (value.kind === 'map' && (value.entries.length === 0 || style(4) === 3)) ||
    (value.kind === 'list' && (value.items.length === 0 || isPlainList(value.items) || style(4) === 3)) ||
    (value.kind === 'condition' && style(5) === 4);
  if (isInline) return ` ${flow(value, style)}`;
  if (value.kind !== 'condition') return `\n${block(value, depth, style)}`;
  const margin = '  '.repeat(depth);
  const lines = printExpression(value.expression, style).replaceAll(/ (and|or) /g, `\n${margin}$1 `);
  return ` ${style(3) === 2 ? '|' : '>-'}\n${margin}${lines}`;
}

function flow(from: Tree, style: Choose): string {
  switch (from.kind) {
    case 'map':
      return `{ ${from.entries.map(([key, value]) => `${text(key, style)}: ${flow(value, style)}`).join(', ')} }`;
    case 'list':
      return `[${from.items.map((item) => flow(item, style)).join(', ')}]`;
    case 'condition': {
      const printed = printExpression(from.expression, style);
      return style(2) === 1 ? `'${printed.replaceAll("'", "''")}'` : JSON.stringify(printed);
    }
    case 'scalar':
      return typeof from.value === 'string' ? text(from.value, style) : String(from.value);
  }
}

function text(value: string, style: Choose): string {
  const isSafe = /^[a-z][a-z0-9.-]*$/.test(value) && !['true', 'false', 'null', 'yes', 'no'].includes(value);
  const how = style(6);
  if (how === 5) return `'${value.replaceAll("'", "''")}'`;
  return isSafe && how !== 4 ? value : JSON.stringify(value);
}

function isPlainList(items: readonly Tree[]): boolean {
  return items.every((item) => item.kind === 'scalar');
}

function isTree(value: object): value is Tree {
  return (
    'kind' in value && ['map', 'list', 'scalar', 'condition'].includes(String(value.kind)) && !('chaperone' in value)
  );
}
