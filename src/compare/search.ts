import type { Cells } from './cells.ts';
import { FirstWay } from './first-way.ts';
import type { Frame } from './frame.ts';
import { Lemmas } from './lemmas.ts';
import { type Literal, literalOf, sortFew, statesIn, variableIn } from './literals.ts';
import type { Merged } from './merge.ts';
import { ANYTHING, FALSE, INSTANCES, type Lens, TRUE, UNKNOWN, type Variable, variableOf } from './rails.ts';
import type { Realm } from './realms.ts';
import type { Theory } from './theory.ts';

/** A cell as one assignment sees it. */
export interface Sight {
  readonly node: number;
  readonly lens: Lens;
}

/** For each of some variables the states that it may have; they stand by their variables. */
export type Cube = readonly Literal[];

/** A state of the world, as far as it is decided; by the variables. */
export type Found = readonly Literal[];

/** Steps of one search; beyond, the diagrams of the difference are made. */
const most = 4_000;

/** After so many steps failures are remembered: most searches need none. */
const patience = 40;

/** Failures of all searches of one realm, at most. */
const remembered = 20_000;

const complete = [TRUE, FALSE];
const all = [TRUE, FALSE, UNKNOWN];

/**
 * Looks for states of the world in which one cell certainly allows what others, all together, do not: the cells are walked
 * side by side, and no diagram of their difference is made. What the solver once called impossible is never asked again.
 */
export class Search {
  private readonly merged: Merged;
  private readonly theory: Theory;
  private readonly cells: Cells;
  private readonly firstWay: FirstWay;
  private readonly common = new Lemmas(null);
  private readonly ofRealms = new Map<Realm, Lemmas>();
  /** By variable: what it is now, and what it may be. */
  private readonly assigned: Uint8Array;
  private readonly within: Uint8Array;
  private readonly trail: Literal[] = [];
  /** What is looked at, level upon level, and the variable that each asks about. */
  private readonly items: number[] = [];
  private readonly variables: Variable[] = [];
  private own: Lemmas = this.common;
  private failures = new Set<string>();
  private lenses: readonly Lens[] = [];
  private cubes: readonly Cube[] = [];
  private states: readonly number[] = all;
  private left = 0;
  /** What beside the nodes a failure depends on: by whose light they are seen, and what may be unknown. */
  private setting = '';
  /** Of what was found last, and of all before it, nothing was left open. */
  private isSure = true;

  constructor(merged: Merged, theory: Theory, cells: Cells) {
    this.merged = merged;
    this.theory = theory;
    this.cells = cells;
    this.firstWay = new FirstWay(merged, cells);
    this.assigned = new Uint8Array(merged.atoms.length * INSTANCES);
    this.within = new Uint8Array(merged.atoms.length * INSTANCES).fill(ANYTHING);
  }

  /**
   * A possible state in none of the cubes; null where the search would take too long. With `isComplete`, nothing in the
   * state is unknown. `last` is what was just found outside of all the cubes but the last, where that was surely the first.
   */
  find(
    frame: Frame,
    allowing: Sight,
    denying: readonly Sight[],
    isComplete: boolean,
    cubes: readonly Cube[] = [],
    last: Found | null = null,
  ): Found | 'impossible' | 'undecided' | null {
    const known = this.lemmasOf(frame);
    this.isSure = true;
    if (cubes.length === 0) {
      const first = this.firstOf(frame, allowing, denying, known);
      if (first) return first;
    }
    this.start([allowing, ...denying], isComplete ? complete : all, known, cubes);
    const end = 1 + denying.length + cubes.length;
    for (;;) {
      this.clear();
      const isFound = last ? this.visitAfter(last, end) : this.visit(0, 1, end);
      if (this.left <= 0) return null;
      if (!isFound) return this.isSure ? 'impossible' : 'undecided';
      const conflict = this.theory.conflict(frame, this.trail);
      if (conflict === null) return [...this.trail];
      if (conflict.kind === 'undecided') {
        this.isSure = false;
        // What nobody knows is avoided in this search only, and so is where that led to nothing.
        if (this.own === known) this.own = new Lemmas(known);
        if (this.failures === known.failures) this.failures = new Set();
        this.own.add(conflict.literals);
      } else if (conflict.isPersonal) known.add(conflict.literals);
      else this.common.add(conflict.literals);
    }
  }

  /** What is found without turning back, whatever else is known by then; null where that is nothing. */
  private firstOf(
    frame: Frame,
    allowing: Sight,
    denying: readonly Sight[],
    known: Lemmas,
  ): Found | 'impossible' | null {
    const [from, ...others] = denying;
    const isPlain = from?.lens.key === '' && others.length === 0 && allowing.lens.key === '';
    const before = isPlain ? known.firstOf(allowing.node, from.node) : null;
    if (before) return before;
    const first = this.firstWay.find(allowing, denying, known);
    if (first === null || first === 'impossible') return first;
    if (this.theory.conflict(frame, first) !== null) return null;
    if (isPlain) known.setFirst(allowing.node, from.node, first);
    return first;
  }

