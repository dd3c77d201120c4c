// In: a Policy.
// Out: Diagrams: one canonical diagram a role and action, and those of its grants and scopes.
// Never: uses facts about atoms (two strings, two dates) to reduce, or depends on places and order in files.
import { type Diagnostic, diagnose, InternalError } from '../diagnostics/index.ts';
import { DiagramLimit, DiagramStore } from '../diagram/index.ts';
import type { Policy } from '../resolve/index.ts';
import type { Span } from '../source/index.ts';
import type { Tree } from './atoms.ts';
import type { Atom, Cell, Diagrams } from './diagrams.ts';
import { compareAtoms } from './order.ts';
import { type Plan, planRows } from './plans.ts';

export type { Atom, AttributeKey, Cell, Constant, Diagrams, ScalarType, Term, TermSource } from './diagrams.ts';

/** Nodes that one role and action may need; a condition above it has no useful table. */
const nodesPerCell = 100_000;

/** `diagrams` is null when a condition is too large; the diagnostics say which. */
export function lower(policy: Policy): {
  readonly diagrams: Diagrams | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const roles = [...policy.roles.keys()].sort();
  const actions = [...policy.actions.keys()].sort();
  const rows = planRows(policy, roles, actions);
  const distinct = new Set(rows);
  const plans = new Set<Plan>();
  for (const row of distinct) for (const plan of row) plans.add(plan);
  const atoms = numberAtoms(plans);
  const builder = new Builder(policy, atoms.numbers);
  const diagnostics: Diagnostic[] = [];
  const built = new Map<Plan, Cell>();
  for (const plan of plans) {
    try {
      built.set(
        plan,
        builder.store.within(nodesPerCell, () => builder.cell(plan)),
      );
    } catch (error) {
      if (!(error instanceof DiagramLimit)) throw error;
      diagnostics.push(tooLarge(plan, builder.blamed));
    }
  }
  if (diagnostics.length > 0) return { diagrams: null, diagnostics };
  const columns = builder.store.columns();
  const cellRows = new Map([...distinct].map((row) => [row, row.map((plan) => present(built.get(plan)))]));
  const { leaves } = builder.store;
  const laid = rows.map((row) => present(cellRows.get(row)));
  return { diagrams: { atoms: atoms.sorted, leaves, ...columns, roles, actions, rows: laid }, diagnostics };
}

function numberAtoms(plans: Iterable<Plan>): {
  readonly sorted: readonly Atom[];
  readonly numbers: ReadonlyMap<string, number>;
} {
  const byText = new Map<string, Atom>();
  const seen = new Set<Tree>();
  const open: Tree[] = [];
  for (const plan of plans) {
    for (const item of plan.grants) open.push(item.tree);
    for (const item of plan.scopes) open.push(item.tree);
    for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
      if (typeof tree === 'boolean' || seen.has(tree)) continue;
      seen.add(tree);
      if (tree.kind === 'atom') byText.set(tree.atom.text, tree.atom);
      else if (tree.kind === 'not') open.push(tree.term);
      else open.push(...tree.terms);
    }
  }
  const sorted = [...byText.values()].sort(compareAtoms);
  return { sorted, numbers: new Map(sorted.map((atom, index) => [atom.text, index])) };
}

class Builder {
  readonly store: DiagramStore;
  /** The grant or scope that was being built last, to name it when it is too large. */
  blamed: Span | null = null;
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly nodes = new Map<Tree, number>();

  constructor(policy: Policy, numbers: ReadonlyMap<string, number>) {
    this.store = new DiagramStore(policy.outcomes.length + 2);
    this.numbers = numbers;
  }

  cell(plan: Plan): Cell {
    const { store } = this;
    const grantNodes = plan.grants.map(({ grant, outcome, tree, span }) => {
      this.blamed = span;
      return { grant, node: store.meet(this.build(tree), outcome) };
    });
    const grants = joinAll(
      store,
      grantNodes.map(({ node }) => node),
    );
    if (grants === 0) return { decision: 0, grants, grantNodes, scopeNodes: [] };
    const scopeNodes = plan.scopes.map(({ scope, tree, span }) => {
      this.blamed = span;
      return { scope, node: this.build(tree) };
    });
    const decision = scopeNodes.reduce((node, { node: scope }) => store.meet(node, scope), grants);
    return { decision, grants, grantNodes, scopeNodes };
  }

  private build(tree: Tree): number {
    if (typeof tree === 'boolean') return tree ? this.store.top : 0;
    const known = this.nodes.get(tree);
    if (known !== undefined) return known;
    const node = this.combine(tree);
    this.nodes.set(tree, node);
    return node;
  }

  private combine(tree: Exclude<Tree, boolean>): number {
    const { store } = this;
    switch (tree.kind) {
      case 'atom':
        return store.literal(present(this.numbers.get(tree.atom.text)));
      case 'not':
        return store.negate(this.build(tree.term));
      case 'and':
        return meetAll(
          store,
          tree.terms.map((term) => this.build(term)),
        );
      case 'or':
        return joinAll(
          store,
          tree.terms.map((term) => this.build(term)),
        );
      default:
        throw new InternalError('unexpected tree');
    }
  }
}

/** Joined in pairs: a list of a thousand values costs a few passes instead of a thousand walks of a growing chain. */
function joinAll(store: DiagramStore, nodes: readonly number[]): number {
  return reduceInPairs(nodes, 0, (a, b) => store.join(a, b));
}

function meetAll(store: DiagramStore, nodes: readonly number[]): number {
  return reduceInPairs(nodes, store.top, (a, b) => store.meet(a, b));
}

function reduceInPairs(nodes: readonly number[], empty: number, combine: (a: number, b: number) => number): number {
  let level = nodes;
  while (level.length > 1) {
    const next: number[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const second = level[index + 1];
      const first = present(level[index]);
      next.push(second === undefined ? first : combine(first, second));
    }
    level = next;
  }
  return level[0] ?? empty;
}

function tooLarge(plan: Plan, span: Span | null): Diagnostic {
  return diagnose(
    'condition-too-large',
    span,
    `the conditions of \`${plan.action.name}\` for role \`${plan.role.name}\` need more than ${nodesPerCell} steps to decide`,
    {
      notes: ['the size comes from many alternatives that are joined by "and"'],
      help: 'compare with a setting looked up by a path, such as `user.access[resource.section]`, instead of one alternative a section',
    },
  );
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new InternalError('something that was resolved is missing');
  return value;
}
