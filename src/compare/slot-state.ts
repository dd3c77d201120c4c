import type { TableValue } from '../runtime/index.ts';
import { ALL, type PlainValue } from '../solver/index.ts';

/** What is known about a setting of somebody who asks. */
export type SlotState =
  | { readonly kind: 'fixed'; readonly value: TableValue }
  | { readonly kind: 'missing' }
  /** Any value; with a default it is never missing. */
  | { readonly kind: 'free'; readonly isPresent: boolean };

/** Equal for equal states; texts that are open are said by `numberOf`. */
export function keyOf(
  state: SlotState,
  isOpen: (text: string) => boolean = () => false,
  numberOf: (text: string) => string = String,
): string {
  if (state.kind !== 'fixed') return state.kind === 'free' ? `free ${state.isPresent}` : 'missing';
  const value = plainValue(state.value);
  if (value === ALL) return 'all';
  if (!Array.isArray(value))
    return typeof value === 'string' && isOpen(value) ? numberOf(value) : JSON.stringify(value);
  const sorted = [...value].sort();
  const open = sorted.filter((item) => typeof item === 'string' && isOpen(item));
  const key = JSON.stringify(sorted.filter((item) => !open.includes(item)));
  return open.length === 0 ? key : `${key} ${open.map(numberOf).join(' ')}`;
}

export function plainValue(value: TableValue): PlainValue | typeof ALL {
  if (typeof value === 'symbol') return ALL;
  return typeof value === 'object' ? ([...value] as PlainValue) : value;
}
