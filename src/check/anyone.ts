import { DiagramLimit } from '../diagram/index.ts';
import { type Diagrams, lower } from '../lower/index.ts';
import type { Formula, Grant, Policy, Role, Scope } from '../resolve/index.ts';
import type { AttributeFacts } from '../solver/index.ts';
import type { SourceFile, Span } from '../source/index.ts';
import { Asker } from './asker.ts';
import { possibleRoles } from './possible-roles.ts';
import { type Ration, type Verdict, verdictOn } from './search.ts';
import { anybodyIn, type Slot, type Subject } from './subjects.ts';
import { factsOfAccount, factsOfSwitches, hasFormula, overSwitches, permissionsIn } from './switches.ts';
import { World } from './world.ts';
import { overWritten } from './written-roles.ts';

/** Nodes that one question may add. */
const NODES = 100_000;
/** Questions to the solver about one catalog. */
const QUESTIONS = 50_000;

/** One of a policy's grants or scopes, as it is for an action. */
export interface Item {
  readonly index: number;
  readonly node: number;
}

/**
 * One action, decided at once for every role that a practice could make of a catalog, with every account, feature and
 * setting: which permissions somebody has is read as facts that are never missing.
 */
export interface Scene {
  readonly world: World;
  readonly subject: Subject;
  readonly grants: readonly Item[];
  readonly scopes: readonly Item[];
  /** The roles that there can be. */
  readonly roles: number;
}

/** Whoever could be, in whatever role. */
export class Anyone {
  readonly policy: Policy;
  private readonly place: Span;
  private readonly ration: Ration = { left: QUESTIONS };
  private readonly scenes = new Map<string, Scene | null>();
  private readonly grantsOf: ReadonlyMap<string, readonly number[]>;
  private readonly scopesOf: ReadonlyMap<string, readonly number[]>;
  private readonly asked = new Map<Subject, { readonly asker: Asker; readonly known: Map<number, Verdict> }>();

  constructor(policy: Policy, file: SourceFile) {
    this.policy = policy;
    this.place = { file, start: 0, end: 0 };
    this.grantsOf = byAction(policy.grants);
    this.scopesOf = byAction(policy.scopes);
  }

  /** Null for an action that is not judged: it is too large, or about sets of permissions that requests bring. */
  scene(action: string): Scene | null {
    let scene = this.scenes.get(action);
    if (scene === undefined) {
      scene = this.build(action);
      this.scenes.set(action, scene);
    }
    return scene;
  }

  /**
   * Is a request possible, of a role that can be, in which it certainly is better in the first of two diagrams than in the
   * second? "Yes" where that is not decided.
   */
  mayExceed(scene: Scene, more: number, less: number): boolean {
    if (more === less) return false;
    const { rails, store } = scene.world;
    const certainly = (node: number, least: number) => rails.certainly(node, 0, () => 0, least);
    for (let least = store.top; least > 0; least--) {
      const gained = () => rails.store.meet(certainly(more, least), rails.store.negate(certainly(less, least)));
      if (this.verdict(scene, gained) !== 'impossible') return true;
    }
    return false;
  }

  /** Is a request possible, of a role that can be, in which the function holds? */
  verdict({ world, roles, subject }: Scene, build: (asker: Asker) => number): Verdict {
    let asked = this.asked.get(subject);
    if (!asked) {
      asked = { asker: new Asker(world, subject), known: new Map() };
      this.asked.set(subject, asked);
    }
    const { asker, known } = asked;
    const { rails, store } = world;
    try {
      return rails.store.within(NODES, () => {
        const node = rails.store.meet(
          build(asker),
          rails.certainly(roles, 0, () => 0, store.top),
        );
        const verdict = known.get(node) ?? verdictOn(asker, node, this.ration);
        known.set(node, verdict);
        return verdict;
      });
    } catch (error) {
      if (error instanceof DiagramLimit) return 'undecided';
      throw error;
    }
  }

  private build(action: string): Scene | null {
    const { policy, place } = this;
    const declared = policy.actions.get(action);
    const grantIndexes = this.grantsOf.get(action) ?? [];
    const scopeIndexes = this.scopesOf.get(action) ?? [];
    const rules = rulesOfAnyone(policy, action, grantIndexes, scopeIndexes);
    if (!declared || !rules) return null;
    const { grants, scopes } = rules;
    const named = [...grants, ...scopes].flatMap(({ formulas }) => [...formulas.values()].flatMap(permissionsIn));
    const possible = scopeOf(action, possibleRoles(policy, named, place), place);
    const role = roleOfAnyone('anyone', place);
    const { diagrams } = lower({
      ...policy,
      actions: new Map([[action, declared]]),
      grants,
      scopes: [...scopes, possible],
      roles: new Map([[role.name, role]]),
      members: new Map(),
    });
    if (!diagrams) return null;
    const world = new World(policy, diagrams);
    const { grantNodes, scopeNodes } = world.cell(role.name, action);
    return {
      world,
      subject: subjectOf(policy, role, world),
      grants: grantNodes.map(({ grant, node }) => ({ index: grantIndexes[grant] ?? -1, node })),
      scopes: scopeNodes.slice(0, scopes.length).map(({ scope, node }) => ({ index: scopeIndexes[scope] ?? -1, node })),
      roles: scopeNodes[scopes.length]?.node ?? world.store.top,
    };
  }
}

/** A policy with one role, which stands for every role that a practice could make of a catalog. */
export interface AnyonePolicy {
  readonly policy: Policy;
  /** Actions that it says nothing of: sets of permissions that requests bring decide them, or too many permissions do. */
  readonly left: readonly string[];
}

