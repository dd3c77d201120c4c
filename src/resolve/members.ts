import { nearest } from '../diagnostics/index.ts';
import type { AssignmentSyntax, Entry, MemberSyntax } from '../parse/index.ts';
import type { Name } from '../source/index.ts';
import { dayOf } from './dates.ts';
import type { Declarations } from './declarations.ts';
import type { Account, Assignment, Member, Role, Value } from './policy.ts';
import type { Report } from './report.ts';
import { type Closedness, readSlots, slotsOf } from './values.ts';

export interface MemberContext {
  readonly declarations: Declarations;
  readonly roles: ReadonlyMap<string, Role>;
  readonly brokenSettings: ReadonlyMap<string, ReadonlySet<string>>;
  readonly accounts: ReadonlyMap<string, Account>;
  /** The first instant of a day in the practice's time zone. */
  readonly startOfDay: (day: number) => number;
  readonly report: Report;
}

/** `isMember`: of the practice, so that everything is checked; else a user described in a test or request. */
export function readMember(entry: Entry<MemberSyntax>, isMember: boolean, context: MemberContext): Member {
  const { key, value } = entry;
  const attributes = new Map<string, unknown>();
  const assignments = value.assignments.flatMap(
    (item, index) => readAssignment(describedRole(key.text, index), item, isMember, attributes, context) ?? [],
  );
  reportAccounts(entry, assignments, context);
  return {
    key: key.text,
    id: value.id?.text ?? key.text,
    title: value.title,
    active: value.status === 'active',
    assignments,
    attributes,
    span: key.span,
  };
}

function readAssignment(
  described: string,
  syntax: AssignmentSyntax,
  isMember: boolean,
  attributes: Map<string, unknown>,
  context: MemberContext,
): Assignment | null {
  const { report, roles } = context;
  const roleName = syntax.role && 'text' in syntax.role ? syntax.role : null;
  // A role described on the spot was given a name of its own before; see `describedRole`.
  const name = roleName?.text ?? (syntax.role ? described : null);
  if (name === null) return null;
  const role = roles.get(name);
  if (!role) {
    if (roleName)
      report.unknown(
        'unknown-role',
        'role',
        roleName,
        [...roles.keys()].filter((item) => !item.includes('(')),
      );
  }
  const broken = new Set(context.brokenSettings.get(name));
  const settings = readSettings(syntax, isMember, attributes, broken, context);
  if (isMember && role) reportMissing(syntax, role, settings, broken, context);
  const from = readDay(syntax.from, context);
  const until = readDay(syntax.until, context);
  if (from !== null && until !== null && until < from && syntax.until) {
    report.add(
      'dates-out-of-order',
      syntax.until.span,
      `\`until\` (${syntax.until.text}) comes before \`from\` (${syntax.from?.text})`,
      {
        help: 'both days belong to the assignment; `until` lasts to the end of its day',
      },
    );
  }
  if (!role) return null;
  return {
    role: name,
    settings,
    from: from === null ? null : context.startOfDay(from),
    until: until === null ? null : context.startOfDay(until + 1),
    span: syntax.span,
  };
}

/** The name under which a role described within a member's assignment is kept; no file can spell it. */
export function describedRole(member: string, index: number): string {
  return `(role${index === 0 ? '' : ` ${index + 1}`} of ${member})`;
}

function readSettings(
  syntax: AssignmentSyntax,
  isMember: boolean,
  attributes: Map<string, unknown>,
  broken: Set<string>,
  context: MemberContext,
): ReadonlyMap<string, Value> {
  const { declarations, report } = context;
  const closedness: Closedness = isMember ? 'strict' : 'open';
  const settings = new Map<string, Value>();
  for (const { key, value } of syntax.settings) {
    const setting = declarations.settings.get(key.text);
    const before = report.diagnostics.length;
    if (setting && !setting.onAssignment && isMember) {
      report.add('misplaced-setting', key.span, `\`${key.text}\` is set on roles, not on a member's assignment`, {
        help: 'write it under `roles`',
      });
    } else if (setting) {
      for (const [slot, slotValue] of readSlots(setting, value, declarations, closedness, report))
        settings.set(slot, slotValue);
    } else if (!isMember && declarations.userFacts.has(key.text)) {
      attributes.set(key.text, plain(value));
    } else {
      const known = [...declarations.settings.values()]
        .filter((item) => item.onAssignment || !isMember)
        .map((item) => item.name);
      const facts = isMember ? [] : declarations.userFacts.keys();
      const notes =
        isMember && declarations.userFacts.has(key.text) ? ['the application passes it with each request'] : [];
      report.unknown(
        'unknown-setting',
        'key',
        key,
        ['role', 'holds', 'title', 'id', 'status', 'from', 'until', ...known, ...facts],
        notes,
      );
      const meant = nearest(key.text, known);
      if (meant !== null) broken.add(meant);
    }
    if (report.diagnostics.length > before) broken.add(key.text);
  }
  return settings;
}

