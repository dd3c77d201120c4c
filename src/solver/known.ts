import type { Scalar } from './atom.ts';
import { type Budget, spend, type Undecided } from './budget.ts';
import { Classes, kindOf } from './classes.ts';
import { FIRST_DAY, formatDay, formatInstant, LAST_DAY } from './dates.ts';
import type { PlainValue } from './options.ts';
import type { Place, Read, Side, Test } from './reads.ts';
import { assign, type Edge, type Order, type ShiftedNode } from './values.ts';

/** What is known to hold a value, and what shall be true of the values. */
export interface Known {
  readonly uses: readonly Use[];
  readonly facts: readonly Fact[];
  readonly keys: readonly KeyFact[];
  readonly bounds: readonly { readonly read: Read; readonly low: number; readonly high: number }[];
}

/** A place with a value: a value of all the types `known`, and of none of the types `missing`. */
export interface Use {
  readonly place: Place;
  readonly known: readonly [Read, ...Read[]];
  readonly missing: readonly Read[];
}

export interface Fact {
  readonly test: Test;
  readonly is: boolean;
}

/** A key of a lookup is just this text, or none of these. */
export interface KeyFact {
  readonly read: Read;
  readonly equal?: string;
  readonly none?: readonly string[];
}

export type Values = ReadonlyMap<Place, PlainValue>;

/** Elements that a set must hold. A closed set, a constant or a fixed setting, holds its values and no others. */
interface SetNode {
  readonly members: number[];
  readonly closed: readonly Scalar[] | null;
  readonly reads: readonly Read[];
}

/** Values with which all of it holds: equality by classes, sets as small as can be, order by difference constraints. */
export function solveKnown(known: Known, budget: Budget): Values | Undecided {
  if (!spend(budget)) return 'undecided';
  const conjunction = new Conjunction();
  for (const use of known.uses) conjunction.use(use);
  for (const { read, equal, none } of known.keys) conjunction.key(read, equal, none);
  for (const { read, low, high } of known.bounds) conjunction.classes.bound(conjunction.scalar(read), low, high);
  for (const { test, is } of known.facts) conjunction.add(test, is);
  const { classes } = conjunction;
  conjunction.fillSets();
  classes.settle();
  if (classes.isBroken) return 'impossible';
  const values = assign(classes, conjunction, budget);
  if (typeof values === 'string') return values;
  return new Map(
    known.uses.map((use) => [use.place, conjunction.valueOf(use, (node) => values(classes.rootOf(node)))]),
  );
}

class Conjunction implements Order {
  readonly classes = new Classes();
  readonly edges: Edge[] = [];
  readonly shifted: ShiftedNode[] = [];
  readonly units = new Map<number, 'date' | 'date-time'>();
  private readonly scalars = new Map<Place, number>();
  private readonly sets = new Map<Place, SetNode>();
  private readonly images = new Map<string, number>();
  private readonly allSets: SetNode[] = [];
  private readonly subsets: (readonly [SetNode, SetNode])[] = [];
  private readonly disjoint: (readonly [SetNode, SetNode])[] = [];
  private readonly outside: (readonly [number, SetNode])[] = [];

  use({ place, known, missing }: Use): void {
    const [first] = known;
    if (first.type.kind === 'reference') return;
    if (first.isSet) {
      const fixed = first.fixed;
      const set = this.set(Array.isArray(fixed) ? fixed : null, known);
      this.sets.set(place, set);
      // A set is of a wrong type by one element that is.
      for (const { type } of missing) this.exclude(this.witness(set), type);
      return;
    }
    const fixed = first.fixed as Scalar | undefined;
    const node = fixed === undefined ? this.classes.add(kindOf(first.type)) : this.classes.constant(fixed);
    this.scalars.set(place, node);
    for (const read of known) this.restrict(node, read);
    for (const { type } of missing) this.exclude(node, type);
  }

  key(read: Read, equal: string | undefined, none: readonly string[] | undefined): void {
    const node = this.scalar(read);
    if (equal !== undefined) this.classes.merge(node, this.classes.constant(equal));
    if (none !== undefined) this.classes.exclude(node, none);
  }

  scalar(read: Read): number {
    return this.scalars.get(read.place) ?? this.classes.add('text');
  }

  add({ operator, left, right, limit }: Test, is: boolean): void {
    switch (operator) {
      case 'is-set':
        return;
      case 'true':
        this.classes.merge(this.node(left), this.classes.constant(is));
        return;
      case 'before':
        this.before(this.node(left), right && this.node(right), limit, is);
        return;
      default:
        if (right !== null) this.relate(operator, left, right, is);
    }
  }

