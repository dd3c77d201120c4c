import type { OperandSyntax, PathStep } from '../parse/index.ts';
import type { Name, Span } from '../source/index.ts';
import type { Declarations } from './declarations.ts';
import type { Action, Operand, Type } from './policy.ts';
import type { Report } from './report.ts';
import type { Uncovered } from './uncovered.ts';
import { describeType } from './values.ts';

/** Where a condition stands: what `resource`, `action` and its parameters mean there. */
export interface Place {
  readonly declarations: Declarations;
  readonly report: Report;
  /** Resource type of the actions; null for actions about nothing; undefined where no action is known. */
  readonly resource: string | null | undefined;
  /** All of one resource type. */
  readonly actions: readonly Action[];
  /** Where several resource types share the condition, what some of them lack. */
  readonly uncovered: Uncovered | null;
  readonly parameters: ReadonlyMap<string, Typed>;
  /** Turning a permission on may take nothing away here. */
  readonly isGrant: boolean;
  /** Named conditions that are being written out, outermost first. */
  readonly calls: readonly string[];
}

/** An operand and its type. A literal has the type that the other side gives it. */
export interface Typed {
  readonly operand: Operand;
  /** null: a literal, a list of literals or `all`. */
  readonly type: Type | null;
  readonly span: Span;
  /** The literals of a list, each with its place. */
  readonly items: readonly { readonly value: string | number | boolean; readonly span: Span }[];
  /** The closed values of an action constant or account. */
  readonly closed: {
    readonly code: 'unknown-value' | 'unknown-account';
    readonly what: string;
    readonly values: readonly string[];
  } | null;
}

/** Null when something was reported. */
export function readOperand(syntax: OperandSyntax, place: Place): Typed | null {
  const { span } = syntax;
  switch (syntax.kind) {
    case 'string':
    case 'number':
    case 'bool':
      return literal(syntax.value, span);
    case 'all':
      return typed({ kind: 'all' }, null, span);
    case 'list':
      return readList(syntax, place);
    case 'sum':
      return readSum(syntax, place);
    case 'path':
      return readPath(syntax, place);
    default:
      return syntax satisfies never;
  }
}

function readList(syntax: Extract<OperandSyntax, { kind: 'list' }>, place: Place): Typed | null {
  const items: { value: string | number | boolean; span: Span }[] = [];
  for (const item of syntax.items) {
    if (item.kind === 'string' || item.kind === 'number') items.push({ value: item.value, span: item.span });
    else {
      place.report.add('ill-typed', item.span, 'a list holds texts and numbers only', {
        help: item.kind === 'path' ? 'compare with each path by itself, joined by `or`' : null,
      });
    }
  }
  if (items.length < syntax.items.length) return null;
  return { ...typed({ kind: 'set', values: [] }, null, syntax.span), items };
}

function readSum(syntax: Extract<OperandSyntax, { kind: 'sum' }>, place: Place): Typed | null {
  const base = readOperand(syntax.operand, place);
  if (!base) return null;
  const { months, milliseconds } = syntax.duration;
  const kind = base.type?.kind;
  if (kind !== 'date' && kind !== 'date-time') {
    place.report.add(
      'ill-typed',
      syntax.operand.span,
      `a duration can be added to a day or an instant, not to ${base.type ? describeType(base.type) : 'a literal'}`,
    );
    return null;
  }
  if (base.operand.kind === 'shift') {
    place.report.add('ill-typed', syntax.span, 'only one duration can be added');
    return null;
  }
  if (kind === 'date' && milliseconds % 86_400_000 !== 0) {
    place.report.add('ill-typed', syntax.duration.span, 'a part of a day cannot be added to a day', {
      help: 'use d, w, mo or y, or declare the fact as `date-time`',
    });
    return null;
  }
  return typed({ kind: 'shift', operand: base.operand, months, milliseconds }, base.type, syntax.span);
}

