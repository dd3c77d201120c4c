/**
 * The pages of the codes. Each has the same headings, and its samples are compiled: Avoid yields the code and no other
 * error, Prefer yields neither the code nor any error. A block is a file, named in its first line; where it leaves out
 * the keys that every file starts with they are put before it, and without a catalog of its own a sample stands on
 * `sampleCatalog`.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Code, catalogue, compile, type Diagnostic } from '../src/index.ts';
import { createHost } from '../src/node/index.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../src/diagnostics/pages');
const pages = readdirSync(folder).map((name) => basename(name, '.md'));

/** Codes whose Avoid cannot be shown as YAML on a page. */
const withoutSample: Readonly<Record<string, string>> = {
  'condition-too-large': 'a sample would be longer than the page',
  'empty-file': 'there is nothing to show',
  'hidden-character': 'nobody would see it',
  'not-utf-8': 'a page is UTF-8',
  'shadowed-catalog': 'it is about an installed package',
  'too-deep': 'a sample would be longer than the page',
  'unused-invariants': 'it is about a folder, not about the files that a practice reads',
  'too-large': 'a sample would be longer than the page',
};

const headers: Readonly<Record<string, readonly string[]>> = {
  'catalog.yaml': ['chaperone: 1', 'kind: catalog', 'name: sample', 'version: 1.0.0'],
  'practice.yaml': ['chaperone: 1', 'kind: practice', 'name: clinic', 'version: 1.0.0', 'catalog: ./catalog.yaml'],
};

const sampleCatalog = `
accounts:
  clinical: { ladders: [standard] }
  office: { ladders: [desk], permissions: [bookings.*] }
ladders:
  standard: [basic, limited]
  desk: [front, back]
features: [stripe]
values: { site: by-practice }
settings:
  sites: { type: set<site>, on: assignment, default: none }
  limit: { type: int, on: role, default: 0 }
resources:
  note: { facts: { author: string, state: "draft | locked" }, actions: { view: {}, edit: {} } }
  booking: { facts: { site: string }, actions: { make: {}, cancel: {} } }
permissions:
  notes.view: { level: basic, grants: [{ actions: [note.view] }] }
  notes.edit: { level: limited, requires: notes.view, grants: [{ actions: [note.edit], when: resource.author == user.id }] }
  bookings.make: { level: front, grants: [{ actions: [booking.make], when: resource.site in user.sites }] }
  bookings.cancel: { level: back, grants: [{ actions: [booking.cancel] }] }
`;

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'chaperone-pages-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

describe('pages', () => {
  it('are there for every code, and for nothing else', () => {
    expect([...pages].sort()).toEqual(Object.keys(catalogue).sort());
    expect(Object.keys(withoutSample).filter((code) => !(code in catalogue))).toEqual([]);
  });

  for (const code of pages) {
    const page = readFileSync(join(folder, `${code}.md`), 'utf8');
    it(code, () => {
      expect(page.match(/^#.*$/gm)?.filter((line) => !/\.(yaml|csv|json)$/.test(line))).toEqual([
        `# ${code}`,
        '## Avoid',
        '## Prefer',
        '## Why',
      ]);
      expect(partOf(page, `# ${code}`).trim()).toMatch(/^[A-Z`][^\n]*[^.](\n[^\n]+)?\.$/);
      const avoid = samplesOf(partOf(page, '## Avoid'));
      const prefer = samplesOf(partOf(page, '## Prefer'));
      expect(avoid.size === 0).toBe(code in withoutSample);
      if (avoid.size > 0) {
        const found = compileSample(avoid, `${code}-avoid`);
        expect(found.map((item) => item.code)).toContain(code);
        expect(errorsBut(code, found), 'Avoid shows one mistake only').toEqual([]);
      }
      if (prefer.size > 0) {
        const found = compileSample(prefer, `${code}-prefer`);
        expect(found.filter((item) => item.code === code).map((item) => item.message)).toEqual([]);
        expect(errorsBut(code, found)).toEqual([]);
      }
      expect(partOf(page, '## Why').trim().length).toBeGreaterThan(40);
    });
  }
});

function errorsBut(code: string, found: readonly Diagnostic[]): readonly string[] {
  return found
    .filter((item) => item.severity === 'error' && item.code !== (code as Code))
    .map((item) => `${item.code}: ${item.message}`);
}

/** The text under a heading, up to the next one. */
function partOf(page: string, heading: string): string {
  const start = page.indexOf(`${heading}\n`) + heading.length;
  const end = page.indexOf('\n## ', start);
  return page.slice(start, end === -1 ? undefined : end);
}

/** File name to text. */
function samplesOf(part: string): ReadonlyMap<string, string> {
  const blocks = [...part.matchAll(/```(?:yaml|csv|json)\n# (\S+)\n([\s\S]*?)```/g)];
  return new Map(blocks.map(([, name = '', body = '']) => [name, whole(name, body)]));
}

function whole(name: string, body: string): string {
  const header = (headers[name] ?? []).filter(
    (line) => !body.startsWith(keyOf(line)) && !body.includes(`\n${keyOf(line)}`),
  );
  return `${header.join('\n')}\n${body}`;
}

function keyOf(line: string): string {
  return line.slice(0, line.indexOf(':') + 1);
}

function compileSample(samples: ReadonlyMap<string, string>, name: string): readonly Diagnostic[] {
  const home = join(scratch, name);
  mkdirSync(home);
  const files = new Map([['catalog.yaml', whole('catalog.yaml', sampleCatalog)], ...samples]);
  for (const [file, text] of files) writeFileSync(join(home, file), text);
  const entry = samples.has('practice.yaml') ? 'practice.yaml' : 'catalog.yaml';
  return compile(entry, createHost({ folder: home })).diagnostics;
}
