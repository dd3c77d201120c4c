/** The same policy written another way. */
import type { Draft } from '../generate.ts';
import { type Choose, chance, oneOf, shuffled } from './choices.ts';
import {
  type Expression,
  inline,
  mapParts,
  type NamedCondition,
  type Operator,
  usesPermissions,
} from './expression.ts';
import { entryOf, mapTree, type Tree, withEntry } from './tree.ts';

const opposite: Readonly<Record<string, Operator>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const mirrored: Readonly<Record<string, Operator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
};

/** Other orders of keys, other spellings of conditions, another name for a named condition; the same meaning. */
export function shuffle(draft: Draft, choose: Choose): Draft {
  const { conditions } = draft.world;
  const renamed = conditions.length > 0 && chance(choose, 50) ? oneOf(choose, conditions).name : null;
  const inlined = conditions.find(({ name }) => name !== renamed && chance(choose, 30)) ?? null;
  const rewrite = (part: Tree): Tree => {
    if (part.kind === 'condition') {
      const plain = rename(inlineCalls(part.expression, inlined), renamed);
      return { kind: 'condition', expression: respell(plain, conditions, choose, 2) };
    }
    if (part.kind === 'scalar' || part.isOrdered) return part;
    return part.kind === 'map'
      ? { ...part, entries: shuffled(choose, part.entries) }
      : { ...part, items: shuffled(choose, part.items) };
  };
  return {
    world: draft.world,
    catalog: renameDeclaration(mapTree(draft.catalog, rewrite), renamed, inlined),
    practice: mapTree(draft.practice, rewrite),
  };
}

function renameDeclaration(catalog: Tree, renamed: string | null, inlined: NamedCondition | null): Tree {
  const declared = entryOf(catalog, 'conditions');
  if (declared?.kind !== 'map') return catalog;
  const entries = declared.entries
    .filter(([name]) => name !== inlined?.name)
    .map(([name, value]) => [name === renamed ? `${name}-renamed` : name, value] as const);
  return withEntry(catalog, 'conditions', { ...declared, entries });
}

function inlineCalls(expression: Expression, condition: NamedCondition | null): Expression {
  if (condition === null) return expression;
  if (expression.kind === 'call' && expression.name === condition.name) return inline(condition, expression.arguments);
  return mapParts(expression, (part) => inlineCalls(part, condition));
}

function rename(expression: Expression, renamed: string | null): Expression {
  if (expression.kind === 'call') {
    return expression.name === renamed ? { ...expression, name: `${renamed}-renamed` } : expression;
  }
  return mapParts(expression, (part) => rename(part, renamed));
}

/** `more` bounds how often parts are doubled on a way from the top. */
function respell(from: Expression, conditions: readonly NamedCondition[], choose: Choose, more: number): Expression {
  const expression = mapParts(from, (part) => respell(part, conditions, choose, more - 1));
  const mayNegate = !usesPermissions(expression, conditions);
  const kind = choose(9);
  if (kind === 8 && mayNegate) return not(not(expression));
  if (kind === 7 && mayNegate) return deMorgan(expression);
  if (kind === 6 && more > 0) return distribute(expression);
  if (kind === 5 && more > 0) return { kind: chance(choose, 50) ? 'and' : 'or', terms: [expression, expression] };
  if (kind === 4 && more > 0) return absorb(expression, choose);
  if (expression.kind === 'and' || expression.kind === 'or') {
    return { ...expression, terms: shuffled(choose, expression.terms) };
  }
  return respellTest(expression, mayNegate, choose);
}

function respellTest(test: Expression, mayNegate: boolean, choose: Choose): Expression {
  if (test.kind === 'listed') {
    if (chance(choose, 40)) return { ...test, items: shuffled(choose, test.items) };
    const terms = test.items.map((item) => compared(test.left, '==', item));
    return terms.length > 1 ? { kind: 'or', terms } : terms[0]!;
  }
  if (test.kind === 'truth' && test.path.includes('.')) {
    const written = [test, compared(test.path, '==', 'true'), compared(test.path, '!=', 'false')];
    return oneOf(choose, written);
  }
  if (test.kind !== 'compare') return test;
  const kind = choose(3);
  const other = mirrored[test.operator];
  if (kind === 1 && other !== undefined) return { ...test, operator: other, left: test.right, right: test.left };
  const negative = opposite[test.operator];
  if (kind === 2 && negative !== undefined && mayNegate) return not({ ...test, operator: negative });
  if (test.operator === '<' && /^-?\d+$/.test(test.right)) {
    return { ...test, operator: '<=', right: String(Number(test.right) - 1) };
  }
  return test.operator === 'overlaps' ? { ...test, left: test.right, right: test.left } : test;
}

function compared(left: string, operator: Operator, right: string): Expression {
  return { kind: 'compare', operator, left, right };
}

function deMorgan(expression: Expression): Expression {
  if (expression.kind !== 'and' && expression.kind !== 'or') return not(not(expression));
  const kind = expression.kind === 'and' ? 'or' : 'and';
  return not({ kind, terms: expression.terms.map(not) });
}

/** `a and (b or c)` is `(a and b) or (a and c)`, and the other way round. */
function distribute(expression: Expression): Expression {
  if (expression.kind !== 'and' && expression.kind !== 'or') return expression;
  const { kind, terms } = expression;
  const inner = kind === 'and' ? 'or' : 'and';
  const at = terms.findIndex((term) => term.kind === inner);
  const chosen = terms[at];
  if (chosen?.kind !== inner) return expression;
  const others = terms.filter((_, index) => index !== at);
  return { kind: inner, terms: chosen.terms.map((term) => ({ kind, terms: [...others, term] })) };
}

/** `a` is `a and (a or b)`; `b` is a part of `a`, so that it is well typed here. */
function absorb(expression: Expression, choose: Choose): Expression {
  let part = expression;
  while ((part.kind === 'and' || part.kind === 'or') && chance(choose, 80)) part = oneOf(choose, part.terms);
  if (chance(choose, 50)) return { kind: 'and', terms: [expression, { kind: 'or', terms: [part, expression] }] };
  return { kind: 'or', terms: [expression, { kind: 'and', terms: [expression, part] }] };
}

function not(term: Expression): Expression {
  return { kind: 'not', term };
}
