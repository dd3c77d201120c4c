import { AT_DIGEST, AT_MEANING, HEAD, MEMBERS } from './format.ts';
import { openFile } from './open.ts';
import { listOf } from './texts.ts';
import { type Asking, bind, type UserDescription } from './user.ts';
import { createWorld, hexAt, type World } from './world.ts';

/** Members of a practice, all of whom may be remembered. */
const MAX_KEPT = 4096;

export interface LoadOptions {
  /** The time, in milliseconds since the epoch, for requests whose context has no `now`. */
  readonly now?: () => number;
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
  readonly world: World;
}

/** Opens a table whose users are of a class. */
export function open<User extends Asking>(
  User: new (...of: ConstructorParameters<typeof Asking>) => User,
  bytes: Uint8Array | ArrayBuffer,
  options: LoadOptions,
): Table<User> {
  const world = createWorld(openFile(bytes), options.now ?? Date.now);
  // Users of a practice that is not too large are remembered; looking up one of many costs less than remembering all.
  const isSmall = world.sections[MEMBERS].length <= MAX_KEPT;
  const known = new Map<unknown, User>();
  const named = (at: number) => {
    const [name = '', version = ''] = listOf<string>(world, HEAD).slice(at);
    return { name, version };
  };
  return {
    user(who) {
      const found = isSmall ? known.get(who) : undefined;
      if (found) return found;
      const user = bind(User, world, who);
      if (isSmall && typeof who === 'string' && user.of !== 0) known.set(who, user);
      return user;
    },
    get digest() {
      return hexAt(world, AT_DIGEST);
    },
    get meaningDigest() {
      return hexAt(world, AT_MEANING);
    },
    get policy() {
      return named(0);
    },
    get catalog() {
      return named(2);
    },
    world,
  };
}
