import { type Diagnostic, diagnose, type Note } from '../diagnostics/index.ts';
import type { Action } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';
import { type Anyone, decisionOf } from './anyone.ts';
import { nameOfScope } from './causes.ts';
import { isNever } from './unused.ts';

/**
 * Actions of this catalog that are granted, and yet no possible request of any role that there could be is allowed. Those
 * that nothing grants are `ungranted-action`.
 */
export function impossibleActions(file: SourceFile, anyone: Anyone): readonly Action[] {
  return [...anyone.policy.actions.values()].filter(({ name, span }) => {
    const isGranted = anyone.policy.grants.some(({ formulas }) => {
      const formula = formulas.get(name);
      return formula !== undefined && !isNever(formula);
    });
    const scene = isGranted && span.file === file ? anyone.scene(name) : null;
    return scene !== null && !anyone.mayExceed(scene, decisionOf(scene), 0);
  });
}

export function reportAction(anyone: Anyone, { name, span }: Action): Diagnostic {
  const { grants, scopes } = anyone.policy;
  const scene = anyone.scene(name);
  const notes: Note[] = [];
  for (const { index, node } of scene?.grants ?? []) {
    const item = grants[index];
    if (!scene || !item) continue;
    const message = anyone.mayExceed(scene, node, 0)
      ? 'it is granted here'
      : 'no request meets the condition of this grant';
    notes.push({ message, span: item.span });
  }
  const closing = (scene?.scopes ?? []).flatMap(({ index }) => scopes[index] ?? []);
  const behind = closing.map((item) => ({ message: `${nameOfScope(item)} has to hold, too`, span: item.span }));
  return diagnose('impossible-action', span, `nobody can ever be allowed \`${name}\``, {
    notes: [...notes.slice(0, 3), ...behind.slice(0, 3)],
    help: 'correct the conditions, or close it to everybody by a prohibition without a condition',
  });
}
