import {
  BEFORE,
  CONTAINS,
  EQUAL,
  FIRST_ATOM,
  IS_SET,
  OF_ID,
  OF_SLOT,
  OVERLAPS,
  type PackedAtom,
  QUICK_FLAG,
  QUICK_TEXT,
  QUICK_TEXT_IN_SET,
  WITHIN,
} from './format.ts';
import { type Operand, operandAt } from './operand.ts';
import { type Asker, holds, isOwn, readValue, type Slots } from './reading.ts';
import { ALL, type Collection, parse } from './texts.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';
import type { World } from './world.ts';

/** Of `read`, besides that for all other names. */
const PLACES = 12;

/** One atom, ready to be asked. */
export interface Test {
  /** 0: only `truthOf` can say. Else one of the quick ones, which most conditions are; see `ask`. */
  readonly quick: number;
  /** The resource's fact, one or two steps away. */
  readonly first: Step;
  readonly second: Step | null;
  /** With what it is compared: the slot of that number, the user's id (-1) or `value` (-2). */
  readonly slot: number;
  readonly value: unknown;
  readonly operator: number;
  readonly limit: number;
  readonly left: Operand;
  readonly right: Operand | null;
}

/** A name of a path, and which of the places in `read` is its own; all tables share them. */
interface Step {
  readonly name: string;
  readonly place: number;
}

const steps = new Map<string, Step>();

/** Makes the test of an atom, so that decisions choose nothing twice. A quick one below 0 has the fact on the right. */
export function createTest(operator: number, limit: number, left: Operand, right: Operand | null, quick: number): Test {
  const [fact, side] = quick < 0 ? [right as Operand, left] : [left, right];
  const [first, second = null] = quick === 0 ? [] : (fact.of as readonly string[]).map(stepOf);
  return {
    quick: Math.abs(quick),
    first: first as Step,
    second,
    slot: side?.from === OF_SLOT ? (side.of as number) : side?.from === OF_ID ? -1 : -2,
    value: side?.of,
    operator,
    limit,
    left,
    right,
  };
}

/** Of an atom of a table; the same each time. */
export function testOf(world: World, atom: number): Test {
  const known = world.tests[atom];
  if (known) return known;
  const [operator, limit, left, right, quick = 0] = parse(world, FIRST_ATOM + atom) as PackedAtom;
  const other = right === null ? null : operandAt(world, right);
  const test = world.createTest(operator, limit, operandAt(world, left), other, quick);
  world.tests[atom] = test;
  return test;
}

function stepOf(name: string): Step {
  const step = steps.get(name) ?? { name, place: steps.size };
  if (step.place < PLACES) steps.set(name, step);
  return step;
}

/**
 * Is the atom true? Unknown when a value that it reads is missing or of the wrong type. This says what `truthOf` says, all in
 * one function since decisions spend their time here; only inherited properties are taken for facts, where `truthOf` says
 * unknown. Whoever trusts a true or false must ask `isSure` too.
 */
export function ask(test: Test, asker: Asker, slots: Slots, resource: unknown, context: unknown): Truth {
  const { quick, second, slot } = test;
  if (quick > 0) {
    let wanted: unknown;
    if (slot >= 0) {
      wanted = slots[slot];
      // Of what a slot holds, only `all` is a symbol; the fact is not even looked at then.
      if (typeof wanted === 'symbol') return TRUE;
    } else wanted = slot === -1 ? asker.id : test.value;
    const outer = read(resource as Facts, test.first);
    const value = second === null ? outer : read(outer as Facts, second);
    if (quick === QUICK_FLAG) return value === true ? TRUE : value === false ? FALSE : UNKNOWN;
    // What is missing, or of a wrong type, is left to `truthOf`.
    if (quick < QUICK_TEXT_IN_SET) {
      if (typeof wanted === 'string') {
        if (quick === QUICK_TEXT) return typeof value !== 'string' ? UNKNOWN : value === wanted ? TRUE : FALSE;
        if (Array.isArray(value)) return has(value, wanted);
      }
    } else if (typeof wanted === 'object') {
      if (quick === QUICK_TEXT_IN_SET) {
        return typeof value !== 'string' ? UNKNOWN : holds(wanted as Collection, value) ? TRUE : FALSE;
      }
      if (Array.isArray(value)) return meets(value, wanted as Collection);
    }
  }
  return truthOf(test, asker, slots, resource, context);
}

