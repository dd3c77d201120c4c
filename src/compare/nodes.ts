/** Nodes of two tables in one numbering: leaves first, children before their parents. */
export interface Nodes {
  readonly leaves: number;
  readonly size: number;
  /** By node; of leaves `NO_ATOM`. */
  readonly atoms: Int32Array;
  readonly lows: Int32Array;
  readonly highs: Int32Array;
}

/** The nodes of a table. */
export interface Source {
  /** Atom, low and high of each; of leaves nothing. */
  readonly rows: Int32Array;
  readonly leaves: number;
  /** From the table's numbers to those of both: of atoms, and of leaves. */
  readonly atoms: Int32Array;
  readonly chain: readonly number[];
}

/** Greater than all. */
export const NO_ATOM = 0x7fffffff;

const WIDTH = 3;

/** Equal nodes of the two get one number; also, from the numbers of each to those of both. */
export function joinNodes(leaves: number, base: Source, head: Source) {
  const count = base.rows.length / WIDTH;
  const room = leaves + count + head.rows.length / WIDTH;
  const columns = { atoms: new Int32Array(room), lows: new Int32Array(room), highs: new Int32Array(room) };
  columns.atoms.fill(NO_ATOM, 0, leaves);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 2))); // 0 is empty, since it is a leaf
  const first = addFirst(base, columns, slots, leaves);
  const second = addSecond(head, columns, slots, first.size);
  return { nodes: { leaves, size: second.size, ...columns }, ofBase: first.numbers, ofHead: second.numbers };
}

type Columns = Pick<Nodes, 'atoms' | 'lows' | 'highs'>;

function addFirst({ rows, leaves, ...source }: Source, columns: Columns, slots: Int32Array, start: number) {
  const numbers = new Int32Array(rows.length / WIDTH);
  numbers.set(source.chain);
  let size = start;
  for (let node = leaves, at = leaves * WIDTH; node < numbers.length; node++, at += WIDTH) {
    const atom = source.atoms[rows[at] as number] as number;
    const low = numbers[rows[at + 1] as number] as number;
    const high = numbers[rows[at + 2] as number] as number;
    if (low === high) numbers[node] = low;
    else {
      const slot = slotOf(columns, slots, atom, low, high);
      if (slots[slot] === 0) slots[slot] = put(columns, size++, atom, low, high);
      numbers[node] = slots[slot] as number;
    }
  }
  return { numbers, size };
}

/** A table holds a node once, so nobody asks for one with a child that the first does not have. */
function addSecond({ rows, leaves, ...source }: Source, columns: Columns, slots: Int32Array, start: number) {
  const numbers = new Int32Array(rows.length / WIDTH);
  numbers.set(source.chain);
  let size = start;
  for (let node = leaves, at = leaves * WIDTH; node < numbers.length; node++, at += WIDTH) {
    const atom = source.atoms[rows[at] as number] as number;
    const low = numbers[rows[at + 1] as number] as number;
    const high = numbers[rows[at + 2] as number] as number;
    if (low === high) numbers[node] = low;
    else {
      const known = low < start && high < start ? (slots[slotOf(columns, slots, atom, low, high)] as number) : 0;
      numbers[node] = known !== 0 ? known : put(columns, size++, atom, low, high);
    }
  }
  return { numbers, size };
}

function put({ atoms, lows, highs }: Columns, node: number, atom: number, low: number, high: number): number {
  atoms[node] = atom;
  lows[node] = low;
  highs[node] = high;
  return node;
}

/** Where the node stands, or would stand; open addressing. */
function slotOf({ atoms, lows, highs }: Columns, slots: Int32Array, atom: number, low: number, high: number): number {
  const last = slots.length - 1;
  let value = Math.imul(atom + 1, 0x9e3779b1) ^ Math.imul(low + 1, 0x85ebca6b) ^ Math.imul(high + 1, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  for (let slot = (value ^ (value >>> 13)) & last; ; slot = (slot + 1) & last) {
    const known = slots[slot] as number;
    if (known === 0 || (atoms[known] === atom && lows[known] === low && highs[known] === high)) return slot;
  }
}
