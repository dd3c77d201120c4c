import type { Scalar, ScalarType } from './atom.ts';

export type Kind = 'text' | 'number' | 'bool';

export function kindOf(type: ScalarType): Kind {
  switch (type.kind) {
    case 'bool':
      return 'bool';
    case 'int':
    case 'date':
    case 'date-time':
      return 'number';
    default:
      return 'text';
  }
}

/**
 * Unknown scalars ("nodes") and what they must be equal to, by union-find. A class may have a value, a finite domain,
 * texts or numbers that it is not, and bounds.
 */
export class Classes {
  isBroken = false;
  /** Pairs of nodes that differ; those with a value on one side are turned into `excluded` by `settle`. */
  readonly unequal: (readonly [number, number])[] = [];
  private readonly parents: number[] = [];
  private readonly kinds: Kind[] = [];
  private readonly values: (Scalar | undefined)[] = [];
  private readonly domains: (readonly Scalar[] | null)[] = [];
  private readonly exclusions: (readonly Scalar[])[][] = [];
  private readonly lows: number[] = [];
  private readonly highs: number[] = [];
  private readonly constants = new Map<Scalar, number>();

  add(kind: Kind, low = -Number.MAX_SAFE_INTEGER, high = Number.MAX_SAFE_INTEGER): number {
    this.kinds.push(kind);
    this.values.push(undefined);
    this.domains.push(kind === 'bool' ? [false, true] : null);
    this.exclusions.push([]);
    this.lows.push(low);
    this.highs.push(high);
    return this.parents.push(this.parents.length) - 1;
  }

  constant(value: Scalar): number {
    const known = this.constants.get(value);
    if (known !== undefined) return known;
    const kind = typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'bool';
    const node = this.add(kind);
    this.values[node] = value;
    this.constants.set(value, node);
    return node;
  }

  rootOf(node: number): number {
    let root = node;
    for (let parent = this.parents[root] ?? root; parent !== root; parent = this.parents[root] ?? root) root = parent;
    return root;
  }

  merge(one: number, other: number): void {
    const [a, b] = [this.rootOf(one), this.rootOf(other)];
    if (a === b) return;
    const [value, otherValue] = [this.values[a], this.values[b]];
    if (this.kinds[a] !== this.kinds[b] || (value !== undefined && otherValue !== undefined)) {
      this.isBroken = true;
      return;
    }
    this.parents[b] = a;
    if (otherValue !== undefined) this.values[a] = otherValue;
    const domain = this.domains[b];
    if (domain) this.restrict(a, domain);
    this.exclusions[a]?.push(...(this.exclusions[b] ?? []));
    this.bound(a, this.lows[b] ?? 0, this.highs[b] ?? 0);
  }

  /** The node is of this kind. */
  expect(node: number, kind: Kind): void {
    if (this.kinds[this.rootOf(node)] !== kind) this.isBroken = true;
  }

  restrict(node: number, values: readonly Scalar[]): void {
    const root = this.rootOf(node);
    const domain = this.domains[root];
    this.domains[root] = domain ? domain.filter((value) => values.includes(value)) : values;
  }

  exclude(node: number, values: readonly Scalar[]): void {
    this.exclusions[this.rootOf(node)]?.push(values);
  }

  bound(node: number, low: number, high: number): void {
    const root = this.rootOf(node);
    this.lows[root] = Math.max(this.lows[root] ?? low, low);
    this.highs[root] = Math.min(this.highs[root] ?? high, high);
  }

  /** Draws every conclusion that needs no choice. */
  settle(): void {
    for (let isChanged = true; isChanged && !this.isBroken; ) {
      isChanged = this.settleDomains();
      for (const [one, other] of this.unequal) {
        const [a, b] = [this.rootOf(one), this.rootOf(other)];
        if (a === b) this.isBroken = true;
        if (this.separate(a, b) || this.separate(b, a)) isChanged = true;
      }
    }
  }

  /** All classes, by their roots. */
  roots(): readonly number[] {
    return this.parents.flatMap((parent, node) => (parent === node ? [node] : []));
  }

  kindOf(root: number): Kind {
    return this.kinds[root] ?? 'text';
  }

  valueOf(root: number): Scalar | undefined {
    return this.values[root];
  }

  /** What is left of the domain; null for an infinite one. */
  domainOf(root: number): readonly Scalar[] | null {
    return this.domains[root] ?? null;
  }

  excludes(root: number, value: Scalar): boolean {
    return this.exclusions[root]?.some((values) => values.includes(value)) ?? false;
  }

  excludedBy(root: number): readonly Scalar[] {
    return this.exclusions[root]?.flat() ?? [];
  }

  boundsOf(root: number): readonly [number, number] {
    return [this.lows[root] ?? 0, this.highs[root] ?? 0];
  }

  /** Is this text a constant, or in the domain of some class? */
  isUsed(text: string): boolean {
    return this.constants.has(text) || this.domains.some((domain) => domain?.includes(text));
  }

  private settleDomains(): boolean {
    let isChanged = false;
    for (let root = 0; root < this.parents.length; root++) {
      if (this.parents[root] !== root) continue;
      const value = this.values[root];
      if (value !== undefined) {
        if (!this.allows(root, value) || this.domains[root]?.includes(value) === false) this.isBroken = true;
        continue;
      }
      const domain = this.domains[root];
      if (!domain) continue;
      const left = domain.filter((candidate) => this.allows(root, candidate));
      this.domains[root] = left;
      if (left.length === 0) this.isBroken = true;
      if (left.length === 1) {
        this.merge(root, this.constant(left[0] as Scalar));
        isChanged = true;
      }
    }
    return isChanged;
  }

  private allows(root: number, value: Scalar): boolean {
    if (this.excludes(root, value)) return false;
    if (typeof value !== 'number') return this.kinds[root] !== 'number';
    return this.kinds[root] === 'number' && value >= (this.lows[root] ?? value) && value <= (this.highs[root] ?? value);
  }

  /** Takes the value of `a`, if it has one, from what `b` may be. */
  private separate(a: number, b: number): boolean {
    const value = this.values[a];
    if (value === undefined || this.values[b] !== undefined || this.excludes(b, value)) return false;
    this.exclude(b, [value]);
    return true;
  }
}
