import { ENUM, OF_CONSTANT, OF_LOOKUP, type PackedTerm } from './format.ts';
import { collect, parse, read, type Texts, valueAt } from './texts.ts';

/** A side of an atom, or a key of a lookup: a constant, or a value that a request or a user brings. What is left out is 0. */
export interface Operand {
  /** Of `sources`. */
  readonly from: number;
  /** A path; the number of a slot; of a lookup its keys, outermost first; a constant. */
  readonly of: unknown;
  /** Of `scalarTypes`. */
  readonly type: number | undefined;
  readonly isSet: number | undefined;
  /** As `missing` of a decision calls it. */
  readonly name: string;
  readonly months: number | undefined;
  readonly isDay: number | undefined;
  /** Values of an enum. */
  readonly choices: unknown;
  /** Of a lookup where its keys lead: from each key to a tree or the number of a slot. */
  readonly tree: unknown;
}

/** The same each time. */
export function operandAt(texts: Texts, id: number): Operand {
  return read(texts, id, (packed: PackedTerm) => createOperand(texts, packed, false));
}

/** Keys of lookups are no lookups themselves, whatever a table says: what they would come to could grow without end. */
function createOperand(texts: Texts, packed: PackedTerm, isKey: boolean): Operand {
  const [from, of, type, isSet, name = '', months, isDay, choices, tree] = packed;
  const isLookup = from === OF_LOOKUP;
  const elements = Array.isArray(of) && !isKey ? of : [];
  const keyOf = (key: number) => createOperand(texts, parse(texts, key) as PackedTerm, true);
  return {
    from,
    of: isLookup ? elements.map(keyOf) : from === OF_CONSTANT && isSet ? collect(elements) : of,
    type,
    isSet,
    name,
    months,
    isDay,
    choices: type === ENUM ? valueAt(texts, choices as number) : 0,
    tree: isLookup ? valueAt(texts, tree as number) : 0,
  };
}
