import type { Findings } from './workload.ts';

/** What a workload is to reach. Either an engine's time as a ratio to another's in the same round, or a figure. */
export type Target = {
  readonly workload: string;
  readonly limit: number;
  readonly is: 'at most' | 'at least';
} & ({ readonly engine: string; readonly to: string } | { readonly figure: string });

export const targets: readonly Target[] = [
  { workload: 'w1', engine: 'chaperone-bound', to: 'hand', is: 'at most', limit: 0.8 },
  { workload: 'w1', engine: 'chaperone-bound', to: 'hand-bound', is: 'at most', limit: 1.4 },
  { workload: 'w1', engine: 'chaperone-bound-with-company', to: 'hand', is: 'at most', limit: 1.1 },
  { workload: 'w1', engine: 'chaperone', to: 'hand', is: 'at most', limit: 1.2 },
  { workload: 'w1', engine: 'chaperone-module', to: 'hand', is: 'at most', limit: 0.6 },
  { workload: 'w1', engine: 'chaperone-module-integer', to: 'hand', is: 'at most', limit: 0.4 },
  { workload: 'w1', engine: 'chaperone-decide', to: 'chaperone-bound', is: 'at most', limit: 1.3 },
  { workload: 'w1', engine: 'casl', to: 'chaperone-bound', is: 'at least', limit: 7 },
  { workload: 'w1', engine: 'casl-functions', to: 'chaperone-bound', is: 'at least', limit: 4 },
  { workload: 'w1', engine: 'cedar', to: 'chaperone-bound', is: 'at least', limit: 1000 },
  { workload: 'w1', engine: 'casbin', to: 'chaperone-bound', is: 'at least', limit: 1000 },
  { workload: 'w1', engine: 'cerbos', to: 'chaperone-bound', is: 'at least', limit: 1000 },
  // Less than a byte a call is what the counting itself leaves behind.
  { workload: 'w1', figure: 'chaperone, bytes allocated a call over 10 million calls', is: 'at most', limit: 0.5 },
  {
    workload: 'w1',
    figure: 'chaperone-bound, bytes allocated a call over 10 million calls',
    is: 'at most',
    limit: 0.5,
  },

  { workload: 'w1-other', engine: 'chaperone-bound', to: 'hand', is: 'at most', limit: 0.8 },
  { workload: 'w1-other', engine: 'chaperone-bound', to: 'hand-bound', is: 'at most', limit: 1.4 },
  { workload: 'w1-other', engine: 'chaperone', to: 'hand', is: 'at most', limit: 1.2 },
  { workload: 'w1-other', engine: 'chaperone-module', to: 'hand', is: 'at most', limit: 0.6 },
  { workload: 'w1-other', engine: 'chaperone-module-integer', to: 'hand', is: 'at most', limit: 0.4 },
  { workload: 'w1-other', engine: 'chaperone-decide', to: 'chaperone-bound', is: 'at most', limit: 1.3 },

  { workload: 'w2', engine: 'chaperone', to: 'hand', is: 'at most', limit: 0.6 },
  { workload: 'w2', figure: 'decision at 10,000 roles to one at 100 roles', is: 'at most', limit: 2 },
  { workload: 'w2', figure: 'building the Map to opening the table', is: 'at least', limit: 25 },
  { workload: 'w2', figure: 'bytes a member besides strings', is: 'at most', limit: 16 },

  { workload: 'w3', engine: 'chaperone', to: 'hand', is: 'at most', limit: 1.6 },
  { workload: 'w3', engine: 'casl', to: 'chaperone', is: 'at least', limit: 7 },

  { workload: 'w4', figure: 'besides reading, to reading with `yaml`, 10 roles', is: 'at most', limit: 0.5 },
  { workload: 'w4', figure: 'besides reading, to reading with `yaml`, 100 roles', is: 'at most', limit: 0.5 },
  { workload: 'w4', figure: 'besides reading, to reading with `yaml`, 1,000 roles', is: 'at most', limit: 0.5 },
  { workload: 'w4', figure: 'besides reading, to reading with `yaml`, 10,000 roles', is: 'at most', limit: 0.5 },
  { workload: 'w4', figure: 'growth from 10 to 100 roles', is: 'at most', limit: 11 },
  { workload: 'w4', figure: 'growth from 100 to 1,000 roles', is: 'at most', limit: 11 },
  { workload: 'w4', figure: 'growth from 1,000 to 10,000 roles', is: 'at most', limit: 11 },
  { workload: 'w4', figure: '`check` of a clinic to a script that only parses it', is: 'at most', limit: 1.5 },

  { workload: 'w5', engine: 'chaperone', to: 'hand', is: 'at most', limit: 2 },
  { workload: 'w5', figure: 'runtime, KB gzipped', is: 'at most', limit: 6 },
  { workload: 'w5', figure: 'runtime without reasons, KB gzipped', is: 'at most', limit: 4 },

  { workload: 'w6', figure: 'MB of memory for 10,000 open tenants', is: 'at most', limit: 400 },
  { workload: 'w6', figure: 'milliseconds to open a tenant, median', is: 'at most', limit: 1 },
  { workload: 'w6', engine: 'store', to: 'single-table', is: 'at most', limit: 1.3 },
];

/** What was measured for a target; null where nothing was. */
export function measuredFor(target: Target, { engines = {}, figures = {} }: Findings): number | null {
  if ('figure' in target) return figures[target.figure] ?? null;
  const cost = engines[target.engine];
  return (target.to === 'hand' ? cost?.medianRatioToHand : cost?.medianRatioTo[target.to]) ?? null;
}

export function isMet({ is, limit }: Target, measured: number): boolean {
  return is === 'at most' ? measured <= limit : measured >= limit;
}

export function describe(target: Target): string {
  return 'figure' in target ? target.figure : `\`${target.engine}\` to \`${target.to}\``;
}
