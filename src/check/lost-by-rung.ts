import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import { DiagramLimit } from '../diagram/index.ts';
import { lower } from '../lower/index.ts';
import type { Account, Policy, Role, Scope } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';
import { Asker } from './asker.ts';
import { nameOfScope, range } from './causes.ts';
import { dependsOn } from './formulas.ts';
import { settled } from './made-up-roles.ts';
import { anybodyIn } from './subjects.ts';
import { factsOfSwitches } from './switches.ts';
import { ofActions, World } from './world.ts';

/** Rungs times actions; in policies beyond it nothing is said. */
const CELLS = 40_000;
const NODES = 200_000;

/** A role that has a rung of a ladder, all below it and nothing else. */
interface Rung {
  readonly ladder: string;
  readonly level: string;
  readonly below: Rung | null;
  readonly role: Role;
}

/**
 * Scopes and prohibitions of this file by which a rung of a ladder loses what the rung below is allowed. Only those that
 * look at the permissions of the role can do it.
 */
export function checkLostByRung(file: SourceFile, policy: Policy): readonly Diagnostic[] {
  const suspects = policy.scopes.filter(
    ({ span, formulas }) => span.file === file && [...formulas.values()].some((item) => dependsOn(item, ['role'])),
  );
  const actions = new Set(suspects.flatMap(({ formulas }) => [...formulas.keys()]));
  const rungs = [...policy.accounts.values()].flatMap((account) => rungsOf(policy, account, file));
  if (actions.size === 0 || rungs.length * actions.size > CELLS) return [];
  const roles = new Map(rungs.map(({ role }) => [role.name, role]));
  const { diagrams } = lower({ ...ofActions(policy, actions), roles, members: new Map() });
  if (!diagrams) return [];
  const world = new World(policy, diagrams);
  try {
    return world.rails.store.within(NODES, () =>
      rungs.flatMap((rung) => [...actions].flatMap((action) => lossOf(world, suspects, rung, action))),
    );
  } catch (error) {
    if (error instanceof DiagramLimit) return [];
    throw error;
  }
}

function lossOf(world: World, suspects: readonly Scope[], rung: Rung, action: string): readonly Diagnostic[] {
  const { rails, policy } = world;
  if (!rung.below) return [];
  const certainly = (role: Role) => rails.certainly(world.decision(role.name, action), 0, () => 0);
  const [before, after] = [certainly(rung.below.role), certainly(rung.role)];
  const lost = rails.store.meet(before, rails.store.negate(after));
  if (lost === 0) return [];
  const anybody = anybodyIn(policy, rung.role);
  const attributes = [...anybody.attributes, ...factsOfSwitches(world.atoms)];
  const found = new Asker(world, { ...anybody, attributes }).search(lost);
  if (typeof found === 'string') return [];
  const closing = world.cell(rung.role.name, action).scopeNodes.find(({ scope, node }) => {
    const item = policy.scopes[scope];
    return item && suspects.includes(item) && range(world, node, () => 0, found.state).worst === 0;
  });
  const scope = closing && policy.scopes[closing.scope];
  if (!scope) return [];
  const message = `\`${rung.level}\` loses by ${nameOfScope(scope)} what \`${rung.below.level}\`, the level below it, is allowed`;
  return [
    diagnose('lost-by-rung', scope.span, message, {
      notes: [`on the ladder \`${rung.ladder}\`, for the action \`${action}\``],
      help: 'tie it to something else than a permission of the higher level',
    }),
  ];
}

function rungsOf(policy: Policy, account: Account, file: SourceFile): readonly Rung[] {
  return account.ladders.flatMap((ladder) => {
    const levels = policy.ladders.get(ladder) ?? [];
    let below: Rung | null = null;
    return levels.map((level, index): Rung => {
      const role = roleOf(policy, account, levels.slice(0, index + 1), file);
      below = { ladder, level, below, role };
      return below;
    });
  });
}

function roleOf(policy: Policy, { name, default: given }: Account, levels: readonly string[], file: SourceFile): Role {
  const span = { file, start: 0, end: 0 };
  const cause = { kind: 'default', account: name } as const;
  const level = levels.at(-1) ?? null;
  return {
    name: `${name}/${level}`,
    title: null,
    extends: [],
    account: name,
    level,
    permissions: new Map([...permissionsOf(policy, given, levels)].map((permission) => [permission, cause])),
    fallen: new Map(),
    settings: new Map(),
    givenByApplication: false,
    span,
  };
}

/** What levels and an account give, with what that implies, without what lacks something. */
function permissionsOf(policy: Policy, given: readonly string[], levels: readonly string[]): ReadonlySet<string> {
  const ofLevels = [...policy.permissions.values()].filter(({ level }) => level !== null && levels.includes(level));
  return settled(policy, [...given, ...ofLevels.map(({ name }) => name)]);
}
