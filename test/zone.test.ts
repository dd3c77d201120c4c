import { expect, test } from 'vitest';
import { clockOf } from '../src/zone/index.ts';

test('an instant is said as the clocks of the zone show it', () => {
  const sydney = clockOf('Australia/Sydney');
  expect(sydney(Date.UTC(2026, 2, 1, 13))).toBe('2026-03-02');
  expect(sydney(Date.UTC(2026, 2, 1, 13, 30))).toBe('2026-03-02T00:30+11:00');
  expect(sydney(Date.UTC(2026, 6, 1, 14))).toBe('2026-07-02');
  expect(sydney(Date.UTC(2026, 6, 1, 13, 59, 59, 999))).toBe('2026-07-01T23:59:59.999+10:00');
  expect(clockOf('America/St_Johns')(Date.UTC(2026, 0, 1))).toBe('2025-12-31T20:30-03:30');
  expect(clockOf('UTC')(Date.UTC(2026, 2, 1))).toBe('2026-03-01');
  expect(clockOf('UTC')(Date.UTC(2026, 2, 1, 13))).toBe('2026-03-01T13:00Z');
  expect(sydney(8.64e15)).toBe('8640000000000000');
});
