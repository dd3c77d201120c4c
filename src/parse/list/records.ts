import { type Diagnostic, diagnose } from '../../diagnostics/index.ts';
import type { SourceFile } from '../../source/index.ts';
import { limits } from '../limits.ts';
import { EntryTable, type MapEntry, type MapNode, type Node } from '../node.ts';
import { duplicateKey } from '../refuse.ts';
import type { List } from './index.ts';
import { readJson } from './json.ts';

/** The members of a JSON file: as `members:` has them, or a list of them, each with its `key`. */
export function readJsonMembers(file: SourceFile): List {
  const diagnostics: Diagnostic[] = [];
  const root = readJson(file, startOf(file), file.text.length, diagnostics);
  const end = root ? Number.POSITIVE_INFINITY : (diagnostics.at(-1)?.span?.start ?? 0);
  if (root?.kind !== 'list') return { root, end, isPartial: diagnostics.length > 0, diagnostics };
  return { ...joinRecords(file, root.items, diagnostics), end };
}

/** The members of a file with one object of JSON on each line, each with its `key`. */
export function readNdjsonMembers(file: SourceFile): List {
  const diagnostics: Diagnostic[] = [];
  const records: Node[] = [];
  const { text } = file;
  for (let start = startOf(file); start < text.length; ) {
    const lineFeed = text.indexOf('\n', start);
    const end = lineFeed === -1 ? text.length : lineFeed;
    const isBlank =
      /^[ \t\r]*$/.test(text.slice(start, Math.min(end, start + 80))) && text.slice(start, end).trim() === '';
    const record = isBlank ? null : readJson(file, start, end, diagnostics);
    if (record) records.push(record);
    if (diagnostics.length >= limits.repeats) break;
    start = end + 1;
  }
  return { ...joinRecords(file, records, diagnostics), end: Number.POSITIVE_INFINITY };
}

/** A byte order mark may start the file. */
function startOf({ text }: SourceFile): number {
  return text.charCodeAt(0) === 0xfeff ? 1 : 0;
}

function joinRecords(file: SourceFile, records: readonly Node[], diagnostics: Diagnostic[]): Omit<List, 'end'> {
  const entries: MapEntry[] = [];
  const byKey = new Map<string, MapEntry>();
  for (const record of records) {
    const entry = entryOf(record, diagnostics);
    if (!entry) continue;
    const first = byKey.get(entry.key.text);
    if (first) diagnostics.push(duplicateRecord(entry, first));
    else {
      byKey.set(entry.key.text, entry);
      entries.push(entry);
    }
  }
  const root: MapNode = { kind: 'map', entries, byKey, span: { file, start: 0, end: file.text.length } };
  return { root, isPartial: diagnostics.length > 0, diagnostics };
}

/** A record under its key, without it. */
function entryOf(record: Node, diagnostics: Diagnostic[]): MapEntry | null {
  const start = { ...record.span, end: Math.min(record.span.end, record.span.start + 1) };
  const complain = (code: 'wrong-shape' | 'missing-key', message: string, help: string, span = start): null => {
    if (diagnostics.length < limits.findings) diagnostics.push(diagnose(code, span, message, { help }));
    return null;
  };
  if (record.kind === 'broken') return null;
  if (record.kind !== 'map')
    return complain('wrong-shape', 'a member must be an object', 'write `{"key": "amira", "role": "reception"}`');
  const key = record.byKey.get('key');
  if (!key) return complain('missing-key', 'this member has no `key`', 'add `"key"`, the name of the member');
  if (key.value.kind !== 'scalar' || typeof key.value.value !== 'string')
    return complain('wrong-shape', '`key` must be a text', 'put it in quotes', key.value.span);
  const entries = record.entries.filter((entry) => entry !== key);
  const value: MapNode = { ...record, entries, byKey: new EntryTable(entries) };
  return {
    key: { text: key.value.value, span: key.value.inner },
    keyText: key.value.text,
    value,
    span: record.span,
  };
}

function duplicateRecord(entry: MapEntry, first: MapEntry): Diagnostic {
  const { code, span, notes } = duplicateKey(entry, first);
  const message = `the key \`${entry.key.text}\` stands twice in one list`;
  return diagnose(code, span, message, { notes, help: 'write several roles of one member under `holds`' });
}
