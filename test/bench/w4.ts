import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSources } from './clinic/engines-of-chaperone.ts';
import { writeRoles } from './compiling/roles.ts';
import { cliFile, runFresh } from './product.ts';
import { project } from './project.ts';
import { median } from './rounds.ts';
import type { Findings, Options, Workload } from './workload.ts';

const sizes = [10, 100, 1_000, 10_000];
const phases = ['parse', 'resolve', 'lower', 'check', 'emit'];
const bundles = dirname(fileURLToPath(import.meta.url));

export const w4: Workload = {
  name: 'w4',
  title: 'Compile: policies of 10, 100, 1,000 and 10,000 roles, each in a fresh process',
  steps: [
    { name: 'compile', run: measureCompile },
    { name: 'cold check', run: measureCheck },
  ],
};

type Times = Readonly<Record<string, number>>;

function measureCompile(options: Options): Findings {
  const folders = sizes.map((size) => join(options.folder, `roles-${size}`));
  sizes.forEach((size, index) => {
    writeSources(writeRoles(size, options.seed), folders[index] as string);
  });
  const rounds = Array.from({ length: Math.max(3, Math.ceil(options.rounds / 20)) }, () =>
    folders.map((folder) => ({
      yaml: runFresh([], join(bundles, 'once.mjs'), ['yaml', folder]) as Times,
      chaperone: runFresh([], join(bundles, 'once.mjs'), ['chaperone', folder]) as Times,
      phases: runFresh([], join(bundles, 'once.mjs'), ['phases', folder]) as Times,
    })),
  );
  const figures: Record<string, number> = {};
  const over = (size: number, of: (yaml: Times, chaperone: Times, phases: Times) => number) =>
    median(
      rounds.flatMap((round) => {
        const times = round[size];
        return times ? [of(times.yaml, times.chaperone, times.phases)] : [];
      }),
    );
  const roles = (index: number) => `${sizes[index]?.toLocaleString('en')} roles`;
  sizes.forEach((_, index) => {
    figures[`milliseconds to read with \`yaml\`, ${roles(index)}`] = over(index, (yaml) => at(yaml, 'total'));
    figures[`milliseconds to compile, ${roles(index)}`] = over(index, (_yaml, all) => at(all, 'total'));
    figures[`besides reading, to reading with \`yaml\`, ${roles(index)}`] = over(
      index,
      (yaml, all) => (at(all, 'total') - at(yaml, 'total')) / at(yaml, 'total'),
    );
    for (const phase of phases)
      figures[`milliseconds to ${phase}, ${roles(index)}`] = over(index, (_yaml, _all, ofPhases) =>
        at(ofPhases, phase),
      );
    if (index === 0) return;
    const growth = rounds.map(
      (round) => at(round[index]?.chaperone, 'total') / at(round[index - 1]?.chaperone, 'total'),
    );
    figures[`growth from ${sizes[index - 1]?.toLocaleString('en')} to ${roles(index)}`] = median(growth);
  });
  return { figures };
}

function at(times: Times | undefined, name: string): number {
  return times?.[name] ?? Number.NaN;
}

/** A person's own check of one clinic, process start included, against loading the libraries and parsing the files. */
function measureCheck(options: Options): Findings {
  const clinic = join(project, 'examples/harbour-physio');
  const files = readdirSync(clinic)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(clinic, name));
  const catalog = join(project, 'policies/power-diary/1.0.0/catalog.yaml');
  const times: Record<'bare' | 'check', number[]> = { bare: [], check: [] };
  for (let round = 0; round < Math.max(7, options.rounds / 5); round++) {
    times.bare.push(timeProcess([join(bundles, 'bare-parse.mjs'), ...files, catalog]));
    times.check.push(timeProcess([cliFile, 'check', clinic]));
  }
  return {
    figures: {
      'milliseconds of `check` of a clinic, process start included': median(times.check),
      'milliseconds of a script that only parses it': median(times.bare),
      '`check` of a clinic to a script that only parses it': median(
        times.check.map((time, round) => time / (times.bare[round] as number)),
      ),
    },
  };
}

function timeProcess(words: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: project });
  if (status !== 0) throw new Error(`${words[0]} ends with ${status}: ${stderr}`);
  return performance.now() - start;
}
