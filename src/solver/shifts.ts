import { addMonths, DAY, dayOf, LAST_INSTANT, type Zone } from './dates.ts';

/**
 * A function from whole numbers to whole numbers, with exact bounds both ways, so that an interval of one side can be
 * carried to the other: `day(...)` of instants, and calendar months added to days or instants.
 */
export interface Shift {
  readonly kind: string;
  /** Of days: where they are taken. */
  readonly zone: Zone | null;
  /** A day, in the unit of images. */
  readonly step: number;
  /** Where it is defined; outside, its term is unknown. */
  readonly low: number;
  readonly high: number;
  image(source: number): number;
  /** Of all sources up to (from) this one. */
  greatestImage(source: number): number;
  leastImage(source: number): number;
  /** Of all sources whose image is up to (from) this one; infinite when there is none. */
  greatestSource(image: number): number;
  leastSource(image: number): number;
  /** The sources with just this image, as intervals. */
  sources(image: number): readonly (readonly [low: number, high: number])[];
  /** Bounds of `image - source`, where both count the same unit. */
  readonly apart: readonly [low: number, high: number] | null;
  /** From "source a - source b <= limit", the bound of "image a - image b". */
  imagesApart(limit: number): number;
  sourcesApart(limit: number): number;
}

/** `kind` tells the days of one zone from those of another. */
export function dayShift(zone: Zone, kind = 'day'): Shift {
  const { instants, offsets } = zone;
  const segments = Array.from({ length: Math.max(1, instants.length) }, (_, at) => ({
    from: at === 0 ? -LAST_INSTANT : (instants[at] ?? 0),
    to: at + 1 < instants.length ? (instants[at + 1] ?? 0) - 1 : LAST_INSTANT,
    offset: offsets[at] ?? 0,
  }));
  const all = segments.map(({ offset }) => offset);
  const spread = Math.max(...all) - Math.min(...all);
  // Clocks set back over midnight make a day begin twice.
  const isMonotone = segments.every(({ from }, at) => at === 0 || dayOf(from - 1, zone) <= dayOf(from, zone));
  return {
    kind,
    zone,
    step: 1,
    low: -LAST_INSTANT,
    high: LAST_INSTANT,
    image: (instant) => dayOf(instant, zone),
    greatestImage(instant) {
      const before = segments.filter(({ from }) => from <= instant);
      return greatest(before.map(({ to, offset }) => Math.floor((Math.min(to, instant) + offset) / DAY)));
    },
    leastImage(instant) {
      const after = segments.filter(({ to }) => to >= instant);
      return least(after.map(({ from, offset }) => Math.floor((Math.max(from, instant) + offset) / DAY)));
    },
    greatestSource(day) {
      const ends = segments.map(({ from, to, offset }) => [from, Math.min(to, (day + 1) * DAY - 1 - offset)] as const);
      return greatest(ends.filter(([from, end]) => end >= from).map(([, end]) => end));
    },
    leastSource(day) {
      const starts = segments.map(({ from, to, offset }) => [Math.max(from, day * DAY - offset), to] as const);
      return least(starts.filter(([start, to]) => start <= to).map(([start]) => start));
    },
    sources(day) {
      return segments
        .map(({ from, to, offset }) => {
          const start = day * DAY - offset;
          return [Math.max(from, start), Math.min(to, start + DAY - 1)] as const;
        })
        .filter(([start, end]) => start <= end);
    },
    apart: null,
    imagesApart(limit) {
      const loose = Math.ceil((limit + spread) / DAY);
      return isMonotone && limit <= 0 ? Math.min(0, loose) : loose;
    },
    sourcesApart(limit) {
      const loose = (limit + 1) * DAY - 1 + spread;
      return isMonotone && limit < 0 ? Math.min(-1, loose) : loose;
    },
  };
}

