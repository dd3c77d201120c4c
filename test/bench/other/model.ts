import { seeded } from '../random.ts';

/** The names of another product, drawn from the seed: what is quick for the words of one clinic must be so for all. */
export interface Words {
  readonly kinds: readonly string[];
  readonly verbs: readonly string[];
  /** Facts of a record. */
  readonly team: string;
  readonly state: string;
  readonly size: string;
  readonly watchers: string;
  readonly locked: string;
  readonly place: string;
  /** Settings of a user. */
  readonly ownTeam: string;
  readonly limit: string;
  readonly places: string;
}

export interface Role {
  readonly name: string;
  readonly always: readonly string[];
  /** On records of the own team that are not closed, and on those that the user watches. */
  readonly near: readonly string[];
  /** On records that are small enough, and on those in a place of the user's. */
  readonly small: readonly string[];
}

export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
  readonly team: string;
  readonly limit: number;
  readonly places: readonly string[];
}

export type Item = Readonly<Record<string, unknown>>;

/** A policy of W1's shape with other conditions, and the requests that everybody answers. */
export interface Product {
  readonly words: Words;
  readonly actions: readonly string[];
  readonly roles: readonly Role[];
  /** Closed on locked records for everybody but the chief. */
  readonly prohibited: string;
  readonly users: readonly Person[];
  readonly requests: readonly { readonly user: Person; readonly action: string; readonly resource: Item }[];
  /** The right answer to each request: 1 for allow. */
  readonly expected: Uint8Array;
}

export const chief = 'chief';
export const openStates = ['draft', 'active'];
export const allPlaces = Array.from({ length: 15 }, (_, index) => `place-${index}`);
const roleNames = ['nurse', 'clerk', 'doctor', chief];
const teams = Array.from({ length: 12 }, (_, index) => `team-${index}`);

function makeWords(seed: number): Words {
  const random = seeded(seed + 10);
  const [team = '', state = '', size = '', watchers = '', locked = '', place = ''] = random.shuffle(
    'crew state units group phase staff owner title score guild ranks notes'.split(' '),
  );
  const [ownTeam = '', limit = '', places = ''] = random.shuffle('squad quota wards depot level'.split(' '));
  return {
    kinds: random.shuffle('ward bed visit claim order audit drug shift room lab'.split(' ')),
    verbs: random.shuffle('read move sign drop open swap'.split(' ')),
    ...{ team, state, size, watchers, locked, place, ownTeam, limit, places },
  };
}

/** 4 roles and 60 actions; each role may do 40 % of them always, 20 % on some records; 200 users, 2,000 records. */
export function makeProduct(seed: number): Product {
  const words = makeWords(seed);
  const random = seeded(seed + 11);
  const actions = words.kinds.flatMap((kind) => words.verbs.map((verb) => `${kind}.${verb}`));
  const prohibited = random.pick(actions);
  const roles = roleNames.map((name): Role => {
    const rest = random.shuffle(actions).filter((action) => action !== prohibited);
    const drawn = name === chief || random.fraction() < 0.5 ? [prohibited, ...rest] : rest;
    return { name, always: drawn.slice(0, 24), near: drawn.slice(24, 30), small: drawn.slice(30, 36) };
  });
  const users = Array.from({ length: 200 }, (_, index): Person => {
    const held = random.fraction() < 0.85 ? [random.pick(roleNames)] : random.sample(roleNames, 2);
    const places = random.sample(allPlaces, random.below(4));
    return { id: `u${1000 + index}`, roles: held, team: random.pick(teams), limit: 100 * random.below(10), places };
  });
  const items = Array.from({ length: 2_000 }, (_, index) => ({
    id: `item-${index}`,
    kind: words.kinds[index % words.kinds.length] as string,
    [words.team]: random.pick(teams),
    [words.state]: random.pick([...openStates, 'closed', 'filed']),
    [words.size]: random.below(1_000),
    [words.watchers]: random.sample(users, random.below(4)).map(({ id }) => id),
    [words.locked]: random.fraction() < 0.25,
    [words.place]: random.pick(allPlaces),
  }));
  const policy = { words, actions, roles, prohibited, users };
  const ofKind = new Map(words.kinds.map((kind) => [kind, items.filter((item) => item.kind === kind)]));
  const requests = Array.from({ length: 10_000 }, () => {
    const user = random.pick(users);
    const action = random.fraction() < 0.04 ? prohibited : random.pick(actions);
    const all = ofKind.get(action.slice(0, action.indexOf('.'))) ?? [];
    const allowed = random.fraction() < 0.5 ? all.filter((item) => isAllowed(policy, user, action, item)) : [];
    return { user, action, resource: random.pick(allowed.length > 0 ? allowed : all) };
  });
  const answers = requests.map(({ user, action, resource }) => Number(isAllowed(policy, user, action, resource)));
  return { ...policy, requests, expected: Uint8Array.from(answers) };
}

/** The answer in plain words, slow and obvious. */
function isAllowed(
  { words, roles, prohibited }: Pick<Product, 'words' | 'roles' | 'prohibited'>,
  user: Person,
  action: string,
  item: Item,
): boolean {
  if (action === prohibited && item[words.locked] === true && !user.roles.includes(chief)) return false;
  const isNear =
    (item[words.team] === user.team && openStates.some((state) => state === item[words.state])) ||
    (item[words.watchers] as readonly string[]).includes(user.id);
  const isSmall = (item[words.size] as number) < user.limit || user.places.some((place) => place === item[words.place]);
  return roles
    .filter(({ name }) => user.roles.includes(name))
    .some(
      ({ always, near, small }) =>
        always.includes(action) || (near.includes(action) && isNear) || (small.includes(action) && isSmall),
    );
}
