// The smallest door: tables that answer `can` and `permitted`, without reasons.
import { type LoadOptions, open, type Table as TableOf } from './load.ts';
import { Asking } from './user.ts';

export type { LoadOptions } from './load.ts';
export { TableError, type TableErrorCode } from './table-error.ts';
export type { UserDescription } from './user.ts';
export type { Asking as User };

export type Table = TableOf<Asking>;

/** As `loadTable` of the whole runtime; the table cannot `verify` itself. */
export function loadTable(bytes: Uint8Array | ArrayBuffer, options: LoadOptions = {}): Table {
  return open(Asking, bytes, options);
}
