import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compile } from '../../src/index.ts';
import { createHost, openStore, SourceError, type StoreOptions } from '../../src/node/index.ts';
import { AT_CHECKSUM, AT_DIGEST, checksum } from '../../src/runtime/format.ts';
import { loadTable } from '../../src/runtime/index.ts';
import { root, temporaryFolder } from '../cli/run.ts';
import { damage, makeTable, mayEdit, mayView, replaceFile } from './tables.ts';

const tenants = ['ana', 'ben', 'cid'] as const;
const tables = new Map<string, Uint8Array>(tenants.map((name) => [name, makeTable(name)]));
const first = tables.get('ana')!;
const second = makeTable('ana', '1.1.0', { mayEdit: true });
const older = makeTable('ana', '0.9.0', { mayEdit: true });

/** A folder of tables by path, a store over it whose files are looked at each time, and its events as lines. */
function stored(options: StoreOptions = {}, files: Iterable<readonly [string, Uint8Array]> = tables) {
  const folder = temporaryFolder();
  for (const [name, bytes] of files) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, `${name}.chaperone`), bytes);
  }
  const store = openStore(folder, { interval: 0, ...options });
  onTestFinished(() => store.close());
  const told: string[] = [];
  store.on('loaded', ({ tenant, from, to }) => told.push(`loaded ${tenant} ${from?.version ?? ''}>${to.version}`));
  store.on('evicted', ({ tenant, isGone }) => told.push(`evicted ${tenant}${isGone ? ', gone' : ''}`));
  store.on('refused', ({ tenant, error, found, inForce }) => {
    told.push(`refused ${tenant} ${error.code} ${found?.version ?? 'no table'}, in force ${inForce.version}`);
  });
  const path = (tenant: string) => join(folder, `${tenant}.chaperone`);
  return { store, folder, path, told };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SourceError) return error.code;
    throw error;
  }
  return 'nothing';
}

describe('a store', () => {
  it('gives each tenant the table of its own', () => {
    const { store, told } = stored();
    for (const tenant of [...tenants, ...tenants]) {
      const table = store.table(tenant);
      expect(table.policy.name).toBe(tenant);
      expect(tenants.filter((member) => mayView(table, member))).toEqual([tenant]);
    }
    expect(told).toEqual(['loaded ana >1.0.0', 'loaded ben >1.0.0', 'loaded cid >1.0.0']);
    expect(store.size).toBe(3);
  });

  it('says what it cannot give', () => {
    const { store, folder, path } = stored();
    expect(codeOf(() => store.table('nobody'))).toBe('missing');
    writeFileSync(path('bad'), damage(first));
    expect(codeOf(() => store.table('bad'))).toBe('damaged');
    writeFileSync(path('bad'), first.subarray(0, 99));
    expect(codeOf(() => store.table('bad'))).toBe('truncated');
    mkdirSync(path('folder'));
    expect(codeOf(() => store.table('folder'))).toBe('unreadable');
    expect(store.size).toBe(0);
    writeFileSync(path('bad'), first);
    expect(store.table('bad').policy.name).toBe('ana');
    expect(codeOf(() => openStore(join(folder, 'no folder')).table('ana'))).toBe('missing');
    for (const maxBytes of [0, -1, Number.NaN]) expect(() => openStore(folder, { maxBytes })).toThrow(RangeError);
  });

  it('gives what the table alone would give, also when asked why', () => {
    const { table: bytes } = compile('examples/harbour-physio/practice.yaml', createHost({ folder: root }));
    const { store } = stored({}, [['harbour', bytes!]]);
    const alone = loadTable(bytes!);
    const table = store.table('harbour');
    expect(store.stats.bytes).toBeGreaterThan(10_000);
    for (const resource of [{}, { author: 'lee' }, { author: 'lee', client: { preferred: 'dr-lee' } }]) {
      for (const action of ['note.view', 'client.search', 'user.edit-permissions', 'no.action']) {
        const decision = alone.user('lee').decide(action, resource);
        expect(table.user('lee').decide(action, resource).toJSON()).toEqual(decision.toJSON());
      }
    }
    expect(table.user('lee').decide('client.search').decidedBy?.file).toMatch(/\.yaml$/);
    expect([table.verify(), table.digest, table.meaningDigest]).toEqual([true, alone.digest, alone.meaningDigest]);
    expect(table.catalog).toEqual(alone.catalog);
  });

  it('verifies what it read, not what it kept', () => {
    // The checksum is right, and the digest is that of another content.
    const forged = new Uint8Array(first);
    forged[AT_DIGEST]! ^= 1;
    const words = new Int32Array(forged.buffer);
    words[AT_CHECKSUM >> 2] = checksum(words);
    const { store } = stored({}, [['forged', forged]]);
    expect(store.table('forged').verify()).toBe(false);
  });

  it('shares the tests of equal conditions', () => {
    const { store } = stored();
    const known = (store as unknown as { tests: ReadonlyMap<string, unknown> }).tests;
    const sizes = tenants.map((tenant) => {
      mayView(store.table(tenant), tenant);
      return known.size;
    });
    expect(sizes).toEqual([1, 1, 1]);
  });

  it('closes', () => {
    const { store } = stored();
    const user = store.table('ana').user('ana');
    store.close();
    expect([store.size, codeOf(() => store.table('ana'))]).toEqual([0, 'closed']);
    expect(user.can('note.view', { owner: 'ana' })).toBe(true);
  });
});

