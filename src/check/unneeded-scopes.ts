import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import { DiagramLimit } from '../diagram/index.ts';
import type { Cell } from '../lower/index.ts';
import type { Role, Scope } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';
import { type Anyone, decisionOf, type Scene } from './anyone.ts';
import { nameOfScope } from './causes.ts';
import type { Clinic } from './clinic.ts';
import { anyHolderOf, knowledgeOf } from './subjects.ts';

/** Cells to be built anew; in policies beyond it nothing is said. */
const CELLS = 20_000;
const NODES = 200_000;

/**
 * Scopes and prohibitions of this practice that close nothing: some role is given what they are about, and without them
 * no possible request is decided otherwise, with features on or off. Of two that do the same, the last is reported. What
 * no role is given is left alone: that is a fence for roles to come.
 */
export function checkUnneededScopes(file: SourceFile, clinic: Clinic): readonly Diagnostic[] {
  const own = scopesOf(clinic.policy.scopes, file);
  if (own.length === 0) return [];
  const cells = distinctCells(clinic);
  const { store } = clinic.world;
  const removed = new Set<number>();
  let left = CELLS;
  const changes = ({ role, cell: { grants, scopeNodes } }: RoleCell, index: number): boolean => {
    const rest = scopeNodes.filter(({ scope }) => !removed.has(scope));
    const node = rest.find(({ scope }) => scope === index)?.node ?? store.top;
    if (node === store.top) return false;
    if (left-- <= 0) return true;
    const without = rest.filter(({ scope }) => scope !== index).reduce((at, item) => store.meet(at, item.node), grants);
    return clinic.mayExceed(role, without, store.meet(without, node));
  };
  const found: Diagnostic[] = [];
  try {
    store.within(NODES, () => {
      for (const { scope, index } of own.reverse()) {
        const about = cells.filter(({ cell }) => cell.scopeNodes.some((item) => item.scope === index));
        if (about.length === 0 || about.some((cell) => changes(cell, index))) continue;
        removed.add(index);
        found.push(report(scope, 'changes no decision of any role'));
      }
    });
  } catch (error) {
    if (!(error instanceof DiagramLimit)) throw error;
  }
  return found;
}

/** The same of a catalog, for every role that a practice could make of it. */
export function checkScopesOfCatalog(file: SourceFile, anyone: Anyone): readonly Diagnostic[] {
  const removed = new Set<number>();
  const found: Diagnostic[] = [];
  for (const { scope, index } of scopesOf(anyone.policy.scopes, file).reverse()) {
    const scenes = [...scope.formulas.keys()].map((action) => anyone.scene(action));
    const changes = (scene: Scene) =>
      anyone.mayExceed(
        scene,
        decisionOf(scene, undefined, (other) => other !== index && !removed.has(other)),
        decisionOf(scene, undefined, (other) => !removed.has(other)),
      );
    const isGranted = scenes.some((scene) => scene?.grants.some(({ node }) => node !== 0));
    if (!isGranted || scenes.some((scene) => scene === null || changes(scene))) continue;
    removed.add(index);
    found.push(report(scope, 'changes no decision of any role that there could be'));
  }
  return found;
}

interface RoleCell {
  readonly role: Role;
  readonly cell: Cell;
}

function scopesOf(scopes: readonly Scope[], file: SourceFile) {
  return scopes.flatMap((scope, index) => (scope.span.file === file ? [{ scope, index }] : []));
}

/** Those in which something is granted, each way once. */
function distinctCells({ policy, diagrams }: Clinic): readonly RoleCell[] {
  const byContent = new Map<string, RoleCell>();
  diagrams.roles.forEach((name, row) => {
    const role = policy.roles.get(name);
    if (!role) return;
    const known = knowledgeOf(anyHolderOf(policy, role));
    for (const cell of diagrams.rows[row] ?? []) {
      if (cell.grants === 0 || cell.scopeNodes.length === 0) continue;
      const key = `${cell.grants} ${cell.scopeNodes.map(({ scope, node }) => `${scope}:${node}`).join()} ${known}`;
      if (!byContent.has(key)) byContent.set(key, { role, cell });
    }
  });
  return [...byContent.values()];
}

function report(scope: Scope, what: string): Diagnostic {
  return diagnose('unneeded-scope', scope.span, `${nameOfScope(scope)} ${what}`, {
    notes: ['what it closes is never granted, or closed by others already'],
    help: 'remove it, or correct its condition',
  });
}
