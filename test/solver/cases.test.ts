import { describe, expect, test } from 'vitest';
import { ALL, createSolver, type Options, solve, type Term } from '../../src/solver/index.ts';
import * as a from './atoms.ts';
import {
  attribute,
  contains,
  equal,
  isSet,
  lookup,
  no,
  overlaps,
  precedes,
  setOf,
  slot,
  unknown,
  within,
  yes,
} from './atoms.ts';
import { author, id, impossible, now, owner, request, signed, sites, status, tags, x, y } from './clinic.ts';
import { random } from './generate.ts';

describe('missing', () => {
  test('is a value of its own', () => {
    impossible([...unknown(isSet(owner)), ...yes(equal(owner, 'a'))]);
    const found = request([...unknown(equal(owner, author)), ...yes(equal(author, 'a'))]);
    expect(found.resource).toEqual({ author: 'a' });
    impossible([...unknown(equal(owner, author)), ...yes(isSet(owner), isSet(author))]);
    impossible(no(isSet(owner)));
  });
  test('on either side, many times, beside something impossible', () => {
    const pairs = Array.from({ length: 16 }, (_, at) =>
      equal(attribute(`resource.a${at}`), attribute(`resource.b${at}`)),
    );
    expect(solve(unknown(...pairs)).kind).toBe('possible');
    impossible([...unknown(...pairs), ...yes(equal(owner, 'a'), equal(owner, 'b'))]);
  });
  test('never for what is always there', () => {
    const options: Options = { attributes: [{ root: 'user', path: ['id'], isPresent: true }] };
    impossible(unknown(isSet(id)), options);
    expect(request(unknown(equal(owner, id)), options).resource).toBeUndefined();
    impossible([...unknown(equal(id, owner)), ...yes(isSet(owner))], options);
  });
  test('of what is always there, a value can still be of no enum', () => {
    const role = attribute('user.id', a.oneOf('a', 'b'));
    expect(
      request(unknown(isSet(role)), { attributes: [{ root: 'user', path: ['id'], isPresent: true }] }).user,
    ).toEqual({ id: 'x1' });
  });
  test('what is always there stands in the request although nothing depends on it', () => {
    const role = attribute('user.id', a.oneOf('a', 'b'));
    const options: Options = { attributes: [{ root: 'user', path: ['id'], isPresent: true }] };
    expect(request(unknown(equal(owner, role)), options)).toMatchObject({ user: { id: 'x1' }, resource: undefined });
  });
  test('always, where that is known', () => {
    impossible(yes(isSet(owner)), { attributes: [{ root: 'resource', path: ['owner'], isMissing: true }] });
    expect(
      solve(unknown(isSet(owner)), { attributes: [{ root: 'resource', path: ['owner'], isMissing: true }] }).kind,
    ).toBe('possible');
  });
  test('lists every place that was read, the missing ones too', () => {
    const answer = solve([...unknown(isSet(owner)), ...yes(equal(slot('room'), 'a'))]);
    expect(answer.kind === 'possible' && answer.model).toEqual({
      attributes: [{ root: 'resource', path: ['owner'], value: undefined }],
      slots: [{ slot: 'room', value: 'a' }],
    });
  });
});

describe('fixed values', () => {
  test('hold in every request', () => {
    const options: Options = {
      attributes: [{ root: 'user', path: ['id'], value: 'amira' }],
      slots: [{ name: 'sites', setting: 'sites', keys: [], value: ['north', 'south'] }],
    };
    impossible([...yes(contains(owner, sites)), ...no(equal(owner, 'north'), equal(owner, 'south'))], options);
    impossible(no(equal(id, 'amira')), options);
    impossible(unknown(isSet(sites)), options);
    impossible(yes(overlaps(sites, tags), within(tags, ['east'])), options);
    const found = request(
      [...yes(contains(owner, sites), within(sites, tags)), ...no(equal(owner, 'north'), contains(id, tags))],
      options,
    );
    expect(found.resource).toEqual({ owner: 'south', tags: ['north', 'south'] });
  });
  test('of a wrong type are unknown', () => {
    impossible(yes(isSet(status)), { attributes: [{ root: 'resource', path: ['status'], value: 'deleted' }] });
  });
  test('all', () => {
    const options: Options = { slots: [{ name: 'sites', setting: 'sites', keys: [], value: ALL }] };
    impossible(no(contains(owner, sites)), options);
    expect(request([...yes(contains(owner, sites)), ...unknown(isSet(owner))], options).settings.get('sites')).toBe(
      ALL,
    );
  });
});

