import { type Parsed, parseCondition, parseRequirement, parseType } from './condition/index.ts';
import {
  bool,
  type Decode,
  entriesOf,
  field,
  listOf,
  name,
  names,
  read,
  readEntries,
  type Sink,
  text,
} from './decode.ts';
import type { MapNode, Node } from './node.ts';
import type { ScalarText } from './scalar.ts';
import type {
  ConditionSyntax,
  CoverageSyntax,
  Expression,
  GrantSyntax,
  ProhibitionSyntax,
  RequirementSyntax,
  ScopeSyntax,
  TypeSyntax,
} from './syntax.ts';

/** A condition; what is wrong inside it goes to the sink. */
export function condition(sink: Sink): Decode<Expression> {
  // `true` and `false` are conditions, although YAML reads them as no text.
  return (node) => readWith(node, sink, parseCondition, ['string', 'boolean']);
}

export function type(sink: Sink): Decode<TypeSyntax> {
  return (node) => readWith(node, sink, parseType, ['string']);
}

/** `requires:` as a text, or as a map with `permissions` and `falls-silently`. */
export function requirement(sink: Sink): Decode<RequirementSyntax> {
  return (node, span) => {
    const isMap = node.kind === 'map';
    const source = isMap ? field(node, 'permissions')?.value : node;
    const expression = source ? readWith(source, sink, parseRequirement, ['string']) : null;
    if (!expression) return null;
    return { span, expression, fallsSilently: (isMap && read(node, 'falls-silently', bool)) ?? false };
  };
}

function readWith<T>(
  node: Node,
  sink: Sink,
  parseText: (source: ScalarText) => Parsed<T>,
  kinds: readonly string[],
): T | null {
  if (node.kind !== 'scalar' || !kinds.includes(typeof node.value) || node.span.start >= sink.end) return null;
  const parsed = parseText(node.text);
  sink.diagnostics.push(...parsed.diagnostics);
  return parsed.value;
}

export const coverage: Decode<CoverageSyntax> = (node) => {
  const { span } = node;
  if (node.kind === 'scalar') return node.value === 'all' ? { kind: 'all', span: node.inner } : null;
  if (node.kind === 'list') return { kind: 'names', names: names(node) ?? [], span };
  if (node.kind !== 'map') return null;
  const fact = read(node, 'with', name);
  return fact && { kind: 'with', fact, span };
};

export function grants(sink: Sink): Decode<readonly GrantSyntax[]> {
  return (node) => listOf(node, grant(sink));
}

function grant(sink: Sink): Decode<GrantSyntax> {
  return (node, span) => {
    if (node.kind !== 'map') return null;
    const actions = read(node, 'actions', coverage);
    const when = optionalCondition(node, sink);
    const outcome = read(node, 'outcome', name);
    return actions && when && { span, actions, when: when.expression, outcome };
  };
}

export function prohibition(sink: Sink): Decode<ProhibitionSyntax> {
  return (node, span) => {
    if (node.kind !== 'map') return null;
    const actions = read(node, 'actions', coverage);
    const when = optionalCondition(node, sink);
    if (!actions || !when) return null;
    return { span, name: read(node, 'name', name), title: read(node, 'title', text), actions, when: when.expression };
  };
}

/**
 * INVARIANT: a `when` that cannot be read gives null, never the condition "always": its owner is left out, since a
 * grant without its condition would be wider than what was written.
 */
export function optionalCondition(map: MapNode, sink: Sink): { readonly expression: Expression | null } | null {
  if (!field(map, 'when')) return { expression: null };
  const expression = read(map, 'when', condition(sink));
  return expression && { expression };
}

export function scope(sink: Sink): Decode<ScopeSyntax> {
  return (node, span) => {
    if (node.kind !== 'map') return null;
    const covers = read(node, 'covers', coverage);
    const is = read(node, 'is', condition(sink));
    return covers && is && { span, title: read(node, 'title', text), covers, is };
  };
}

export function namedCondition(sink: Sink): Decode<ConditionSyntax> {
  return (node, span) => {
    if (node.kind !== 'map') return null;
    const parameters = readEntries(node, 'of', type(sink));
    const is = read(node, 'is', condition(sink));
    return is && { span, parameters, is };
  };
}

/** Names with a type each. */
export function types(sink: Sink) {
  return (node: Parameters<Decode<TypeSyntax>>[0]) => entriesOf(node, type(sink));
}
