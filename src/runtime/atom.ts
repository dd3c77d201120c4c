import { type Asker, holds, read } from './reading.ts';
import { ALL, type AtomView, type Collection } from './view.ts';

export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

/** Is the atom true? Unknown when a value that it reads is missing or of the wrong type. `now` is NaN when unknown. */
export function evaluateAtom(atom: AtomView, asker: Asker, resource: unknown, context: unknown, now: number): Truth {
  const { operator, left, right } = atom;
  const a = read(left, asker, resource, context, now);
  const b = right === null ? 0 : read(right, asker, resource, context, now);
  // A comparison with `all` does not depend on the other side, be it missing. Only a set on the left of `within` can be
  // `all` and false.
  if (b === ALL || (a === ALL && operator !== 'within')) return TRUE;
  if (a == null || b == null) return UNKNOWN;
  if (a === ALL) return FALSE;
  return isTrue(atom, a, b) ? TRUE : FALSE;
}

function isTrue({ operator, limit }: AtomView, a: unknown, b: unknown): boolean {
  switch (operator) {
    case 'equal':
      return a === b;
    case 'before':
      return (a as number) - (b as number) < limit;
    case 'contains':
      return holds(b as Collection, a);
    case 'overlaps':
      return Array.isArray(a) ? someHeld(a, b as Collection, true) : someHeld(b as Collection, a as Collection, true);
    case 'within':
      return !someHeld(a as Collection, b as Collection, false);
    case 'is-set':
      return true;
    case 'true':
      return a === true;
    default:
      return operator satisfies never;
  }
}

/** Is some element held by the set (or, where `held` is false, not held)? */
function someHeld(elements: Collection, set: Collection, held: boolean): boolean {
  // Two long arrays of a request would cost their product, which a caller must not be able to choose.
  const isLong = Array.isArray(elements) && Array.isArray(set) && elements.length * set.length > 256;
  const quick = isLong ? new Set(set) : set;
  for (const element of elements) if (holds(quick, element) === held) return true;
  return false;
}
