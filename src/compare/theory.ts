import type { Term } from '../solver/index.ts';
import type { Frame, State } from './frame.ts';
import type { Merged, MergedAtom } from './merge.ts';
import { atomOf, type Rails, type Variable } from './rails.ts';

export type Kind = 'possible' | 'impossible' | 'undecided';

export interface Conflict {
  readonly kind: 'impossible' | 'undecided';
  readonly literals: readonly (readonly [Variable, number])[];
  /** It may be none for somebody else. */
  readonly isPersonal: boolean;
}

/**
 * Asks the solver about states of the world, by parts: literals that share nothing free (no attribute, no setting that is
 * not fixed) cannot contradict each other, and the same few parts come again and again.
 */
export class Theory {
  /** Ids that constants and settings name, so that a member with one of them is not like others. */
  readonly special: ReadonlySet<string>;
  private readonly rails: Rails;
  private readonly links: readonly (readonly number[])[];
  private readonly slotLinks = new Map<string, number>();
  private readonly known = new Map<string, Kind>();

  constructor(merged: Merged, rails: Rails, special: ReadonlySet<string>) {
    this.rails = rails;
    this.special = special;
    this.links = linksOf(merged.atoms);
  }

  /** Whom of all frames the answers about these variables hold for. */
  signature(frame: Frame, variables: Iterable<Variable>): string {
    return frame.signature(this.rails.focusOn(variables), this.special);
  }

  check(frame: Frame, state: State): Kind {
    let result: Kind = 'possible';
    for (const part of this.partsOf(frame, state)) {
      const kind = this.checkPart(frame, part);
      if (kind === 'impossible') return kind;
      if (kind === 'undecided') result = kind;
    }
    return result;
  }

  /** What of a state is not possible, with nothing in it that could be left out; null where all is possible. */
  conflict(frame: Frame, state: State): Conflict | null {
    let open: Conflict | null = null;
    for (const part of this.partsOf(frame, state)) {
      const kind = this.checkPart(frame, part);
      if (kind === 'possible') continue;
      if (kind === 'undecided') open = { kind, literals: part, isPersonal: true };
      else {
        let core = part;
        for (const literal of part) {
          const without = core.filter((other) => other !== literal);
          if (without.length > 0 && this.checkPart(frame, without) === 'impossible') core = without;
        }
        return { kind, literals: core, isPersonal: isPersonal(frame, core) };
      }
    }
    return open;
  }

  /** Of these, what shares something with the variable, itself included. */
  related(frame: Frame, variables: Iterable<Variable>, variable: Variable): readonly Variable[] {
    const state = new Map([...variables, variable].map((each) => [each, 0]));
    const part = this.partsOf(frame, state).find((literals) => literals.some(([each]) => each === variable));
    return (part ?? []).map(([each]) => each);
  }

  private checkPart(frame: Frame, part: readonly (readonly [Variable, number])[]): Kind {
    const who = isPersonal(frame, part)
      ? this.signature(
          frame,
          part.map(([variable]) => variable),
        )
      : '';
    let key = who;
    for (const [variable, is] of part) key += ` ${variable * 8 + is}`;
    let kind = this.known.get(key);
    if (kind === undefined) {
      kind = frame.solve(new Map(part)).kind;
      this.known.set(key, kind);
    }
    return kind;
  }

  private partsOf(frame: Frame, state: State): readonly (readonly (readonly [Variable, number])[])[] {
    const literals = [...state].sort((a, b) => a[0] - b[0]);
    const parents = literals.map((_, index) => index);
    const root = (index: number): number => {
      let at = index;
      while (parents[at] !== at) at = parents[at] ?? at;
      return at;
    };
    const first = new Map<number, number>();
    literals.forEach(([variable], index) => {
      const join = (link: number) => {
        const other = first.get(link);
        if (other === undefined) first.set(link, index);
        else parents[root(index)] = root(other);
      };
      this.links[atomOf(variable)]?.forEach((link) => {
        if (link > 0 || frame.id === null) join(link);
      });
      for (const [slot, { kind }] of frame.mergedAtom(variable).slots.length > 0 ? frame.slotsOf(variable) : []) {
        if (kind === 'free') join(this.slotLink(slot));
      }
    });
    const parts = new Map<number, (readonly [Variable, number])[]>();
    literals.forEach((literal, index) => {
      const at = root(index);
      const part = parts.get(at);
      if (part) part.push(literal);
      else parts.set(at, [literal]);
    });
    return [...parts.values()];
  }

  private slotLink(slot: string): number {
    const link = this.slotLinks.get(slot) ?? -1 - this.slotLinks.size;
    this.slotLinks.set(slot, link);
    return link;
  }
}

/** Does it depend on who asks? */
function isPersonal(frame: Frame, part: readonly (readonly [Variable, number])[]): boolean {
  return part.some(([variable]) => frame.mergedAtom(variable).isPersonal);
}

/** For each atom numbers of the attributes it reads, and of those on the way to them; 0 is the user's own id. */
function linksOf(atoms: readonly MergedAtom[]): readonly (readonly number[])[] {
  const numbers = new Map([['user\nid', 0]]);
  const paths = atoms.map(({ atom }) =>
    [atom.left, atom.right].flatMap((side) => (side?.kind === 'term' ? pathsOf(side) : [])),
  );
  for (const path of paths.flat()) if (!numbers.has(path)) numbers.set(path, numbers.size);
  return paths.map((own) => {
    const found = new Set<number>();
    for (const path of own) {
      const steps = path.split('\n');
      for (let length = 1; length <= steps.length; length++) {
        const number = numbers.get(steps.slice(0, length).join('\n'));
        if (number !== undefined) found.add(number);
      }
    }
    return [...found];
  });
}

function pathsOf({ source }: Term): readonly string[] {
  switch (source.kind) {
    case 'attribute':
      return [[source.root, ...source.path].join('\n')];
    case 'lookup':
      return source.keys.flatMap((key) => (typeof key === 'string' ? [] : [[key.root, ...key.path].join('\n')]));
    default:
      return [];
  }
}
