import type { TableView } from '../runtime/tools.ts';
import { type Block, writeAtom } from './atoms.ts';
import { comment, quote } from './text.ts';

/** Nodes of one diagram, and of all together, that become code; an engine would not make more of it quick. */
const MAX_OF_ONE = 500;
const MAX_OF_ALL = 5000;
/** Tests in one function, one below the other. */
const MAX_LEVELS = 8;

export interface Functions {
  readonly text: string;
  /** Those whose function decides; the function of node 7 is `n7`. */
  readonly nodes: readonly number[];
}

/** Writes the conditions of cells as functions, as far as they are plain and small enough. */
export function writeFunctions(view: TableView): Functions {
  const { sections, leaves, atoms } = view;
  const atomOf = (node: number) => sections.nodes[3 * node] as number;
  const below = (node: number) => [...sections.nodes.subarray(3 * node + 1, 3 * node + 3)] as [number, number];
  const known = new Map<number, boolean>();
  const isPlain = (node: number) => {
    const atom = atomOf(node);
    const is =
      known.get(atom) ??
      writeAtom(
        atoms[atom] as (typeof atoms)[0],
        createBlock(() => ''),
      ) !== null;
    known.set(atom, is);
    return is;
  };
  const roots = rootsOf(view).filter(isPlain);
  const { nodes, shared } = choose(roots, leaves, (node) => (isPlain(node) ? below(node) : []));
  const heads = new Set([...nodes, ...shared]);
  const sets = new Map<string, string>();
  const nameOf = (elements: Iterable<unknown>) => {
    const list = [...elements];
    const array = `[${list.map((element) => (typeof element === 'string' ? quote(element) : String(element))).join(', ')}]`;
    const text = list.length > 8 ? `new Set(${array})` : array;
    const name = sets.get(text) ?? `k${sets.size}`;
    sets.set(text, name);
    return name;
  };

  function writeFunction(head: number): string {
    const block = createBlock(nameOf);
    writeNode(head, block, 0);
    return `function n${head}(u, s, r, c, e) {\n${block.lines.map((line) => `  ${line}\n`).join('')}}\n`;
  }

  function writeNode(node: number, block: Writing, level: number): void {
    if (node < leaves || !isPlain(node)) {
      block.exit(node < leaves ? node : -1);
      return;
    }
    if (level > 0 && (heads.has(node) || level >= MAX_LEVELS)) {
      heads.add(node);
      block.pass(`n${node}(u, s, r, c, e)`);
      return;
    }
    const atom = atoms[atomOf(node)] as (typeof atoms)[0];
    block.lines.push(comment(atom.text));
    const isTrue = writeAtom(atom, block) as string;
    const [low, high] = below(node);
    const facts = block.taken();
    const inner = block.inner();
    // Were the atom unknown, the worse branch would count: beside a plain allow that is this one anyway.
    const isMild = (other: number) => other === leaves - 1 && atom.isQuick;
    if (!isMild(low)) inner.need(facts);
    writeNode(high, inner, level + 1);
    block.lines.push(`if (${isTrue}) {`, ...inner.lines.map((line) => `  ${line}`), '}');
    if (!isMild(high)) block.need(facts);
    writeNode(low, block, level + 1);
  }

  const functions: string[] = [];
  for (const head of heads) functions.push(writeFunction(head));
  const constants = [...sets].map(([text, name]) => `const ${name} = ${text};\n`);
  return { text: [...constants, ...functions].join(''), nodes };
}

/** Nodes of cells that are no leaves, once each, rising. */
export function rootsOf({ sections, leaves }: TableView): readonly number[] {
  return [...new Set(sections.cells)].filter((node) => node >= leaves).sort((a, b) => a - b);
}