  /** Carries elements along "is a subset of", then says which elements differ. */
  fillSets(): void {
    for (let isChanged = true; isChanged; ) {
      isChanged = false;
      for (const [part, whole] of this.subsets) {
        for (const member of part.members) {
          if (whole.members.includes(member)) continue;
          whole.members.push(member);
          isChanged = true;
        }
      }
    }
    for (const set of this.allSets) {
      for (const member of set.members) {
        if (set.closed) this.classes.restrict(member, set.closed);
        for (const read of set.reads) this.restrict(member, read);
      }
    }
    for (const [node, set] of this.outside) this.differ(node, set);
    for (const [one, other] of this.disjoint) {
      for (const member of one.members) this.differ(member, other);
      for (const member of one.closed ? other.members : []) this.differ(member, one);
      if (one.closed && other.closed?.some((value) => one.closed?.includes(value))) this.classes.isBroken = true;
    }
  }

  valueOf({ place, known: [first] }: Use, value: (node: number) => Scalar): PlainValue {
    if (place.facts.value !== undefined) return place.facts.value as PlainValue;
    if (first.type.kind === 'reference') return {};
    const plain = (node: number) => {
      const scalar = value(node);
      if (first.type.kind === 'date') return formatDay(Number(scalar));
      return first.type.kind === 'date-time' ? formatInstant(Number(scalar)) : scalar;
    };
    if (!first.isSet) return plain(this.scalar(first));
    return [...new Set((this.sets.get(place)?.members ?? []).map(plain))].sort((a, b) => (a < b ? -1 : 1));
  }

  private before(left: number, right: number | null, limit: number, is: boolean): void {
    this.classes.expect(left, 'number');
    if (right !== null) this.classes.expect(right, 'number');
    const bound = Math.ceil(limit);
    this.edges.push(is ? { left, right, limit: bound - 1 } : { left: right, right: left, limit: 0 - bound });
  }

  private relate(operator: 'equal' | 'contains' | 'overlaps' | 'within', left: Side, right: Side, is: boolean): void {
    if (operator === 'equal') {
      if (is) this.classes.merge(this.node(left), this.node(right));
      else this.classes.unequal.push([this.node(left), this.node(right)]);
      return;
    }
    const whole = this.setOf(right);
    if (operator === 'contains') {
      if (is) whole.members.push(this.node(left));
      else this.outside.push([this.node(left), whole]);
      return;
    }
    const part = this.setOf(left);
    if (operator === 'overlaps') {
      if (is) whole.members.push(this.witness(part));
      else this.disjoint.push([part, whole]);
    } else if (is) {
      this.subsets.push([part, whole]);
      part.members.push(...(part.closed ?? []).map((value) => this.classes.constant(value)));
    } else {
      this.outside.push([this.witness(part), whole]);
    }
  }

  /** A new element of the set. */
  private witness(set: SetNode): number {
    const [first] = set.reads;
    const isText = first ? kindOf(first.type) === 'text' : typeof set.closed?.[0] !== 'number';
    const kind = first && !isText ? kindOf(first.type) : isText ? 'text' : 'number';
    const node = this.classes.add(kind);
    set.members.push(node);
    return node;
  }

  private node(side: Side): number {
    if (side.kind === 'constant') return this.classes.constant(side.value as Scalar);
    let node = this.scalar(side.read);
    let name = `${side.read.index}`;
    for (const shift of side.shifts) {
      name += ` ${shift.kind}`;
      const known = this.images.get(name);
      const image = known ?? this.classes.add('number');
      if (known === undefined) {
        this.images.set(name, image);
        this.shifted.push({ from: node, to: image, shift });
        this.units.set(image, shift.zone !== null ? 'date' : (this.units.get(node) ?? 'date'));
        this.classes.bound(node, shift.low, shift.high);
      }
      node = image;
    }
    return node;
  }

  private setOf(side: Side): SetNode {
    if (side.kind === 'constant') return this.set(Array.isArray(side.value) ? side.value : [], []);
    return this.sets.get(side.read.place) ?? this.set([], []);
  }

  private set(closed: readonly Scalar[] | null, reads: readonly Read[]): SetNode {
    const set = { members: [], closed, reads };
    this.allSets.push(set);
    return set;
  }

  private differ(node: number, { members, closed }: SetNode): void {
    if (closed) this.classes.exclude(node, closed);
    for (const member of members) this.classes.unequal.push([node, member]);
  }

  private restrict(node: number, { type, place }: Read): void {
    this.classes.expect(node, kindOf(type));
    if (type.kind === 'enum') this.classes.restrict(node, type.values);
    if (type.kind === 'date') this.classes.bound(node, FIRST_DAY, LAST_DAY);
    if (type.kind === 'date' || type.kind === 'date-time') this.units.set(node, type.kind);
    if (place.facts.among && kindOf(type) === 'text') this.classes.restrict(node, place.facts.among);
  }

  private exclude(node: number, type: Read['type']): void {
    if (type.kind === 'enum') this.classes.exclude(node, type.values);
  }
}
