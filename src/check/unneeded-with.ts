import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { PracticeSyntax, RoleSyntax } from '../parse/index.ts';
import type { Formula, Policy, Role } from '../resolve/index.ts';
import type { Name } from '../source/index.ts';
import type { Clinic } from './clinic.ts';
import { Deprived } from './deprived.ts';
import { overSwitches, permissionsIn } from './switches.ts';

/**
 * Permissions that a role of this practice is given (`with`) and that change nothing for it: it has them already, or is
 * allowed no request the more, with features on or off. What meets a requirement of the role is needed for that.
 */
export function checkUnneededWith(practice: PracticeSyntax, clinic: Clinic): readonly Diagnostic[] {
  const { policy } = clinic;
  const entries = new Map(practice.roles.map(({ key, value }) => [key.text, value]));
  const judged: Judged = { clinic, readers: new Readers(policy), deprived: new Deprived(policy) };
  const extending = rolesByBase(policy);
  const found: Diagnostic[] = [];
  for (const { key, value } of practice.roles) {
    const role = policy.roles.get(key.text);
    if (!role) continue;
    const heirs = heirsOf(extending, role.name);
    const taken: string[] = [];
    for (const item of value.with.toReversed()) {
      const cause = role.permissions.get(item.text);
      if (cause?.kind !== 'with' || cause.span !== item.span) continue;
      const already = givenAnyway(policy, entries, role, value, item.text);
      if (!already) {
        const all = [...taken, item.text];
        // Brought along by another: whoever writes down every switch that is on writes such a one, too.
        const lost = judged.deprived.lost(role, all);
        if (!lost.includes(item.text)) continue;
        if (matters(judged, role, all, lost)) continue;
        if (heirs.some((heir) => matters(judged, heir, all, judged.deprived.lost(heir, all)))) continue;
        taken.push(item.text);
      }
      found.push(report(role, item, already ?? 'whoever holds the role is allowed the same without it'));
    }
  }
  return found;
}

interface Judged {
  readonly clinic: Clinic;
  readonly readers: Readers;
  readonly deprived: Deprived;
}

function rolesByBase({ roles }: Policy): ReadonlyMap<string, readonly Role[]> {
  const extending = new Map<string, Role[]>();
  for (const role of roles.values()) {
    for (const base of role.extends) {
      const known = extending.get(base);
      if (known) known.push(role);
      else extending.set(base, [role]);
    }
  }
  return extending;
}

/** Roles that extend this one, or one that does. */
function heirsOf(extending: ReadonlyMap<string, readonly Role[]>, name: string): readonly Role[] {
  const heirs = extending.get(name);
  if (!heirs) return [];
  const found = new Set(heirs);
  for (const heir of found) for (const next of extending.get(heir.name) ?? []) found.add(next);
  return [...found];
}

/** Does the role allow something else without these, or does something else fall without them? */
function matters(judged: Judged, role: Role, taken: readonly string[], lost: readonly string[]): boolean {
  const falls = lost.some((name) => !taken.includes(name) && role.permissions.get(name)?.kind !== 'implied');
  return falls || (lost.length > 0 && changes(judged, role, taken, lost));
}

function changes({ clinic, readers, deprived }: Judged, role: Role, taken: readonly string[], lost: readonly string[]) {
  const { policy, world } = clinic;
  const gone = new Set(lost);
  const asking = joined(lost, (name) => readers.actionsAsking(name));
  for (const action of joined(lost, (name) => readers.actionsGranting(name))) {
    if (asking.has(action)) continue;
    const { decision, grantNodes, scopeNodes } = world.cell(role.name, action);
    let node = 0;
    for (const { grant, node: granted } of grantNodes) {
      if (!gone.has(policy.grants[grant]?.permission ?? '')) node = world.store.join(node, granted);
    }
    for (const scope of scopeNodes) node = world.store.meet(node, scope.node);
    if (clinic.mayExceed(role, decision, node)) return true;
  }
  if (asking.size === 0) return false;
  const lacking: Role = { ...role, name: `${role.name} `, permissions: deprived.rest(role, taken) };
  const other = clinic.worldOf(new Map([role, lacking].map((item) => [item.name, item])), asking);
  if (!other) return true;
  return [...asking].some((action) => {
    const [now, then] = [other.decision(role.name, action), other.decision(lacking.name, action)];
    return clinic.mayExceed(role, now, then, other) || clinic.mayExceed(role, then, now, other);
  });
}

