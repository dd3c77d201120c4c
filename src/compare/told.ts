import type { Change, Example, Literal, Part, Place } from './comparison.ts';
import type { Direction } from './delta.ts';
import type { Difference } from './differences.ts';
import type { Places } from './places.ts';
import type { Proof, Showing, Shown } from './showing.ts';

/** What is said of one direction, of all of whom it is true. */
export interface Said extends Shown {
  readonly condition: string;
  readonly cases: readonly (readonly Literal[])[];
}

/** One direction of a change: what many share, and an example of its own that is made when it is read. */
export class ToldPart implements Part {
  private readonly said: Said;
  private readonly difference: Difference;
  private readonly direction: Direction;
  private readonly showing: Showing;
  private shownBy: Proof | null;

  constructor(said: Said, difference: Difference, direction: Direction, showing: Showing) {
    this.said = said;
    this.difference = difference;
    this.direction = direction;
    this.showing = showing;
    this.shownBy = showing.prove(difference, direction, said);
  }

  get condition(): string {
    return this.said.condition;
  }

  get cases(): Part['cases'] {
    return this.said.cases;
  }

  get complete(): boolean {
    return this.said.settled.isWhole;
  }

  get missing(): readonly string[] {
    return (this.said.settled.needsMissing && this.shownBy?.example.missing) || none;
  }

  /** What the tables do not confirm shows nothing any more. */
  get example(): Example | null {
    const example = this.shownBy && this.showing.example(this.difference, this.direction, this.said);
    if (!example) this.shownBy = null;
    return example;
  }

  /** Null where nothing shows it. */
  get proof(): Proof | null {
    return this.shownBy;
  }

  toJSON(): Part {
    const { condition, cases, complete, missing, example } = this;
    return { condition, cases, complete, missing, example };
  }
}

/** Not even whether there is anything is known. */
export type OpenPart = Part & { readonly proof: null };

export const open: OpenPart = {
  condition: 'not decided',
  cases: [],
  complete: false,
  missing: [],
  example: null,
  proof: null,
};

/** What a change is made of. */
export type Telling = Pick<Change, 'kind' | 'role' | 'members' | 'widened' | 'narrowed' | 'from' | 'to'> & {
  readonly action: string;
  readonly gained: ToldPart | OpenPart | null;
  readonly lost: ToldPart | OpenPart | null;
  /** The search for it ended before all was known. */
  readonly isOpen: boolean;
  readonly difference: Difference;
  readonly places: Places | null;
};

/** A change of decisions; what nobody may ask for is found when it is read. */
export class ToldChange implements Change {
  readonly kind: Change['kind'];
  readonly role: string | null;
  readonly members: readonly string[];
  readonly action: string;
  readonly actions: readonly string[] = none;
  readonly widened: boolean;
  readonly narrowed: boolean;
  readonly gained: ToldPart | OpenPart | null;
  readonly lost: ToldPart | OpenPart | null;
  readonly from: string | null;
  readonly to: string | null;
  private readonly isOpen: boolean;
  private readonly difference: Difference;
  private readonly places: Places | null;

  constructor(telling: Telling) {
    this.kind = telling.kind;
    this.role = telling.role;
    this.members = telling.members;
    this.action = telling.action;
    this.widened = telling.widened;
    this.narrowed = telling.narrowed;
    this.gained = telling.gained;
    this.lost = telling.lost;
    this.from = telling.from;
    this.to = telling.to;
    this.isOpen = telling.isOpen;
    this.difference = telling.difference;
    this.places = telling.places;
  }

  get condition(): string | null {
    const { gained, lost } = this;
    if (!gained || !lost) return gained?.condition ?? lost?.condition ?? null;
    const [one, other] = [gained.condition, lost.condition];
    return one === other ? one : `gained: ${one}; lost: ${other}`;
  }

  get missing(): readonly string[] {
    const [one, other] = [this.gained?.missing ?? none, this.lost?.missing ?? none];
    return one.length + other.length === 0 ? none : [...new Set([...one, ...other])].sort();
  }

  get example(): Example | null {
    return this.gained?.example ?? this.lost?.example ?? null;
  }

  /** An example that was read and that the tables do not confirm counts too. */
  get undecided(): boolean {
    return this.isOpen || this.gained?.proof === null || this.lost?.proof === null;
  }

  get place(): Place | null {
    return this.places?.of(this.difference, this.widened ? 'head' : 'base') ?? null;
  }

  /** Is the same said of the members, whoever they are? */
  isLike(other: ToldChange): boolean {
    return (
      this.kind === other.kind &&
      this.action === other.action &&
      this.widened === other.widened &&
      this.narrowed === other.narrowed &&
      this.undecided === other.undecided &&
      this.gained?.condition === other.gained?.condition &&
      this.lost?.condition === other.lost?.condition &&
      this.from === other.from &&
      this.to === other.to &&
      this.missing.join() === other.missing.join()
    );
  }

  withMembers(members: readonly string[]): ToldChange {
    const { isOpen, difference, places } = this;
    return new ToldChange({ ...this, members, isOpen, difference, places });
  }

  toJSON(): Change {
    const { gained, lost, condition, example, undecided, place } = this;
    const { kind, role, members, action, actions, widened, narrowed, missing, from, to } = this;
    return {
      ...{ kind, role, members, action, actions, widened, narrowed, condition, gained, lost },
      ...{ example, missing, undecided, from, to, place },
    };
  }
}

const none: readonly string[] = [];
