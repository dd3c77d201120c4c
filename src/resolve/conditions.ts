import type { Expression } from '../parse/index.ts';
import type { Span } from '../source/index.ts';
import { readArguments } from './arguments.ts';
import { compare, isSet, truth } from './comparisons.ts';
import type { Declarations } from './declarations.ts';
import { type Place, readOperand, type Typed } from './operands.ts';
import type { Action, Formula } from './policy.ts';
import type { Report } from './report.ts';
import { mergeReadings, Uncovered } from './uncovered.ts';

/** The formula of a condition for each of `actions`; those where it does not fit are reported and left out. */
export function readCondition(
  expression: Expression | null,
  actions: readonly Action[],
  isGrant: boolean,
  where: Span,
  declarations: Declarations,
  report: Report,
): ReadonlyMap<string, Formula> {
  const groups = new Map<string | null, Action[]>();
  for (const action of actions) {
    const key = action.hasResource ? action.resource : null;
    const group = groups.get(key);
    if (group) group.push(action);
    else groups.set(key, [action]);
  }
  const formulas = new Map<string, Formula>();
  const span = expression?.span ?? where;
  if (!declarations.sizes.spend(expression, groups.size, span, report)) return formulas;
  const uncovered = groups.size > 1 ? new Uncovered() : null;
  const readings: Report[] = [];
  for (const [resource, group] of groups) {
    const reading = report.fork();
    const place = {
      declarations,
      report: reading,
      resource,
      actions: group,
      uncovered,
      parameters: noParameters,
      isGrant,
      calls: [],
    };
    const formula = expression === null ? always : readFormula(expression, place, true);
    if (formula) for (const action of group) formulas.set(action.name, formula);
    readings.push(reading);
  }
  report.diagnostics.push(...mergeReadings(readings.map((reading) => reading.diagnostics)));
  uncovered?.report(groups.size - (groups.has(null) ? 1 : 0), report);
  return formulas;
}

const noParameters: ReadonlyMap<string, Typed> = new Map();

const always: Formula = { kind: 'constant', value: true };

/** Types a named condition as far as that is possible without an action; conditions that it uses are left aside. */
export function checkByItself(
  expression: Expression,
  parameters: ReadonlyMap<string, Typed>,
  declarations: Declarations,
  report: Report,
): void {
  const place = {
    declarations,
    report,
    resource: undefined,
    actions: [],
    uncovered: null,
    parameters,
    isGrant: false,
    calls: [],
  };
  readFormula(expression, place, true);
}

/** Null when something was reported. `positive`: under an even number of negations. */
function readFormula(expression: Expression, place: Place, positive: boolean): Formula | null {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const terms = expression.terms.map((term) => readFormula(term, place, positive));
      return terms.every((term) => term !== null) ? { kind: expression.kind, terms } : null;
    }
    case 'not': {
      const term = readFormula(expression.term, place, !positive);
      return term && { kind: 'not', term };
    }
    case 'has':
      return readHas(expression, place, positive);
    case 'feature':
      if (place.declarations.features.has(expression.feature.text))
        return { kind: 'feature', feature: expression.feature.text };
      place.report.unknown('unknown-feature', 'feature', expression.feature, place.declarations.features);
      return null;
    case 'call':
      return readCall(expression, place, positive);
    case 'truth': {
      const operand = readOperand(expression.operand, place);
      return operand && truth(operand, expression.span, place);
    }
    case 'is-set': {
      const operand = readOperand(expression.operand, place);
      return operand && isSet(operand, expression.span, place);
    }
    case 'comparison': {
      const left = readOperand(expression.left, place);
      const right = readOperand(expression.right, place);
      return left && right && compare(expression.operator, left, right, expression.span, place, positive);
    }
    default:
      return expression satisfies never;
  }
}

function readHas(expression: Extract<Expression, { kind: 'has' }>, place: Place, positive: boolean): Formula | null {
  const { permission } = expression;
  if (!place.declarations.permissions.has(permission.text)) {
    place.report.unknown('unknown-permission', 'permission', permission, place.declarations.permissions);
    return null;
  }
  if (place.isGrant && !positive) {
    place.report.add(
      'negated-permission',
      expression.span,
      `turning \`${permission.text}\` on would take this grant away`,
      {
        notes: [
          'a permission may take something away only through a scope or a prohibition, where everybody looks for it',
        ],
        help: `write a prohibition for it: \`when: has(${permission.text}) and ...\``,
      },
    );
    return null;
  }
  return { kind: 'has', permission: permission.text };
}

function readCall(expression: Extract<Expression, { kind: 'call' }>, place: Place, positive: boolean): Formula | null {
  const { declarations, report } = place;
  const entry = declarations.conditions.get(expression.name.text);
  if (report.isBroken(expression.name.text, entry ? null : 'unknown-condition')) return null;
  if (!entry) {
    const help = report.suggest(expression.name.text, [...declarations.conditions.keys(), 'has', 'feature']);
    report.add('unknown-condition', expression.name.span, `unknown condition \`${expression.name.text}\``, {
      help: help ?? 'declare it under `conditions`',
    });
    return null;
  }
  // A circle is reported where it is declared, and so is what is too large.
  if (place.calls.includes(expression.name.text) || declarations.sizes.isTooLarge(expression.name.text)) return null;
  const values = readArguments(expression, entry, place);
  if (values === null || place.resource === undefined) return null;
  const inner = { ...place, parameters: values, calls: [...place.calls, expression.name.text] };
  return readFormula(entry.value.is, inner, positive);
}
