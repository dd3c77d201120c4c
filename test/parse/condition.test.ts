import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/index.ts';
import { type Parsed, parseCondition, parseRequirement, parseType } from '../../src/parse/condition/index.ts';
import type { ScalarText } from '../../src/parse/scalar.ts';

/** The text stands at offset 100 of its file, to see that every span goes through `spanOf`. */
const shift = 100;

function source(text: string): ScalarText {
  const file = { path: 'x.yaml', text: ' '.repeat(shift) + text };
  return { text, spanOf: (start, end) => ({ file, start: start + shift, end: end + shift }) };
}

const inCondition = (text: string) => parseCondition(source(text));
const inType = (text: string) => parseType(source(text));
const inRequirement = (text: string) => parseRequirement(source(text));

/** `start-end` in place of every span. */
function withOffsets(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item) => (key === 'span' ? `${item.start - shift}-${item.end - shift}` : item)),
  );
}

/** Names as text, and no spans. */
function structure(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structure);
  if (typeof value !== 'object' || value === null) return value;
  if ('text' in value) return value.text;
  const entries = Object.entries(value).filter(([key]) => key !== 'span');
  return Object.fromEntries(entries.map(([key, item]) => [key, structure(item)]));
}

/** `start-end message | help`, where the span marks text of the source. */
function lines(parsed: Parsed<unknown>): string[] {
  expect(parsed.value === null).toBe(parsed.diagnostics.length > 0);
  return parsed.diagnostics.map(line);
}

function line({ span, message, help }: Diagnostic): string {
  if (!span) throw new Error('no span');
  return `${span.start - shift}-${span.end - shift} ${message}${help === null ? '' : ` | ${help}`}`;
}

const path = (text: string) => {
  const [root, ...steps] = text.split('.');
  return { kind: 'path', root, steps: steps.map((name) => ({ kind: 'name', name })) };
};
const truth = (text: string) => ({ kind: 'truth', operand: path(text) });
const a = truth('a');
const b = truth('b');
const c = truth('c');

function expectStructure(text: string, expected: unknown): void {
  const parsed = inCondition(text);
  expect(lines(parsed)).toEqual([]);
  expect(structure(parsed.value)).toEqual(expected);
}

