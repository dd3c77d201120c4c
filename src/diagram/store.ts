import { PairMemo } from './pair-memo.ts';

/** Thrown when a function needs more nodes or more depth than the store was allowed. */
export class DiagramLimit extends Error {
  override name = 'DiagramLimit';
}

/**
 * Reduced ordered decision diagrams, hash-consed. Leaves are the numbers `0 .. leaves - 1`, from worst to best; every
 * other node tests an atom and has two different children, whose atoms are greater than its own.
 *
 * Reduction rules: (1) a node whose children are equal is that child; (2) nodes with equal atom and children are one.
 * With the fixed order of atoms these two make the form canonical.
 * INVARIANT: a child's number is smaller than its parent's, so every walk ends and tables can be checked in one pass.
 */
export class DiagramStore {
  readonly leaves: number;
  readonly top: number;
  size: number;
  private atoms: Int32Array;
  private lows: Int32Array;
  private highs: Int32Array;
  private slots: Int32Array; // open addressing; 0 is empty, as no inner node has number 0
  private readonly joins = new PairMemo();
  private readonly meets = new PairMemo();
  private negations: Int32Array; // 0 is not known: the negation of an inner node is one
  private ceiling = Number.POSITIVE_INFINITY;
  private depth = 0;

  constructor(leaves: number) {
    this.leaves = leaves;
    this.top = leaves - 1;
    this.size = leaves;
    this.atoms = new Int32Array(1024);
    this.lows = new Int32Array(1024);
    this.highs = new Int32Array(1024);
    this.negations = new Int32Array(1024);
    this.slots = new Int32Array(4096);
  }

  /** Runs `build`; it may add at most `nodes` nodes, else DiagramLimit is thrown. */
  within<T>(nodes: number, build: () => T): T {
    const before = this.ceiling;
    this.ceiling = Math.min(before, this.size + nodes);
    this.depth = 0;
    try {
      return build();
    } finally {
      this.ceiling = before;
    }
  }

  atomOf(node: number): number {
    return this.atoms[node] ?? 0;
  }

  lowOf(node: number): number {
    return this.lows[node] ?? 0;
  }

  highOf(node: number): number {
    return this.highs[node] ?? 0;
  }

  /** The function that is `high` where the atom is true and `low` where it is false. */
  node(atom: number, low: number, high: number): number {
    if (low === high) return low;
    let slot = hash(atom, low, high) & (this.slots.length - 1);
    for (;;) {
      const found = this.slots[slot] ?? 0;
      if (found === 0) break;
      if (this.atoms[found] === atom && this.lows[found] === low && this.highs[found] === high) return found;
      slot = (slot + 1) & (this.slots.length - 1);
    }
    if (this.size >= this.ceiling) throw new DiagramLimit('too many nodes');
    if (this.size === this.atoms.length) this.grow();
    const node = this.size++;
    this.atoms[node] = atom;
    this.lows[node] = low;
    this.highs[node] = high;
    this.slots[slot] = node;
    if (this.size * 2 > this.slots.length) this.rehash();
    return node;
  }

  /** True is the best leaf, false the worst. */
  literal(atom: number): number {
    return this.node(atom, 0, this.top);
  }

  /** The better of the two everywhere: "or". */
  join(a: number, b: number): number {
    if (a === b || b === 0 || a === this.top) return a;
    if (a === 0 || b === this.top) return b;
    if (a < this.leaves && b < this.leaves) return Math.max(a, b);
    return this.apply(this.joins, a, b, true);
  }

  /** The worse of the two everywhere: "and". */
  meet(a: number, b: number): number {
    if (a === b || a === 0 || b === this.top) return a;
    if (b === 0 || a === this.top) return b;
    if (a < this.leaves && b < this.leaves) return Math.min(a, b);
    return this.apply(this.meets, a, b, false);
  }

