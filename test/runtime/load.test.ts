import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { writeContainer } from '../../src/emit/container.ts';
import { emit } from '../../src/emit/index.ts';
import { layTexts } from '../../src/emit/pool.ts';
import { loadTable as loadCanTable } from '../../src/runtime/can.ts';
import * as format from '../../src/runtime/format.ts';
import { loadTable, type Table, TableError } from '../../src/runtime/index.ts';
import { sha256, toHex } from '../../src/runtime/sha256.ts';
import { parse } from '../../src/runtime/texts.ts';
import { viewOf } from '../../src/runtime/tools.ts';
import { holdingsOf } from '../../src/runtime/user.ts';
import { digestOf } from '../../src/runtime/verify.ts';
import {
  all,
  and,
  atom,
  bit,
  constant,
  fact,
  lookup,
  not,
  or,
  outcome,
  type Sketch,
  scalar,
  set,
  sketch,
  slot,
} from './build.ts';

const owner = atom('equal', fact('resource.owner', 'string'), fact('user.id', 'string'));
const small: Sketch = {
  timeZone: 'Europe/Berlin',
  outcomes: [{ name: 'audited', duties: ['log'], isLastResort: false }],
  settings: [
    { name: 'limit' },
    { name: 'access', indexes: [{ name: 'section', values: ['files', 'notes'] }], default: set('max') },
  ],
  grants: {
    r: {
      act: [
        { permission: 'p', when: and(owner, not(bit('locked'))) },
        { permission: 'q', when: outcome('audited', bit('urgent')) },
      ],
      edit: [{ permission: 'p', when: atom('before', fact('resource.at', 'date', { day: true }), null, 19_000) }],
      file: [
        { permission: 'p', when: atom('equal', fact('resource.state', ['a', 'b']), fact('context.reason', 'string')) },
        {
          permission: 'q',
          when: atom(
            'contains',
            fact('user.id', 'string'),
            lookup('access', ['resource.section'], 'string', { set: true }),
          ),
        },
      ],
    },
    s: { act: [{ permission: 'q', when: true }] },
  },
  roleSettings: { r: { limit: set('y') } },
  given: ['s'],
  scopes: [
    {
      kind: 'scope',
      name: 'limit',
      is: or(
        atom('contains', fact('resource.tag', 'string'), slot('limit', 'string', { set: true })),
        atom('within', fact('resource.tags', 'string', { set: true }), constant(['a', 'b'])),
      ),
    },
  ],
  presentation: { act: 'hidden' },
  members: [
    { key: 'kim', id: 'K1', holds: [{ role: 'r', settings: { limit: all }, from: 10, until: 1e13 }, { role: 's' }] },
    { key: 'lée', active: false, holds: [{ role: 'r', settings: { limit: set('x') } }] },
    { key: 'max', holds: [{ role: 'r' }] },
  ],
};

function bytesOf(input: Sketch, strip = false): Uint8Array {
  const { policy, diagrams } = sketch(input);
  return emit(policy, diagrams, { strip }).bytes;
}

const bytes = bytesOf(small);

function refusal(given: Uint8Array | ArrayBuffer): string {
  try {
    loadTable(given);
    return 'loaded';
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    expect(error.message).not.toBe('');
    return error.code;
  }
}

/** After a change that somebody made on purpose: the checksum fits again. */
function reseal(changed: Uint8Array): Uint8Array {
  const words = new Int32Array(changed.buffer, changed.byteOffset, changed.length >> 2);
  words[format.AT_CHECKSUM >> 2] = format.checksum(words);
  return changed;
}

const people = [
  'kim',
  'K1',
  'lée',
  'max',
  'nobody',
  { id: 'max' },
  { id: 'g', roles: ['s'] },
  { id: 'g', roles: ['r'] },
];
const facts = { locked: false, tag: 'x', tags: ['a'], at: '2020-01-01T00:00:00Z', state: 'a', section: 'files' };
const requests: readonly [resource?: unknown, context?: unknown][] = [
  [],
  [
    { ...facts, owner: 'K1' },
    { now: 20, reason: 'a' },
  ],
  [{ ...facts, owner: 'max', tag: 'y' }, { now: 20 }],
];

