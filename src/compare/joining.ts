import type { Change } from './comparison.ts';
import type { Difference } from './differences.ts';
import type { ToldChange } from './told.ts';

/** Conditions that there may be; far fewer are. */
const most = 2 ** 20;

/** Brings changes together of which the same is to be said; each knows that of its action. */
export class Joining {
  readonly found: ToldChange[] = [];
  /** Of members alone, by conditions and action: where such changes stand. */
  private readonly places = new Map<number, number[]>();
  /** By place. */
  private readonly members = new Map<number, string[]>();
  private readonly numbers = new Map<string | undefined, number>();

  add(change: ToldChange, { action }: Difference): void {
    if (change.role !== null) this.addToRole(change);
    else this.addAlone(change, action);
  }

  /** Members of whom the same is to be said stand in one change. */
  end(): readonly Change[] {
    for (const [at, members] of this.members) {
      this.found[at] = (this.found[at] as ToldChange).withMembers(members.sort());
    }
    return this.found;
  }

  /** Of whoever sets nothing the same may be to be said as of the others in the role, who stand just before. */
  private addToRole(change: ToldChange): void {
    const { found } = this;
    for (let at = found.length - 1; at >= 0; at--) {
      const other = found[at] as ToldChange;
      if (other.role !== change.role || other.action !== change.action) break;
      if (!other.isLike(change)) continue;
      found[at] = other.withMembers([...new Set([...other.members, ...change.members])].sort());
      return;
    }
    found.push(change);
  }

  private addAlone(change: ToldChange, action: number): void {
    const { gained, lost } = change;
    const key = (action * most + this.numberOf(gained?.condition)) * most + this.numberOf(lost?.condition);
    const places = this.places.get(key) ?? [];
    this.places.set(key, places);
    const at = places.find((place) => this.found[place]?.isLike(change));
    if (at === undefined) {
      places.push(this.found.push(change) - 1);
      return;
    }
    const members = this.members.get(at) ?? [...(this.found[at]?.members ?? [])];
    members.push(...change.members);
    this.members.set(at, members);
  }

  private numberOf(condition: string | undefined): number {
    const number = this.numbers.get(condition) ?? this.numbers.size;
    this.numbers.set(condition, number);
    return number;
  }
}