describe('the name of a tenant', () => {
  const hostile = [
    '',
    '.',
    '..',
    '../ana',
    '../../etc/passwd',
    'x/../ana',
    './ana',
    '/etc/passwd',
    'sub/ana',
    '..\\ana',
    'sub\\ana',
    'C:ana',
    'C:\\ana',
    '\\\\server\\share\\ana',
    'ana\0',
    'ana\0.txt',
    '\n',
    'ana\u202e',
    'ana\ud800',
    '.hidden',
    'ana:stream',
    'a*',
    'a?',
    'con',
    'NUL',
    'aux.x',
    'COM1',
    'com¹',
    'lpt9.old',
    'prn .x',
    'conin$',
    'cafe\u0301',
    'x'.repeat(300),
    'é'.repeat(130),
  ];

  it.each(hostile.map((name) => [JSON.stringify(name).slice(0, 40), name]))('is never %s', (_, name) => {
    const { store, folder } = stored({}, [...tables, ['sub/ana', first]]);
    writeFileSync(join(folder, '..', 'outside.chaperone'), first);
    onTestFinished(() => rmSync(join(folder, '..', 'outside.chaperone')));
    expect(codeOf(() => store.table(name))).toBe('bad-tenant');
    expect(codeOf(() => store.table(`${name}/../../outside`))).toBe('bad-tenant');
    // Nor may a function of the application's lead there.
    const own = openStore(folder, { path: (tenant) => tenant });
    onTestFinished(() => own.close());
    if (name !== 'sub/ana') expect(codeOf(() => own.table(name))).toBe('bad-tenant');
  });

  it.each([undefined, null, 7, {}, ['ana'], { toString: () => 'ana' }])('is no %j', (name) => {
    expect(codeOf(() => stored().store.table(name as string))).toBe('bad-tenant');
  });

  it.each(['ana', 'Ana', 'Praxis Müller', 'a.b', '42', '__proto__', 'constructor', 'console', 'com10', 'a@b.example'])(
    'may be %s',
    (name) => {
      const { store } = stored({}, [[name, first]]);
      expect(store.table(name).policy.name).toBe('ana');
    },
  );

  it('may be spread over folders by a function', () => {
    const path = (tenant: string) => `${tenant.slice(0, 1)}/${tenant}.chaperone`;
    const files = [...tables].map(([name, bytes]) => [`${name.slice(0, 1)}/${name}`, bytes] as const);
    const { store } = stored({ path }, files);
    expect(tenants.map((tenant) => store.table(tenant).policy.name)).toEqual(tenants);
    expect(codeOf(() => store.table('..'))).toBe('bad-tenant');
  });

  it('means no file that is spelled otherwise, where the disk takes both for one', () => {
    // A link stands for what such a disk does.
    const { store, folder, path } = stored();
    symlinkSync('ana.chaperone', join(folder, 'ANA.chaperone'));
    expect(codeOf(() => store.table('ANA'))).toBe('missing');
    symlinkSync('ana.chaperone', path('other'));
    expect(store.table('other').policy.name).toBe('ana');
  });

  it('may be held against the name of the policy', () => {
    const { store, path } = stored({ policy: (tenant) => tenant });
    expect(store.table('ana').policy.name).toBe('ana');
    replaceFile(path('ana'), makeTable('ben', '2.0.0', { member: 'ana', mayEdit: true }));
    expect(mayEdit(store.table('ana'), 'ana')).toBe(false);
    writeFileSync(path('dan'), first);
    expect(codeOf(() => store.table('dan'))).toBe('other-policy');
  });
});

