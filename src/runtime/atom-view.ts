// Atoms with names in place of numbers, for tools: an application loads none of this.
import {
  ATOM_NAMES,
  type AtomOperator,
  FIRST_ATOM,
  OF_CONSTANT,
  OF_LOOKUP,
  OF_SLOT,
  operators,
  type PackedAtom,
  scalarTypes,
  sources,
} from './format.ts';
import { type Operand, operandAt } from './operand.ts';
import { type Collection, parse, read, type TableValue } from './texts.ts';
import type { World } from './world.ts';

export interface NamedOperand {
  readonly text: string;
  readonly from: (typeof sources)[number];
  readonly type: (typeof scalarTypes)[number];
  /** Of an attribute. */
  readonly path: readonly string[];
  /** Of a slot, else -1. */
  readonly slot: number;
  /** Of a lookup, outermost first. */
  readonly keys: readonly NamedOperand[];
  /** Of a constant. */
  readonly value: TableValue | null;
  /** Of an enum. */
  readonly values: Collection;
  readonly isSet: boolean;
  readonly isDay: boolean;
  readonly months: number;
  /** As `missing` of a decision calls it; empty for a constant. */
  readonly name: string;
  /** As decisions read it. */
  readonly operand: Operand;
}

export interface AtomView {
  readonly text: string;
  readonly operator: AtomOperator;
  readonly left: NamedOperand;
  readonly right: NamedOperand | null;
  readonly limit: number;
  /** A fact of it is read before anybody asks whose property it is: see `ask`. */
  readonly isQuick: boolean;
}

export function readAtom(world: World, atom: number): AtomView {
  type Names = readonly (readonly [atom: string, left: string, right: string | null])[];
  const [text = '', nameOfLeft = '', nameOfRight] = read<Names>(world, ATOM_NAMES)[atom] ?? [];
  const [operator, limit, left, right, quick = 0] = parse(world, FIRST_ATOM + atom) as PackedAtom;
  return {
    text,
    operator: operators[operator] as AtomOperator,
    left: nameOperand(operandAt(world, left), nameOfLeft),
    right: right === null ? null : nameOperand(operandAt(world, right), nameOfRight ?? ''),
    limit,
    isQuick: quick !== 0,
  };
}

function nameOperand(operand: Operand, text: string): NamedOperand {
  const { from, of, type = 0, isSet = 0, isDay = 0, months = 0, name, choices } = operand;
  const isConstant = from === OF_CONSTANT;
  const isLookup = from === OF_LOOKUP;
  const source = sources[from] as (typeof sources)[number];
  return {
    text,
    from: source,
    type: scalarTypes[type] as (typeof scalarTypes)[number],
    path: isConstant || isLookup || from === OF_SLOT ? [] : (of as readonly string[]),
    slot: from === OF_SLOT ? (of as number) : -1,
    keys: isLookup ? (of as readonly Operand[]).map((key) => nameOperand(key, textOfKey(key))) : [],
    value: isConstant ? (of as TableValue) : null,
    values: choices === 0 ? [] : (choices as Collection),
    isSet: isSet > 0,
    isDay: isDay > 0,
    months,
    name,
    operand,
  };
}

/** A key is a text, or a fact that is one. */
function textOfKey({ from, of }: Operand): string {
  if (from === OF_CONSTANT) return '';
  const root = sources[from] as string;
  return [root === 'user-id' ? 'user' : root, ...(of as readonly string[])].join('.');
}
