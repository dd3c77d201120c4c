import type { TokenType } from 'chevrotain';
import type { Name } from '../../source/index.ts';
import type { TypeSyntax } from '../syntax.ts';
import { expected } from './messages.ts';
import type { Ranged, Rule } from './parser.ts';
import { RequirementGrammar } from './requirements.ts';
import * as t from './tokens.ts';

const joins: ReadonlySet<TokenType> = new Set([t.Pipe, t.Arrow]);

/** The grammar of types. */
export abstract class TypeGrammar extends RequirementGrammar {
  /** `a -> b -> c` leans to the right. */
  readonly type: Rule<Ranged<TypeSyntax>> = this.rule('type', () => {
    const elements = [this.SUBRULE(this.typeElement)];
    this.MANY(() => {
      this.CONSUME(t.Pipe);
      elements.push(this.SUBRULE2(this.typeElement));
    });
    let of: Ranged<TypeSyntax> | undefined;
    this.OPTION(() => {
      this.CONSUME(t.Arrow);
      of = this.SUBRULE(this.type);
    });
    return this.ACTION(() => (of ? this.indexed(elements, of) : this.plainType(elements)));
  });

  /** One value, name or set; whatever is wrong in it is reported once. */
  protected readonly typeElement: Rule<Ranged<TypeSyntax>> = this.rule('typeElement', () => {
    const start = this.begin();
    const depth = this.depth();
    const broken = (): TypeSyntax => {
      const span = this.reading.span(0, 0);
      return { kind: 'name', name: { text: '', span }, span };
    };
    let node = this.attempt<TypeSyntax | null>(
      () =>
        this.OR<TypeSyntax>({
          DEF: [{ ALT: () => this.SUBRULE(this.setType) }, { ALT: () => this.SUBRULE(this.typeName) }],
          ERR_MSG: expected.type,
        }),
      () => null,
    );
    this.ACTION(() => {
      if (!node || this.isBehindTerm(depth, joins)) return;
      this.unexpected(expected.nextType);
      node = null;
    });
    this.ACTION(() => this.skipTerm(depth, joins));
    return this.range(node ?? broken(), start);
  });

  protected readonly typeName: Rule<TypeSyntax> = this.rule('typeName', () => {
    const name = this.SUBRULE(this.dottedName);
    return this.ACTION(() => ({ kind: 'name', name, span: name.span }));
  });

  protected readonly setType: Rule<TypeSyntax> = this.rule('setType', () => {
    const start = this.begin();
    this.CONSUME(t.IsSet);
    this.CONSUME(t.Less);
    const inner = this.SUBRULE(this.type);
    this.CONSUME(t.Greater, { ERR_MSG: expected.closeSet });
    return this.ACTION(() => {
      const { node, start: from, end } = inner;
      if (node.kind === 'set' || node.kind === 'index')
        this.reading.report(from, end, 'a set holds single values only');
      return { kind: 'set', of: node, span: this.spanFrom(start) };
    });
  });

  private plainType(elements: readonly Ranged<TypeSyntax>[]): Ranged<TypeSyntax> {
    const [only] = elements;
    if (elements.length === 1 && only?.node.kind === 'name' && only.node.name.text === 'set') {
      this.reading.report(only.start, only.end, '`set` does not say what it holds', 'write `set<string>`');
    }
    const values: Name[] = [];
    if (elements.length > 1) for (const element of elements) values.push(...this.value(element));
    return this.join(elements, (_, span) => ({ kind: 'enum', values, span }));
  }

  private value({ node, start, end }: Ranged<TypeSyntax>): Name[] {
    if (node.kind === 'name' && !node.name.text.includes('.')) return [node.name];
    const what = node.kind === 'name' ? 'a value is a name without dots' : 'a set cannot be one of several values';
    this.reading.report(start, end, what);
    return [];
  }

  private indexed(elements: readonly Ranged<TypeSyntax>[], of: Ranged<TypeSyntax>): Ranged<TypeSyntax> {
    const [first] = elements;
    const start = first?.start ?? of.start;
    const span = this.reading.span(start, of.end);
    if (first?.node.kind === 'name' && elements.length === 1) {
      return { node: { kind: 'index', by: first.node.name, of: of.node, span }, start, end: of.end };
    }
    const end = elements.at(-1)?.end ?? of.start;
    this.reading.report(start, end, 'only a name stands before `->`', 'name the values under `values`');
    return { node: of.node, start, end: of.end };
  }
}
