import type { TableValue } from '../runtime/index.ts';
import {
  ALL,
  type Answer,
  type Atom,
  type AttributeKey,
  type Constant,
  createSolver,
  type PlainValue,
  type SlotFacts,
  type Solver,
  type Term,
  type Truth,
  type Zone,
} from '../solver/index.ts';
import type { Lookup, Merged, MergedAtom, Name } from './merge.ts';
import { atomOf, FALSE, type Focus, INSTANCES, type Lens, TRUE, type Variable, variableOf } from './rails.ts';

/** What is known about a setting of somebody who asks. */
export type SlotState =
  | { readonly kind: 'fixed'; readonly value: TableValue }
  | { readonly kind: 'missing' }
  /** Any value; with a default it is never missing. */
  | { readonly kind: 'free'; readonly isPresent: boolean };

/** One assignment: its settings by slot. A slot that is not listed is missing. */
export interface Asker {
  readonly slots: ReadonlyMap<string, SlotState>;
  /** Equal for those with the same settings. */
  readonly settings: string;
  /** The user has the id of before the change, which is another. */
  readonly isFormer: boolean;
}

/** What the solver calls the id of before the change. */
const FORMER = 'id before';

/** A state of the world, as far as it is decided. */
export type State = ReadonlyMap<Variable, number>;

/** Those who are compared at once, and what is known about them; asks the solver in their name. */
export class Frame {
  readonly merged: Merged;
  /** Null for somebody with any id. */
  readonly id: string | null;
  /** Null where it is the same. */
  readonly formerId: string | null;
  private readonly askers: readonly Asker[];
  readonly isStranger: boolean;
  /** By slot: the states that askers have, and who has which. */
  private readonly choices = new Map<string, { readonly states: SlotState[]; readonly of: number[] }>();
  private readonly patterns = new Map<number, readonly string[]>();
  private readonly atoms = new Map<Variable, Atom>();
  private readonly lenses = new Map<Asker, Lens | null>();
  private readonly signatures = new Map<Focus, string>();
  private solver: Solver | null = null;
  private readonly zones: { [side in Name]?: Zone } = {};

  /** `isStranger`: somebody who is no member, of whom not even the id need be known. */
  constructor(
    merged: Merged,
    askers: readonly Asker[],
    id: string | null,
    isStranger = false,
    formerId: string | null = null,
  ) {
    this.merged = merged;
    this.askers = askers;
    this.id = id;
    this.formerId = formerId;
    this.isStranger = isStranger;
  }

  /** How one of the askers sees atoms; null when there are too many different ones. */
  lens(asker: Asker): Lens | null {
    let lens = this.lenses.get(asker);
    if (lens === undefined) {
      lens = this.findLens(asker);
      this.lenses.set(asker, lens);
    }
    return lens;
  }

  private findLens(asker: Asker): Lens | null {
    const index = this.askers.indexOf(asker);
    const instances = new Map<number, number>();
    this.merged.atoms.forEach(({ isPersonal }, atom) => {
      if (isPersonal) instances.set(atom, this.patternsOf(atom).indexOf(this.patternOf(atom, index)));
    });
    if ([...instances.values()].some((instance) => instance >= INSTANCES)) return null;
    const others = [...instances].filter(([, instance]) => instance > 0);
    return { key: others.map((pair) => pair.join(':')).join(), instanceOf: (atom) => instances.get(atom) ?? 0 };
  }

  /** The states of the slots that a variable reads. */
  slotsOf(variable: Variable): readonly (readonly [slot: string, state: SlotState])[] {
    const asker = this.askerOf(variable);
    return this.mergedAtom(variable).slots.map((slot) => [slot, this.stateOf(slot, asker)]);
  }

  /** Which of two ids of the user the variable reads; null where there is one. */
  idOf(variable: Variable): 'former' | 'new' | null {
    if (this.formerId === null || !this.mergedAtom(variable).readsId) return null;
    return this.askers[this.askerOf(variable)]?.isFormer ? 'former' : 'new';
  }

  /** Does a request say what an attribute of a model is? */
  isSent(root: string, path: readonly string[]): boolean {
    return root !== 'user' || path[0] !== FORMER;
  }

  /** The time zone in which the variable takes days, where that is another on the other side. */
  placeOf(variable: Variable): string | null {
    const { only } = this.mergedAtom(variable);
    return this.merged.hasTwoZones && only !== null ? this.merged[only].view.timeZone : null;
  }

