// In: a table, a user and a request.
// Out: what every diagram and atom comes to, for tools that explain decisions.
// Never: is part of what applications load; `index.ts` does not import it.
import { FALSE, TRUE } from './atom.ts';
import { findProblems, isInForce, type Request } from './decision.ts';
import type { Table } from './load.ts';
import { readNow, readRaw } from './reading.ts';
import { type Assignment, BoundUser } from './user.ts';
import type { Operand } from './view.ts';

export type TruthName = 'true' | 'false' | 'unknown';

/** One assignment of the user, with a way to look at any node of the table in its light. */
export interface AssignmentTrace {
  /** Index into the table's roles. */
  readonly role: number;
  readonly inForce: boolean;
  /** Milliseconds since the epoch; -Infinity and Infinity for none. */
  readonly from: number;
  readonly until: number;
  /** `true`: any allow for certain; `false`: certainly none. The atoms are those that the walk meets, in order. */
  look(node: number): { readonly truth: TruthName; readonly atoms: readonly AtomTrace[] };
}

export interface AtomTrace {
  readonly text: string;
  readonly truth: TruthName;
  /** What each attribute that the atom reads holds; undefined where it is missing. */
  readonly values: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly problem: 'missing' | 'wrong type' | null;
  }[];
}

/** Every assignment of the user; none for somebody whom the table does not know. */
export function traceRequest(
  table: Table,
  who: Parameters<Table['user']>[0],
  action: string,
  resource: unknown,
  context: unknown,
): readonly AssignmentTrace[] {
  const user = table.user(who);
  if (!(user instanceof BoundUser)) return [];
  const { engine } = user;
  const now = readNow(context, engine.clock);
  const request: Request = { action: engine.actions.get(action) ?? -1, resource, context, now };
  return user.assignments.map((assignment) => ({
    role: assignment.role,
    inForce: isInForce(assignment, now),
    from: assignment.from ?? Number.NEGATIVE_INFINITY,
    until: assignment.until ?? Number.POSITIVE_INFINITY,
    look: (node) => look(user, assignment, request, node),
  }));
}

function look(
  user: BoundUser,
  assignment: Assignment,
  request: Request,
  node: number,
): ReturnType<AssignmentTrace['look']> {
  const { walker, view } = user.engine;
  const { resource, context, now } = request;
  const { nodeAtom, nodeLow, nodeHigh } = view.sections;
  const isSure = walker.worst(node, assignment, resource, context, now) > 0;
  const isPossible = walker.best(node, assignment, resource, context, now) > 0;
  const met = new Set<number>();
  const reached = new Set([node]);
  for (const at of reached) {
    if (at < view.leaves) continue;
    const atom = nodeAtom[at] as number;
    met.add(atom);
    const truth = walker.truth(atom, assignment, resource, context, now);
    if (truth !== TRUE) reached.add(nodeLow[at] as number);
    if (truth !== FALSE) reached.add(nodeHigh[at] as number);
  }
  const atoms = [...met].sort((a, b) => a - b).map((atom) => traceAtom(user, assignment, request, atom));
  return { truth: isSure ? 'true' : isPossible ? 'unknown' : 'false', atoms };
}

function traceAtom(user: BoundUser, assignment: Assignment, request: Request, number: number): AtomTrace {
  const { walker, view } = user.engine;
  const { resource, context, now } = request;
  const atom = view.atoms[number];
  const truth = walker.truth(number, assignment, resource, context, now);
  const problems = findProblems(user.engine, number, assignment, request);
  const sides = [atom?.left, atom?.right].filter((side): side is Operand => !!side && side.from !== 'constant');
  const values = sides.map((operand) => {
    const isClock = operand.from === 'now' && Number.isFinite(now);
    const value = isClock ? new Date(now).toISOString() : readRaw(operand, assignment, resource, context);
    return { name: operand.name, value: value ?? undefined, problem: problems.get(operand.name) ?? null };
  });
  const known = new Set(values.map(({ name }) => name));
  const others = [...problems]
    .filter(([name]) => !known.has(name))
    .map(([name, problem]) => ({ name, value: undefined, problem }));
  return {
    text: atom?.text ?? '',
    truth: truth === TRUE ? 'true' : truth === FALSE ? 'false' : 'unknown',
    values: [...values, ...others],
  };
}
