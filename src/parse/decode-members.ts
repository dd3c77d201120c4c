import { diagnose } from '../diagnostics/index.ts';
import {
  type Decode,
  decodeData,
  decodeEntries,
  field,
  listOf,
  name,
  nameOrNames,
  read,
  readList,
  type Sink,
  text,
  word,
} from './decode.ts';
import type { MapEntry, MapNode } from './node.ts';
import type { AssignmentSyntax, DataSyntax, Entry, MemberSyntax, RoleSyntax } from './syntax.ts';

const roleKeys: ReadonlySet<string> = new Set(['title', 'extends', 'account', 'level', 'with', 'without']);
const assignmentKeys: ReadonlySet<string> = new Set(['role', 'from', 'until']);
const memberKeys: ReadonlySet<string> = new Set(['title', 'id', 'status', 'holds', ...assignmentKeys]);
const ownKeys: ReadonlySet<string> = new Set(['title', 'id', 'status', 'holds']);

export const decodeRole: Decode<RoleSyntax> = (node, span) => {
  if (node.kind !== 'map') return null;
  return {
    span,
    title: read(node, 'title', text),
    extends: read(node, 'extends', nameOrNames) ?? [],
    account: read(node, 'account', name),
    level: read(node, 'level', name),
    with: readList(node, 'with', name),
    without: readList(node, 'without', name),
    settings: settings(node.entries, roleKeys),
  };
};

/** A member of a practice, or a user of tests, whose role may be described on the spot. */
export function decodeMember(sink: Sink): Decode<MemberSyntax> {
  return (node, span) => {
    if (node.kind !== 'map') return null;
    const holds = field(node, 'holds');
    if (holds) reportMixed(node, sink);
    const one = (): AssignmentSyntax => ({ ...assignmentOf(node, memberKeys), span });
    return {
      span,
      title: read(node, 'title', text),
      id: read(node, 'id', name),
      status: read(node, 'status', word('active', 'inactive')) ?? 'active',
      assignments: holds ? (listOf(holds.value, decodeAssignment) ?? []) : [one()],
    };
  };
}

const decodeAssignment: Decode<AssignmentSyntax> = (node, span) => {
  if (node.kind !== 'map') return null;
  return { ...assignmentOf(node, assignmentKeys), span };
};

function assignmentOf(map: MapNode, closed: ReadonlySet<string>) {
  return {
    role: read(map, 'role', (node, span) => name(node) ?? decodeRole(node, span)),
    from: read(map, 'from', name),
    until: read(map, 'until', name),
    settings: settings(map.entries, closed),
  };
}

/** `holds` and an assignment of the member itself exclude each other. */
function reportMixed(map: MapNode, sink: Sink): void {
  for (const { key } of map.entries) {
    if (ownKeys.has(key.text)) continue;
    const code = assignmentKeys.has(key.text) ? 'wrong-shape' : 'unknown-key';
    sink.diagnostics.push(
      diagnose(code, key.span, `\`${key.text}\` cannot stand beside \`holds\``, {
        help: 'move it into an item of `holds`',
      }),
    );
  }
}

function settings(entries: readonly MapEntry[], closed: ReadonlySet<string>): readonly Entry<DataSyntax>[] {
  return decodeEntries(
    entries.filter(({ key }) => !closed.has(key.text)),
    decodeData,
  );
}
