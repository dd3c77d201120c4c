import type { Agreement, Cost } from './rounds.ts';

export interface Options {
  readonly seed: number;
  readonly rounds: number;
  /** Smaller sizes and fewer rounds. */
  readonly quick: boolean;
  /** With the other engines. */
  readonly peers: boolean;
  /** A temporary folder, for files that a workload reads again. */
  readonly folder: string;
  /** The folder that all steps of all workloads share. */
  readonly shared: string;
}

/** What one workload found; every part of it is optional, since workloads measure different things. */
export interface Findings {
  readonly engines?: Readonly<Record<string, Cost>>;
  readonly agreement?: Agreement;
  /** Everything that is no engine: sizes, growth, seconds; the name says the unit. */
  readonly figures?: Readonly<Record<string, number>>;
  /** What could not be measured, and why. */
  readonly notes?: readonly string[];
}

/** A part of a workload that runs in a fresh process, so that no other part has taught the compiler anything. */
export interface Step {
  readonly name: string;
  /** For Node. */
  readonly flags?: readonly string[];
  run(options: Options): Promise<Findings> | Findings;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

/** Several findings as one; a later one wins. */
export function join(parts: readonly Findings[]): Required<Findings> {
  const agreements = parts.flatMap(({ agreement }) => agreement ?? []);
  return {
    engines: Object.assign({}, ...parts.map(({ engines }) => engines)),
    agreement: {
      requests: Math.max(0, ...agreements.map(({ requests }) => requests)),
      disagreements: agreements.reduce((sum, { disagreements }) => sum + disagreements, 0),
      compared: Object.assign({}, ...agreements.map(({ compared }) => compared)),
    },
    figures: Object.assign({}, ...parts.map(({ figures }) => figures)),
    notes: parts.flatMap(({ notes }) => notes ?? []),
  };
}
