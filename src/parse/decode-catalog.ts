import type { Name } from '../source/index.ts';
import {
  bool,
  type Decode,
  decodeData,
  decodeEntries,
  decodeHeader,
  entriesOf,
  mapOrNothing,
  name,
  names,
  read,
  readEntries,
  readList,
  type Sink,
  text,
  word,
} from './decode.ts';
import { condition, grants, namedCondition, prohibition, requirement, scope, type, types } from './decode-rules.ts';
import { silence } from './decode-silence.ts';
import type { MapNode } from './node.ts';
import type {
  AccountSyntax,
  ActionSyntax,
  CatalogSyntax,
  Entry,
  OutcomeSyntax,
  PermissionSyntax,
  ResourceSyntax,
  SettingSyntax,
} from './syntax.ts';

export function decodeCatalog(root: MapNode, sink: Sink): CatalogSyntax {
  return {
    kind: 'catalog',
    ...decodeHeader(root, sink),
    extends: read(root, 'extends', name),
    accounts: readEntries(root, 'accounts', account),
    ladders: readEntries(root, 'ladders', names),
    features: readList(root, 'features', name),
    values: decodeValues(root),
    settings: readEntries(root, 'settings', setting(sink)),
    user: read(root, 'user', types(sink)) ?? [],
    context: read(root, 'context', types(sink)) ?? [],
    rolesGivenByApplication: readList(root, 'roles-given-by-application', name),
    outcomes: readList(root, 'outcomes', (node) => entriesOf(node, outcome)).flat(),
    resources: readEntries(root, 'resources', resource(sink)),
    conditions: readEntries(root, 'conditions', namedCondition(sink)),
    permissions: readEntries(root, 'permissions', permission(sink)),
    grants: read(root, 'grants', grants(sink)) ?? [],
    scopes: readEntries(root, 'scopes', scope(sink)),
    prohibitions: readList(root, 'prohibitions', prohibition(sink)),
    silences: readList(root, 'silence', silence(sink)),
  };
}

/** Null is a value here (`by-practice`), so the helper that leaves nulls out does not fit. */
function decodeValues(root: MapNode): readonly Entry<readonly Name[] | null>[] {
  const decoded = readEntries(root, 'values', (node, span) => {
    if (word('by-practice')(node, span)) return { list: null };
    const list = names(node);
    return list && { list };
  });
  return decoded.map(({ key, value }) => ({ key, value: value.list }));
}

/** The duties, or a map that has them under `duties`. */
const outcome: Decode<OutcomeSyntax> = (node) => {
  const duties = node.kind === 'map' ? read(node, 'duties', names) : names(node);
  return duties && { duties, isLastResort: (node.kind === 'map' && read(node, 'last-resort', bool)) ?? false };
};

const account: Decode<AccountSyntax> = (node, span) => {
  const map = mapOrNothing(node, span);
  if (!map) return null;
  return {
    span,
    title: read(map, 'title', text),
    ladders: readList(map, 'ladders', name),
    level: read(map, 'level', word('required')),
    permissions: read(map, 'permissions', (value, place) => (word('none')(value, place) ? [] : names(value))),
    default: readList(map, 'default', name),
    holders: read(map, 'holders', (value) =>
      value.kind === 'scalar' && typeof value.value === 'number' ? { count: value.value, span: value.span } : null,
    ),
  };
};

function setting(sink: Sink): Decode<SettingSyntax> {
  return (node, span) => {
    if (node.kind !== 'map') return null;
    const settingType = read(node, 'type', type(sink));
    const on = read(node, 'on', places);
    if (!settingType || !on) return null;
    return {
      span,
      title: read(node, 'title', text),
      type: settingType,
      on,
      optional: read(node, 'optional', bool) ?? false,
      default: read(node, 'default', decodeData),
    };
  };
}

const place = word('role', 'assignment');

const places: Decode<readonly ('role' | 'assignment')[]> = (node, span) => {
  if (node.kind === 'list') return node.items.flatMap((item) => place(item, item.span) ?? []);
  const one = place(node, span);
  if (one) return [one];
  return word('role | assignment', 'assignment | role')(node, span) ? ['role', 'assignment'] : null;
};

function resource(sink: Sink): Decode<ResourceSyntax> {
  return (node, span) => {
    const map = mapOrNothing(node, span);
    if (!map) return null;
    const actions = read(map, 'actions', (value, where) => {
      const body = mapOrNothing(value, where);
      return body && decodeEntries(body.entries, action(sink));
    });
    return {
      span,
      title: read(map, 'title', text),
      facts: read(map, 'facts', types(sink)) ?? [],
      actions: actions ?? [],
    };
  };
}

const actionKeys: ReadonlySet<string> = new Set(['title', 'about', 'denied', 'changes-own-permissions']);

function action(sink: Sink): Decode<ActionSyntax> {
  return (node, span) => {
    const map = mapOrNothing(node, span);
    if (!map) return null;
    const constants = map.entries.filter(({ key }) => !actionKeys.has(key.text));
    return {
      span,
      title: read(map, 'title', text),
      about: read(map, 'about', word('nothing')) ?? 'resource',
      denied: read(map, 'denied', name),
      changesOwnPermissions: read(map, 'changes-own-permissions', condition(sink)),
      constants: decodeEntries(constants, name),
    };
  };
}

function permission(sink: Sink): Decode<PermissionSyntax> {
  return (node, span) => {
    const map = mapOrNothing(node, span);
    if (!map) return null;
    return {
      span,
      title: read(map, 'title', text),
      level: read(map, 'level', name),
      requires: read(map, 'requires', requirement(sink)),
      implies: readList(map, 'implies', name),
      grants: read(map, 'grants', grants(sink)) ?? [],
    };
  };
}
