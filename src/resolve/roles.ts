import type { Entry, RoleSyntax } from '../parse/index.ts';
import type { Name, Span } from '../source/index.ts';
import type { Declarations } from './declarations.ts';
import { isMet, namesIn, reportCycles, requirementText } from './permissions.ts';
import type { Account, Cause, Fall, Permission, Role, SettingValues, Value } from './policy.ts';
import type { Report } from './report.ts';
import { type Closedness, readSlots } from './values.ts';

/** How strictly roles are read: a practice's by its `dependencies`; a test's or request's are always `gate`, silently. */
export interface RoleRules {
  readonly dependencies: 'strict' | 'gate' | 'silent';
  readonly closedness: Closedness;
}

export interface RoleContext {
  readonly declarations: Declarations;
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly givenByApplication: ReadonlySet<string>;
  readonly report: Report;
}

/** A role before implications and requirements: what roles that extend it inherit. */
interface Draft {
  readonly entry: Entry<RoleSyntax>;
  readonly account: string | null;
  readonly level: string | null;
  readonly given: ReadonlyMap<string, Cause>;
  readonly without: ReadonlyMap<string, Span>;
  readonly settings: ReadonlyMap<string, Value>;
}

/** All roles, in the order of the entries. Circles of `extends` are reported, and cut. */
export function readRoles(entries: readonly { readonly entry: Entry<RoleSyntax>; readonly rules: RoleRules }[], context: RoleContext): ReadonlyMap<string, Role> {
  const byName = new Map(entries.map((item) => [item.entry.key.text, item]));
  const links = new Map(entries.map(({ entry }) => [entry.key.text, entry.value.extends.map((name) => name.text)]));
  const spans = new Map(entries.map(({ entry }) => [entry.key.text, entry.key.span]));
  const circles = reportCycles(links, spans, 'extends-cycle', 'extends', context.report);
  const drafts = new Map<string, Draft>();
  const roles = new Map<string, Role>();
  const draftOf = (name: string): Draft | undefined => {
    const known = drafts.get(name);
    const item = byName.get(name);
    if (known || !item) return known;
    const bases = circles.has(name) ? [] : item.entry.value.extends.flatMap((base) => draftOf(base.text) ?? []);
    const draft = readDraft(item.entry, item.rules, bases, context);
    drafts.set(name, draft);
    return draft;
  };
  for (const { entry, rules } of entries) {
    for (const base of entry.value.extends) {
      if (!byName.has(base.text)) context.report.unknown('unknown-role', 'role', base, byName.keys());
    }
    const draft = draftOf(entry.key.text);
    if (draft) roles.set(entry.key.text, finish(draft, rules, context));
  }
  return roles;
}

function readDraft(entry: Entry<RoleSyntax>, rules: RoleRules, bases: readonly Draft[], context: RoleContext): Draft {
  const { declarations, report } = context;
  const { key, value } = entry;
  const account = readAccount(entry, rules, bases, context);
  const level = readLevel(entry, account, bases, rules, context);
  const given = new Map<string, Cause>();
  const without = new Map<string, Span>();
  for (const base of bases) {
    for (const [name, cause] of base.given) if (!given.has(name)) given.set(name, cause);
    for (const [name, span] of base.without) without.set(name, span);
  }
  if (value.level && level) for (const name of permissionsUpTo(level, context)) if (!given.has(name)) given.set(name, { kind: 'level', level });
  if (account) for (const name of account.default) if (!given.has(name)) given.set(name, { kind: 'default', account: account.name });
  for (const name of value.with) {
    if (!isPermission(name, context)) continue;
    if (account?.permissions && !account.permissions.has(name.text)) {
      report.add('foreign-permission', name.span, `an account \`${account.name}\` cannot have \`${name.text}\``, {
        help: account.permissions.size > 0 && account.permissions.size <= 8 ? `it can have ${[...account.permissions].map((item) => `\`${item}\``).join(', ')}` : null,
      });
      continue;
    }
    given.set(name.text, { kind: 'with', role: key.text, span: name.span });
    without.delete(name.text);
  }
  for (const name of value.without) {
    if (!isPermission(name, context)) continue;
    if (!given.has(name.text) && rules.dependencies !== 'silent') {
      report.add('without-absent', name.span, `\`${key.text}\` does not have \`${name.text}\`, so there is nothing to take away`, {
        help: 'remove it, or check the level',
      });
    }
    without.set(name.text, name.span);
  }
  for (const name of without.keys()) given.delete(name);
  const settings = inheritSettings(entry, bases, context);
  for (const { key: settingKey, value: data } of value.settings) {
    const setting = declarations.settings.get(settingKey.text);
    if (!setting) {
      const known = [...declarations.settings.values()].filter((item) => item.onRole).map((item) => item.name);
      report.unknown('unknown-setting', 'key', settingKey, ['title', 'extends', 'account', 'level', 'with', 'without', ...known]);
    } else if (!setting.onRole) {
      report.add('misplaced-setting', settingKey.span, `\`${settingKey.text}\` is set on each member's assignment, not on a role`, {
        help: 'write it beside `role` under `members`',
      });
    } else for (const [slot, slotValue] of readSlots(setting, data, declarations, rules.closedness, report)) settings.set(slot, slotValue);
  }
  return { entry, account: account?.name ?? null, level, given, without, settings };
}

