import type { Note } from '../diagnostics/index.ts';
import type { Scope } from '../resolve/index.ts';
import type { Asker, State } from './asker.ts';
import { FALSE, TRUE, variableOf } from './rails.ts';
import type { Part, Subject } from './subjects.ts';
import type { World } from './world.ts';

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
  const { policy } = world;
  const notes = new Map<number, Note>();
  for (const part of subject.parts) {
    const instanceOf = asker.instanceOf(part);
    for (const { grant, node } of world.cell(part.role, action).grantNodes) {
      const item = policy.grants[grant];
      if (!item || notes.has(grant) || range(world, node, instanceOf, state).worst === 0) continue;
      const by = item.permission === null ? 'this grant of the catalog' : `\`${item.permission}\``;
      notes.set(grant, { message: `${by} allows it to \`${part.role}\``, span: item.span });
    }
  }
  return [...notes.values()].slice(0, MOST);
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
  const at = (limit: number) => state.get(variableOf(world.atomOfInstant(limit), 0));
  return (from !== null && at(from) === TRUE) || (until !== null && at(until) === FALSE);
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
