/** Something that answers requests. Each engine has a loop of its own, so that no two share what the compiler learnt. */
export interface Engine {
  readonly name: string;
  /**
   * Answers the requests `from` to below `to` into `out`: 1 for allow, 0 for deny. An engine that takes them in batches
   * may answer others and a few more or less of them; then it says how many.
   */
  answer(from: number, to: number, out: Uint8Array): undefined | Promise<number>;
  /** Makes the requests `from` to below `to` anew before each turn, outside its time. */
  readonly prepare?: (from: number, to: number) => void;
  /** Of an engine that does not decide all of them (the floor knows no conditions): those on which it must agree. */
  readonly decides?: (request: number) => boolean;
  close?(): Promise<void>;
}

/** What an engine cost: `ratio` is that of its time to the base's in the same round. */
export interface Cost {
  readonly medianRatioToHand: number;
  /** To each of the other engines, in the same way. */
  readonly medianRatioTo: Readonly<Record<string, number>>;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly medianNanoseconds: number;
}

export interface Agreement {
  readonly requests: number;
  readonly disagreements: number;
  readonly compared: Readonly<Record<string, number>>;
}

export interface Measured {
  readonly engines: Readonly<Record<string, Cost>>;
  readonly agreement: Agreement;
}

export interface RoundsOptions {
  readonly rounds: number;
  /** Runs before each turn of an engine, outside its time. */
  readonly between?: () => void;
}

/**
 * Milliseconds that one turn takes, about: shorter than what a busy machine gives a process at a time. A turn that is
 * longer than that of the others is interrupted more often, which would be held against slow engines.
 */
const turn = 3;
/** Passes outside the time after something else has run. */
const refreshing = 4;
/** Milliseconds after which an engine is compiled as well as it ever will. */
const warming = 200;

/**
 * Every engine answers every request; only if all agree are they timed, in turns that rotate from round to round. The
 * first engine is the one that the others are compared with.
 */
export async function measureEngines(
  engines: readonly Engine[],
  expected: Uint8Array,
  options: RoundsOptions,
): Promise<Measured> {
  const agreement = await compareAnswers(engines, expected);
  const isGood = agreement.disagreements === 0;
  return { engines: isGood ? await timeEngines(engines, expected.length, options) : {}, agreement };
}

/** For engines whose answers are known to be right. */
export async function timeEngines(
  engines: readonly Engine[],
  requests: number,
  { rounds, between }: RoundsOptions,
): Promise<Readonly<Record<string, Cost>>> {
  const turns: Turn[] = [];
  for (const engine of engines) turns.push(await warmUp(engine, requests));
  const times = engines.map((): number[] => []);
  const out = new Uint8Array(requests);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < engines.length; i++) {
      const index = (i + round) % engines.length;
      const { passes, size } = turns[index] as Turn;
      const from = size < requests ? (round * size) % (requests - size) : 0;
      if (between) {
        between();
        // What lies in no cache any more costs every engine the same once, and those with fewer passes more a request.
        for (let pass = 0; pass < refreshing; pass++) await (engines[index] as Engine).answer(0, requests, out);
      }
      engines[index]?.prepare?.(from, from + size);
      const start = performance.now();
      let answered = 0;
      for (let pass = 0; pass < passes; pass++) {
        const batches = (engines[index] as Engine).answer(from, from + size, out);
        answered += batches ? await batches : size;
      }
      times[index]?.push(((performance.now() - start) * 1e6) / answered);
    }
  }
  return costsOf(new Map(engines.map(({ name }, index) => [name, times[index] ?? []])));
}

async function compareAnswers(engines: readonly Engine[], expected: Uint8Array): Promise<Agreement> {
  const compared: Record<string, number> = {};
  let disagreements = 0;
  for (const { name, answer, decides = () => true } of engines) {
    const out = new Uint8Array(expected.length).fill(2);
    await answer(0, expected.length, out);
    const asked = expected.map((_, request) => Number(decides(request)));
    const wrong = [...expected.keys()].filter((request) => asked[request] && out[request] !== expected[request]);
    compared[name] = asked.reduce((sum, one) => sum + one, 0);
    disagreements += wrong.length;
    for (const request of wrong.slice(0, 5)) {
      console.error(`${name} answers request ${request} with ${out[request]}, not ${expected[request]}`);
    }
  }
  return { requests: expected.length, disagreements, compared };
}

interface Turn {
  readonly passes: number;
  readonly size: number;
}

/** Runs the engine until it is compiled, and finds how much of it makes a turn. */
async function warmUp(engine: Engine, requests: number): Promise<Turn> {
  const out = new Uint8Array(requests);
  let spent = 0;
  let passes = 0;
  do {
    engine.prepare?.(0, requests);
    const start = performance.now();
    await engine.answer(0, requests, out);
    spent += performance.now() - start;
    passes++;
  } while (spent < warming);
  const pass = spent / passes;
  return pass < turn
    ? { passes: engine.prepare ? 1 : Math.round(turn / pass), size: requests }
    : { passes: 1, size: Math.ceil((requests * turn) / pass) };
}

/** From times by engine, one a round; the first engine is the function by hand. */
export function costsOf(times: ReadonlyMap<string, readonly number[]>): Readonly<Record<string, Cost>> {
  const [base = []] = times.values();
  const costs = [...times].map(([name, own]): [string, Cost] => {
    const ratios = ratiosOf(own, base);
    const others = [...times].map(([other, theirs]) => [other, median(ratiosOf(own, theirs))]);
    return [
      name,
      {
        medianRatioToHand: median(ratios),
        medianRatioTo: Object.fromEntries(others),
        lowerQuartile: quantile(ratios, 0.25),
        upperQuartile: quantile(ratios, 0.75),
        medianNanoseconds: median(own),
      },
    ];
  });
  return Object.fromEntries(costs);
}

function ratiosOf(times: readonly number[], base: readonly number[]): number[] {
  return times.map((time, round) => time / (base[round] as number));
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

function quantile(numbers: readonly number[], at: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}
