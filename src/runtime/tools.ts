// In: a table, a user and a request.
// Out: what every diagram and atom comes to, and the table as names and numbers, for tools.
// Never: is part of what applications load; `index.ts` does not import it.
import { testOf, truthOf } from './atom.ts';
import { readAtom } from './atom-view.ts';
import { User } from './decision.ts';
import type { Table } from './index.ts';
import { readNow, readRaw, type Slots } from './reading.ts';
import { FALSE, TRUE } from './truth.ts';
import { holdingsOf, isInForce } from './user.ts';
import { best, worst } from './walk.ts';
import { findProblems, type Request } from './why.ts';
import { actionsOf, columnOf, holdingAt, type World } from './world.ts';

export { createTest, type Test } from './atom.ts';
export type { AtomView, NamedOperand as Operand } from './atom-view.ts';
export { ALL } from './texts.ts';
export { type MemberView, type SettingView, type TableView, viewOf } from './view.ts';

/** Does something while it is `now` for a table; what asks meanwhile disturbs nobody. */
function at<T>(world: World, now: number, work: () => T): T {
  const [before = Number.NaN] = world.time;
  world.time[0] = now;
  try {
    return work();
  } finally {
    world.time[0] = before;
  }
}

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
  const { world } = user;
  const now = readNow(context, world.clock);
  const request: Request = { user, column: columnOf(world, action), resource, context };
  return holdingsOf(user).map((holding) => ({
    role: holding.role,
    inForce: at(world, now, () => isInForce(world, holding)),
    from: holding.from ?? Number.NEGATIVE_INFINITY,
    until: holding.until ?? Number.POSITIVE_INFINITY,
    look: (node) => at(world, now, () => look(request, holding.slots, node)),
  }));
}

/** Actions that somebody may be allowed at some time, on some resource: with the settings and the id that are theirs. */
export function possibleActions({ user: bind }: Table, name: string): ReadonlySet<string> {
  const user = bind(name);
  const { world, obstacle } = user;
  const actions = obstacle === null ? actionsOf(world) : [];
  const possible = at(world, Number.NaN, () =>
    actions.filter((_, column) =>
      holdingsOf(user).some(({ cells, slots }) => best(cells[column] as number, user, slots, undefined, undefined) > 0),
    ),
  );
  return new Set(possible);
}

/** Somebody in one role, with settings of their own; for questions about roles that no member need hold. */
export function holdRole({ world }: Table, role: number, id: unknown, attributes: unknown, slots: Slots): User {
  const user = new User(world, null, 0, id, attributes);
  user.held = [{ ...holdingAt(world, role), slots }];
  user.needsTime = world.readsNow > 0;
  return user;
}

function look(request: Request, slots: Slots, node: number): ReturnType<AssignmentTrace['look']> {
  const { user, resource, context } = request;
  const { world } = user;
  const { leaves, nodes } = world;
  const isSure = worst(node, user, slots, resource, context) > 0;
  const isPossible = best(node, user, slots, resource, context) > 0;
  const met = new Set<number>();
  const reached = new Set([node]);
  for (const at of reached) {
    if (at < leaves) continue;
    const [atom = 0, low = 0, high = 0] = nodes.subarray(3 * at, 3 * at + 3);
    met.add(atom);
    const truth = truthOf(testOf(world, atom), user, slots, resource, context);
    if (truth !== TRUE) reached.add(low);
    if (truth !== FALSE) reached.add(high);
  }
  const atoms = [...met].sort((a, b) => a - b).map((atom) => traceAtom(request, slots, atom));
  return { truth: isSure ? 'true' : isPossible ? 'unknown' : 'false', atoms };
}

const problemNames = { 'missing-fact': 'missing', 'wrong-type': 'wrong type', none: null } as const;

function traceAtom(request: Request, slots: Slots, number: number): AtomTrace {
  const { user, resource, context } = request;
  const { world } = user;
  const { text, left, right } = readAtom(world, number);
  const truth = truthOf(testOf(world, number), user, slots, resource, context);
  const problems = findProblems(request, slots, [number]);
  const problemOf = (name: string) => problemNames[problems.get(name) ?? 'none'];
  const sides = right ? [left, right] : [left];
  const values = sides
    .filter(({ from }) => from !== 'constant')
    .map((operand) => {
      const now = world.time[0] as number;
      const isClock = operand.from === 'now' && Number.isFinite(now);
      const value = isClock ? new Date(now).toISOString() : readRaw(operand.operand, user, slots, resource, context);
      return { name: operand.name, value: value ?? undefined, problem: problemOf(operand.name) };
    });
  const known = new Set(values.map(({ name }) => name));
  const others = [...problems.keys()]
    .filter((name) => !known.has(name))
    .map((name) => ({ name, value: undefined, problem: problemOf(name) }));
  return {
    text,
    truth: truth === TRUE ? 'true' : truth === FALSE ? 'false' : 'unknown',
    values: [...values, ...others],
  };
}