function readPath(syntax: Extract<OperandSyntax, { kind: 'path' }>, place: Place): Typed | null {
  const { root, steps, span } = syntax;
  const parameter = place.parameters.get(root.text);
  if (parameter) return follow(parameter, steps, span, place);
  switch (root.text) {
    case 'resource':
      return readResource(syntax, place);
    case 'user':
      return readUser(syntax, place);
    case 'context':
      return readContext(syntax, place);
    case 'action':
      return readActionConstant(syntax, place);
    default: {
      if (place.report.isBroken(root.text)) return null;
      const roots = ['resource', 'user', 'context', 'action', ...place.parameters.keys()];
      const meant = meantPath(root.text, place);
      place.report.add('unknown-attribute', root.span, `\`${root.text}\` is nothing that a condition can look at`, {
        help:
          place.report.suggest(root.text, roots) ??
          (meant !== null
            ? `did you mean \`${meant}\`?`
            : steps.length === 0
              ? `a text stands in quotes: \`"${root.text}"\``
              : `a path starts with ${roots.map((name) => `\`${name}\``).join(', ')}`),
      });
      return null;
    }
  }
}

/** The path that ends in a word which stands for itself, such as `resource.author` for `author`. */
function meantPath(word: string, { resource, declarations, parameters }: Place): string | null {
  if (resource && declarations.resources.get(resource)?.facts.has(word)) return `resource.${word}`;
  for (const [name, { type }] of parameters) {
    if (type?.kind === 'resource' && declarations.resources.get(type.name)?.facts.has(word)) return `${name}.${word}`;
  }
  if (declarations.settings.has(word) || declarations.userFacts.has(word)) return `user.${word}`;
  return declarations.contextFacts.has(word) ? `context.${word}` : null;
}

function readResource(syntax: Extract<OperandSyntax, { kind: 'path' }>, place: Place): Typed | null {
  if (place.resource === undefined) return null;
  if (place.resource === null) {
    const first = syntax.steps[0];
    if (place.uncovered && first?.kind === 'name') place.uncovered.addAboutNothing(first.name, place.actions);
    else {
      const names = place.actions.slice(0, 3).map((action) => `\`${action.name}\``);
      const is = names.length === 1 ? 'is' : 'are';
      place.report.add(
        'ill-typed-covers',
        syntax.root.span,
        `${names.join(', ')} ${is} about nothing, so there is no \`resource\``,
        {
          help: 'leave such actions out here, or take `about: nothing` away where they are declared',
        },
      );
    }
    return null;
  }
  const start = typed(
    { kind: 'attribute', root: 'resource', path: [], type: { kind: 'resource', name: place.resource } },
    { kind: 'resource', name: place.resource },
    syntax.root.span,
  );
  return follow(start, syntax.steps, syntax.span, place);
}

function readContext(syntax: Extract<OperandSyntax, { kind: 'path' }>, place: Place): Typed | null {
  return readFact(syntax, 'context', place.declarations.contextFacts, [], place);
}

function readUser(syntax: Extract<OperandSyntax, { kind: 'path' }>, place: Place): Typed | null {
  const { declarations, report } = place;
  const first = syntax.steps[0];
  const name = first?.kind === 'name' ? first.name.text : null;
  if (name === 'account' && syntax.steps.length === 1) {
    const closed = { code: 'unknown-account' as const, what: 'account', values: [...declarations.accounts] };
    return { ...typed({ kind: 'account' }, { kind: 'string' }, syntax.span), closed };
  }
  if (name === 'permissions' && syntax.steps.length === 1) {
    return typed({ kind: 'permissions' }, { kind: 'set', of: { kind: 'permission' } }, syntax.span);
  }
  if (name === 'id' && syntax.steps.length === 1) {
    return typed(
      { kind: 'attribute', root: 'user', path: ['id'], type: { kind: 'string' } },
      { kind: 'string' },
      syntax.span,
    );
  }
  const setting = name === null ? undefined : declarations.settings.get(name);
  if (!setting) {
    return readFact(
      syntax,
      'user',
      declarations.userFacts,
      ['id', 'account', 'permissions', ...declarations.settings.keys()],
      place,
    );
  }
  const indexes: Operand[] = [];
  for (const step of syntax.steps.slice(1)) {
    const index = step.kind === 'index' ? readIndex(step.operand, place) : null;
    if (index) indexes.push(index);
    else if (step.kind === 'name') {
      report.add('unknown-attribute', step.name.span, `\`user.${setting.name}\` has no part \`${step.name.text}\``, {
        help:
          setting.indexes.length > indexes.length
            ? `write \`user.${setting.name}[action.${setting.indexes[indexes.length]?.name}]\``
            : null,
      });
      return null;
    } else return null;
  }
  if (indexes.length !== setting.indexes.length) {
    const keys = setting.indexes
      .map((index) => `[${place.declarations.constants.has(index.name) ? 'action.' : ''}${index.name}]`)
      .join('');
    report.add(
      'ill-typed',
      syntax.span,
      `\`user.${setting.name}\` is looked up by ${setting.indexes.length} ${setting.indexes.length === 1 ? 'key' : 'keys'}, not ${indexes.length}`,
      {
        help: `write \`user.${setting.name}${keys}\``,
      },
    );
    return null;
  }
  return typed({ kind: 'setting', name: setting.name, indexes, type: setting.type }, setting.type, syntax.span);
}

/** A key of a setting: a constant of the action, a text, or an attribute that holds a text. */
function readIndex(syntax: OperandSyntax, place: Place): Operand | null {
  const index = readOperand(syntax, place);
  if (!index) return null;
  const { operand } = index;
  if (operand.kind === 'action-constant') return operand;
  if (operand.kind === 'literal' && typeof operand.value === 'string') return operand;
  if (operand.kind === 'attribute' && index.type && isText(index.type)) return operand;
  place.report.add(
    'ill-typed',
    syntax.span,
    'a key of a setting is a constant of the action or an attribute that holds a text',
  );
  return null;
}

