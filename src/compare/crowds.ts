import { PairMemo } from '../diagram/index.ts';
import { type Direction, directions } from './delta.ts';
import type { Branch, Kin } from './families.ts';

/** By direction: who is concerned, by names on the head. */
export type Concerned = Readonly<Record<Direction, readonly string[]>>;

interface Crowd {
  /** Those who came first, and who was added to them. */
  readonly others: number;
  readonly branch: Branch;
  readonly felt: number;
  readonly size: number;
  concerned: Concerned | null;
}

/** Members who see just what is said of a role: each sequence of them is one number, 0 is nobody. */
export class Crowds {
  private readonly steps = new PairMemo();
  private readonly crowds: Crowd[] = [];

  /** With some more, who feel the directions of these bits. */
  add(others: number, branch: Branch, felt: number): number {
    const step = 1 + branch.place * 2 ** directions.length + felt;
    const known = this.steps.get(others, step);
    if (known >= 0) return known;
    const size = branch.kin.length + (this.crowds[others - 1]?.size ?? 0);
    const crowd = this.crowds.push({ others, branch, felt, size, concerned: null });
    this.steps.set(others, step, crowd);
    return crowd;
  }

  concerned(number: number): Concerned {
    const crowd = this.crowds[number - 1];
    if (!crowd) return nobody;
    if (!crowd.concerned) {
      const others = this.concerned(crowd.others);
      const { names } = crowd.branch;
      const of = (direction: Direction) => {
        if ((crowd.felt & bitOf(direction)) === 0) return others[direction];
        return others[direction].length === 0 ? names : [...others[direction], ...names];
      };
      crowd.concerned = concernedBy(of);
    }
    return crowd.concerned;
  }

  /** The first of them, so many at most. */
  first(number: number, count: number): readonly Kin[] {
    const found: (readonly Kin[])[] = [];
    for (let crowd = this.crowds[number - 1]; crowd; crowd = this.crowds[crowd.others - 1]) {
      const { kin } = crowd.branch;
      const room = count - (crowd.size - kin.length);
      if (room > 0) found.push(kin.length > room ? kin.slice(0, room) : kin);
    }
    return found.reverse().flat();
  }
}

export function concernedBy(of: (direction: Direction) => readonly string[]): Concerned {
  const [eased, burdened, exchanged] = [of('eased'), of('burdened'), of('exchanged')];
  return { gained: of('gained'), lost: of('lost'), eased, burdened, exchanged };
}

export function bitOf(direction: Direction): number {
  return 1 << directions.indexOf(direction);
}

const nobody = concernedBy(() => []);
