import type { Constant, Term } from '../solver/index.ts';
import type { Frame } from './frame.ts';
import { atomIn, type Literal, statesIn, variableIn } from './literals.ts';
import type { Merged, MergedAtom } from './merge.ts';
import { UNKNOWN } from './rails.ts';

/** A side of an atom that can be whatever the atom asks for, given that the other side is a text. */
interface LooseEnd {
  /** Where it stands, with everything on the way. */
  readonly paths: readonly string[];
  /** The other side. */
  readonly other: string;
}

type Asking = Pick<Frame, 'isStranger' | 'slotsOf'>;

/**
 * Literals that no others can forbid: an attribute that nothing else reads is made to equal a text, or to hold it, or not
 * to, or is left out, whatever the text is. Without them a conjunction is possible just when it is possible with them.
 */
export class LooseEnds {
  /** By atom. */
  private readonly ends: readonly (readonly LooseEnd[])[];
  /** By atom: attributes that it reads, with everything on the way. */
  private readonly paths: readonly (readonly string[])[];
  /** By atom: texts without which it is unknown. */
  private readonly texts: readonly (readonly string[])[];

  constructor({ atoms }: Pick<Merged, 'atoms'>) {
    this.ends = atoms.map(endsOf);
    this.paths = atoms.map(({ atom }) => [atom.left, atom.right].flatMap((side) => pathsOf(side)));
    this.texts = atoms.map(textsOf);
  }

  /** What is left once nothing can be taken away. */
  without(literals: readonly Literal[], frame: Asking): readonly Literal[] {
    let left = literals;
    for (let at = 0; at < left.length && left.length > 1; ) {
      const literal = left[at] as Literal;
      const others = left.filter((other) => other !== literal);
      if (this.isLoose(literal, others, frame)) {
        left = others;
        at = 0;
      } else at++;
    }
    return left;
  }

  private isLoose(literal: Literal, others: readonly Literal[], frame: Asking): boolean {
    return (this.ends[atomIn(literal)] ?? []).some(({ paths, other }) => {
      const isShared = others.some((one) => this.paths[atomIn(one)]?.some((path) => paths.includes(path)));
      if (isShared) return false;
      // A fact that is left out makes every comparison with a text unknown.
      if (statesIn(literal) === UNKNOWN || (other === USER && !frame.isStranger)) return true;
      const isRead = (one: Literal) => statesIn(one) !== UNKNOWN && this.texts[atomIn(one)]?.includes(other);
      return areFree(frame, literal) && others.some((one) => isRead(one) && areFree(frame, one));
    });
  }
}

/** Settings that may be anything are the same for all who ask. */
function areFree(frame: Asking, literal: Literal): boolean {
  return frame.slotsOf(variableIn(literal)).every(([, { kind }]) => kind === 'free');
}

const USER = 'user\nid';

function endsOf({ atom: { operator, left, right } }: MergedAtom): readonly LooseEnd[] {
  const end = (side: Term | Constant | null, isSet: boolean, from: Term | Constant | null): readonly LooseEnd[] => {
    const other = textOf(from);
    const paths = pathsOf(side);
    const isAttribute = side?.kind === 'term' && side.source.kind === 'attribute';
    const isText = isAttribute && side.type.kind === 'string' && side.isSet === isSet;
    const isApart = !paths.includes(USER) && !pathsOf(from).some((path) => paths.includes(path));
    return isText && other !== null && isApart ? [{ paths, other }] : [];
  };
  if (operator === 'contains') return end(right, true, left);
  return operator === 'equal' ? [...end(left, false, right), ...end(right, false, left)] : [];
}

function textsOf({ atom: { operator, left, right } }: MergedAtom): readonly string[] {
  if (operator === 'equal') return [left, right].flatMap((side) => textOf(side) ?? []);
  // A setting may be `all`, which holds what nobody knows, too.
  const isAttribute = right?.kind === 'term' && right.source.kind === 'attribute';
  return operator === 'contains' && isAttribute ? [textOf(left) ?? []].flat() : [];
}

/** What the side reads, where it is one text. */
function textOf(side: Term | Constant | null): string | null {
  if (side?.kind !== 'term' || side.isSet || side.type.kind !== 'string') return null;
  const { source } = side;
  if (source.kind === 'attribute') return [source.root, ...source.path].join('\n');
  return source.kind === 'slot' ? `setting ${source.slot}` : null;
}

/** The attribute of a side, and everything on the way to it; nothing where it is none. */
function pathsOf(side: Term | Constant | null): readonly string[] {
  if (side?.kind !== 'term') return [];
  const { source } = side;
  const keys = source.kind === 'lookup' ? source.keys.flatMap((key) => (typeof key === 'string' ? [] : key)) : [];
  const found = source.kind === 'attribute' ? [source] : keys;
  return found.flatMap(({ root, path }) => path.map((_, at) => [root, ...path.slice(0, at + 1)].join('\n')));
}
