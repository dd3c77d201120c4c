import type { TableValue } from '../runtime/index.ts';
import { ALL, type PlainValue } from '../solver/index.ts';

/** What is known about a setting of somebody who asks. */
export type SlotState =
  | { readonly kind: 'fixed'; readonly value: TableValue }
  | { readonly kind: 'missing' }
  /** Any value; with a default it is never missing. */
  | { readonly kind: 'free'; readonly isPresent: boolean };

export function keyOf(state: SlotState): string {
  if (state.kind !== 'fixed') return state.kind === 'free' ? `free ${state.isPresent}` : 'missing';
  const value = plainValue(state.value);
  return value === ALL ? 'all' : JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
}

export function plainValue(value: TableValue): PlainValue | typeof ALL {
  if (typeof value === 'symbol') return ALL;
  return typeof value === 'object' ? ([...value] as PlainValue) : value;
}
