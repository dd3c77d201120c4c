import { type Decode, decodeSwitch, name, names, read, readEntries, word } from './decode.ts';
import type { MapNode } from './node.ts';
import type { ExpectedSyntax } from './syntax.ts';

/** The clock and features of a file, test or matrix. */
export function decodeSetting(map: MapNode) {
  return { now: read(map, 'now', name), features: readEntries(map, 'features', decodeSwitch) };
}

/** `allow`, `deny`, or a map with the decision and what it comes with. */
export const decodeExpected: Decode<ExpectedSyntax> = (node, span) => {
  const decision = word('allow', 'deny');
  const plain = decision(node, span);
  if (plain) return { span, decision: plain, outcome: null, presentation: null, reason: null, missing: null };
  const stated = node.kind === 'map' ? read(node, 'decision', decision) : null;
  if (node.kind !== 'map' || !stated) return null;
  return {
    span,
    decision: stated,
    outcome: read(node, 'outcome', name),
    presentation: read(node, 'presentation', name),
    reason: read(node, 'reason', name),
    missing: read(node, 'missing', names),
  };
};
