import { describe, expect, test } from 'vitest';
import type { Atom as LoweredAtom } from '../../src/lower/diagrams.ts';
import { type Atom, type Options, solve, type Term } from '../../src/solver/index.ts';
import * as a from './atoms.ts';
import {
  attribute,
  contains,
  day,
  equal,
  isSet,
  isTrue,
  later,
  no,
  overlaps,
  precedes,
  setOf,
  unknown,
  within,
  yes,
} from './atoms.ts';
import {
  author,
  born,
  id,
  impossible,
  marks,
  now,
  owner,
  request,
  signed,
  status,
  tags,
  visit,
  x,
  y,
  z,
} from './clinic.ts';

test('atoms of `lower` go in as they are', () => {
  const lowered = { text: '', operator: 'is-set', left: owner, right: null, limit: 0 } satisfies LoweredAtom;
  const atom: LoweredAtom = lowered;
  const own: Atom = atom;
  expect(solve([{ atom: own, is: 'true' }]).kind).toBe('possible');
});

test('nothing asked is possible', () => {
  expect(solve([])).toEqual({ kind: 'possible', model: { attributes: [], slots: [] } });
});

describe('equality', () => {
  test('one text is not two constants', () => {
    impossible(yes(equal(owner, 'amira'), equal(owner, 'ben')));
    impossible([...yes(equal(owner, author), equal(author, id), equal(id, 'a')), ...no(equal(owner, 'a'))]);
  });
  test('is carried along equal terms', () => {
    const found = request([...yes(equal(owner, author), equal(author, 'amira')), ...no(equal(owner, id))]);
    expect(found.resource).toEqual({ author: 'amira', owner: 'amira' });
    expect(found.user.id).toBe('x1');
  });
  test('texts, numbers and truth values are never equal', () => {
    impossible(yes(equal(owner, x)));
    expect(request(no(equal(owner, x))).resource).toEqual({ owner: 'x1', x: 0 });
  });
  test('a fresh text is none of the constants', () => {
    expect(request([...no(equal(owner, 'x1')), ...yes(equal(author, 'x2'))]).resource).toEqual({
      owner: 'x3',
      author: 'x2',
    });
  });
});

describe('enums', () => {
  test('hold one of their values', () => {
    impossible([...no(equal(status, 'draft'), equal(status, 'locked'), equal(status, 'void')), ...yes(isSet(status))]);
    expect(request(no(equal(status, 'draft'), equal(status, 'void'))).resource).toEqual({ status: 'locked' });
    impossible(yes(equal(status, 'deleted')));
  });
  test('compared with a string', () => {
    impossible([
      ...yes(equal(status, owner)),
      ...no(...['draft', 'locked', 'void'].map((value) => equal(owner, value))),
    ]);
  });
  test('another text is of the wrong type, which an atom that reads a string knows', () => {
    const text = attribute('resource.status');
    expect(request([...unknown(equal(status, 'draft')), ...yes(isSet(text))]).resource).toEqual({ status: 'x1' });
    impossible([...unknown(equal(status, 'draft')), ...yes(equal(text, 'draft'))]);
    impossible([...unknown(isSet(text)), ...yes(equal(status, 'draft'))]);
    const wider = attribute('resource.status', a.oneOf('draft', 'deleted'));
    expect(request([...unknown(isSet(status)), ...yes(isSet(wider))]).resource).toEqual({ status: 'deleted' });
  });
  test('truth values have two values', () => {
    const [flag, other, third] = ['f', 'g', 'h'].map((name) => attribute(`resource.${name}`, a.bool)) as [
      Term,
      Term,
      Term,
    ];
    impossible(no(equal(flag, other), equal(other, third), equal(flag, third)));
    expect(request([...no(isTrue(flag), equal(flag, other)), ...yes(isTrue(other))]).resource).toEqual({
      f: false,
      g: true,
    });
  });
  test('of closed lists given beforehand', () => {
    const options: Options = { attributes: [{ root: 'resource', path: ['owner'], among: ['a', 'b'] }] };
    impossible([...no(equal(owner, 'a'), equal(owner, 'b'))], options);
    expect(request(no(equal(owner, 'a')), options).resource).toEqual({ owner: 'b' });
  });
});

