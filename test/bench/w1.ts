import type { Table } from '../../src/runtime/index.ts';
import { createCompany } from './clinic/company.ts';
import { enginesByHand, floorEngine } from './clinic/engines-by-hand.ts';
import { enginesOfModule, enginesOfTable } from './clinic/engines-of-chaperone.ts';
import { loadHandWritten } from './clinic/hand.ts';
import { writePractice } from './clinic/practice.ts';
import { makeWorld, type World } from './clinic/world.ts';
import { peersOfClinic } from './peers/index.ts';
import { compileSources, loadTable } from './product.ts';
import { type Engine, measureEngines } from './rounds.ts';
import type { Findings, Options, Workload } from './workload.ts';

/** Node 20 loses itself in hot loops around WebAssembly without it; it concerns nobody else. */
export const flagsOfPeers = ['--no-turbo-inline-js-wasm-calls'];

export const w1: Workload = {
  name: 'w1',
  title: 'A clinic: 4 roles, 60 actions, 200 users, 2,000 records, 10,000 requests',
  steps: [
    { name: 'alone', flags: flagsOfPeers, run: measureAlone },
    { name: 'with company', run: measureWithCompany },
    {
      name: 'allocation',
      flags: ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'],
      run: measureAllocation,
    },
  ],
};

async function measureAlone(options: Options): Promise<Findings> {
  const { world, byHand, ofChaperone, notes } = await prepare(options);
  const peers = options.peers ? await peersOfClinic(world, options.folder) : { engines: [], notes: [] };
  const engines = [...byHand, floorEngine(world), ...ofChaperone, ...peers.engines];
  try {
    const measured = await measureEngines(engines, world.expected, options);
    return { ...measured, notes: [...notes, ...peers.notes] };
  } finally {
    for (const { close } of engines) await close?.();
  }
}

/** Engines of this process are named so, and compared with the function by hand in it. */
async function measureWithCompany(options: Options): Promise<Findings> {
  const { world, byHand, ofChaperone } = await prepare(options);
  const company = createCompany();
  for (let times = 0; times < 50; times++) company();
  const named = ofChaperone.map((engine): Engine => ({ ...engine, name: `${engine.name}-with-company` }));
  const measured = await measureEngines([...byHand, ...named], world.expected, { ...options, between: company });
  const isOwn = ([name]: [string, unknown]) => name.endsWith('-with-company');
  return { ...measured, engines: Object.fromEntries(Object.entries(measured.engines).filter(isOwn)) };
}

/** Bytes that 10 million calls leave behind. */
async function measureAllocation(options: Options): Promise<Findings> {
  const { world, ofChaperone } = await prepare(options);
  const figures: Record<string, number> = {};
  const out = new Uint8Array(world.requests.length);
  for (const { name, answer } of ofChaperone) {
    if (name === 'chaperone-decide') continue; // it makes decisions, which are objects
    for (let pass = 0; pass < 50; pass++) await answer(0, out.length, out);
    globalThis.gc?.();
    let allocated = 0;
    // In portions smaller than what a collection would hide.
    for (let portion = 0; portion < 20; portion++) {
      const before = process.memoryUsage().heapUsed;
      for (let pass = 0; pass < 500_000 / out.length; pass++) answer(0, out.length, out);
      allocated += Math.max(0, process.memoryUsage().heapUsed - before);
    }
    figures[`${name}, bytes allocated a call over 10 million calls`] = allocated / 10_000_000;
  }
  return { figures };
}

interface Prepared {
  readonly world: World;
  readonly table: Table;
  readonly byHand: readonly Engine[];
  readonly ofChaperone: readonly Engine[];
  readonly notes: readonly string[];
}

async function prepare({ seed, folder }: Options): Promise<Prepared> {
  const world = makeWorld(seed);
  const sources = writePractice(world.clinic);
  const table = loadTable(compileSources(sources));
  const hand = await loadHandWritten(world.clinic, folder);
  const module = await enginesOfModule(world, sources, folder);
  const notes =
    module.length === 0 ? ['this build has no `compile --target module`: the emitted module is left out'] : [];
  return {
    world,
    table,
    byHand: enginesByHand(world, hand),
    ofChaperone: [...enginesOfTable(world, table), ...module],
    notes,
  };
}