  /** Was nothing left open before what was found last? Then the next search may go on from there. */
  get isFirst(): boolean {
    return this.isSure;
  }

  /** Could all of those allow for certain where none of these does, whatever the atoms mean? Null: too long to say. */
  isEver(allowing: readonly Sight[], denying: readonly Sight[]): boolean | null {
    this.start([...allowing, ...denying], all, new Lemmas(null), []);
    this.clear();
    const isFound = this.visit(0, allowing.length, allowing.length + denying.length);
    return this.left <= 0 ? null : isFound;
  }

  /** The same, of the states in a cube. */
  isEverWithin(cube: Cube, allowing: readonly Sight[], denying: readonly Sight[]): boolean | null {
    for (const literal of cube) this.within[variableIn(literal)] = statesIn(literal);
    const isFound = this.isEver(allowing, denying);
    for (const literal of cube) this.within[variableIn(literal)] = ANYTHING;
    return isFound;
  }

  private start(sights: readonly Sight[], states: readonly number[], own: Lemmas, cubes: readonly Cube[]): void {
    this.states = states;
    this.lenses = sights.map(({ lens }) => lens);
    this.cubes = cubes;
    this.left = most;
    this.own = own;
    if (own.failures.size > remembered) own.failures.clear();
    this.failures = cubes.length > 0 ? new Set() : own.failures;
    this.setting = '';
    sights.forEach(({ node }, index) => {
      this.items[index] = node * INDEXES + index;
    });
    cubes.forEach((_, index) => {
      this.items[sights.length + index] = -1 - index * LENGTHS;
    });
  }

  private clear(): void {
    for (const literal of this.trail) this.assigned[variableIn(literal)] = 0;
    this.trail.length = 0;
  }

  private lemmasOf(frame: Frame): Lemmas {
    const realm = this.theory.realms.of(frame);
    let lemmas = this.ofRealms.get(realm);
    if (!lemmas) {
      lemmas = new Lemmas(this.common);
      this.ofRealms.set(realm, lemmas);
    }
    return lemmas;
  }

  /**
   * Of the items from `start` to `middle` all shall allow, whatever is unknown; of each from there to `end` some way shall
   * deny. Those that are not settled are copied behind them.
   */
  private visit(start: number, middle: number, end: number): boolean {
    const { items } = this;
    const least = this.merged.store.leaves * INDEXES;
    let variable = ALONE;
    let top = end;
    for (let at = start; at < middle; at++) {
      const item = items[at] as number;
      if (item < INDEXES) return false;
      if (item >= least) variable = Math.min(variable, this.put(top++, item));
    }
    const border = top;
    for (let at = middle; at < end; at++) {
      const item = items[at] as number;
      if (item >= 0 && item < INDEXES) continue;
      if (item >= 0 ? item < least : this.isAtEnd(item)) return false;
      variable = Math.min(variable, this.put(top++, item));
    }
    if (top === end) return true;
    if (!this.isFeasible(end, border, top)) return false;
    if (this.left-- <= 0) return false;
    const key = most - this.left > patience ? this.keyOf(end, border, top, variable) : null;
    if (key !== null && this.failures.has(key)) return false;
    const allowed = this.within[variable] as number;
    for (const is of this.states) {
      const literal = literalOf(variable, is);
      if ((allowed & is) === 0 || this.own.forbids(this.assigned, literal)) continue;
      this.assigned[variable] = is;
      this.trail.push(literal);
      const isFound =
        is === UNKNOWN
          ? this.visitUnknown(end, border, top, variable)
          : this.visitKnown(end, border, top, variable, is);
      if (isFound) return true;
      this.assigned[variable] = 0;
      this.trail.pop();
    }
    if (key !== null && this.left > 0) this.failures.add(key);
    return false;
  }

  /**
   * Looks at the complete states that come after this one. The last cube holds it, and with it all that differ from it only
   * behind what the cube asks about.
   */
  private visitAfter(state: Found, width: number): boolean {
    const cube = this.cubes[this.cubes.length - 1] as Cube;
    const border = variableIn(cube[cube.length - 1] ?? -1);
    let depth = 0;
    for (; depth < state.length && variableIn(state[depth] as Literal) <= border; depth++) {
      const literal = state[depth] as Literal;
      this.step(depth * width, width, variableIn(literal), statesIn(literal));
      this.assigned[variableIn(literal)] = statesIn(literal);
      this.trail.push(literal);
    }
    while (depth-- > 0) {
      const literal = this.trail.pop() as Literal;
      const variable = variableIn(literal);
      this.assigned[variable] = 0;
      // True was looked at before false.
      const other = literalOf(variable, FALSE);
      if (statesIn(literal) === FALSE || this.own.forbids(this.assigned, other)) continue;
      this.step(depth * width, width, variable, FALSE);
      this.assigned[variable] = FALSE;
      this.trail.push(other);
      const next = (depth + 1) * width;
      if (this.visit(next, next + 1, next + width)) return true;
      this.assigned[variable] = 0;
      this.trail.pop();
    }
    return false;
  }

