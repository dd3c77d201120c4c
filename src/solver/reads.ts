import type { Atom, Constant, Scalar, ScalarType, Term, TermSource } from './atom.ts';
import { UTC, type Zone } from './dates.ts';
import { type Setup, slotKey, typed, typeOfBase, type Value, walk } from './evaluate.ts';
import { ALL, type Facts, type Options, type SlotFacts } from './options.ts';
import { dayShift, monthsOfDays, monthsOfInstants, type Shift } from './shifts.ts';

/** What a read can give, as bits. */
export const KNOWN = 1;
export const MISSING = 2;
export const UNLIMITED = 4;

/** Where a value stands: an attribute, a slot, or a lookup, until its keys choose a slot. */
export interface Place {
  readonly source: TermSource;
  readonly facts: Facts;
  /** Attributes on the way to this one: with a value here they are objects. */
  readonly ancestors: Place[];
}

/** A place read as one type. */
export interface Read {
  readonly index: number;
  readonly place: Place;
  readonly type: ScalarType;
  readonly isSet: boolean;
  /** Bits of what it can give, by the facts. */
  readonly possible: number;
  /** Where the facts fix the value, as this type reads it. */
  readonly fixed: Value;
  /** Of a lookup: texts, and attributes read as strings. */
  readonly keys: readonly (string | Read)[];
}

export type Side =
  | { readonly kind: 'constant'; readonly value: Scalar | readonly Scalar[] }
  | { readonly kind: 'term'; readonly read: Read; readonly shifts: readonly Shift[] };

export interface Test {
  readonly operator: Atom['operator'];
  readonly left: Side;
  readonly right: Side | null;
  readonly limit: number;
}

const nothing: Facts = {};

/** Atoms as tests over numbered reads; every atom, place and type is prepared once. */
export class Reads {
  readonly setup: Setup;
  readonly slotsOf = new Map<string, readonly SlotFacts[]>();
  private readonly facts = new Map<string, Facts>();
  private readonly places = new Map<string, Place>();
  private readonly reads = new Map<string, Read>();
  private readonly terms = new Map<Term, Side>();
  private readonly tests = new Map<Atom, Test>();
  private readonly shifts = new Map<string, Shift>();
  private readonly zones: Zone[] = [];

  constructor({ attributes = [], slots = [], zone = UTC }: Options) {
    const names = new Map<string, string>();
    for (const { root, path, ...facts } of attributes) this.facts.set(attributeName(root, path), facts);
    for (const slot of slots) {
      this.facts.set(slotName(slot.name), slot);
      this.slotsOf.set(slot.setting, [...(this.slotsOf.get(slot.setting) ?? []), slot]);
      names.set(slotKey(slot.setting, slot.keys), slot.name);
    }
    this.setup = { slots: names, zone };
  }

  get count(): number {
    return this.reads.size;
  }

  test(atom: Atom): Test {
    const known = this.tests.get(atom);
    if (known !== undefined) return known;
    const { operator, left, right, limit } = atom;
    const test = { operator, left: this.side(left), right: right && this.side(right), limit };
    this.tests.set(atom, test);
    return test;
  }

  /** The slot to which the keys lead, if any. */
  slotOf({ place: { source } }: Read, keys: readonly string[]): string | undefined {
    return source.kind === 'lookup' ? this.setup.slots.get(slotKey(source.setting, keys)) : undefined;
  }

  /** The slot, read as the lookup that chose it reads. */
  readSlot(slot: string, like: Read): Read {
    return this.read({ kind: 'slot', slot }, like.type, like.isSet);
  }

  /** The same place, read as a string, or as a set of strings. */
  readText(like: Read): Read {
    return this.read(like.place.source, { kind: 'string' }, like.isSet);
  }

  private side(side: Term | Constant): Side {
    if (side.kind === 'constant') return side;
    const known = this.terms.get(side);
    if (known !== undefined) return known;
    const type = typeOfBase(side);
    const shifts: Shift[] = [];
    if (side.isDay) shifts.push(this.dayIn(side.zone ?? this.setup.zone));
    if (side.months !== 0) {
      const make = side.type.kind === 'date' ? monthsOfDays : monthsOfInstants;
      shifts.push(this.shift(`${side.type.kind} ${side.months}`, () => make(side.months)));
    }
    const term: Side = { kind: 'term', read: this.read(side.source, type, side.isSet), shifts };
    this.terms.set(side, term);
    return term;
  }

