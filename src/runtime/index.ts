// In: the bytes of a decision table; then users, actions, resources.
// Out: decisions.
// Never: imports anything, throws in a decision, or lets missing data widen one.
import { User } from './decision.ts';
import { type LoadOptions, open, type Table as TableOf } from './load.ts';

export type { DecidedBy, Decision, Reason } from './decision.ts';
export type { LoadOptions } from './load.ts';
export type { Provenance } from './provenance.ts';
export type { TableValue } from './texts.ts';

import { makeVerifiable, type Verifiable } from './verify.ts';

export { TableError, type TableErrorCode } from './table-error.ts';
export type { UserDescription } from './user.ts';
export type { User };

/** A decision table, ready to decide. */
export type Table = TableOf<User> & Verifiable;

/**
 * Opens a table that `compile` wrote; throws a TableError for anything else. The bytes are kept, not copied (unless they
 * lie at an odd address): do not change them.
 */
export function loadTable(bytes: Uint8Array | ArrayBuffer, options: LoadOptions = {}): Table {
  return makeVerifiable(open(User, bytes, options));
}