describe('what a condition means', () => {
  test('`or` binds weaker than `and`, `and` weaker than `not`', () => {
    expectStructure('a or b and not c', {
      kind: 'or',
      terms: [a, { kind: 'and', terms: [b, { kind: 'not', term: c }] }],
    });
    expectStructure('(a or b) and c', { kind: 'and', terms: [{ kind: 'or', terms: [a, b] }, c] });
    expectStructure('a and b and c', { kind: 'and', terms: [a, b, c] });
    expectStructure('a or b or c', { kind: 'or', terms: [a, b, c] });
    expectStructure('not not a', { kind: 'not', term: { kind: 'not', term: a } });
    expectStructure('((a))', a);
  });

  test('`not` takes the whole comparison', () => {
    const comparison = { kind: 'comparison', operator: '==', left: path('a'), right: path('b') };
    expectStructure('not a == b', { kind: 'not', term: comparison });
  });

  test.each(['==', '!=', '<', '<=', '>', '>=', 'in', 'overlaps', 'within'])('%s compares', (operator) => {
    expectStructure(`a ${operator} b.c`, { kind: 'comparison', operator, left: path('a'), right: path('b.c') });
  });

  test('symbols need no blanks', () => {
    expectStructure('a==b', { kind: 'comparison', operator: '==', left: path('a'), right: path('b') });
    expectStructure('a<-5', {
      kind: 'comparison',
      operator: '<',
      left: path('a'),
      right: { kind: 'number', value: -5 },
    });
  });

  test('checks and calls', () => {
    expectStructure('a.b is set', { kind: 'is-set', operand: path('a.b') });
    expectStructure('has(notes.all-authors)', { kind: 'has', permission: 'notes.all-authors' });
    expectStructure('feature(claim-md)', { kind: 'feature', feature: 'claim-md' });
    expectStructure('f()', { kind: 'call', name: 'f', arguments: [] });
    expectStructure('default-client(resource.client, "x")', {
      kind: 'call',
      name: 'default-client',
      arguments: [path('resource.client'), { kind: 'string', value: 'x' }],
    });
    expectStructure('true', { kind: 'truth', operand: { kind: 'bool', value: true } });
  });

  test('keywords are names behind a dot, in `has`, and as part of a longer word', () => {
    expectStructure('resource.set', truth('resource.set'));
    expectStructure('client.in.or', truth('client.in.or'));
    expectStructure('has(notes.all) and has(all.in) and feature(set)', {
      kind: 'and',
      terms: [
        { kind: 'has', permission: 'notes.all' },
        { kind: 'has', permission: 'all.in' },
        { kind: 'feature', feature: 'set' },
      ],
    });
    for (const name of ['in-house', 'notable', 'set_up', 'order', 'and-1', 'is2', 'trueish', 'has-been']) {
      expectStructure(name, truth(name));
    }
  });

  test('operands', () => {
    const right = (text: string) => {
      const parsed = inCondition(`x == ${text}`);
      expect(lines(parsed)).toEqual([]);
      const node = parsed.value;
      return node?.kind === 'comparison' ? structure(node.right) : null;
    };
    expect(right(`"it's \\"\\\\\\n\\t\\u0041\\ud83d\\ude00"`)).toEqual({ kind: 'string', value: 'it\'s "\\\n\tA😀' });
    expect(right(`'say "it\\'s"'`)).toEqual({ kind: 'string', value: `say "it's"` });
    expect(right('""')).toEqual({ kind: 'string', value: '' });
    expect(right('9007199254740991')).toEqual({ kind: 'number', value: 9007199254740991 });
    expect(right('-12')).toEqual({ kind: 'number', value: -12 });
    expect(Object.is((right('-0') as { value: number }).value, 0)).toBe(true);
    expect(right('all')).toEqual({ kind: 'all' });
    expect(right('false')).toEqual({ kind: 'bool', value: false });
    expect(right('[]')).toEqual({ kind: 'list', items: [] });
    expect(right('["a", 1, true]')).toEqual({
      kind: 'list',
      items: [
        { kind: 'string', value: 'a' },
        { kind: 'number', value: 1 },
        { kind: 'bool', value: true },
      ],
    });
    expect(right('user.access[action.section][s]')).toEqual({
      kind: 'path',
      root: 'user',
      steps: [
        { kind: 'name', name: 'access' },
        { kind: 'index', operand: path('action.section') },
        { kind: 'index', operand: path('s') },
      ],
    });
  });

  test.each([
    ['10s', 0, 10_000],
    ['30min', 0, 1_800_000],
    ['24h', 0, 86_400_000],
    ['7d', 0, 604_800_000],
    ['2w', 0, 1_209_600_000],
    ['6mo', 6, 0],
    ['18y', 216, 0],
    ['999y', 11_988, 0],
  ])('%s is a duration', (text, months, milliseconds) => {
    const sum = { kind: 'sum', operand: path('a.b'), duration: { months, milliseconds } };
    expectStructure(`a.b + ${text} < c`, { kind: 'comparison', operator: '<', left: sum, right: path('c') });
    expectStructure(`c < a.b+${text}`, { kind: 'comparison', operator: '<', left: path('c'), right: sum });
  });
});

