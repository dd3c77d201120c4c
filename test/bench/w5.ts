import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { emitModule } from './clinic/engines-of-chaperone.ts';
import { writeHandWritten } from './clinic/hand.ts';
import { writePractice } from './clinic/practice.ts';
import { makeWorld } from './clinic/world.ts';
import { compileSources, runFresh, runtimeFile } from './product.ts';
import { project } from './project.ts';
import { costsOf, median } from './rounds.ts';
import { writeApplications } from './starting/applications.ts';
import type { FirstRequest } from './starting/request.ts';
import type { Findings, Options, Workload } from './workload.ts';

const bundles = dirname(fileURLToPath(import.meta.url));

export const w5: Workload = {
  name: 'w5',
  title: 'Start: import, load and first decision in a fresh process; sizes and memory',
  steps: [{ name: 'start', run: measureStart }],
};

interface Start {
  readonly milliseconds: number;
  /** Milliseconds for which a processor was busy: what a machine with other work does not change. */
  readonly processor: number;
  readonly megabytes: number;
  readonly allow: boolean;
}

function measureStart(options: Options): Findings {
  const { folder, peers } = options;
  const world = makeWorld(options.seed);
  const sources = writePractice(world.clinic);
  const bytes = compileSources(sources);
  const first = world.requests.find((_, index) => world.expected[index] === 1);
  if (!first) throw new Error('nothing is allowed');
  const { user, action, resource } = first;
  const request: FirstRequest = { clinic: { ...world.clinic, users: [user] }, user, action, resource };
  writeFileSync(join(folder, 'first-request.json'), JSON.stringify(request));
  writeFileSync(join(folder, 'hand.mjs'), writeHandWritten(world.clinic));
  writeFileSync(join(folder, 'clinic.chaperone'), bytes);
  emitModule(sources, folder);
  const applications = [...writeApplications(folder, project, peers)];
  const names = applications.map(([name]) => name);

  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  const found = new Map<string, Start[]>(names.map((name) => [name, []]));
  const starts = Math.max(7, Math.ceil(options.rounds / 5));
  const notes = new Set([`each engine was started ${starts} times, in turn`]);
  for (let round = 0; round < starts; round++) {
    for (let i = 0; i < applications.length; i++) {
      const [name, file] = applications[(i + round) % applications.length] as (typeof applications)[0];
      const start = startFresh(name, file, folder);
      if (start === null) {
        notes.add(`\`${name}\` does not start here and is left out`);
        continue;
      }
      times.get(name)?.push(start.milliseconds * 1e6);
      found.get(name)?.push(start);
    }
  }
  const started = [...times].filter(([, own]) => own.length > 0);
  const over = (name: string, pick: (start: Start) => number) => median((found.get(name) ?? []).map(pick));
  const figures = Object.fromEntries(
    started.flatMap(([name]) => [
      [`ms of processor time to the first decision, \`${name}\``, over(name, ({ processor }) => processor)],
      [`MB of memory after the first decision, \`${name}\``, over(name, ({ megabytes }) => megabytes)],
    ]),
  );
  const kilobytes = (content: Uint8Array) => gzipSync(content, { level: 9 }).length / 1000;
  return {
    engines: costsOf(new Map(started)),
    figures: {
      ...figures,
      'table, bytes': bytes.length,
      'table without explanations, bytes': compileSources(sources, true).length,
      'table, KB gzipped': kilobytes(bytes),
      'runtime, KB gzipped': kilobytes(readFileSync(runtimeFile)),
      'runtime without reasons, KB gzipped': kilobytes(readFileSync(join(project, 'dist/can.js'))),
    },
    notes: [...notes],
  };
}

/** An engine that denies has not read what it should have. */
function startFresh(name: string, application: string, folder: string): Start | null {
  try {
    const words = [application, join(folder, 'first-request.json')];
    const start = runFresh([], join(bundles, 'first-decision.mjs'), words) as Start;
    if (!start.allow) throw new Error(`\`${name}\` denies what is allowed`);
    return start;
  } catch (error) {
    if (name !== 'cerbos') throw error;
    return null;
  }
}
