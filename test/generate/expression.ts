/** Conditions as a tree that can be written in many ways. Operands are texts. */
import type { Choose } from './choices.ts';

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'overlaps' | 'within';

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Expression[] }
  | { readonly kind: 'not'; readonly term: Expression }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: string; readonly right: string }
  /** `left in ["a", "b"]`. */
  | { readonly kind: 'listed'; readonly left: string; readonly items: readonly string[] }
  | { readonly kind: 'truth'; readonly path: string }
  | { readonly kind: 'is-set'; readonly path: string }
  | { readonly kind: 'has'; readonly permission: string }
  | { readonly kind: 'feature'; readonly feature: string }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly string[] };

export interface NamedCondition {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly is: Expression;
}

/** One line. `extra` chooses parentheses that nobody needs. */
export function printExpression(expression: Expression, extra: Choose = () => 0): string {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const isLoose = (term: Expression) => term.kind === 'or' || (term.kind === 'and' && expression.kind === 'and');
      return expression.terms
        .map((term) =>
          isLoose(term) || extra(8) === 7 ? `(${printExpression(term, extra)})` : printExpression(term, extra),
        )
        .join(` ${expression.kind} `);
    }
    case 'not': {
      const inner = printExpression(expression.term, extra);
      const isTight = ['truth', 'has', 'feature', 'call'].includes(expression.term.kind) && extra(4) !== 3;
      return isTight ? `not ${inner}` : `not (${inner})`;
    }
    case 'compare':
      return `${expression.left} ${expression.operator} ${expression.right}`;
    case 'listed':
      return `${expression.left} in [${expression.items.join(', ')}]`;
    case 'truth':
      return expression.path;
    case 'is-set':
      return `${expression.path} is set`;
    case 'has':
      return `has(${expression.permission})`;
    case 'feature':
      return `feature(${expression.feature})`;
    case 'call':
      return `${expression.name}(${expression.arguments.join(', ')})`;
  }
}

/** Every direct part changed by `change`. */
export function mapParts(expression: Expression, change: (part: Expression) => Expression): Expression {
  if (expression.kind === 'and' || expression.kind === 'or') {
    return { ...expression, terms: expression.terms.map(change) };
  }
  return expression.kind === 'not' ? { ...expression, term: change(expression.term) } : expression;
}

/** Every operand changed by `change`. */
function mapOperands(expression: Expression, change: (operand: string) => string): Expression {
  switch (expression.kind) {
    case 'compare':
      return { ...expression, left: change(expression.left), right: change(expression.right) };
    case 'listed':
      return { ...expression, left: change(expression.left) };
    case 'truth':
    case 'is-set':
      return { ...expression, path: change(expression.path) };
    case 'call':
      return { ...expression, arguments: expression.arguments.map(change) };
    default:
      return mapParts(expression, (part) => mapOperands(part, change));
  }
}

/** The body of a named condition with arguments in place of its parameters. */
export function inline(condition: NamedCondition, given: readonly string[]): Expression {
  const values = new Map(condition.parameters.map(({ name }, index) => [name, given[index]!]));
  const replace = (root: string) => values.get(root) ?? root;
  return mapOperands(condition.is, (operand) =>
    operand.startsWith('"')
      ? operand
      : operand.replace(/^[a-z-]+(?=[.[ ]|$)/, replace).replace(/(?<=\[)[a-z-]+(?=\.)/g, replace),
  );
}

/** Whether it depends on `has` or `user.permissions`, also by way of a named condition. */
export function usesPermissions(expression: Expression, conditions: readonly NamedCondition[]): boolean {
  switch (expression.kind) {
    case 'has':
      return true;
    case 'compare':
      return expression.left === 'user.permissions' || expression.right === 'user.permissions';
    case 'and':
    case 'or':
      return expression.terms.some((term) => usesPermissions(term, conditions));
    case 'not':
      return usesPermissions(expression.term, conditions);
    case 'call': {
      const called = conditions.find(({ name }) => name === expression.name);
      return called !== undefined && usesPermissions(called.is, conditions);
    }
    default:
      return false;
  }
}