describe('references', () => {
  const client = attribute('resource.client', a.reference);
  const clientId = attribute('resource.client.id');
  test('are set where something below them is', () => {
    impossible([...unknown(isSet(client)), ...yes(equal(clientId, 'a'))]);
    expect(request([...yes(isSet(client)), ...unknown(equal(clientId, 'a'))]).resource).toEqual({ client: {} });
    expect(request(yes(isSet(client), equal(clientId, 'a'))).resource).toEqual({ client: { id: 'a' } });
  });
  test('a text has nothing below it', () => {
    impossible(yes(equal(attribute('resource.client'), 'a'), equal(clientId, 'a')));
  });
  test('are fixed as a whole', () => {
    const options: Options = { attributes: [{ root: 'resource', path: ['client'], value: { id: 'a' } }] };
    impossible(no(equal(clientId, 'a')), options);
    impossible(unknown(isSet(client)), { attributes: [{ root: 'resource', path: ['client', 'id'], isPresent: true }] });
  });
});

describe('all', () => {
  test('makes a comparison true whatever the other side', () => {
    const found = request([...yes(contains(owner, sites)), ...unknown(isSet(owner))]);
    expect(found.settings.get('sites')).toBe(ALL);
    expect(request([...yes(overlaps(sites, tags)), ...unknown(isSet(tags))]).settings.get('sites')).toBe(ALL);
    expect(request([...yes(within(tags, sites)), ...unknown(isSet(tags))]).settings.get('sites')).toBe(ALL);
  });
  test('is within no list', () => {
    impossible([...unknown(isSet(tags)), ...yes(within(sites, tags))]);
    const rooms = setOf(slot('rooms'));
    const found = request([...no(within(sites, rooms)), ...yes(contains(owner, sites)), ...unknown(isSet(owner))]);
    expect(found.settings.get('rooms')).toEqual([]);
  });
  test('is not tried where something else shows it', () => {
    expect(request(yes(contains(owner, sites))).settings.get('sites')).toEqual(['x1']);
  });
  test('attributes are never all', () => {
    impossible([...yes(contains(owner, tags)), ...unknown(isSet(owner))]);
  });
  test('a setting that excludes something is not all', () => {
    impossible([...yes(contains(owner, sites)), ...unknown(isSet(owner)), ...no(contains('a', sites))]);
  });
});

