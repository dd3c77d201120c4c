/**
 * A number for each pair of numbers that was given one; open addressing in typed arrays, since a Map of pairs boxes every
 * key. Pairs and results are not negative; (0, 0) is no pair.
 */
export class PairMemo {
  private size = 0;
  private last = 1023;
  private entries = new Int32Array(3 * 1024);

  /** -1 where nothing is known. */
  get(first: number, second: number): number {
    const { entries, last } = this;
    for (let slot = hashPair(first, second) & last; ; slot = (slot + 1) & last) {
      const at = 3 * slot;
      const a = entries[at] as number;
      const b = entries[at + 1] as number;
      if (a === first && b === second) return entries[at + 2] as number;
      if (a === 0 && b === 0) return -1;
    }
  }

  /** The pair has no number yet. */
  set(first: number, second: number, result: number): void {
    if (++this.size * 6 > this.entries.length) this.grow();
    this.put(first, second, result);
  }

  private put(first: number, second: number, result: number): void {
    const { entries, last } = this;
    let slot = hashPair(first, second) & last;
    while (entries[3 * slot] !== 0 || entries[3 * slot + 1] !== 0) slot = (slot + 1) & last;
    entries[3 * slot] = first;
    entries[3 * slot + 1] = second;
    entries[3 * slot + 2] = result;
  }

  private grow(): void {
    const { entries } = this;
    this.entries = new Int32Array(entries.length * (entries.length < MOST_IN_LEAPS ? 4 : 2));
    this.last = this.entries.length / 3 - 1;
    for (let at = 0; at < entries.length; at += 3) {
      const first = entries[at] as number;
      const second = entries[at + 1] as number;
      if (first !== 0 || second !== 0) this.put(first, second, entries[at + 2] as number);
    }
  }
}

/** Up to so many entries they are put anew half as often, at the price of some room. */
const MOST_IN_LEAPS = 3 * 2 ** 18;

function hashPair(first: number, second: number): number {
  let value = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
