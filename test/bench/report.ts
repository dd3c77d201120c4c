import { cpus } from 'node:os';
import { describe, isMet, measuredFor, targets } from './targets.ts';
import type { Findings } from './workload.ts';

/** One workload's findings as they are written to JSON. */
export interface Report extends Required<Findings> {
  readonly workload: string;
  readonly title: string;
  readonly seed: number;
  readonly rounds: number;
  readonly targets: readonly Verdict[];
}

export interface Verdict {
  readonly target: string;
  readonly limit: string;
  readonly measured: number | null;
  /** Null where nothing was measured. */
  readonly met: boolean | null;
}

export function judge(workload: string, findings: Findings): readonly Verdict[] {
  return targets
    .filter((target) => target.workload === workload)
    .map((target) => {
      const measured = measuredFor(target, findings);
      return {
        target: describe(target),
        limit: `${target.is} ${target.limit}`,
        measured,
        met: measured === null ? null : isMet(target, measured),
      };
    });
}

export function toMarkdown(reports: readonly Report[]): string {
  const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
  return [`# Benchmark\n\n${machine}\n`, ...reports.map(section)].join('\n');
}

function section({
  workload,
  title,
  seed,
  rounds,
  engines,
  agreement,
  figures,
  notes,
  targets: verdicts,
}: Report): string {
  const parts = [`## ${workload.toUpperCase()}. ${title}\n\nSeed ${seed}, ${rounds} rounds.`];
  if (agreement.requests > 0) {
    parts[0] += ` Agreement on ${agreement.requests.toLocaleString('en')} requests: ${agreement.disagreements} disagreements.`;
  }
  const costs = Object.entries(engines).map(([name, cost]) => [
    `\`${name}\``,
    show(cost.medianRatioToHand),
    `${show(cost.lowerQuartile)} to ${show(cost.upperQuartile)}`,
    showTime(cost.medianNanoseconds),
  ]);
  if (costs.length > 0) parts.push(table(['engine', 'x hand, median', 'quartiles', 'median time'], costs));
  const rows = Object.entries(figures).map(([name, figure]) => [name, show(figure)]);
  if (rows.length > 0) parts.push(table(['figure', 'measured'], rows));
  const judged = verdicts.map(({ target, limit, measured, met }) => [
    target,
    limit,
    measured === null ? 'not measured' : show(measured),
    met === null ? '' : met ? 'yes' : 'no',
  ]);
  if (judged.length > 0) parts.push(table(['target', 'limit', 'measured', 'met'], judged));
  parts.push(...notes.map((note) => `Note: ${note}.`));
  return `${parts.join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Three digits. */
function show(number: number): string {
  if (number === 0 || !Number.isFinite(number)) return String(number);
  return Math.abs(number) >= 100 ? Math.round(number).toLocaleString('en') : number.toPrecision(3);
}

function showTime(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${show(nanoseconds)} ns`;
  return nanoseconds < 1e6 ? `${show(nanoseconds / 1e3)} µs` : `${show(nanoseconds / 1e6)} ms`;
}
