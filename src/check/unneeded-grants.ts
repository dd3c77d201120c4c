import { type Diagnostic, diagnose, type Note } from '../diagnostics/index.ts';
import type { Grant, Policy } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';
import { type Anyone, decisionOf, type Scene } from './anyone.ts';
import { nameOfScope } from './causes.ts';

/** Grants to be judged; in catalogs beyond it nothing is said. */
const GRANTS = 3_000;
/** Other grants that are asked, one by one, whether they give the same. */
const OTHERS = 20;

/** Why a grant can go: no request meets its condition, scopes close what it gives, or other grants give the same. */
export type Unneeded =
  | { readonly index: number; readonly kind: 'never-met' }
  | { readonly index: number; readonly kind: 'closed' | 'covered'; readonly by: readonly number[] };

/**
 * Grants of this catalog without which every decision of every role that there could be stays the same, for every
 * possible request, with facts missing or not. Of two that give the same, the last is found. `gone`: grants that are not
 * counted, as something else is said of them; `closed`: actions that nobody can be allowed anyway.
 */
export function unneededGrants(
  file: SourceFile,
  anyone: Anyone,
  isGone: (index: number) => boolean,
  isClosed: (action: string) => boolean,
): readonly Unneeded[] {
  const { grants } = anyone.policy;
  const own = grants.flatMap((grant, index) => (grant.span.file === file && !isGone(index) ? [index] : []));
  if (own.length > GRANTS) return [];
  const removed = new Set<number>();
  const found: Unneeded[] = [];
  for (const index of own.reverse()) {
    const grant = grants[index];
    if (!grant || isSwitchedOff(grant)) continue;
    const unneeded = judge(anyone, index, grant, (other) => !removed.has(other) && !isGone(other), isClosed);
    if (!unneeded) continue;
    removed.add(index);
    found.push(unneeded);
  }
  return found;
}

export function reportGrant(policy: Policy, unneeded: Unneeded): readonly Diagnostic[] {
  const grant = policy.grants[unneeded.index];
  if (!grant) return [];
  const whose = grant.permission === null ? 'this grant' : `this grant of \`${grant.permission}\``;
  return [diagnose('unneeded-grant', grant.span, ...wordsOf(policy, unneeded, whose))];
}

function wordsOf(policy: Policy, unneeded: Unneeded, whose: string): readonly [string, Details] {
  const help = 'remove it, or correct its condition';
  switch (unneeded.kind) {
    case 'never-met':
      return [`no request meets the condition of ${whose}`, { help }];
    case 'closed': {
      const notes = unneeded.by.flatMap((index): Note[] => {
        const scope = policy.scopes[index];
        return scope ? [{ message: `${nameOfScope(scope)} closes it`, span: scope.span }] : [];
      });
      return [`what ${whose} gives is always closed`, { notes: notes.slice(0, 3), help }];
    }
    case 'covered': {
      const notes = unneeded.by.flatMap((index): Note[] => {
        const item = policy.grants[index];
        return item ? [{ message: 'it is given here already', span: item.span }] : [];
      });
      return [`${whose} adds nothing to what is given already`, { notes: notes.slice(0, 3), help }];
    }
    default:
      return unneeded satisfies never;
  }
}

type Details = { readonly notes?: readonly Note[]; readonly help: string };

function judge(
  anyone: Anyone,
  index: number,
  grant: Grant,
  isThere: (index: number) => boolean,
  isClosed: (action: string) => boolean,
): Unneeded | null {
  const scenes: Scene[] = [];
  for (const action of grant.formulas.keys()) {
    const scene = anyone.scene(action);
    if (!scene) return null;
    scenes.push(scene);
  }
  const isNeverMet = scenes.every((scene) => !anyone.mayExceed(scene, nodeOf(scene, index), 0));
  // What closes these actions to everybody is said of them.
  if (!isNeverMet && [...grant.formulas.keys()].every(isClosed)) return null;
  const matters = scenes.some((scene) =>
    anyone.mayExceed(
      scene,
      decisionOf(scene, isThere),
      decisionOf(scene, (other) => other !== index && isThere(other)),
    ),
  );
  // With facts missing, a grant may matter whose condition nothing meets: `not (x is set)` beside `x is set`.
  if (matters) return null;
  if (isNeverMet) return { index, kind: 'never-met' };
  const isOpen = (scene: Scene) =>
    anyone.mayExceed(
      scene,
      decisionOf(scene, (other) => other === index),
      0,
    );
  if (!scenes.some(isOpen))
    return { index, kind: 'closed', by: unique(scenes, (scene) => closing(anyone, scene, index)) };
  const open = scenes.filter(isOpen);
  return { index, kind: 'covered', by: unique(open, (scene) => covering(anyone, scene, index, isThere)) };
}

/** One grant that gives as much by itself, else as few as do so together. */
function covering(anyone: Anyone, scene: Scene, index: number, isThere: (index: number) => boolean): readonly number[] {
  const within = (own: number) => decisionOf(scene, (other) => other === own);
  const mine = within(index);
  const others = scene.grants.filter((item) => item.index !== index && isThere(item.index) && item.node !== 0);
  const few = others.slice(0, OTHERS);
  const one = few.find((item) => !anyone.mayExceed(scene, mine, within(item.index)));
  if (one) return [one.index];
  const needed = new Set(others.map((item) => item.index));
  for (const { index: other } of few) {
    needed.delete(other);
    if (
      anyone.mayExceed(
        scene,
        mine,
        decisionOf(scene, (item) => needed.has(item)),
      )
    )
      needed.add(other);
  }
  return [...needed];
}

/** One scope that closes all that the grant gives, else those that do so together. */
function closing(anyone: Anyone, scene: Scene, index: number): readonly number[] {
  const { store } = scene.world;
  const mine = nodeOf(scene, index);
  const scopes = scene.scopes.filter(({ node }) => store.meet(mine, node) !== mine);
  const one = scopes.find(({ node }) => !anyone.mayExceed(scene, store.meet(mine, node), 0));
  return (one ? [one] : scopes).map((item) => item.index);
}

function unique(scenes: readonly Scene[], find: (scene: Scene) => readonly number[]): readonly number[] {
  return [...new Set(scenes.flatMap(find))];
}

function nodeOf({ grants }: Scene, index: number): number {
  return grants.find((item) => item.index === index)?.node ?? 0;
}

/** `when: false` is meant, and what it leaves without a grant is reported as such. */
function isSwitchedOff({ formulas }: Grant): boolean {
  return [...formulas.values()].every((formula) => formula.kind === 'constant' && !formula.value);
}
