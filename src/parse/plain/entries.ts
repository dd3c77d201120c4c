import type { EntryTable, Node, ScalarNode } from '../node.ts';
import { conditionKeys, findCut } from '../traps.ts';
import type { Cursor } from './cursor.ts';

/** Whether YAML cuts the condition that stands under this key. */
export function isCut({ file }: Cursor, key: ScalarNode, { kind, span }: Node, isInFlowMap: boolean): boolean {
  if (kind !== 'scalar' || !conditionKeys.has(key.text.text)) return false;
  const sign = file.text[span.start];
  const suspect = {
    key: key.text.text,
    keyStart: key.span.start,
    keyEnd: key.span.end,
    start: span.start,
    end: span.end,
    isBlockScalar: sign === '|' || sign === '>',
    isInFlowMap,
  };
  return findCut(file, suspect, []) !== null;
}

/** False where the key stands in the map already, or means something else to YAML. */
export function addEntry({ file }: Cursor, table: EntryTable, keyNode: ScalarNode, value: Node): boolean {
  const { text } = keyNode.text;
  if (table.has(text)) return false;
  const span = { file, start: keyNode.span.start, end: Math.max(keyNode.span.end, value.span.end) };
  table.add({ key: { text, span: keyNode.inner }, keyText: keyNode.text, value, span });
  return true;
}
