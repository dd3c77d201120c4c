import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import { DiagramLimit } from '../diagram/index.ts';
import { type Cell, type Diagrams, lower } from '../lower/index.ts';
import type { Grant, Policy, Requirement, Role } from '../resolve/index.ts';
import type { SourceFile } from '../source/index.ts';
import { Asker } from './asker.ts';
import { dependsOn } from './formulas.ts';
import { search } from './search.ts';
import { anybodyIn } from './subjects.ts';
import { World } from './world.ts';

/** Grants to be judged; in catalogs beyond it nothing is said. */
const GRANTS = 3_000;
const NODES = 200_000;

/**
 * Grants of this catalog without which nothing is lost: whoever has the permission is allowed the same by other grants,
 * or no request meets the condition. Of two that give the same, the last is reported. What depends on features, on other
 * permissions or on the account is left alone.
 */
export function checkUnneededGrants(file: SourceFile, policy: Policy): readonly Diagnostic[] {
  const own = policy.grants.flatMap((grant, index) => (grant.span.file === file ? [index] : []));
  if (own.length === 0 || own.length > GRANTS) return [];
  const everything = roleWithAll(policy, file);
  const all: Policy = { ...policy, roles: new Map([[everything.name, everything]]), members: new Map() };
  const { diagrams } = lower(all);
  if (!diagrams) return [];
  try {
    const judge = new Judge(all, diagrams, everything);
    return judge.world.rails.store.within(NODES, () =>
      judge.world.store.within(NODES, () => own.reverse().flatMap((index) => judge.check(index))),
    );
  } catch (error) {
    if (error instanceof DiagramLimit) return [];
    throw error;
  }
}

class Judge {
  readonly world: World;
  private readonly role: Role;
  private readonly asker: Asker;
  private readonly removed = new Set<number>();
  private readonly isPossible = new Map<number, boolean>();

  constructor(policy: Policy, diagrams: Diagrams, role: Role) {
    this.role = role;
    this.world = new World(policy, diagrams);
    this.asker = new Asker(this.world, anybodyIn(policy, role));
  }

  check(index: number): readonly Diagnostic[] {
    const grant = this.world.policy.grants[index];
    if (!grant || !isPlain(grant) || isSwitchedOff(grant)) return [];
    const behind = new Set<number>();
    for (const action of grant.formulas.keys()) {
      const cell = this.world.cell(this.role.name, action);
      const node = cell.grantNodes.find((item) => item.grant === index)?.node ?? 0;
      const covering = this.covering(cell, grant, index, node);
      if (covering === null && this.mayMatter(node)) return [];
      for (const other of covering ?? []) behind.add(other);
    }
    this.removed.add(index);
    return [report(this.world.policy, grant, [...behind])];
  }

  /** Grants that together give all that this one gives, to everybody who has it; null when there are none. */
  private covering(cell: Cell, grant: Grant, index: number, node: number): readonly number[] | null {
    const { store, policy } = this.world;
    const others = cell.grantNodes.filter(({ grant: other }) => {
      const item = policy.grants[other];
      if (!item || other === index || this.removed.has(other) || !isPlain(item)) return false;
      return item.permission === null || this.needs(grant.permission).has(item.permission);
    });
    const covers = (nodes: readonly { readonly node: number }[]) => {
      const joined = nodes.reduce((at, item) => store.join(at, item.node), 0);
      return node !== 0 && store.join(joined, node) === joined;
    };
    const one = others.find((item) => covers([item]));
    if (one) return [one.grant];
    return covers(others) ? others.map((item) => item.grant) : null;
  }

  /** The permission and those without which it would fall. */
  private needs(permission: string | null): ReadonlySet<string> {
    const found = new Set<string>(permission === null ? [] : [permission]);
    const add = (requirement: Requirement | null | undefined): void => {
      if (requirement?.kind === 'permission') found.add(requirement.name);
      else if (requirement?.kind === 'and') requirement.terms.forEach(add);
    };
    for (const name of found) add(this.world.policy.permissions.get(name)?.requires);
    return found;
  }

  private mayMatter(node: number): boolean {
    let may = this.isPossible.get(node);
    if (may === undefined) {
      may =
        search(
          this.asker,
          this.world.rails.certainly(node, 0, () => 0),
        ) !== 'impossible';
      this.isPossible.set(node, may);
    }
    return may;
  }
}

/** `when: false` is meant, and what it leaves without a grant is reported as such. */
function isSwitchedOff({ formulas }: Grant): boolean {
  return [...formulas.values()].every((formula) => formula.kind === 'constant' && !formula.value);
}

function isPlain({ formulas }: Grant): boolean {
  return ![...formulas.values()].some((formula) => dependsOn(formula, ['feature', 'role']));
}

function roleWithAll({ permissions }: Policy, file: SourceFile): Role {
  const span = { file, start: 0, end: 0 };
  const cause = { kind: 'with', role: 'everything', span } as const;
  return {
    name: 'everything',
    title: null,
    extends: [],
    account: null,
    level: null,
    permissions: new Map([...permissions.keys()].map((name) => [name, cause])),
    fallen: new Map(),
    settings: new Map(),
    givenByApplication: false,
    span,
  };
}

function report(policy: Policy, { permission, span }: Grant, behind: readonly number[]): Diagnostic {
  const whose = permission === null ? 'this grant' : `this grant of \`${permission}\``;
  const notes = behind.slice(0, 3).flatMap((index) => {
    const item = policy.grants[index];
    return item ? [{ message: 'it is given here already', span: item.span }] : [];
  });
  const message =
    behind.length > 0 ? `${whose} adds nothing to what is given already` : `no request meets the condition of ${whose}`;
  return diagnose('unneeded-grant', span, message, { notes, help: 'remove it, or correct its condition' });
}
