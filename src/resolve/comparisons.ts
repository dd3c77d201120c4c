import type { ComparisonOperator } from '../parse/index.ts';
import type { Span } from '../source/index.ts';
import { isText, type Place, type Typed } from './operands.ts';
import type { Comparison, Formula, Operand, Type } from './policy.ts';
import { checkLiteral, describeType } from './values.ts';

/** A comparison with its types checked; `!=`, `<=`, `>` and `>=` become `not`, `==` and `<`. */
export function compare(
  operator: ComparisonOperator,
  left: Typed,
  right: Typed,
  span: Span,
  place: Place,
  positive: boolean,
): Formula | null {
  switch (operator) {
    case '==':
      return equal(left, right, span, place);
    case '!=':
      return not(equal(left, right, span, place));
    case '<':
      return before(left, right, span, place);
    case '<=':
      return not(before(right, left, span, place));
    case '>':
      return before(right, left, span, place);
    case '>=':
      return not(before(left, right, span, place));
    case 'in':
      return contains(left, right, span, place, positive);
    case 'overlaps':
    case 'within':
      return relate(operator, left, right, span, place, positive);
    default:
      return operator satisfies never;
  }
}

/** A condition that is a value by itself: `resource.flag`, `true`. */
export function truth(operand: Typed, span: Span, place: Place): Formula | null {
  if (operand.operand.kind === 'literal' && typeof operand.operand.value === 'boolean') {
    return { kind: 'constant', value: operand.operand.value };
  }
  if (operand.type?.kind === 'bool') return comparison('true', operand.operand, null, span);
  place.report.add(
    'ill-typed',
    operand.span,
    `${operand.type ? describeType(operand.type) : 'a literal'} is no condition by itself`,
    {
      help: operand.type ? 'compare it with something, or write `is set`' : null,
    },
  );
  return null;
}

export function isSet(operand: Typed, span: Span, place: Place): Formula | null {
  const { kind } = operand.operand;
  if (kind === 'attribute' || kind === 'setting') return comparison('is-set', operand.operand, null, span);
  place.report.add('ill-typed', operand.span, '`is set` asks about an attribute', { help: 'write it after a path' });
  return null;
}

function equal(left: Typed, right: Typed, span: Span, place: Place): Formula | null {
  if (left.operand.kind === 'all' || right.operand.kind === 'all') {
    const { span: all } = left.operand.kind === 'all' ? left : right;
    place.report.add('ill-typed', all, '`all` stands beside `in`, `overlaps` and `within` only');
    return null;
  }
  if (isSetLike(left) || isSetLike(right)) {
    place.report.add('ill-typed', span, 'a set cannot be compared with `==`', {
      help: 'write `in`, `overlaps` or `within`',
    });
    return null;
  }
  if (left.type?.kind === 'resource' || right.type?.kind === 'resource') {
    if (left.type?.kind === 'resource' && right.type?.kind === 'resource' && left.type.name === right.type.name) {
      return comparison('==', idOf(left.operand), idOf(right.operand), span);
    }
    return illTyped(left, right, span, place, 'compare its id: `.id`');
  }
  const [a, b] = unify(left, right, span, place) ?? [null, null];
  return a && b && comparison('==', a, b, span);
}

function before(left: Typed, right: Typed, span: Span, place: Place): Formula | null {
  for (const side of [left, right]) {
    if (side.type && !isOrdered(side.type)) {
      place.report.add('ill-typed', side.span, `${describeType(side.type)} has no order`, {
        help: 'only whole numbers, days and instants can be compared by `<` and `>`',
      });
      return null;
    }
  }
  const [a, b] = unify(left, right, span, place) ?? [null, null];
  return a && b && comparison('<', a, b, span);
}

function contains(left: Typed, right: Typed, span: Span, place: Place, positive: boolean): Formula | null {
  if (isSetLike(left)) {
    place.report.add('ill-typed', left.span, 'the left side of `in` is one value, not a set', {
      help: 'write `overlaps` or `within`',
    });
    return null;
  }
  const element = elementOf(right, 'one value is compared with another by `==`', place);
  if (element === undefined) return null;
  if (right.operand.kind === 'all') return { kind: 'constant', value: true };
  if (forbidNegated(right, positive, span, place)) return null;
  if (left.type?.kind === 'resource') return illTyped(left, right, span, place, 'compare its id: `.id`');
  const set = element === null ? listOf(right, left.type, place) : right.operand;
  const value = element === null ? left.operand : unifyWith(left, element, right, span, place);
  if (element === null && left.type === null) {
    place.report.add('ill-typed', span, 'both sides are constant', { help: 'compare with an attribute' });
    return null;
  }
  return set && value && comparison('in', value, set, span);
}

function relate(
  operator: 'overlaps' | 'within',
  left: Typed,
  right: Typed,
  span: Span,
  place: Place,
  positive: boolean,
): Formula | null {
  const help = `\`${operator}\` compares two sets; one value is looked up in a set by \`in\``;
  const a = elementOf(left, help, place);
  const b = elementOf(right, help, place);
  if (a === undefined || b === undefined) return null;
  if (right.operand.kind === 'all' || (operator === 'overlaps' && left.operand.kind === 'all')) {
    return { kind: 'constant', value: true };
  }
  if (left.operand.kind === 'all') {
    place.report.add('ill-typed', left.span, '`all` cannot be within anything', {
      help: 'write the sides the other way round',
    });
    return null;
  }
  // More permissions make `user.permissions within x` harder to satisfy.
  const leftPositive = operator === 'within' ? !positive : positive;
  if (forbidNegated(left, leftPositive, span, place) || forbidNegated(right, positive, span, place)) return null;
  if (a === null && b === null) {
    place.report.add('ill-typed', span, 'both sides are constant', { help: 'compare with an attribute' });
    return null;
  }
  if (a !== null && b !== null && !fitTogether(a, b)) return illTyped(left, right, span, place);
  const first = a === null ? listOf(left, b, place) : left.operand;
  const second = b === null ? listOf(right, a, place) : right.operand;
  return first && second && comparison(operator, first, second, span);
}