describe('a file of a store', () => {
  it('is taken in when it is replaced; who is bound sees nothing of it', () => {
    const { store, path, told } = stored();
    const user = store.table('ana').user('ana');
    replaceFile(path('ana'), second);
    expect(mayEdit(store.table('ana'), 'ana')).toBe(true);
    expect(user.can('note.edit', {})).toBe(false);
    expect(told).toEqual(['loaded ana >1.0.0', 'loaded ana 1.0.0>1.1.0']);
    expect(store.size).toBe(1);
  });

  it('is not looked at again within the interval, unless the store is told to', () => {
    const { store, path } = stored({ interval: 2 ** 31 - 1 });
    expect(mayEdit(store.table('ana'), 'ana')).toBe(false);
    replaceFile(path('ana'), second);
    expect(mayEdit(store.table('ana'), 'ana')).toBe(false);
    store.refresh();
    expect(mayEdit(store.table('ana'), 'ana')).toBe(true);
  });

  it('that holds the same content changes nothing', () => {
    const { store, path, told } = stored();
    const table = store.table('ana');
    replaceFile(path('ana'), first);
    expect(store.table('ana')).toBe(table);
    expect(told).toEqual(['loaded ana >1.0.0']);
  });

  it('that is damaged is refused once, when it has been so twice, and its table is kept', () => {
    const { store, path, told } = stored();
    const table = store.table('ana');
    for (const bytes of [second.subarray(0, 200), damage(second), damage(second), damage(second)]) {
      writeFileSync(path('ana'), bytes);
      expect(store.table('ana')).toBe(table);
    }
    expect(told).toEqual(['loaded ana >1.0.0', 'refused ana damaged no table, in force 1.0.0']);
    writeFileSync(path('ana'), second);
    expect(store.table('ana').policy.version).toBe('1.1.0');
  });

  it('that is older is refused, unless that is allowed', () => {
    const { store, path, told } = stored();
    store.table('ana');
    replaceFile(path('ana'), older);
    expect(store.table('ana').policy.version).toBe('1.0.0');
    expect(told).toEqual(['loaded ana >1.0.0', 'refused ana downgrade 0.9.0, in force 1.0.0']);
    const other = stored({ allowDowngrade: true });
    other.store.table('ana');
    replaceFile(other.path('ana'), older);
    expect(other.store.table('ana').policy.version).toBe('0.9.0');
  });

  it('that is older is refused also when the table had to be evicted', () => {
    const { store, path } = stored({ maxBytes: 1 });
    store.table('ana');
    store.table('ben');
    replaceFile(path('ana'), older);
    expect(codeOf(() => store.table('ana'))).toBe('downgrade');
    replaceFile(path('ana'), second);
    expect(store.table('ana').policy.version).toBe('1.1.0');
  });

  it('that is gone for long takes its table with it', () => {
    const { store, path, told } = stored();
    const table = store.table('ana');
    renameSync(path('ana'), path('away'));
    expect(store.table('ana')).toBe(table);
    renameSync(path('away'), path('ana'));
    expect(store.table('ana')).toBe(table);
    rmSync(path('ana'));
    expect(store.table('ana')).toBe(table);
    expect(codeOf(() => store.table('ana'))).toBe('missing');
    expect(codeOf(() => store.table('ana'))).toBe('missing');
    expect(told).toEqual(['loaded ana >1.0.0', 'evicted ana, gone']);
    writeFileSync(path('ana'), first);
    expect(store.table('ana').policy.name).toBe('ana');
  });
});

