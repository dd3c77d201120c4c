import type { Note } from '../diagnostics/index.ts';
import { FALSE, TRUE, variableOf } from '../diagram/index.ts';
import type { Scope } from '../resolve/index.ts';
import type { Asker, State } from './asker.ts';
import type { Part, Subject } from './subjects.ts';
import type { World } from './world.ts';

type GrantNode = ReturnType<World['cell']>['grantNodes'][number];

/** Notes to be shown of one kind. */
const MOST = 3;

/** The grants that allow, in the state of the world that was found. */
export function grantsBehind(
  world: World,
  asker: Asker,
  subject: Subject,
  action: string,
  state: State,
): readonly Note[] {
  const [alone, together] = [new Map<number, Note>(), new Map<number, Note>()];
  const inForce = subject.parts.filter((part) => isInForce(world, part, state));
  for (const part of inForce.length > 0 ? inForce : subject.parts) {
    const instanceOf = asker.instanceOf(part);
    const isSure = (node: number) => range(world, node, instanceOf, state).worst > 0;
    if (!isSure(world.decision(part.role, action))) continue;
    // Beyond the policy's own stand the conditions of sentences.
    const grantNodes = world.cell(part.role, action).grantNodes.filter(({ grant }) => world.policy.grants[grant]);
    const note = (notes: Map<number, Note>, grant: number, more: string) => {
      const item = world.policy.grants[grant];
      if (!item || notes.has(grant)) return;
      const by = item.permission === null ? 'this grant of the catalog' : `\`${item.permission}\``;
      notes.set(grant, { message: `${by} allows it to \`${part.role}\`${more}`, span: item.span });
    };
    for (const { grant, node } of grantNodes) if (isSure(node)) note(alone, grant, '');
    if (alone.size > 0) continue;
    for (const { grant } of leastOf(world, grantNodes, isSure)) note(together, grant, ', together with others');
  }
  return [...(alone.size > 0 ? alone : together).values()].slice(0, MOST);
}

/** With facts missing, grants may allow together what none of them allows alone: some of which none can be left out. */
function leastOf(
  { store }: World,
  grants: readonly GrantNode[],
  isSure: (node: number) => boolean,
): readonly GrantNode[] {
  let left = grants;
  for (const item of grants) {
    const others = left.filter((other) => other !== item);
    if (isSure(others.reduce((joined, { node }) => store.join(joined, node), 0))) left = others;
  }
  return left;
}

/** What stands in the way, in the state of the world that was found. */
export function obstaclesBehind(
  world: World,
  asker: Asker,
  subject: Subject,
  action: string,
  state: State,
): readonly Note[] {
  const { policy } = world;
  if (subject.isInactive) return [];
  const notes = new Map<object, Note>();
  for (const part of subject.parts) {
    const instanceOf = asker.instanceOf(part);
    const { grantNodes, scopeNodes } = world.cell(part.role, action);
    const allows = range(world, world.decision(part.role, action), instanceOf, state).worst > 0;
    if (allows || isOver(world, part, state)) {
      const message = `\`${part.role}\` ${allows ? 'allows it, but ' : ''}is not held at that time`;
      notes.set(part, { message, span: part.span });
      continue;
    }
    for (const { scope, node } of scopeNodes) {
      const item = policy.scopes[scope];
      const { worst, best } = range(world, node, instanceOf, state);
      if (!item || worst > 0) continue;
      const sure = best === 0 ? 'closes it' : 'cannot be decided, so that it closes it';
      notes.set(item, { message: `${nameOfScope(item)} ${sure}`, span: item.span });
    }
    if (notes.size > 0) continue;
    for (const { grant, node } of grantNodes) {
      const item = policy.grants[grant];
      if (!item || range(world, node, instanceOf, state).worst > 0) continue;
      const by = item.permission === null ? 'this grant of the catalog' : `\`${item.permission}\``;
      notes.set(item, { message: `${by} does not allow it to \`${part.role}\` then`, span: item.span });
    }
  }
  return [...notes.values()].slice(0, MOST);
}

/** Whether the state says that the assignment has not begun, or has ended. */
function isOver(world: World, { from, until }: Part, state: State): boolean {
  return (
    (from !== null && isBefore(world, from, state) === TRUE) ||
    (until !== null && isBefore(world, until, state) === FALSE)
  );
}

/** Whether the state says that the assignment has begun and has not ended. */
function isInForce(world: World, { from, until }: Part, state: State): boolean {
  return (
    (from === null || isBefore(world, from, state) === FALSE) &&
    (until === null || isBefore(world, until, state) === TRUE)
  );
}

/** What the state says of "it is before this instant". */
function isBefore(world: World, limit: number, state: State): number | undefined {
  return state.get(variableOf(world.atomOfInstant(limit), 0));
}

/** Those without a name of their own are known by their place. */
export function nameOfScope({ kind, name }: Scope): string {
  return name.startsWith(`${kind} `) ? `this ${kind}` : `the ${kind} \`${name}\``;
}

/** The worst and best leaf of a diagram that is left in a state; what it does not state may be anything. */
export function range(
  world: World,
  node: number,
  instanceOf: (atom: number) => number,
  state: State,
): { readonly worst: number; readonly best: number } {
  const { store } = world;
  let [worst, best] = [store.top, 0];
  const seen = new Set([node]);
  for (const at of seen) {
    if (at < store.leaves) {
      worst = Math.min(worst, at);
      best = Math.max(best, at);
      continue;
    }
    const atom = store.atomOf(at);
    const is = state.get(variableOf(atom, instanceOf(atom)));
    if (is !== FALSE) seen.add(store.highOf(at));
    if (is !== TRUE) seen.add(store.lowOf(at));
  }
  return { worst, best };
}
