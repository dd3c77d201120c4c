import type { Formula, Operand } from '../resolve/index.ts';

/** What may be constant for one role and another value for the next, or change with a switch of the practice. */
export type Dependence = 'feature' | 'role';

/** Does the condition look at features, or at the permissions or the account of a role? */
export function dependsOn(formula: Formula, kinds: readonly Dependence[]): boolean {
  switch (formula.kind) {
    case 'constant':
      return false;
    case 'feature':
      return kinds.includes('feature');
    case 'has':
      return kinds.includes('role');
    case 'not':
      return dependsOn(formula.term, kinds);
    case 'and':
    case 'or':
      return formula.terms.some((term) => dependsOn(term, kinds));
    case 'comparison':
      return kinds.includes('role') && [formula.left, formula.right].some((side) => side !== null && isOfRole(side));
    default:
      return formula satisfies never;
  }
}

function isOfRole(operand: Operand): boolean {
  if (operand.kind === 'shift' || operand.kind === 'day') return isOfRole(operand.operand);
  return operand.kind === 'account' || operand.kind === 'permissions';
}