  /** Some askers have another value of a setting that the variable reads. */
  hasOthers(variable: Variable): boolean {
    return this.patternsOf(atomOf(variable)).length > 1;
  }

  /** In how many ways the askers see the atom. */
  instancesOf(atom: number): number {
    return Math.min(INSTANCES, this.patternsOf(atom).length);
  }

  /** Settings that may be anything, for some of the askers; sorted. */
  freeSlots(): readonly string[] {
    const free = new Set<string>();
    for (const { slots } of this.askers) for (const [slot, { kind }] of slots) if (kind === 'free') free.add(slot);
    return [...free].sort();
  }

  /** Is a state of the world possible, and in which request? */
  solve(state: State): Answer {
    this.solver ??= this.makeSolver();
    return this.solver.solve([...state].map(([variable, is]) => ({ atom: this.atomFor(variable), is: truthOf(is) })));
  }

  /** Equal for frames in which the same is true of functions with this focus; `special` are ids that constants name. */
  signature(focus: Focus, special: ReadonlySet<string>): string {
    const known = this.signatures.get(focus);
    if (known !== undefined) return known;
    const slots = new Map<string, string>();
    const names = focus.settings.map((variable) => {
      const asker = this.askerOf(variable);
      return this.mergedAtom(variable).slots.map((slot) => {
        const name = this.nameOf(slot, asker);
        slots.set(name, `${keyOf(this.stateOf(slot, asker))} ${this.hasOthers(variable)}`);
        return name;
      });
    });
    const id = focus.readsId ? this.idSignature(special) : '';
    // Whose value a variable reads counts too: three askers may share two values of each of two settings.
    const signature = focus.settings.length === 0 ? id : JSON.stringify([id, names, [...slots]]);
    this.signatures.set(focus, signature);
    return signature;
  }

  private idSignature(special: ReadonlySet<string>): string {
    const nameOf = (id: string) => (special.has(id) ? JSON.stringify(id) : 'member');
    if (this.id === null) return `${this.isStranger}`;
    if (this.formerId === null) return nameOf(this.id);
    return `${nameOf(this.formerId)} to ${nameOf(this.id)} ${this.askers.map(({ isFormer }) => isFormer)}`;
  }

  mergedAtom(variable: Variable): MergedAtom {
    return this.merged.atoms[atomOf(variable)] as MergedAtom;
  }

