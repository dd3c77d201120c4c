// In: the text of a file.
// Out: its nodes, the same as those that `yaml` gives, in a tenth of the time; null where `yaml` is to read it.
// Never: reads anything that YAML could mean otherwise, or says what is wrong with a file.
import type { SourceFile } from '../../source/index.ts';
import { limits } from '../limits.ts';
import type { MapNode } from '../node.ts';
import { readBlockMap } from './blocks.ts';
import { Cursor } from './cursor.ts';

/**
 * The plain part of YAML: block maps and lists, `{ }` and `[ ]`, words of one line, texts in quotes without escapes,
 * `>` and `|`, comments. Anything else (anchors, escapes, tabs, texts that go over lines, keys that stand twice, a cut
 * condition, a mistake) makes it null, so that one reader alone judges what is odd.
 * INVARIANT: equal to what `yaml` gives, which test/laws/plain-yaml-agrees.test.ts holds against it.
 */
export function readPlain(file: SourceFile): MapNode | null {
  if (strange.test(file.text) || marker.test(file.text)) return null;
  const cursor = new Cursor(file);
  if (!cursor.toNextLine() || cursor.column !== 0) return null;
  const root = readBlockMap(cursor, 0, 0);
  return root === null || cursor.at < file.text.length || cursor.nodes > limits.nodes / 2 ? null : root;
}

// Tabs, carriage returns, and whatever is not to be seen.
const strange = /[^\n\x20-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}]/u;
// Of documents.
const marker = /^(?:---|\.\.\.)/m;
