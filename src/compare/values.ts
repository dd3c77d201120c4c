import { ALL, type Constant } from '../solver/index.ts';

/** Values as people write them. */

type SayInstant = (instant: number) => string;

/** Quoted unless it is one plain word, so that no value reads like a part of the sentence. */
export function constantText(value: Constant['value']): string {
  if (typeof value === 'object') return `{${value.map((item) => constantText(item)).join(', ')}}`;
  return typeof value === 'string' && !/^[\p{L}\p{N}][\p{L}\p{N}\p{M}_.:@/+-]*$/u.test(value)
    ? JSON.stringify(value)
    : `${value}`;
}

export function settingText(value: unknown, kind: string, say: SayInstant): string {
  if (value === ALL) return 'all';
  if (Array.isArray(value)) return `{${value.map((item) => valueText(item, kind, say)).join(', ')}}`;
  return valueText(value as string | number | boolean, kind, say);
}

export function valueText(value: string | number | boolean, kind: string, say: SayInstant): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return constantText(value);
  if (kind === 'date') return dayText(value);
  return kind === 'date-time' ? say(value) : `${value}`;
}

function dayText(day: number): string {
  return Math.abs(day) <= 100_000_000 ? new Date(day * 86_400_000).toISOString().slice(0, -14) : `${day}`;
}