/**
 * A property by a name that is not known before. An engine compiles each of these reads for the names that it has met, and
 * is slow from the second on: so the first names of a process have one each.
 */
function read(object: Facts, { name, place }: Step): unknown {
  if (object == null) return undefined;
  switch (place) {
    case 0:
      return object[name];
    case 1:
      return object[name];
    case 2:
      return object[name];
    case 3:
      return object[name];
    case 4:
      return object[name];
    case 5:
      return object[name];
    case 6:
      return object[name];
    case 7:
      return object[name];
    case 8:
      return object[name];
    case 9:
      return object[name];
    case 10:
      return object[name];
    case 11:
      return object[name];
    default:
      return object[name];
  }
}

/** Do texts hold the wanted one? */
function has(texts: readonly unknown[], wanted: unknown): Truth {
  let is: Truth = FALSE;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    if (typeof text !== 'string') return UNKNOWN;
    if (text === wanted) is = TRUE;
  }
  return is;
}

/** Is one of the texts in the set, which is the table's own? */
function meets(texts: readonly unknown[], set: Collection): Truth {
  let is: Truth = FALSE;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    if (typeof text !== 'string') return UNKNOWN;
    if (is === FALSE && (Array.isArray(set) ? set.includes(text) : (set as ReadonlySet<unknown>).has(text))) is = TRUE;
  }
  return is;
}

type Facts = Readonly<Record<string, unknown>> | undefined;

/** Was what `ask` said no inherited property's doing? */
export function isSure({ quick, first, second, slot }: Test, slots: Slots, resource: unknown): boolean {
  if (quick === 0 || (slot >= 0 && typeof slots[slot] === 'symbol')) return true;
  return isOwn(resource, first.name) && (second === null || isOwn(read(resource as Facts, first), second.name));
}

/** What the atom is, by definition. */
export function truthOf(
  { operator, limit, left, right }: Test,
  asker: Asker,
  slots: Slots,
  resource: unknown,
  context: unknown,
): Truth {
  const a = readValue(left, asker, slots, resource, context);
  const b = right ? readValue(right, asker, slots, resource, context) : 0;
  // A comparison with `all` does not depend on the other side, be it missing. Only a set on the left of `within` can be
  // `all` and false.
  if (b === ALL || (a === ALL && operator !== WITHIN)) return TRUE;
  if (a == null || b == null) return UNKNOWN;
  return a !== ALL && isTrue(operator, limit, a, b) ? TRUE : FALSE;
}

function isTrue(operator: number, limit: number, a: unknown, b: unknown): boolean {
  switch (operator) {
    case EQUAL:
      return a === b;
    case BEFORE:
      return (a as number) - (b as number) < limit;
    case CONTAINS:
      return holds(b as Collection, a);
    case OVERLAPS:
      return Array.isArray(a) ? isHeld(a, b as Collection, true) : isHeld(b as Collection, a as Collection, true);
    case WITHIN:
      return !isHeld(a as Collection, b as Collection, false);
    case IS_SET:
      return true;
    default:
      return a === true;
  }
}

/** Is some element held by the set (or, where `held` is false, not held)? */
function isHeld(elements: Collection, set: Collection, held: boolean): boolean {
  const list: readonly unknown[] = Array.isArray(elements) ? elements : [...elements];
  // Two long arrays of a request would cost their product, which a caller must not be able to choose.
  const quick = Array.isArray(set) && list.length * set.length > 256 ? new Set(set) : set;
  for (let i = 0; i < list.length; i++) if (holds(quick, list[i]) === held) return true;
  return false;
}
