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
  const byReach = new Map<string, Role[]>();
  const found: Diagnostic[] = [];
  let pairs = PAIRS;
  const texts = new Map<readonly Cell[], { readonly decisions: string; readonly reaches: Map<string, string> }>();
  for (const role of rolesToHold(policy)) {
    const row = clinic.world.row(role.name);
    if (row.every(({ decision }) => decision === 0)) continue;
    const { account, givenByApplication } = role;
    const holder = JSON.stringify([account, givenByApplication, [...role.settings].sort(byName)]);
    const known = texts.get(row) ?? { decisions: row.map(({ decision }) => decision).join(), reaches: new Map() };
    texts.set(row, known);
    const key = `${known.decisions} ${holder}`;
    // What a role can be allowed at all is compared first: few roles are alike in that.
    const reach = known.reaches.get(holder) ?? `${reachOf(clinic, role, row)} ${holder}`;
    known.reaches.set(holder, reach);
    const alike = byReach.get(reach) ?? [];
    const first = byMeaning.get(key) ?? alike.find((other) => pairs-- > 0 && isEqual(clinic, other, role));
    if (first) found.push(report(role, first));
    else {
      byMeaning.set(key, role);
      byReach.set(reach, [...alike, role]);
    }
  }
  return found;
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
