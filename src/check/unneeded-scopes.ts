import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import { DiagramLimit } from '../diagram/index.ts';
import type { Cell, Diagrams } from '../lower/index.ts';
import type { Policy, Scope } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';
import { nameOfScope } from './causes.ts';
import { dependsOn } from './formulas.ts';
import { copyOf } from './world.ts';

/** Cells to be built anew; in policies beyond it nothing is said. */
const CELLS = 20_000;
const NODES = 200_000;

/**
 * Scopes and prohibitions of this file that close nothing: some role is given what they are about, and without them
 * every decision is the same function. Of two that do the same, the last is reported. What depends on features is left
 * alone, as is what no role is given: that is a fence for roles to come.
 */
export function checkUnneededScopes(file: SourceFile, policy: Policy, diagrams: Diagrams): readonly Diagnostic[] {
  const own = policy.scopes.flatMap((scope, index) => (isJudged(scope, file) ? [{ scope, index }] : []));
  if (own.length === 0) return [];
  const cells = distinctCells(diagrams);
  const store = copyOf(diagrams);
  const removed = new Set<number>();
  let left = CELLS;
  const changes = ({ grants, scopeNodes }: Cell, index: number): boolean => {
    const rest = scopeNodes.filter(({ scope }) => !removed.has(scope));
    const node = rest.find(({ scope }) => scope === index)?.node ?? store.top;
    if (node === store.top) return false;
    if (left-- <= 0) return true;
    const without = rest.filter(({ scope }) => scope !== index).reduce((at, item) => store.meet(at, item.node), grants);
    return store.meet(without, node) !== without;
  };
  const found: Diagnostic[] = [];
  try {
    store.within(NODES, () => {
      for (const { scope, index } of own.reverse()) {
        const about = cells.filter(({ scopeNodes }) => scopeNodes.some((item) => item.scope === index));
        if (about.length === 0 || about.some((cell) => changes(cell, index))) continue;
        removed.add(index);
        found.push(report(scope));
      }
    });
  } catch (error) {
    if (!(error instanceof DiagramLimit)) throw error;
  }
  return found;
}

function isJudged({ span, formulas }: Scope, file: SourceFile): boolean {
  return span.file === file && ![...formulas.values()].some((formula) => dependsOn(formula, ['feature']));
}

/** Those in which something is granted, each way once. */
function distinctCells({ cells }: Diagrams): readonly Cell[] {
  const byContent = new Map<string, Cell>();
  for (const cell of cells) {
    if (cell.grants === 0 || cell.scopeNodes.length === 0) continue;
    const key = `${cell.grants} ${cell.scopeNodes.map(({ scope, node }) => `${scope}:${node}`).join()}`;
    byContent.set(key, cell);
  }
  return [...byContent.values()];
}

function report(scope: Scope): Diagnostic {
  return diagnose('unneeded-scope', scope.span, `${nameOfScope(scope)} changes no decision of any role`, {
    notes: ['what it closes is never granted, or closed by others already'],
    help: 'remove it, or correct its condition',
  });
}
