import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '../../src/runtime/index.ts';
import { loadHandWritten } from './clinic/hand.ts';
import { makeClinic } from './clinic/model.ts';
import { writePractice } from './clinic/practice.ts';
import { makeWorld, type World } from './clinic/world.ts';
import { compileSources, loadTable } from './product.ts';
import { importFile, project } from './project.ts';
import { seeded } from './random.ts';
import { type Cost, type Engine, median, timeEngines } from './rounds.ts';
import type { Findings, Options, Workload } from './workload.ts';

/** How many practices differ; the tenants share their files by hard links, so that the disk holds them. */
const distinct = 20;
const open = 10_000;
const usersOfTenant = 20;

export const w6: Workload = {
  name: 'w6',
  title: 'Many practices: tables of a vendor’s tenants on disk, requests skewed (Zipf)',
  steps: [
    { name: 'memory', flags: ['--expose-gc'], run: (options) => measureMemory(options, '') },
    {
      name: 'memory without explanations',
      flags: ['--expose-gc'],
      run: (options) => measureMemory(options, ', tables without explanations'),
    },
    { name: 'hot tenant', run: measureHotTenant },
  ],
};

/** As `chaperone/node` gives it. */
interface Store {
  table(tenant: string): Table;
  close?(): void;
}

type OpenStore = (folder: string, options: { readonly maxBytes: number }) => Store;

const absent: Findings = { notes: ['this build has no `openStore`: tenants are not measured'] };

async function findStore(): Promise<OpenStore | null> {
  const node = (await importFile(join(project, 'dist/node.js'))) as { readonly openStore?: OpenStore };
  return node.openStore ?? null;
}

/** 10,000 tenants opened and asked once each; the memory is that of the whole process. */
async function measureMemory(options: Options, strip: string): Promise<Findings> {
  const openStore = await findStore();
  if (!openStore) return strip === '' ? absent : {};
  const folder = writeTenants(options, strip !== '');
  const store = openStore(folder, { maxBytes: 1 << 30 });
  const times: number[] = [];
  store.table(tenant(0)).user('user-0').can('profile.view', {});
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  for (let index = 0; index < open; index++) {
    const start = performance.now();
    const table = store.table(tenant(index));
    times.push(performance.now() - start);
    table.user('user-0').can('profile.view', {});
  }
  globalThis.gc?.();
  const megabytes = process.memoryUsage().rss / 2 ** 20;
  store.close?.();
  return {
    figures: {
      [`MB of memory for 10,000 open tenants${strip}`]: megabytes,
      [`KB of memory a tenant${strip}`]: ((megabytes - before / 2 ** 20) * 1024) / open,
      [`milliseconds to open a tenant, median${strip}`]: median(times),
    },
  };
}

/** The same requests to one table, before any other was open, and to the most asked tenant of a busy store. */
async function measureHotTenant(options: Options): Promise<Findings> {
  const openStore = await findStore();
  if (!openStore) return {};
  const world = makeTenantWorld(options.seed);
  const hand = await loadHandWritten(world.clinic, options.folder);
  const byHand: Engine = {
    name: 'hand',
    answer(from, to, out) {
      for (let i = from; i < to; i++) {
        const { user, action, resource } = world.requests[i] as World['requests'][0];
        out[i] = hand.can(user, action, resource) ? 1 : 0;
      }
    },
  };
  const count = world.requests.length;
  const single = loadTable(compileSources(writePractice(world.clinic)));
  const alone = await timeEngines([byHand, singleEngine(world, single)], count, options);

  const store = openStore(writeTenants(options, false), { maxBytes: 64 << 20 });
  const ask = zipf(options);
  const serve = () => {
    for (let times = 0; times < 200; times++) store.table(tenant(ask())).user('user-1').can('note.view', {});
  };
  for (let times = 0; times < 50; times++) serve();
  const start = performance.now();
  serve();
  const mixed = (performance.now() - start) / 200;
  const busy = await timeEngines([byHand, storeEngine(world, store)], count, { ...options, between: serve });
  store.close?.();
  const singleCost = alone['single-table'] as Cost;
  const storeCost = busy.store as Cost;
  const ratio = storeCost.medianRatioToHand / singleCost.medianRatioToHand;
  return {
    engines: { ...alone, store: { ...storeCost, medianRatioTo: { 'single-table': ratio } } },
    figures: { 'milliseconds a request, Zipf over all tenants, 64 MB of tables': mixed },
  };
}

function singleEngine({ requests }: World, table: Table): Engine {
  return {
    name: 'single-table',
    answer(from, to, out) {
      for (let i = from; i < to; i++) {
        const { user, action, resource } = requests[i] as World['requests'][0];
        out[i] = table.user(user.id).can(action, resource) ? 1 : 0;
      }
    },
  };
}

/** The table is taken from the store for every request, as a server would. */
function storeEngine({ requests }: World, store: Store): Engine {
  return {
    name: 'store',
    answer(from, to, out) {
      for (let i = from; i < to; i++) {
        const { user, action, resource } = requests[i] as World['requests'][0];
        out[i] = store.table('tenant-0').user(user.id).can(action, resource) ? 1 : 0;
      }
    },
  };
}

/** A small clinic: its requests are those of its own users. */
function makeTenantWorld(seed: number): World {
  const world = makeWorld(seed);
  const users = world.clinic.users.slice(0, usersOfTenant);
  const kept = world.requests
    .map((_, index) => index)
    .filter((index) => users.some((user) => user === world.requests[index]?.user));
  return {
    ...world,
    clinic: { ...world.clinic, users },
    requests: kept.map((index) => world.requests[index] as World['requests'][0]),
    expected: Uint8Array.from(kept, (index) => world.expected[index] as number),
  };
}

function tenantCount({ quick }: Options): number {
  return quick ? 10_000 : 100_000;
}

function tenant(index: number): string {
  return `tenant-${index}`;
}

/** A file a tenant; the first of them is the clinic that is asked most. */
function writeTenants(options: Options, strip: boolean): string {
  const folder = join(options.folder, 'tenants');
  mkdirSync(folder, { recursive: true });
  const path = (index: number) => join(folder, `${tenant(index)}.chaperone`);
  for (let index = 0; index < distinct; index++) {
    const clinic = makeClinic(options.seed + index);
    const sources = writePractice({ ...clinic, users: clinic.users.slice(0, usersOfTenant) });
    writeFileSync(path(index), compileSources(sources, strip));
  }
  for (let index = distinct; index < tenantCount(options); index++) linkSync(path(index % distinct), path(index));
  return folder;
}

/** Draws tenants so that the k-th is asked in proportion to 1 / k. */
function zipf(options: Options): () => number {
  const count = tenantCount(options);
  const random = seeded(options.seed);
  const sums = new Float64Array(count);
  for (let index = 0, sum = 0; index < count; index++) {
    sum += 1 / (index + 1);
    sums[index] = sum;
  }
  return () => {
    const wanted = random.fraction() * (sums[count - 1] as number);
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
