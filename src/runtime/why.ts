import { testOf, truthOf } from './atom.ts';
import type { DecidedBy, DecisionData, Reason } from './decision.ts';
import { OF_LOOKUP, type PackedReasons, REASONS, SCOPES } from './format.ts';
import type { Operand } from './operand.ts';
import { readProvenance } from './provenance.ts';
import { MISSING, readValue, type Slots } from './reading.ts';
import { read } from './texts.ts';
import { findUndecided } from './undecided.ts';
import { type Asking, FAILED, holdingsOf, isInForce } from './user.ts';
import { best, worst } from './walk.ts';
import { type Holding, roleName, type World } from './world.ts';

export type Why = Pick<DecisionData, 'reason' | 'decidedBy' | 'missing'>;

/** What was asked. */
export interface Request {
  readonly user: Asking;
  readonly column: number;
  readonly resource: unknown;
  readonly context: unknown;
}

/** What came of it, and when; null where no time was asked for. */
interface Decided extends Request {
  readonly leaf: number;
  readonly holding: Holding | null;
  readonly now: number | null;
}

/** Why an attribute makes its atoms unknown. */
export type Problem = 'missing-fact' | 'wrong-type';

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

/** Why a request came to its leaf. */
export function explain(request: Decided): Why {
  const { user, column, leaf, holding, now } = request;
  const { world, obstacle } = user;
  const before = world.time[0] as number;
  // Who is nobody to the table is told so, whatever the action.
  if (obstacle !== null && (column >= 0 || obstacle !== 'inactive-member')) return because(obstacle);
  if (column < 0) return because('unknown-action');
  try {
    if (leaf !== FAILED) {
      world.time[0] = now ?? Number.NaN;
      const held = holdingsOf(user);
      // Where several were not asked, the only one decided, or the first that gives as much whatever the request.
      const decided = holding ?? held.find(({ cells }) => cells[column] === leaf) ?? held[0];
      const asked = leaf > 0 ? [decided as Holding] : held;
      const found = asked.flatMap((one) => whyOf(request, one) ?? []);
      found.sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason));
      return found[0] ?? because(held.length > 0 ? 'outside-dates' : 'no-grant');
    }
  } catch {
  } finally {
    world.time[0] = before;
  }
  return because(leaf > 0 ? 'granted' : 'wrong-type');
}

/** Names of the attributes for which atoms are unknown, and why. */
export function findProblems(
  { user, resource, context }: Request,
  slots: Slots,
  atoms: Iterable<number>,
): ReadonlyMap<string, Problem> {
  const problems = new Map<string, Problem>();
  const look = (operand: Operand) => readValue(operand, user, slots, resource, context);
  for (const atom of atoms) {
    const { left, right } = testOf(user.world, atom);
    for (const side of [left, right ?? left]) {
      const keys = side.from === OF_LOOKUP ? (side.of as readonly Operand[]) : [];
      const bad = [...keys, side].filter((operand) => look(operand) == null);
      // A lookup is to blame only when its keys are good; keys that lead nowhere are of the wrong type.
      if (bad.length > 1) bad.pop();
      for (const operand of bad) {
        const isMissing = look(operand) === MISSING;
        const { name } = isMissing || operand !== side ? operand : (keys.at(-1) ?? side);
        problems.set(name, isMissing ? 'missing-fact' : 'wrong-type');
      }
    }
  }
  return problems;
}

/** What an assignment says; null for one out of its dates that would not allow either. */
function whyOf(request: Decided, holding: Holding): Why | null {
  const { user, column, leaf, resource, context } = request;
  const { world } = user;
  const { role, cells, slots } = holding;
  const sure = (node: number) => worst(node, user, slots, resource, context);
  const possible = (node: number) => best(node, user, slots, resource, context);
  const decision = cells[column] as number;
  const given = leaf || sure(decision);
  const [grants, scopes, sources] = read<PackedReasons>(
    world,
    world.sections[REASONS][role * world.width + column] as number,
  );
  // The first that alone gives the leaf for certain, else the first that can, else the first of all.
  const giver = (way: typeof sure) => sources.find(([, node]) => way(node) >= (given || 1));
  const grant = describe(world, role, -1, (giver(sure) ?? giver(possible) ?? sources[0])?.[0]);
  if (leaf > 0) return because('granted', grant);
  if (!isInForce(world, holding)) {
    if (given === 0) return null;
    return Number.isNaN(world.time[0])
      ? because('wrong-type', grant, ['context.now'])
      : because('outside-dates', grant);
  }
  if (grants === 0) return because('no-grant');
  // What can never be true denies alone: the grants, then a prohibition, then a scope, else all of it together. Prohibitions
  // stand among what covers the action a second time, where they change nothing.
  const covering = scopes.map(([scope, node]) => ({ node, by: describe(world, role, scope) }));
  const closed = [
    { node: grants, by: grant },
    ...covering.filter(({ by }) => by.kind === 'prohibition'),
    ...covering,
    { node: decision, by: grant },
  ].find(({ node }) => possible(node) === 0);
  if (closed) {
    const { by } = closed;
    return because(by.kind === 'grant' ? 'condition-false' : by.kind === 'scope' ? 'out-of-scope' : 'prohibited', by);
  }
  const truth = (atom: number) => truthOf(testOf(world, atom), user, slots, resource, context);
  const problems = findProblems(request, slots, findUndecided(world, decision, truth));
  // What is open: the first of the parts that does not hold for certain.
  const open = [{ node: grants, by: grant }, ...covering].find(({ node }) => sure(node) === 0);
  const reason = [...problems.values()].includes('missing-fact') ? 'missing-fact' : 'wrong-type';
  return because(reason, open?.by ?? grant, [...problems.keys()]);
}

/** A scope, or (where `scope` is -1) a grant. */
function describe(world: World, role: number, scope: number, grant = -1): DecidedBy {
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
