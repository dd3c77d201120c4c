/** What a decision costs, in counts that are the same on every machine; `npm run bench` measures the time. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Compilation, compile } from '../../src/index.ts';
import { loadTable, type Table } from '../../src/runtime/index.ts';
import { type HandWritten, loadHandWritten } from './clinic/hand.ts';
import type { Person, Resource } from './clinic/model.ts';
import { writePractice } from './clinic/practice.ts';
import { makeWorld } from './clinic/world.ts';
import { makeScale } from './scale/model.ts';
import { buildTable } from './scale/table.ts';

const world = makeWorld(7);
const folder = mkdtempSync(join(tmpdir(), 'chaperone-guard-'));
let compiled: Compilation;
let table: Table;
let hand: HandWritten;

beforeAll(async () => {
  compiled = compileClinic(false);
  table = loadTable(compiled.table ?? new Uint8Array());
  hand = await loadHandWritten(world.clinic, folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function compileClinic(strip: boolean): Compilation {
  const sources = writePractice(world.clinic);
  return compile('practice.yaml', { read: (path) => sources.get(path.replace('./', '')) ?? null }, { strip });
}

describe('the clinic of the benchmark', () => {
  test('everybody agrees on every request', () => {
    const byTable = world.requests.map(({ user, action, resource }) => table.user(user.id).can(action, resource));
    const byHand = world.requests.map(({ user, action, resource }) => hand.can(user, action, resource));
    const expected = [...world.expected].map((one) => one === 1);
    expect(byTable).toEqual(expected);
    expect(byHand).toEqual(expected);
    const share = expected.filter((one) => one).length / expected.length;
    expect(share, 'requests that show little').toBeGreaterThan(0.3);
    expect(share, 'requests that show little').toBeLessThan(0.8);
  });

  test('its conditions are one diagram, shared by all roles', () => {
    const { atomOf, leaves, atoms } = compiled.diagrams ?? { atomOf: [], leaves: 0, atoms: [] };
    // Owner, tags, assigned, and protected.
    expect(atoms.map(({ text }) => text)).toHaveLength(4);
    // The chain of three, the chain behind the prohibition, the prohibition, and its own two forms for reasons.
    expect(atomOf.length - leaves).toBeLessThanOrEqual(11);
  });

  test('a decision meets four atoms at most', () => {
    expect(Math.max(...longestPaths(compiled))).toBeLessThanOrEqual(4);
  });

  test('the table is small', () => {
    // Numbers and names of members take 7 KB, texts of JSON 13 KB (12 KB where stripped), what explains 7 KB.
    expect(compiled.table?.length).toBeLessThanOrEqual(24_700);
    expect(compileClinic(true).table?.length).toBeLessThanOrEqual(15_900);
  });

  // Half more, since what an allow rests on is looked at again: it must be the resource's own.
  test('a decision reads few more facts than the function by hand', () => {
    const byTable = countReads((user, action, resource) => table.user(user.id).can(action, resource));
    const byHand = countReads((user, action, resource) => hand.can(user, action, resource));
    expect(byHand).toBeGreaterThan(world.requests.length / 2);
    expect(byTable / byHand).toBeLessThan(1.5);
  });

  // Far from what the benchmark asks for: this is to notice a decision that has become another algorithm.
  test('a decision takes less than ten times the function by hand', () => {
    const users = new Map(world.clinic.users.map((user) => [user, table.user(user.id)]));
    const byTable = fastest(() => {
      for (const { user, action, resource } of world.requests) users.get(user)?.can(action, resource);
    });
    const byHand = fastest(() => {
      for (const { user, action, resource } of world.requests) hand.can(user, action, resource);
    });
    expect(byTable / byHand).toBeLessThan(10);
  });
});

test('a table grows by a few bytes a cell and a member', () => {
  const size = (roles: number, members: number) => buildTable(makeScale(roles, members, 7)).length;
  const empty = size(20, 0);
  const actions = 500;
  // A cell is a byte for its node and one for its reasons; a role has its name, and two numbers as an assignment.
  expect((size(40, 0) - empty) / (20 * actions)).toBeLessThanOrEqual(2.1);
  // 8 bytes a slot of names, of which at most three quarters are taken; the name; 2 where it stands; what few hold by runs.
  expect((size(20, 2_000) - empty) / 2_000).toBeLessThanOrEqual(28);
});

/** Of every cell: the nodes on the longest way from its root to a leaf. */
function longestPaths({ diagrams }: Compilation): readonly number[] {
  if (!diagrams) return [Number.POSITIVE_INFINITY];
  const { lowOf, highOf, leaves, rows } = diagrams;
  const lengths: number[] = [];
  for (let node = 0; node < lowOf.length; node++) {
    const below = Math.max(lengths[lowOf[node] ?? 0] ?? 0, lengths[highOf[node] ?? 0] ?? 0);
    lengths.push(node < leaves ? 0 : 1 + below);
  }
  return rows.flat().map(({ decision }) => lengths[decision] ?? Number.POSITIVE_INFINITY);
}

/** How many attributes of resources all requests together look at. */
function countReads(ask: (user: Person, action: string, resource: Resource) => unknown): number {
  let reads = 0;
  const counted = (record: object): object => {
    const copy = {};
    for (const [name, value] of Object.entries(record)) {
      const inner = typeof value === 'object' && !Array.isArray(value) ? counted(value) : value;
      const get = () => {
        reads++;
        return inner;
      };
      Object.defineProperty(copy, name, { get, enumerable: true });
    }
    return copy;
  };
  for (const { user, action, resource } of world.requests) ask(user, action, counted(resource) as Resource);
  return reads;
}

/** Milliseconds of the best of many runs: what disturbs a run only ever makes it longer. */
function fastest(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 40; times++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