describe('lookups', () => {
  const section = attribute('resource.section', a.oneOf('notes', 'bills'));
  const access = setOf(lookup('access', ['resource.section']));
  const options: Options = { slots: a.slots('access/notes', 'access/bills') };
  const notes = setOf(slot('access/notes'));
  test('with equal keys are one value', () => {
    const other = setOf(lookup('access', ['resource.kind']));
    const kind = attribute('resource.kind');
    impossible([...yes(contains('a', access), equal(section, kind)), ...no(contains('a', other))], options);
    const found = request([...yes(contains('a', access)), ...no(contains('a', other))], options);
    expect([...found.settings.keys()].sort()).toEqual(['access/bills', 'access/notes']);
  });
  test('reach the slot that the key names', () => {
    impossible([...yes(equal(section, 'notes'), contains('a', access)), ...no(contains('a', notes))], options);
    const found = request([...yes(contains('a', access)), ...no(contains('a', notes))], options);
    expect(found.resource).toEqual({ section: 'bills' });
    expect(found.settings.get('access/bills')).toEqual(['a']);
  });
  test('are refused by every slot', () => {
    impossible(
      [...yes(contains('a', access)), ...no(contains('a', notes), contains('a', setOf(slot('access/bills'))))],
      options,
    );
  });
  test('with a key that names no slot are unknown', () => {
    const open = attribute('resource.section');
    impossible(
      [...unknown(isSet(access)), ...yes(isSet(section), isSet(notes), isSet(setOf(slot('access/bills'))))],
      options,
    );
    const literals = [...unknown(isSet(access)), ...yes(isSet(open), isSet(notes), isSet(setOf(slot('access/bills'))))];
    expect(request(literals, options).resource).toEqual({ section: 'x1' });
    expect(request(unknown(isSet(access)), options).settings.size).toBe(0);
  });
  test('by several keys, some of them texts', () => {
    const grid = a.slots('grid/notes/view', 'grid/notes/edit', 'grid/bills/view');
    const term = lookup('grid', ['resource.section', 'resource.verb']);
    const verb = attribute('resource.verb');
    impossible(yes(isSet(term), equal(section, 'bills'), equal(verb, 'edit')), { slots: grid });
    const fixed = lookup('grid', ['notes', 'resource.verb']);
    impossible([...yes(equal(section, 'notes'), equal(term, 'a')), ...no(equal(fixed, 'a'))], { slots: grid });
    expect(request([...yes(equal(term, 'a')), ...no(equal(fixed, 'a'))], { slots: grid }).resource).toEqual({
      section: 'bills',
      verb: 'view',
    });
  });
  test('into a given assignment', () => {
    const given: Options = {
      slots: [
        { name: 'access/notes', setting: 'access', keys: ['notes'], value: ['a'] },
        { name: 'access/bills', setting: 'access', keys: ['bills'], isMissing: true },
      ],
    };
    impossible(yes(contains('b', access)), given);
    expect(request(yes(contains(owner, access)), given).resource).toEqual({ section: 'notes', owner: 'a' });
  });
  test('of a setting whose slots nobody gave are undecided', () => {
    expect(solve(yes(isSet(access))).kind).toBe('undecided');
    impossible([...yes(isSet(access)), ...unknown(isSet(access))]);
  });
  test('that reach all', () => {
    const found = request(
      [...yes(contains(owner, access), equal(section, 'notes')), ...unknown(isSet(owner))],
      options,
    );
    expect(found.settings.get('access/notes')).toBe(ALL);
    impossible(
      [...yes(contains(owner, access), equal(section, 'notes')), ...unknown(isSet(owner)), ...no(contains('a', notes))],
      options,
    );
  });
});

describe('the budget', () => {
  const colours = Array.from({ length: 9 }, (_, at) => `c${at}`);
  const nodes = Array.from({ length: 60 }, (_, at) => attribute(`resource.n${at}`, a.oneOf(...colours)));
  test('ends a hard graph colouring quickly, without an answer', () => {
    const choose = random(7);
    const pairs = nodes.flatMap((one, at) => nodes.slice(at + 1).map((other) => equal(one, other)));
    const literals = no(...pairs.filter(() => choose(2) === 0));
    const start = performance.now();
    expect(solve(literals).kind).toBe('undecided');
    expect(performance.now() - start).toBeLessThan(5000);
  });
  test('of nothing leaves everything undecided', () => {
    expect(solve(yes(isSet(owner)), { budget: 0 }).kind).toBe('undecided');
    expect(solve(yes(contains(owner, sites)), { budget: 0 }).kind).toBe('undecided');
  });
  test('suffices for ten values of one enum compared with each other', () => {
    const ten = nodes.slice(0, 10);
    const differ = (terms: readonly Term[]) =>
      terms.flatMap((one, at) => no(...terms.slice(at + 1).map((other) => equal(one, other))));
    impossible(differ(ten));
    expect(solve(differ(ten.slice(1))).kind).toBe('possible');
  });
});

test('a solver is asked many times, and remembers nothing but how to read', () => {
  const solver = createSolver();
  const literals = [...yes(equal(owner, 'a')), ...no(equal(owner, id))];
  const first = solver.solve(literals);
  expect(solver.solve(yes(equal(owner, 'b'), equal(owner, 'a')))).toEqual({ kind: 'impossible' });
  expect(solver.solve(literals)).toEqual(first);
});

test('ten literals take tens of microseconds', () => {
  const literals = [
    ...no(equal(status, 'draft'), equal(owner, 'a'), precedes(x, null, 100), overlaps(tags, sites)),
    ...yes(equal(owner, id), contains('vip', tags), contains(author, sites), precedes(signed, now, 86_400_000)),
    ...yes(precedes(x, null, 500), precedes(x, y, 0)),
  ];
  const solver = createSolver();
  for (let run = 0; run < 500; run++) solver.solve(literals);
  const start = performance.now();
  for (let run = 0; run < 500; run++) solver.solve(literals);
  expect((performance.now() - start) / 500).toBeLessThan(2); // ms, with much room for a busy machine
});
