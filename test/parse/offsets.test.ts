import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/parse/document.ts';
import type { Node, ScalarNode } from '../../src/parse/node.ts';

function scalarOf(text: string, key = 'key'): ScalarNode {
  const { root, diagnostics } = readDocument({ path: 'x.yaml', text });
  expect(diagnostics).toEqual([]);
  const value: Node | undefined = root?.kind === 'map' ? root.byKey.get(key)?.value : undefined;
  if (value?.kind !== 'scalar') throw new Error(`no scalar in ${JSON.stringify(text)}`);
  return value;
}

/** What the file has for each character of the value. */
function pieces(text: string): readonly [string, string][] {
  const scalar = scalarOf(text);
  return [...scalar.text.text].map((character, index) => {
    const span = scalar.text.spanOf(index, index + 1);
    return [character, text.slice(span.start, span.end)];
  });
}

const one = (character: string): [string, string] => [character, character];

describe('the map of a scalar', () => {
  it('is exact for plain text', () => {
    expect(pieces('key: ab c\n')).toEqual(['a', 'b', ' ', 'c'].map(one));
  });
  it('folds the lines of plain text', () => {
    expect(pieces('key: a\n  b\n\n  c # no\n')).toEqual([
      one('a'),
      [' ', '\n  '],
      one('b'),
      ['\n', '\n\n  '],
      one('c'),
    ]);
  });
  it('undoubles single quotes', () => {
    expect(pieces("key: 'a''b'\n")).toEqual([one('a'), ["'", "''"], one('b')]);
  });
  it('resolves escapes', () => {
    expect(pieces('key: "a\\n\\u00e9\\x41\\"\\\n   b"\n')).toEqual([
      one('a'),
      ['\n', '\\n'],
      ['é', '\\u00e9'],
      ['A', '\\x41'],
      ['"', '\\"'],
      one('b'),
    ]);
  });
  it('folds lines in double quotes', () => {
    expect(
      pieces('key: "a  \r\n\r\n\r\n  b\r\n c"\r\n')
        .map(([character]) => character)
        .join(''),
    ).toBe('a\n\nb c');
  });
  it('strips the indentation of literal text', () => {
    expect(pieces('key: |2-\n   a\n  b\n')).toEqual([one(' '), one('a'), one('\n'), one('b')]);
  });
  it('folds folded text, also with CRLF', () => {
    expect(pieces('key: >-\r\n  a\r\n  b\r\n\r\n  c\r\n')).toEqual([
      one('a'),
      [' ', '\r\n  '],
      one('b'),
      ['\n', '\r\n\r\n  '],
      one('c'),
    ]);
  });
  it('gives an empty range at the end', () => {
    const scalar = scalarOf('key: "ab"\n');
    expect(scalar.text.spanOf(2, 2)).toMatchObject({ start: 8, end: 8 });
    expect(scalar.text.spanOf(0, 2)).toMatchObject({ start: 6, end: 8 });
  });
});

const newline = fc.constantFrom('\n', '\r\n');
const word = fc.stringMatching(/^[a-z=é("']{1,4}$/);
const gap = fc.constantFrom(' ', '  ', '\t', '\n', '\n\n', '\n\n\n', ' \n', '\n\t', '\n  ', '\n\n   ', '\n \n');

/** A value of words and the white space between them. */
const value = fc.tuple(word, fc.array(fc.tuple(gap, word), { maxLength: 6 }));

type Parts = readonly [string, readonly (readonly [string, string])[]];

const styles: Record<string, (parts: Parts, header: string) => string> = {
  plain: ([first, rest]) => `x${first}${rest.map(([space, next]) => space.replaceAll('\n', '\n  ') + next).join('')}`,
  single: ([first, rest]) =>
    `'${[first, ...rest.flat()].map((part) => part.replaceAll("'", "''").replaceAll('\n', '\n  ')).join('')}'`,
  double: ([first, rest]) =>
    `"${[first, ...rest.flat()]
      .map((part) => part.replaceAll('"', '\\"').replaceAll('é', '\\u00e9').replaceAll('\n', '\\\n  \n   '))
      .join('')}"`,
  block: ([first, rest], header) =>
    `${header}\n  ${[first, ...rest.flat()].join('').replaceAll('\n', '\n  ')}${header.includes('+') ? '\n\n' : ''}`,
};

describe('the map of random scalars', () => {
  const headers = fc.constantFrom('>', '>-', '>+', '|', '|-', '|+', '>2-', '|2');
  for (const [style, write] of Object.entries(styles)) {
    it(`is exact for ${style}`, { timeout: 60_000 }, () => {
      fc.assert(
        fc.property(value, headers, newline, (parts, header, lineBreak) => {
          const text = `a: 1\nkey: ${write(parts, header)}\nb: 2\n`.replaceAll('\n', lineBreak);
          const scalar = scalarOf(text);
          let last = 0;
          expect(scalar.value).toBe(scalar.text.text);
          for (let index = 0; index < scalar.text.text.length; index++) {
            const span = scalar.text.spanOf(index, index + 1);
            const character = scalar.text.text[index] ?? '';
            const source = text.slice(span.start, span.end);
            expect(span.start).toBeGreaterThanOrEqual(last);
            last = /\s/.test(character) ? last : span.end;
            if (character === "'" && style === 'single') expect(source).toBe("''");
            else if (/[^\s"é]/.test(character) || style === 'plain') {
              if (/\s/.test(character)) expect(source.trim()).toBe('');
              else expect(source).toBe(character);
            } else if (character === '"' && style === 'double') expect(source).toBe('\\"');
            else if (character === 'é' && style === 'double') expect(source).toBe('\\u00e9');
            // The whole text is never what a single character comes from: the map did not give up.
            expect(source.length).toBeLessThan(40);
            if (scalar.text.text.length > 2 && index > 0) expect(span.start).toBeGreaterThan(scalar.span.start);
          }
        }),
        { numRuns: 1000 },
      );
    });
  }
});
