import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SourceError, type WatchedTable, type WatchOptions, watchTable } from '../../src/node/index.ts';
import { LastRead } from '../../src/node/table-file.ts';
import { loadTable } from '../../src/runtime/index.ts';
import { root, temporaryFolder } from '../cli/run.ts';
import { damage, makeTable, mayEdit, replaceFile } from './tables.ts';

const first = makeTable('ana');
const second = makeTable('ana', '1.1.0', { mayEdit: true });
const older = makeTable('ana', '0.9.0', { mayEdit: true });

/** A watched file with every event as one line; looked at by `check` alone. */
function watched(options: WatchOptions = {}, bytes = first) {
  const path = join(temporaryFolder(), 'ana.chaperone');
  writeFileSync(path, bytes);
  const table = watchTable(path, { interval: 1e9, ...options });
  return { path, table, told: eventsOf(table) };
}

function eventsOf(table: WatchedTable): string[] {
  const told: string[] = [];
  onTestFinished(() => table.close());
  table.on('changed', ({ from, to }) => told.push(`changed ${from.version} to ${to.version}`));
  table.on('refused', ({ error, found, inForce }) => {
    told.push(`refused ${error.code}, found ${found?.version ?? 'no table'}, in force ${inForce.version}`);
  });
  table.on('error', (error) => told.push(`error ${error.code}`));
  return told;
}

/** The code of what is thrown. */
function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SourceError) return error.code;
    throw error;
  }
  return 'nothing';
}

