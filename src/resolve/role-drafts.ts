import { nearest } from '../diagnostics/index.ts';
import type { Entry, RoleSyntax } from '../parse/index.ts';
import type { Name, Span } from '../source/index.ts';
import type { Declarations } from './declarations.ts';
import type { Account, Cause, Permission, Value } from './policy.ts';
import type { Report } from './report.ts';
import { canHold, permissionsUpTo, readAccount, readLevel } from './role-accounts.ts';
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

export interface RoleEntry {
  readonly entry: Entry<RoleSyntax>;
  readonly rules: RoleRules;
}

/** A role before implications and requirements: what roles that extend it inherit. */
export interface Draft {
  readonly entry: Entry<RoleSyntax>;
  readonly account: Account | null;
  readonly level: string | null;
  readonly given: ReadonlyMap<string, Cause>;
  readonly without: ReadonlyMap<string, Span>;
  /** What this role itself takes away although nothing gave it. */
  readonly absent: readonly Name[];
  readonly settings: ReadonlyMap<string, Value>;
  readonly brokenSettings: ReadonlySet<string>;
  /** Something that gives permissions could not be read: what is missing then follows from that. */
  readonly isBroken: boolean;
  /** Permissions that fell, here or in a base; filled in when the role is finished. */
  readonly fallen: Set<string>;
}

/** A role that another extends, by the name that it writes. */
export interface Base {
  readonly name: Name;
  readonly draft: Draft;
}

/** `isCut`: some base is unknown, or in a circle with this role. */
export function readDraft(
  { entry, rules }: RoleEntry,
  bases: readonly Base[],
  isCut: boolean,
  context: RoleContext,
): Draft {
  const { key, value } = entry;
  const misspelt = misspeltKeys(entry, context);
  const account = readAccount(
    entry,
    rules,
    bases,
    isCut || misspelt.has('account') || misspelt.has('extends'),
    context,
  );
  const level = readLevel(
    entry,
    account,
    rules,
    bases,
    isCut || misspelt.has('level') || misspelt.has('extends'),
    context,
  );
  const { given, without } = inheritPermissions(entry, account, bases, context);
  if (value.level && level)
    for (const name of permissionsUpTo(level, context)) if (!given.has(name)) given.set(name, { kind: 'level', level });
  if (account)
    for (const name of account.default)
      if (!given.has(name)) given.set(name, { kind: 'default', account: account.name });
  const isUnreadable = (value.level !== null && level === null) || (value.account !== null && account === null);
  let isBroken = isCut || isUnreadable || misspelt.size > 0 || bases.some(({ draft }) => draft.isBroken);
  for (const name of value.with) {
    if (mayHave(name, account, context)) {
      given.set(name.text, { kind: 'with', role: key.text, span: name.span });
      without.delete(name.text);
    } else isBroken = true;
  }
  const absent: Name[] = [];
  for (const name of value.without) {
    if (!isPermission(name, context)) continue;
    const both = value.with.find((item) => item.text === name.text);
    if (both) reportBoth(key, both, name, context);
    else if (!given.has(name.text)) absent.push(name);
    without.set(name.text, name.span);
  }
  for (const name of without.keys()) given.delete(name);
  const fallen = new Set(bases.flatMap(({ draft }) => [...draft.fallen]));
  return {
    entry,
    account,
    level,
    given,
    without,
    absent,
    ...readSettings(entry, rules, bases, context),
    isBroken,
    fallen,
  };
}

function mayHave(name: Name, account: Account | null, context: RoleContext): boolean {
  if (!isPermission(name, context)) return false;
  if (!account?.permissions || account.permissions.has(name.text)) return true;
  const allowed = [...account.permissions].map((item) => `\`${item}\``);
  context.report.add('foreign-permission', name.span, `an account \`${account.name}\` cannot have \`${name.text}\``, {
    help:
      allowed.length > 0 && allowed.length <= 8
        ? `it can have ${allowed.join(', ')}`
        : 'take it away, or give the role another account',
  });
  return false;
}

function reportBoth(role: Name, given: Name, taken: Name, { report }: RoleContext): void {
  report.add('with-and-without', taken.span, `\`${role.text}\` both has \`${taken.text}\` and takes it away`, {
    notes: [{ message: 'it is given here', span: given.span }],
    help: 'delete one of the two',
  });
}