  /** "not"; only for functions whose leaves are the worst and the best. */
  negate(a: number): number {
    if (a === 0) return this.top;
    if (a === this.top) return 0;
    if (a < this.leaves) throw new RangeError('only a boolean function can be negated');
    const known = this.negations[a] as number;
    if (known !== 0) return known;
    this.enter();
    const result = this.node(this.atomOf(a), this.negate(this.lowOf(a)), this.negate(this.highOf(a)));
    this.depth--;
    this.negations[a] = result;
    this.negations[result] = a;
    return result;
  }

  /** The function when the `hidden` atoms are unknown: at each of them the worse branch counts. */
  worstOver(node: number, hidden: (atom: number) => boolean): number {
    const memo = new Map<number, number>();
    const visit = (at: number): number => {
      if (at < this.leaves) return at;
      const known = memo.get(at);
      if (known !== undefined) return known;
      this.enter();
      const low = visit(this.lowOf(at));
      const high = visit(this.highOf(at));
      this.depth--;
      const atom = this.atomOf(at);
      const result = hidden(atom) ? this.meet(low, high) : this.node(atom, low, high);
      memo.set(at, result);
      return result;
    };
    return visit(node);
  }

  /** The numbers of all inner nodes under `node`, each once, children before parents. */
  reach(node: number): readonly number[] {
    const seen = new Set<number>();
    const open = [node];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at < this.leaves || seen.has(at)) continue;
      seen.add(at);
      open.push(this.lowOf(at), this.highOf(at));
    }
    return [...seen].sort((a, b) => a - b);
  }

  /** Copies of the columns, one entry a node. */
  columns(): { readonly atomOf: Int32Array; readonly lowOf: Int32Array; readonly highOf: Int32Array } {
    return {
      atomOf: this.atoms.slice(0, this.size),
      lowOf: this.lows.slice(0, this.size),
      highOf: this.highs.slice(0, this.size),
    };
  }

  private apply(memo: PairMemo, first: number, second: number, better: boolean): number {
    const a = Math.min(first, second);
    const b = Math.max(first, second);
    const known = memo.get(a, b);
    if (known >= 0) return known;
    this.enter();
    const atomA = a < this.leaves ? Number.POSITIVE_INFINITY : this.atomOf(a);
    const atomB = b < this.leaves ? Number.POSITIVE_INFINITY : this.atomOf(b);
    const atom = Math.min(atomA, atomB);
    const lowA = atomA === atom ? this.lowOf(a) : a;
    const lowB = atomB === atom ? this.lowOf(b) : b;
    const highA = atomA === atom ? this.highOf(a) : a;
    const highB = atomB === atom ? this.highOf(b) : b;
    const low = better ? this.join(lowA, lowB) : this.meet(lowA, lowB);
    const high = better ? this.join(highA, highB) : this.meet(highA, highB);
    this.depth--;
    const result = this.node(atom, low, high);
    memo.set(a, b, result);
    return result;
  }

  /** Recursion goes one atom deeper at a time; the bound keeps it far from the end of the stack. */
  private enter(): void {
    if (++this.depth > 3_000) throw new DiagramLimit('too many atoms');
  }

  private grow(): void {
    if (this.size * 2 > 0x4000000) throw new DiagramLimit('too many nodes');
    this.atoms = enlarged(this.atoms);
    this.lows = enlarged(this.lows);
    this.highs = enlarged(this.highs);
    this.negations = enlarged(this.negations);
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    for (let node = this.leaves; node < this.size; node++) {
      let slot = hash(this.atomOf(node), this.lowOf(node), this.highOf(node)) & (this.slots.length - 1);
      while (this.slots[slot] !== 0) slot = (slot + 1) & (this.slots.length - 1);
      this.slots[slot] = node;
    }
  }
}

function hash(atom: number, low: number, high: number): number {
  let value = Math.imul(atom + 1, 0x9e3779b1) ^ Math.imul(low + 1, 0x85ebca6b) ^ Math.imul(high + 1, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}

function enlarged(column: Int32Array): Int32Array {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
