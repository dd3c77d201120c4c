import { source } from './format.ts';
import type { Place } from './provenance.ts';
import { readKey, readScalar, readSet } from './reading.ts';
import type { Assignment, Engine } from './user.ts';
import { type Operand, special } from './view.ts';

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
  readonly resource: unknown;
  readonly context: unknown;
  /** NaN when `context.now` is not an instant. */
  readonly now: number;
}

/** In the order in which a person can act on them: of several assignments the first of these is reported. */
const order: readonly Reason[] = [
  'outside-dates',
  'missing-fact',
  'wrong-type',
  'out-of-scope',
  'prohibited',
  'condition-false',
  'no-grant',
];

interface Denial {
  readonly reason: Reason;
  readonly decidedBy: DecidedBy | null;
  readonly missing: readonly string[];
}

export function allowed(engine: Engine, assignment: Assignment, leaf: number, request: Request): Decision {
  const { view, leaves, digest } = engine;
  const index = leaves - 2 - leaf;
  return {
    allow: true,
    outcome: index < 0 ? null : (view.outcomes[index]?.name ?? null),
    duties: [...new Set(view.outcomes.slice(0, index + 1).flatMap((outcome) => outcome.duties))],
    reason: 'granted',
    decidedBy: findGrant(engine, assignment, leaf, request),
    presentation: null,
    missing: [],
    digest,
  };
}

export function denied(engine: Engine, action: number | undefined, denial: Reason | Denial): Decision {
  const { reason, decidedBy, missing } =
    typeof denial === 'string' ? { reason: denial, decidedBy: null, missing: [] } : denial;
  const presentation = action === undefined ? null : (engine.view.actions[action]?.presentation ?? null);
  return { allow: false, outcome: null, duties: [], reason, decidedBy, presentation, missing, digest: engine.digest };
}

/** Why none of a user's assignments allows. */
export function whyDenied(engine: Engine, assignments: readonly Assignment[], request: Request): Denial {
  const denials: Denial[] = [];
  let inDates = 0;
  for (const assignment of assignments) {
    if (isInForce(assignment, request.now)) {
      inDates++;
      denials.push(whyNot(engine, assignment, request));
      continue;
    }
    const leaf = engine.walker.worst(nodeOf(engine, assignment, request), assignment, ...facts(request));
    if (leaf > 0) denials.push(outsideDates(engine, assignment, leaf, request));
  }
  if (assignments.length > 0 && inDates === 0 && denials.length === 0) return none('outside-dates');
  return denials.sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason))[0] ?? none('no-grant');
}

/** An assignment without dates counts whatever the time, known or not. */
export function isInForce({ from, until }: Assignment, now: number): boolean {
  return (from === Number.NEGATIVE_INFINITY || from <= now) && (until === Number.POSITIVE_INFINITY || now < until);
}

/** Names of the attributes for which an atom is unknown, those of the wrong type apart. */
export function findProblems(
  engine: Engine,
  atom: number,
  asker: Assignment,
  { resource, context, now }: Request,
): { readonly missing: readonly string[]; readonly wrong: readonly string[] } {
  const missing = new Set<string>();
  const wrong = new Set<string>();
  const { left, right } = engine.view.atoms[atom] ?? { left: null, right: null };
  for (const operand of [left, right]) {
    if (!operand || operand.from === special.constant) continue;
    const value = operand.isSet
      ? readSet(operand, asker, resource, context)
      : readScalar(operand, engine.view.sections, asker, resource, context, now);
    if (value !== undefined && value !== null) continue;
    const keys = operand.from === source.lookup ? keyProblems(operand, asker, resource, context) : null;
    for (const name of keys ? keys.missing : value === undefined ? [operand.name] : []) missing.add(name);
    for (const name of keys ? keys.wrong : value === null ? [operand.name] : []) wrong.add(name);
  }
  return { missing: [...missing], wrong: [...wrong] };
}

function keyProblems(operand: Operand, asker: Assignment, resource: unknown, context: unknown) {
  const missing: string[] = [];
  const wrong: string[] = [];
  let tree = operand.slots ?? undefined;
  const keys: string[] = [operand.name];
  for (const key of operand.keys) {
    const value = readKey(key, asker, resource, context);
    if (value === undefined) missing.push(key.name);
    const next = typeof value === 'string' && tree instanceof Map ? tree.get(value) : undefined;
    if (value !== undefined && tree && next === undefined) wrong.push(key.name);
    tree = next as typeof tree;
    keys.push(String(typeof value === 'string' ? value : '?'));
  }
  if (missing.length + wrong.length === 0) missing.push(keys.join('.'));
  return { missing, wrong };
}