describe('sets', () => {
  test('without elements that they must not have', () => {
    impossible([...yes(contains(owner, tags), equal(owner, 'a')), ...no(contains('a', tags))]);
    expect(request([...yes(contains('a', tags)), ...no(contains('b', tags))]).resource).toEqual({ tags: ['a'] });
  });
  test('that overlap share an element, which lists refuse', () => {
    impossible([...yes(overlaps(tags, marks), within(tags, ['a'])), ...no(contains('a', marks))]);
    const found = request(yes(overlaps(tags, marks), within(tags, ['a', 'b']))).resource as Record<string, unknown>;
    expect(found.tags).toEqual(found.marks);
  });
  test('that do not overlap', () => {
    impossible([
      ...no(overlaps(tags, marks)),
      ...yes(contains(owner, tags), contains(author, marks), equal(owner, author)),
    ]);
    impossible([...no(overlaps(tags, tags)), ...yes(contains(owner, tags))]);
    expect(request(no(overlaps(tags, marks))).resource).toEqual({ tags: [], marks: [] });
  });
  test('within others hand their elements on', () => {
    const third = setOf(attribute('resource.third'));
    impossible([...yes(within(tags, marks), within(marks, third), contains('a', tags)), ...no(contains('a', third))]);
    impossible([...yes(within(tags, marks)), ...no(within(tags, marks))]);
    expect(request(no(within(tags, marks))).resource).toEqual({ tags: ['x1'], marks: [] });
    impossible([...yes(within(tags, []), overlaps(tags, tags))]);
  });
  test('an empty set is within everything and overlaps nothing', () => {
    expect(request([...yes(within(tags, marks)), ...no(overlaps(tags, tags))]).resource).toEqual({
      tags: [],
      marks: [],
    });
  });
  test('constants on either side', () => {
    impossible([...yes(within(['a', 'b'], tags)), ...no(contains('b', tags))]);
    impossible([...yes(contains(owner, ['a'])), ...no(equal(owner, 'a'))]);
    impossible(no(within(['a'], ['a', 'b'])));
    expect(request(no(within(tags, ['a']))).resource).toEqual({ tags: ['x1'] });
    expect(request(yes(overlaps(tags, ['a', 'b']))).resource).toEqual({ tags: ['a'] });
  });
  test('of enums and of numbers', () => {
    const moods = setOf(attribute('resource.moods', a.oneOf('calm', 'tired')));
    impossible([...yes(overlaps(moods, tags)), ...no(contains('calm', tags), contains('tired', tags))]);
    const rooms = setOf(attribute('resource.rooms', a.int));
    impossible([...yes(contains(x, rooms), within(rooms, [1, 5])), ...no(precedes(x, null, 6))]);
    expect(request([...yes(contains(x, rooms), within(rooms, [1, 5])), ...no(precedes(x, null, 2))]).resource).toEqual({
      x: 5,
      rooms: [5],
    });
  });
  test('of days are days in the request', () => {
    const days = setOf(attribute('resource.days', a.date));
    const found = request([
      ...yes(contains(born, days)),
      ...no(precedes(born, null, 0)),
      ...yes(precedes(born, null, 1)),
    ]);
    expect(found.resource).toEqual({ born: '1970-01-01', days: ['1970-01-01'] });
  });
  test('a set of a wrong type holds an element that is none', () => {
    const moods = setOf(attribute('resource.tags', a.oneOf('calm')));
    expect(request([...unknown(isSet(moods)), ...yes(contains('calm', tags))]).resource).toEqual({
      tags: ['calm', 'x1'],
    });
    impossible([...unknown(isSet(moods)), ...yes(within(tags, ['calm']))]);
  });
});

describe('order', () => {
  test('in circles', () => {
    impossible(yes(precedes(x, y, 0), precedes(y, z, 0), precedes(z, x, 0)));
    expect(request(yes(precedes(x, y, 0), precedes(y, z, 0), precedes(z, x, 3))).resource).toEqual({
      x: 0,
      y: 1,
      z: 2,
    });
  });
  test('there is no whole number between two neighbours', () => {
    impossible([...no(precedes(x, null, 4)), ...yes(precedes(x, null, 5)), ...no(equal(x, 4))]);
    expect(request([...no(precedes(x, null, 4)), ...yes(precedes(x, null, 6)), ...no(equal(x, 4))]).resource).toEqual({
      x: 5,
    });
  });
  test('more different numbers than there is room for', () => {
    const room = (term: Term) => [...no(precedes(term, null, 0)), ...yes(precedes(term, null, 2))];
    impossible([...[x, y, z].flatMap(room), ...no(equal(x, y), equal(y, z), equal(x, z))]);
    expect(request([...[x, y].flatMap(room), ...no(equal(x, y))]).resource).toEqual({ x: 0, y: 1 });
  });
  test('numbers end where doubles are exact', () => {
    impossible(yes(precedes(x, null, Number.MIN_SAFE_INTEGER)));
    expect(request(yes(precedes(x, null, Number.MIN_SAFE_INTEGER + 1))).resource).toEqual({
      x: Number.MIN_SAFE_INTEGER,
    });
  });
  test('days as texts, near the constants', () => {
    expect(request([...yes(precedes(born, null, 19_782)), ...no(precedes(visit, born, 1))]).resource).toEqual({
      born: '2024-02-28',
      visit: '2024-02-29',
    });
    impossible(yes(precedes(born, null, -719_528)));
  });
  test('instants as RFC 3339', () => {
    const noon = Date.UTC(2024, 4, 1, 12);
    const found = request([
      ...yes(precedes(signed, null, noon), precedes(now, signed, 86_400_000)),
      ...no(precedes(now, signed, 86_399_999)),
    ]);
    expect(found.resource).toEqual({ signed: '2024-05-01T11:59:59.999Z' });
    expect(found.context).toEqual({ now: '2024-05-02T11:59:59.998Z' });
  });
});