function readAccount(entry: Entry<RoleSyntax>, rules: RoleRules, bases: readonly Draft[], context: RoleContext): Account | null {
  const { key, value } = entry;
  const { accounts, report } = context;
  if (value.account) {
    const account = accounts.get(value.account.text);
    if (!account) report.unknown('unknown-account', 'account', value.account, accounts.keys());
    return account ?? null;
  }
  const inherited = new Set(bases.map((base) => base.account));
  if (inherited.size > 1) {
    report.add('conflicting-setting', key.span, `\`${key.text}\` inherits different accounts: ${[...inherited].map((name) => `\`${name}\``).join(', ')}`, {
      help: 'write `account:` here to say which',
    });
    return null;
  }
  const name = bases[0]?.account ?? null;
  if (name === null && accounts.size > 0 && rules.dependencies !== 'silent') {
    report.add('missing-account', key.span, `role \`${key.text}\` has no account`, {
      help: `write \`account:\` and one of ${[...accounts.keys()].map((item) => `\`${item}\``).join(', ')}`,
    });
  }
  return name === null ? null : (accounts.get(name) ?? null);
}

function readLevel(entry: Entry<RoleSyntax>, account: Account | null, bases: readonly Draft[], rules: RoleRules, context: RoleContext): string | null {
  const { declarations, report } = context;
  const { key, value } = entry;
  if (!value.level) {
    const levels = bases.flatMap((base) => base.level ?? []);
    const best = levels.sort((a, b) => rank(b, declarations) - rank(a, declarations))[0] ?? null;
    if (best === null && account?.levelRequired && rules.dependencies !== 'silent') {
      report.add('missing-level', key.span, `role \`${key.text}\` has no level, which an account \`${account.name}\` must have`, {
        help: `write \`level:\` and one of ${account.ladders.flatMap((name) => declarations.ladders.get(name) ?? []).map((item) => `\`${item}\``).join(', ')}`,
      });
    }
    return best;
  }
  const ladder = declarations.rungs.get(value.level.text);
  if (ladder === undefined) {
    report.unknown('unknown-level', 'level', value.level, declarations.rungs.keys());
    return null;
  }
  if (account && !account.ladders.includes(ladder)) {
    const own = account.ladders.flatMap((name) => declarations.ladders.get(name) ?? []);
    report.add('foreign-ladder', value.level.span, `an account \`${account.name}\` cannot have the level \`${value.level.text}\``, {
      notes: [`\`${value.level.text}\` is a level of the ladder \`${ladder}\``],
      help: own.length > 0 ? `its levels are ${own.map((item) => `\`${item}\``).join(', ')}` : 'this account has no levels; use `with`',
    });
    return null;
  }
  return value.level.text;
}

function rank(level: string, declarations: Declarations): number {
  return declarations.ladders.get(declarations.rungs.get(level) ?? '')?.indexOf(level) ?? -1;
}

/** The permissions of a rung and of those below it. */
function permissionsUpTo(level: string, context: RoleContext): readonly string[] {
  const rungs = context.declarations.ladders.get(context.declarations.rungs.get(level) ?? '') ?? [];
  const included = new Set(rungs.slice(0, rungs.indexOf(level) + 1));
  return [...context.permissions.values()].filter((item) => item.level !== null && included.has(item.level)).map((item) => item.name);
}

/** Settings of the bases; where two differ, the role must say which. */
function inheritSettings(entry: Entry<RoleSyntax>, bases: readonly Draft[], context: RoleContext): Map<string, Value> {
  const settings = new Map<string, Value>();
  const restated = new Set(entry.value.settings.map(({ key }) => key.text));
  for (const base of bases) {
    for (const [slot, value] of base.settings) {
      const known = settings.get(slot);
      const name = slot.split('/')[0] ?? slot;
      if (known && JSON.stringify(known) !== JSON.stringify(value) && !restated.has(name)) {
        context.report.add('conflicting-setting', entry.key.span, `\`${entry.key.text}\` inherits two values of \`${name}\``, {
          help: `write \`${name}:\` here to say which`,
        });
      }
      settings.set(slot, value);
    }
  }
  return settings;
}

