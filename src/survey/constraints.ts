import { type Alone, cube, type Frame, type Variable } from '../compare/index.ts';
import type { Domain } from './complete.ts';

/**
 * What two atoms that read one thing can be together, as functions: "state is draft" and "state is locked" are never both
 * true. A search that starts from these seldom meets an impossible path.
 */
export class Constraints {
  private readonly alone: Alone;
  private readonly general = new Map<string, number>();
  private readonly personal = new Map<Frame, Map<string, number>>();
  private readonly paths = new Map<Variable, readonly string[]>();

  constructor(alone: Alone) {
    this.alone = alone;
  }

  /** True in all possible states of the variables, and in some of the others. */
  of(frame: Frame, domain: Domain, variables: readonly Variable[]): number {
    const name = (variable: Variable) => `${variable}:${domain.statesOf(variable).length}`;
    return this.once(frame, variables, variables.map(name).join(), () => {
      let all = 1;
      variables.forEach((variable, index) => {
        for (const other of variables.slice(0, index + 1)) {
          if (other !== variable && !this.areLinked(frame, variable, other)) continue;
          const key = `${name(other)} ${name(variable)}`;
          const pair = this.once(frame, [other, variable], key, () => this.pair(frame, domain, other, variable));
          all = this.alone.rails.store.meet(all, pair);
        }
      });
      return all;
    });
  }

  /** Of one variable, where both are the same. */
  private pair(frame: Frame, domain: Domain, first: Variable, second: Variable): number {
    const { rails, check } = this.alone;
    let possible = 0;
    for (const one of domain.statesOf(first)) {
      for (const two of first === second ? [one] : domain.statesOf(second)) {
        const isPossible = check(frame, new Map([[first, one]]).set(second, two)) !== 'impossible';
        const bits = new Map([[first, domain.bitsOf(first, one)]]).set(second, domain.bitsOf(second, two));
        if (isPossible) possible = rails.store.join(possible, cube(rails, bits));
      }
    }
    return possible;
  }

  /** What depends on who asks is remembered for just them. */
  private once(frame: Frame, variables: readonly Variable[], key: string, make: () => number): number {
    const isPersonal = variables.some((variable) => {
      const { slots, readsId } = frame.mergedAtom(variable);
      return readsId || slots.length > 0;
    });
    const own = isPersonal ? (this.personal.get(frame) ?? new Map<string, number>()) : this.general;
    if (isPersonal) this.personal.set(frame, own);
    const known = own.get(key);
    if (known !== undefined) return known;
    const node = make();
    own.set(key, node);
    return node;
  }

  private areLinked(frame: Frame, a: Variable, b: Variable): boolean {
    const others = this.pathsOf(frame, b);
    return this.pathsOf(frame, a).some((path) =>
      others.some((other) => path.startsWith(other) || other.startsWith(path)),
    );
  }

  private pathsOf(frame: Frame, variable: Variable): readonly string[] {
    const known = this.paths.get(variable);
    if (known) return known;
    const { atom, slots } = frame.mergedAtom(variable);
    const attributes = [atom.left, atom.right].flatMap((side) => {
      if (side?.kind !== 'term') return [];
      const { source } = side;
      if (source.kind === 'attribute') return [[source.root, ...source.path]];
      return source.kind === 'slot'
        ? []
        : source.keys.flatMap((key) => (typeof key === 'string' ? [] : [[key.root, ...key.path]]));
    });
    const found = [...attributes.map((path) => `${path.join('/')}/`), ...slots.map((slot) => `slot ${slot}/`)];
    this.paths.set(variable, found);
    return found;
  }
}
