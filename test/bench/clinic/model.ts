import { type Random, seeded } from '../random.ts';

/** Who may do what in a clinic, as plain data: the practice, the function by hand and the peers are all made from it. */
export interface Clinic {
  readonly actions: readonly string[];
  readonly roles: readonly Role[];
  /** `prohibited` is closed on protected records for everybody but the owner. */
  readonly prohibited: string;
  readonly owner: string;
  readonly users: readonly Person[];
}

export interface Role {
  readonly name: string;
  /** Actions on every record. */
  readonly always: readonly string[];
  /** Actions on records that are related to the user: see `isRelated`. */
  readonly related: readonly string[];
}

/** As an application would keep a user in its own database. */
export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
  /** Empty for whoever sees no clients. */
  readonly practitioner: string;
  readonly tags: readonly string[];
}

/** A record of the application. */
export interface Resource {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly assigned: readonly string[];
  readonly client: { readonly tags: readonly string[] };
  readonly protected: boolean;
}

export interface Request {
  readonly user: Person;
  readonly action: string;
  readonly resource: Resource;
}

export const kinds = 'profile appointment invoice note document payment form staff report message'.split(' ');
export const verbs = 'view list create edit delete export'.split(' ');
export const tags = Array.from({ length: 20 }, (_, index) => `tag-${index}`);
const names = ['reception', 'practitioner', 'manager', 'owner'];
const prohibited = 'staff.edit';

/** 4 roles and 60 actions; each role may do 40 % of them always, 20 % on related records, 40 % never. */
export function makeClinic(seed: number): Clinic {
  const random = seeded(seed);
  const actions = kinds.flatMap((kind) => verbs.map((verb) => `${kind}.${verb}`));
  const roles = names.map((name) => makeRole(name, actions, random));
  return { actions, roles, prohibited, owner: 'owner', users: makeUsers(200, random) };
}

/** What the prohibition takes away is given in different ways: never, if related, always, always. */
function makeRole(name: string, actions: readonly string[], random: Random): Role {
  const shuffled = random.shuffle(actions).filter((action) => action !== prohibited);
  const place = { reception: shuffled.length, practitioner: 24 }[name] ?? 0;
  shuffled.splice(place, 0, prohibited);
  return { name, always: shuffled.slice(0, 24).sort(), related: shuffled.slice(24, 36).sort() };
}

function makeUsers(count: number, random: Random): Person[] {
  return Array.from({ length: count }, (_, index) => {
    const roles = random.fraction() < 0.85 ? [random.pick(names)] : random.sample(names, 2);
    const seesClients = roles.some((role) => role !== 'reception');
    return {
      id: `user-${index}`,
      roles,
      practitioner: seesClients ? `practitioner-${index}` : '',
      tags: random.sample(tags, random.below(4)),
    };
  });
}

export function makeResources(clinic: Clinic, count: number, seed: number): Resource[] {
  const random = seeded(seed);
  const practitioners = clinic.users.map(({ practitioner }) => practitioner).filter((name) => name !== '');
  const clients = Array.from({ length: 500 }, () => ({ tags: random.sample(tags, random.below(4)) }));
  return Array.from({ length: count }, (_, index) => ({
    id: `record-${index}`,
    kind: kinds[index % kinds.length] as string,
    owner: random.pick(practitioners),
    assigned: random.sample(clinic.users, random.below(4)).map(({ id }) => id),
    client: random.pick(clients),
    protected: random.fraction() < 0.25,
  }));
}

/** Half of the requests are about a related record where there is one; 4 % ask for the prohibited action. */
export function makeRequests(clinic: Clinic, resources: readonly Resource[], count: number, seed: number): Request[] {
  const random = seeded(seed);
  const ofKind = new Map(kinds.map((kind) => [kind, resources.filter((resource) => resource.kind === kind)]));
  return Array.from({ length: count }, () => {
    const user = random.pick(clinic.users);
    const action = random.fraction() < 0.04 ? prohibited : random.pick(clinic.actions);
    const all = ofKind.get(kindOf(action)) ?? [];
    const related = random.fraction() < 0.5 ? all.filter((resource) => isRelated(user, resource)) : [];
    return { user, action, resource: random.pick(related.length > 0 ? related : all) };
  });
}

export function kindOf(action: string): string {
  return action.slice(0, action.indexOf('.'));
}

export function verbOf(action: string): string {
  return action.slice(action.indexOf('.') + 1);
}

function isRelated(user: Person, { owner, assigned, client }: Resource): boolean {
  return (
    owner === user.practitioner || client.tags.some((tag) => user.tags.includes(tag)) || assigned.includes(user.id)
  );
}

/** The answer in plain words, slow and obvious: what every engine has to agree with. */
export function isAllowed({ roles, prohibited, owner }: Clinic, { user, action, resource }: Request): boolean {
  if (action === prohibited && resource.protected && !user.roles.includes(owner)) return false;
  const own = roles.filter(({ name }) => user.roles.includes(name));
  return own.some(
    ({ always, related }) => always.includes(action) || (related.includes(action) && isRelated(user, resource)),
  );
}
