import { DiagramLimit } from '../diagram/index.ts';
import { type Atom, type Diagrams, lower } from '../lower/index.ts';
import type { Grant, Policy, Role, Scope } from '../resolve/index.ts';
import { Asker } from './asker.ts';
import { dependsOn } from './formulas.ts';
import { type Ration, verdictOn } from './search.ts';
import { anyHolderOf, likenessOf, type Subject } from './subjects.ts';
import { factsOfSwitches, overSwitches } from './switches.ts';
import { ofActions, World } from './world.ts';

/** Nodes that one question may add. */
const NODES = 100_000;
/** Questions to the solver about one practice. */
const QUESTIONS = 50_000;
/** More than a store can hold, so that two nodes are one exact number. */
const MOST_NODES = 2 ** 26;

/** The roles and members of a practice with each feature on or off: what a switch would open is not useless. */
export class Clinic {
  readonly policy: Policy;
  readonly diagrams: Diagrams;
  readonly world: World;
  private readonly ration: Ration = { left: QUESTIONS };
  private readonly holders = new Map<Role, Subject>();
  private readonly asked = new WeakMap<World, AskedIn>();

  private constructor(policy: Policy, diagrams: Diagrams) {
    this.policy = policy;
    this.diagrams = diagrams;
    this.world = new World(policy, diagrams);
  }

  /** Null where conditions are too large once features are open. */
  static of(policy: Policy, diagrams: Diagrams): Clinic | null {
    const open = withOpenFeatures(policy);
    if (open === policy) return new Clinic(policy, diagrams);
    const { diagrams: ofAll } = lower(open);
    return ofAll && new Clinic(open, ofAll);
  }

  /** The world of these actions and of other roles. */
  worldOf(roles: ReadonlyMap<string, Role>, actions: ReadonlySet<string>): World | null {
    const { diagrams } = lower({ ...ofActions(this.policy, actions), roles, members: new Map() });
    return diagrams && new World(this.policy, diagrams);
  }

  /** Is a request by some holder of the role possible in which the first diagram is certainly better than the second? */
  mayExceed(role: Role, more: number, less: number, world: World = this.world): boolean {
    if (more === less) return false;
    const { exceeding } = this.askedOfHolder(role, world);
    const pair = more * MOST_NODES + less;
    let answer = exceeding.get(pair);
    if (answer === undefined) {
      answer = this.isExceeded(this.holderOf(role), more, less, world);
      exceeding.set(pair, answer);
    }
    return answer;
  }

  private holderOf(role: Role): Subject {
    let holder = this.holders.get(role);
    if (!holder) {
      holder = anyHolderOf(this.policy, role);
      this.holders.set(role, holder);
    }
    return holder;
  }

  /** Of all roles without settings the same is known, but for those that the application names. */
  private askedOfHolder(role: Role, world: World): Asked {
    if (role.settings.size > 0) return this.askedOf(this.holderOf(role), world);
    const { bare } = this.askedIn(world);
    let asked = bare.get(role.givenByApplication);
    if (!asked) {
      asked = this.askedOf(this.holderOf(role), world);
      bare.set(role.givenByApplication, asked);
    }
    return asked;
  }

  private isExceeded(holder: Subject, more: number, less: number, world: World): boolean {
    const { rails, store } = world;
    const certainly = (node: number, least: number) => rails.certainly(node, 0, () => 0, least);
    for (let least = store.top; least > 0; least--) {
      const gained = () => rails.store.meet(certainly(more, least), rails.store.negate(certainly(less, least)));
      if (this.mayHold(holder, world, gained)) return true;
    }
    return false;
  }

  /** Is a request possible in which the function holds? "Yes" where that is not decided, or too large. */
  mayHold(subject: Subject, world: World, build: (asker: Asker) => number): boolean {
    const { asker, known } = this.askedOf(subject, world);
    try {
      return world.rails.store.within(NODES, () => {
        const node = build(asker);
        let answer = known.get(node);
        if (answer === undefined) {
          answer = verdictOn(asker, node, this.ration) !== 'impossible';
          known.set(node, answer);
        }
        return answer;
      });
    } catch (error) {
      if (error instanceof DiagramLimit) return true;
      throw error;
    }
  }

  /** Those who are alike share the answers. */
  private askedOf(subject: Subject, world: World): Asked {
    const { bySubject, byLikeness, named } = this.askedIn(world);
    let asked = bySubject.get(subject);
    if (asked) return asked;
    const key = likenessOf(subject, named);
    asked = byLikeness.get(key);
    if (!asked) {
      const attributes = [...subject.attributes, ...factsOfSwitches(world.atoms)];
      asked = { asker: new Asker(world, { ...subject, attributes }), known: new Map(), exceeding: new Map() };
      byLikeness.set(key, asked);
    }
    bySubject.set(subject, asked);
    return asked;
  }

  private askedIn(world: World): AskedIn {
    let known = this.asked.get(world);
    if (!known) {
      known = { bySubject: new Map(), byLikeness: new Map(), bare: new Map(), named: textsOf(world.atoms) };
      this.asked.set(world, known);
    }
    return known;
  }
}

interface Asked {
  readonly asker: Asker;
  readonly known: Map<number, boolean>;
  /** Of pairs of diagrams, as one number. */
  readonly exceeding: Map<number, boolean>;
}

/** In one world. */
interface AskedIn {
  readonly bySubject: Map<Subject, Asked>;
  readonly byLikeness: Map<string, Asked>;
  /** Every text of the conditions. */
  readonly named: ReadonlySet<string>;
  /** Of whoever holds a role without settings, by whether the application names it. */
  readonly bare: Map<boolean, Asked>;
}

/** The policy with each feature on or off; itself where no condition asks for one. */
export function withOpenFeatures(policy: Policy): Policy {
  const all = [...policy.grants, ...policy.scopes].flatMap(({ formulas }) => [...formulas.values()]);
  if (!all.some((formula) => dependsOn(formula, ['feature']))) return policy;
  return {
    ...policy,
    grants: policy.grants.map((item) => opened(policy, item)),
    scopes: policy.scopes.map((item) => opened(policy, item)),
  };
}

function textsOf(atoms: readonly Atom[]): ReadonlySet<string> {
  const texts = new Set<string>();
  JSON.stringify(atoms, (_, item) => {
    if (typeof item === 'string') texts.add(item);
    return item;
  });
  return texts;
}

function opened<T extends Grant | Scope>(policy: Policy, item: T): T {
  const formulas = [...item.formulas].map(
    ([action, formula]) => [action, overSwitches(formula, policy, 'features', item.span) ?? formula] as const,
  );
  return { ...item, formulas: new Map(formulas) };
}