test('every span is exact', () => {
  const path = (root: string, at: string) => ({ kind: 'path', root: { text: root, span: at }, steps: [], span: at });
  expect(withOffsets(inCondition('(a or b) and not (c)').value)).toEqual({
    kind: 'and',
    terms: [
      {
        kind: 'or',
        terms: [
          { kind: 'truth', operand: path('a', '1-2'), span: '1-2' },
          { kind: 'truth', operand: path('b', '6-7'), span: '6-7' },
        ],
        span: '1-7',
      },
      { kind: 'not', term: { kind: 'truth', operand: path('c', '18-19'), span: '18-19' }, span: '13-20' },
    ],
    span: '0-20',
  });
  expect(withOffsets(inCondition(' u.x[k] + 24h <= "é" ').value)).toEqual({
    kind: 'comparison',
    operator: '<=',
    left: {
      kind: 'sum',
      operand: {
        kind: 'path',
        root: { text: 'u', span: '1-2' },
        steps: [
          { kind: 'name', name: { text: 'x', span: '3-4' } },
          { kind: 'index', operand: path('k', '5-6') },
        ],
        span: '1-7',
      },
      duration: { months: 0, milliseconds: 86_400_000, span: '10-13' },
      span: '1-13',
    },
    right: { kind: 'string', value: 'é', span: '17-20' },
    span: '1-20',
  });
  expect(withOffsets(inCondition('has(a.b) or f(x, [1])').value)).toEqual({
    kind: 'or',
    terms: [
      { kind: 'has', permission: { text: 'a.b', span: '4-7' }, span: '0-8' },
      {
        kind: 'call',
        name: { text: 'f', span: '12-13' },
        arguments: [
          path('x', '14-15'),
          { kind: 'list', items: [{ kind: 'number', value: 1, span: '18-19' }], span: '17-20' },
        ],
        span: '12-21',
      },
    ],
    span: '0-21',
  });
  expect(withOffsets(inCondition('x is  set').value)).toMatchObject({ kind: 'is-set', span: '0-9' });
});

