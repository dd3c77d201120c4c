import {
  type Answer,
  type Atom,
  type AttributeKey,
  type Constant,
  createSolver,
  type SlotFacts,
  type Solver,
  type Term,
  type Truth,
  type Zone,
} from '../solver/index.ts';
import type { Asker, Askers, Likeness, Naming } from './askers.ts';
import type { Lookup, Merged, MergedAtom, Name } from './merge.ts';
import { isInvented } from './models.ts';
import { atomOf, FALSE, type Focus, type Lens, TRUE, type Variable, variableOf } from './rails.ts';
import { plainValue, type SlotState } from './slot-state.ts';

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
  readonly askers: Askers;
  readonly isStranger: boolean;
  private readonly atoms = new Map<Variable, Atom>();
  private solver: Solver | null = null;
  private readonly zones: { [side in Name]?: Zone } = {};

  /** `isStranger`: somebody who is no member, of whom not even the id need be known. */
  constructor(merged: Merged, askers: Askers, id: string | null, isStranger = false, formerId: string | null = null) {
    this.merged = merged;
    this.askers = askers;
    this.id = id;
    this.formerId = formerId;
    this.isStranger = isStranger;
  }

  /** The states of the slots that a variable reads. */
  slotsOf(variable: Variable): readonly (readonly [slot: string, state: SlotState])[] {
    const asker = this.askers.askerOf(variable);
    return this.mergedAtom(variable).slots.map((slot) => [slot, this.askers.stateOf(slot, asker)]);
  }

  /** Which of two ids of the user the variable reads; null where there is one. */
  idOf(variable: Variable): 'former' | 'new' | null {
    if (this.formerId === null || !this.mergedAtom(variable).readsId) return null;
    return this.askers.all[this.askers.askerOf(variable)]?.isFormer ? 'former' : 'new';
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
    return this.askers.patternsOf(atomOf(variable)).length > 1;
  }

  /** Is a state of the world possible, and in which request? */
  solve(state: State): Answer {
    this.solver ??= this.makeSolver();
    return this.solver.solve([...state].map(([variable, is]) => ({ atom: this.atomFor(variable), is: truthOf(is) })));
  }

  /** Equal for frames in which the same is true of functions with this focus; `special` are ids that constants name. */
  signature(focus: Focus, special: ReadonlySet<string>): string {
    const settings = this.askers.signature(focus);
    return focus.readsId ? `${this.idSignature(special)} ${settings}` : settings;
  }

  /** The same, for those who differ only in texts that nobody names. */
  likeness(focus: Focus, special: ReadonlySet<string>, naming: Naming): Likeness {
    // An id, or a text that the solver may make up, could be one of the texts.
    const isApart = [this.id, this.formerId].some((id) => id !== null && special.has(id));
    const likeness = isApart ? null : this.askers.likeness(focus, naming);
    if (!likeness || likeness.texts.some((text) => isInvented(text))) {
      return { key: this.signature(focus, special), texts: [] };
    }
    return {
      key: focus.readsId ? `${this.idSignature(special)} ${likeness.key}` : likeness.key,
      texts: likeness.texts,
    };
  }

  /** How one of the askers sees atoms; null when there are too many different ones. */
  lens(asker: Asker): Lens | null {
    return this.askers.lens(asker);
  }

  /** Settings that may be anything, for some of the askers; sorted. */
  freeSlots(): readonly string[] {
    return this.askers.freeSlots();
  }

  private idSignature(special: ReadonlySet<string>): string {
    const nameOf = (id: string) => (special.has(id) ? JSON.stringify(id) : 'member');
    if (this.id === null) return `${this.isStranger}`;
    if (this.formerId === null) return nameOf(this.id);
    return `${nameOf(this.formerId)} to ${nameOf(this.id)} ${this.askers.all.map(({ isFormer }) => isFormer)}`;
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
    const zone = this.zones[side] ?? this.merged[side].view.zone;
    this.zones[side] = zone;
    return zone;
  }

  private makeSolver(): Solver {
    // Only a table that asks for days has a time zone.
    const zone = this.zoneOf(this.merged.base.view.zone.instants.length > 0 ? 'base' : 'head');
    const id = this.id === null ? { isPresent: true } : { value: this.id };
    const former = this.formerId === null ? [] : [{ root: 'user' as const, path: [FORMER], value: this.formerId }];
    return createSolver({
      attributes: [
        ...(this.isStranger ? [] : [{ root: 'user' as const, path: ['id'], ...id }, ...former]),
        ...this.merged.facts,
      ],
      slots: this.slotFacts(),
      ...(zone.instants.length > 0 && { zone }),
    });
  }

  /** Of all slots that any atom reads, under the names that `atomFor` gives them. */
  private slotFacts(): readonly SlotFacts[] {
    const facts = new Map<string, SlotFacts>();
    const add = (setting: string, keys: readonly string[], slot: string, asker: number) => {
      const name = this.askers.nameOf(slot, asker);
      facts.set(`${setting} ${name}`, { name, setting, keys, ...factsOf(this.askers.stateOf(slot, asker)) });
    };
    this.merged.atoms.forEach(({ slots, lookups }, atom) => {
      this.askers.patternsOf(atom).forEach((_, instance) => {
        const asker = this.askers.askerOf(variableOf(atom, instance));
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
    const asker = this.askers.askerOf(variable);
    const attribute = <K extends AttributeKey>(key: K): K =>
      this.askers.all[asker]?.isFormer && key.root === 'user' && key.path.join() === 'id'
        ? { ...key, path: [FORMER] }
        : key;
    const rename = (side: Term | Constant | null) => {
      if (side?.kind !== 'term') return side;
      const { source } = side;
      const term = side.isDay && zone ? { ...side, zone } : side;
      if (source.kind === 'attribute') return { ...term, source: attribute(source) };
      if (source.kind === 'slot')
        return { ...term, source: { ...source, slot: this.askers.nameOf(source.slot, asker) } };
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
    const marks = slots.map(({ name }) => this.askers.nameOf(name, asker).slice(name.length));
    return marks.every((mark) => mark === '') ? setting : `${setting}${marks.join()}`;
  }
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
