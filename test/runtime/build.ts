import { emit } from '../../src/emit/index.ts';
import type { Atom, Cell, Constant, Diagrams, ScalarType, Term } from '../../src/lower/diagrams.ts';
import type { Assignment, Formula, Member, Outcome, Policy, Role, Setting, Value } from '../../src/resolve/policy.ts';
import { loadTable, type Table } from '../../src/runtime/index.ts';

const file = { path: 'practice.yaml', text: 'one\ntwo\nthree\nfour\nfive\n' };
export const span = (line: number) => ({ file, start: 4 * (line - 1), end: 4 * line - 1 });

/** An expression over atoms, as the tests write them. */
export type Expression =
  | boolean
  | Atom
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Expression[] }
  | Not
  | Out;
interface Not {
  readonly kind: 'not';
  readonly term: Expression;
}
/** Allows, with an outcome. */
interface Out {
  readonly kind: 'outcome';
  readonly name: string;
  readonly term: Expression;
}
export const and = (...terms: Expression[]): Expression => ({ kind: 'and', terms });
export const or = (...terms: Expression[]): Expression => ({ kind: 'or', terms });
export const not = (term: Expression): Expression => ({ kind: 'not', term });
export const outcome = (name: string, term: Expression): Expression => ({ kind: 'outcome', name, term });

export interface TermOptions {
  readonly set?: boolean;
  readonly day?: boolean;
  readonly months?: number;
}
type Kind = Exclude<ScalarType['kind'], 'enum'>;

/** `resource.client.tags`, `user.id`, `context.reason`. */
export function fact(path: string, type: Kind | readonly string[], options: TermOptions = {}): Term {
  const [root, ...steps] = path.split('.');
  return makeTerm(path, { kind: 'attribute', root: root as 'user', path: steps }, type, options);
}
export function slot(name: string, type: Kind | readonly string[], options: TermOptions = {}): Term {
  return makeTerm(`user.${name}`, { kind: 'slot', slot: name }, type, options);
}
export function lookup(setting: string, keys: readonly string[], type: Kind, options: TermOptions = {}): Term {
  const parsed = keys.map((key) => {
    const [root, ...path] = key.split('.');
    return path.length > 0 ? { root: root as 'resource', path } : key;
  });
  return makeTerm(`user.${setting}[${keys}]`, { kind: 'lookup', setting, keys: parsed }, type, options);
}
function makeTerm(name: string, source: Term['source'], type: Kind | readonly string[], options: TermOptions): Term {
  const scalar: ScalarType = typeof type === 'string' ? { kind: type } : { kind: 'enum', values: type };
  const { set = false, day = false, months = 0 } = options;
  const text = `${name}:${JSON.stringify([scalar, set, day, months])}`;
  return { kind: 'term', text, source, type: scalar, isSet: set, isDay: day, months };
}
export const constant = (value: Constant['value']): Constant => ({ kind: 'constant', value });

export function atom(
  operator: Atom['operator'],
  left: Term | Constant,
  right: Term | Constant | null = null,
  limit = 0,
): Atom {
  const text = `${operator}(${[left, right].map((side) => (side?.kind === 'term' ? side.text : JSON.stringify(side)))},${limit})`;
  return { text, operator, left, right, limit };
}

/** A fact that is an atom by itself: `resource.x` true. */
export const bit = (name: string): Atom => atom('true', fact(`resource.${name}`, 'bool'));

export interface GrantSketch {
  readonly permission: string | null;
  readonly when: Expression;
}
export interface ScopeSketch {
  readonly kind: 'scope' | 'prohibition';
  readonly name: string;
  readonly is: Expression;
}
export interface Sketch {
  readonly name?: string;
  readonly timeZone?: string;
  readonly outcomes?: readonly Outcome[];
  readonly settings?: readonly Partial<Setting>[];
  /** Role, then action. */
  readonly grants: Readonly<Record<string, Readonly<Record<string, readonly GrantSketch[]>>>>;
  readonly scopes?: readonly ScopeSketch[];
  readonly roleSettings?: Readonly<Record<string, Readonly<Record<string, Value>>>>;
  readonly given?: readonly string[];
  readonly members?: readonly Partial<MemberSketch>[];
  readonly presentation?: Readonly<Record<string, string>>;
}
export interface MemberSketch {
  readonly key: string;
  readonly id: string;
  readonly active: boolean;
  readonly holds: readonly (Partial<Omit<Assignment, 'settings'>> & {
    readonly role: string;
    readonly settings?: Readonly<Record<string, Value>>;
  })[];
}

