import type { IToken, TokenType } from 'chevrotain';
import type { ComparisonOperator, Expression, OperandSyntax } from '../syntax.ts';
import { expected } from './messages.ts';
import { OperandGrammar } from './operands.ts';
import type { Ranged, Rule } from './parser.ts';
import { quote } from './reading.ts';
import * as t from './tokens.ts';

/** What ends a term of a condition or requirement. */
export const joins: ReadonlySet<TokenType> = new Set([t.And, t.Or]);

const operators = new Map<TokenType, ComparisonOperator>([
  ...([t.In, t.Overlaps, t.Within] as const).map((type): [TokenType, ComparisonOperator] => [
    type,
    type.name as ComparisonOperator,
  ]),
  [t.Equal, '=='],
  [t.NotEqual, '!='],
  [t.Less, '<'],
  [t.LessEqual, '<='],
  [t.Greater, '>'],
  [t.GreaterEqual, '>='],
]);

function isOperator(type: TokenType): boolean {
  return type === t.Is || operators.has(type);
}

/** The grammar of conditions. */
export abstract class ConditionGrammar extends OperandGrammar {
  readonly condition: Rule<Ranged<Expression>> = this.rule('condition', () => this.SUBRULE(this.disjunction));

  protected readonly disjunction: Rule<Ranged<Expression>> = this.rule('disjunction', () => {
    const terms = [this.SUBRULE(this.conjunction)];
    this.MANY(() => {
      this.CONSUME(t.Or);
      terms.push(this.SUBRULE2(this.conjunction));
    });
    return this.ACTION(() => this.join(terms, (nodes, span) => ({ kind: 'or', terms: nodes, span })));
  });

  protected readonly conjunction: Rule<Ranged<Expression>> = this.rule('conjunction', () => {
    const terms = [this.SUBRULE(this.negation)];
    this.MANY(() => {
      this.CONSUME(t.And);
      terms.push(this.SUBRULE2(this.negation));
    });
    return this.ACTION(() => this.join(terms, (nodes, span) => ({ kind: 'and', terms: nodes, span })));
  });

  protected readonly negation: Rule<Ranged<Expression>> = this.rule('negation', () => {
    const nots: IToken[] = [];
    this.MANY(() => nots.push(this.CONSUME(t.Not)));
    const term = this.SUBRULE(this.term);
    return this.ACTION(() =>
      nots.reduceRight<Ranged<Expression>>(({ node, end }, { startOffset: start }) => {
        return { node: { kind: 'not', term: node, span: this.reading.span(start, end) }, start, end };
      }, term),
    );
  });

  /** A condition without `and`, `or`, `not`; whatever is wrong in it is reported once. */
  protected readonly term: Rule<Ranged<Expression>> = this.rule('term', () => {
    const start = this.begin();
    const depth = this.depth();
    let isBroken = false;
    const node = this.attempt(
      () =>
        this.OR({
          DEF: [
            { ALT: () => this.SUBRULE(this.group) },
            { ALT: () => this.SUBRULE(this.hasCheck) },
            { ALT: () => this.SUBRULE(this.featureCheck) },
            { ALT: () => this.SUBRULE(this.call) },
            { ALT: () => this.SUBRULE(this.comparison) },
          ],
          ERR_MSG: expected.condition,
        }),
      () => {
        isBroken = true;
        return this.brokenCondition();
      },
    );
    this.ACTION(() => {
      if (!isBroken) this.checkEndOfTerm(node, start, depth);
      this.skipTerm(depth, joins);
    });
    return this.range(node, start);
  });

  protected readonly group: Rule<Expression> = this.rule('group', () => {
    this.CONSUME(t.LeftParenthesis);
    const inner = this.SUBRULE(this.disjunction);
    this.CONSUME(t.RightParenthesis, { ERR_MSG: expected.close });
    return this.ACTION(() => inner.node);
  });

  protected readonly hasCheck: Rule<Expression> = this.rule('hasCheck', () => {
    const start = this.begin();
    this.CONSUME(t.Has);
    this.CONSUME(t.LeftParenthesis, { ERR_MSG: expected.open });
    const permission = this.SUBRULE(this.dottedName);
    this.CONSUME(t.RightParenthesis, { ERR_MSG: expected.close });
    return { kind: 'has', permission, span: this.spanFrom(start) };
  });

  protected readonly featureCheck: Rule<Expression> = this.rule('featureCheck', () => {
    const start = this.begin();
    this.CONSUME(t.Feature);
    this.CONSUME(t.LeftParenthesis, { ERR_MSG: expected.open });
    const feature = this.SUBRULE(this.dottedName);
    this.CONSUME(t.RightParenthesis, { ERR_MSG: expected.close });
    return { kind: 'feature', feature, span: this.spanFrom(start) };
  });

