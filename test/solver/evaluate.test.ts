import { expect, test } from 'vitest';
import { quickOf } from '../../src/emit/atoms.ts';
import { ask, createTest, isSure, type Test, truthOf } from '../../src/runtime/atom.ts';
import {
  OF_CONSTANT,
  OF_LOOKUP,
  OF_SLOT,
  operators,
  STRING,
  scalarTypes,
  sources,
  ZONE,
} from '../../src/runtime/format.ts';
import type { Operand } from '../../src/runtime/operand.ts';
import type { Asker, Slots } from '../../src/runtime/reading.ts';
import { ALL as ALL_AT_RUN_TIME } from '../../src/runtime/texts.ts';
import type { World } from '../../src/runtime/world.ts';
import { evaluateAtom, slotKey } from '../../src/solver/evaluate.ts';
import { ALL, type Atom, type Constant, type Request, type Term } from '../../src/solver/index.ts';
import { makeDraft, random } from './generate.ts';

const seed = Number(process.env.CHAPERONE_SEED ?? 20_260_501);
const truths = ['false', 'true', 'unknown'];

test('the evaluator says what the runtime says, also of missing values and wrong types', () => {
  const choose = random(seed);
  const seen = new Map<string, number>();
  for (let run = 0; run < 4000; run++) {
    const { literals, options, places, offset } = makeDraft(choose);
    const zone = { instants: [Number.NEGATIVE_INFINITY, 1_709_100_000_000], offsets: [offset, offset + 3_600_000] };
    const names = options.slots.map(({ name }) => name);
    const setup = {
      slots: new Map(options.slots.map(({ name, setting, keys }) => [slotKey(setting, keys), name])),
      zone,
    };
    const values = new Map(places.map(({ name, values }) => [name, anything(name, values, choose)]));
    const request = requestOf(values);
    const offsets = zone.instants.flatMap((instant, index) => [instant, zone.offsets[index]]);
    const world = {
      time: Float64Array.of(Number.NaN, Number.NaN),
      made: new Map([[ZONE, offsets]]),
    } as unknown as World;
    const asker: Asker = { id: request.user.id, attributes: request.user, world };
    const slots: Slots = names.map((name) => forTable(request.settings.get(name)));
    for (const { atom } of literals) {
      const test = testOf(atom, names);
      const wanted = truths[truthOf(test, asker, slots, request.resource, request.context)]!;
      // The quick way says the same wherever it is sure, and where it is not the atom is unknown.
      const quick = truths[ask(test, asker, slots, request.resource, request.context)]!;
      const trusted = isSure(test, slots, request.resource) ? quick : 'unknown';
      if (trusted !== wanted) throw new Error(`quickly ${trusted}, not ${wanted}: ${atom.text}`);
      const truth = evaluateAtom(atom, request, setup);
      seen.set(truth, (seen.get(truth) ?? 0) + 1);
      if (truth !== wanted)
        throw new Error(
          `${truth}, not ${wanted}: ${atom.text}\n${JSON.stringify(request)} ${[...request.settings].map(([name, value]) => `${name}=${String(value)}`)}`,
        );
    }
  }
  for (const truth of truths) expect(seen.get(truth), truth).toBeGreaterThan(1000);
});

/** In settings only what the compiler lets through. */
function anything(name: string, values: readonly unknown[], choose: (below: number) => number): unknown {
  if (name.startsWith('slot ') || choose(10) > 0) return values[choose(values.length)];
  return [undefined, null, 1.5, 'no date', '2024-02-30', '2024-02-29T10:00:00.5+01:00', {}, [1, 'a'], [null], true][
    choose(10)
  ];
}

function requestOf(values: ReadonlyMap<string, unknown>): Request {
  const roots: Record<string, unknown> = { user: {}, resource: {}, context: {} };
  const settings: [string, never][] = [];
  for (const [name, value] of values) {
    const [root = '', ...path] = name.split('.');
    if (name.startsWith('slot ')) {
      if (value !== undefined) settings.push([name.slice(5), value as never]);
      continue;
    }
    if (path.length === 0) roots[root] = value;
    let at = roots[root] as Record<string, unknown>;
    for (const step of path.slice(0, -1)) {
      if (typeof at?.[step] !== 'object' || at[step] === null) break;
      at = at[step] as Record<string, unknown>;
    }
    if (path.length > 0 && typeof at === 'object' && at !== null) at[path.at(-1)!] = value;
  }
  const { user, resource, context } = roots;
  return { user: user as Record<string, unknown>, resource, context, settings: new Map(settings) };
}

function forTable(value: unknown): never {
  if (value === ALL) return ALL_AT_RUN_TIME as never;
  const isDay = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
  return (isDay ? Date.parse(value) / 86_400_000 : value) as never;
}

function testOf(atom: Atom, names: readonly string[]): Test {
  const { operator, left, right, limit } = atom;
  const sides = [operandOf(left, names), right && operandOf(right, names)] as const;
  return createTest(operators.indexOf(operator), limit, ...sides, quickOf(atom as Parameters<typeof quickOf>[0]));
}

function operandOf(side: Term | Constant, names: readonly string[]): Operand {
  const none = { type: STRING, isSet: 0, name: '', months: 0, isDay: 0, choices: 0, tree: 0 };
  if (side.kind === 'constant') return { ...none, from: OF_CONSTANT, of: side.value };
  const { source, months } = side;
  const shape = {
    ...none,
    type: scalarTypes.indexOf(side.isDay ? 'date-time' : side.type.kind),
    isSet: Number(side.isSet),
    isDay: Number(side.isDay),
    months,
    choices: side.type.kind === 'enum' ? side.type.values : 0,
  };
  if (source.kind === 'slot') return { ...shape, from: OF_SLOT, of: names.indexOf(source.slot) };
  if (source.kind === 'attribute') {
    const isId = source.root === 'user' && source.path.join('.') === 'id';
    return { ...shape, from: sources.indexOf(isId ? 'user-id' : source.root), of: source.path };
  }
  const of = source.keys.map((key) =>
    operandOf(
      typeof key === 'string'
        ? { kind: 'constant', value: key }
        : {
            ...side,
            source: { kind: 'attribute', ...key },
            type: { kind: 'string' },
            isSet: false,
            isDay: false,
            months: 0,
          },
      names,
    ),
  );
  return { ...shape, from: OF_LOOKUP, of, tree: treeOf(source.setting, names) };
}

interface SlotTree {
  [key: string]: SlotTree | number;
}

function treeOf(setting: string, names: readonly string[]): SlotTree | number | undefined {
  const tree: SlotTree = {};
  names.forEach((name, slot) => {
    let at = tree;
    const steps = name.split('/');
    for (const step of steps.slice(0, -1)) {
      const next = (at[step] ?? {}) as SlotTree;
      at[step] = next;
      at = next;
    }
    at[steps.at(-1)!] = slot;
  });
  return tree[setting];
}
