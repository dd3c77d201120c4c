import type { RequirementExpression } from '../syntax.ts';
import { ConditionGrammar, joins } from './conditions.ts';
import { expected } from './messages.ts';
import type { Ranged, Rule } from './parser.ts';
import * as t from './tokens.ts';

/** The grammar of what a permission requires. */
export abstract class RequirementGrammar extends ConditionGrammar {
  readonly requirement: Rule<Ranged<RequirementExpression>> = this.rule('requirement', () => {
    const whole = this.SUBRULE(this.someOf);
    this.ACTION(() => {
      if (whole.node.kind !== 'and' && whole.node.kind !== 'or') return;
      for (const token of this.input.filter(({ tokenType }) => tokenType === t.All)) {
        this.reading.report(token.startOffset, t.endOf(token), '`all` stands alone', 'it means every other permission');
      }
    });
    return whole;
  });

  protected readonly someOf: Rule<Ranged<RequirementExpression>> = this.rule('someOf', () => {
    const terms = [this.SUBRULE(this.allOf)];
    this.MANY(() => {
      this.CONSUME(t.Or);
      terms.push(this.SUBRULE2(this.allOf));
    });
    return this.ACTION(() => this.join(terms, (nodes, span) => ({ kind: 'or', terms: nodes, span })));
  });

  protected readonly allOf: Rule<Ranged<RequirementExpression>> = this.rule('allOf', () => {
    const terms = [this.SUBRULE(this.permissionTerm)];
    this.MANY(() => {
      this.CONSUME(t.And);
      terms.push(this.SUBRULE2(this.permissionTerm));
    });
    return this.ACTION(() => this.join(terms, (nodes, span) => ({ kind: 'and', terms: nodes, span })));
  });

  protected readonly permissionTerm: Rule<Ranged<RequirementExpression>> = this.rule('permissionTerm', () => {
    const start = this.begin();
    const depth = this.depth();
    let isBroken = false;
    this.MANY(() => {
      const not = this.CONSUME(t.Not);
      this.reading.report(not.startOffset, t.endOf(not), 'a requirement cannot be negated');
    });
    const node = this.attempt<RequirementExpression>(
      () =>
        this.OR<RequirementExpression>({
          DEF: [
            { ALT: () => this.SUBRULE(this.requirementGroup) },
            { ALT: () => this.CONSUME(t.All) && { kind: 'all', span: this.spanFrom(start) } },
            { ALT: () => this.SUBRULE(this.permissionWithHas) },
            { ALT: () => this.SUBRULE(this.permission) },
          ],
          ERR_MSG: expected.permission,
        }),
      () => {
        isBroken = true;
        return { kind: 'all', span: this.reading.span(0, 0) };
      },
    );
    this.ACTION(() => {
      if (!isBroken && !this.isBehindTerm(depth, joins)) this.unexpected(expected.andOr);
      this.skipTerm(depth, joins);
    });
    return this.range(node, start);
  });

  protected readonly requirementGroup: Rule<RequirementExpression> = this.rule('requirementGroup', () => {
    this.CONSUME(t.LeftParenthesis);
    const inner = this.SUBRULE(this.someOf);
    this.CONSUME(t.RightParenthesis, { ERR_MSG: expected.close });
    return this.ACTION(() => inner.node);
  });

  protected readonly permission: Rule<RequirementExpression> = this.rule('permission', () => {
    const name = this.SUBRULE(this.dottedName);
    return this.ACTION(() => ({ kind: 'permission', name, span: name.span }));
  });

  // Written by people who know it from conditions.
  protected readonly permissionWithHas: Rule<RequirementExpression> = this.rule('permissionWithHas', () => {
    const start = this.begin();
    this.CONSUME(t.Has);
    this.CONSUME(t.LeftParenthesis);
    const name = this.SUBRULE(this.dottedName);
    this.CONSUME(t.RightParenthesis, { ERR_MSG: expected.close });
    return this.ACTION(() => {
      const message = 'a requirement names permissions without `has`';
      this.reading.report(start, start + 'has'.length, message, `write \`${name.text}\``);
      return { kind: 'permission', name, span: name.span };
    });
  });
}
