import type { Merged, MergedAtom } from './merge.ts';
import { atomOf, type Focus, INSTANCES, type Lens, type Variable } from './rails.ts';
import { keyOf, type SlotState } from './slot-state.ts';

/** One assignment: its settings by slot. A slot that is not listed is missing. */
export interface Asker {
  readonly slots: ReadonlyMap<string, SlotState>;
  /** By slot: equal for equal states. */
  readonly keys: ReadonlyMap<string, string>;
  /** Equal for those with the same settings. */
  readonly settings: string;
  /** The user has the id of before the change, which is another. */
  readonly isFormer: boolean;
}

/** What keeps texts of settings from standing for each other. */
export interface Naming {
  /** Named by conditions. */
  readonly texts: ReadonlySet<string>;
  /** Settings that are read as something else than a text. */
  readonly slots: ReadonlySet<string>;
}

export interface Likeness {
  readonly key: string;
  readonly texts: readonly string[];
}

/** Assignments that are compared at once: which of them see an atom alike. Whoever has such assignments shares this. */
export class Askers {
  readonly all: readonly Asker[];
  private readonly merged: Merged;
  /** By slot: the states that askers have, and who has which. */
  private readonly choices = new Map<string, { readonly states: SlotState[]; readonly of: number[] }>();
  private readonly patterns = new Map<number, readonly string[]>();
  private readonly lenses = new Map<Asker, Lens | null>();
  private readonly signatures = new Map<Focus, string>();
  private readonly likenesses = new Map<Focus, Likeness>();
  private free: readonly string[] | null = null;

  constructor(merged: Merged, all: readonly Asker[]) {
    this.merged = merged;
    this.all = all;
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
    const index = this.all.indexOf(asker);
    const instances = new Map<number, number>();
    this.merged.atoms.forEach(({ isPersonal }, atom) => {
      if (isPersonal) instances.set(atom, this.patternsOf(atom).indexOf(this.patternOf(atom, index)));
    });
    if ([...instances.values()].some((instance) => instance >= INSTANCES)) return null;
    const others = [...instances].filter(([, instance]) => instance > 0);
    return { key: others.map((pair) => pair.join(':')).join(), instanceOf: (atom) => instances.get(atom) ?? 0 };
  }

  /** In how many ways they see the atom. */
  instancesOf(atom: number): number {
    return Math.min(INSTANCES, this.patternsOf(atom).length);
  }

  /** Settings that may be anything, for some of them; sorted. */
  freeSlots(): readonly string[] {
    if (this.free === null) {
      const free = new Set<string>();
      for (const { slots } of this.all) for (const [slot, { kind }] of slots) if (kind === 'free') free.add(slot);
      this.free = [...free].sort();
    }
    return this.free;
  }

  /** Equal where functions with this focus read the same settings. */
  signature(focus: Focus): string {
    const known = this.signatures.get(focus);
    if (known !== undefined) return known;
    const slots = new Map<string, string>();
    const names = focus.settings.map((variable) => {
      const asker = this.askerOf(variable);
      return (this.merged.atoms[atomOf(variable)] as MergedAtom).slots.map((slot) => {
        const name = this.nameOf(slot, asker);
        slots.set(name, `${keyOf(this.stateOf(slot, asker))} ${this.patternsOf(atomOf(variable)).length > 1}`);
        return name;
      });
    });
    // Whose value a variable reads counts too: three askers may share two values of each of two settings.
    const signature = focus.settings.length === 0 ? '' : JSON.stringify([names, [...slots]]);
    this.signatures.set(focus, signature);
    return signature;
  }

  /**
   * Equal where functions with this focus read settings that differ in nothing but what some texts are: those that nobody
   * names, and of which only matters which of them are equal. With these texts, by their numbers.
   */
  likeness(focus: Focus, naming: Naming): Likeness {
    const known = this.likenesses.get(focus);
    if (known) return known;
    const texts: string[] = [];
    const numberOf = (text: string) => {
      const at = texts.indexOf(text);
      return `#${at >= 0 ? at : texts.push(text) - 1}`;
    };
    const slots = new Map<string, string>();
    const names = focus.settings.map((variable) => {
      const asker = this.askerOf(variable);
      return (this.merged.atoms[atomOf(variable)] as MergedAtom).slots.map((slot) => {
        const name = this.nameOf(slot, asker);
        if (slots.has(name)) return name;
        const state = this.stateOf(slot, asker);
        const key = naming.slots.has(slot) ? keyOf(state) : keyOf(state, (text) => !naming.texts.has(text), numberOf);
        slots.set(name, `${key} ${this.patternsOf(atomOf(variable)).length > 1}`);
        return name;
      });
    });
    const key = focus.settings.length === 0 ? '' : JSON.stringify([names, [...slots]]);
    const likeness = { key, texts };
    this.likenesses.set(focus, likeness);
    return likeness;
  }

  /** A free slot is one thing for everybody; values that differ have names that differ. */
  nameOf(slot: string, asker: number): string {
    if (this.stateOf(slot, asker).kind === 'free') return slot;
    return `${slot}#${this.choice(slot).of[asker] ?? 0}`;
  }

  stateOf(slot: string, asker: number): SlotState {
    return this.all[asker]?.slots.get(slot) ?? missing;
  }

  /** The first asker who sees the atom in this way. */
  askerOf(variable: Variable): number {
    const atom = atomOf(variable);
    const pattern = this.patternsOf(atom)[variable % INSTANCES];
    return Math.max(
      0,
      this.all.findIndex((_, asker) => this.patternOf(atom, asker) === pattern),
    );
  }

  patternsOf(atom: number): readonly string[] {
    let patterns = this.patterns.get(atom);
    if (!patterns) {
      patterns = [...new Set(this.all.map((_, asker) => this.patternOf(atom, asker)))];
      this.patterns.set(atom, patterns);
    }
    return patterns;
  }

  private patternOf(atom: number, asker: number): string {
    const { slots, readsId } = this.merged.atoms[atom] ?? { slots: [], readsId: false };
    const settings = slots.map((slot) => this.choice(slot).of[asker] ?? 0).join();
    return readsId && this.all[asker]?.isFormer ? `${settings} former` : settings;
  }

  private choice(slot: string) {
    let choice = this.choices.get(slot);
    if (!choice) {
      const keys: string[] = [];
      const states: SlotState[] = [];
      const of = this.all.map((_, asker) => {
        const state = this.stateOf(slot, asker);
        const key = this.all[asker]?.keys.get(slot) ?? keyOf(state);
        const at = keys.indexOf(key);
        return at >= 0 ? at : keys.push(key) + 0 * states.push(state) - 1;
      });
      choice = { states, of };
      this.choices.set(slot, choice);
    }
    return choice;
  }
}

const missing: SlotState = { kind: 'missing' };