function whyNot(engine: Engine, assignment: Assignment, request: Request): Denial {
  const { walker, view } = engine;
  const cell = assignment.row + request.action;
  const grants = view.sections.cellGrants[cell] as number;
  const can = (node: number) => walker.best(node, assignment, ...facts(request));
  if (grants === 0) return none('no-grant');
  const grant = findGrant(engine, assignment, 1, request);
  if (can(grants) === 0) return { reason: 'condition-false', decidedBy: grant, missing: [] };
  const scopes = view.scopesOf(cell);
  for (const reason of ['prohibited', 'out-of-scope'] as const) {
    const failed = scopes.find(
      ([scope, node]) => view.scopes[scope]?.isProhibition === (reason === 'prohibited') && can(node) === 0,
    );
    if (failed) return { reason, decidedBy: describeScope(engine, assignment, failed[0]), missing: [] };
  }
  const decision = nodeOf(engine, assignment, request);
  if (can(decision) === 0) return { reason: 'condition-false', decidedBy: grant, missing: [] };
  const isGranted = walker.worst(grants, assignment, ...facts(request)) > 0;
  const open = scopes.find(([, node]) => walker.worst(node, assignment, ...facts(request)) === 0);
  const missing = new Set<string>();
  const wrong = new Set<string>();
  const names = new Set<string>();
  for (const atom of walker.undecided(decision, assignment, ...facts(request))) {
    const problems = findProblems(engine, atom, assignment, request);
    for (const name of problems.missing) missing.add(name);
    for (const name of problems.wrong) wrong.add(name);
    for (const name of [...problems.missing, ...problems.wrong]) names.add(name);
  }
  return {
    reason: missing.size > 0 ? 'missing-fact' : 'wrong-type',
    decidedBy: isGranted && open ? describeScope(engine, assignment, open[0]) : grant,
    missing: [...names],
  };
}

function outsideDates(engine: Engine, assignment: Assignment, leaf: number, request: Request): Denial {
  const decidedBy = findGrant(engine, assignment, leaf, request);
  if (!Number.isNaN(request.now)) return { reason: 'outside-dates', decidedBy, missing: [] };
  const now = (request.context as { now?: unknown } | null | undefined)?.now ?? undefined;
  return { reason: now === undefined ? 'missing-fact' : 'wrong-type', decidedBy, missing: ['context.now'] };
}

/** The first grant that alone gives the leaf for certain, else the first that can, else the first of all. */
function findGrant(engine: Engine, assignment: Assignment, leaf: number, request: Request): DecidedBy {
  const { view, walker } = engine;
  const nodes = view.grantsOf(assignment.row + request.action) ?? [];
  const found =
    nodes.find(([, node]) => walker.worst(node, assignment, ...facts(request)) >= leaf) ??
    nodes.find(([, node]) => walker.best(node, assignment, ...facts(request)) >= leaf) ??
    nodes[0];
  const grant = found && view.provenance()?.grants[found[0]];
  return {
    role: roleName(engine, assignment),
    permission: grant?.permission ?? null,
    kind: 'grant',
    name: null,
    ...placeOf(engine, grant),
  };
}

function describeScope(engine: Engine, assignment: Assignment, index: number): DecidedBy {
  const { isProhibition, name } = engine.view.scopes[index] ?? { isProhibition: false, name: null };
  const kind = isProhibition ? 'prohibition' : 'scope';
  const place = placeOf(engine, engine.view.provenance()?.scopes[index]);
  return { role: roleName(engine, assignment), permission: null, kind, name, ...place };
}

function placeOf(engine: Engine, place: Place | undefined): { file: string | null; line: number | null } {
  const file = place && engine.view.provenance()?.files[place.file];
  return { file: file ?? null, line: place?.line ?? null };
}

function roleName(engine: Engine, assignment: Assignment): string {
  return engine.view.roles[assignment.role]?.name ?? '';
}

function nodeOf(engine: Engine, assignment: Assignment, request: Request): number {
  return engine.view.sections.cells[assignment.row + request.action] as number;
}

function facts({ resource, context, now }: Request): [resource: unknown, context: unknown, now: number] {
  return [resource, context, now];
}

function none(reason: Reason): Denial {
  return { reason, decidedBy: null, missing: [] };
}
