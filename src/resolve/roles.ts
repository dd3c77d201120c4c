import type { Entry, RoleSyntax } from '../parse/index.ts';
import { closeUnderImplies, type Given, reportFalls, settle } from './dependencies.ts';
import { reportCycles } from './permissions.ts';
import type { Role } from './policy.ts';
import { type Base, type Draft, type RoleContext, type RoleEntry, type RoleRules, readDraft } from './role-drafts.ts';

export interface RolesRead {
  /** In the order of the entries. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Role to the settings that it writes or inherits wrongly, which is reported: nobody need hear that they are missing. */
  readonly brokenSettings: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Pairs of a role and an action (each costs some 100 bytes until the table is made), or a role and a permission. */
const mostPairs = 8_000_000;

/** Permissions that all roles together have, had or take away; each costs some 400 bytes. */
const mostPermissions = 1_000_000;

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** All roles. Circles of `extends` are reported, and cut. */
export function readRoles(entries: readonly RoleEntry[], context: RoleContext): RolesRead {
  if (areTooMany(entries, context)) return nothing;
  const byName = new Map(entries.map((item) => [item.entry.key.text, item]));
  const links = new Map(entries.map(({ entry }) => [entry.key.text, entry.value.extends.map((name) => name.text)]));
  const spans = new Map(entries.map(({ entry }) => [entry.key.text, entry.key.span]));
  const circles = reportCycles(links, spans, 'extends-cycle', 'extends', context.report);
  const drafts = new Map<string, Draft>();
  const finished = new Map<string, Role>();
  let left = mostPermissions;
  for (const name of basesFirst(links, circles)) {
    const item = byName.get(name);
    if (!item) continue;
    const bases = circles.has(name) ? [] : basesOf(item.entry, drafts, context);
    const draft = readDraft(item, bases, bases.length < item.entry.value.extends.length, context);
    drafts.set(name, draft);
    const role = finish(draft, item.rules, context);
    finished.set(name, role);
    left -= role.permissions.size + role.fallen.size + draft.without.size;
    if (left < 0) {
      const what = `the roles have more than ${grouped(mostPermissions)} permissions together`;
      refuse(item.entry, what, 'each role has its own list, with the reason of every permission', context);
      return nothing;
    }
  }
  // In the order of the entries, whatever was read first.
  const roles = new Map<string, Role>();
  for (const name of byName.keys()) {
    const role = finished.get(name);
    if (role) roles.set(name, role);
  }
  const brokenSettings = new Map<string, ReadonlySet<string>>();
  for (const [name, draft] of drafts) brokenSettings.set(name, draft.brokenSettings);
  return { roles, brokenSettings };
}

const nothing: RolesRead = { roles: new Map(), brokenSettings: new Map() };

/** Whether the roles are too many for so large a catalog, which is reported at the first that is over the limit. */
function areTooMany(entries: readonly RoleEntry[], context: RoleContext): boolean {
  const { permissions, declarations } = context;
  const size = Math.max(1, permissions.size, declarations.actions.size);
  const over = entries[Math.floor(mostPairs / size)];
  if (!over) return false;
  const noun = size === declarations.actions.size ? 'actions' : 'permissions';
  const what = `there are ${grouped(entries.length)} roles for ${grouped(size)} ${noun}`;
  const why = `every role is judged by every one of them when the table is made, at most ${grouped(mostPairs)} in all`;
  refuse(over.entry, what, why, context);
  return true;
}

/** Roles that are refused are not to be called unknown. */
function refuse({ key }: Entry<RoleSyntax>, what: string, why: string, { report }: RoleContext): void {
  report.add('too-large', key.span, what, {
    notes: [why],
    help: 'a role is for many people: give people settings of their own instead of roles of their own',
  });
  report.markBroken('roles/*');
}

/** The roles that a role extends; unknown ones are reported and left out. */
function basesOf(
  entry: Entry<RoleSyntax>,
  drafts: ReadonlyMap<string, Draft>,
  { report }: RoleContext,
): readonly Base[] {
  return entry.value.extends.flatMap((name) => {
    const draft = drafts.get(name.text);
    if (!draft) report.unknown('unknown-role', 'role', name, drafts.keys());
    return draft ? [{ name, draft }] : [];
  });
}

/** Every name after those it links to, whatever the depth; links within circles count for nothing. */
function basesFirst(links: ReadonlyMap<string, readonly string[]>, circles: ReadonlySet<string>): ReadonlySet<string> {
  const order = new Set<string>();
  for (const [start, bases] of links) {
    if (bases.length === 0) {
      order.add(start);
      continue;
    }
    const open = [{ name: start, index: 0 }];
    for (let frame = open.at(-1); frame; frame = open.at(-1)) {
      const next = circles.has(frame.name) ? undefined : links.get(frame.name)?.[frame.index++];
      if (next === undefined) {
        order.add(frame.name);
        open.pop();
      } else if (links.has(next) && !order.has(next)) open.push({ name: next, index: 0 });
    }
  }
  return order;
}

function finish(draft: Draft, rules: RoleRules, context: RoleContext): Role {
  const { permissions, report } = context;
  const { key, value } = draft.entry;
  const given: Given = {
    role: key,
    account: draft.account,
    permissions: draft.given,
    without: draft.without,
    absent: rules.dependencies === 'silent' || draft.isBroken ? [] : draft.absent,
    place: value.level?.span ?? key.span,
  };
  const settled = settle(closeUnderImplies(given, permissions, report), permissions);
  if (rules.dependencies !== 'silent' && !draft.isBroken) {
    const code = rules.dependencies === 'strict' ? 'unmet-requirement' : 'fallen-permission';
    reportFalls(given, settled, code, draft.fallen, permissions, report);
  }
  for (const name of settled.fallen.keys()) draft.fallen.add(name);
  return {
    name: key.text,
    title: value.title,
    extends: value.extends.map((name) => name.text),
    account: draft.account?.name ?? null,
    level: draft.level,
    permissions: settled.standing,
    fallen: settled.fallen,
    settings: draft.settings,
    givenByApplication: context.givenByApplication.has(key.text),
    span: key.span,
  };
}
