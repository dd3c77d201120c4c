import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readWithLibrary } from '../../src/parse/library.ts';
import type { Node } from '../../src/parse/node.ts';
import { readPlain } from '../../src/parse/plain/index.ts';
import type { ScalarText } from '../../src/parse/scalar.ts';
import { root } from '../cli/run.ts';

const seed = Number(process.env.CHAPERONE_SEED ?? 20_260_501);
const texts = ['policies', 'examples', 'test/cases'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') })),
);

/** Everything that later rooms can learn of a node. */
function seen(node: Node): unknown {
  const place = [node.kind, node.span.start, node.span.end];
  if (node.kind === 'broken') return place;
  if (node.kind === 'list') return [...place, node.items.map(seen)];
  if (node.kind === 'scalar') return [...place, node.value, node.inner.start, node.inner.end, seenText(node.text)];
  return [
    ...place,
    node.entries.map(({ key, keyText, value, span }) => {
      const found = node.byKey.get(key.text)?.span.start;
      return [found, key.text, key.span.start, key.span.end, seenText(keyText), span.start, span.end, seen(value)];
    }),
  ];
}

function seenText(scalar: ScalarText): unknown {
  const spans = Array.from({ length: scalar.text.length + 1 }, (_, at) => scalar.spanOf(at, at + 1));
  return [scalar.text, ...spans.map(({ start, end }) => `${start}-${end}`)];
}

/** Whether the quick reader took the text; then it must have read what the library reads. */
function agree(name: string, text: string): boolean {
  const file = { path: name, text };
  const plain = readPlain(file);
  if (!plain) return false;
  const { root: node, diagnostics, isWellFormed } = readWithLibrary(file);
  const said = diagnostics.map(({ code, message }) => `${code}: ${message}`);
  expect({ said, isWellFormed, node: node && seen(node) }, `${name}\n${text}`).toEqual({
    said: [],
    isWellFormed: true,
    node: seen(plain),
  });
  return true;
}

it('every YAML file here is read alike, and those shipped by the quick reader', () => {
  const taken = texts.filter(({ name, text }) => agree(name, text));
  const isShipped = ({ name }: { readonly name: string }) => !name.startsWith('test');
  const left = texts.filter((file) => isShipped(file) && !taken.includes(file));
  expect(left.map(({ name }) => name)).toEqual([]);
});

const pieces = [
  ...[
    '\n',
    '\n\n',
    ' ',
    '  ',
    '\n  ',
    '\n    ',
    ':',
    ': ',
    ',',
    ', ',
    '{',
    '}',
    '[',
    ']',
    '{ ',
    ' }',
    '- ',
    '-',
    '"',
    "'",
  ],
  ...[
    '#',
    ' # ',
    ' #',
    '\n# a\n',
    '&a ',
    '*a',
    '!',
    '!!str ',
    '>',
    '>-\n',
    '|\n',
    '|',
    '%',
    '@',
    '`',
    '? ',
    '---\n',
    '...',
  ],
  ...[
    '\t',
    '\\',
    '\\n',
    "''",
    'null',
    'true',
    'True',
    '~',
    '0',
    '0.5',
    '1e3',
    '0x1f',
    '007',
    '.inf',
    '2026-01-01',
    '<<',
  ],
  ...['\r\n', '\u00e9', '\u2026', '\u00a0', '\u200b', '\ud83d\ude00', ' when: ', 'a: b', 'a: { when: f(x, y) }', 'x'],
];

/** The text with some things put in, taken out or moved. */
function mutated(text: string, pick: (count: number) => number): string {
  let result = text;
  for (let step = pick(2); step >= 0; step--) {
    const at = pick(result.length + 1);
    const length = [0, 0, 1, 2, 8, 40][pick(6)] ?? 0;
    const from = pick(result.length + 1);
    const put = pick(4) === 0 ? result.slice(from, from + pick(40)) : (pieces[pick(pieces.length)] ?? '');
    result = result.slice(0, at) + put + result.slice(at + length);
  }
  return result;
}

it('what is changed by chance is read alike', () => {
  const small = texts.map(({ name, text }) => ({ name, text: text.split('\n').slice(0, 25).join('\n') }));
  const random = generator(seed);
  let taken = 0;
  for (let run = 0; run < Number(process.env.CHAPERONE_RUNS ?? 1_500); run++) {
    const { name, text } = small[random(small.length)] as (typeof small)[number];
    if (agree(name, mutated(text, random))) taken++;
  }
  expect(taken).toBeGreaterThan(200);
});

/** Numbers below a count, the same for the same start. */
function generator(start: number): (count: number) => number {
  let state = start >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * count);
  };
}