function finish(draft: Draft, rules: RoleRules, context: RoleContext): Role {
  const { entry } = draft;
  const all = closeUnderImplies(draft, context);
  const { standing, fallen } = settle(all, context.permissions);
  for (const [name, fall] of fallen) reportFall(draft, name, fall, rules, context);
  return {
    name: entry.key.text,
    title: entry.value.title,
    extends: entry.value.extends.map((name) => name.text),
    account: draft.account,
    level: draft.level,
    permissions: standing,
    fallen,
    settings: draft.settings satisfies SettingValues,
    givenByApplication: context.givenByApplication.has(entry.key.text),
    span: entry.key.span,
  };
}

function closeUnderImplies(draft: Draft, { permissions, report }: RoleContext): Map<string, Cause> {
  const all = new Map(draft.given);
  const open = [...draft.given.keys()];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const implied of permissions.get(name)?.implies ?? []) {
      const refused = draft.without.get(implied);
      if (refused) {
        report.add('without-implied', refused, `\`${implied}\` is taken away, but \`${name}\` brings it back`, {
          help: `take \`${name}\` away too, or leave \`${implied}\``,
        });
      } else if (!all.has(implied)) {
        all.set(implied, { kind: 'implied', by: name });
        open.push(implied);
      }
    }
  }
  return all;
}

/** The greatest set in which every requirement is met: what lacks its requirement falls, until nothing more falls. */
export function settle(all: ReadonlyMap<string, Cause>, permissions: ReadonlyMap<string, Permission>): { standing: ReadonlyMap<string, Cause>; fallen: ReadonlyMap<string, Fall> } {
  const standing = new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  const fallen = new Map<string, Fall>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, cause] of standing) {
      const requires = permissions.get(name)?.requires;
      if (!requires || isMet(requires, (other) => standing.has(other))) continue;
      standing.delete(name);
      fallen.set(name, { cause, requires, missing: [] });
      changed = true;
    }
  }
  for (const [name, fall] of fallen) {
    fallen.set(name, { ...fall, missing: [...namesIn(fall.requires)].filter((other) => !standing.has(other)) });
  }
  return { standing, fallen };
}

function reportFall(draft: Draft, name: string, fall: Fall, rules: RoleRules, context: RoleContext): void {
  if (rules.dependencies === 'silent' || context.permissions.get(name)?.fallsSilently) return;
  const role = draft.entry.key;
  const span = fall.cause.kind === 'with' && fall.cause.role === role.text ? fall.cause.span : (draft.entry.value.level?.span ?? role.span);
  const because = fall.missing.map((item) => `\`${item}\``).join(', ');
  const code = rules.dependencies === 'strict' ? 'unmet-requirement' : 'fallen-permission';
  context.report.add(code, span, `\`${role.text}\` has \`${name}\`, which is worth nothing without ${because}`, {
    notes: [`\`${name}\` requires \`${requirementText(fall.requires)}\``],
    help: `add ${because} to \`with\`, or take \`${name}\` away`,
  });
}

function isPermission(name: Name, context: RoleContext): boolean {
  if (context.permissions.has(name.text)) return true;
  context.report.unknown('unknown-permission', 'permission', name, context.permissions.keys());
  return false;
}
