import { type Alone, ANYTHING, FALSE, type Frame, TRUE, UNKNOWN, type Variable } from '../compare/index.ts';

const sure = [TRUE, FALSE] as const;
const open = [TRUE, FALSE, UNKNOWN] as const;
/** Of `is set`, which is never false. */
const sureSet = [TRUE] as const;
const openSet = [TRUE, UNKNOWN] as const;

/** What atoms may be in the requests that count, and what functions come to in them. */
export interface Domain {
  statesOf(variable: Variable): readonly number[];
  /** The function, equal for functions that are equal in those states: a state that does not occur goes with another. */
  fold(node: number): number;
  /** The state as bits, with those that go with it. */
  bitsOf(variable: Variable, is: number): number;
}

/** Makes domains of functions and those who ask; equal ones are one. */
export class Domains {
  private readonly rails: Alone['rails'];
  private readonly known = new Map<Frame, Map<string, Domain>>();
  private readonly asked = new Map<number, string>();

  constructor(rails: Alone['rails']) {
    this.rails = rails;
  }

  /** For requests of one who asks, about the functions. */
  of(frame: Frame, nodes: readonly number[]): Domain {
    const asked = [...new Set(nodes.flatMap((node) => this.askedIn(frame, node).split('\n')))].sort();
    const key = asked.join('\n');
    const own = this.known.get(frame) ?? new Map<string, Domain>();
    this.known.set(frame, own);
    let domain = own.get(key);
    if (!domain) {
      const paths = asked.filter((path) => path !== '');
      domain = this.make(frame, (path) => !paths.some((other) => path.startsWith(other)));
      own.set(key, domain);
    }
    return domain;
  }

  /** For requests that send just the facts at these paths, unless the functions ask whether they are set. */
  ofSent(frame: Frame, nodes: readonly number[], sent: ReadonlySet<string>): Domain {
    const asked = nodes.flatMap((node) => this.askedIn(frame, node).split('\n')).filter((path) => path !== '');
    return this.make(
      frame,
      (path) => path === now || (sent.has(path) && !asked.some((other) => path.startsWith(other))),
    );
  }

  /** For all requests, whatever is missing; a clock always gives the time. */
  ofAnything(frame: Frame): Domain {
    return this.make(frame, (path) => path === now);
  }

  private make(frame: Frame, isSent: (path: string) => boolean): Domain {
    const { rails } = this;
    const find = (variable: Variable): readonly number[] => {
      const isSet = frame.mergedAtom(variable).atom.operator === 'is-set';
      return isCertain(frame, variable, isSent) ? (isSet ? sureSet : sure) : isSet ? openSet : open;
    };
    const states = new Map<Variable, readonly number[]>();
    const memo = new Map<number, number>();
    const statesOf = (variable: Variable) => {
      const found = states.get(variable) ?? find(variable);
      states.set(variable, found);
      return found;
    };
    const fold = (node: number): number => {
      if (node <= 1) return node;
      const known = memo.get(node);
      if (known !== undefined) return known;
      const variable = rails.variableAt(node);
      const side = (is: number) => fold(rails.sideOf(node, is));
      const states = statesOf(variable);
      const yes = side(TRUE);
      const no = states.includes(FALSE) ? side(FALSE) : null;
      const unknown = states.includes(UNKNOWN) ? side(UNKNOWN) : null;
      const result = rails.choose(variable, yes, no ?? unknown ?? yes, unknown ?? no ?? yes);
      memo.set(node, result);
      return result;
    };
    const bitsOf = (variable: Variable, is: number) => {
      const states = statesOf(variable);
      if (states === open) return is;
      return states === sureSet ? ANYTHING : is === TRUE ? TRUE : FALSE | UNKNOWN;
    };
    return { statesOf, fold, bitsOf };
  }

  /** Paths of the attributes that `is set` asks about. */
  private askedIn(frame: Frame, node: number): string {
    const known = this.asked.get(node);
    if (known !== undefined) return known;
    const variables = new Set(this.rails.store.reach(node).map((at) => this.rails.variableAt(at)));
    const paths = [...variables].flatMap((variable) => {
      const { atom } = frame.mergedAtom(variable);
      const source = atom.left.kind === 'term' ? atom.left.source : null;
      return atom.operator === 'is-set' && source?.kind === 'attribute' ? [pathOf(source)] : [];
    });
    const text = paths.sort().join('\n');
    this.asked.set(node, text);
    return text;
  }
}

/** A clock gives it. */
const now = 'context/now/';

/** The attributes that an atom reads itself, by path. */
export function pathsOf(frame: Frame, variable: Variable): ReadonlyMap<string, AttributeKey> {
  const { atom } = frame.mergedAtom(variable);
  const found = new Map<string, AttributeKey>();
  for (const side of [atom.left, atom.right]) {
    if (side?.kind !== 'term' || side.source.kind === 'slot') continue;
    const { source } = side;
    const keys = source.kind === 'attribute' ? [source] : source.keys.filter((key) => typeof key !== 'string');
    for (const key of keys) if (pathOf(key) !== now) found.set(pathOf(key), key);
  }
  return found;
}

interface AttributeKey {
  readonly root: string;
  readonly path: readonly string[];
}

function pathOf({ root, path }: { readonly root: string; readonly path: readonly string[] }): string {
  return `${[root, ...path].join('/')}/`;
}

/** Is it always known whether the atom is true, once the facts are there that are sent? */
function isCertain(frame: Frame, variable: Variable, isSent: (path: string) => boolean): boolean {
  const { atom } = frame.mergedAtom(variable);
  const states = new Map(frame.slotsOf(variable));
  return [atom.left, atom.right].every((side) => {
    if (side?.kind !== 'term') return true;
    const { source } = side;
    if (source.kind === 'attribute') return isSent(pathOf(source));
    // A lookup may lead nowhere.
    if (source.kind === 'lookup') return false;
    const state = states.get(source.slot);
    return state?.kind === 'fixed' || (state?.kind === 'free' && state.isPresent);
  });
}