describe('one mistake', () => {
  const wholeValues = 'conditions compare whole values: list them, as in `in ["a", "b"]`';
  const isSet = 'to ask whether a fact is there, write `is set` behind it';
  const calculation = 'only a duration can be added to a date, as in `resource.signed + 24h`';
  test.each([
    ['', '0-0 the condition is empty'],
    [' \n ', '0-3 the condition is empty'],
    // the end of the text
    ['a and', '4-5 expected a condition after `and`'],
    ['a and \n', '4-5 expected a condition after `and`'],
    ['not', '2-3 expected a condition after `not`'],
    ['a ==', '3-4 expected a value after `==`'],
    ['resource.a == b or resource.', '27-28 expected a name after `.`'],
    ['a is', '3-4 expected `set` after `is`'],
    ['has', '2-3 expected `(` after `has`'],
    ['"x"', '2-3 expected a comparison after `"x"`'],
    ['x.y + ', '4-5 expected a duration after `+`'],
    // in the middle
    ['and a', '0-3 expected a condition before `and`'],
    ['()', '1-2 expected a condition after `(`'],
    ['resource.author "x"', '16-19 expected a comparison after `resource.author`'],
    ['resource.author witin b', '16-21 expected a comparison after `resource.author` | did you mean `within`?'],
    ['a == b c == d', '7-8 expected `and` or `or` after `b`'],
    ['a, b', '1-2 expected `and` or `or` after `a` | join them with `and` or `or`'],
    ['has(x) not y', '7-10 expected `and` or `or` after `)`'],
    ['a == (b)', '5-6 expected a value after `==` | parentheses go around conditions, not around values'],
    ['a == x(b)', '6-7 expected `and` or `or` after `x` | only a named condition is called, and never compared'],
    ['a is true', '5-9 expected `set` after `is` | write `==` to compare'],
    ['has("x")', '4-7 expected a name after `has(` | write the name without quotes'],
    ['has()', '4-5 expected a name after `has(`'],
    ['has(a, b)', '5-6 expected `)` after `a`'],
    ['f(a == b)', '4-6 expected `,` or `)` after `a`'],
    ['a. and b', '3-6 expected a name after `.`'],
    ['a["x"] == 3', '2-5 expected a path after `[` | an index is a path, such as `action.section`'],
    ['x in ["a",]', '10-11 expected a value after `,`'],
    ['a\n\n  b', '5-6 expected a comparison after `a`'],
    // chains
    ['a < b < c', '6-7 comparisons do not chain | write `a < b and b < ...`'],
    ['a < b < c < d', '6-7 comparisons do not chain | write `a < b and b < ...`'],
    ['has(x) == true', '7-9 a condition cannot be compared | it is true or false by itself'],
    ['x is set == b', '9-11 a condition cannot be compared | join two comparisons with `and`'],
    // brackets
    ['(a == b and c', '0-1 `(` is never closed'],
    ['(', '0-1 `(` is never closed'],
    ['has(a and b == c', '3-4 `(` is never closed'],
    ['f(a,', '1-2 `(` is never closed'],
    ['a[b and c', '1-2 `[` is never closed'],
    ['a) and b', '1-2 `)` closes nothing'],
    ['(a]', '2-3 `(` is closed by `]` | write `)`'],
    // words of other languages
    ['a && b', '2-4 `&&` is not an operator | write `and`'],
    ['a || b', '2-4 `||` is not an operator | write `or`'],
    ['a & b', '2-3 `&` is not an operator | write `and`'],
    ['a | b', '2-3 `|` is not an operator | write `or`'],
    ['!a', '0-1 `!` is not an operator | write `not`'],
    ['~a', '0-1 `~` is not an operator | write `not`'],
    ['a = b', '2-3 `=` is not an operator | write `==`'],
    ['a === b', '2-5 `===` is not an operator | write `==`'],
    ['a !== b', '2-5 `!==` is not an operator | write `!=`'],
    ['a <> b', '2-4 `<>` is not an operator | write `!=`'],
    ['a => b', '2-4 `=>` is not an operator | write `>=`'],
    ['a > = b', '4-5 `=` stands apart from its operator | write `>=`'],
    ['a AND b', '2-5 `AND` is not an operator | write `and`'],
    ['NOT a', '0-3 `NOT` is not a word of conditions | write `not`'],
    ['x == TRUE', '5-9 `TRUE` is not a word of conditions | write `true`'],
    ['x contains y', '2-10 `contains` is not an operator | write the element first, as in `element in set`'],
    ['x exists', '2-8 `exists` is not an operator | write `is set`'],
    ['x == null', `5-9 there is no \`null\` | ${isSet}`],
    ['x is null', `5-9 there is no \`null\` | ${isSet}`],
    ['x is not null', `9-13 there is no \`null\` | ${isSet}`],
    ['x.y not in z', '4-10 `not in` is not an operator | write `not (x.y in z)`'],
    ['x !in y', '2-5 `!in` is not an operator | write `not (x in y)`'],
    ['x is not set', '2-12 `is not set` is not an operator | write `not (x is set)`'],
    ['x =~ /ab(c/', `5-11 there are no regular expressions | ${wholeValues}`],
    ['x matches "a*"', `2-9 \`matches\` is not an operator | ${wholeValues}`],
    ['$user.id == 3', '0-1 `$` has no meaning | write the name alone'],
    ['$' + '{user.id} == 3', '0-1 `$` has no meaning | write the name alone'],
    ['a == “abc”', '5-10 `“abc”` is not in straight quotes | write `"abc"`'],
    ['a == ‘abc’', '5-10 `‘abc’` is not in straight quotes | write `"abc"`'],
    ['café == 3', '0-4 `café` is not a name | names have the letters a to z, digits, `-` and `_`'],
    ['a ? b : c', '2-3 `?` has no meaning in a condition | write `(a and b) or (not a and c)`'],
    ['a == b - 3', `7-8 \`-\` has no meaning in a condition | ${calculation}`],
    ['a == b -3', `7-9 conditions do not calculate | ${calculation}`],
    ['a @ b', '2-3 `@` has no meaning in a condition'],
    ['a\0b', '1-2 `\\u0000` has no meaning in a condition'],
    // literals
    ['a == "abc', '5-6 the string that starts here is never closed'],
    ['a == "x\\q"', '7-9 `\\q` is not an escape | write `\\\\` for a backslash'],
    ['a == "\\u12"', '6-8 `\\u` is not an escape | four hexadecimal digits follow `\\u`'],
    ['a == "\\ud800"', '5-13 the string holds half a character'],
    ['a == 1.5', '5-8 `1.5` is a fraction | there are only whole numbers'],
    ['a == 1e5', '5-8 `1e5` has an exponent | write all its digits'],
    ['a == 9007199254740992', '5-21 `9007199254740992` is too large a number | the largest is 9007199254740991'],
    ['a == 2027-01-10', '5-15 a date stands in quotes | write `"2027-01-10"`'],
    ['x in [draft]', '6-11 a list holds written values only | write `"draft"`'],
    ['x in [[1]]', '6-9 a list holds written values only'],
    ['"x" is set', '4-10 `is set` asks about a path only'],
    // durations
    ['a + 10m < b', '6-7 `m` is not a unit of time | write `10min` for minutes or `10mo` for months'],
    ['a + 10hours < b', '6-11 `hours` is not a unit of time | write `10h`'],
    ['a + 3q < b', '5-6 `q` is not a unit of time | the units are `s`, `min`, `h`, `d`, `w`, `mo` and `y`'],
    ['a + 24 h < b', '4-8 the number and the unit of a duration stand together | write `24h`'],
    ['a + 5 < b', '4-5 `5` is not a duration | a duration is written as in `24h` or `6mo`'],
    ['a + 1h30min < b', '4-11 a duration has one number and one unit | take the smaller unit'],
    ['a + 1.5h < b', '4-8 `1.5h` is a fraction | take a smaller unit'],
    ['a + 0h < b', '4-6 a duration must be longer than nothing'],
    ['a + -24h < b', '4-8 a duration must be longer than nothing'],
    ['a + 1000y < b', '4-9 a duration must be shorter than 1000 years'],
    ['a + 365250d < b', '4-11 a duration must be shorter than 1000 years'],
    ['24h + a < b', '0-3 the duration stands on the right of `+`'],
    ['a + 1h + 2h < b', '7-11 only one duration can be added'],
    ['a < 24h', '4-7 a duration stands behind `+` only | write `resource.signed + 24h`'],
  ])('%j', (text, expected) => {
    const parsed = inCondition(text);
    expect(lines(parsed)).toEqual([expected]);
    expect(parsed.diagnostics[0]?.code).toBe('bad-condition');
  });
});