describe('what a store holds', () => {
  it('is what was used last, in at most so many bytes', () => {
    const names = ['ana', 'ben', 'cid', 'dan', 'eva', 'fay'];
    const files = names.map((name) => [name, tables.get(name) ?? makeTable(name)] as const);
    const weighing = stored({}, files).store;
    weighing.table('ana');
    const weight = weighing.stats.bytes;
    // Three fit: all weigh about the same, and no condition is asked.
    const { store, told } = stored({ maxBytes: 3.5 * weight }, files);
    const run = fc.sample(fc.constantFrom(...names), { numRuns: 1_000, seed: 7 });
    let model: readonly string[] = [];
    for (const name of run) {
      const expected = model.includes(name) ? [] : [`loaded ${name} >1.0.0`];
      const next = [name, ...model.filter((other) => other !== name)];
      model = next.slice(0, 3);
      expected.push(...next.slice(3).map((other) => `evicted ${other}`));
      expect(store.table(name).policy.name).toBe(name);
      expect(told.splice(0)).toEqual(expected);
      expect(store.size).toBe(model.length);
      expect(store.stats.bytes).toBeLessThanOrEqual(3.5 * weight);
    }
    const { loads, evictions } = store.stats;
    expect(loads - evictions).toBe(3);
  });

  it('is at least the table in use', () => {
    const { store, told } = stored({ maxBytes: 1 });
    const bound = store.table('ana').user('ana');
    expect(store.table('ben').policy.name).toBe('ben');
    expect(store.table('ben').policy.name).toBe('ben');
    expect(told).toEqual(['loaded ana >1.0.0', 'loaded ben >1.0.0', 'evicted ana']);
    expect(bound.can('note.view', { owner: 'ana' })).toBe(true);
    expect(bound.decide('note.view', { owner: 'ana' }).decidedBy?.permission).toBe('reading');
  });

  it.each([
    ['asked', '.can("note.view", {})'],
    ['asked why', '.decide("note.view", {}).decidedBy'],
  ])('takes the memory that it says, with tables that are %s', (_, question) => {
    const folder = temporaryFolder();
    const { table } = compile('examples/harbour-physio/practice.yaml', createHost({ folder: root }));
    for (let i = 0; i < 400; i++) writeFileSync(join(folder, `t${i}.chaperone`), table!);
    const script = `
      import { openStore } from '${pathToFileURL(join(root, 'dist/node.js')).href}';
      const store = openStore('.', { interval: 0 });
      const held = () => { gc(); gc(); const { heapUsed, arrayBuffers } = process.memoryUsage(); return heapUsed + arrayBuffers; };
      const ask = (from, to) => {
        for (let i = from; i < to; i++) {
          for (const user of ['amira', 'noa', 'lee', 'cho', 'priya', 'sam']) store.table('t' + i).user(user)${question};
        }
      };
      ask(0, 100);
      // What is held weakly goes at the end of a turn.
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      await turn();
      const [before, said] = [held(), store.stats.bytes];
      ask(100, 400);
      await turn();
      console.log((store.stats.bytes - said) / (held() - before));`;
    const words = ['--expose-gc', '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeGreaterThan(0.8);
    expect(Number(stdout)).toBeLessThan(1.6);
  });
});