function readActionConstant(syntax: Extract<OperandSyntax, { kind: 'path' }>, place: Place): Typed | null {
  if (place.resource === undefined) return null;
  const { declarations, report } = place;
  const step = syntax.steps[0];
  if (syntax.steps.length !== 1 || step?.kind !== 'name') {
    report.add('unknown-attribute', syntax.span, 'an action has constants only: `action.name`');
    return null;
  }
  const values = declarations.constants.get(step.name.text);
  if (!values) {
    if (report.isBroken(step.name.text)) return null;
    report.add('unknown-attribute', step.name.span, `no action has a constant \`${step.name.text}\``, {
      help:
        place.report.suggest(step.name.text, declarations.constants.keys()) ??
        'constants are further keys of an action: `view: { mode: view }`',
    });
    return null;
  }
  const lacking = place.actions.find((action) => !action.constants.has(step.name.text));
  if (lacking) {
    report.add('ill-typed-covers', syntax.span, `\`${lacking.name}\` has no constant \`${step.name.text}\``, {
      notes: [{ message: 'the action is declared here', span: lacking.span }],
      help: 'give the action the constant, or leave the action out here',
    });
    return null;
  }
  const closed = { code: 'unknown-value' as const, what: step.name.text, values };
  return { ...typed({ kind: 'action-constant', name: step.name.text }, { kind: 'string' }, syntax.span), closed };
}

function readFact(
  syntax: Extract<OperandSyntax, { kind: 'path' }>,
  root: 'user' | 'context',
  facts: ReadonlyMap<string, Type>,
  others: readonly string[],
  place: Place,
): Typed | null {
  const first = syntax.steps[0];
  if (first?.kind !== 'name') {
    place.report.add('unknown-attribute', syntax.span, `\`${root}\` by itself is no value`, {
      help: `write \`${root}.\` and a name`,
    });
    return null;
  }
  const type = facts.get(first.name.text);
  if (!type) {
    const what = root === 'user' ? 'attribute' : 'fact';
    unknownFact(first.name, `\`${root}\` has no ${what}`, [...others, ...facts.keys()], place);
    return null;
  }
  const start = typed({ kind: 'attribute', root, path: [first.name.text], type }, type, {
    ...syntax.span,
    end: first.name.span.end,
  });
  return follow(start, syntax.steps.slice(1), syntax.span, place);
}

/** The rest of a path: facts of the resource types that it leads through. */
function follow(start: Typed, steps: readonly PathStep[], span: Span, place: Place): Typed | null {
  let at = start;
  for (const step of steps) {
    if (step.kind === 'index') {
      place.report.add('ill-typed', step.operand.span, 'only a setting of `user` is looked up by a key');
      return null;
    }
    const { operand, type } = at;
    if (type?.kind !== 'resource' || operand.kind !== 'attribute') {
      place.report.add(
        'unknown-attribute',
        step.name.span,
        `${type ? describeType(type) : 'a literal'} has no facts, so \`${step.name.text}\` is not there`,
        {
          notes:
            type?.kind === 'list' && place.declarations.resources.has(type.name)
              ? [`a value list goes before the resource of the same name`]
              : [],
          help: `end the path before \`.${step.name.text}\``,
        },
      );
      return null;
    }
    const facts = place.declarations.resources.get(type.name)?.facts ?? new Map<string, Type>();
    const next: Type | undefined =
      facts.get(step.name.text) ?? (step.name.text === 'id' ? { kind: 'string' } : undefined);
    if (!next) {
      if (place.report.isBroken(step.name.text, 'unknown-attribute')) return null;
      if (operand.path.length === 0 && place.uncovered) place.uncovered.addType(step.name, type.name, facts.keys());
      else unknownFact(step.name, `\`${type.name}\` has no fact`, ['id', ...facts.keys()], place);
      return null;
    }
    at = typed(
      { kind: 'attribute', root: operand.root, path: [...operand.path, step.name.text], type: next },
      next,
      span,
    );
  }
  return { ...at, span };
}

function unknownFact(name: Name, claim: string, known: readonly string[], { report }: Place): void {
  if (report.isBroken(name.text, 'unknown-attribute')) return;
  report.add('unknown-attribute', name.span, `${claim} \`${name.text}\``, {
    help:
      report.suggest(name.text, known) ??
      (known.length <= 12 ? `it has ${known.map((item) => `\`${item}\``).join(', ')}` : null),
  });
}

export function isText(type: Type): boolean {
  return (
    type.kind === 'string' ||
    type.kind === 'enum' ||
    type.kind === 'list' ||
    type.kind === 'member' ||
    type.kind === 'role' ||
    type.kind === 'permission'
  );
}

function literal(value: string | number | boolean, span: Span): Typed {
  return typed({ kind: 'literal', value }, null, span);
}

function typed(operand: Operand, type: Type | null, span: Span): Typed {
  return { operand, type, span, items: [], closed: null };
}