  private dayIn(zone: Zone): Shift {
    const at = this.zones.indexOf(zone);
    const number = at < 0 ? this.zones.push(zone) - 1 : at;
    return this.shift(`day ${number}`, () => dayShift(zone, `day ${number}`));
  }

  private shift(name: string, make: () => Shift): Shift {
    const shift = this.shifts.get(name) ?? make();
    this.shifts.set(name, shift);
    return shift;
  }

  private read(source: TermSource, type: ScalarType, isSet: boolean): Read {
    const place = this.place(source);
    const name = `${placeName(source)}\n${type.kind === 'enum' ? type.values.join('|') : `:${type.kind}`}\n${isSet}`;
    const known = this.reads.get(name);
    if (known !== undefined) return known;
    const isSetting = source.kind !== 'attribute';
    const fixed = typed(place.facts.value, type, isSet, isSetting);
    const keys =
      source.kind === 'lookup'
        ? source.keys.map((key) =>
            typeof key === 'string' ? key : this.read({ kind: 'attribute', ...key }, { kind: 'string' }, false),
          )
        : [];
    const possible = this.isAboveFacts(source)
      ? type.kind === 'reference' && !isSet
        ? KNOWN
        : MISSING
      : possibleOf(place.facts, fixed, type, isSet && isSetting);
    const read: Read = { index: this.reads.size, place, type, isSet, possible, fixed, keys };
    this.reads.set(name, read);
    return read;
  }

  private place(source: TermSource): Place {
    const name = placeName(source);
    const known = this.places.get(name);
    if (known !== undefined) return known;
    const place: Place = { source, facts: this.facts.get(name) ?? this.factsFromAbove(source), ancestors: [] };
    for (const other of this.places.values()) {
      if (isAbove(other.source, source)) place.ancestors.push(other);
      if (isAbove(source, other.source)) other.ancestors.push(place);
    }
    this.places.set(name, place);
    return place;
  }

  /** What is known about an object is known about its attributes. */
  private factsFromAbove(source: TermSource): Facts {
    if (source.kind !== 'attribute') return nothing;
    for (let length = source.path.length - 1; length >= 0; length--) {
      const above = this.facts.get(attributeName(source.root, source.path.slice(0, length)));
      if (above?.isMissing) return above;
      if (above?.value === undefined) continue;
      const value = walk(above.value, source.path.slice(length));
      return value === undefined || value === null ? { isMissing: true } : { value };
    }
    return nothing;
  }

  /** An attribute with something below it is an object. */
  private isAboveFacts(source: TermSource): boolean {
    if (source.kind !== 'attribute') return false;
    const start = `${attributeName(source.root, source.path)}\n`;
    for (const [name, { isPresent, value }] of this.facts) {
      if (name.startsWith(start) && (isPresent || value !== undefined)) return true;
    }
    return false;
  }
}

function possibleOf(facts: Facts, fixed: Value, type: ScalarType, canBeAll: boolean): number {
  if (facts.value !== undefined) return fixed === ALL ? UNLIMITED : fixed === undefined ? MISSING : KNOWN;
  if (facts.isMissing) return MISSING;
  // What is present may still be no value of an enum.
  const known = facts.isPresent && type.kind !== 'enum' ? KNOWN : KNOWN | MISSING;
  return canBeAll ? known | UNLIMITED : known;
}

function isAbove(above: TermSource, below: TermSource): boolean {
  if (above.kind !== 'attribute' || below.kind !== 'attribute' || above.root !== below.root) return false;
  return above.path.length < below.path.length && above.path.every((step, at) => step === below.path[at]);
}

function placeName(source: TermSource): string {
  switch (source.kind) {
    case 'attribute':
      return attributeName(source.root, source.path);
    case 'slot':
      return slotName(source.slot);
    case 'lookup':
      return JSON.stringify(source.keys.concat(source.setting));
    default:
      return source satisfies never;
  }
}

function attributeName(root: string, path: readonly string[]): string {
  return [root, ...path].join('\n');
}

function slotName(slot: string): string {
  return `slot\n${slot}`;
}
