import { describe, expect, it } from 'vitest';
import { parse } from '../../src/parse/index.ts';
import { catalogHeader as head, helpFor, linesFor } from './lines.ts';

describe('refused YAML', () => {
  const cases: Record<string, readonly [string, readonly string[]]> = {
    'an anchor and each alias': [
      `${head}grants: &g\n  - actions: [x]\nprohibitions: *g\nscopes: *g\n`,
      [
        '5:9 refused-yaml [&g] `&g` is an anchor, which is not allowed',
        '7:15 refused-yaml [*g] `*g` is an alias, which is not allowed',
        '8:9 refused-yaml [*g] `*g` is an alias, which is not allowed',
      ],
    ],
    'a tag of ones own': [`${head}features: [!x a]\n`, ['5:12 refused-yaml [!x] `!x` is a tag, which is not allowed']],
    'a tag of YAML': [`${head}title: !!str a\n`, ['5:8 refused-yaml [!!str] `!!str` is a tag, which is not allowed']],
    'a merge key': [
      `${head}user:\n  <<: { a: string }\n`,
      ['6:3 refused-yaml [<<] `<<` is a merge key, which is not allowed'],
    ],
    'a directive': [
      `%YAML 1.1\n---\n${head}`,
      ['1:1 refused-yaml [%YAML 1.1] `%YAML 1.1` is a directive, which is not allowed'],
    ],
    'a second document': [
      `${head}---\na: 1\n`,
      ['5:1 refused-yaml [---] a second document starts here, and a file holds one'],
    ],
    'a complex key': [
      `${head}user:\n  ? a\n  : string\n`,
      ['6:3 refused-yaml [?] `?` starts a complex key, which is not allowed'],
    ],
    'a list as a key': [`${head}user:\n  [a]: b\n`, ['6:3 refused-yaml [[a]] a key must be a text, not a list or map']],
    'an alias meant as every action': [
      `${head}grants:\n  - actions: [*]\n`,
      ['6:15 refused-yaml [*] `*` is an alias to YAML, which is not allowed'],
    ],
  };
  for (const [name, [text, lines]] of Object.entries(cases)) it(name, () => expect(linesFor(text)).toEqual(lines));

  it('a lone `*` is told to go in quotes', () => {
    expect(helpFor(`${head}grants:\n  - actions: [*]\n`)).toEqual(['to mean every action, put it in quotes: "*"']);
  });
  it('one document between `---` and `...` is fine', () => {
    expect(linesFor(`---\n${head}...\n`)).toEqual([]);
  });
});

describe('duplicate keys', () => {
  it('point at the first', () => {
    const { diagnostics } = parse({ path: 'x.yaml', text: `${head}features: [a]\nfeatures: [b]\n` });
    expect(diagnostics).toMatchObject([
      { code: 'duplicate-key', span: { start: 64 }, notes: [{ message: 'it stands here first', span: { start: 50 } }] },
    ]);
  });
  it('`1` and `"1"` are the same', () => {
    const lines = linesFor(`${head}context: { _1: string }\nresources:\n  a: { facts: { "b": c, b: c } }\n`);
    expect(lines).toEqual(['7:25 duplicate-key [b] the key `b` stands twice in one map']);
    expect(linesFor(`${head}"1": a\n1: b\n`)[1]).toBe('6:1 duplicate-key [1] the key `1` stands twice in one map');
  });
});

describe('hidden characters', () => {
  it('are named, each at its place', () => {
    expect(linesFor(`${head}title: a\u202eb\nladders: { a\u200bb: [x] }\n`)).toEqual([
      '5:9 hidden-character [\u202e] the file has the hidden character U+202E (right-to-left override)',
      '6:13 hidden-character [\u200b] the file has the hidden character U+200B (zero width space)',
    ]);
  });
  it('are reported twenty times at most', () => {
    const found = linesFor(`${head}title: "${'\0'.repeat(50)}"\n`);
    expect(found).toHaveLength(20);
    expect(found[0]).toMatch(/^5:9 hidden-character .* U\+0000 \(NUL\)$/);
  });
  it('a byte order mark may start the file, and moves nothing', () => {
    expect(linesFor(`\ufeff${head}`)).toEqual([]);
    expect(linesFor(`\ufeff${head}titel: x\n`)).toEqual(['5:1 unknown-key [titel] `titel` is not a key here']);
    expect(linesFor(`${head}title: \ufeffx\n`)[0]).toMatch(/^5:8 hidden-character .* \(byte order mark\)$/);
  });
  it('a carriage return alone is one', () => {
    expect(linesFor(`${head}# a\rtitle: b\n`)[0]).toMatch(/U\+000D/);
  });
});

describe('bad YAML', () => {
  const cases: Record<string, readonly [string, string]> = {
    'a tab': ['user:\n\ta: string\n', '6:1 bad-yaml [\t] a tab is used for indentation'],
    'an open bracket': ['features: [a\nuser: {}\n', '5:11 bad-yaml [[] a bracket is never closed: `]` is missing'],
    'an open brace': ['user: { a: b\n', '5:7 bad-yaml [{] a bracket is never closed: `}` is missing'],
    'an open quote': ['title: "b\nuser: {}\n', '5:8 bad-yaml ["] a quote is never closed'],
    'an open single quote': ["title: 'b\nuser: {}\n", "5:8 bad-yaml ['] a quote is never closed"],
    'a bracket too many': ['features: [a]]\n', '5:14 bad-yaml []] `]` closes a bracket that was not opened'],
    'a key without a colon': ['title\nuser: {}\n', '5:1 bad-yaml [t] a key goes over several lines'],
    'a colon too many': ['title: a: b\n', '5:8 bad-yaml [a] a second `: ` stands on a line that is one entry'],
    'a reserved character': ['title: @b\n', '5:8 bad-yaml [@] a text cannot start with `@`'],
    'a wrong escape': ['title: "\\q"\n', '5:9 bad-yaml [\\] an escape after `\\` is not one that YAML knows'],
    'a list on the line of its key': ['features: - a\n', '5:11 bad-yaml [-] a list starts on the line of its key'],
    'an empty item': ['features: [a, , b]\n', '5:15 bad-yaml [,] there is no value before this comma'],
    'wrong indentation': [
      'user:\n   a: b\n  c: d\n',
      '7:1 bad-yaml [ ] the indentation does not match the lines around it',
    ],
  };
  for (const [name, [text, line]] of Object.entries(cases)) {
    it(name, () => {
      const { syntax, diagnostics } = parse({ path: 'x.yaml', text: head + text });
      expect(linesFor(head + text)).toEqual([line]);
      expect(diagnostics[0]?.help).toBeTruthy();
      expect(syntax).toBeNull();
    });
  }
  it('does not hide what is wrong before it', () => {
    expect(linesFor(`${head}titel: x\nuser: {}\n\nfeatures: [\n`)).toEqual([
      '5:1 unknown-key [titel] `titel` is not a key here',
      '8:11 bad-yaml [[] a bracket is never closed: `]` is missing',
    ]);
  });
});

describe('line breaks', () => {
  it('CRLF gives the same places as LF', () => {
    const text = `${head}titel: x\ngrants:\n  - actions: [a]\n    when: >-\n      has(x)\n      and (y\n`;
    expect(linesFor(text.replaceAll('\n', '\r\n'))).toEqual(linesFor(text));
    expect(linesFor(text)).toHaveLength(2);
  });
});