/** What the bases have and lack; what this role's own account cannot have is reported and left out. */
function inheritPermissions(
  { key, value }: Entry<RoleSyntax>,
  account: Account | null,
  bases: readonly Base[],
  { report }: RoleContext,
): { readonly given: Map<string, Cause>; readonly without: Map<string, Span> } {
  const given = new Map<string, Cause>();
  const without = new Map<string, Span>();
  const foreign = new Map<string, string>();
  for (const { name: base, draft } of bases) {
    for (const [name, cause] of draft.given) {
      if (!canHold(account, name)) {
        if (cause.kind !== 'default' && !value.without.some((item) => item.text === name)) foreign.set(name, base.text);
      } else if (!given.has(name)) given.set(name, cause);
    }
    for (const [name, span] of draft.without) without.set(name, span);
  }
  for (const [name, base] of foreign) {
    const message = `\`${key.text}\` has \`${name}\` from \`${base}\`, which an account \`${account?.name}\` cannot have`;
    report.add('foreign-permission', value.account?.span ?? key.span, message, {
      help: `extend another role, or add \`${name}\` to \`without\``,
    });
  }
  return { given, without };
}

const roleKeys = ['title', 'extends', 'account', 'level', 'with', 'without'];

const none: ReadonlySet<string> = new Set();
const noSettings = { settings: new Map<string, Value>(), brokenSettings: none };

/** Keys of roles that are written wrongly here: that they are missing follows from that. */
function misspeltKeys({ value }: Entry<RoleSyntax>, { declarations }: RoleContext): ReadonlySet<string> {
  if (value.settings.length === 0) return none;
  const unknown = value.settings.filter(({ key }) => !declarations.settings.has(key.text));
  return new Set(unknown.flatMap(({ key }) => nearest(key.text, roleKeys) ?? []));
}

function readSettings(
  entry: Entry<RoleSyntax>,
  rules: RoleRules,
  bases: readonly Base[],
  context: RoleContext,
): Pick<Draft, 'settings' | 'brokenSettings'> {
  if (bases.length === 0 && entry.value.settings.length === 0) return noSettings;
  const { declarations, report } = context;
  const settings = inheritSettings(entry, bases, context);
  const broken = new Set(bases.flatMap(({ draft }) => [...draft.brokenSettings]));
  const known = [...declarations.settings.values()].filter((item) => item.onRole).map((item) => item.name);
  for (const { key, value } of entry.value.settings) {
    const setting = declarations.settings.get(key.text);
    const before = report.diagnostics.length;
    if (!setting) {
      report.unknown('unknown-setting', 'key', key, [...roleKeys, ...known]);
      const meant = nearest(key.text, known);
      if (meant !== null) broken.add(meant);
    } else if (!setting.onRole) {
      report.add('misplaced-setting', key.span, `\`${key.text}\` is set on each member's assignment, not on a role`, {
        help: 'write it beside `role` under `members`',
      });
    } else
      for (const [slot, slotValue] of readSlots(setting, value, declarations, rules.closedness, report))
        settings.set(slot, slotValue);
    if (report.diagnostics.length > before) broken.add(key.text);
  }
  return { settings, brokenSettings: broken };
}

/** Settings of the bases; where two differ, the role must say which. */
function inheritSettings(
  { key, value }: Entry<RoleSyntax>,
  bases: readonly Base[],
  { report }: RoleContext,
): Map<string, Value> {
  const settings = new Map<string, Value>();
  const sources = new Map<string, Name>();
  const restated = new Set(value.settings.map((item) => item.key.text));
  for (const { name: base, draft } of bases) {
    for (const [slot, inherited] of draft.settings) {
      const known = settings.get(slot);
      const name = slot.split('/')[0] ?? slot;
      if (known && JSON.stringify(known) !== JSON.stringify(inherited) && !restated.has(name)) {
        report.add('conflicting-setting', base.span, `\`${key.text}\` inherits two values of \`${name}\``, {
          notes: [`\`${sources.get(slot)?.text}\` and \`${base.text}\` set it differently`],
          help: `write \`${name}:\` in this role to say which`,
        });
      }
      settings.set(slot, inherited);
      sources.set(slot, base);
    }
  }
  return settings;
}

function isPermission(name: Name, context: RoleContext): boolean {
  if (context.permissions.has(name.text)) return true;
  context.report.unknown('unknown-permission', 'permission', name, context.permissions.keys());
  return false;
}
