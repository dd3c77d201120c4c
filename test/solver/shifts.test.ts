import { describe, expect, test } from 'vitest';
import { dayShift, monthsOfDays, monthsOfInstants, type Shift } from '../../src/solver/shifts.ts';
import { random } from './generate.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const start = 19_782 * DAY; // 2024-02-29
const first = Number.NEGATIVE_INFINITY;

const zones = {
  UTC: { instants: [first], offsets: [0] },
  'a zone with summer time': {
    instants: [first, start + HOUR, start + 30 * DAY + HOUR],
    offsets: [HOUR, 2 * HOUR, HOUR],
  },
  'clocks set back over midnight': { instants: [first, start + HOUR / 2], offsets: [0, -HOUR] },
  'a day left out': { instants: [first, start + 10 * HOUR], offsets: [-10 * HOUR, 14 * HOUR] },
  'a day twice': { instants: [first, start + 10 * HOUR], offsets: [14 * HOUR, -10 * HOUR] },
};

describe('bounds of shifts hold, and are reached', () => {
  const hours = Array.from({ length: 24 * 70 }, (_, at) => start + (at - 24 * 35) * HOUR);
  const instants = hours.flatMap((hour) => [hour - 1, hour, hour + HOUR / 2, hour + HOUR / 2 - 1]);
  for (const [name, zone] of Object.entries(zones)) {
    test(`days of instants: ${name}`, () => check(dayShift(zone), instants, true));
  }
  const days = Array.from({ length: 900 }, (_, at) => 19_782 + at - 450);
  const halves = days.slice(300, 600).flatMap((day) => [day * DAY, day * DAY + DAY / 2, day * DAY + DAY - 1]);
  for (const months of [1, -1, 2, 11, -12, 13, 216]) {
    test(`${months} months of days`, () => check(monthsOfDays(months), days, true));
    test(`${months} months of instants`, () => check(monthsOfInstants(months), halves, false));
  }
});

test('a shift of more months than there are is defined nowhere', () => {
  const { low, high } = monthsOfDays(10_000_000);
  expect(low).toBeGreaterThan(high);
});

/** `sources` are dense enough for the bounds to be reached among them, away from both ends, unless `isExact` is false. */
function check(shift: Shift, sources: readonly number[], isExact: boolean): void {
  const choose = random(1);
  const images = sources.map((source) => shift.image(source));
  const inner = (at: number) => at > sources.length / 5 && at < (sources.length * 4) / 5;
  for (let tries = 0; tries < 400; tries++) {
    const at = Math.floor(sources.length / 5) + choose(Math.floor((sources.length * 3) / 5));
    const other = choose(sources.length);
    const [source, image] = [sources[at]!, images[at]!];
    const upTo = Math.max(...images.slice(0, at + 1));
    const from = Math.min(...images.slice(at));
    if (isExact) expect([shift.greatestImage(source), shift.leastImage(source)]).toEqual([upTo, from]);
    expect(shift.greatestImage(source)).toBeGreaterThanOrEqual(upTo);
    expect(shift.leastImage(source)).toBeLessThanOrEqual(from);
    const below = sources.filter((_, i) => images[i]! <= image);
    const above = sources.filter((_, i) => images[i]! >= image);
    expect(shift.greatestSource(image)).toBeGreaterThanOrEqual(Math.max(...below));
    expect(shift.leastSource(image)).toBeLessThanOrEqual(Math.min(...above));
    for (const bound of [shift.greatestSource(image), shift.leastSource(image)])
      expect(Number.isFinite(bound)).toBe(true);
    expect(shift.image(shift.greatestSource(image))).toBeLessThanOrEqual(image);
    expect(shift.image(shift.leastSource(image))).toBeGreaterThanOrEqual(image);
    const intervals = shift.sources(image);
    for (const [low, high] of intervals) expect([shift.image(low), shift.image(high)]).toEqual([image, image]);
    sources.forEach((one, i) => {
      const isInside = intervals.some(([low, high]) => low <= one && one <= high);
      if (inner(i) && isInside !== (images[i] === image))
        throw new Error(`${one} to ${images[i]}: ${JSON.stringify(intervals)}`);
    });
    const limit = source - sources[other]!;
    expect(image - images[other]!).toBeLessThanOrEqual(shift.imagesApart(limit));
    expect(limit).toBeLessThanOrEqual(shift.sourcesApart(image - images[other]!));
    if (shift.apart === null) continue;
    expect(image - source).toBeGreaterThanOrEqual(shift.apart[0]);
    expect(image - source).toBeLessThanOrEqual(shift.apart[1]);
  }
}
