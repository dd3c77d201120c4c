import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';
import { writeModule } from '../../src/module/index.ts';
import { comment, quote } from '../../src/module/text.ts';
import { root } from '../cli/run.ts';
import { compileTexts } from '../compile-texts.ts';

const catalog = `chaperone: 1
kind: catalog
name: notes
version: 1.0.0
accounts: { staff: {} }
values: { tag: [north, south] }
settings:
  practitioner: { type: string, on: assignment }
  tags: { type: set<tag>, on: assignment }
resources:
  note:
    facts: { author: string, tags: set<tag>, pages: int, day: date }
    actions: { view: {}, edit: {}, sign: {}, purge: {} }
permissions:
  notes:
    grants:
      - actions: [note.view]
        when: resource.author == user.practitioner or resource.tags overlaps user.tags
      - actions: [note.edit]
        when: resource.author == user.practitioner and resource.pages < 10
      - actions: [note.sign]
        when: resource.author == user.practitioner and resource.day <= "2026-12-31"
prohibitions: []
`;
const practice = `chaperone: 1
kind: practice
name: tiny
version: 1.0.0
catalog: ./catalog.yaml
roles:
  clinician: { account: staff, with: [notes] }
members:
  amira: { holds: [{ role: clinician, practitioner: dr-amira, tags: [north] }] }
`;

function moduleOf(texts: { readonly catalog: string; readonly practice: string }): string {
  const { table, diagnostics } = compileTexts(texts);
  if (!table) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return writeModule(table, 'var chaperone = null;').text;
}

it('is code that a person can read', () => {
  const file = join(root, 'test/module/tiny.golden.txt');
  const text = moduleOf({ catalog, practice }).replace(/^(const bytes = .*"\[).*\]"/m, '$1...]"');
  if (process.env.CHAPERONE_WRITE) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

it('is plain ASCII in which no text of a policy is code, and which ends no script of a page', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that it is none is what is asked here
  const odd = "</script><!-- Zoë ` ${1} '; throw 0 // */";
  const condition = `resource.author == ${JSON.stringify(odd)}`;
  const text = moduleOf({
    catalog: catalog.replace(
      'when: resource.author == user.practitioner and resource.pages < 10',
      `when: >-\n          ${condition}`,
    ),
    practice,
  });
  expect(text).not.toMatch(/[^\n\x20-\x7e]/);
  expect(text).not.toMatch(/<\/script|<!--/i);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
  expect(text).toContain('"\\u003c/script>\\u003c!-- Zo\\u00eb ` ${1} \'; throw 0 // */"');
  expect(parseSync('odd.mjs', text).errors).toEqual([]);
});

it('writes signs that turn lines or the direction of writing as escapes', () => {
  expect(quote('a\u2028b\u202ec"\\\n')).toBe('"a\\u2028b\\u202ec\\"\\\\\\n"');
  expect(comment('a\nb\u2029"c" < d')).toBe('// a\\nb\\u2029"c" < d');
});

it('imports nothing', () => {
  const { module, errors } = parseSync('tiny.mjs', moduleOf({ catalog, practice }));
  expect(errors).toEqual([]);
  expect(module.staticImports).toEqual([]);
  expect(module.dynamicImports).toEqual([]);
  expect(module.staticExports.flatMap(({ entries }) => entries.map(({ exportName }) => exportName.name))).toEqual([
    'actions',
    'open',
    'table',
    'user',
    null,
  ]);
});