test.each([
  ['a && b || !c', ['2-4', '7-9', '10-11']],
  ['a == and (c < ) or d e and x', ['5-8', '14-15', '21-22']],
  ['f(a b) and c = d and "x" or 3 and y ==', ['4-5', '13-14', '25-27', '30-33', '37-38']],
  ['(a ==) and has(1) and (b or (c d))', ['5-6', '15-16', '31-32']],
  ['a == (b or c) and d == 1.5 and x == 2.5', ['5-6', '23-26', '36-39']],
  ['has(a and b == c and (d', ['3-4', '21-22']],
  ['not and a in [b, c] or [d', ['4-7', '14-15', '17-18', '23-24', '24-25']],
])('%j has several mistakes', (text, spans) => {
  expect(lines(inCondition(text)).map((item) => item.split(' ')[0])).toEqual(spans);
});

describe('limits', () => {
  const codes = (parsed: Parsed<unknown>) => parsed.diagnostics.map((item) => item.code);
  const nested = (depth: number) => inCondition('('.repeat(depth) + 'a'.padEnd(depth + 1, ')'));

  test('64 levels are read, 65 are not', () => {
    expect(nested(64).value).not.toBeNull();
    expect(lines(nested(65))).toEqual([
      '64-65 the condition is nested deeper than 64 levels | name a part of it under `conditions`',
    ]);
    expect(codes(inCondition(`${'not '.repeat(65)}a`))).toEqual(['too-deep']);
    expect(inCondition(`${'not '.repeat(64)}a and ${'not '.repeat(64)}b`).value).not.toBeNull();
    expect(codes(inCondition(`${'not ('.repeat(33)}a`))).toEqual(['too-deep']);
    expect(codes(inCondition(`${'a['.repeat(65)}a`))).toEqual(['too-deep']);
    expect(codes(inType(`${'set<'.repeat(65)}a`))).toEqual(['too-deep']);
    expect(codes(inType(`${'a -> '.repeat(65)}a`))).toEqual(['too-deep']);
    expect(codes(inRequirement(`${'('.repeat(65)}a`))).toEqual(['too-deep']);
  });

  test('size is checked before anything that could take long', () => {
    expect(codes(nested(4_000))).toEqual(['too-deep']);
    expect(codes(nested(5_000))).toEqual(['too-large']);
    expect(codes(nested(49_999))).toEqual(['too-large']);
    expect(codes(nested(100_000))).toEqual(['too-large']);
    expect(codes(inCondition(`$${'{'.repeat(99_999)}`))).toEqual(['too-large']);
    expect(codes(inCondition(`${'$'.repeat(2)}{`.repeat(33_000)))).toEqual(['too-large']);
    expect(inCondition(`a${' and a'.repeat(4_999)}`).value).not.toBeNull();
  });
});