/** Data as JavaScript values; maps become objects without inherited names. */
export function plain(data: import('../parse/index.ts').DataSyntax): unknown {
  switch (data.kind) {
    case 'scalar':
      return data.value;
    case 'cell':
      return data.text;
    case 'list':
      return data.items.map(plain);
    case 'map': {
      const object: Record<string, unknown> = Object.create(null);
      for (const { key, value } of data.entries) object[key.text] = plain(value);
      return object;
    }
    default:
      return data satisfies never;
  }
}

/** Settings that an assignment must have and does not, but for those whose value was reported. */
function reportMissing(
  syntax: AssignmentSyntax,
  role: Role,
  settings: ReadonlyMap<string, Value>,
  broken: ReadonlySet<string>,
  context: MemberContext,
): void {
  for (const setting of context.declarations.settings.values()) {
    if (setting.optional || setting.default !== null || broken.has(setting.name)) continue;
    const missing = slotsOf(setting).filter((slot) => !settings.has(slot) && !role.settings.has(slot));
    if (missing.length === 0) continue;
    const span = syntax.role && 'text' in syntax.role ? syntax.role.span : syntax.span;
    context.report.add(
      'missing-setting',
      span,
      `\`${setting.name}\` is not set for this assignment of \`${role.name}\``,
      {
        notes: ['it has no default, so that nobody is left without a limit by oversight'],
        help:
          setting.type.kind === 'set'
            ? `write \`${setting.name}: [...]\`, or \`${setting.name}: all\` for no limit`
            : `write \`${setting.name}:\``,
      },
    );
  }
}

function readDay(name: Name | null, context: MemberContext): number | null {
  if (!name) return null;
  const day = dayOf(name.text);
  if (day === null) {
    context.report.add('bad-date', name.span, `\`${name.text}\` is not a day`, {
      help: 'write a day that exists, as `2027-01-10`',
    });
  }
  return day;
}

function reportAccounts(
  entry: Entry<MemberSyntax>,
  assignments: readonly Assignment[],
  { roles, report }: MemberContext,
): void {
  const accounts = new Map<string, string>();
  for (const { role } of assignments) {
    const account = roles.get(role)?.account;
    if (account && !accounts.has(account)) accounts.set(account, role);
  }
  if (accounts.size < 2) return;
  const listed = [...accounts].map(([account, role]) => `\`${account}\` (${role})`).join(' and ');
  report.add('several-accounts', entry.key.span, `\`${entry.key.text}\` holds roles of different accounts: ${listed}`, {
    help: 'a person has one account; give all their roles the same',
  });
}

/** Accounts that exactly so many members hold; that too few do is said only where every member could be read. */
export function reportHolders(
  entries: readonly Entry<MemberSyntax>[],
  members: ReadonlyMap<string, Member>,
  holders: ReadonlyMap<string, { readonly count: number }>,
  place: Name | null,
  context: MemberContext,
): void {
  const { roles, report } = context;
  const isWhole =
    !report.isBroken('members/*') &&
    entries.every(({ key, value }) => members.get(key.text)?.assignments.length === value.assignments.length) &&
    [...roles.values()].every((role) => role.account !== null);
  for (const [account, { count }] of holders) {
    const held = [...members.values()].filter((member) =>
      member.assignments.some(({ role }) => roles.get(role)?.account === account),
    );
    if (held.length === count || (held.length < count && !isWhole)) continue;
    const names = held.map((member) => `\`${member.key}\``).join(', ');
    const span = held[count]?.span ?? place?.span;
    if (!span) continue;
    report.add(
      'wrong-holders',
      span,
      `the account \`${account}\` is for exactly ${count} ${count === 1 ? 'member' : 'members'}, and ${held.length === 0 ? 'nobody holds it' : `${names} ${held.length === 1 ? 'holds' : 'hold'} it`}`,
      {
        help: held.length > count ? 'give one of them another role' : `give a member a role of account \`${account}\``,
      },
    );
  }
}
