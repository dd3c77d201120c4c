// npm run bench -- [--workload w1|w1-other|w2..w6|all] [--seed N] [--rounds N] [--quick] [--json FILE] [--markdown FILE] [--peers]

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge, type Report, toMarkdown } from './report.ts';
import { w1 } from './w1.ts';
import { w1Other } from './w1-other.ts';
import { w2 } from './w2.ts';
import { w3 } from './w3.ts';
import { w4 } from './w4.ts';
import { w5 } from './w5.ts';
import { w6 } from './w6.ts';
import { type Findings, join, type Options, type Workload } from './workload.ts';

const workloads: readonly Workload[] = [w1, w1Other, w2, w3, w4, w5, w6];

const { values: given } = parseArgs({
  options: {
    workload: { type: 'string', default: 'all' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    json: { type: 'string' },
    markdown: { type: 'string' },
    /** Of a fresh process that this one starts: which step, and where its findings go. */
    step: { type: 'string' },
    findings: { type: 'string' },
  },
});

const folder = process.env.CHAPERONE_BENCH_FOLDER ?? mkdtempSync(joinPath(tmpdir(), 'chaperone-bench-'));
const options: Options = {
  seed: wholeNumber('seed', given.seed),
  rounds: wholeNumber('rounds', given.rounds ?? (given.quick ? '60' : '200')),
  quick: given.quick,
  peers: given.peers,
  folder,
  shared: process.env.CHAPERONE_BENCH_SHARED ?? folder,
};
const chosen = workloads.filter(({ name }) => given.workload === 'all' || given.workload === name);
if (chosen.length === 0) {
  console.error(`there is no workload \`${given.workload}\`: ${workloads.map(({ name }) => name).join(', ')} or all`);
  process.exit(2);
}

if (given.step !== undefined && given.findings !== undefined) {
  const step = chosen[0]?.steps.find(({ name }) => name === given.step);
  writeFileSync(given.findings, JSON.stringify((await step?.run(options)) ?? {}));
} else {
  report(chosen.map(runWorkload));
}

function runWorkload(workload: Workload): Report {
  const findings = join(workload.steps.map((step, index) => runStep(workload, step, index)));
  const { name, title } = workload;
  return {
    workload: name,
    title,
    seed: options.seed,
    rounds: options.rounds,
    ...findings,
    targets: judge(name, findings),
  };
}

/** In a fresh process, with a folder of its own. */
function runStep(
  { name: workload }: Workload,
  { name: step, flags = [] }: Workload['steps'][0],
  index: number,
): Findings {
  console.error(`${workload}: ${step}`);
  const own = joinPath(folder, `${workload}-${index}`);
  mkdirSync(own, { recursive: true });
  const findings = joinPath(own, 'findings.json');
  const words = ['--workload', workload, '--step', step, '--findings', findings, '--seed', String(options.seed)];
  words.push('--rounds', String(options.rounds));
  if (options.quick) words.push('--quick');
  if (options.peers) words.push('--peers');
  const { status } = spawnSync(process.execPath, [...flags, fileURLToPath(import.meta.url), ...words], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CHAPERONE_BENCH_FOLDER: own, CHAPERONE_BENCH_SHARED: options.shared },
  });
  if (status !== 0) process.exit(3);
  return JSON.parse(readFileSync(findings, 'utf8')) as Findings;
}

/** A single workload is one object, all of them are a list. Engines that disagree are an error. */
function report(reports: readonly Report[]): void {
  const markdown = toMarkdown(reports);
  if (given.markdown === undefined) process.stdout.write(markdown);
  else writeFileSync(given.markdown, markdown);
  const [single] = reports;
  const json = given.workload === 'all' ? { seed: options.seed, workloads: reports } : single;
  if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify(json, null, 2)}\n`);
  if (reports.some(({ agreement }) => agreement.disagreements > 0)) process.exitCode = 1;
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`--${name} takes a whole number from 1, not \`${text}\``);
  process.exit(2);
}