describe('types', () => {
  test.each([
    ['string', { kind: 'name', name: 'string' }],
    ['client.contact', { kind: 'name', name: 'client.contact' }],
    ['set<tag>', { kind: 'set', of: { kind: 'name', name: 'tag' } }],
    ['draft | in-house|set | or', { kind: 'enum', values: ['draft', 'in-house', 'set', 'or'] }],
    ['set < a | b >', { kind: 'set', of: { kind: 'enum', values: ['a', 'b'] } }],
    [
      'section -> mode->set<string>',
      {
        kind: 'index',
        by: 'section',
        of: { kind: 'index', by: 'mode', of: { kind: 'set', of: { kind: 'name', name: 'string' } } },
      },
    ],
    ['section -> a | b', { kind: 'index', by: 'section', of: { kind: 'enum', values: ['a', 'b'] } }],
  ])('%s', (text, expected) => {
    const parsed = inType(text);
    expect(lines(parsed)).toEqual([]);
    expect(structure(parsed.value)).toEqual(expected);
  });

  test('spans', () => {
    expect(withOffsets(inType(' s -> set<a | b>').value)).toEqual({
      kind: 'index',
      by: { text: 's', span: '1-2' },
      of: {
        kind: 'set',
        of: {
          kind: 'enum',
          values: [
            { text: 'a', span: '10-11' },
            { text: 'b', span: '14-15' },
          ],
          span: '10-15',
        },
        span: '6-16',
      },
      span: '1-16',
    });
  });

  test.each([
    ['', ['0-0 the type is empty']],
    ['a |', ['2-3 expected a type after `|`']],
    ['set', ['0-3 `set` does not say what it holds | write `set<string>`']],
    ['set<a', ['3-4 `<` is never closed']],
    ['set<set<a>>', ['4-10 a set holds single values only']],
    ['list<a>', ['4-5 expected `|` or `->` after `list` | only `set` holds something, as in `set<string>`']],
    ['string[]', ['6-7 expected `|` or `->` after `string` | write `set<string>` for several values']],
    ['string?', ['6-7 `?` has no meaning in a type | any fact may be missing: leave it out']],
    ['a | all', ['4-7 `all` cannot be a value of its own, as it stands for every value']],
    ['24-hours', ['0-8 expected a type before `24-hours` | a name starts with a letter']],
    ['a | b -> c', ['0-5 only a name stands before `->` | name the values under `values`']],
    ['a | set<b> | c.d', ['4-10 a set cannot be one of several values', '13-16 a value is a name without dots']],
    ['a || b', ['2-4 `||` has no meaning in a type | write `|`']],
    ['a or b', ['2-4 expected `|` or `->` after `a`']],
    [
      '"a" | b | c d',
      ['0-3 expected a type before `"a"` | write the value without quotes', '12-13 expected `|` or `->` after `c`'],
    ],
  ])('%j', (text, expected) => {
    const parsed = inType(text);
    expect(lines(parsed)).toEqual(expected);
    expect(parsed.diagnostics[0]?.code).toBe('bad-type');
  });
});