  /** Copies so many items behind themselves, each on its side of the variable. */
  private step(start: number, width: number, variable: Variable, is: number): void {
    const least = this.merged.store.leaves * INDEXES;
    for (let at = start; at < start + width; at++) {
      const item = this.items[at] as number;
      const isOpen = item >= 0 ? item >= least : !this.isAtEnd(item);
      this.items[at + width] = isOpen && this.variableOf(item) === variable ? this.side(item, is) : item;
    }
  }

  private visitKnown(start: number, middle: number, end: number, variable: Variable, is: number): boolean {
    for (let at = start; at < end; at++) {
      const item = this.items[at] as number;
      this.items[at - start + end] = this.variables[at] === variable ? this.side(item, is) : item;
    }
    return this.visit(end, end + middle - start, end + end - start);
  }

  /** Every way must allow; of what shall deny, one way is chosen. */
  private visitUnknown(start: number, middle: number, end: number, variable: Variable): boolean {
    const { items } = this;
    let top = end;
    const add = (item: number) => {
      for (let at = end; at < top; at++) if (items[at] === item) return;
      items[top++] = item;
    };
    for (let at = start; at < middle; at++) {
      const item = items[at] as number;
      if (this.variables[at] !== variable) add(item);
      else {
        add(this.side(item, TRUE));
        add(this.side(item, FALSE));
      }
    }
    const border = top;
    const choices: number[] = [];
    for (let at = middle; at < end; at++) {
      const item = items[at] as number;
      const isAsked = this.variables[at] === variable;
      if (isAsked && item >= 0) choices.push(item, top);
      items[top++] = isAsked ? this.side(item, UNKNOWN) : item;
    }
    const count = choices.length / 2;
    for (let choice = 0; choice < 2 ** count && this.left > 0; choice++) {
      for (let at = 0; at < count; at++) {
        const isHigh = ((choice >> (count - 1 - at)) & 1) === 1;
        items[choices[2 * at + 1] as number] = this.side(choices[2 * at] as number, isHigh ? TRUE : FALSE);
      }
      if (this.visit(end, border, top)) return true;
    }
    return false;
  }

  private put(at: number, item: number): Variable {
    const variable = this.variableOf(item);
    this.items[at] = item;
    this.variables[at] = variable;
    return variable;
  }

  private keyOf(start: number, middle: number, end: number, variable: Variable): string {
    this.setting ||= `${this.states.length}|${this.lenses.map(({ key }) => key).join(';')}`;
    const must = sortFew(this.items.slice(start, middle));
    let key = `${this.setting}|`;
    for (let at = 0; at < must.length; at++) if (must[at] !== must[at - 1]) key += `,${must[at]}`;
    key += '|';
    for (let at = middle; at < end; at++) key += `,${this.items[at]}`;
    return `${key}|${this.own.context(this.trail, variable)}`;
  }

  /** Where one cell allows nothing that another denies while all is known, it does not when facts are missing either. */
  private isFeasible(start: number, middle: number, end: number): boolean {
    const { items, lenses, cells } = this;
    for (let at = middle; at < end; at++) {
      const item = items[at] as number;
      if (item < 0) continue;
      const [from, light] = [Math.floor(item / INDEXES), lenses[item % INDEXES] as Lens];
      for (let other = start; other < middle; other++) {
        const one = items[other] as number;
        const to = Math.floor(one / INDEXES);
        if (cells.areSeenAlike(from, light, to, lenses[one % INDEXES] as Lens) && !cells.gains(from, to)) return false;
      }
    }
    return true;
  }

  private variableOf(item: number): Variable {
    if (item < 0) return variableIn(this.literalAt(item));
    const atom = this.merged.store.atoms[Math.floor(item / INDEXES)] as number;
    return variableOf(
      atom,
      this.merged.atoms[atom]?.isPersonal ? (this.lenses[item % INDEXES]?.instanceOf(atom) ?? 0) : 0,
    );
  }

  private side(item: number, is: number): number {
    // A state that the cube does not have is outside of it, whatever the others are.
    if (item < 0) return statesIn(this.literalAt(item)) & is ? item - 1 : 0;
    const { store } = this.merged;
    const node = Math.floor(item / INDEXES);
    return ((is === TRUE ? store.highs : store.lows)[node] as number) * INDEXES + (item % INDEXES);
  }

  /** Where a walk through a cube stands. */
  private literalAt(item: number): Literal {
    const at = -1 - item;
    return this.cubes[Math.floor(at / LENGTHS)]?.[at % LENGTHS] ?? 0;
  }

  private isAtEnd(item: number): boolean {
    const at = -1 - item;
    return at % LENGTHS >= (this.cubes[Math.floor(at / LENGTHS)]?.length ?? 0);
  }
}

/** No variable: greater than all. */
const ALONE = 0x3fffffff;

/** A node and the number of its sight are one number. */
const INDEXES = 32;

/** So is a cube, and how many of its variables were looked at; cubes are not negative numbers. */
const LENGTHS = 4_096;
