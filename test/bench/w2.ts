import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sectionNames } from '../../src/runtime/format.ts';
import type { Table } from '../../src/runtime/index.ts';
import { openFile } from '../../src/runtime/open.ts';
import { loadTable, readText } from './product.ts';
import { type Engine, measureEngines, median, timeEngines } from './rounds.ts';
import { type Bitsets, buildBits, buildMembers, can, type MembersJson, type PolicyJson } from './scale/hand.ts';
import { answerQuestions, makeQuestions, makeScale, type Question, type Scale } from './scale/model.ts';
import { buildTable } from './scale/table.ts';
import type { Findings, Options, Workload } from './workload.ts';

const members = 100_000;
const questions = 100_000;
/** Names of the files that the steps share; `small` has a tenth of the members. */
const sizes = [
  { name: '100', roles: 100, members },
  { name: '1,000', roles: 1_000, members },
  { name: '10,000', roles: 10_000, members },
  { name: 'small', roles: 1_000, members: members / 10 },
  { name: 'empty', roles: 1_000, members: 0 },
];

export const w2: Workload = {
  name: 'w2',
  title: '1,000 roles x 500 actions, 200,000 grants, 100,000 members; and 10 times fewer and more roles',
  steps: [
    ...sizes.map(({ name }) => ({
      name: `build ${name}`,
      flags: ['--max-old-space-size=8000'],
      run: (options: Options) => build(name, options),
    })),
    { name: 'decisions', run: measureDecisions },
    { name: 'growth', run: measureGrowth },
    { name: 'opening', flags: ['--expose-gc'], run: measureOpening },
  ],
};

/** Writes the table, and the JSON that an application without Chaperone would read. */
function build(name: string, options: Options): Findings {
  const scale = scaleOf(name, options);
  const start = performance.now();
  const bytes = buildTable(scale);
  const seconds = (performance.now() - start) / 1000;
  writeFileSync(fileOf(name, 'chaperone', options), bytes);
  const list = (columns: readonly number[]) => columns.map((column) => scale.actions[column]);
  const roles = Object.fromEntries(scale.roles.map((role) => [role.name, list(role.grants)]));
  const held = Object.fromEntries(
    scale.members.map((one) => [one.id, one.roles.map((role) => scale.roles[role]?.name)]),
  );
  writeFileSync(fileOf(name, 'policy.json', options), JSON.stringify({ actions: scale.actions, roles }));
  writeFileSync(fileOf(name, 'members.json', options), JSON.stringify(held));
  if (name === 'small' || name === 'empty') return {};
  const figures = {
    [`seconds to lower and write the table, ${name} roles`]: seconds,
    [`bytes a cell, ${name} roles`]: bytesBesidesMembers(bytes) / (scale.roles.length * scale.actions.length),
  };
  return { figures };
}

async function measureDecisions(options: Options): Promise<Findings> {
  const scale = scaleOf('1,000', options);
  const asked = makeQuestions(scale, questions, options.seed);
  const table = openTable('1,000', options);
  const bitsets = readBitsets('1,000', options);
  const measured = await measureEngines(
    [
      asRequests(asked, (own) => handEngine(own, bitsets)),
      asRequests(asked, (own) => tableEngine('chaperone', own, table)),
    ],
    answerQuestions(scale, asked),
    options,
  );
  const known = await timeEngines(
    [handEngine(asked, bitsets), tableEngine('chaperone', asked, table)],
    questions,
    options,
  );
  return {
    ...measured,
    figures: {
      'decision to that by hand, asked with the same strings again': known.chaperone?.medianRatioToHand ?? Number.NaN,
    },
  };
}

/** Asks with strings that come out of each request's text, as those of a server do; none has been in a Map before. */
function asRequests(asked: readonly Question[], make: (questions: readonly Question[]) => Engine): Engine {
  const texts = asked.map((question) => JSON.stringify(question));
  const own = [...asked];
  return {
    ...make(own),
    prepare(from, to) {
      for (let i = from; i < to; i++) own[i] = JSON.parse(texts[i] as string) as Question;
    },
  };
}

/** The same table at three sizes, asked in turn. */
async function measureGrowth(options: Options): Promise<Findings> {
  const names = ['100', '1,000', '10,000'];
  const engines = names.map((name) => {
    const asked = makeQuestions(scaleOf(name, options), questions, options.seed);
    const table = openTable(name, options);
    return asRequests(asked, (own) => tableEngine(name, own, table));
  });
  const costs = await timeEngines(engines, questions, options);
  const ratio = (to: string) => costs[to]?.medianRatioToHand ?? Number.NaN;
  return {
    figures: {
      'decision at 1,000 roles to one at 100 roles': ratio('1,000'),
      'decision at 10,000 roles to one at 100 roles': ratio('10,000'),
    },
  };
}

