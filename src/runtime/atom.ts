import {
  BEFORE,
  BOOL,
  CONTAINS,
  EQUAL,
  IS_SET,
  IS_TRUE,
  OF_CONSTANT,
  OF_ID,
  OF_RESOURCE,
  OF_SLOT,
  OVERLAPS,
  STRING,
  WITHIN,
} from './format.ts';
import type { Operand } from './operand.ts';
import { type Ask, type Asker, holds, isOwn, readValue, type Slots } from './reading.ts';
import { ALL, type Collection } from './rows.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/** Of `read`, besides that for all other names. */
const PLACES = 12;

/** One atom, ready to be asked. */
export interface Test {
  /** 0: only `plain` can say. Else one of the kinds that most conditions are; see `ask`. */
  readonly kind: number;
  /** The resource's fact, one or two steps away. */
  readonly first: Step;
  readonly second: Step | null;
  /** With what it is compared: the slot of that number, the user's id (-1) or `value` (-2). */
  readonly slot: number;
  readonly value: unknown;
  /** What the atom is, by definition. */
  readonly plain: Ask<Truth>;
}

/** A name of a path, and which of the places in `read` is its own; all tables share them. */
interface Step {
  readonly name: string;
  readonly place: number;
}

const steps = new Map<string, Step>();

// What most conditions ask, as the operator, the type of the resource's fact, and whether it is a set. `ask` has the numbers.
const kinds = [
  -1,
  100 * IS_TRUE + 10 * BOOL,
  100 * EQUAL + 10 * STRING,
  100 * CONTAINS + 10 * STRING + 1,
  100 * CONTAINS + 10 * STRING,
  100 * OVERLAPS + 10 * STRING + 1,
];

/** Makes the test of an atom, so that decisions choose nothing twice. */
export function createTest(operator: number, limit: number, left: Operand, right: Operand | null): Test {
  const plain = createPlainTest(operator, limit, left, right);
  const isRight = right !== null && isNear(right);
  const fact = isRight ? right : left;
  const side = isRight ? left : right;
  // Nothing else than the resource's fact may be long, or a caller could choose the cost.
  const slot = side?.from === OF_SLOT ? side.slot : side?.from === OF_ID ? -1 : -2;
  const isShort = slot > -2 || side === null || (side.from === OF_CONSTANT && side.value !== ALL);
  const kind = isShort && isNear(fact) ? kinds.indexOf(100 * operator + 10 * fact.type + Number(fact.isSet)) : 0;
  const [first = '', second] = fact.path;
  const to = second === undefined ? null : stepOf(second);
  return {
    kind: kind < 0 ? 0 : kind,
    first: stepOf(first),
    second: to,
    slot,
    value: side === null ? 0 : side.value,
    plain,
  };
}

function stepOf(name: string): Step {
  const step = steps.get(name) ?? { name, place: steps.size };
  if (step.place < PLACES) steps.set(name, step);
  return step;
}

function isNear({ from, path }: Operand): boolean {
  return from === OF_RESOURCE && path.length <= 2;
}

/**
 * Is the atom true? Unknown when a value that it reads is missing or of the wrong type. This says what `plain` says, all in
 * one function since decisions spend their time here; only inherited properties are taken for facts, where `plain` says
 * unknown. Whoever trusts a true or false must ask `isSure` too.
 */
export function ask(test: Test, asker: Asker, slots: Slots, resource: unknown, context: unknown): Truth {
  const { kind, second, slot } = test;
  if (kind > 0) {
    const wanted = slot >= 0 ? slots[slot] : slot === -1 ? asker.knownId : test.value;
    // Of what a slot holds, only `all` is a symbol; the fact is not even looked at then.
    if (slot >= 0 && typeof wanted === 'symbol') return TRUE;
    const outer = read(resource as Facts, test.first);
    const value = second === null ? outer : read(outer as Facts, second);
    if (kind === 1) return value === true ? TRUE : value === false ? FALSE : UNKNOWN;
    // What is missing, or of a wrong type, is left to `plain`.
    if (kind <= 3) {
      if (typeof wanted === 'string') {
        if (kind === 2) return typeof value !== 'string' ? UNKNOWN : value === wanted ? TRUE : FALSE;
        if (Array.isArray(value)) return has(value, wanted);
      }
    } else if (typeof wanted === 'object') {
      if (kind === 4) return typeof value !== 'string' ? UNKNOWN : holds(wanted as Collection, value) ? TRUE : FALSE;
      if (Array.isArray(value)) return meets(value, wanted as Collection);
    }
  }
  return test.plain(asker, slots, resource, context);
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

/** Is one of the texts in the set? */
function meets(texts: readonly unknown[], set: Collection): Truth {
  let is: Truth = FALSE;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    if (typeof text !== 'string') return UNKNOWN;
    if (is === FALSE && holds(set, text)) is = TRUE;
  }
  return is;
}

type Facts = Readonly<Record<string, unknown>> | undefined;

/** Was what `ask` said no inherited property's doing? */
export function isSure({ kind, first, second, slot }: Test, slots: Slots, resource: unknown): boolean {
  if (kind === 0 || (slot >= 0 && typeof slots[slot] === 'symbol')) return true;
  return isOwn(resource, first.name) && (second === null || isOwn(read(resource as Facts, first), second.name));
}

/** What the atom is, by definition. */
function createPlainTest(operator: number, limit: number, left: Operand, right: Operand | null): Ask<Truth> {
  return (asker, slots, resource, context) => {
    const a = readValue(left, asker, slots, resource, context);
    const b = right ? readValue(right, asker, slots, resource, context) : 0;
    // A comparison with `all` does not depend on the other side, be it missing. Only a set on the left of `within` can be
    // `all` and false.
    if (b === ALL || (a === ALL && operator !== WITHIN)) return TRUE;
    if (a == null || b == null) return UNKNOWN;
    return a !== ALL && isTrue(operator, limit, a, b) ? TRUE : FALSE;
  };
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
  // Two long arrays of a request would cost their product, which a caller must not be able to choose.
  const isLong = Array.isArray(elements) && Array.isArray(set) && elements.length * set.length > 256;
  const quick = isLong ? new Set(set) : set;
  for (const element of elements) if (holds(quick, element) === held) return true;
  return false;
}
