import { createTest, type Test } from './atom.ts';
import { ACTION, ASSIGNMENT, AT_DIGEST, ATOM, DIGEST_BYTES, OUTCOME, operators, ROLE, SLOT } from './format.ts';
import type { Entries, OpenFile, Sections } from './open.ts';
import { readOperand } from './operand.ts';
import type { Packed } from './provenance.ts';
import type { Slots, World } from './reading.ts';
import { ALL, characters, Rows, type TableValue } from './rows.ts';
import { toHex } from './sha256.ts';
import { Walker } from './walk.ts';

/** Assignments that are kept decoded; all are forgotten when there are more. */
const MAX_KEPT = 65_535;

/** Tests of atoms by what they say; tables that share one pay once for what they have in common. */
export type Tests = Map<string, Test>;

/** An assignment, ready to be asked. */
export interface Holding {
  readonly role: number;
  /** Of the role: a node an action. */
  readonly cells: Entries;
  readonly slots: Slots;
  /** First instant, and first instant after the end; infinite where there is none. */
  readonly from: number;
  readonly until: number;
  readonly isDated: boolean;
}

// Names of actions that were found last, in the places where they are looked for first: by whom, and which column. All tables
// share them, since many tables may be open; they know each other by number, so that none is kept by another.
let engines = 0;
const foundNames = Array<string>(256).fill('');
const foundBy = Array<number>(256).fill(0);
const foundColumns = Array<number>(256).fill(0);

/** What all users of one table share. Nothing is decoded before it is asked for, and nothing is made for each member. */
export class Engine implements World {
  readonly file: OpenFile;
  readonly sections: Sections;
  readonly rows: Rows;
  /** Of the names of members. */
  readonly seed: number;
  /** Some atom reads `context.now`. */
  readonly readsNow: boolean;
  readonly clock: () => number;
  readonly time: Float64Array = new Float64Array([Number.NaN]);
  readonly zone: Sections;
  readonly walker: Walker;
  readonly leaves: number;
  /** What the last decision came to. */
  leaf = 0;
  /** Number of actions, so of cells in a row. */
  readonly width: number;
  readonly roleCount: number;
  /** Of cells: see `allowsMember`. */
  readonly answers: Uint8Array;
  private parsed: Packed | null = null;
  private readonly columns = new Map<unknown, number>();
  private readonly number = ++engines;
  private readonly kept = new Map<number, Holding>();

  constructor(file: OpenFile, clock: () => number, tests: Tests | undefined) {
    const { sections } = file;
    this.file = file;
    this.sections = sections;
    this.rows = new Rows(sections);
    // As `meta` has them; the names in it are read when somebody asks.
    this.seed = sections.meta[5] as number;
    this.readsNow = sections.meta[6] === 1;
    this.clock = clock;
    this.zone = sections;
    this.leaves = sections.outcomes.length / OUTCOME + 2;
    this.width = sections.actions.length / ACTION;
    this.roleCount = sections.roles.length / ROLE;
    this.answers = new Uint8Array((sections.cells.length + 3) >> 2);
    const atoms = sections.atoms.length / ATOM;
    this.walker = new Walker(sections.nodes, this.leaves, atoms, (atom) => this.createTest(atom, tests));
  }

  /** Null in a stripped table. */
  get provenance(): Packed | null {
    const { provenance } = this.sections;
    if (provenance.length > 0) this.parsed ??= JSON.parse(characters(provenance)) as Packed;
    return this.parsed;
  }

  get digest(): string {
    return this.hexAt(AT_DIGEST);
  }

  hexAt(offset: number): string {
    return toHex(this.file.bytes.subarray(offset, offset + DIGEST_BYTES));
  }

  /** The name in a slot. */
  nameAt(slot: number): string {
    const { names, nameUnits } = this.sections;
    return characters(nameUnits.subarray(names[2 * slot], names[2 * slot + 2]));
  }

  /** Does something while it is `now`; what asks again meanwhile disturbs nobody. */
  at<T>(now: number, work: () => T): T {
    const before = this.time[0] as number;
    this.time[0] = now;
    try {
      return work();
    } finally {
      this.time[0] = before;
    }
  }

