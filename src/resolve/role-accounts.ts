import type { Entry, RoleSyntax } from '../parse/index.ts';
import type { Name } from '../source/index.ts';
import type { Declarations } from './declarations.ts';
import type { Account } from './policy.ts';
import type { Base, RoleContext, RoleRules } from './role-drafts.ts';

/** The account of a role: its own, or that of its bases. */
export function readAccount(
  entry: Entry<RoleSyntax>,
  rules: RoleRules,
  bases: readonly Base[],
  isCut: boolean,
  context: RoleContext,
): Account | null {
  const { key, value } = entry;
  const { accounts, report } = context;
  if (value.account) {
    const account = accounts.get(value.account.text);
    if (!account) report.unknown('unknown-account', 'account', value.account, accounts.keys());
    return account ?? null;
  }
  const inherited = new Map(
    bases.flatMap(({ name, draft }) => (draft.account ? [[draft.account, name] as const] : [])),
  );
  const [first, second] = inherited;
  if (second) {
    const names = [...inherited].map(([account, base]) => `\`${account.name}\` from \`${base.text}\``);
    report.add(
      'conflicting-setting',
      second[1].span,
      `\`${key.text}\` inherits different accounts: ${names.join(', ')}`,
      {
        help: 'write `account:` in this role to say which',
      },
    );
    return null;
  }
  // A role that extends another has the account of that one, or what is wrong was reported there.
  const isSaid =
    isCut || value.extends.length > 0 || ['account', 'accounts', 'extends'].some((key) => report.isBroken(key));
  if (!first && !isSaid && accounts.size > 0 && rules.dependencies !== 'silent') {
    report.add('missing-account', key.span, `role \`${key.text}\` has no account`, {
      help: `write \`account:\` and one of ${[...accounts.keys()].map((item) => `\`${item}\``).join(', ')}`,
    });
  }
  return first?.[0] ?? null;
}

/** The level of a role: its own, or the highest of its bases. */
export function readLevel(
  entry: Entry<RoleSyntax>,
  account: Account | null,
  rules: RoleRules,
  bases: readonly Base[],
  isCut: boolean,
  context: RoleContext,
): string | null {
  const { declarations, report } = context;
  const { key, value } = entry;
  if (!value.level) {
    const levels = bases.flatMap(({ draft }) => draft.level ?? []);
    const best = levels.sort((a, b) => rank(b, declarations) - rank(a, declarations))[0] ?? null;
    if (best !== null && value.account) return checkLevel({ text: best, span: value.account.span }, account, context);
    const isSaid =
      isCut || report.isBroken('level') || bases.some(({ draft }) => draft.isBroken || draft.account === account);
    if (best === null && account?.levelRequired && !isSaid && rules.dependencies !== 'silent') {
      const levels = account.ladders.flatMap((name) => declarations.ladders.get(name) ?? []);
      report.add(
        'missing-level',
        key.span,
        `role \`${key.text}\` has no level, which an account \`${account.name}\` must have`,
        {
          help: `write \`level:\` and one of ${levels.map((item) => `\`${item}\``).join(', ')}`,
        },
      );
    }
    return best;
  }
  return checkLevel(value.level, account, context);
}

/** The level where it exists and the account may have it. */
function checkLevel(level: Name, account: Account | null, { declarations, report }: RoleContext): string | null {
  const ladder = declarations.rungs.get(level.text);
  if (ladder === undefined) {
    report.unknown('unknown-level', 'level', level, declarations.rungs.keys());
    return null;
  }
  if (account && !account.ladders.includes(ladder)) {
    const own = account.ladders.flatMap((name) => declarations.ladders.get(name) ?? []);
    report.add('foreign-ladder', level.span, `an account \`${account.name}\` cannot have the level \`${level.text}\``, {
      notes: [`\`${level.text}\` is a level of the ladder \`${ladder}\``],
      help:
        own.length > 0
          ? `its levels are ${own.map((item) => `\`${item}\``).join(', ')}`
          : 'this account has no levels; use `with`',
    });
    return null;
  }
  return level.text;
}

function rank(level: string, declarations: Declarations): number {
  return declarations.ladders.get(declarations.rungs.get(level) ?? '')?.indexOf(level) ?? -1;
}

/** The permissions of a rung and of those below it, as far as the account can have them. */
export function permissionsUpTo(level: string, context: RoleContext): readonly string[] {
  const rungs = context.declarations.ladders.get(context.declarations.rungs.get(level) ?? '') ?? [];
  const included = new Set(rungs.slice(0, rungs.indexOf(level) + 1));
  return [...context.permissions.values()]
    .filter((item) => item.level !== null && included.has(item.level))
    .map((item) => item.name);
}

/** Whether a role of the account can come to have the permission at all, by `with` or by a level. */
export function canHold(account: Account | null, permission: string): boolean {
  return !account?.permissions || account.permissions.has(permission) || account.ofLevels.has(permission);
}
