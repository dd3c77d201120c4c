import { MISSING, read } from './reading.ts';
import type { Assignment, Engine } from './user.ts';
import type { AtomView, Operand } from './view.ts';

export type Reason =
  | 'granted'
  | 'no-grant'
  | 'condition-false'
  | 'out-of-scope'
  | 'prohibited'
  | 'missing-fact'
  | 'wrong-type'
  | 'unknown-user'
  | 'unknown-role'
  | 'unknown-action'
  | 'inactive-member'
  | 'outside-dates';

/** What decided; a field that the table does not know (a stripped one knows no places) is null. */
export interface DecidedBy {
  readonly role: string;
  readonly permission: string | null;
  readonly kind: 'grant' | 'scope' | 'prohibition';
  /** Of a scope or prohibition. */
  readonly name: string | null;
  readonly file: string | null;
  readonly line: number | null;
}

export interface Decision {
  readonly allow: boolean;
  /** Null for a plain allow and for a deny. */
  readonly outcome: string | null;
  /** Of the outcome and of every better one. */
  readonly duties: readonly string[];
  readonly reason: Reason;
  readonly decidedBy: DecidedBy | null;
  /** How the denied action looks; null when allowed. */
  readonly presentation: string | null;
  /** Attributes whose absence or wrong type decided: `client.tags` of the resource, `user.age`, `context.reason`. */
  readonly missing: readonly string[];
  /** Of the table. */
  readonly digest: string;
}

/** One request, as the parts of a decision pass it along. */
export interface Request {
  readonly action: number;
  readonly resource?: unknown;
  readonly context?: unknown;
  /** NaN when `context.now` is not an instant. */
  readonly now: number;
}

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

type Denial = Pick<Decision, 'reason' | 'decidedBy' | 'missing'>;

export function allowed(engine: Engine, assignment: Assignment, leaf: number, request: Request): Decision {
  const outcomes = engine.view.outcomes.slice(0, engine.view.leaves - 1 - leaf);
  return {
    allow: true,
    outcome: outcomes.at(-1)?.name ?? null,
    duties: [...new Set(outcomes.flatMap(({ duties }) => duties))],
    ...because('granted', findGrant(engine, assignment, leaf, request)),
    presentation: null,
    digest: engine.digest,
  };
}

export function denied({ view, digest }: Engine, action: number | undefined, denial: Denial): Decision {
  const presentation = view.actions[action ?? -1]?.presentation ?? null;
  return { allow: false, outcome: null, duties: [], ...denial, presentation, digest };
}

export function because(reason: Reason, decidedBy: DecidedBy | null = null, missing: readonly string[] = []): Denial {
  return { reason, decidedBy, missing };
}

/** Why none of a user's assignments allows. */
export function whyDenied(engine: Engine, assignments: readonly Assignment[], request: Request): Denial {
  const denials = assignments.flatMap((assignment) => whyNot(engine, assignment, request) ?? []);
  denials.sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason));
  return denials[0] ?? because(assignments.length > 0 ? 'outside-dates' : 'no-grant');
}

/** An assignment without dates counts whatever the time, known or not. */
export function isInForce({ from, until }: Assignment, now: number): boolean {
  return (from === null || from <= now) && (until === null || now < until);
}

/** Why an attribute makes its atoms unknown. */
export type Problem = 'missing' | 'wrong type';

/** Names of the attributes for which an atom is unknown, and whether each is missing or of the wrong type. */
export function findProblems(
  { view }: Engine,
  atom: number,
  asker: Assignment,
  { resource, context, now }: Request,
): ReadonlyMap<string, Problem> {
  const problems = new Map<string, Problem>();
  const look = (operand: Operand) => read(operand, asker, resource, context, now);
  const { left, right } = view.atoms[atom] as AtomView;
  for (const operand of [left, ...left.keys, ...(right ? [right, ...right.keys] : [])]) {
    const value = look(operand);
    // A lookup is to blame only when its keys are good; keys that lead nowhere are of the wrong type.
    if (value != null || !operand.keys.every((key) => typeof look(key) === 'string')) continue;
    const blamed = value === MISSING ? operand : (operand.keys.at(-1) ?? operand);
    problems.set(blamed.name, value === MISSING ? 'missing' : 'wrong type');
  }
  return problems;
}

/** Null for an assignment out of its dates that would not allow either. */
function whyNot(engine: Engine, assignment: Assignment, request: Request): Denial | null {
  const { walker, view } = engine;
  const { resource, context, now } = request;
  const cell = assignment.row + request.action;
  const decision = view.sections.cells[cell] as number;
  const worst = (node: number) => walker.worst(node, assignment, resource, context, now);
  const isFalse = (node: number) => walker.best(node, assignment, resource, context, now) === 0;
  const grant = findGrant(engine, assignment, worst(decision) || 1, request);
  if (!isInForce(assignment, now)) {
    if (worst(decision) === 0) return null;
    return Number.isNaN(now) ? because('wrong-type', grant, ['context.now']) : because('outside-dates', grant);
  }
  const grants = view.sections.cellGrants[cell] as number;
  if (grants === 0) return because('no-grant');
  if (isFalse(grants)) return because('condition-false', grant);
  const scopes = view.scopesOf(cell);
  for (const reason of ['prohibited', 'out-of-scope'] as const) {
    for (const [scope, node] of scopes) {
      const isProhibition = view.scopes[scope]?.kind === 'prohibition';
      const fits = isProhibition === (reason === 'prohibited');
      if (fits && isFalse(node)) return because(reason, describe(engine, assignment, scope));
    }
  }
  if (isFalse(decision)) return because('condition-false', grant);
  const problems = new Map<string, Problem>();
  for (const atom of walker.undecided(decision, assignment, resource, context, now)) {
    for (const [name, problem] of findProblems(engine, atom, assignment, request)) problems.set(name, problem);
  }
  const open = worst(grants) > 0 ? scopes.find(([, node]) => worst(node) === 0) : undefined;
  const reason = [...problems.values()].includes('missing') ? 'missing-fact' : 'wrong-type';
  return because(reason, open ? describe(engine, assignment, open[0]) : grant, [...problems.keys()]);
}

/** The first grant that alone gives the leaf for certain, else the first that can, else the first of all. */
function findGrant(
  engine: Engine,
  assignment: Assignment,
  leaf: number,
  { action, resource, context, now }: Request,
): DecidedBy {
  const { view, walker } = engine;
  const grants = view.grantsOf(assignment.row + action) ?? [];
  const found =
    grants.find(([, node]) => walker.worst(node, assignment, resource, context, now) >= leaf) ??
    grants.find(([, node]) => walker.best(node, assignment, resource, context, now) >= leaf) ??
    grants[0];
  return describe(engine, assignment, -1, found?.[0]);
}

/** A scope, or (where `scope` is -1) a grant. */
function describe({ view }: Engine, assignment: Assignment, scope: number, grant = -1): DecidedBy {
  const provenance = view.provenance();
  const place = provenance?.scopes[scope] ?? provenance?.grants[grant];
  return {
    role: view.roles[assignment.role]?.name ?? '',
    permission: provenance?.grants[grant]?.permission ?? null,
    ...(view.scopes[scope] ?? { kind: 'grant', name: null }),
    file: provenance?.files[place?.file ?? -1] ?? null,
    line: place?.line ?? null,
  };
}