  /** The number of an action; -1 for none. Names that were found are remembered: there are no more than actions. */
  column(action: string): number {
    // A Map takes as long as the rest of a decision, so a name is first looked for where its length and two characters say:
    // `client.view` and `client.edit` differ there, and so do `client.view` and `note.view`.
    const end = action.length - 4;
    if (end < 0) return this.findColumn(action, 0);
    const place = (85 * end + 31 * action.charCodeAt(2) + action.charCodeAt(end)) & 255;
    return foundNames[place] === action && foundBy[place] === this.number
      ? (foundColumns[place] as number)
      : this.findColumn(action, place);
  }

  /** Of what somebody gave as the number of an action. */
  checkColumn(action: unknown): number {
    return typeof action === 'number' && action < this.width && action >>> 0 === action ? action : -1;
  }

  /** A row of assignments; that of a role's number is the role without anything else. */
  assignment(row: number): Holding {
    const known = this.kept.get(row);
    if (known) return known;
    if (this.kept.size > MAX_KEPT) this.kept.clear();
    const { assignments, numbers } = this.sections;
    const at = row * ASSIGNMENT;
    const isAlone = row < this.roleCount;
    const role = isAlone ? row : (assignments[at] as number);
    const from = assignments[at + 3] as number;
    const until = assignments[at + 4] as number;
    const alone = isAlone ? this.defaultsOf(row) : this.assignment(role);
    const slots = [...alone.slots];
    this.set(slots, assignments[at + 1] as number, assignments[at + 2] as number);
    const made: Holding = {
      role,
      cells: alone.cells,
      slots,
      from: from < 0 ? Number.NEGATIVE_INFINITY : (numbers[from] as number),
      until: until < 0 ? Number.POSITIVE_INFINITY : (numbers[until] as number),
      isDated: (from & until) !== -1,
    };
    this.kept.set(row, made);
    return made;
  }

  /** What a role gives whatever the assignment. */
  private defaultsOf(role: number): Pick<Holding, 'cells' | 'slots'> {
    const { cells, roles, slots: rows } = this.sections;
    const slots: (TableValue | undefined)[] = [];
    for (let at = SLOT - 1; at < rows.length; at += SLOT) {
      const value = rows[at] as number;
      slots.push(value < 0 ? undefined : this.rows.value(value));
    }
    const at = role * ROLE;
    this.set(slots, roles[at + 2] as number, roles[at + 3] as number);
    return { cells: cells.subarray(role * this.width, (role + 1) * this.width), slots };
  }

  /** Writes a run of `settings` into a value a slot. */
  private set(slots: (TableValue | undefined)[], first: number, count: number): void {
    const { settings } = this.sections;
    for (let at = 2 * first; at < 2 * (first + count); at += 2) {
      slots[settings[at] as number] = this.rows.value(settings[at + 1] as number);
    }
  }

  private findColumn(action: string, place: number): number {
    let column = this.columns.get(action) ?? -1;
    let low = 0;
    let high = this.width - 1;
    while (column < 0 && low <= high) {
      const middle = (low + high) >> 1;
      const name = this.rows.text(this.sections.actions[middle * ACTION] as number);
      if (name === action) {
        column = middle;
        this.columns.set(action, column);
      } else if (name < action) low = middle + 1;
      else high = middle - 1;
    }
    if (column >= 0) {
      foundNames[place] = action;
      foundBy[place] = this.number;
      foundColumns[place] = column;
    }
    return column;
  }

  private createTest(atom: number, tests: Tests | undefined): Test {
    const { atoms, numbers } = this.sections;
    const at = atom * ATOM;
    const operator = atoms[at + 1] as number;
    const left = atoms[at + 2] as number;
    const right = atoms[at + 3] as number;
    const limit = numbers[atoms[at + 4] as number] as number;
    const sides = [readOperand(this.rows, left), right < 0 ? null : readOperand(this.rows, right)] as const;
    const kind = operators[operator] ?? 'true';
    const name = tests && JSON.stringify([kind, limit, sides], plain);
    const known = tests?.get(name as string);
    if (known) return known;
    const made = createTest(kind, limit, ...sides);
    tests?.set(name as string, made);
    return made;
  }
}

function plain(_: string, value: unknown): unknown {
  if (value === ALL) return { all: true };
  return value instanceof Set || value instanceof Map ? [...value] : value;
}