export function monthsOfDays(months: number): Shift {
  const isDefined = (day: number) => !Number.isNaN(addMonths(day, months));
  const last = LAST_INSTANT / DAY;
  const high = isDefined(0) ? edge(0, last, isDefined) : -last - 1;
  const low = isDefined(0) ? edge(0, -last, isDefined) : last + 1;
  const image = (day: number) => addMonths(Math.max(low, Math.min(high, day)), months);
  const shift: Shift = {
    kind: `months ${months}`,
    zone: null,
    step: 1,
    low,
    high,
    image,
    greatestImage: image,
    leastImage: image,
    greatestSource(day) {
      if (day >= image(high)) return high;
      if (day < image(low)) return Number.NEGATIVE_INFINITY;
      const guess = addMonths(day, -months) + 4;
      let source = Number.isNaN(guess) ? high : Math.max(low, Math.min(high, guess));
      if (!Number.isNaN(guess)) while (image(source) > day) source--;
      return source;
    },
    leastSource(day) {
      if (day <= image(low)) return low;
      if (day > image(high)) return Number.POSITIVE_INFINITY;
      const guess = addMonths(day, -months) - 4;
      let source = Number.isNaN(guess) ? low : Math.max(low, Math.min(high, guess));
      if (!Number.isNaN(guess)) while (image(source) < day) source++;
      return source;
    },
    sources(day) {
      const [first, end] = [shift.leastSource(day), shift.greatestSource(day)];
      return first <= end && Number.isFinite(first) && image(first) === day && image(end) === day ? [[first, end]] : [];
    },
    apart: daysOf(months),
    // The length of months is not constant, so only the order is kept.
    imagesApart: (limit) => (limit <= 0 ? 0 : Number.POSITIVE_INFINITY),
    sourcesApart: (limit) => (limit < 0 ? -1 : Number.POSITIVE_INFINITY),
  };
  return shift;
}

/** The day of the instant moves, its time of the day stays. */
export function monthsOfInstants(months: number): Shift {
  const days = monthsOfDays(months);
  const image = (instant: number) => days.image(dayIn(instant)) * DAY + timeIn(instant);
  const low = Math.max(-LAST_INSTANT, days.low * DAY);
  const high = Math.min(LAST_INSTANT, days.high * DAY + DAY - 1);
  // Where two days are cut to the same last of a month, the later time of the earlier day counts too.
  const shift: Shift = {
    kind: `instant ${days.kind}`,
    zone: null,
    step: DAY,
    low,
    high,
    image,
    greatestImage(source) {
      const instant = Math.max(low, Math.min(high, source));
      const day = days.image(dayIn(instant));
      return days.image(dayIn(instant) - 1) < day ? image(instant) : day * DAY + DAY - 1;
    },
    leastImage(source) {
      const instant = Math.max(low, Math.min(high, source));
      const day = days.image(dayIn(instant));
      return days.image(dayIn(instant) + 1) > day ? image(instant) : day * DAY;
    },
    greatestSource(wanted) {
      const day = days.greatestSource(dayIn(wanted));
      if (!Number.isFinite(day)) return day;
      return Math.min(high, day * DAY + (days.image(day) === dayIn(wanted) ? timeIn(wanted) : DAY - 1));
    },
    leastSource(wanted) {
      const day = days.leastSource(dayIn(wanted));
      if (!Number.isFinite(day)) return day;
      return Math.max(low, day * DAY + (days.image(day) === dayIn(wanted) ? timeIn(wanted) : 0));
    },
    sources(wanted) {
      const points: [number, number][] = [];
      for (const [first, end] of days.sources(dayIn(wanted))) {
        for (let day = first; day <= end; day++) {
          const point = day * DAY + timeIn(wanted);
          if (point >= low && point <= high) points.push([point, point]);
        }
      }
      return points;
    },
    apart: days.apart && [days.apart[0] * DAY, days.apart[1] * DAY],
    imagesApart: () => Number.POSITIVE_INFINITY,
    sourcesApart: () => Number.POSITIVE_INFINITY,
  };
  return shift;
}

/** The least and most days by which some months move a day: over all months of the 400 years after which all repeats. */
function daysOf(months: number): readonly [number, number] {
  const starts = [0];
  const lengths: number[] = [];
  for (let month = 0; month < 4800; month++) {
    const year = Math.floor(month / 12);
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year === 0);
    lengths.push((month % 12 === 1 && isLeap ? 29 : monthLengths[month % 12]) ?? 0);
    starts.push((starts[month] ?? 0) + (lengths[month] ?? 0));
  }
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let month = 0; month < 4800; month++) {
    const target = (((month + months) % 4800) + 4800) % 4800;
    const cycles = (month + months - target) / 4800;
    const apart = (starts[target] ?? 0) + cycles * 146_097 - (starts[month] ?? 0);
    high = Math.max(high, apart);
    // The last days of a month are cut where the other is shorter.
    low = Math.min(low, apart - Math.max(0, (lengths[month] ?? 0) - (lengths[target] ?? 0)));
  }
  return [low, high];
}

const monthLengths: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The last number from `start` towards `end` that is defined. */
function edge(start: number, end: number, isDefined: (number: number) => boolean): number {
  let [good, bad] = [start, end];
  if (isDefined(bad)) return bad;
  while (Math.abs(bad - good) > 1) {
    const middle = good + Math.trunc((bad - good) / 2);
    if (isDefined(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function greatest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function dayIn(instant: number): number {
  return Math.floor(instant / DAY);
}

function timeIn(instant: number): number {
  return instant - dayIn(instant) * DAY;
}
