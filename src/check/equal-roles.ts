import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { Cell } from '../lower/index.ts';
import type { Role } from '../resolve/index.ts';
import type { Clinic } from './clinic.ts';
import { rolesToHold } from './subjects.ts';

/** Pairs of roles that are compared request by request; beyond it only those with one diagram an action are found. */
const PAIRS = 1_000;

/**
 * Roles of a practice with one meaning: the same decision about every possible request, with features on or off, the same
 * settings and account. What others extend and nobody holds is no role to choose between.
 */
export function checkEqualRoles(clinic: Clinic): readonly Diagnostic[] {
  const { policy } = clinic;
  const byMeaning = new Map<string, Role>();
  const byReach = new Map<number, Role[]>();
  const found: Diagnostic[] = [];
  let pairs = PAIRS;
  const rows = new Map<readonly Cell[], Row | null>();
  const [decisions, reaches] = [new Map<string, number>(), new Map<string, number>()];
  for (const role of rolesToHold(policy)) {
    const cells = clinic.world.row(role.name);
    let row = rows.get(cells);
    if (row === undefined) {
      const isPowerless = cells.every(({ decision }) => decision === 0);
      const text = cells.map(({ decision }) => decision).join();
      row = isPowerless ? null : { decisions: numberOf(decisions, text), reaches: new Map() };
      rows.set(cells, row);
    }
    if (row === null) continue;
    const holder = holderOf(role);
    const key = `${row.decisions} ${holder}`;
    // What a role can be allowed at all is compared first: few roles are alike in that.
    const reach = row.reaches.get(holder) ?? numberOf(reaches, `${reachOf(clinic, role, cells)} ${holder}`);
    row.reaches.set(holder, reach);
    const alike = byReach.get(reach) ?? [];
    const first = byMeaning.get(key) ?? alike.find((other) => pairs-- > 0 && isEqual(clinic, other, role));
    if (first) found.push(report(role, first));
    else {
      byMeaning.set(key, role);
      alike.push(role);
      byReach.set(reach, alike);
    }
  }
  return found;
}

/** What roles with the same cells share, in short. */
interface Row {
  readonly decisions: number;
  /** By what else the role is. */
  readonly reaches: Map<string, number>;
}

/** Equal texts have equal numbers. */
function numberOf(numbers: Map<string, number>, text: string): number {
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  return number;
}

/** What makes two roles differ besides what they allow. */
function holderOf({ account, givenByApplication, settings }: Role): string {
  const set = settings.size === 0 ? '' : JSON.stringify([...settings].sort(byName));
  return `${givenByApplication} ${set} ${account === null ? '' : `=${account}`}`;
}

function reachOf(clinic: Clinic, role: Role, row: readonly Cell[]): string {
  return row.map(({ decision }) => Number(clinic.mayExceed(role, decision, 0))).join('');
}

function isEqual(clinic: Clinic, one: Role, other: Role): boolean {
  return clinic.diagrams.actions.every((action) => {
    const [a, b] = [clinic.world.decision(one.name, action), clinic.world.decision(other.name, action)];
    return !clinic.mayExceed(one, a, b) && !clinic.mayExceed(one, b, a);
  });
}

function report(role: Role, first: Role): Diagnostic {
  return diagnose('equal-roles', role.span, `\`${role.name}\` means the same as \`${first.name}\``, {
    notes: [{ message: `\`${first.name}\` is here`, span: first.span }],
    help: 'keep one of them, or give it what makes it different',
  });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