/** Everything that an application may ask, of which nothing may throw; what is allowed. */
function askAll(table: Table): boolean[] {
  const allowed: boolean[] = [];
  for (const who of people) {
    const user = table.user(who);
    for (const action of ['act', 'edit', 'file', 'x', 0, 3]) {
      for (const [resource, context] of requests) {
        const decision = user.decide(action, resource, context);
        expect([decision.allow, decision.allow]).toEqual([
          user.can(action, resource, context),
          decision.toJSON().allow,
        ]);
        allowed.push(decision.allow);
      }
    }
    user.permitted();
  }
  expect([table.policy, table.catalog, table.digest, table.meaningDigest]).toHaveLength(4);
  return allowed;
}

describe('a damaged file', () => {
  test('is refused whichever byte was changed', () => {
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i] = (damaged[i] ?? 0) ^ (1 + (i % 255));
      if (refusal(damaged) === 'loaded') expect.fail(`byte ${i}`);
    }
  });

  test('is refused wherever it ends', () => {
    for (let length = 0; length < bytes.length; length++) {
      if (refusal(bytes.slice(0, length)) !== 'truncated') expect.fail(`${length} bytes`);
    }
  });

  test('is refused with bytes behind it', () => {
    for (const more of [1, 4, 8]) {
      const longer = new Uint8Array(bytes.length + more);
      longer.set(bytes);
      expect(refusal(longer)).toBe('damaged');
    }
  });

  test('is told from what is no table', () => {
    expect(refusal(new TextEncoder().encode('chaperone: 1\nkind: practice\n'))).toBe('not-a-table');
    for (const other of ['table', null, undefined, 5, {}, [1, 2]]) {
      expect(refusal(other as unknown as Uint8Array)).toBe('not-a-table');
    }
  });

  test('of another format names both versions', () => {
    const other = bytes.slice();
    other[format.AT_FORMAT] = 7;
    expect(refusal(other)).toBe('format-version');
    expect(() => loadTable(other)).toThrow(/version 7.*version 5/);
  });

  test('of an earlier version is refused, whole as it is', () => {
    for (const version of [1, 2, 3, 4]) {
      const old = readFileSync(new URL(`./tables/format-${version}.chaperone`, import.meta.url));
      expect(() => loadTable(old)).toThrow(new RegExp(`version ${version}.*version 5`));
      expect(refusal(old)).toBe('format-version');
    }
  });

  test('is refused when an index leads out of bounds, though its checksum fits', () => {
    const { sections } = viewOf(loadTable(bytes));
    // Texts have tests of their own, and of what explains nothing is read in decisions.
    const { units, nodes, provenance } = sections;
    const places = [format.AT_DIRECTORY, units.byteOffset, nodes.byteOffset, provenance.byteOffset];
    const [bottom = 0, from = 0, to = 0, top = 0] = places.map((at, i) => (i === 0 ? at : at - bytes.byteOffset));
    let refused = 0;
    for (let at = bottom; at < top; at++) {
      if (at >= from && at < to) continue;
      for (const wrong of [[0x7f], [0xfe], [40], [0xff, 0xff, 0xff, 0x7f], [0xfe, 0xff, 0xff, 0xff]]) {
        if (at % wrong.length > 0) continue;
        const changed = bytes.slice();
        changed.set(wrong, at);
        const answer = refusal(reseal(changed));
        if (answer !== 'loaded') {
          if (answer !== 'damaged') expect.fail(`${answer} at ${at}`);
          refused++;
          continue;
        }
        // What no check can see (another text, a number, an index in bounds) must still be harmless.
        askAll(loadTable(changed));
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

describe('a file that somebody changed and sealed again', () => {
  /** In place of one entry; every section of `small` that is changed here has entries. */
  const changes: readonly [name: format.SectionName, claim: string, entry: number, value: number][] = [
    ['meta', 'a seed below 0', 0, -1],
    ['meta', 'fewer leaves than deny and allow', 2, 1],
    ['meta', 'more leaves than nodes', 2, 100],
    ['meta', 'more actions than cells', 3, 4],
    ['meta', 'fewer roles than cells', 4, 1],
    ['meta', 'more atoms than texts', 5, 120],
    ['meta', 'fewer atoms than nodes ask', 5, 1],
    ['texts', 'a text that begins before the one above', 3, 0],
    ['texts', 'a text that ends behind all texts', 3, 30_000],
    ['texts', 'a text that begins before all texts', 0, -1],
    ['nodes', 'an atom that there is not', 9, 100],
    ['nodes', 'a child that there is not', 10, 100],
    ['nodes', 'a child below the first', 10, -1],
    ['cells', 'a node behind the last', 0, 100],
    ['cells', 'a node below the first', 0, -1],
    ['reasons', 'a text behind the last', 0, 127],
    ['reasons', 'a text below the first', 0, -1],
    ['assignments', 'a role behind the last', 4, 2],
    ['assignments', 'a role below the first', 4, -1],
    ['assignments', 'a text behind the last', 1, 127],
    ['assignments', 'a text below the first', 1, -1],
    ['held', 'a run that is longer than all of them', 0, 120],
    ['held', 'a run of less than nothing', 0, -1],
    ['held', 'an id in no slot', 1, 100],
    ['held', 'an assignment that there is not', 2, 100],
    ['held', 'an assignment below the first', 2, -1],
    ['names', 'a name that begins before the one above', 4, -1],
    ['names', 'a name that begins behind all names', 2, 1_000],
    ['names', 'an id of somebody who is not there', 1, 2_001],
    ['names', 'a short form of an assignment that is not there', 1, ~format.INLINE_MASK],
    ['names', 'a short form of another assignment that is not there', 1, ~(100 << format.INLINE_BITS)],
    ['names', 'a run behind the last', 1, 1_000],
    ['members', 'a member in the row behind the last slot', 0, 7],
    ['members', 'a member below the first slot', 0, -1],
  ];
  test.each(changes)('is refused: %s, %s', (name, _, entry, value) => {
    const changed = bytes.slice();
    const section = viewOf(loadTable(changed)).sections[name];
    expect(section[entry]).not.toBe(undefined);
    section[entry] = value;
    expect(section[entry]).toBe(value);
    expect(refusal(reseal(changed))).toBe('damaged');
  });

  test('is refused where a child stands above its node, or asks an atom again', () => {
    for (const child of ['itself', 'of the same atom'] as const) {
      const changed = bytes.slice();
      const { sections, leaves } = viewOf(loadTable(changed));
      const { nodes } = sections;
      const above = Array.from({ length: nodes.length / 3 }, (_, n) => n).find(
        (n) => n >= leaves && nodes[3 * n + 1]! >= leaves,
      )!;
      if (child === 'itself') nodes[3 * above + 1] = above;
      else nodes[3 * above] = nodes[3 * nodes[3 * above + 1]!]!;
      expect(refusal(reseal(changed)), child).toBe('damaged');
    }
  });
});

/** A table with another text in one place. */
function openWith(old: Uint8Array, id: number, text: string): Table {
  const { sections } = viewOf(loadTable(old));
  const { offsets, units } = layTexts(textsOf(old).map((before, at) => (at === id ? text : before)));
  return loadTable(writeContainer({ ...sections, texts: offsets, units }, new Uint8Array(32)).bytes);
}

function textsOf(old: Uint8Array): string[] {
  const { world } = loadTable(old);
  const { length } = world.sections[format.TEXTS];
  return Array.from({ length: length - 1 }, (_, id) => JSON.stringify(parse(world, id)));
}

describe('a text that somebody changed', () => {
  const texts = textsOf(bytes);
  const allowed = askAll(loadTable(bytes));

  test.each(['', '{', '[1,'])('and is no JSON any more denies what needs it, and throws nothing: %s', (text) => {
    expect(allowed.filter((is) => is).length).toBeGreaterThan(20);
    for (const [id, old] of texts.entries()) {
      const now = askAll(openWith(bytes, id, text));
      const gained = now.filter((is, at) => is && !allowed[at]);
      expect(gained, old).toEqual([]);
    }
  });

  const others = [null, -1, 7, 4_000_000_000, 'x', true, [], [[null]], { x: 1 }];
  /** A value with one part of it changed, at each depth; of long lists only the first. */
  function* changed(value: unknown): Generator<unknown> {
    yield* others;
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value).slice(0, 4)) {
      for (const other of changed((value as Record<string, unknown>)[key])) {
        yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
      }
    }
  }

  test('throws nothing, whatever else it says', { timeout: 60_000 }, () => {
    let asked = 0;
    for (const [id, text] of texts.entries()) {
      for (const other of changed(JSON.parse(text))) {
        try {
          askAll(openWith(bytes, id, JSON.stringify(other)));
        } catch (error) {
          throw new Error(`${text} as ${JSON.stringify(other)}`, { cause: error });
        }
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(1_000);
  });

  test('gives no action beside those of the table', () => {
    const old = bytesOf({
      grants: { r: { act: [] }, s: { act: [{ permission: 'p', when: true }] } },
      members: [{ key: 'kim', holds: [{ role: 'r' }] }],
    });
    const table = openWith(old, format.ACTIONS, '["act","more"]');
    // Behind the cells of one role stand those of the next.
    expect(table.user('kim').can('more')).toBe(false);
    expect(table.user('kim').decide('more').toJSON()).toMatchObject({ allow: false, reason: 'unknown-action' });
  });

  test('gives no slot beside those of the table, as there may be no room for it', () => {
    const limit = atom('contains', fact('resource.tag', 'string'), slot('limit', 'string', { set: true }));
    const old = bytesOf({
      settings: [{ name: 'limit', default: set('x') }],
      roleSettings: { r: { limit: set('y') } },
      grants: { r: { act: [{ permission: 'p', when: limit }] } },
      members: [{ key: 'kim', holds: [{ role: 'r', settings: { limit: set('z') } }] }],
    });
    const [id = -1] = loadTable(old).world.sections[format.ASSIGNMENTS].subarray(1);
    const [[slotOf, value]] = JSON.parse(textsOf(old)[id]!);
    expect(slotOf).toBe(0);
    for (const other of [1, 4_000_000_000, -1, 0.5]) {
      const table = openWith(old, id, JSON.stringify([[other, value]]));
      expect(table.user('kim').can('act', { tag: 'z' })).toBe(true);
      expect(holdingsOf(table.user('kim')).map(({ slots }) => Object.keys(slots))).toEqual([['0']]);
    }
  });

  test('costs no more where keys of lookups are lookups', () => {
    // Each by two keys of the one before: what they come to would be 2 ** 40 questions.
    const depth = 40;
    const indexes = ['a', 'b'].map((name) => ({ name, values: ['x'] }));
    const settings = Array.from({ length: depth }, (_, i) => ({ name: `s${i + 10}`, indexes, default: scalar('x') }));
    const is = (name: string) => atom('equal', lookup(name, ['resource.k', 'resource.l'], 'string'), constant('x'));
    const when = and(...settings.map(({ name }) => is(name)));
    const old = bytesOf({
      settings,
      grants: { r: { act: [{ permission: 'p', when }] } },
      members: [{ key: 'kim', holds: [{ role: 'r' }] }],
    });
    const texts = textsOf(old);
    const lookups = texts.flatMap((text, id) =>
      text.startsWith(`[${format.OF_LOOKUP},`) && id >= format.FIRST_ATOM + depth ? [id] : [],
    );
    expect(lookups).toHaveLength(depth);
    lookups.slice(1).forEach((id, before) => {
      const packed = JSON.parse(texts[id]!);
      packed[1] = [lookups[before], lookups[before]];
      texts[id] = JSON.stringify(packed);
    });
    const { offsets, units } = layTexts(texts);
    const { sections } = viewOf(loadTable(old));
    const table = loadTable(writeContainer({ ...sections, texts: offsets, units }, new Uint8Array(32)).bytes);
    const request = { k: 'x', l: 'x' };
    expect(loadTable(old).user('kim').can('act', request)).toBe(true);
    expect([table.user('kim').can('act', request), table.user('kim').decide('act', request).allow]).toEqual([
      false,
      false,
    ]);
  });
});

test('the places of the sections, and of texts that every table has, are those of the format', () => {
  const { META, TEXTS, UNITS, NODES, CELLS, REASONS, ASSIGNMENTS, HELD, NAMES, NAME_UNITS, MEMBERS, PROVENANCE } =
    format;
  const places = [META, TEXTS, UNITS, NODES, CELLS, REASONS, ASSIGNMENTS, HELD, NAMES, NAME_UNITS, MEMBERS, PROVENANCE];
  expect(places.map((place) => format.sectionNames[place])).toEqual(
    'meta texts units nodes cells reasons assignments held names nameUnits members provenance'.split(' '),
  );
  expect([format.SECTIONS, format.sectionNames.length, new Set(places).size]).toEqual([12, 12, 12]);
  const { HEAD, ACTIONS, PRESENTATIONS, ROLES, GIVEN, DEFAULTS, SLOTS, OUTCOMES, SCOPES, ZONE, ATOM_NAMES, RESOURCES } =
    format;
  const texts = [
    HEAD,
    ACTIONS,
    PRESENTATIONS,
    ROLES,
    GIVEN,
    DEFAULTS,
    SLOTS,
    OUTCOMES,
    SCOPES,
    ZONE,
    ATOM_NAMES,
    RESOURCES,
  ];
  expect([...texts, format.FIRST_ATOM]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('the numbers that decisions know are those of the names', () => {
  const { OF_USER, OF_RESOURCE, OF_SLOT, OF_LOOKUP, OF_CONSTANT, OF_ID, OF_NOW } = format;
  const sources = [OF_USER, OF_RESOURCE, 2, OF_SLOT, OF_LOOKUP, OF_CONSTANT, OF_ID, OF_NOW];
  const { BOOL, INT, STRING, DATE, INSTANT, REFERENCE, ENUM } = format;
  const { EQUAL, BEFORE, CONTAINS, OVERLAPS, WITHIN, IS_SET, IS_TRUE } = format;
  expect(sources.map((n) => format.sources[n])).toEqual(
    'user resource context slot lookup constant user-id now'.split(' '),
  );
  expect([BOOL, INT, STRING, DATE, INSTANT, REFERENCE, ENUM].map((n) => format.scalarTypes[n])).toEqual(
    'bool int string date date-time reference enum'.split(' '),
  );
  expect([EQUAL, BEFORE, CONTAINS, OVERLAPS, WITHIN, IS_SET, IS_TRUE].map((n) => format.operators[n])).toEqual(
    'equal before contains overlaps within is-set true'.split(' '),
  );
});

describe('a good file', () => {
  test('loads from any view of memory, also an unaligned one', () => {
    for (const offset of [0, 1, 2, 4, 7, 8]) {
      const room = new Uint8Array(bytes.length + 16);
      room.set(bytes, offset);
      const table = loadTable(room.subarray(offset, offset + bytes.length));
      expect(table.user('kim').can('act', { owner: 'K1', locked: false }, { now: 20 })).toBe(true);
    }
    expect(loadTable(bytes.slice().buffer).policy).toEqual({ name: 'test', version: '1.0.0' });
    expect(loadTable(new DataView(bytes.slice().buffer) as unknown as Uint8Array).catalog.name).toBe('catalog');
  });

  test('verifies itself, by the SHA-256 that everybody computes', () => {
    const table = loadTable(bytes);
    const content = bytes.slice();
    content.fill(0, 16, 52);
    expect(table.digest).toBe(createHash('sha256').update(content).digest('hex'));
    expect(digestOf(bytes)).toBe(table.digest);
    expect(table.verify()).toBe(true);
    const forged = bytes.slice();
    forged[forged.length - 30] = (forged[forged.length - 30] ?? 0) ^ 1;
    try {
      expect(loadTable(reseal(forged)).verify()).toBe(false);
    } catch (error) {
      expect(error).toBeInstanceOf(TableError);
    }
  });

  test('finds 100,000 members by id and by key', () => {
    const members = Array.from({ length: 100_000 }, (_, i) => ({
      key: `member-${i}`,
      holds: [{ role: i % 2 ? 'r' : 's' }],
    }));
    const { policy, diagrams } = sketch({ ...small, members });
    const many = emit(policy, diagrams, { strip: true }).bytes;
    expect(many.length).toBeLessThan(6_000_000);
    const table = loadTable(many);
    for (let i = 0; i < 100_000; i += 997)
      expect(viewOf(table).member(viewOf(table).findMember(`member-${i}`)).key).toBe(`member-${i}`);
    expect(viewOf(table).findMember('member-100000')).toBe(-1);
    expect(viewOf(table).findMember('')).toBe(-1);
    expect(table.user('member-4').can('act', { tag: 'x', tags: [] })).toBe(true);
    const { names, members: slots, meta } = viewOf(table).sections;
    const size = names.length / 2 - 1;
    expect(100_000 / size).toBeLessThanOrEqual(format.MAX_LOAD);
    let longest = 0;
    slots.forEach((slot, member) => {
      const home = format.hashText(meta[0]!, `member-${member}`) % size;
      longest = Math.max(longest, (slot - home + size) % size);
    });
    expect(longest).toBeLessThan(format.MAX_PROBES);
  });

  test('knows what members hold, be it nothing, little, much, or of high numbers', () => {
    const r = { role: 'r' };
    const s = { role: 's' };
    // So many assignments of their own that the numbers of those behind them take more bits than a short form has.
    const dated = Array.from({ length: 33_000 }, (_, i) => ({ key: `d${i}`, holds: [{ role: 's', from: i }] }));
    const members = [
      { key: 'none', holds: [] },
      { key: 'one', holds: [s] },
      { key: 'two', holds: [r, s] },
      { key: 'three', holds: [r, s, r] },
      { key: 'away', active: false, holds: [s] },
      { key: 'away too', active: false, holds: [r, s] },
      ...dated,
      { key: 'late', holds: [s, { role: 'r', until: 99 }] },
      { key: 'later', holds: [{ role: 's', from: 77, until: 88 }] },
    ];
    const table = loadTable(bytesOf({ ...small, members }));
    const view = viewOf(table);
    const heldBy = (name: string) => {
      const { key, active, assignments } = view.member(view.findMember(name));
      expect(key).toBe(name);
      return [active, ...assignments.map(({ role, from, until }) => [view.roles[role]?.name, from, until])];
    };
    expect(heldBy('none')).toEqual([true]);
    expect(heldBy('one')).toEqual([true, ['s', null, null]]);
    expect(heldBy('two')).toEqual([true, ['r', null, null], ['s', null, null]]);
    expect(heldBy('three')).toEqual([true, ['r', null, null], ['s', null, null], ['r', null, null]]);
    expect(heldBy('away')).toEqual([false, ['s', null, null]]);
    expect(heldBy('away too')).toEqual([false, ['r', null, null], ['s', null, null]]);
    expect(heldBy('d0')).toEqual([true, ['s', 0, null]]);
    expect(heldBy('d32999')).toEqual([true, ['s', 32_999, null]]);
    expect(heldBy('late')).toEqual([true, ['s', null, null], ['r', null, 99]]);
    expect(heldBy('later')).toEqual([true, ['s', 77, 88]]);
    const may = (name: string, now = 80) => table.user(name).can('act', { tag: 'x', tags: [] }, { now });
    expect(['none', 'one', 'two', 'three', 'away', 'away too', 'late', 'later'].map((name) => may(name))).toEqual([
      ...[false, true, true, true, false, false, true, true],
    ]);
    expect([may('later', 76), may('later', 88), may('d32999', 32_998), may('d32999', 32_999)]).toEqual([
      ...[false, false, false, true],
    ]);
  });

  test('takes a key before an id, and the first of those who share an id', () => {
    const members = [
      { key: 'a', id: 'x', holds: [{ role: 's' }] },
      { key: 'b', id: 'x', active: false, holds: [] },
      { key: 'c', id: 'a', active: false, holds: [] },
      { key: 'd', holds: [] },
    ];
    const table = loadTable(bytesOf({ ...small, members }));
    const view = viewOf(table);
    expect(['a', 'b', 'c', 'd', 'x', 'y', ''].map(view.findMember)).toEqual([0, 1, 2, 3, 0, -1, -1]);
    expect([0, 1, 2, 3].map((index) => view.member(index).id)).toEqual(['x', 'x', 'a', 'd']);
    expect(['a', 'b', 'c', 'd', 'x'].map((name) => table.user(name).id)).toEqual(['x', 'x', 'a', 'd', 'x']);
    expect(['a', 'b', 'x'].map((name) => table.user(name).can('act', { tag: 'x', tags: [] }))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('gives roles alike before and after a tool has looked at it', () => {
    for (const isFirst of [true, false]) {
      const table = loadTable(bytesOf({ ...small, given: ['s'] }));
      const guest = () => table.user({ id: 'g', roles: ['s'] }).can('act', { tag: 'x', tags: [] });
      const given = () => viewOf(table).roles.map(({ givenByApplication }) => givenByApplication);
      expect(isFirst ? [given(), guest()] : [guest(), given()].reverse()).toEqual([[false, true], true]);
      expect([given(), guest()]).toEqual([[false, true], true]);
    }
  });

  test('tells names apart that end where others go on', () => {
    const names = ['', 'a', 'a\0', 'ab', 'b', '\ud800', 'é', '日本'];
    const table = loadTable(bytesOf({ ...small, members: names.map((key) => ({ key })) }));
    for (const [i, name] of names.entries()) expect(viewOf(table).findMember(name)).toBe(i);
    expect(viewOf(table).findMember('a\0\0')).toBe(-1);
    expect(viewOf(table).findMember('\ud801')).toBe(-1);
  });
});

test('SHA-256 is that of everybody, at every length of the last block', () => {
  for (let length = 0; length < 200; length++) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
    expect(toHex(sha256(data))).toBe(createHash('sha256').update(data).digest('hex'));
  }
});

test('the runtime imports nothing from outside its folder', () => {
  const folder = new URL('../../src/runtime/', import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ts'))) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    for (const [, from] of source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g))
      expect(from, name).toMatch(/^\.\/[\w-]+\.ts$/);
  }
});

test('the runtime stays small, minified and compressed', () => {
  const size = (name: string) => {
    const entry = new URL(`../../src/runtime/${name}.ts`, import.meta.url).pathname;
    const tsconfigRaw = { compilerOptions: { useDefineForClassFields: false } };
    const built = buildSync({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      tsconfigRaw,
    });
    return gzipSync(built.outputFiles[0]!.contents, { level: 9 }).length;
  };
  expect(size('index')).toBeLessThan(7_920);
  expect(size('can')).toBeLessThan(5_920);
});

test('the smallest door gives the same answers, without reasons', () => {
  const table = loadCanTable(bytes);
  const kim = table.user('kim');
  expect(kim.can('act', { owner: 'K1', locked: false }, { now: 20 })).toBe(true);
  expect(kim.can('act', { owner: 'K2', locked: false }, { now: 5 })).toBe(false);
  expect(kim.permitted()).toEqual(loadTable(bytes).user('kim').permitted());
  expect('decide' in kim).toBe(false);
});
