import type { Name } from '../source/index.ts';
import {
  type Decode,
  decodeHeader,
  decodeSwitch,
  field,
  name,
  names,
  read,
  readEntries,
  readList,
  type Sink,
  word,
} from './decode.ts';
import { invariant } from './decode-invariants.ts';
import { decodeMember, decodeRole } from './decode-members.ts';
import { namedCondition, prohibition, scope, types } from './decode-rules.ts';
import { silence } from './decode-silence.ts';
import { isListName } from './list/index.ts';
import type { MapNode } from './node.ts';
import type { PracticeSyntax } from './syntax.ts';

export function decodePractice(root: MapNode, sink: Sink): PracticeSyntax {
  return {
    kind: 'practice',
    ...decodeHeader(root, sink),
    catalog: read(root, 'catalog', name),
    timeZone: read(root, 'time-zone', name),
    features: readEntries(root, 'features', decodeSwitch),
    values: readEntries(root, 'values', names),
    dependencies: read(root, 'dependencies', word('strict', 'gate')) ?? 'strict',
    facts: readEntries(root, 'facts', types(sink)),
    rolesGivenByApplication: readList(root, 'roles-given-by-application', name),
    conditions: readEntries(root, 'conditions', namedCondition(sink)),
    roles: readEntries(root, 'roles', decodeRole),
    rolesPlace: field(root, 'roles')?.key.span ?? null,
    members: readEntries(root, 'members', decodeMember(sink)),
    membersFile: read(root, 'members', listFile),
    scopes: readEntries(root, 'scopes', scope(sink)),
    prohibitions: readList(root, 'prohibitions', prohibition(sink)),
    invariants: readList(root, 'invariants', invariant(sink)),
    invariantFiles: readList(root, 'invariant-files', name),
    silences: readList(root, 'silence', silence(sink)),
  };
}

/** A text that names no such file was reported by `shape.ts`. */
const listFile: Decode<Name> = (node) => {
  const file = name(node);
  return file && isListName(file.text) ? file : null;
};