/**
 * Permissions that a role is written with, features and the account are attributes of whoever asks in it; see
 * `factsOfAnyone`.
 */
export function policyOfAnyone(policy: Policy, name: string, names: ReadonlyMap<string, string>): AnyonePolicy {
  const place: Span = { file: { path: '', text: '' }, start: 0, end: 0 };
  const [grantsOf, scopesOf] = [byAction(policy.grants), byAction(policy.scopes)];
  const written = <T extends Grant | Scope>(item: T): T | null => {
    const formulas = [...item.formulas].map(
      ([action, formula]) => [action, overWritten(formula, policy, names, place)] as const,
    );
    const found = formulas.flatMap(([action, formula]) => (formula ? [[action, formula] as const] : []));
    return found.length < formulas.length ? null : { ...item, formulas: new Map(found) };
  };
  const left: string[] = [];
  const grants: Grant[] = [];
  const scopes: Scope[] = [];
  for (const action of policy.actions.keys()) {
    const rules = rulesOfAnyone(policy, action, grantsOf.get(action) ?? [], scopesOf.get(action) ?? []);
    const own = [rules?.grants.map(written) ?? [null], rules?.scopes.map(written) ?? []] as const;
    if (!areAll(own[0]) || !areAll(own[1])) left.push(action);
    else {
      grants.push(...own[0]);
      scopes.push(...own[1]);
    }
  }
  const role = roleOfAnyone(name, place);
  return { policy: { ...policy, grants, scopes, roles: new Map([[name, role]]), members: new Map() }, left };
}

/** What is known of whoever asks: permissions and features are there or not, and there is an account. */
export function factsOfAnyone(policy: Policy, { atoms }: Diagrams): readonly AttributeFacts[] {
  return [...factsOfSwitches(atoms), ...factsOfAccount(policy)];
}

/** Its grants, but for some, within its scopes, but for some. */
export function decisionOf(
  { world: { store }, grants, scopes }: Scene,
  hasGrant: (index: number) => boolean = () => true,
  hasScope: (index: number) => boolean = () => true,
): number {
  let node = 0;
  for (const grant of grants) if (hasGrant(grant.index)) node = store.join(node, grant.node);
  for (const scope of scopes) if (hasScope(scope.index)) node = store.meet(node, scope.node);
  return node;
}

function byAction(items: readonly Pick<Grant, 'formulas'>[]): ReadonlyMap<string, readonly number[]> {
  const result = new Map<string, number[]>();
  items.forEach(({ formulas }, index) => {
    for (const action of formulas.keys()) {
      const list = result.get(action);
      if (list) list.push(index);
      else result.set(action, [index]);
    }
  });
  return result;
}

interface RulesOfAnyone {
  readonly grants: readonly Grant[];
  readonly scopes: readonly Scope[];
}

/** What decides an action, for everybody at once; null where sets of permissions that requests bring do. */
function rulesOfAnyone(
  policy: Policy,
  action: string,
  grantIndexes: readonly number[],
  scopeIndexes: readonly number[],
): RulesOfAnyone | null {
  const grants = grantIndexes.map((index) => grantOfAnyone(policy, policy.grants[index], action));
  const scopes = scopeIndexes.map((index) => withFormula(policy, policy.scopes[index], action));
  return areAll(grants) && areAll(scopes) ? { grants, scopes } : null;
}

function areAll<T>(items: readonly (T | null)[]): items is readonly T[] {
  return !items.includes(null);
}

function withFormula<T extends Grant | Scope>(policy: Policy, item: T | undefined, action: string): T | null {
  const formula = item?.formulas.get(action);
  const over = item && formula && overSwitches(formula, policy, 'all', item.span);
  return over ? { ...item, formulas: new Map([[action, over]]) } : null;
}

/** The grant, given to everybody who has its permission. */
function grantOfAnyone(policy: Policy, item: Grant | undefined, action: string): Grant | null {
  const grant = withFormula(policy, item, action);
  const formula = grant?.formulas.get(action);
  if (!grant || !formula || grant.permission === null) return grant;
  const given: Formula = { kind: 'and', terms: [hasFormula(grant.permission, grant.span), formula] };
  return { ...grant, permission: null, formulas: new Map([[action, given]]) };
}

function scopeOf(action: string, formula: Formula, span: Span): Scope {
  return { kind: 'scope', name: '', title: null, formulas: new Map([[action, formula]]), text: null, span };
}

function roleOfAnyone(name: string, span: Span): Role {
  return {
    name,
    title: null,
    extends: [],
    account: null,
    level: null,
    permissions: new Map(),
    fallen: new Map(),
    settings: new Map(),
    givenByApplication: false,
    span,
  };
}

/** Members, and strangers in a role given by an application, who have neither an id nor settings of their own. */
function subjectOf(policy: Policy, role: Role, { atoms }: World): Subject {
  const { kind, name, parts } = anybodyIn(policy, role);
  return {
    kind,
    name,
    parts: parts.map((part) => ({ ...part, slots: part.slots.map((slot) => asOfStranger(policy, slot)) })),
    attributes: [...factsOfSwitches(atoms), ...factsOfAccount(policy)],
  };
}

function asOfStranger({ settings }: Policy, { isPresent, ...slot }: Slot): Slot {
  return settings.get(slot.setting)?.default == null ? slot : { ...slot, ...(isPresent && { isPresent }) };
}