/** Read, view, checksum and bounds against read, parse and put into a Map; then what members take. */
function measureOpening(options: Options): Findings {
  const times: Record<'open' | 'open small' | 'build', number[]> = { open: [], 'open small': [], build: [] };
  const roles = new Map(makeScale(1_000, 0, options.seed).roles.map(({ name }, index) => [name, index]));
  for (let round = 0; round < Math.min(20, options.rounds); round++) {
    time(times.open, () => openTable('1,000', options));
    time(times['open small'], () => openTable('small', options));
    time(times.build, () => {
      const json = JSON.parse(readText(fileOf('1,000', 'members.json', options))) as MembersJson;
      return buildMembers(json, roles);
    });
  }
  const ratios = (a: readonly number[], b: readonly number[]) =>
    median(a.map((one, round) => one / (b[round] as number)));
  const whole = readFileSync(fileOf('1,000', 'chaperone', options));
  const empty = readFileSync(fileOf('empty', 'chaperone', options));
  // Half of `names` says where names begin.
  const strings = (bytes: Uint8Array) =>
    sizeOf(bytes, (name) => name === 'units' || name === 'texts' || name === 'nameUnits') +
    sizeOf(bytes, (name) => name === 'names') / 2;
  const withoutStrings = (bytes: Uint8Array) => sizeOf(bytes) - strings(bytes);
  return {
    figures: {
      'milliseconds to open the table, 1,000 roles': median(times.open),
      'milliseconds to build the Map of members': median(times.build),
      'building the Map to opening the table': ratios(times.build, times.open),
      'opening 100,000 members to opening 10,000': ratios(times.open, times['open small']),
      'bytes of the table, 1,000 roles': sizeOf(whole),
      'bytes a member besides strings': (withoutStrings(whole) - withoutStrings(empty)) / members,
      'bytes a member of strings': (strings(whole) - strings(empty)) / members,
    },
  };
}

function handEngine(asked: readonly Question[], bitsets: Bitsets): Engine {
  return {
    name: 'hand',
    answer(from, to, out) {
      for (let i = from; i < to; i++) {
        const { id, action } = asked[i] as Question;
        out[i] = can(bitsets, id, action) ? 1 : 0;
      }
    },
  };
}

function tableEngine(name: string, asked: readonly Question[], table: Table): Engine {
  return {
    name,
    answer(from, to, out) {
      for (let i = from; i < to; i++) {
        const { id, action } = asked[i] as Question;
        out[i] = table.user(id).can(action) ? 1 : 0;
      }
    },
  };
}

function scaleOf(name: string, { seed }: Options): Scale {
  const size = sizes.find((one) => one.name === name);
  return makeScale(size?.roles ?? 0, size?.members ?? 0, seed);
}

function readBitsets(name: string, options: Options): Bitsets {
  const policy = JSON.parse(readText(fileOf(name, 'policy.json', options))) as PolicyJson;
  const roles = new Map(Object.keys(policy.roles).map((role, index) => [role, index]));
  const json = JSON.parse(readText(fileOf(name, 'members.json', options))) as MembersJson;
  return { ...buildBits(policy), members: buildMembers(json, roles) };
}

function openTable(name: string, options: Options): Table {
  return loadTable(readFileSync(fileOf(name, 'chaperone', options)));
}

function fileOf(name: string, kind: string, { shared }: Options): string {
  return join(shared, `scale-${name}.${kind}`);
}

function time(times: number[], run: () => unknown): void {
  globalThis.gc?.();
  const start = performance.now();
  run();
  times.push(performance.now() - start);
}

/** Bytes of the sections that `counts` picks, by their names in the format. */
function sizeOf(bytes: Uint8Array, counts: (section: string) => boolean = () => true): number {
  const { sections } = openFile(bytes);
  return sectionNames.reduce((sum, name, place) => sum + (counts(name) ? (sections[place]?.byteLength ?? 0) : 0), 0);
}

function bytesBesidesMembers(bytes: Uint8Array): number {
  return sizeOf(bytes, (name) => !/^(member|name|held|assignment)/.test(name));
}