describe('a watched file', () => {
  it('is changed by another that takes its name, for those who ask anew', async () => {
    const { path, table, told } = watched();
    const bound = table.table.user('ana');
    replaceFile(path, second);
    expect(await table.check()).toBe('changed');
    expect(told).toEqual(['changed 1.0.0 to 1.1.0']);
    expect(mayEdit(table.table, 'ana')).toBe(true);
    expect(bound.can('note.edit', {})).toBe(false);
    expect(bound.decide('note.edit', {}).digest).toBe(loadTable(first).digest);
  });

  it('names both tables with their digests', async () => {
    const { path, table } = watched();
    const changes: unknown[] = [];
    table.on('changed', (change) => changes.push(change));
    replaceFile(path, second);
    await table.check();
    const [from, to] = [first, second].map((bytes) => {
      const { digest, meaningDigest, policy } = loadTable(bytes);
      return { policy: 'ana', version: policy.version, digest, meaningDigest };
    });
    expect(changes).toEqual([{ from, to }]);
  });

  it('is the same with the same content, however often it is written', async () => {
    const { path, table, told } = watched();
    const before = table.table;
    replaceFile(path, first);
    expect(await table.check()).toBe('same');
    utimesSync(path, 1, 1);
    expect(await table.check()).toBe('same');
    expect(table.table).toBe(before);
    expect(told).toEqual([]);
  });

  it('may be half written when it is looked at', async () => {
    const { path, table, told } = watched();
    writeFileSync(path, second.subarray(0, 300));
    expect(await table.check()).toBe('waiting');
    writeFileSync(path, '');
    expect(await table.check()).toBe('waiting');
    writeFileSync(path, second);
    expect(await table.check()).toBe('changed');
    expect(told).toEqual(['changed 1.0.0 to 1.1.0']);
  });

  it('that is damaged is refused once, when it has been so twice', async () => {
    const { path, table, told } = watched();
    writeFileSync(path, damage(second));
    expect(await table.check()).toBe('waiting');
    expect(table.problem?.code).toBe('damaged');
    expect(await table.check()).toBe('refused');
    expect(await table.check()).toBe('refused');
    expect(told).toEqual(['refused damaged, found no table, in force 1.0.0']);
    expect(mayEdit(table.table, 'ana')).toBe(false);
    writeFileSync(path, second);
    expect(await table.check()).toBe('changed');
    expect(table.problem).toBe(null);
  });

  it('that is damaged otherwise at each look is told in the end', async () => {
    const { path, table, told } = watched();
    const looks: string[] = [];
    for (let length = 100; length < 150; length += 10) {
      writeFileSync(path, second.subarray(0, length));
      looks.push(await table.check());
    }
    expect(looks).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'refused']);
    expect(told).toEqual(['refused truncated, found no table, in force 1.0.0']);
  });

  it('with an older version is refused at once, unless that is allowed', async () => {
    const { path, table, told } = watched();
    replaceFile(path, older);
    expect(await table.check()).toBe('refused');
    expect(await table.check()).toBe('refused');
    expect(told).toEqual(['refused downgrade, found 0.9.0, in force 1.0.0']);
    expect(table.table.policy.version).toBe('1.0.0');
    const other = watched({ allowDowngrade: true });
    replaceFile(other.path, older);
    expect(await other.table.check()).toBe('changed');
    expect(other.told).toEqual(['changed 1.0.0 to 0.9.0']);
  });

  it('counts versions as semver does', async () => {
    const { path, table } = watched({}, makeTable('ana', '1.10.0-rc.1'));
    replaceFile(path, makeTable('ana', '1.9.0'));
    expect(await table.check()).toBe('refused');
    replaceFile(path, makeTable('ana', '1.10.0'));
    expect(await table.check()).toBe('changed');
    replaceFile(path, makeTable('ana', '1.10.0-rc.2'));
    expect(await table.check()).toBe('refused');
    // The same version with another content is no downgrade.
    replaceFile(path, makeTable('ana', '1.10.0', { mayEdit: true }));
    expect(await table.check()).toBe('changed');
  });

  it('in an older format is refused, also where a downgrade is allowed', async () => {
    const { path, table, told } = watched({ allowDowngrade: true });
    const old = new Uint8Array(second);
    new DataView(old.buffer).setUint32(8, 1, true);
    replaceFile(path, old);
    await table.check();
    await table.check();
    expect(told).toEqual(['refused format-version, found no table, in force 1.0.0']);
  });

  it('that is gone leaves its table, and may come back', async () => {
    const { path, table, told } = watched();
    renameSync(path, `${path}.away`);
    expect(await table.check()).toBe('waiting');
    expect(await table.check()).toBe('failed');
    expect(await table.check()).toBe('failed');
    expect(told).toEqual(['error missing']);
    expect(table.table.policy.version).toBe('1.0.0');
    renameSync(`${path}.away`, path);
    expect(await table.check()).toBe('same');
    expect(table.problem).toBe(null);
    rmSync(path);
    expect(await table.check()).toBe('waiting');
    replaceFile(path, second);
    expect(await table.check()).toBe('changed');
  });

  it('throws no trouble at somebody who does not listen', async () => {
    const { path, table } = watched();
    table.removeAllListeners();
    rmSync(path);
    await table.check();
    expect(await table.check()).toBe('failed');
  });

  it('may be a folder for a while', async () => {
    const { path, table, told } = watched();
    rmSync(path);
    mkdirSync(path);
    await table.check();
    await table.check();
    expect(told).toEqual(['error unreadable']);
    rmdirSync(path);
    replaceFile(path, second);
    expect(await table.check()).toBe('changed');
  });

  it('may lie behind links that are led elsewhere', async () => {
    const folder = temporaryFolder();
    for (const [name, bytes] of Object.entries({ one: first, two: second })) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'ana.chaperone'), bytes);
    }
    symlinkSync('one', join(folder, '..data'));
    symlinkSync(join('..data', 'ana.chaperone'), join(folder, 'ana.chaperone'));
    const table = watchTable(pathToFileURL(join(folder, 'ana.chaperone')), { interval: 1e9 });
    const told = eventsOf(table);
    symlinkSync('two', join(folder, '..next'));
    renameSync(join(folder, '..next'), join(folder, '..data'));
    expect(await table.check()).toBe('changed');
    expect(told).toEqual(['changed 1.0.0 to 1.1.0']);
  });

  it('is read again until its time can no longer be that of another content', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const last = new LastRead();
    const readAfter = (milliseconds: number) => {
      vi.advanceTimersByTime(milliseconds);
      const isSame = last.isSame('a');
      if (!isSame) last.note('a');
      return isSame;
    };
    // Read at 0, 1,500 and 3,000 ms; not any more.
    expect([0, 1_500, 1_500, 1_500, 9_000].map(readAfter)).toEqual([false, false, false, true, true]);
    expect(last.isSame('b')).toBe(false);
    last.forget();
    expect(last.isSame('a')).toBe(false);
  });

  it('must be a good table to begin with', () => {
    const folder = temporaryFolder();
    const at = (bytes: Uint8Array) => {
      writeFileSync(join(folder, 'a'), bytes);
      return () => watchTable(join(folder, 'a')).close();
    };
    expect(codeOf(() => watchTable(join(folder, 'none')))).toBe('missing');
    expect(codeOf(() => watchTable(folder))).toBe('unreadable');
    expect(codeOf(at(damage(first)))).toBe('damaged');
    expect(codeOf(at(first.subarray(0, 50)))).toBe('truncated');
    expect(codeOf(at(Buffer.from('a text, no table')))).toBe('not-a-table');
    expect(() => watchTable(join(folder, 'a'), { interval: 0 })).toThrow(RangeError);
  });

  it('must be of the policy that is asked for', async () => {
    const { path, table, told } = watched({ policy: 'ana' });
    replaceFile(path, makeTable('ben', '2.0.0', { member: 'ana', mayEdit: true }));
    expect(await table.check()).toBe('refused');
    expect(told).toEqual(['refused other-policy, found 2.0.0, in force 1.0.0']);
    expect(codeOf(() => watchTable(path, { policy: 'ana' }))).toBe('other-policy');
  });

  it('says nothing after it was closed', async () => {
    const { path, table, told } = watched();
    replaceFile(path, second);
    const look = table.check();
    table.close();
    expect(await look).toBe('same');
    expect(await table.check()).toBe('same');
    expect(told).toEqual([]);
    expect(table.table.policy.version).toBe('1.0.0');
  });
});