/** The actions of all of the names; mostly there is one name. */
function joined(names: readonly string[], of: (name: string) => ReadonlySet<string>): ReadonlySet<string> {
  const [first = '', ...others] = names;
  return others.length === 0 ? of(first) : new Set(names.flatMap((name) => [...of(name)]));
}

/** Which actions a permission grants, and which conditions ask for it. */
class Readers {
  private readonly granting = new Map<string, Set<string>>();
  private readonly asking = new Map<string, Set<string>>();

  constructor(policy: Policy) {
    const names = new Map<Formula, readonly string[]>();
    for (const { formulas, span } of [...policy.grants, ...policy.scopes]) {
      for (const [action, formula] of formulas) {
        let asked = names.get(formula);
        if (!asked) {
          const over = overSwitches(formula, policy, 'all', span);
          asked = over ? permissionsIn(over) : [...policy.permissions.keys()];
          names.set(formula, asked);
        }
        for (const name of asked) add(this.asking, name, action);
      }
    }
    for (const { permission, formulas } of policy.grants) {
      if (permission !== null) for (const action of formulas.keys()) add(this.granting, permission, action);
    }
  }

  actionsGranting(permission: string): ReadonlySet<string> {
    return this.granting.get(permission) ?? none;
  }

  actionsAsking(permission: string): ReadonlySet<string> {
    return this.asking.get(permission) ?? none;
  }
}

const none: ReadonlySet<string> = new Set();

function add(map: Map<string, Set<string>>, name: string, action: string): void {
  const actions = map.get(name) ?? new Set<string>();
  map.set(name, actions.add(action));
}

/** By what a role has the permission without being given it here; null where by nothing. */
function givenAnyway(
  policy: Policy,
  entries: ReadonlyMap<string, RoleSyntax>,
  role: Role,
  { extends: bases }: RoleSyntax,
  name: string,
): string | null {
  const isTakenAway = (base: string, seen: ReadonlySet<string>): boolean => {
    const entry = entries.get(base);
    if (!entry || seen.has(base)) return entry === undefined;
    const next = new Set(seen).add(base);
    return entry.without.some(({ text }) => text === name) || entry.extends.some(({ text }) => isTakenAway(text, next));
  };
  if (bases.some(({ text }) => isTakenAway(text, new Set()))) return null;
  const base = bases.find(({ text }) => policy.roles.get(text)?.permissions.has(name));
  if (base) return `\`${base.text}\`, which it extends, has it already`;
  const level = policy.permissions.get(name)?.level ?? null;
  const isOfRole = (levels: readonly string[]) => role.level !== null && levels.includes(role.level);
  const rungs = level === null ? [] : ([...policy.ladders.values()].find(isOfRole) ?? []);
  if (level !== null && rungs.slice(0, rungs.indexOf(role.level ?? '') + 1).includes(level)) {
    return `the level \`${role.level}\` gives it already`;
  }
  const given = role.account !== null && policy.accounts.get(role.account)?.default.includes(name);
  return given ? `an account \`${role.account}\` has it at first` : null;
}

function report(role: Role, { text, span }: Name, why: string): Diagnostic {
  return diagnose('unneeded-permission', span, `\`${text}\` changes nothing for \`${role.name}\``, {
    notes: [why],
    help: 'remove it, or give the role what it needs with it',
  });
}
