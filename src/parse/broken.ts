import { type Diagnostic, nearest } from '../diagnostics/index.ts';
import type { MapNode, Node } from './node.ts';

/** Keys whose owner cannot be read without them. */
const vital: ReadonlySet<string> = new Set(['is', 'type', 'on']);

/** Keys of whole files under which names are declared. */
const sections = [
  ...['accounts', 'conditions', 'context', 'facts', 'features', 'ladders', 'members', 'outcomes', 'permissions'],
  ...['resources', 'roles', 'settings', 'user', 'values'],
];

/**
 * The names of entries that could not be read because of `diagnostics`: whoever uses one need not hear that nothing
 * declares it. `above`: the keys under which `root` stands. A list or map that is ill-shaped as a whole stands as `roles/*`: what it declares is not known.
 */
export function brokenNames(
  root: Node,
  above: readonly string[],
  diagnostics: readonly Diagnostic[],
): ReadonlySet<string> {
  const starts = diagnostics.flatMap((item) => (item.span ? [item.span.start] : [])).sort((a, b) => a - b);
  const broken = new Set<string>();
  const visit = (node: Node, above: readonly string[]): void => {
    if (node.kind === 'list') for (const item of node.items) visit(item, above);
    if (node.kind !== 'map') return;
    for (const { key, value, span } of node.entries) {
      if (!hasBetween(starts, span.start, span.end)) continue;
      const path = [...above, key.text];
      visit(value, path);
      const isInner =
        value.kind === 'map' && value.entries.some((entry) => hasBetween(starts, entry.span.start, entry.span.end));
      if (isInner) continue;
      addInnermost(path, broken);
      if (above.length === 0 && value.kind !== 'scalar')
        for (const name of unread(key.text, node)) broken.add(`${name}/*`);
    }
  };
  if (starts.length > 0) visit(root, above);
  return broken;
}

/** What an unknown key of the whole file was meant to be: the section that it is nearly, or a main one that is not there. */
function unread(key: string, { byKey }: MapNode): readonly string[] {
  const meant = nearest(key, sections);
  if (meant !== null) return [meant];
  return ['permissions', 'resources', 'roles'].filter((section) => !byKey.has(section));
}

function addInnermost(path: readonly string[], broken: Set<string>): void {
  const [last = '', owner, outer] = path.toReversed();
  broken.add(last);
  broken.add(`${last}/*`);
  if (owner !== undefined && vital.has(last)) broken.add(owner);
  if (owner === 'ladders') broken.add('ladders/*');
  if (owner === 'of' && outer !== undefined) broken.add(outer);
}

/** Whether one of the sorted numbers lies in `[start, end]`. */
function hasBetween(sorted: readonly number[], start: number, end: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && (sorted[low] ?? 0) <= end;
}
