import { DiagramLimit, INSTANCES, variableOf } from '../diagram/index.ts';
import { Asker } from './asker.ts';
import type { Found } from './search.ts';
import { knowledgeOf, type Part, type Subject } from './subjects.ts';
import type { World } from './world.ts';

/** Nodes that one question may add. */
const NODES = 200_000;

/** What can be asked about a subject and an action; `when` is the number of the invariant's condition, or -1. */
export class Questions {
  private readonly world: World;
  private readonly askers = new Map<Subject, Asker>();
  /** Subjects of whom the same is known share theirs, and so its answers. */
  private readonly byKnowledge = new Map<string, Asker>();

  constructor(world: World) {
    this.world = world;
  }

  /** A request, in which the condition certainly holds, that the subject is certainly allowed. */
  allowed(subject: Subject, action: string, when: number): Found | 'impossible' | 'undecided' {
    if (subject.isInactive) return 'impossible';
    let isSure = true;
    for (const part of subject.parts) {
      if (part.instance >= INSTANCES) {
        isSure = false;
        continue;
      }
      const found = this.ask(subject, () => {
        const { store } = this.world.rails;
        const allowed = store.meet(this.allows(subject, part, action), inForce(this.world, part));
        return store.meet(allowed, this.holds(subject, part, action, when));
      });
      if (typeof found !== 'string') return found;
      if (found === 'undecided') isSure = false;
    }
    return isSure ? 'impossible' : 'undecided';
  }

  /** A request, in which the condition certainly holds, that the subject is not certainly allowed. */
  denied(subject: Subject, action: string, when: number): Found | 'impossible' | 'undecided' {
    if (subject.parts.some(({ instance }) => instance >= INSTANCES)) return 'undecided';
    return this.ask(subject, () => {
      const { store } = this.world.rails;
      let [denied, holds] = [1, when < 0 || subject.parts.length === 0 ? 1 : 0];
      for (const part of subject.parts) {
        const allowed = subject.isInactive
          ? 0
          : store.meet(this.allows(subject, part, action), inForce(this.world, part));
        denied = store.meet(denied, store.negate(allowed));
        holds = store.join(holds, this.holds(subject, part, action, when));
      }
      return store.meet(denied, holds);
    });
  }

  /** A request in which a function over what is known is true. */
  ask(subject: Subject, build: () => number): Found | 'impossible' | 'undecided' {
    try {
      return this.world.rails.store.within(NODES, () => this.asker(subject).search(build()));
    } catch (error) {
      if (error instanceof DiagramLimit) return 'undecided';
      throw error;
    }
  }

  private allows(subject: Subject, part: Part, action: string): number {
    return this.certainly(subject, part, this.world.decision(part.role, action));
  }

  private holds(subject: Subject, part: Part, action: string, when: number): number {
    return this.certainly(subject, part, this.world.when(part.role, action, when));
  }

  /** Where a diagram certainly gives more than a deny to somebody by one of their roles. */
  certainly(subject: Subject, part: Part, node: number): number {
    return this.world.rails.certainly(node, part.instance, this.asker(subject).instanceOf(part));
  }

  asker(subject: Subject): Asker {
    let asker = this.askers.get(subject);
    if (!asker) {
      const key = knowledgeOf(subject);
      asker = this.byKnowledge.get(key) ?? new Asker(this.world, subject);
      this.byKnowledge.set(key, asker);
      this.askers.set(subject, asker);
    }
    return asker;
  }
}

/** From and until; with a time that is not known, it is not in force. */
export function inForce(world: World, { from, until }: Part): number {
  const { rails } = world;
  const atom = (limit: number) => variableOf(world.atomOfInstant(limit), 0);
  const begun = from === null ? 1 : rails.isFalse(atom(from));
  const lasts = until === null ? 1 : rails.isTrue(atom(until));
  return rails.store.meet(begun, lasts);
}
