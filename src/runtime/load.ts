import { createTest } from './atom.ts';
import { checkBounds } from './bounds.ts';
import { Engine } from './engine.ts';
import { AT_DIGEST, AT_MEANING } from './format.ts';
import { openFile } from './open.ts';
import { type Asking, bind, type UserDescription } from './user.ts';

/** Members of a practice, all of whom may be remembered. */
const MAX_KEPT = 4096;

export interface LoadOptions {
  /** The time, in milliseconds since the epoch, for requests whose context has no `now`. */
  readonly now?: () => number;
  /** Makes the tests of atoms; for a store, whose tables have many in common. */
  readonly createTest?: typeof createTest;
}

/** A decision table, ready to decide. */
export interface Table<User extends Asking> {
  /** Never throws: whoever is unknown is denied everything. */
  user(who: string | UserDescription): User;
  readonly digest: string;
  readonly meaningDigest: string;
  readonly policy: { readonly name: string; readonly version: string };
  readonly catalog: { readonly name: string; readonly version: string };
  /** For tools that show a table: see tools.ts. */
  readonly engine: Engine;
}

/** Opens a table whose users are of a class. */
export function open<User extends Asking>(
  User: new (...of: ConstructorParameters<typeof Asking>) => User,
  bytes: Uint8Array | ArrayBuffer,
  options: LoadOptions,
): Table<User> {
  const file = openFile(bytes);
  checkBounds(file.sections);
  const engine = new Engine(file, options.now ?? Date.now, options.createTest ?? createTest);
  const create = (who: unknown) => bind(User, engine, who);
  // Users of a practice that is not too large are remembered; looking up one of many costs less than remembering all.
  const isSmall = file.sections.members.length <= MAX_KEPT;
  const known = new Map<string, User>();
  const { meta } = file.sections;
  const named = (at: number) => ({
    name: engine.text(meta[at] as number),
    version: engine.text(meta[at + 1] as number),
  });
  return {
    user(who) {
      if (typeof who !== 'string' || !isSmall) return create(who);
      let user = known.get(who);
      if (!user) {
        user = create(who);
        if (user.member >= 0) known.set(who, user);
      }
      return user;
    },
    get digest() {
      return engine.hexAt(AT_DIGEST);
    },
    get meaningDigest() {
      return engine.hexAt(AT_MEANING);
    },
    get policy() {
      return named(0);
    },
    get catalog() {
      return named(2);
    },
    engine,
  };
}
