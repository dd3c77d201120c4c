import { describe, expect, it } from 'vitest';
import { Grammar } from '../../src/parse/condition/grammar.ts';
import { createLexer } from '../../src/parse/condition/tokens.ts';
import { parseMembers } from '../../src/parse/index.ts';
import { positionOf } from '../../src/source/index.ts';

function read(path: string, text: string) {
  const { list, diagnostics } = parseMembers({ path, text });
  const lines = diagnostics.map(({ code, span, message }) => {
    const { line, column } = span ? positionOf(span.file, span.start) : { line: 0, column: 0 };
    return `${line}:${column} ${code} ${message}`;
  });
  return { list, lines };
}

describe('hostile lists', () => {
  const deep = '['.repeat(100_000);
  it('nested deep', () => {
    const message = '1:78 too-deep lists and maps are nested more than 64 deep here';
    expect(read('m.json', `{"a": {"role": ${deep}`).lines).toEqual([message]);
    expect(read('m.ndjson', `{"key": "a", "role": "b"}\n${deep}\n`).lines).toEqual([
      '2:65 too-deep lists and maps are nested more than 64 deep here',
    ]);
  });

  it('with a text that never ends', () => {
    expect(read('m.json', `{"a": "${'x'.repeat(100_001)}"}`).lines).toEqual([
      '1:7 too-large this text has 100,002 characters, over the limit of 100,000',
    ]);
  });

  it('with the names that objects inherit', () => {
    for (const [path, text] of [
      ['m.json', '{"__proto__": {"role": "a", "id": "p"}, "constructor": {"role": "b", "hasOwnProperty": 1}}'],
      [
        'm.ndjson',
        '{"key": "__proto__", "role": "a", "id": "p"}\n{"key": "constructor", "role": "b", "hasOwnProperty": 1}',
      ],
      ['m.csv', 'key,role,id,hasOwnProperty\n__proto__,a,p,\nconstructor,b,,1\n'],
    ] as const) {
      const { list, lines } = read(path, text);
      expect(lines).toEqual([]);
      expect(list?.members.map(({ key }) => key.text)).toEqual(['__proto__', 'constructor']);
      expect(list?.members[0]?.value.id?.text).toBe('p');
      expect(list?.members[1]?.value.assignments[0]?.settings.map(({ key }) => key.text)).toEqual(['hasOwnProperty']);
    }
    expect(read('m.json', '{"__proto__": {"role": "a"}, "__proto__": {"role": "b"}}').lines).toEqual([
      '1:31 duplicate-key the key `__proto__` stands twice in one map',
    ]);
    expect(read('m.json', '{"amira": {"__proto__": {"role": "a"}}}').lines).toEqual([
      '1:3 missing-key `amira` has no `role`',
    ]);
  });

  it('with numbers that nothing can keep', () => {
    expect(read('m.json', '{"a": {"role": "b", "pin": 9007199254740993, "n": 1e999}}').lines).toEqual([
      '1:28 wrong-shape `9007199254740993` is not a number that can be kept exactly',
      '1:51 wrong-shape `1e999` is not a number that can be kept exactly',
    ]);
  });

  it('with characters that nobody sees', () => {
    expect(read('m.csv', 'key,role\nami\u200bra,a\n').lines).toEqual([
      '2:4 hidden-character the file has the hidden character U+200B (zero width space)',
    ]);
    expect(read('m.csv', 'key,role\rx\namira,a\n').lines[0]).toBe(
      '1:9 hidden-character the file has the hidden character U+000D (a carriage return without a line feed)',
    );
  });

  it('with thousands of mistakes, in time that grows with them', () => {
    const rows = 'x,"\n'.repeat(50_000);
    expect(read('m.csv', `key,role\n${rows}`).lines.length).toBeLessThanOrEqual(1000);
    expect(read('m.ndjson', '{\n'.repeat(50_000)).lines.length).toBeLessThan(30);
    expect(read('m.json', `{${'"a": 1, '.repeat(20_000)}}`).list).toBeNull();
  });
});

describe('csv', () => {
  it('is read as RFC 4180 says, and without the blanks around cells', () => {
    const { list, lines } = read('m.csv', '\ufeff"key" , title,role\r\n a ," ""A""\r\n, b ",x\r\n\r\n,,\r\nb,,y');
    expect(lines).toEqual(['5:1 bad-name a name cannot be empty', '5:1 missing-key `` has no `role`']);
    const [a, , b] = list?.members ?? [];
    expect([a?.key.text, a?.value.title, b?.key.text, b?.value.title]).toEqual(['a', ' "A"\r\n, b ', 'b', null]);
  });

  it('tells where each part of a cell stands', () => {
    const text = 'key,role,tags\na,b, north ; south\nb,c,"x;""y"";z"\n';
    const { list } = read('m.csv', text);
    const [first, second] = list?.members.map(({ value }) => value.assignments[0]?.settings[0]?.value) ?? [];
    expect(first).toMatchObject({ kind: 'cell', text: 'north ; south' });
    expect(text.slice(first?.span.start, first?.span.end)).toBe('north ; south');
    expect(second).toMatchObject({ kind: 'cell', text: 'x;"y";z' });
  });
});

it('chevrotain finds nothing wrong with tokens and grammar', () => {
  expect(createLexer(true).lexerDefinitionErrors).toEqual([]);
  expect(() => new Grammar(true)).not.toThrow();
});
