import type { AtomView, Operand } from '../runtime/tools.ts';
import { quote } from './text.ts';

/** What the code of an atom is written into: statements of a function of user `u`, settings `s`, resource `r`, context `c`. */
export interface Block {
  /** What stands at the end of the path, read once: from the resource, the context or the user's attributes. */
  fact(from: 'resource' | 'context' | 'user', path: readonly string[]): string;
  slot(slot: number): string;
  /** The name of a set of the policy, which is made once. */
  set(elements: Iterable<unknown>): string;
  /** The name of a value that is worked out here. */
  declare(expression: string): string;
  /** Leaves the request to the table where that is true. */
  leave(isOpen: string): void;
}

/**
 * Writes what an atom needs and returns an expression for "it is true". Null, and nothing written, for an atom that is left
 * to the table: about dates or the clock, about a setting that a fact chooses, about two sets of the request.
 */
export function writeAtom({ operator, left, right, limit }: AtomView, block: Block): string | null {
  switch (operator) {
    case 'equal':
      if (!right || !isScalar(left) || !isScalar(right)) return null;
      return writeSides([left, right], block, ([a, b]) => `${a} === ${b}`);
    case 'before':
      if (!isScalar(left) || (right && !isScalar(right))) return null;
      return writeSides(right ? [left, right] : [left], block, ([a, b]) => `${b ? `${a} - ${b}` : a} < ${limit}`);
    case 'is-set':
    case 'true':
      if (!isScalar(left)) return null;
      return writeSides([left], block, ([a]) => (operator === 'true' ? `${a} === true` : 'true'));
    case 'contains':
      if (!right || !isScalar(left)) return null;
      if (isSetOfTable(right)) return writeSides([left, right], block, ([a, b]) => `holds(${b}, ${a})`);
      if (!isTexts(right) || left.type !== 'string') return null;
      return writeTernary([left], block, ([a]) => `has(${readFact(right, block)}, ${a})`);
    case 'overlaps':
      return right && (writeSets('meets', left, right, block) ?? writeSets('meets', right, left, block));
    case 'within':
      return right && writeSets('isWithin', left, right, block);
    default:
      return operator satisfies never;
  }
}

/** Texts that the request brings beside a set of the policy or of a setting. */
function writeSets(ask: 'meets' | 'isWithin', texts: Operand, set: Operand, block: Block): string | null {
  if (!isTexts(texts) || !isSetOfTable(set)) return null;
  return writeTernary([set], block, ([of]) => `${ask}(${readFact(texts, block)}, ${of})`);
}

/** Types come before every comparison; beside the universal set nothing else matters. */
function writeSides(sides: readonly Operand[], block: Block, compare: (names: readonly string[]) => string): string {
  const { names, all, wrong } = readSides(sides, block);
  if (wrong.length > 0) {
    const isWrong = wrong.join(' || ');
    const isOther = all.map((is) => `${is.replace('===', '!==')} && `).join('');
    block.leave(isOther !== '' && wrong.length > 1 ? `${isOther}(${isWrong})` : `${isOther}${isWrong}`);
  }
  return [...all, compare(names)].join(' || ');
}

/** As `writeSides`, where the comparison says 1, 0 or that it cannot tell. */
function writeTernary(sides: readonly Operand[], block: Block, compare: (names: readonly string[]) => string): string {
  const { names, all, wrong } = readSides(sides, block);
  const steps = [...all.map((is) => `${is} ? 1 : `), ...wrong.map((is) => `${is} ? -1 : `), compare(names)];
  const truth = block.declare(steps.join(''));
  block.leave(`${truth} < 0`);
  return `${truth} > 0`;
}

function readSides(sides: readonly Operand[], block: Block) {
  const names = sides.map((side) => readSide(side, block));
  const isSlot = (_: string, i: number) => sides[i]?.from === 'slot';
  return {
    names,
    all: names.filter(isSlot).map((name) => `${name} === ALL`),
    wrong: sides.flatMap((side, i) => isWrong(side, names[i] ?? '', block) ?? []),
  };
}

function readSide(operand: Operand, block: Block): string {
  const { from, slot, value } = operand;
  switch (from) {
    case 'slot':
      return block.slot(slot);
    case 'user-id':
      return block.declare('u.id');
    case 'constant':
      if (typeof value === 'string') return quote(value);
      return typeof value === 'object' && value !== null ? block.set(value) : String(value);
    default:
      return readFact(operand, block);
  }
}

function readFact({ from, path }: Operand, block: Block): string {
  return block.fact(from as Parameters<Block['fact']>[0], path);
}

/** Null where it cannot be: the compiler has typed constants. */
function isWrong({ from, type, isSet, values }: Operand, name: string, block: Block): string | null {
  if (from === 'constant') return null;
  if (isSet) return `${name} === undefined`;
  switch (type) {
    case 'string':
      return `typeof ${name} !== "string"`;
    case 'bool':
      return `typeof ${name} !== "boolean"`;
    case 'int':
      return `!Number.isSafeInteger(${name})`;
    case 'enum':
      return `!holds(${block.set(values)}, ${name})`;
    default:
      return `typeof ${name} !== "object" || ${name} === null || Array.isArray(${name})`;
  }
}

const scalars = ['string', 'bool', 'int', 'enum'];

function isScalar({ from, type, isSet, isDay, months, value }: Operand): boolean {
  if (isSet || isDay || months !== 0) return false;
  if (from === 'constant') return typeof value !== 'symbol' && typeof value !== 'object';
  return (scalars.includes(type) && from !== 'lookup' && from !== 'now') || (isFact(from) && type === 'reference');
}

/** A set whose elements the compiler has typed. */
function isSetOfTable({ from, isSet, value }: Operand): boolean {
  return from === 'constant' ? typeof value === 'object' && value !== null : from === 'slot' && isSet;
}

function isTexts({ from, type, isSet }: Operand): boolean {
  return isSet && type === 'string' && isFact(from);
}

function isFact(from: Operand['from']): boolean {
  return from === 'resource' || from === 'context' || from === 'user';
}