/** The type of a set's elements; null for a list of literals or `all`; undefined when it is no set, which is reported. */
function elementOf(side: Typed, help: string, place: Place): Type | null | undefined {
  if (side.type?.kind === 'set') return side.type.of;
  if (side.operand.kind === 'set' || side.operand.kind === 'all') return null;
  place.report.add('ill-typed', side.span, `${side.type ? describeType(side.type) : 'a literal'} is not a set`, {
    help,
  });
  return undefined;
}

/** The literals of a list as values of the type. */
function listOf(side: Typed, type: Type | null, place: Place): Operand | null {
  if (type === null) return side.operand;
  const values: (string | number)[] = [];
  let isWhole = true;
  for (const { value, span } of side.items) {
    const checked = checkLiteral(type, value, span, place.declarations, 'strict', place.report);
    if (checked === null) isWhole = false;
    else if (typeof checked !== 'boolean') values.push(checked);
  }
  return isWhole ? { kind: 'set', values } : null;
}

/** Both sides as operands of one type, or null when they do not go together. */
function unify(left: Typed, right: Typed, span: Span, place: Place): [Operand, Operand] | null {
  if (left.type === null && right.type === null) {
    place.report.add('ill-typed', span, 'both sides are constant', { help: 'compare with an attribute' });
    return null;
  }
  if (left.type === null) {
    const value = literalFor(left, right, place);
    return value && [value, right.operand];
  }
  if (right.type === null) {
    const value = literalFor(right, left, place);
    return value && [left.operand, value];
  }
  if (left.type.kind === 'date' && right.type.kind === 'date-time') {
    const day = dayOf(right, place);
    return day && [left.operand, day];
  }
  if (left.type.kind === 'date-time' && right.type.kind === 'date') {
    const day = dayOf(left, place);
    return day && [day, right.operand];
  }
  if (fitTogether(left.type, right.type)) return [left.operand, right.operand];
  illTyped(left, right, span, place);
  return null;
}

function unifyWith(left: Typed, element: Type, set: Typed, span: Span, place: Place): Operand | null {
  if (left.type === null) return literalFor(left, { ...set, type: element, closed: null }, place);
  if (fitTogether(left.type, element)) return left.operand;
  illTyped(left, set, span, place);
  return null;
}

function literalFor(side: Typed, other: Typed, place: Place): Operand | null {
  if (side.operand.kind !== 'literal' || other.type === null) {
    place.report.add('ill-typed', side.span, '`all` and lists stand beside `in`, `overlaps` and `within` only');
    return null;
  }
  const { value } = side.operand;
  if (other.closed && typeof value === 'string' && !other.closed.values.includes(value)) {
    place.report.unknown(other.closed.code, other.closed.what, { text: value, span: side.span }, other.closed.values);
    return null;
  }
  const checked = checkLiteral(other.type, value, side.span, place.declarations, 'strict', place.report);
  return checked === null ? null : { kind: 'literal', value: checked };
}

/** An instant beside a day counts as its day in the practice's time zone. */
function dayOf(side: Typed, place: Place): Operand | null {
  if (side.operand.kind !== 'shift') return { kind: 'day', operand: side.operand };
  place.report.add('ill-typed', side.span, 'an instant later by a duration cannot be compared with a day', {
    help: 'add the duration to the day instead',
  });
  return null;
}

function fitTogether(a: Type, b: Type): boolean {
  if (a.kind === 'list' && b.kind === 'list') return a.name === b.name;
  if (a.kind === 'enum' && b.kind === 'enum') return a.values.some((value) => b.values.includes(value));
  const closed = ['list', 'enum', 'member', 'role', 'permission'];
  if (closed.includes(a.kind) && closed.includes(b.kind))
    return a.kind === b.kind || a.kind === 'enum' || b.kind === 'enum';
  return (isText(a) && isText(b)) || (a.kind === b.kind && a.kind !== 'resource' && a.kind !== 'set');
}

function forbidNegated(side: Typed, positive: boolean, span: Span, place: Place): boolean {
  if (side.operand.kind !== 'permissions' || !place.isGrant || positive) return false;
  place.report.add('negated-permission', span, 'turning a permission on would take this grant away', {
    notes: ['a permission may take something away only through a scope or a prohibition, where everybody looks for it'],
    help: 'move the condition to a prohibition',
  });
  return true;
}

function illTyped(left: Typed, right: Typed, span: Span, place: Place, help: string | null = null): null {
  const name = (side: Typed) => (side.type ? describeType(side.type) : 'a literal');
  place.report.add('ill-typed', span, `${name(left)} cannot be compared with ${name(right)}`, { help });
  return null;
}

function idOf(operand: Operand): Operand {
  if (operand.kind !== 'attribute') return operand;
  return { kind: 'attribute', root: operand.root, path: [...operand.path, 'id'], type: { kind: 'string' } };
}

function isSetLike(side: Typed): boolean {
  return side.type?.kind === 'set' || side.operand.kind === 'set' || side.operand.kind === 'all';
}

function isOrdered(type: Type): boolean {
  return type.kind === 'int' || type.kind === 'date' || type.kind === 'date-time';
}

function not(term: Formula | null): Formula | null {
  return term && { kind: 'not', term };
}

function comparison(operator: Comparison['operator'], left: Operand, right: Operand | null, span: Span): Comparison {
  return { kind: 'comparison', operator, left, right, span };
}