describe('days of instants and calendar months', () => {
  const today = day(now);
  test('a day begins and ends with its instants', () => {
    const start = 19_782 * 86_400_000;
    impossible([...yes(precedes(now, null, start)), ...no(precedes(today, null, 19_782))]);
    impossible([...no(precedes(now, null, start)), ...yes(precedes(today, null, 19_782))]);
    impossible([...yes(precedes(now, signed, 0), precedes(day(signed), today, 0))]);
    const found = request(yes(equal(today, visit), equal(visit, 19_782)));
    expect(String((found.context as { now: string }).now)).toMatch(/^2024-02-29T/);
  });
  test('in a time zone', () => {
    const zone = { instants: [Number.NEGATIVE_INFINITY], offsets: [-5 * 3_600_000] };
    const literals = [...yes(precedes(now, null, 19_782 * 86_400_000 + 1)), ...no(precedes(today, null, 19_782))];
    impossible(literals, { zone });
    expect(solve(literals).kind).toBe('possible');
  });
  test('where clocks are set back over midnight, a day begins twice', () => {
    const change = 19_782 * 86_400_000 + 1_800_000;
    const zone = { instants: [Number.NEGATIVE_INFINITY, change], offsets: [0, -3_600_000] };
    const literals = yes(precedes(now, signed, 0), precedes(day(signed), today, 0));
    expect(solve(literals, { zone }).kind).not.toBe('impossible');
    const close = [
      ...literals,
      ...no(precedes(now, null, change - 86_400_000)),
      ...yes(precedes(now, null, change + 86_400_000)),
    ];
    expect(solve(close, { zone }).kind).not.toBe('impossible');
  });
  test('months are cut to the last of the month', () => {
    impossible(yes(equal(later(born, 1), 19_782 - 29), equal(born, 19_782 + 40)));
    expect(request(yes(equal(later(born, 1), 19_782), equal(born, 19_782 - 29))).resource).toEqual({
      born: '2024-01-31',
    });
    impossible(yes(equal(later(born, 1), 19_812 + 1), precedes(later(born, 1), null, 19_812)));
    impossible(yes(equal(later(born, 1), Date.UTC(2023, 2, 30) / 86_400_000))); // no February 30
  });
  test('of age today', () => {
    const options: Options = { attributes: [{ root: 'context', path: ['now'], value: '2024-05-01T08:00:00Z' }] };
    const adult = precedes(later(born, 216), today, 1);
    const found = request([...yes(adult), ...no(precedes(later(born, 216), today, 0))], options).resource;
    expect(found).toEqual({ born: '2006-05-01' });
    impossible([...yes(adult), ...no(precedes(born, null, Date.UTC(2006, 4, 2) / 86_400_000))], options);
  });
  test('instants keep their time of the day', () => {
    const at = Date.UTC(2024, 0, 31, 18, 30);
    const found = request([
      ...yes(equal(signed, at)),
      ...no(precedes(later(signed, 1), null, Date.UTC(2024, 1, 29, 18, 30))),
    ]);
    expect(found.resource).toEqual({ signed: '2024-01-31T18:30:00Z' });
    impossible([...yes(equal(signed, at)), ...no(precedes(later(signed, 1), null, Date.UTC(2024, 1, 29, 18, 30) + 1))]);
  });
  test('beyond the calendar a day is unknown although its instant is known', () => {
    const found = request([...unknown(equal(today, visit)), ...yes(isSet(now), isSet(visit))]);
    expect(Math.abs(Number((found.context as { now: number }).now))).toBeGreaterThan(8.64e15);
  });
});
