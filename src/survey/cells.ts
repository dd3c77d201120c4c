import { type Alone, attributeText, type Frame, type Holder } from '../compare/index.ts';
import { type Domain, Domains, pathsOf } from './complete.ts';
import { Constraints } from './constraints.ts';
import { type Allowed, type Budget, type Cover, Search } from './cover.ts';
import { type Told, tellLiterals } from './literals.ts';
import type { Footnote } from './types.ts';

/** A cell before its conditions have numbers. */
export interface Found {
  readonly answer: 'always' | 'sometimes' | 'never';
  readonly parts: readonly FoundPart[];
  readonly isUndecided: boolean;
}

export interface FoundPart {
  readonly outcome: string | null;
  readonly duties: readonly string[];
  /** Null: in all that is left. */
  readonly condition: Condition | null;
}

export interface Condition {
  readonly problem: Footnote['problem'];
  readonly cases: readonly (readonly Told[])[];
  /** What it does not name, and what has to be known as well. */
  readonly facts: readonly string[];
}

const never: Found = { answer: 'never', parts: [], isUndecided: false };

/** Finds when actions are allowed; the same question is answered once. */
export class Cells {
  private readonly alone: Alone;
  private readonly domains: Domains;
  private readonly constraints: Constraints;
  private readonly cases: number;
  private readonly budget: Budget;
  private readonly known = new Map<string, Found>();

  constructor(alone: Alone, { cases, steps }: { readonly cases: number; readonly steps: number }) {
    this.alone = alone;
    this.domains = new Domains(alone.rails);
    this.constraints = new Constraints(alone);
    this.cases = cases;
    this.budget = { steps };
  }

  of(holder: Holder, action: number): Found {
    const { rails, special } = this.alone;
    const functions = this.alone.functions(holder, action);
    if (functions === null) return this.withProblem('too-long');
    if (functions[0] === 0) return never;
    const focus = [...new Set(functions)].map((node) => holder.frame.signature(rails.focusOf(node), special));
    const key = `${functions.join()} ${focus.join(' ')}`;
    const known = this.known.get(key);
    if (known) return known;
    const found = this.find(holder.frame, functions);
    this.known.set(key, found);
    return found;
  }

  private find(frame: Frame, functions: readonly number[]): Found {
    const { rails } = this.alone;
    const domain = this.domains.of(frame, functions);
    const search = new Search(this.alone, frame, domain, this.budget);
    const folded = functions.map((node) => domain.fold(node));
    const possible = this.possible(frame, domain, folded);
    const parts: FoundPart[] = [];
    let isTold = false;
    for (let at = functions.length - 1; at >= 0 && !(isTold && parts.at(-1)?.condition === null); at--) {
      const most = folded[at] ?? 0;
      const better = folded[at + 1] ?? 0;
      const denied = rails.store.meet(possible, rails.not(most));
      const isAll = isTold || search.find(denied) === 'impossible';
      if (isAll) {
        const facts = this.factsFor(frame, functions[at] ?? 0);
        // Once complete requests are told, only what is allowed whatever is missing is worth a word.
        if (isTold && facts.length > 0) continue;
        isTold = true;
        const condition = facts.length === 0 ? null : { problem: null, cases: [[]], facts };
        parts.push({ ...this.leafAt(at), condition });
      } else {
        const allowed = rails.store.meet(possible, most);
        const needed = better === 0 ? allowed : rails.store.meet(allowed, rails.not(better));
        const cover = search.cover(needed, denied, this.cases);
        if (cover.kind === 'impossible') continue;
        const facts = cover.kind === 'cases' ? this.unnamed(frame, search, functions[at] ?? 0, cover.cases) : [];
        parts.push({ ...this.leafAt(at), condition: conditionOf(frame, search, cover, facts) });
      }
    }
    if (parts.length === 0) return never;
    const isAlways = parts.at(-1)?.condition === null;
    const isUndecided = !isAlways && parts.every(({ condition }) => condition?.problem === 'undecided');
    return { answer: isAlways ? 'always' : 'sometimes', parts, isUndecided };
  }

  /** What the atoms of the functions can be together, as far as two of them show. */
  private possible(frame: Frame, domain: Domain, nodes: readonly number[]): number {
    const { rails } = this.alone;
    const variables = new Set(nodes.flatMap((node) => rails.store.reach(node).map((at) => rails.variableAt(at))));
    const sorted = [...variables].sort((a, b) => a - b);
    return sorted.length > 40 ? 1 : this.constraints.of(frame, domain, sorted);
  }

  /** Of a function that is true in complete requests: the facts that have to be sent; none where it is true anyway. */
  private factsFor(frame: Frame, node: number): readonly string[] {
    if (node === 1) return [];
    const { rails } = this.alone;
    const domain = this.domains.ofAnything(frame);
    const search = new Search(this.alone, frame, domain, this.budget);
    if (search.find(rails.not(domain.fold(node))) === 'impossible') return [];
    const names = [...this.read(frame, node).values()].map(({ root, path }) => attributeText(root, path));
    return names.length > 0 ? names.sort() : ['every fact'];
  }

  /** Facts that cases do not name, though the function is not true for certain where they are missing. */
  private unnamed(frame: Frame, search: Search, node: number, cases: readonly Allowed[]): readonly string[] {
    const { rails } = this.alone;
    const named = new Set(
      cases.flatMap((each) => [...each.keys()].flatMap((variable) => [...pathsOf(frame, variable).keys()])),
    );
    const others = [...this.read(frame, node)].filter(([path]) => !named.has(path));
    if (others.length === 0) return [];
    const domain = this.domains.ofSent(frame, [node], named);
    const met = cases.reduce((all, each) => rails.store.join(all, search.cube(each)), 0);
    const denied = rails.store.meet(met, rails.not(domain.fold(node)));
    const isFound = new Search(this.alone, frame, domain, this.budget).find(denied) !== 'impossible';
    return isFound ? others.map(([, { root, path }]) => attributeText(root, path)).sort() : [];
  }

  /** The attributes that a function reads. */
  private read(frame: Frame, node: number) {
    const { rails } = this.alone;
    const variables = new Set(rails.store.reach(node).map((at) => rails.variableAt(at)));
    return new Map([...variables].flatMap((variable) => [...pathsOf(frame, variable)]));
  }

  private leafAt(at: number) {
    const { leaves, head } = this.alone.merged;
    const { outcome = null, duties = [] } = leaves[head.chain[at + 1] ?? 0] ?? {};
    return { outcome, duties };
  }

  private withProblem(problem: 'too-long' | 'undecided'): Found {
    const part = { outcome: null, duties: [], condition: { problem, cases: [], facts: [] } };
    return { answer: 'sometimes', parts: [part], isUndecided: true };
  }
}

function conditionOf(
  frame: Frame,
  search: Search,
  cover: Exclude<Cover, { kind: 'impossible' }>,
  facts: readonly string[],
): Condition {
  if (cover.kind !== 'cases') return { problem: cover.kind, cases: [], facts: [] };
  return { problem: null, cases: cover.cases.map((allowed) => tellLiterals(frame, search.told(allowed))), facts };
}
