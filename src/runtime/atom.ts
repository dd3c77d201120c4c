import { type Asker, holds, readScalar, readSet, type Zone } from './reading.ts';
import { ALL, type AtomView, type Collection, type Operand } from './view.ts';

export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

/** Is the atom true? Unknown when a value that it reads is missing or of the wrong type. `now` is NaN when unknown. */
export function evaluateAtom(
  atom: AtomView,
  zone: Zone,
  asker: Asker,
  resource: unknown,
  context: unknown,
  now: number,
): Truth {
  const { operator, left } = atom;
  const right = atom.right as Operand;
  switch (operator) {
    case 'equal': {
      const a = readScalar(left, zone, asker, resource, context, now);
      const b = readScalar(right, zone, asker, resource, context, now);
      if (a === undefined || a === null || b === undefined || b === null) return UNKNOWN;
      return a === b ? TRUE : FALSE;
    }
    case 'before': {
      const a = readScalar(left, zone, asker, resource, context, now);
      const b = atom.right === null ? 0 : readScalar(right, zone, asker, resource, context, now);
      if (typeof a !== 'number' || typeof b !== 'number') return UNKNOWN;
      return a - b < atom.limit ? TRUE : FALSE;
    }
    case 'contains': {
      const set = readSet(right, asker, resource, context);
      if (set === ALL) return TRUE;
      const element = readScalar(left, zone, asker, resource, context, now);
      if (set === undefined || set === null || element === undefined || element === null) return UNKNOWN;
      return holds(set, element) ? TRUE : FALSE;
    }
    case 'overlaps': {
      const a = readSet(left, asker, resource, context);
      const b = readSet(right, asker, resource, context);
      if (a === ALL || b === ALL) return TRUE;
      if (a === undefined || a === null || b === undefined || b === null) return UNKNOWN;
      return overlap(a, b) ? TRUE : FALSE;
    }
    case 'within': {
      const a = readSet(left, asker, resource, context);
      const b = readSet(right, asker, resource, context);
      if (b === ALL) return TRUE;
      if (a === ALL) return FALSE;
      if (a === undefined || a === null || b === undefined || b === null) return UNKNOWN;
      return isWithin(a, b) ? TRUE : FALSE;
    }
    case 'is-set': {
      const value = left.isSet
        ? readSet(left, asker, resource, context)
        : readScalar(left, zone, asker, resource, context, now);
      return value === undefined || value === null ? UNKNOWN : TRUE;
    }
    case 'true': {
      const value = readScalar(left, zone, asker, resource, context, now);
      return value === true ? TRUE : value === false ? FALSE : UNKNOWN;
    }
    default:
      return operator satisfies never;
  }
}

function overlap(a: Collection, b: Collection): boolean {
  return Array.isArray(a) ? someHeld(a, b) : someHeld(b, a);
}

function someHeld(elements: Collection, set: Collection): boolean {
  const quick = quicken(elements, set);
  for (const element of elements) if (holds(quick, element)) return true;
  return false;
}

function isWithin(a: Collection, b: Collection): boolean {
  const quick = quicken(a, b);
  for (const element of a) if (!holds(quick, element)) return false;
  return true;
}

/** Two long arrays of a request would cost their product, which a caller must not be able to choose. */
function quicken(elements: Collection, set: Collection): Collection {
  return Array.isArray(elements) && Array.isArray(set) && elements.length * set.length > 256 ? new Set(set) : set;
}
