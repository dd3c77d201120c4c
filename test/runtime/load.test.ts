import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { emit } from '../../src/emit/index.ts';
import { loadTable as loadCanTable } from '../../src/runtime/can.ts';
import * as format from '../../src/runtime/format.ts';
import { loadTable, TableError } from '../../src/runtime/index.ts';
import { sha256, toHex } from '../../src/runtime/sha256.ts';
import { viewOf } from '../../src/runtime/tools.ts';
import { digestOf } from '../../src/runtime/verify.ts';
import { all, and, atom, bit, constant, fact, not, or, outcome, type Sketch, set, sketch, slot } from './build.ts';

const owner = atom('equal', fact('resource.owner', 'string'), fact('user.id', 'string'));
const small: Sketch = {
  timeZone: 'Europe/Berlin',
  outcomes: [{ name: 'audited', duties: ['log'], isLastResort: false }],
  settings: [{ name: 'limit' }],
  grants: {
    r: {
      act: [
        { permission: 'p', when: and(owner, not(bit('locked'))) },
        { permission: 'q', when: outcome('audited', bit('urgent')) },
      ],
      edit: [{ permission: 'p', when: atom('before', fact('resource.at', 'date', { day: true }), null, 19_000) }],
    },
    s: { act: [{ permission: 'q', when: true }] },
  },
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
    expect(() => loadTable(other)).toThrow(/version 7.*version 4/);
  });

  test('of an earlier version is refused, whole as it is', () => {
    for (const version of [1, 2, 3]) {
      const old = readFileSync(new URL(`./tables/format-${version}.chaperone`, import.meta.url));
      expect(() => loadTable(old)).toThrow(new RegExp(`version ${version}.*version 4`));
      expect(refusal(old)).toBe('format-version');
    }
  });

  test('is refused when an index leads out of bounds, though its checksum fits', () => {
    const { sections } = viewOf(loadTable(bytes));
    const ends = { bottom: format.AT_DIRECTORY, top: sections.provenance.byteOffset - bytes.byteOffset };
    let refused = 0;
    for (let at = ends.bottom; at < ends.top; at++) {
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
        const table = loadTable(changed);
        for (const user of ['kim', 'K1', { id: 'lée' }]) {
          table.user(user).can('act', { owner: 'K1', locked: false, tag: 'x', at: 5 });
          table.user(user).decide('act', {});
          table.user(user).permitted();
        }
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

describe('a file that somebody changed and sealed again', () => {
  /** In place of one entry of one row; every section of `small` that is changed here has rows. */
  const changes: readonly [name: format.SectionName, claim: string, entry: number, value: number][] = [
    ['stringOffsets', 'a string that begins before the one above', 3, 0],
    ['stringOffsets', 'a string that begins behind all texts', 3, 30_000],
    ['lists', 'a text below the first', 0, -1],
    ['values', 'a kind that there is not', 0, 5],
    ['values', 'a run of less than nothing', 2, -1],
    ['values', 'a run that ends behind the last', 4, 100],
    ['actions', 'a presentation that is neither a text nor none', 2, -2],
    ['roles', 'a bit that is neither 0 nor 1', 1, 2],
    ['terms', 'a source that there is not', 1, 8],
    ['atoms', 'an operator that there is not', 1, 7],
    ['cells', 'a node behind the last', 0, 100],
    ['assignments', 'dates that are no numbers', 3, 100],
    ['assignments', 'the row of a role that is another', 0, 1],
    ['assignments', 'a beginning in the row of a role', 3, 0],
    ['held', 'a run that is longer than all of them', 0, 120],
    ['names', 'an id of somebody who is not there', 1, 2_001],
    ['names', 'a short form of an assignment that is not there', 1, ~format.INLINE_MASK],
    ['names', 'a run that begins inside another', 1, 4],
    ['members', 'a member in the row behind the last slot', 0, 5],
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

test('the rules that loading knows are those of the layout', () => {
  const letters = format.sectionNames.map((name, place) => [name, String.fromCharCode(65 + place)] as const);
  const known = new Map<string, string>([['text', 'A'], ['bit', '2'], ...letters]);
  const brief = (rule: string | number) => {
    const name = `${rule}`.replace(/^[?+]/, '');
    const letter = known.get(name) ?? name;
    return `${rule}`[0] === '?' ? letter.toLowerCase() : `${rule}`[0] === '+' ? `${letter}+` : letter;
  };
  const expected = Object.entries<string | object>(format.layout).map(([name, columns]) => [
    name,
    typeof columns === 'string' ? { f64: '%', units: '"' }[columns] : Object.values(columns).map(brief).join(''),
  ]);
  expect(Object.entries(format.rules)).toEqual(expected);
  for (const [name, width] of [
    ...([
      ['values', format.VALUE],
      ['outcomes', format.OUTCOME],
      ['actions', format.ACTION],
    ] as const),
    ...([
      ['roles', format.ROLE],
      ['slots', format.SLOT],
      ['terms', format.TERM],
      ['atoms', format.ATOM],
    ] as const),
    ...([
      ['assignments', format.ASSIGNMENT],
      ['nodes', 3],
      ['settings', 2],
      ['names', 2],
    ] as const),
    ...([
      ['reasons', 5],
      ['scopes', 2],
      ['memberIds', 2],
    ] as const),
  ]) {
    expect([name, format.rules[name].length, format.shapes[name].width]).toEqual([name, width, width]);
  }
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
      const home = format.hashText(meta[5]!, `member-${member}`) % size;
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
  expect(size('index')).toBeLessThan(10_070);
  expect(size('can')).toBeLessThan(7_530);
});

test('the smallest door gives the same answers, without reasons', () => {
  const table = loadCanTable(bytes);
  const kim = table.user('kim');
  expect(kim.can('act', { owner: 'K1', locked: false }, { now: 20 })).toBe(true);
  expect(kim.can('act', { owner: 'K2', locked: false }, { now: 5 })).toBe(false);
  expect(kim.permitted()).toEqual(loadTable(bytes).user('kim').permitted());
  expect('decide' in kim).toBe(false);
});
