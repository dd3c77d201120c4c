import { testOf } from './atom.ts';
import type { DecidedBy, DecisionData, Reason } from './decision.ts';
import { OF_LOOKUP, type PackedReasons, REASONS, SCOPES } from './format.ts';
import type { Operand } from './operand.ts';
import { readProvenance } from './provenance.ts';
import { MISSING, readValue, type Slots } from './reading.ts';
import { read } from './texts.ts';
import { findUndecided } from './undecided.ts';
import { type Asking, FAILED, holdingsOf, isInForce } from './user.ts';
import { best, worst } from './walk.ts';
import { type Holding, roleName } from './world.ts';

export type Why = Pick<DecisionData, 'reason' | 'decidedBy' | 'missing'>;

/** What was asked. */
export interface Request {
  readonly user: Asking;
  readonly column: number;
  readonly resource: unknown;
  readonly context: unknown;
}

/** What came of it. */
interface Decided extends Request {
  readonly leaf: number;
  readonly holding: Holding | null;
  readonly now: number | null;
}

/** Why an attribute makes its atoms unknown. */
export type Problem = 'missing' | 'wrong type';

/** Of several assignments the one is reported on which a person can act first. */
const order: readonly Reason[] = [
  'outside-dates',
  'missing-fact',
  'wrong-type',
  'out-of-scope',
  'prohibited',
  'condition-false',
  'no-grant',
];

/** Why a request came to a leaf, at a time. */
export function explain(request: Decided): Why {
  const { user, column, leaf, holding, now } = request;
  const { world, obstacle } = user;
  const { time } = world;
  const [before = Number.NaN] = time;
  // Who is nobody to the table is told so, whatever the action.
  if (obstacle !== null && (column >= 0 || obstacle !== 'inactive-member')) return because(obstacle);
  if (column < 0) return because('unknown-action');
  try {
    if (leaf !== FAILED) {
      time[0] = now ?? Number.NaN;
      const held = holdingsOf(user);
      if (leaf > 0) {
        // Where several were not asked, the only one decided, or the first that gives as much whatever the request.
        const decided = holding ?? held.find(({ cells }) => cells[column] === leaf) ?? held[0];
        return because('granted', findGrant(request, decided as Holding, leaf));
      }
      const found = held.flatMap((holding) => whyNot(request, holding) ?? []);
      found.sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason));
      return found[0] ?? because(held.length > 0 ? 'outside-dates' : 'no-grant');
    }
  } catch {
  } finally {
    time[0] = before;
  }
  return because(leaf > 0 ? 'granted' : 'wrong-type');
}

/** Names of the attributes for which an atom is unknown, and whether each is missing or of the wrong type. */
export function findProblems(
  { user, resource, context }: Request,
  slots: Slots,
  atom: number,
): ReadonlyMap<string, Problem> {
  const problems = new Map<string, Problem>();
  const look = (operand: Operand) => readValue(operand, user, slots, resource, context);
  const { left, right } = testOf(user.world, atom);
  for (const side of right ? [left, right] : [left]) {
    const keys = side.from === OF_LOOKUP ? (side.of as readonly Operand[]) : [];
    for (const operand of [side, ...keys]) {
      const value = look(operand);
      // A lookup is to blame only when its keys are good; keys that lead nowhere are of the wrong type.
      if (value != null || (operand === side && !keys.every((key) => typeof look(key) === 'string'))) continue;
      const blamed = value === MISSING ? operand : operand === side ? (keys.at(-1) ?? side) : operand;
      problems.set(blamed.name, value === MISSING ? 'missing' : 'wrong type');
    }
  }
  return problems;
}

/** Null for an assignment out of its dates that would not allow either. */
function whyNot(request: Request, holding: Holding): Why | null {
  const { user, column, resource, context } = request;
  const { world } = user;
  const { slots, cells, role } = holding;
  const sure = (node: number) => worst(node, user, slots, resource, context);
  const isFalse = (node: number) => best(node, user, slots, resource, context) === 0;
  const decision = cells[column] as number;
  const leaf = sure(decision);
  const grant = findGrant(request, holding, leaf || 1);
  if (!isInForce(world, holding)) {
    if (leaf === 0) return null;
    return Number.isNaN(world.time[0])
      ? because('wrong-type', grant, ['context.now'])
      : because('outside-dates', grant);
  }
  const [grants, scopes] = reasonsOf(request, holding);
  if (grants === 0) return because('no-grant');
  if (isFalse(grants)) return because('condition-false', grant);
  for (const reason of ['prohibited', 'out-of-scope'] as const) {
    for (const [scope, node] of scopes) {
      const found = describe(request, role, scope);
      if ((found.kind === 'prohibition') === (reason === 'prohibited') && isFalse(node)) return because(reason, found);
    }
  }
  if (isFalse(decision)) return because('condition-false', grant);
  const problems = new Map<string, Problem>();
  for (const atom of findUndecided(world, decision, user, slots, resource, context)) {
    for (const [name, problem] of findProblems(request, slots, atom)) problems.set(name, problem);
  }
  const open = sure(grants) > 0 ? scopes.find(([, node]) => sure(node) === 0) : undefined;
  const reason = [...problems.values()].includes('missing') ? 'missing-fact' : 'wrong-type';
  return because(reason, open ? describe(request, role, open[0]) : grant, [...problems.keys()]);
}

/** The first grant that alone gives the leaf for certain, else the first that can, else the first of all. */
function findGrant(request: Request, holding: Holding, leaf: number): DecidedBy {
  const { user, resource, context } = request;
  const [, , sources] = reasonsOf(request, holding);
  const giver = (way: typeof worst) =>
    sources.find(([, node]) => way(node, user, holding.slots, resource, context) >= leaf);
  return describe(request, holding.role, -1, (giver(worst) ?? giver(best) ?? sources[0])?.[0]);
}

function reasonsOf({ user, column }: Request, { role }: Holding): PackedReasons {
  const { world } = user;
  return read(world, world.sections[REASONS][role * world.width + column] as number);
}

/** A scope, or (where `scope` is -1) a grant. */
function describe({ user }: Request, role: number, scope: number, grant = -1): DecidedBy {
  const { world } = user;
  const [name = null, isProhibition] = read<readonly (readonly [string, number])[]>(world, SCOPES)[scope] ?? [];
  const provenance = readProvenance(world);
  const place = provenance?.scopes[scope] ?? provenance?.grants[grant];
  return {
    role: roleName(world, role),
    permission: provenance?.texts[provenance.grants[grant]?.[3] ?? -1] ?? null,
    kind: scope < 0 ? 'grant' : isProhibition ? 'prohibition' : 'scope',
    name,
    file: provenance?.files[place?.[0] ?? -1] ?? null,
    line: place?.[1] ?? null,
  };
}

function because(reason: Reason, decidedBy: DecidedBy | null = null, missing: readonly string[] = []): Why {
  return { reason, decidedBy, missing };
}
