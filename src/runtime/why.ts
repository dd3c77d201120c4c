import type { DecidedBy, DecisionData, Reason } from './decision.ts';
import type { Holding } from './engine.ts';
import { ATOM, ROLE } from './format.ts';
import type { Entries } from './open.ts';
import { type Operand, readOperand } from './operand.ts';
import { readProvenance } from './provenance.ts';
import { MISSING, readValue, type Slots } from './reading.ts';
import type { Rows } from './rows.ts';
import { findUndecided } from './undecided.ts';
import type { Asking } from './user.ts';

export type Why = Pick<DecisionData, 'reason' | 'decidedBy' | 'missing'>;

/** What was asked; to be explained `at` its time. */
export interface Request {
  readonly user: Asking;
  readonly column: number;
  readonly resource: unknown;
  readonly context: unknown;
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

/** Which grant of an assignment gave the leaf. */
export function explainAllow(request: Request, holding: Holding, leaf: number): Why {
  return because('granted', findGrant(request, holding, leaf));
}

/** Why none of a user's assignments allows. */
export function explainDeny(request: Request): Why {
  const { assignments } = request.user.holdings;
  const found = assignments.flatMap((holding) => whyNot(request, holding) ?? []);
  found.sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason));
  return found[0] ?? because(assignments.length > 0 ? 'outside-dates' : 'no-grant');
}

/** Names of the attributes for which an atom is unknown, and whether each is missing or of the wrong type. */
export function findProblems(
  { user, resource, context }: Request,
  slots: Slots,
  atom: number,
): ReadonlyMap<string, Problem> {
  const problems = new Map<string, Problem>();
  const { world } = user;
  const look = (operand: Operand) => readValue(operand, user, slots, resource, context);
  const [, , left = 0, right = -1] = world.sections.atoms.subarray(ATOM * atom);
  const sides = [left, right].filter((side) => side >= 0).map((side) => readOperand(world, side));
  for (const operand of sides.flatMap((side) => [side, ...side.keys])) {
    const value = look(operand);
    // A lookup is to blame only when its keys are good; keys that lead nowhere are of the wrong type.
    if (value != null || !operand.keys.every((key) => typeof look(key) === 'string')) continue;
    const blamed = value === MISSING ? operand : (operand.keys.at(-1) ?? operand);
    problems.set(blamed.name, value === MISSING ? 'missing' : 'wrong type');
  }
  return problems;
}

/** Null for an assignment out of its dates that would not allow either. */
function whyNot(request: Request, holding: Holding): Why | null {
  const { user, column, resource, context } = request;
  const { world } = user;
  const { time } = world;
  const { slots, cells } = holding;
  const worst = (node: number) => world.worst(node, user, slots, resource, context);
  const isFalse = (node: number) => world.best(node, user, slots, resource, context) === 0;
  const decision = cells[column] as number;
  const leaf = worst(decision);
  const grant = findGrant(request, holding, leaf || 1);
  if (!user.isInForce(holding)) {
    if (leaf === 0) return null;
    return Number.isNaN(time[0]) ? because('wrong-type', grant, ['context.now']) : because('outside-dates', grant);
  }
  const { grants, scopes } = reasonsOf(request, holding);
  if (grants === 0) return because('no-grant');
  if (isFalse(grants)) return because('condition-false', grant);
  for (const reason of ['prohibited', 'out-of-scope'] as const) {
    for (const [scope, node] of scopes) {
      const fits = isProhibition(world, scope) === (reason === 'prohibited');
      if (fits && isFalse(node)) return because(reason, describe(request, holding, scope));
    }
  }
  if (isFalse(decision)) return because('condition-false', grant);
  const problems = new Map<string, Problem>();
  for (const atom of findUndecided(user.world, decision, user, slots, resource, context)) {
    for (const [name, problem] of findProblems(request, slots, atom)) problems.set(name, problem);
  }
  const open = worst(grants) > 0 ? scopes.find(([, node]) => worst(node) === 0) : undefined;
  const reason = [...problems.values()].includes('missing') ? 'missing-fact' : 'wrong-type';
  return because(reason, open ? describe(request, holding, open[0]) : grant, [...problems.keys()]);
}

/** The first grant that alone gives the leaf for certain, else the first that can, else the first of all. */
function findGrant(request: Request, holding: Holding, leaf: number): DecidedBy {
  const { user, resource, context } = request;
  const { sources } = reasonsOf(request, holding);
  const { world } = user;
  const { slots } = holding;
  const found =
    sources.find(([, node]) => world.worst(node, user, slots, resource, context) >= leaf) ??
    sources.find(([, node]) => world.best(node, user, slots, resource, context) >= leaf) ??
    sources[0];
  return describe(request, holding, -1, found?.[0]);
}

/** The "or" of a cell's grants, its scopes and its grants, each of those with its node. */
function reasonsOf({ user, column }: Request, { role }: Holding) {
  const { sections, width } = user.world;
  const row = 5 * (sections.cellReasons[role * width + column] as number);
  const [grants = 0, scope = 0, scopes = 0, source = 0, sources = 0] = sections.reasons.subarray(row);
  return {
    grants,
    scopes: pairs(sections.scopeNodes, scope, scopes),
    sources: pairs(sections.grantNodes, source, sources),
  };
}

function pairs(entries: Entries, first: number, count: number): readonly (readonly [number, number])[] {
  const at = (index: number) => entries[2 * first + index] as number;
  return Array.from({ length: count }, (_, index) => [at(2 * index), at(2 * index + 1)]);
}

function isProhibition({ sections }: Rows, scope: number): boolean {
  return sections.scopes[2 * scope] === 1;
}

/** A scope, or (where `scope` is -1) a grant. */
function describe({ user }: Request, { role }: Holding, scope: number, grant = -1): DecidedBy {
  const { world } = user;
  const provenance = readProvenance(world);
  const place = provenance?.scopes[scope] ?? provenance?.grants[grant];
  return {
    role: world.text(world.sections.roles[ROLE * role] as number),
    permission: provenance?.texts[provenance.grants[grant]?.[3] ?? -1] ?? null,
    kind: scope < 0 ? 'grant' : isProhibition(world, scope) ? 'prohibition' : 'scope',
    name: scope < 0 ? null : world.text(world.sections.scopes[2 * scope + 1] as number),
    file: provenance?.files[place?.[0] ?? -1] ?? null,
    line: place?.[1] ?? null,
  };
}

function because(reason: Reason, decidedBy: DecidedBy | null = null, missing: readonly string[] = []): Why {
  return { reason, decidedBy, missing };
}
