import {
  type Alone,
  ANYTHING,
  cube,
  FALSE,
  type Frame,
  type State,
  TRUE,
  UNKNOWN,
  type Variable,
} from '../compare/index.ts';
import type { Domain } from './complete.ts';

/** For each variable the states (bits) that it may have. */
export type Allowed = ReadonlyMap<Variable, number>;

/** A function as cases: any one of them is enough, and nothing can be left out of one, nor any of them. */
export type Cover =
  | { readonly kind: 'cases'; readonly cases: readonly Allowed[] }
  /** No request does it. */
  | { readonly kind: 'impossible' }
  | { readonly kind: 'too-long' | 'too-many' | 'undecided' };

/** For the conditions of everything together; whether there is one at all is always looked for. */
export interface Budget {
  /** Questions to the solver that are left. */
  steps: number;
}

const stepsOfOne = 2_000;

/** Looks for requests that make functions true: those of one frame, in one domain. */
export class Search {
  private readonly alone: Alone;
  private readonly frame: Frame;
  private readonly domain: Domain;
  private readonly budget: Budget;

  constructor(alone: Alone, frame: Frame, domain: Domain, budget: Budget) {
    this.alone = alone;
    this.frame = frame;
    this.domain = domain;
    this.budget = budget;
  }

  /** A possible state of the world in which the function is true. */
  find(node: number): State | 'impossible' | 'undecided' {
    if (node === 0) return 'impossible';
    const { rails } = this.alone;
    const first = new Map<Variable, number>();
    for (let at = node; at > 1; ) {
      const variable = rails.variableAt(at);
      const is = this.domain.statesOf(variable).find((each) => rails.sideOf(at, each) !== 0) ?? TRUE;
      first.set(variable, is);
      at = rails.sideOf(at, is);
    }
    if (this.ask(first) === 'possible') return first;
    return this.findSlowly(node);
  }

  private findSlowly(node: number): State | 'impossible' | 'undecided' {
    const { rails } = this.alone;
    let left = stepsOfOne;
    let isSure = true;
    const visit = (at: number, chosen: State): State | null => {
      if (at === 1) return chosen;
      const variable = rails.variableAt(at);
      for (const is of this.domain.statesOf(variable)) {
        const side = rails.sideOf(at, is);
        if (side === 0) continue;
        if (left-- <= 0) {
          isSure = false;
          return null;
        }
        const more = new Map(chosen).set(variable, is);
        const kind = this.ask(more);
        if (kind === 'undecided') isSure = false;
        const found = kind === 'possible' ? visit(side, more) : null;
        if (found || left <= 0) return found;
      }
      return null;
    };
    return visit(node, new Map()) ?? (isSure ? 'impossible' : 'undecided');
  }

  private ask(state: State) {
    this.budget.steps--;
    return this.alone.check(this.frame, state);
  }

  /** The cases of `needed`; none of them reaches into `never`. */
  cover(needed: number, never: number, limit: number): Cover {
    const { rails } = this.alone;
    const { store } = rails;
    const cases = new Map<Allowed, State>();
    for (let left = needed; ; ) {
      const found = this.find(left);
      if (found === 'impossible') break;
      if (found === 'undecided') return { kind: 'undecided' };
      if (this.budget.steps <= 0) return { kind: 'too-many' };
      if (cases.size >= limit) return { kind: 'too-long' };
      const allowed = this.widen(found, never);
      cases.set(allowed, found);
      left = store.meet(left, rails.not(this.cube(allowed)));
    }
    if (cases.size === 0) return { kind: 'impossible' };
    return { kind: 'cases', cases: this.withoutNeedless(cases, needed) };
  }

  /** Less and less is asked for, as long as no request comes in that must stay out. */
  private widen(path: State, never: number): Allowed {
    const allowed = new Map([...path].map(([variable, is]) => [variable, this.domain.bitsOf(variable, is)] as const));
    const order = [...path.keys()].sort((a, b) => rank(path.get(b)) - rank(path.get(a)) || b - a);
    for (const variable of order) {
      const bits = allowed.get(variable) ?? ANYTHING;
      // "True or unknown" is never all there is: what holds where an atom is unknown holds whatever it is.
      const isOpen = this.domain.statesOf(variable).length === 3;
      for (const wider of isOpen ? [ANYTHING, TRUE | FALSE] : [ANYTHING]) {
        allowed.set(variable, wider);
        if (this.isApart(allowed, never)) break;
        allowed.set(variable, bits);
      }
    }
    for (const [variable, bits] of allowed) if (bits === ANYTHING) allowed.delete(variable);
    return allowed;
  }

  /** Does no request that the case allows make the function true? A first look asks for no new functions. */
  private isApart(allowed: Allowed, never: number): boolean {
    const path = new Map<Variable, number>();
    if (!this.follow(never, allowed, path, new Set())) return true;
    for (const [variable, bits] of allowed) {
      const is = path.has(variable) ? undefined : this.domain.statesOf(variable).find((each) => each & bits);
      if (is !== undefined) path.set(variable, is);
    }
    if (this.ask(path) === 'possible') return false;
    return this.find(this.alone.rails.store.meet(this.cube(allowed), never)) === 'impossible';
  }

  /** A path to true in the states that are allowed, whatever the atoms mean. */
  private follow(node: number, allowed: Allowed, path: Map<Variable, number>, failed: Set<number>): boolean {
    if (node <= 1) return node === 1;
    if (failed.has(node)) return false;
    const { rails } = this.alone;
    const variable = rails.variableAt(node);
    const bits = allowed.get(variable) ?? ANYTHING;
    for (const is of this.domain.statesOf(variable)) {
      if ((is & bits) === 0 || !this.follow(rails.sideOf(node, is), allowed, path, failed)) continue;
      path.set(variable, is);
      return true;
    }
    failed.add(node);
    return false;
  }

  /** A case as it is said: of each variable just the states that occur. */
  told(allowed: Allowed): Allowed {
    const bits = (variable: Variable) => this.domain.statesOf(variable).reduce((all, is) => all | is, 0);
    return new Map([...allowed].map(([variable, is]) => [variable, is & bits(variable)]));
  }

  /** `cases`: each with a state that was found for it. */
  private withoutNeedless(cases: ReadonlyMap<Allowed, State>, needed: number): readonly Allowed[] {
    const { rails } = this.alone;
    const kept = new Set(cases.keys());
    for (const [each, state] of cases) {
      const others = [...kept].filter((other) => other !== each && !isOutside(state, other));
      if (others.length === 0) continue;
      let own = rails.store.meet(this.cube(each), needed);
      for (const other of kept) if (other !== each) own = rails.store.meet(own, rails.not(this.cube(other)));
      if (this.find(own) === 'impossible') kept.delete(each);
    }
    return [...kept];
  }

  /** The function that a case is. */
  cube(allowed: Allowed): number {
    return cube(this.alone.rails, allowed);
  }
}

function isOutside(state: State, allowed: Allowed): boolean {
  return [...allowed].some(([variable, bits]) => ((state.get(variable) ?? ANYTHING) & bits) === 0);
}

/** What is left out first: what is missing, then what is false. */
function rank(is: number | undefined): number {
  return is === UNKNOWN ? 2 : is === FALSE ? 1 : 0;
}