export const scalar = (value: string | number | boolean): Value => ({ kind: 'scalar', value });
export const set = (...values: (string | number)[]): Value => ({ kind: 'set', values });
export const all: Value = { kind: 'all' };

export function sketch(input: Sketch): { readonly policy: Policy; readonly diagrams: Diagrams } {
  const outcomes = input.outcomes ?? [];
  const top = outcomes.length + 1;
  const roles = Object.keys(input.grants).sort();
  const actions = [...new Set(roles.flatMap((role) => Object.keys(input.grants[role] ?? {})))].sort();
  const scopes = input.scopes ?? [];
  const atoms = new Map<string, Atom>();
  for (const { is } of scopes) collectAtoms(is, atoms);
  const all = roles.flatMap((role) => actions.flatMap((action) => input.grants[role]?.[action] ?? []));
  for (const { when } of all) collectAtoms(when, atoms);
  const sorted = [...atoms.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  const build = new Builder(sorted, outcomes);
  const scopeNodes = scopes.map(({ is }, scope) => ({ scope, node: build.node(is) }));
  const rows = roles.map((role) =>
    actions.map((action): Cell => {
      const mine = input.grants[role]?.[action] ?? [];
      const grantNodes = mine.map((grant) => ({ grant: all.indexOf(grant), node: build.node(grant.when) }));
      const grants = grantNodes.reduce((node, grant) => build.join(node, grant.node, Math.max), 0);
      const decision = scopeNodes.reduce((node, scope) => build.join(node, scope.node, Math.min), grants);
      return { decision, grants, grantNodes, scopeNodes };
    }),
  );
  const axes = { roles, actions, rows };
  const diagrams = { atoms: sorted, leaves: top + 1, ...build.columns(), ...axes };
  return { policy: makePolicy(input, roles, actions, all, scopes), diagrams };
}

export function table(input: Sketch, options: { strip?: boolean; now?: () => number } = {}): Table {
  const { policy, diagrams } = sketch(input);
  const { bytes } = emit(policy, diagrams, { strip: options.strip ?? false });
  return loadTable(bytes, options.now ? { now: options.now } : {});
}

/** A table with one role, one action and one member, `kim`: does a condition hold? */
export function decider(when: Expression, more: Partial<Sketch> = {}, settings: Readonly<Record<string, Value>> = {}) {
  const loaded = table({
    grants: { r: { act: [{ permission: 'p', when }] } },
    members: [{ key: 'kim', holds: [{ role: 'r', settings }] }],
    ...more,
  });
  return (resource?: unknown, context?: unknown, user: Record<string, unknown> = {}) =>
    loaded.user({ ...user, id: 'kim' }).can('act', resource, context);
}

function makePolicy(
  input: Sketch,
  roles: readonly string[],
  actions: readonly string[],
  grants: readonly GrantSketch[],
  scopes: readonly ScopeSketch[],
): Policy {
  const formulas: ReadonlyMap<string, Formula> = new Map();
  const values = (settings: Readonly<Record<string, Value>> = {}) => new Map(Object.entries(settings));
  const none = { title: null, span: span(1) };
  const members = (input.members ?? []).map(({ key = 'kim', id = key, active = true, holds = [] }): Member => {
    const assignments = holds.map(
      ({ role, settings, from = null, until = null }): Assignment => ({
        role,
        settings: values(settings),
        from,
        until,
        span: span(1),
      }),
    );
    return { ...none, key, id, active, assignments, attributes: new Map() };
  });
  return {
    name: input.name ?? 'test',
    version: '1.0.0',
    title: null,
    catalog: { name: 'catalog', version: '2.0.0' },
    timeZone: input.timeZone ?? 'UTC',
    features: new Map(),
    valueLists: new Map(),
    settings: new Map(
      (input.settings ?? []).map((setting) => {
        const fields = {
          ...none,
          name: 's',
          indexes: [],
          type: { kind: 'string' },
          onRole: true,
          onAssignment: true,
        } as const;
        const full: Setting = { ...fields, optional: true, default: null, ...setting };
        return [full.name, full];
      }),
    ),
    userFacts: new Map(),
    contextFacts: new Map(),
    resources: new Map(),
    actions: new Map(
      actions.map((name) => {
        const presentation = input.presentation?.[name] ?? null;
        return [name, { ...none, name, resource: 'thing', hasResource: true, presentation, constants: new Map() }];
      }),
    ),
    permissions: new Map(),
    accounts: new Map(),
    ladders: new Map(),
    outcomes: input.outcomes ?? [],
    grants: grants.map(({ permission }, i) => ({ permission, formulas, outcome: null, text: null, span: span(i + 1) })),
    scopes: scopes.map(({ kind, name }, i) => ({ ...none, kind, name, formulas, text: null, span: span(i + 1) })),
    roles: new Map(
      roles.map((name): [string, Role] => [
        name,
        {
          ...{ ...none, name, extends: [], account: null, level: null, permissions: new Map(), fallen: new Map() },
          ...{ settings: values(input.roleSettings?.[name]), givenByApplication: input.given?.includes(name) ?? false },
        },
      ]),
    ),
    members: new Map(members.map((member) => [member.key, member])),
    invariants: [],
    ownPermissionChanges: new Map(),
    described: { roles: new Set(), members: new Set() },
  };
}

function collectAtoms(expression: Expression, atoms: Map<string, Atom>): void {
  if (typeof expression === 'boolean') return;
  if ('operator' in expression) atoms.set(expression.text, expression);
  else if ('terms' in expression) for (const term of expression.terms) collectAtoms(term, atoms);
  else collectAtoms(expression.term, atoms);
}

/** Reduced ordered diagrams, written as plainly as can be. */
class Builder {
  readonly #atoms: readonly Atom[];
  readonly #outcomes: readonly Outcome[];
  readonly #atom: number[];
  readonly #low: number[];
  readonly #high: number[];
  readonly #unique = new Map<string, number>();

  constructor(atoms: readonly Atom[], outcomes: readonly Outcome[]) {
    this.#atoms = atoms;
    this.#outcomes = outcomes;
    const leaves = () => new Array<number>(outcomes.length + 2).fill(0);
    this.#atom = leaves();
    this.#low = leaves();
    this.#high = leaves();
  }

  columns() {
    return {
      atomOf: Int32Array.from(this.#atom),
      lowOf: Int32Array.from(this.#low),
      highOf: Int32Array.from(this.#high),
    };
  }

  node(expression: Expression): number {
    const top = this.#outcomes.length + 1;
    if (typeof expression === 'boolean') return expression ? top : 0;
    if ('operator' in expression) {
      return this.#make(
        this.#atoms.findIndex(({ text }) => text === expression.text),
        0,
        top,
      );
    }
    switch (expression.kind) {
      case 'not':
        return this.#map(this.node(expression.term), (leaf) => top - leaf);
      case 'outcome': {
        const leaf = top - 1 - this.#outcomes.findIndex(({ name }) => name === expression.name);
        return this.#map(this.node(expression.term), (old) => Math.min(old, leaf));
      }
      default: {
        const nodes = expression.terms.map((term) => this.node(term));
        return expression.kind === 'and'
          ? nodes.reduce((a, b) => this.join(a, b, Math.min), top)
          : nodes.reduce((a, b) => this.join(a, b, Math.max), 0);
      }
    }
  }

  join(a: number, b: number, leaf: (x: number, y: number) => number, known = new Map<string, number>()): number {
    const leaves = this.#outcomes.length + 2;
    if (a < leaves && b < leaves) return leaf(a, b);
    const key = `${a} ${b}`;
    const old = known.get(key);
    if (old !== undefined) return old;
    const order = (n: number) => (n < leaves ? Number.POSITIVE_INFINITY : this.#atom[n]!);
    const atom = Math.min(order(a), order(b));
    const side = (n: number, column: number[]) => (order(n) === atom ? column[n]! : n);
    const low = this.join(side(a, this.#low), side(b, this.#low), leaf, known);
    const high = this.join(side(a, this.#high), side(b, this.#high), leaf, known);
    const made = this.#make(atom, low, high);
    known.set(key, made);
    return made;
  }

  #map(node: number, leaf: (old: number) => number): number {
    return this.join(node, 0, leaf);
  }

  #make(atom: number, low: number, high: number): number {
    if (low === high) return low;
    const key = `${atom} ${low} ${high}`;
    const old = this.#unique.get(key);
    if (old !== undefined) return old;
    this.#unique.set(key, this.#atom.length);
    this.#atom.push(atom);
    this.#low.push(low);
    this.#high.push(high);
    return this.#atom.length - 1;
  }
}
