/** Generated policies, as texts and well typed, and requests for them. Everything follows from a list of numbers. */
import { makeCatalog, withConditions } from './generate/catalog.ts';
import type { Choose } from './generate/choices.ts';
import { makePractice } from './generate/practice.ts';
import { printTree, type Tree } from './generate/tree.ts';
import { makeWorld, type World } from './generate/world.ts';

export { chooser, numbers } from './generate/choices.ts';
export {
  dropScope,
  grantMore,
  moveDefault,
  moveId,
  moveZone,
  narrowSetting,
  raiseRung,
  switchOn,
} from './generate/mutate.ts';
export { allRequests, describeRequest, makeRequest, withoutFact } from './generate/requests.ts';
export { shuffle } from './generate/shuffle.ts';

/** A policy before it is written down. */
export interface Draft {
  readonly world: World;
  readonly catalog: Tree;
  readonly practice: Tree;
}

export interface Texts {
  readonly catalog: string;
  readonly practice: string;
}

/** `isSmall`: so few facts that all requests can be tried. */
export function makeDraft(choose: Choose, isSmall = false): Draft {
  const world = withConditions(makeWorld(choose, isSmall), choose, isSmall);
  return { world, catalog: makeCatalog(world, choose, isSmall), practice: makePractice(world, choose, isSmall) };
}

/** `style` chooses between ways to write the same; by default block style, conditions on lines of their own. */
export function printDraft(draft: Draft, style?: Choose): Texts {
  return { catalog: printTree(draft.catalog, style), practice: printTree(draft.practice, style) };
}
