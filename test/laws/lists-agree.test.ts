/** The same members in YAML, JSON, lines of JSON and CSV are one policy, and what is wrong with them is the same. */
import { expect, test } from 'vitest';
import { compile, type Diagnostic } from '../../src/index.ts';
import { printList } from '../generate/lists.ts';
import { entryOf, mapTree, type Tree, tree, withEntry } from '../generate/tree.ts';
import { type Draft, makeDraft, printDraft } from '../generate.ts';
import { type Choose, fail, forAll, skipUnless } from './law.ts';

const formats = ['csv', 'json', 'ndjson'] as const;

test('the same members give the same table, whatever they are written in', { timeout: 120_000 }, () => {
  let compared = 0;
  forAll(80, (policies, requests) => {
    const draft = withoutEmptyTexts(makeDraft(policies));
    const { table, meaningDigest } = compileAs(draft, null, requests)!;
    skipUnless(table !== null);
    for (const format of formats) {
      const listed = compileAs(draft, format, requests);
      if (!listed) continue;
      // The columns of CSV have an order of their own, and with it the pools of the table.
      const isSame = format === 'csv' || Buffer.from(table).equals(listed.table ?? Buffer.of());
      if (!isSame || meaningDigest !== listed.meaningDigest) {
        fail(`${format} means something else`, [], null, { text: listed.text, found: listed.diagnostics.length });
      }
      compared++;
    }
  });
  expect(compared).toBeGreaterThan(150);
});

test('the same mistakes are found in the same words', { timeout: 120_000 }, () => {
  const codes = new Set<string>();
  forAll(80, (policies, requests) => {
    const draft = withMistake(withoutEmptyTexts(makeDraft(policies)), requests);
    const wanted = mistakesIn(compileAs(draft, null, requests)!.diagnostics);
    for (const format of formats) {
      const listed = compileAs(draft, format, requests);
      if (!listed) continue;
      const { diagnostics, text } = listed;
      const found = mistakesIn(diagnostics);
      if (JSON.stringify(found) !== JSON.stringify(wanted))
        fail(`${format} differs`, [], null, { wanted, found, text });
      for (const item of diagnostics) codes.add(item.code);
    }
  });
  expect([...codes]).toEqual(expect.arrayContaining(['unknown-role', 'bad-date', 'unknown-setting', 'wrong-shape']));
});

function compileAs(draft: Draft, format: (typeof formats)[number] | null, choose: Choose) {
  const members = entryOf(draft.practice, 'members') ?? tree({});
  const text = format === null ? '' : printList(members, format, choose);
  if (text === null) return null;
  const practice =
    format === null ? draft.practice : withEntry(draft.practice, 'members', tree(`./list/members.${format}`));
  const texts = printDraft({ ...draft, practice });
  const files = new Map([
    ['./catalog.yaml', texts.catalog],
    ['practice.yaml', texts.practice],
    [`list/members.${format}`, text],
  ]);
  const read = (path: string) => files.get(path) ?? files.get(`./${path}`) ?? null;
  return { ...compile('practice.yaml', { read }, { strip: true }), text };
}

/** CSV has no word for them: an empty cell says nothing. */
function withoutEmptyTexts(draft: Draft): Draft {
  const practice = mapTree(draft.practice, (part) => (part.kind === 'scalar' && part.value === '' ? tree('-') : part));
  return { ...draft, practice };
}

function withMistake(draft: Draft, choose: Choose): Draft {
  const mistakes: readonly (readonly [string, string])[] = [
    ['role', 'nobody'],
    ['until', '2027-02-30'],
    ['status', 'activ'],
    ['sitting', 'x'],
  ];
  const [key, value] = mistakes[choose(mistakes.length)]!;
  const members = entryOf(draft.practice, 'members');
  const first = members?.kind === 'map' ? members.entries[0] : undefined;
  if (!members || !first) return draft;
  const holds = key === 'status' ? undefined : entryOf(first[1], 'holds');
  const changed = holds?.kind === 'list' ? { ...holds, items: holds.items.map(put) } : null;
  function put(map: Tree): Tree {
    return withEntry(map, key, tree(value));
  }
  const member = changed ? withEntry(first[1], 'holds', changed) : put(first[1]);
  return { ...draft, practice: withEntry(draft.practice, 'members', withEntry(members, first[0], member)) };
}

/** Code, message and the very words, as often as they stand there; a column of CSV is pointed at once. */
function mistakesIn(diagnostics: readonly Diagnostic[]): readonly string[] {
  const words = diagnostics.map(({ code, message, span }) => {
    const text = span ? span.file.text.slice(span.start, span.end) : '';
    return `${code}: ${message} [${text.replace(/^(["'])(.*)\1$/, '$2')}]`;
  });
  return [...new Set(words)].sort();
}
