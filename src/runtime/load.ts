import { checkBounds } from './bounds.ts';
import { AT_CHECKSUM, AT_DIGEST, AT_MEANING, DIGEST_BYTES } from './format.ts';
import { openFile } from './open.ts';
import { sha256, toHex } from './sha256.ts';
import { bindUser, readsNow, type User } from './user.ts';
import { createView, type TableView } from './view.ts';
import { createWalker } from './walk.ts';

export interface LoadOptions {
  /** The time, in milliseconds since the epoch, for requests whose context has no `now`. */
  readonly now?: () => number;
}

/** What an application says about a user. With `roles`: somebody who is no member, in roles it may give. */
export interface UserDescription {
  readonly id?: unknown;
  readonly roles?: readonly string[];
  readonly [attribute: string]: unknown;
}

/** A decision table, ready to decide. */
export interface Table {
  /** Never throws: whoever is unknown is denied everything. */
  user(who: string | UserDescription): User;
  /** Is the content still what the digest says? Takes time in proportion to the table. */
  verify(): boolean;
  readonly digest: string;
  readonly meaningDigest: string;
  readonly policy: { readonly name: string; readonly version: string };
  readonly catalog: { readonly name: string; readonly version: string };
  /** For tools that show a table. */
  readonly view: TableView;
}

/**
 * Opens a table that `compile` wrote; throws a TableError for anything else. The bytes are kept, not copied (unless they
 * lie at an odd address): do not change them.
 */
export function loadTable(bytes: Uint8Array | ArrayBuffer, options: LoadOptions = {}): Table {
  const file = openFile(bytes);
  checkBounds(file.sections);
  const view = createView(file.sections);
  const { policy, catalog } = view;
  const at = (offset: number) => toHex(file.bytes.subarray(offset, offset + DIGEST_BYTES));
  const digest = at(AT_DIGEST);
  const engine = {
    view,
    walker: createWalker(view),
    clock: options.now ?? Date.now,
    digest,
    cells: view.sections.cells,
    actions: new Map(view.actions.map(({ name }, index) => [name as unknown, index])),
    users: new Map(),
    readsNow: readsNow(view),
  };
  return {
    user: (who) => bindUser(engine, who),
    verify: () => digestOf(file.bytes) === digest,
    digest,
    meaningDigest: at(AT_MEANING),
    policy,
    catalog,
    view,
  };
}

/** The content digest that a file should have, whatever its header says. */
export function digestOf(bytes: Uint8Array): string {
  const copy = bytes.slice();
  copy.fill(0, AT_CHECKSUM, AT_MEANING);
  return toHex(sha256(copy));
}