describe('requirements', () => {
  const permission = (name: string) => ({ kind: 'permission', name });
  test.each([
    ['all', { kind: 'all' }],
    ['all.x', permission('all.x')],
    ['notes.all-authors', permission('notes.all-authors')],
    [
      'a and (set or c.or)',
      { kind: 'and', terms: [permission('a'), { kind: 'or', terms: [permission('set'), permission('c.or')] }] },
    ],
    [
      'a or b and c',
      { kind: 'or', terms: [permission('a'), { kind: 'and', terms: [permission('b'), permission('c')] }] },
    ],
  ])('%s', (text, expected) => {
    const parsed = inRequirement(text);
    expect(lines(parsed)).toEqual([]);
    expect(structure(parsed.value)).toEqual(expected);
  });

  test('spans', () => {
    expect(withOffsets(inRequirement('a and (b or c.d)').value)).toEqual({
      kind: 'and',
      terms: [
        { kind: 'permission', name: { text: 'a', span: '0-1' }, span: '0-1' },
        {
          kind: 'or',
          terms: [
            { kind: 'permission', name: { text: 'b', span: '7-8' }, span: '7-8' },
            { kind: 'permission', name: { text: 'c.d', span: '12-15' }, span: '12-15' },
          ],
          span: '7-15',
        },
      ],
      span: '0-16',
    });
  });

  test.each([
    [' ', ['0-1 the requirement is empty']],
    ['a and not b', ['6-9 a requirement cannot be negated']],
    ['a and !b', ['6-7 a requirement cannot be negated']],
    ['a = b || c', ['2-3 `=` has no meaning in a requirement', '6-8 `||` is not an operator | write `or`']],
    ['all and a', ['0-3 `all` stands alone | it means every other permission']],
    ['has(a.b) and c', ['0-3 a requirement names permissions without `has` | write `a.b`']],
    ['a and', ['4-5 expected a permission after `and`']],
    ['a and and b', ['6-9 expected a permission after `and`']],
    ['a, b', ['1-2 expected `and` or `or` after `a` | join them with `and` or `or`']],
    ['"a"', ['0-3 expected a permission before `"a"` | write the name without quotes']],
    ['a.* and b c', ['2-3 `*` has no meaning in a requirement', '10-11 expected `and` or `or` after `b`']],
    ['(a or b', ['0-1 `(` is never closed']],
  ])('%j', (text, expected) => {
    const parsed = inRequirement(text);
    expect(lines(parsed)).toEqual(expected);
    expect(parsed.diagnostics[0]?.code).toBe('bad-requirement');
  });
});

