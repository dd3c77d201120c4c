import type { User } from '../../src/runtime/index.ts';
import { type HandWritten, loadHandWritten } from './clinic/hand.ts';
import { isAllowed, kindOf, makeResources, type Person, type Resource, verbOf } from './clinic/model.ts';
import { writePractice } from './clinic/practice.ts';
import { makeWorld, type World } from './clinic/world.ts';
import { type Ability, caslAbility, caslFunctionAbility } from './peers/casl.ts';
import { compileSources, loadTable } from './product.ts';
import { type Engine, measureEngines } from './rounds.ts';
import type { Findings, Options, Workload } from './workload.ts';

const count = 100_000;

export const w3: Workload = {
  name: 'w3',
  title: 'Lists: which of 100,000 client records may this user see',
  steps: [{ name: 'list', run: measureList }],
};

async function measureList(options: Options): Promise<Findings> {
  const world = makeWorld(options.seed);
  const { user, action } = findSubject(world);
  const records = makeResources(world.clinic, count, options.seed + 3).map(
    (one): Resource => ({ ...one, kind: kindOf(action) }),
  );
  const expected = Uint8Array.from(records, (resource) => Number(isAllowed(world.clinic, { user, action, resource })));
  const table = loadTable(compileSources(writePractice(world.clinic)));
  const hand = await loadHandWritten(world.clinic, options.folder);
  const peers = options.peers
    ? [
        caslEngine(records, caslAbility(world.clinic, user), verbOf(action)),
        caslFunctionsEngine(records, caslFunctionAbility(world.clinic, user), verbOf(action)),
      ]
    : [];
  const engines = [
    hoistedEngine(records, hand, user),
    handEngine(records, hand, user, action),
    tableEngine(records, table.user(user.id), action),
    ...peers,
  ];
  const measured = await measureEngines(engines, expected, options);
  const share = expected.reduce((sum, one) => sum + one, 0) / count;
  return { ...measured, figures: { 'share of the records that the user sees': share } };
}

/**
 * A user with one role, which sees related records alone, and with tags, so that every condition has work; client
 * profiles where there is such a role, else records of another kind.
 */
function findSubject({ clinic }: World): { readonly user: Person; readonly action: string } {
  const found = clinic.roles.flatMap(({ name, related }) => {
    const holders = clinic.users.filter(({ roles }) => roles.length === 1 && roles[0] === name);
    const user = holders.sort((a, b) => b.tags.length - a.tags.length)[0];
    return user ? related.filter((action) => action !== clinic.prohibited).map((action) => ({ user, action })) : [];
  });
  const subject = found.find(({ action }) => kindOf(action) === 'profile') ?? found[0];
  if (!subject) throw new Error('nobody has one role alone');
  return subject;
}

/** An expert asks for the cell once and keeps nothing but the condition in the loop. */
function hoistedEngine(records: readonly Resource[], { isRelated }: HandWritten, user: Person): Engine {
  return {
    name: 'hand',
    answer(from, to, out) {
      for (let i = from; i < to; i++) out[i] = isRelated(user, records[i] as Resource) ? 1 : 0;
    },
  };
}

function handEngine(records: readonly Resource[], { can }: HandWritten, user: Person, action: string): Engine {
  return {
    name: 'hand-in-full',
    answer(from, to, out) {
      for (let i = from; i < to; i++) out[i] = can(user, action, records[i] as Resource) ? 1 : 0;
    },
  };
}

function tableEngine(records: readonly Resource[], user: User, action: string): Engine {
  return {
    name: 'chaperone',
    answer(from, to, out) {
      for (let i = from; i < to; i++) out[i] = user.can(action, records[i]) ? 1 : 0;
    },
  };
}

function caslEngine(records: readonly Resource[], ability: Ability, verb: string): Engine {
  return {
    name: 'casl',
    answer(from, to, out) {
      for (let i = from; i < to; i++) out[i] = ability.can(verb, records[i]) ? 1 : 0;
    },
  };
}

function caslFunctionsEngine(records: readonly Resource[], ability: Ability, verb: string): Engine {
  return {
    name: 'casl-functions',
    answer(from, to, out) {
      for (let i = from; i < to; i++) out[i] = ability.can(verb, records[i]) ? 1 : 0;
    },
  };
}
