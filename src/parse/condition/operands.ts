import type { IToken } from 'chevrotain';
import type { Name, Span } from '../../source/index.ts';
import type { OperandSyntax, PathStep } from '../syntax.ts';
import { type Atom, readNumeral, readText, unitMeant } from './literals.ts';
import { expected } from './messages.ts';
import { type Ranged, RecoveringParser, type Rule } from './parser.ts';
import { quote } from './reading.ts';
import * as t from './tokens.ts';

/** The grammar of values. */
export abstract class OperandGrammar extends RecoveringParser {
  /** A value: an atom, or a path plus a duration. */
  protected readonly operand: Rule<OperandSyntax> = this.rule('operand', () => {
    const start = this.begin();
    let value = this.SUBRULE(this.atom);
    this.MANY(() => {
      const plus = this.CONSUME(t.Plus);
      const right = this.SUBRULE2(this.atom);
      value = this.ACTION(() => this.add(value, plus, right));
    });
    return this.ACTION(() => {
      this.rememberOperand(start);
      const { node, end } = value;
      if (node.kind !== 'duration') return node;
      this.reading.report(start, end, 'a duration stands behind `+` only', 'write `resource.signed + 24h`');
      return { kind: 'number', value: 0, span: node.span };
    });
  });

  protected readonly atom: Rule<Ranged<Atom>> = this.rule('atom', () => {
    const start = this.begin();
    const bool = (value: boolean): Atom => ({ kind: 'bool', value, span: this.spanFrom(start) });
    const node = this.OR<Atom>({
      DEF: [
        { ALT: () => this.SUBRULE(this.path) },
        { ALT: () => readText(this.CONSUME(t.Text), this.reading) },
        { ALT: () => readNumeral(this.CONSUME(t.Numeral), this.reading) },
        { ALT: () => this.CONSUME(t.True) && bool(true) },
        { ALT: () => this.CONSUME(t.False) && bool(false) },
        { ALT: () => this.CONSUME(t.All) && { kind: 'all', span: this.spanFrom(start) } },
        { ALT: () => this.SUBRULE(this.list) },
      ],
      ERR_MSG: expected.value,
    });
    return this.range(node, start);
  });

  protected readonly path: Rule<OperandSyntax> = this.rule('path', () => {
    const start = this.begin();
    const root = this.nameOf(this.CONSUME(t.Name, { ERR_MSG: expected.path }));
    const steps: PathStep[] = [];
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(t.Dot);
            steps.push({ kind: 'name', name: this.nameOf(this.CONSUME2(t.Name, { ERR_MSG: expected.name })) });
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.LeftBracket);
            steps.push({ kind: 'index', operand: this.SUBRULE(this.path) });
            this.CONSUME(t.RightBracket, { ERR_MSG: expected.closeIndex });
          },
        },
      ]);
    });
    this.rememberOperand(start);
    return { kind: 'path', root, steps, span: this.spanFrom(start) };
  });

  protected readonly list: Rule<OperandSyntax> = this.rule('list', () => {
    const start = this.begin();
    const items: Ranged<Atom>[] = [];
    this.CONSUME(t.LeftBracket);
    this.OPTION(() => {
      items.push(this.SUBRULE(this.atom));
      this.MANY(() => {
        this.CONSUME(t.Comma);
        items.push(this.SUBRULE2(this.atom));
      });
    });
    this.CONSUME(t.RightBracket, { ERR_MSG: items.length > 0 ? expected.nextItem : expected.value });
    return this.ACTION(() => ({
      kind: 'list',
      items: items.map((item) => this.literal(item)),
      span: this.spanFrom(start),
    }));
  });

  /** `notes.all-authors`, one name whatever its dots. */
  protected readonly dottedName: Rule<Name> = this.rule('dottedName', () => {
    const start = this.begin();
    const parts = [this.CONSUME(t.Name, { ERR_MSG: expected.name }).image];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      parts.push(this.CONSUME2(t.Name, { ERR_MSG: expected.name }).image);
    });
    this.rememberOperand(start);
    return { text: parts.join('.'), span: this.spanFrom(start) };
  });

  protected spanFrom(start: number): Span {
    return this.reading.span(start, t.endOf(this.LA(0)));
  }

  protected nameOf(token: IToken): Name {
    return { text: token.image, span: this.reading.span(token.startOffset, t.endOf(token)) };
  }

  private add(left: Ranged<Atom>, plus: IToken, right: Ranged<Atom>): Ranged<Atom> {
    const { start } = left;
    const duration = right.node;
    const operand = left.node;
    if (duration.kind === 'duration' && operand.kind === 'path') {
      const { months, milliseconds, span } = duration;
      return this.range(
        { kind: 'sum', operand, duration: { months, milliseconds, span }, span: this.spanFrom(start) },
        start,
      );
    }
    const report = (from: number, to: number, message: string, help?: string) =>
      this.reading.report(from, to, message, help);
    if (operand.kind === 'sum') report(plus.startOffset, right.end, 'only one duration can be added');
    else if (operand.kind === 'duration') report(start, left.end, 'the duration stands on the right of `+`');
    else if (operand.kind !== 'path') report(start, left.end, 'a duration can be added to a path only');
    else this.reportNoDuration(right);
    return this.range(
      { kind: 'sum', operand: { kind: 'all', span: operand.span }, duration: zero(operand.span), span: operand.span },
      start,
    );
  }

  private reportNoDuration(right: Ranged<Atom>): void {
    if (this.reading.reported.has(right.start)) return;
    const unit = this.LA(1);
    const text = this.slice(right.start, right.end);
    const meant = right.node.kind === 'number' && unit.tokenType === t.Name ? unitMeant(unit.image) : undefined;
    if (meant) {
      this.CONSUME(t.Name);
      const message = 'the number and the unit of a duration stand together';
      this.reading.report(right.start, t.endOf(unit), message, `write \`${text}${meant}\``);
    } else {
      const help = 'a duration is written as in `24h` or `6mo`';
      this.reading.report(right.start, right.end, `${quote(text)} is not a duration`, help);
    }
  }

  private literal({ node, start, end }: Ranged<Atom>): OperandSyntax {
    if (node.kind === 'string' || node.kind === 'number' || node.kind === 'bool') return node;
    const text = this.slice(start, end);
    const isName = node.kind === 'path' && node.steps.length === 0;
    this.reading.report(start, end, 'a list holds written values only', isName ? `write \`"${text}"\`` : null);
    return { kind: 'all', span: this.reading.span(start, end) };
  }
}

function zero(span: Span) {
  return { months: 0, milliseconds: 0, span };
}