/** The roots that fit into the budget, and the nodes below them to which several lead. */
function choose(roots: readonly number[], leaves: number, below: (node: number) => readonly number[]) {
  const nodes: number[] = [];
  const all = new Set<number>();
  const shared = new Set<number>();
  for (const root of roots) {
    const own = new Set([root]);
    const met = new Set<number>();
    for (const node of own) {
      if (own.size > MAX_OF_ONE) break;
      for (const child of below(node)) {
        if (child < leaves) continue;
        if (own.has(child)) met.add(child);
        own.add(child);
      }
    }
    const added = [...own].filter((node) => !all.has(node));
    if (own.size > MAX_OF_ONE || all.size + added.length > MAX_OF_ALL) continue;
    nodes.push(root);
    for (const node of [...met, ...[...own].filter((node) => all.has(node))]) shared.add(node);
    for (const node of added) all.add(node);
  }
  return { nodes, shared };
}

/** A block of statements as it is written. */
interface Writing extends Block {
  readonly lines: string[];
  /** Says that the facts which were read since the last call are own properties. */
  taken(): readonly string[];
  /** An allow needs that, too. */
  need(checks: readonly string[]): void;
  /** A leaf, or -1 for the table. */
  exit(leaf: number): void;
  /** What another function says, under the same conditions. */
  pass(call: string): void;
  /** A block inside this one, which knows what this one has read. */
  inner(): Writing;
}

const objects = { resource: 'r', context: 'c', user: 'u.attributes' } as const;

function createBlock(
  set: Block['set'],
  outer: {
    readonly names: ReadonlyMap<string, string>;
    readonly read: Iterable<string>;
    readonly needed: Iterable<string>;
  } = {
    names: new Map(),
    read: [],
    needed: [],
  },
  counter = { next: 0 },
): Writing {
  const lines: string[] = [];
  const names = new Map(outer.names);
  // What was read must be own properties: the table takes inherited ones for missing, and denies what it cannot look at.
  // That does not matter for a deny, unless another assignment allows.
  const read = new Set(outer.read);
  const needed = new Set(outer.needed);
  const taken = new Set<string>();
  const declare = (expression: string) => {
    const name = names.get(expression) ?? `v${counter.next++}`;
    if (!names.has(expression)) lines.push(`const ${name} = ${expression};`);
    names.set(expression, name);
    return name;
  };
  /** Whether all checks hold that a leaf needs; empty where there are none. */
  const isSure = (isAllow: boolean) => {
    const checks = isAllow ? [...needed] : read.size > 0 ? [`!e || ${[...read].join(' && ')}`] : [];
    return checks.join(' && ');
  };
  return {
    lines,
    declare,
    set,
    fact(from, path) {
      path.forEach((step, i) => {
        const object = [objects[from], ...path.slice(0, i).map((before) => `[${quote(before)}]`)].join('');
        read.add(`isOwn(${object}, ${quote(step)})`);
        taken.add(`isOwn(${object}, ${quote(step)})`);
      });
      return declare(`${objects[from]}${path.map((step) => `?.[${quote(step)}]`).join('')}`);
    },
    taken() {
      const checks = [...taken];
      taken.clear();
      return checks;
    },
    need: (checks) => {
      for (const check of checks) needed.add(check);
    },
    slot: (slot) => declare(`s[${slot}]`),
    leave: (isOpen) => lines.push(`if (${isOpen}) return -1;`),
    exit(leaf) {
      const sure = leaf < 0 ? '' : isSure(leaf > 0);
      lines.push(sure === '' ? `return ${leaf};` : `return ${sure} ? ${leaf} : -1;`);
    },
    pass(call) {
      if (read.size === 0) lines.push(`return ${call};`);
      else {
        const ifAllowed = isSure(true);
        const isGood = ifAllowed === '' ? `leaf > 0 || ${isSure(false)}` : `leaf > 0 ? ${ifAllowed} : ${isSure(false)}`;
        lines.push(`const leaf = ${call};`, `return (${isGood}) ? leaf : -1;`);
      }
    },
    inner: () => createBlock(set, { names, read, needed }, counter),
  };
}