describe('another source', () => {
  /** Gives what `next` holds: bytes, null, or an error to throw. */
  async function sourced(options: WatchOptions = {}) {
    const source = { next: first as Uint8Array | Error | null, reads: 0 };
    const read = async () => {
      source.reads++;
      if (source.next instanceof Error) throw source.next;
      return source.next;
    };
    const table = await watchTable({ read, interval: 1e9 }, options);
    return { source, table, told: eventsOf(table) };
  }

  it('has the same guarantees', async () => {
    const { source, table, told } = await sourced();
    expect(await table.check()).toBe('same');
    source.next = damage(second);
    expect([await table.check(), await table.check()]).toEqual(['waiting', 'refused']);
    source.next = older;
    expect(await table.check()).toBe('refused');
    source.next = second;
    expect(await table.check()).toBe('changed');
    expect(told).toEqual([
      'refused damaged, found no table, in force 1.0.0',
      'refused downgrade, found 0.9.0, in force 1.0.0',
      'changed 1.0.0 to 1.1.0',
    ]);
  });

  it('may fail, in other words each time', async () => {
    const { source, table, told } = await sourced();
    source.next = new Error('request 1 failed');
    expect(await table.check()).toBe('waiting');
    source.next = new Error('request 2 failed');
    expect(await table.check()).toBe('failed');
    expect(table.problem?.message).toBe('the source cannot be read: request 2 failed');
    source.next = null;
    expect(await table.check()).toBe('same');
    expect(table.problem).toBe(null);
    expect(told).toEqual(['error unreadable']);
  });

  it('may say that nothing is new, which makes nothing good that was not', async () => {
    const { source, table, told } = await sourced();
    source.next = damage(second);
    expect(await table.check()).toBe('waiting');
    source.next = null;
    expect(await table.check()).toBe('refused');
    expect(told).toEqual(['refused damaged, found no table, in force 1.0.0']);
  });

  it('may use its buffer again', async () => {
    const buffer = Buffer.from(first);
    const table = await watchTable({ read: () => buffer, interval: 1e9 });
    onTestFinished(() => table.close());
    const user = table.table.user('ana');
    buffer.fill(255);
    expect(user.can('note.view', { owner: 'ana' })).toBe(true);
    expect(table.table.verify()).toBe(true);
  });

  it('is given up when it takes too long, and may answer the next time', async () => {
    let answer: Promise<Uint8Array> = Promise.resolve(first);
    const signals: AbortSignal[] = [];
    const read = (signal: AbortSignal) => {
      signals.push(signal);
      return answer;
    };
    const table = await watchTable({ read }, { interval: 1e9, timeout: 1 });
    const told = eventsOf(table);
    answer = new Promise(() => {});
    expect([await table.check(), await table.check()]).toEqual(['waiting', 'failed']);
    expect(told).toEqual(['error timeout']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, true]);
  });

  it('is read once at a time, and again for whoever asks meanwhile', async () => {
    const { source, table } = await sourced();
    const looks = [table.check(), table.check(), table.check()];
    source.next = second;
    expect(await Promise.all(looks)).toEqual(['same', 'changed', 'changed']);
    expect(source.reads).toBe(3);
  });

  it('must give a table to begin with', async () => {
    const code = async (given: unknown) => {
      const read = () => given as Uint8Array;
      return watchTable({ read }).then(String, (error: SourceError) => error.code);
    };
    expect(await code(null)).toBe('missing');
    expect(await code('text')).toBe('unreadable');
    expect(await code(damage(first))).toBe('damaged');
  });
});

describe('a process', () => {
  const run = (script: string, folder: string) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' });
  const node = pathToFileURL(join(root, 'dist/node.js')).href;

  it('ends though a table is watched and a store is open', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ana.chaperone'), first);
    const script = `import { openStore, watchTable } from '${node}';
      openStore('.').table('ana');
      console.log(watchTable('ana.chaperone', { interval: 1e6 }).table.policy.name);`;
    expect(run(script, folder)).toMatchObject({ stdout: 'ana\n', stderr: '', status: 0 });
  });

  it('hears of a change without asking', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ana.chaperone'), first);
    writeFileSync(join(folder, 'next'), second);
    const script = `import { once } from 'node:events';
      import { renameSync } from 'node:fs';
      import { watchTable } from '${node}';
      const watched = watchTable('ana.chaperone', { interval: 5 });
      const alive = setTimeout(() => {}, 60_000);
      renameSync('next', 'ana.chaperone');
      const [{ to }] = await once(watched, 'changed');
      clearTimeout(alive);
      console.log(to.version, watched.table.policy.version);`;
    expect(run(script, folder)).toMatchObject({ stdout: '1.1.0 1.1.0\n', stderr: '', status: 0 });
    expect(readFileSync(join(folder, 'ana.chaperone')).length).toBe(second.length);
  });
});
