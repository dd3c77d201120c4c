/** Values that an application may send for a fact: right ones, and wrong ones. */
import type { Policy, Type } from '../../src/resolve/policy.ts';
import { days, instants, lists, texts, wholes } from './vocabulary.ts';

/** Stands for a fact that is not there. */
export const absent = Symbol('absent');

export const clock = Date.UTC(2026, 4, 1, 12);
export const clocks = [
  clock,
  Date.UTC(2026, 4, 1) - 1,
  Date.UTC(2026, 3, 30, 14),
  Date.UTC(2026, 4, 2, 4),
  Date.UTC(2027, 0, 1),
];

const farInstants = [-1, 0, '1950-07-01T13:30:00Z', '2099-07-01T13:30:00Z', '1883-11-18T17:00:00Z'];
/** Months and milliseconds of the durations in conditions: an earlier value by one of them meets a constant. */
const shifts = [
  [0, 86_400_000],
  [0, 14 * 86_400_000],
  [1, 0],
  [14, 0],
  [18 * 12, 0],
  [0, 5_400_000],
  [0, 1_000],
] as const;

export function right(type: Type, policy: Policy): unknown[] {
  switch (type.kind) {
    case 'bool':
      return [true, false];
    case 'int':
      return [...wholes, ...wholes.map((whole) => whole + 1), -0, Number.MAX_SAFE_INTEGER];
    case 'string':
      return ['north', 'p1', 'u1', ...[...policy.members.values()].map(({ id }) => id), ...texts, 'notes', 'elsewhere'];
    case 'enum':
      return [...type.values];
    case 'list':
      return [...(policy.valueLists.get(type.name) ?? lists.get(type.name) ?? []), 'elsewhere'];
    case 'member':
      return ['u1', 'm-2', 'p1'];
    case 'role':
      return [...policy.roles.keys(), 'north'];
    case 'permission':
      return [...policy.permissions.keys(), 'north'];
    case 'date':
      return [
        ...days,
        ...days,
        ...earlier(days),
        '2026-05-03',
        '2026-05-15',
        '2025-02-28',
        '2026-03-31',
        '0044-03-15',
        '9999-12-31',
      ];
    case 'date-time':
      return [
        ...instants,
        ...instants,
        ...earlier(instants),
        ...clocks,
        '2026-05-01T00:00:00.5Z',
        '2026-05-01T01:30:00Z',
        '2026-05-02T00:00:00-00:00',
        ...farInstants,
      ];
    case 'resource':
      return [{}];
    case 'set': {
      const elements = right(type.of, policy).slice(0, 5);
      return [elements.slice(0, 1), [], elements.slice(1, 3), elements, [...elements.slice(2, 4), elements[2]]];
    }
  }
}

function earlier(texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    shifts.map(([months, milliseconds]) => {
      const date = new Date(Date.parse(text) - milliseconds);
      date.setUTCMonth(date.getUTCMonth() - months);
      return text.length === 10 ? date.toISOString().slice(0, 10) : date.toISOString();
    }),
  );
}

export function wrong(type: Type): unknown[] {
  const odd = [absent, null, undefined, Number.NaN, {}, [[]]];
  switch (type.kind) {
    case 'bool':
      return [...odd, 'true', 0, 1];
    case 'int':
      return [...odd, '5', 5.5, 2 ** 53, [5], true];
    case 'date':
      return [...odd, '2026-02-30', '2026-5-1', '2026-05-01T00:00:00Z', 20574, new Date(clock)];
    case 'date-time':
      return [...odd, '2026-05-01', '2026-02-30T00:00:00Z', '2026-05-01T24:00:00Z', '2026-05-01T00:00:00', 0.5, '0'];
    case 'set':
      return [...odd, [null], 'north', { 0: 'north', length: 1 }, 'all', [['north']], [Number.NaN, 'north']];
    case 'resource':
      return [...odd.slice(0, 4), [], 'text', [{}]];
    default:
      return [...odd, 5, ['north'], true, 'nowhere'];
  }
}