  protected readonly call: Rule<Expression> = this.rule('call', () => {
    const start = this.begin();
    const name = this.nameOf(this.CONSUME(t.Name));
    const operands: OperandSyntax[] = [];
    this.CONSUME(t.LeftParenthesis);
    this.OPTION(() => {
      operands.push(this.SUBRULE(this.operand));
      this.MANY(() => {
        this.CONSUME(t.Comma);
        operands.push(this.SUBRULE2(this.operand));
      });
    });
    this.CONSUME(t.RightParenthesis, { ERR_MSG: operands.length > 0 ? expected.nextArgument : expected.value });
    return { kind: 'call', name, arguments: operands, span: this.spanFrom(start) };
  });

  protected readonly comparison: Rule<Expression> = this.rule('comparison', () => {
    const start = this.begin();
    const left = this.SUBRULE(this.operand);
    let node: Expression = { kind: 'truth', operand: left, span: this.spanFrom(start) };
    this.OPTION(() => {
      let not: IToken | undefined;
      this.OR([
        {
          ALT: () => {
            const is = this.CONSUME(t.Is);
            this.OPTION2(() => {
              not = this.CONSUME(t.Not);
            });
            this.CONSUME(t.IsSet, { ERR_MSG: expected.set });
            node = { kind: 'is-set', operand: left, span: this.spanFrom(start) };
            this.ACTION(() => {
              if (not) this.reportNot(is, this.LA(0), start, 'is set');
              else if (left.kind !== 'path') this.reportIsSet(is);
            });
          },
        },
        {
          ALT: () => {
            this.OPTION3(() => {
              not = this.CONSUME2(t.Not);
            });
            const token = this.CONSUME(t.ComparisonOperator, { ERR_MSG: expected.comparison });
            const right = this.SUBRULE2(this.operand);
            const operator = operators.get(token.tokenType) ?? '==';
            node = { kind: 'comparison', operator, left, right, span: this.spanFrom(start) };
            this.ACTION(() => not && this.reportNot(not, token, start, operator));
          },
        },
      ]);
    });
    return node;
  });

  private brokenCondition(): Expression {
    const span = this.reading.span(0, 0);
    return { kind: 'truth', operand: { kind: 'bool', value: true, span }, span };
  }

  /** Behind a term stands `and`, `or` or its end; a value alone is no term. */
  private checkEndOfTerm(node: Expression, start: number, depth: number): void {
    const next = this.LA(1).tokenType;
    const isValue = node.kind === 'truth';
    const isCondition = node.kind !== 'truth' || node.operand.kind === 'path' || node.operand.kind === 'bool';
    if (this.isBehindTerm(depth, joins)) {
      if (!isCondition) this.unexpected(expected.comparison);
    } else if (!isValue && (isOperator(next) || (next === t.Not && isOperator(this.LA(2).tokenType))))
      this.reportChain(node, start);
    else if (isValue && next !== t.Comma) this.unexpected(expected.comparison);
    else this.unexpected(expected.andOr);
  }

  private reportChain(node: Expression, start: number): void {
    const operator = this.LA(1);
    const end = t.endOf(operator);
    if (node.kind !== 'comparison') {
      const help = node.kind === 'is-set' ? 'join two comparisons with `and`' : 'it is true or false by itself';
      this.reading.report(operator.startOffset, end, 'a condition cannot be compared', help);
      return;
    }
    const behind = t.endOf(this.LA(0));
    const [whole, middle] = [this.slice(start, behind), this.slice(this.operandStart, behind)];
    const help = `write ${quote(`${whole} and ${middle} ${operator.image} ...`)}`;
    this.reading.report(operator.startOffset, end, 'comparisons do not chain', help);
  }

  /** `x not in y` and `x is not set`, which was just read. */
  private reportNot(first: IToken, last: IToken, start: number, operator: string): void {
    const end = t.endOf(last);
    for (let at = first.startOffset; at < end; at++) if (this.reading.reported.has(at)) return;
    const words = this.slice(first.startOffset, end);
    const positive = `${this.slice(start, first.startOffset)}${operator}${this.slice(end, t.endOf(this.LA(0)))}`;
    const help = `write ${quote(`not (${positive})`)}`;
    this.reading.report(first.startOffset, end, `${quote(words)} is not an operator`, help);
  }

  private reportIsSet(is: IToken): void {
    this.reading.report(is.startOffset, t.endOf(this.LA(0)), '`is set` asks about a path only');
  }
}
