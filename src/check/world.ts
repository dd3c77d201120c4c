import { InternalError } from '../diagnostics/index.ts';
import { DiagramStore } from '../diagram/index.ts';
import { type Atom, type Cell, type Diagrams, lower, type Term } from '../lower/index.ts';
import type { Grant, Invariant, Policy } from '../resolve/index.ts';
import { Rails } from './rails.ts';
import { isSwitch } from './switches.ts';

/** The diagrams of a policy, and beside them the conditions (`when`) of its invariants, in one numbering. */
export class World {
  readonly policy: Policy;
  readonly store: DiagramStore;
  readonly rails: Rails;
  /** Those of the diagrams, then those that `atomOfInstant` made. */
  readonly atoms: Atom[];
  private readonly diagrams: Diagrams;
  private readonly firstWhen: number;
  private readonly rows: ReadonlyMap<string, number>;
  private readonly columns: ReadonlyMap<string, number>;
  private readonly decisions = new Map<Cell, number>();

  /** From `firstWhen` on, grants of the diagrams are conditions of invariants. */
  constructor(policy: Policy, diagrams: Diagrams, firstWhen = Number.POSITIVE_INFINITY) {
    this.policy = policy;
    this.diagrams = diagrams;
    this.firstWhen = firstWhen;
    this.store = copyOf(diagrams);
    this.atoms = [...diagrams.atoms];
    this.rails = new Rails(this.store, (atom) => isSwitch(this.atoms[atom]));
    this.rows = new Map(diagrams.roles.map((name, index) => [name, index]));
    this.columns = new Map(diagrams.actions.map((name, index) => [name, index]));
  }

  /** The cells of a role, in the order of the actions; roles that are alike share one list. */
  row(role: string): readonly Cell[] {
    return this.diagrams.rows[this.rows.get(role) ?? -1] ?? [];
  }

  cell(role: string, action: string): Cell {
    const [row = -1, column = -1] = [this.rows.get(role), this.columns.get(action)];
    const cell = this.diagrams.rows[row]?.[column];
    if (row < 0 || column < 0 || !cell) throw new InternalError(`there is no cell of ${role} and ${action}`);
    return cell;
  }

  decision(role: string, action: string): number {
    const cell = this.cell(role, action);
    if (this.firstWhen === Number.POSITIVE_INFINITY) return cell.decision;
    let decision = this.decisions.get(cell);
    if (decision === undefined) {
      const grants = cell.grantNodes.filter(({ grant }) => grant < this.firstWhen);
      decision = grants.reduce((node, grant) => this.store.join(node, grant.node), 0);
      for (const scope of cell.scopeNodes) decision = this.store.meet(decision, scope.node);
      this.decisions.set(cell, decision);
    }
    return decision;
  }

  /** The condition of an invariant; true where it has none for the action. */
  when(role: string, action: string, index: number): number {
    if (index < 0) return this.store.top;
    return this.cell(role, action).grantNodes.find(({ grant }) => grant === this.firstWhen + index)?.node ?? 0;
  }

  /** The atom "it is before this instant". */
  atomOfInstant(limit: number): number {
    const text = `${now.text} < ${limit}`;
    const known = this.atoms.findIndex((atom) => atom.text === text);
    if (known >= 0) return known;
    return this.atoms.push({ text, operator: 'before', left: now, right: null, limit }) - 1;
  }
}

/** A world in which the conditions of these invariants can be asked about; null when they are too large. */
export function worldWithConditions(policy: Policy, invariants: readonly Invariant[]): World | null {
  const actions = new Set(invariants.flatMap((item) => item.actions));
  const conditions = invariants.map(
    ({ formulas, span }): Grant => ({
      permission: null,
      formulas: formulas ?? new Map(),
      outcome: null,
      text: null,
      span,
    }),
  );
  const asked = ofActions({ ...policy, grants: [...policy.grants, ...conditions] }, actions);
  const { diagrams } = lower(asked);
  return diagrams && new World(policy, diagrams, policy.grants.length);
}

/** The policy as far as it is about these actions; grants and scopes keep their places. */
export function ofActions(policy: Policy, actions: ReadonlySet<string>): Policy {
  return {
    ...policy,
    actions: new Map([...policy.actions].filter(([name]) => actions.has(name))),
    grants: policy.grants.map((grant) => withActions(grant, actions)),
    scopes: policy.scopes.map((scope) => withActions(scope, actions)),
  };
}

function withActions<T extends Pick<Grant, 'formulas'>>(item: T, actions: ReadonlySet<string>): T {
  return { ...item, formulas: new Map([...item.formulas].filter(([action]) => actions.has(action))) };
}

/** A store with the same numbers, so that new diagrams can be made beside the policy's. */
export function copyOf(diagrams: Diagrams): DiagramStore {
  const store = new DiagramStore(diagrams.leaves);
  for (let node = diagrams.leaves; node < diagrams.atomOf.length; node++) {
    store.node(diagrams.atomOf[node] ?? 0, diagrams.lowOf[node] ?? 0, diagrams.highOf[node] ?? 0);
  }
  return store;
}

const now: Term = {
  kind: 'term',
  text: 'context.now:date-time',
  source: { kind: 'attribute', root: 'context', path: ['now'] },
  type: { kind: 'date-time' },
  isSet: false,
  isDay: false,
  months: 0,
};
