import { AT_CHECKSUM, AT_MEANING } from './format.ts';
import type { Table } from './load.ts';
import { sha256, toHex } from './sha256.ts';
import type { Asking } from './user.ts';

/** A table that can be compared with its digest. */
export interface Verifiable {
  /** Is the content still what the digest says? Takes time in proportion to the table. */
  verify(): boolean;
}

export function makeVerifiable<T extends Table<Asking>>(table: T): T & Verifiable {
  const verify = () => digestOf(table.world.bytes) === table.digest;
  return Object.assign(table, { verify });
}

/** The content digest that a file should have, whatever its header says. */
export function digestOf(bytes: Uint8Array): string {
  return toHex(sha256(bytes.slice().fill(0, AT_CHECKSUM, AT_MEANING)));
}
