import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { readPlainCondition, readPlainRequirement, readPlainType } from '../../src/parse/condition/plain/index.ts';
import { readWithGrammar } from '../../src/parse/condition/reader.ts';
import { parse } from '../../src/parse/index.ts';
import type { ScalarText } from '../../src/parse/scalar.ts';
import { root } from '../cli/run.ts';

const seed = Number(process.env.CHAPERONE_SEED ?? 20_260_501);
const kinds = ['condition', 'requirement', 'type'] as const;
type Kind = (typeof kinds)[number];

// What the parser asks the quick reader for, so that the texts of all files are known by their kind.
const asked = vi.hoisted(() => ({
  condition: new Set<string>(),
  requirement: new Set<string>(),
  type: new Set<string>(),
}));
vi.mock('../../src/parse/condition/plain/index.ts', async (original) => {
  const quick = await original<typeof import('../../src/parse/condition/plain/index.ts')>();
  const noting =
    <T>(kind: Kind, read: (source: ScalarText) => T) =>
    (source: ScalarText): T => {
      asked[kind].add(source.text);
      return read(source);
    };
  return {
    readPlainCondition: noting('condition', quick.readPlainCondition),
    readPlainRequirement: noting('requirement', quick.readPlainRequirement),
    readPlainType: noting('type', quick.readPlainType),
  };
});

/** Every text of each kind in the files of a folder. */
function textsIn(folder: string): Readonly<Record<Kind, readonly string[]>> {
  for (const kind of kinds) asked[kind].clear();
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names.filter((item) => item.endsWith('.yaml')))
    parse({ path: name, text: readFileSync(join(root, folder, name), 'utf8') });
  return { condition: [...asked.condition], requirement: [...asked.requirement], type: [...asked.type] };
}

const [policies, examples, cases] = [textsIn('policies'), textsIn('examples'), textsIn('test/cases')];

/** Whether the quick reader took the text; then it must have read what the grammar reads, with every place. */
function agree(kind: Kind, text: string): boolean {
  const file = { path: 'a.yaml', text };
  const source: ScalarText = { text, spanOf: (start, end) => ({ file, start, end }) };
  const readPlain = { condition: readPlainCondition, requirement: readPlainRequirement, type: readPlainType }[kind];
  const plain = readPlain(source);
  if (!plain) return false;
  const { value, diagnostics } = readWithGrammar(kind as 'condition', source);
  expect({ said: diagnostics.map(({ message }) => message), value }, `${kind} ${text}`).toEqual({
    said: [],
    value: plain,
  });
  return true;
}

it.each(kinds)('every %s here is read alike, and those shipped by the quick reader', (kind) => {
  const shipped = [...policies[kind], ...examples[kind]];
  expect(shipped.length).toBeGreaterThan(10);
  expect(shipped.filter((text) => !agree(kind, text))).toEqual([]);
  for (const text of cases[kind]) agree(kind, text);
});

const pieces = [
  ...['and', 'or', 'not', 'in', 'overlaps', 'within', 'is', 'set', 'is set', 'has', 'feature', 'all', 'true', 'false'],
  ...['==', '!=', '<', '<=', '>', '>=', '=', '===', '!==', '<>', '=<', '=>', '&&', '||', '|', '!', '~', '->', '-', '>'],
  ...[
    '(',
    ')',
    '[',
    ']',
    '[]',
    '()',
    '(a)',
    '[a]',
    '{',
    '}',
    ',',
    '.',
    '..',
    '+',
    '+ 24h',
    '+24h',
    ';',
    '/',
    '/a/',
    '$',
  ],
  ...['has(', 'has(a.b)', 'feature(a)', 'f(a, "b")', 'a.b', 'a[b.c]', 'set<', 'set<a>', 'set <a | b>', 'a->b', 'a | b'],
  ...['"x"', "'x'", '"', "'", '"a\\n"', '"\ud83d\ude00"', '"\ud83d"', '"é"', 'é', '`', '“x”', '\\', '#', ':', '\u200b'],
  ...[
    '0',
    '-0',
    '1',
    '-1',
    '1.5',
    '1e5',
    '1e+5',
    '12:30',
    '24h',
    '6mo',
    '0d',
    '99999y',
    '9007199254740993',
    '1x',
    '2026-01-01',
  ],
  ...['null', 'undefined', 'Null', 'NULL', 'True', 'ALL', 'Not', 'AND', 'contains', 'matches', 'a-', 'a--b', '_', 'A1'],
  ...[' ', '  ', '\n', '\t', '\r', '\u00a0', ''],
];

/** The text with some things put in, taken out or moved. */
function mutated(text: string, pick: (count: number) => number): string {
  let result = text;
  for (let step = pick(3); step >= 0; step--) {
    const at = pick(result.length + 1);
    const length = [0, 0, 0, 1, 2, 8][pick(6)] ?? 0;
    const from = pick(result.length + 1);
    const put = pick(4) === 0 ? result.slice(from, from + pick(20)) : (pieces[pick(pieces.length)] ?? '');
    const blank = ['', ' '][pick(2)] ?? '';
    result = result.slice(0, at) + blank + put + blank + result.slice(at + length);
  }
  return result;
}

it.each(kinds)('a %s that is changed by chance is read alike', (kind) => {
  const texts = [policies, examples, cases].flatMap((written) => written[kind].filter((text) => text.length < 200));
  const random = generator(seed);
  const runs = Number(process.env.CHAPERONE_RUNS ?? 5_000);
  let taken = 0;
  for (let run = 0; run < runs; run++) {
    // Made of nothing but pieces now and then: what is written is mostly right.
    const start = random(3) === 0 ? (pieces[random(pieces.length)] ?? '') : (texts[random(texts.length)] ?? '');
    if (agree(kind, mutated(start, random))) taken++;
  }
  expect(taken).toBeGreaterThan(runs / 20);
});

it('what is nested deep or very long is left to the grammar', () => {
  const deep = (count: number) => `${'('.repeat(count)}a${')'.repeat(count)}`;
  expect(agree('condition', deep(10))).toBe(true);
  for (const count of [31, 64, 65, 5_000]) expect(agree('condition', deep(count))).toBe(false);
  expect(agree('condition', `${'not '.repeat(65)}a`)).toBe(false);
  expect(agree('type', `${'a -> '.repeat(65)}b`)).toBe(false);
  expect(agree('condition', `a${' or a'.repeat(1_000)}`)).toBe(true);
  expect(agree('condition', `a${' or a'.repeat(10_000)}`)).toBe(false);
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
