import type { Table } from '../runtime/index.ts';
export function inspect(table: Table): object {
  return { policy: table.policy };
}
