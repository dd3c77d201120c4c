import type { createTest } from './atom.ts';
import { ACTION, ASSIGNMENT, DIGEST_BYTES, ROLE, SLOT } from './format.ts';
import type { Entries, OpenFile } from './open.ts';
import type { Slots, World } from './reading.ts';
import { characters, type TableValue } from './rows.ts';
import { toHex } from './sha256.ts';
import { Walker } from './walk.ts';

/** Assignments that are kept decoded; all are forgotten when there are more. */
const MAX_KEPT = 65_535;

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

/** What all users of one table share. Nothing is decoded before it is asked for, and nothing is made for each member. */
export class Engine extends Walker implements World {
  readonly file: OpenFile;
  /** Of the names of members. */
  readonly seed: number;
  /** Some atom reads `context.now`. */
  readonly readsNow: boolean;
  readonly clock: () => number;
  readonly time: Float64Array = new Float64Array([Number.NaN]);
  /** What the last decision came to. */
  leaf = 0;
  /** Number of actions, so of cells in a row. */
  readonly width: number;
  readonly roleCount: number;
  /** Of cells: see `allowsMember`. */
  readonly answers: Uint8Array;
  /** Of actions that were asked for, by name. */
  private readonly columns: Record<string, number> = Object.create(null);
  private readonly newColumns = new Map<string, number>();
  private readonly kept = new Map<number, Holding>();

  constructor(file: OpenFile, clock: () => number, make: typeof createTest) {
    const { sections } = file;
    super(sections, make);
    this.file = file;
    // As `meta` has them; the names in it are read when somebody asks.
    this.seed = sections.meta[5] as number;
    this.readsNow = sections.meta[6] === 1;
    this.clock = clock;
    this.width = sections.actions.length / ACTION;
    this.roleCount = sections.roles.length / ROLE;
    this.answers = new Uint8Array((sections.cells.length + 3) >> 2);
  }

  /** A digest of the header. */
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

  /**
   * The number of an action; -1 for none. Names that were found are remembered: there are no more than actions. An object
   * without a prototype takes half as long as a Map for names of the application's code, whatever they are; but twice as
   * long for those that come out of a request, which most are of users who were not there before.
   */
  column(action: string, isNew = false): number {
    return (isNew ? this.newColumns.get(action) : this.columns[action]) ?? this.findColumn(action);
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
    const { assignments, cells, numbers, settings } = this.sections;
    const [role = 0, first = 0, count = 0, from = 0, until = 0] = assignments.subarray(ASSIGNMENT * row);
    const alone = row < this.roleCount ? null : this.assignment(role);
    const slots = alone ? [...alone.slots] : this.defaults();
    for (let at = 2 * first; at < 2 * (first + count); at += 2) {
      slots[settings[at] as number] = this.value(settings[at + 1] as number);
    }
    const dates = [numbers[from] as number, numbers[until] as number] as const;
    const made: Holding = {
      role,
      cells: alone ? alone.cells : cells.subarray(role * this.width, (role + 1) * this.width),
      slots,
      from: dates[0],
      until: dates[1],
      isDated: dates[0] !== Number.NEGATIVE_INFINITY || dates[1] !== Number.POSITIVE_INFINITY,
    };
    this.kept.set(row, made);
    return made;
  }

  /** A value a slot, where nothing is set. */
  private defaults(): (TableValue | undefined)[] {
    const { slots } = this.sections;
    return Array.from({ length: slots.length / SLOT }, (_, slot) => {
      const value = slots[SLOT * slot + SLOT - 1] as number;
      return value < 0 ? undefined : this.value(value);
    });
  }

  private findColumn(action: string): number {
    let low = 0;
    let high = this.width - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const name = this.text(this.sections.actions[middle * ACTION] as number);
      if (name === action) {
        this.columns[name] = middle;
        this.newColumns.set(name, middle);
        return middle;
      }
      if (name < action) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