describe('laws', () => {
  const name = fc.constantFrom('a', 'user', 'in-house', 'all-authors', 'x_1', 'notable', 'Set');
  const step = fc.constantFrom('a', 'set', 'in', 'owner', 'all', 'closed-to', 'not');
  const plainPath = fc
    .tuple(name, fc.array(step, { maxLength: 3 }))
    .map(([root, steps]) => ({ text: [root, ...steps].join('.'), node: path([root, ...steps].join('.')) as object }));
  const indexed = fc.tuple(plainPath, fc.array(plainPath, { maxLength: 2 })).map(([base, indexes]) => ({
    text: base.text + indexes.map((item) => `[${item.text}]`).join(''),
    node: {
      ...base.node,
      steps: [
        ...(base.node as { steps: object[] }).steps,
        ...indexes.map((item) => ({ kind: 'index', operand: item.node })),
      ],
    } as object,
  }));
  const text = fc
    .string()
    .filter((value) => !/[\ud800-\udfff]/.test(value))
    .map((value) => ({
      text: JSON.stringify(value).replace(
        /\\\\|\\[bfr]/g,
        (it) => ({ '\\b': '\\u0008', '\\f': '\\u000c', '\\r': '\\u000d' })[it] ?? it,
      ),
      node: { kind: 'string', value } as object,
    }));
  const number = fc.maxSafeInteger().map((value) => ({ text: `${value}`, node: { kind: 'number', value } as object }));
  const literal = fc.oneof(text, number);
  const list = fc.array(literal, { maxLength: 3 }).map((items) => ({
    text: `[${items.map((item) => item.text).join(', ')}]`,
    node: { kind: 'list', items: items.map((item) => item.node) } as object,
  }));
  const sum = fc.tuple(plainPath, fc.integer({ min: 1, max: 900 })).map(([operand, years]) => ({
    text: `${operand.text} + ${years}y`,
    node: { kind: 'sum', operand: operand.node, duration: { months: years * 12, milliseconds: 0 } } as object,
  }));
  const all = fc.constant({ text: 'all', node: { kind: 'all' } as object });
  const operand = fc.oneof(indexed, literal, list, sum, all);
  const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in', 'overlaps', 'within');
  const leaf = fc.oneof(
    indexed.map((item) => ({ text: item.text, node: { kind: 'truth', operand: item.node } as object })),
    indexed.map((item) => ({ text: `${item.text} is set`, node: { kind: 'is-set', operand: item.node } as object })),
    plainPath.map((item) => ({ text: `has(${item.text})`, node: { kind: 'has', permission: item.text } as object })),
    fc.tuple(name, fc.array(operand, { maxLength: 3 })).map(([callee, items]) => ({
      text: `${callee}(${items.map((item) => item.text).join(',')})`,
      node: { kind: 'call', name: callee, arguments: items.map((item) => item.node) } as object,
    })),
    fc.tuple(operand, operator, operand).map(([left, word, right]) => ({
      text: `${left.text} ${word} ${right.text}`,
      node: { kind: 'comparison', operator: word, left: left.node, right: right.node } as object,
    })),
  );
  interface Printed {
    readonly text: string;
    readonly node: object;
  }
  const { condition } = fc.letrec<{ condition: Printed }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      leaf,
      tie('condition').map(({ text, node }) => ({ text: `not (${text})`, node: { kind: 'not', term: node } })),
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('condition'), { minLength: 2, maxLength: 4 }))
        .map(([kind, terms]) => ({
          text: terms.map((term) => `(${term.text})`).join(` ${kind}\n`),
          node: { kind, terms: terms.map((term) => term.node) },
        })),
    ),
  }));

  test('a printed condition is read as it was', () => {
    fc.assert(
      fc.property(condition, ({ text, node }) => expectStructure(text, node)),
      { numRuns: 500 },
    );
  });

  test('garbage gives a value or diagnostics, in order, inside the text, in our words', () => {
    const word = fc.constantFrom(
      ...['a', 'b.c', 'and', 'or', 'not', 'in', 'is', 'set', 'has', 'has(', 'feature(', 'f(', '(', ')', '[', ']', ','],
      ...['==', '<', '>', '=', '!', '&&', '||', '|', '->', '+', '24h', '10m', '3', '1.5', '"x"', '"', "'", '“', '/x/'],
      ...[
        'null',
        'all',
        'true',
        'AND',
        'NOT',
        'contains',
        'exists',
        '.',
        '$',
        '${',
        'é',
        '?',
        '\n',
        'set<',
        '😀',
        '\\',
      ],
    );
    const garbage = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 14 }).map((words) => words.join(' ')),
      fc.array(word, { maxLength: 14 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(garbage, (text) => {
        for (const parsed of [inCondition(text), inType(text), inRequirement(text)]) {
          lines(parsed);
          let before = -1;
          for (const { span, message, help } of parsed.diagnostics) {
            if (!span) throw new Error('no span');
            expect(span.start).toBeGreaterThanOrEqual(Math.max(before, shift));
            expect(span.end).toBeGreaterThanOrEqual(span.start);
            expect(span.end).toBeLessThanOrEqual(shift + text.length);
            if (text.trim() !== '') expect(span.end).toBeGreaterThan(span.start);
            before = span.start;
            expect(`${message} ${help}`).not.toMatch(/Expecting|Redundant|-->|Token|NaN|undefined`? is/);
          }
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test('a typical condition is read in well under a millisecond', () => {
    const typical = 'resource.owner in user.access[action.section][action.mode] and not has(notes.all) or a + 24h < b';
    for (let run = 0; run < 300; run++) inCondition(typical);
    const start = performance.now();
    for (let run = 0; run < 300; run++) inCondition(typical);
    expect((performance.now() - start) / 300).toBeLessThan(1);
  });
});
