import { diagnose } from '../diagnostics/index.ts';
import type { Name, Span } from '../source/index.ts';
import { type Decode, decodeHeader, field, name, nameOrNames, read, readList, type Sink, word } from './decode.ts';
import { optionalCondition } from './decode-rules.ts';
import { silence } from './decode-silence.ts';
import type { MapNode } from './node.ts';
import type { InvariantSyntax, InvariantsSyntax } from './syntax.ts';

export function decodeInvariants(root: MapNode, sink: Sink): InvariantsSyntax {
  return {
    kind: 'invariants',
    ...decodeHeader(root, sink),
    invariants: readList(root, 'invariants', invariant(sink)),
    silences: readList(root, 'silence', silence(sink)),
  };
}

const invariantKinds = ['never', 'always', 'only', 'separate', 'someone'] as const;

/** `- sentence: { never: action }`. */
export function invariant(sink: Sink): Decode<InvariantSyntax> {
  return (node, span) => {
    const entry = node.kind === 'map' ? node.entries[0] : undefined;
    if (entry?.value.kind !== 'map') return null;
    const body = entry.value;
    const when = optionalCondition(body, sink);
    const kind = invariantKind(entry.key, body, sink);
    if (!kind || !when) return null;
    const over = field(body, 'over');
    if (over && kind !== 'separate') {
      const message = `\`over\` says who must not have two actions of \`separate\`, and this sentence says \`${kind}\``;
      sink.diagnostics.push(
        diagnose('wrong-shape', over.key.span, message, { help: 'write whom it is about in `for`' }),
      );
    }
    const whom = field(body, 'for')?.value;
    return {
      span,
      title: entry.key,
      kind,
      actions: read(body, kind, nameOrNames) ?? [],
      roles: whom?.kind === 'map' ? readList(whom, 'roles', name) : [],
      members: whom?.kind === 'map' ? readList(whom, 'members', name) : [],
      over: read(body, 'over', word('roles', 'members')),
      when: when.expression,
    };
  };
}

function invariantKind(title: Name, body: MapNode, sink: Sink): InvariantSyntax['kind'] | null {
  const kinds = invariantKinds.filter((kind) => field(body, kind));
  const words = '`never`, `always`, `only`, `separate` or `someone`';
  const first = kinds[0];
  const second = kinds[1];
  if (first && !second) return first;
  if (first && second) {
    const span: Span = field(body, second)?.key.span ?? title.span;
    const message = `a sentence has one of ${words}, and \`${first}\` stands here already`;
    sink.diagnostics.push(diagnose('wrong-shape', span, message, { help: 'write two sentences' }));
    return null;
  }
  // A body with a key that is nearly right was reported at that key.
  const known = new Set<string>([...invariantKinds, 'for', 'over', 'when']);
  if (body.entries.every(({ key }) => known.has(key.text))) {
    sink.diagnostics.push(
      diagnose('missing-key', title.span, 'this sentence does not say what must hold', { help: `add ${words}` }),
    );
  }
  return null;
}