  /** The slot and asker that a name in a model stands for. */
  slotOf(name: string): string {
    return name.replace(/#\d+$/, '');
  }

  /** Where a side takes days. */
  private zoneOf(side: Name): Zone {
    const { zoneInstants: instants, zoneOffsets: offsets } = this.merged[side].view.sections;
    const zone = this.zones[side] ?? { instants, offsets };
    this.zones[side] = zone;
    return zone;
  }

  private makeSolver(): Solver {
    // Only a table that asks for days has a time zone.
    const zone = this.zoneOf(this.merged.base.view.sections.zoneInstants.length > 0 ? 'base' : 'head');
    const id = this.id === null ? { isPresent: true } : { value: this.id };
    const former = this.formerId === null ? [] : [{ root: 'user' as const, path: [FORMER], value: this.formerId }];
    return createSolver({
      attributes: this.isStranger ? [] : [{ root: 'user', path: ['id'], ...id }, ...former],
      slots: this.slotFacts(),
      ...(zone.instants.length > 0 && { zone }),
    });
  }

  /** Of all slots that any atom reads, under the names that `atomFor` gives them. */
  private slotFacts(): readonly SlotFacts[] {
    const facts = new Map<string, SlotFacts>();
    const add = (setting: string, keys: readonly string[], slot: string, asker: number) => {
      const name = this.nameOf(slot, asker);
      facts.set(`${setting} ${name}`, { name, setting, keys, ...factsOf(this.stateOf(slot, asker)) });
    };
    this.merged.atoms.forEach(({ slots, lookups }, atom) => {
      this.patternsOf(atom).forEach((_, instance) => {
        const asker = this.askerOf(variableOf(atom, instance));
        for (const slot of slots) add(slot, [], slot, asker);
        for (const lookup of lookups) {
          for (const { name, keys } of lookup.slots) add(this.settingName(lookup, asker), keys, name, asker);
        }
      });
    });
    return [...facts.values()];
  }

  private atomFor(variable: Variable): Atom {
    const known = this.atoms.get(variable);
    if (known) return known;
    const { atom, lookups, only } = this.mergedAtom(variable);
    const zone = this.merged.hasTwoZones && only !== null ? this.zoneOf(only) : null;
    const asker = this.askerOf(variable);
    const attribute = <K extends AttributeKey>(key: K): K =>
      this.askers[asker]?.isFormer && key.root === 'user' && key.path.join() === 'id'
        ? { ...key, path: [FORMER] }
        : key;
    const rename = (side: Term | Constant | null) => {
      if (side?.kind !== 'term') return side;
      const { source } = side;
      const term = side.isDay && zone ? { ...side, zone } : side;
      if (source.kind === 'attribute') return { ...term, source: attribute(source) };
      if (source.kind === 'slot') return { ...term, source: { ...source, slot: this.nameOf(source.slot, asker) } };
      const lookup = lookups.find(({ setting }) => setting === source.setting);
      const keys = source.keys.map((key) => (typeof key === 'string' ? key : attribute(key)));
      const setting = lookup ? this.settingName(lookup, asker) : source.setting;
      return { ...term, source: { ...source, setting, keys } };
    };
    const renamed: Atom = { ...atom, left: rename(atom.left) ?? atom.left, right: rename(atom.right) };
    this.atoms.set(variable, renamed);
    return renamed;
  }

  private settingName({ setting, slots }: Lookup, asker: number): string {
    const marks = slots.map(({ name }) => this.nameOf(name, asker).slice(name.length));
    return marks.every((mark) => mark === '') ? setting : `${setting}${marks.join()}`;
  }

  /** A free slot is one thing for everybody; values that differ have names that differ. */
  private nameOf(slot: string, asker: number): string {
    if (this.stateOf(slot, asker).kind === 'free') return slot;
    return `${slot}#${this.choice(slot).of[asker] ?? 0}`;
  }

  private stateOf(slot: string, asker: number): SlotState {
    return this.askers[asker]?.slots.get(slot) ?? missing;
  }

  /** The first asker who sees the atom in this way. */
  private askerOf(variable: Variable): number {
    const atom = atomOf(variable);
    const pattern = this.patternsOf(atom)[variable % INSTANCES];
    return Math.max(
      0,
      this.askers.findIndex((_, asker) => this.patternOf(atom, asker) === pattern),
    );
  }

  private patternsOf(atom: number): readonly string[] {
    let patterns = this.patterns.get(atom);
    if (!patterns) {
      patterns = [...new Set(this.askers.map((_, asker) => this.patternOf(atom, asker)))];
      this.patterns.set(atom, patterns);
    }
    return patterns;
  }

  private patternOf(atom: number, asker: number): string {
    const { slots, readsId } = this.merged.atoms[atom] ?? { slots: [], readsId: false };
    const settings = slots.map((slot) => this.choice(slot).of[asker] ?? 0).join();
    return readsId && this.askers[asker]?.isFormer ? `${settings} former` : settings;
  }

  private choice(slot: string) {
    let choice = this.choices.get(slot);
    if (!choice) {
      const keys: string[] = [];
      const states: SlotState[] = [];
      const of = this.askers.map((_, asker) => {
        const state = this.stateOf(slot, asker);
        const at = keys.indexOf(keyOf(state));
        return at >= 0 ? at : keys.push(keyOf(state)) + 0 * states.push(state) - 1;
      });
      choice = { states, of };
      this.choices.set(slot, choice);
    }
    return choice;
  }
}

const missing: SlotState = { kind: 'missing' };

export function keyOf(state: SlotState): string {
  if (state.kind !== 'fixed') return state.kind === 'free' ? `free ${state.isPresent}` : 'missing';
  const value = plainValue(state.value);
  return value === ALL ? 'all' : JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
}

export function plainValue(value: TableValue): PlainValue | typeof ALL {
  if (typeof value === 'symbol') return ALL;
  return typeof value === 'object' ? ([...value] as PlainValue) : value;
}

function factsOf(state: SlotState): Partial<SlotFacts> {
  switch (state.kind) {
    case 'fixed':
      return { value: plainValue(state.value) };
    case 'missing':
      return { isMissing: true };
    default:
      return state.isPresent ? { isPresent: true } : {};
  }
}

function truthOf(is: number): Truth {
  return is === TRUE ? 'true' : is === FALSE ? 'false' : 'unknown';
}
