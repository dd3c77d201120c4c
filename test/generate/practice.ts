/** A practice as a tree. */
import { makeProhibition, makeScope, makeSettingValue } from './catalog.ts';
import { type Choose, chance, oneOf, someOf, times } from './choices.ts';
import { type Tree, tree } from './tree.ts';
import { lists, rungs, zones } from './vocabulary.ts';
import { numbered, type Setting, type World } from './world.ts';

const terms = [
  ['2026-05-01', '2026-05-01'],
  ['2026-05-02', '2027-12-31'],
  ['2026-04-01', '2026-04-30'],
  ['2026-04-30', '2026-05-02'],
  ['2027-01-01', '2027-01-01'],
] as const;

export function makePractice(world: World, choose: Choose, isSmall: boolean): Tree {
  const names = numbered('role', isSmall ? 2 : 2 + choose(2));
  const account = (index: number) => (index === 0 ? world.accounts[0] : world.accounts[choose(2)]);
  const accounts = new Map(names.map((name, index) => [name, account(index)]));
  const roles = names.map((name, index) => {
    const parents = names.slice(0, index).filter((other) => accounts.get(other) === accounts.get(name));
    return [name, makeRole(world, accounts.get(name), parents, choose)] as const;
  });
  const members = numbered('m', isSmall ? 2 : 2 + choose(3)).map((key, index) => {
    const account = accounts.get(oneOf(choose, names));
    const own = names.filter((name) => accounts.get(name) === account);
    return [key, makeMember(world, index, own, choose)] as const;
  });
  const given = isSmall ? [] : names.filter(() => chance(choose, 25));
  return tree({
    chaperone: 1,
    kind: 'practice',
    name: 'clinic',
    version: '1.0.0',
    catalog: './catalog.yaml',
    'time-zone': chance(choose, 70) ? oneOf(choose, zones) : undefined,
    features: Object.fromEntries(world.features.map((name) => [name, chance(choose, 50) ? 'on' : 'off'])),
    values: { tag: lists.get('tag')!, practitioner: lists.get('practitioner')! },
    dependencies: chance(choose, 10) ? 'strict' : 'gate',
    'roles-given-by-application': given.length > 0 ? given : undefined,
    roles: Object.fromEntries(roles),
    members: Object.fromEntries(members),
    scopes: chance(choose, 30) ? { 'own-scope': makeScope(world, choose) } : undefined,
    prohibitions: chance(choose, 30) ? [makeProhibition(world, choose)] : undefined,
  });
}

function makeRole(world: World, account: string | undefined, parents: readonly string[], choose: Choose) {
  const parent = parents.length > 0 && chance(choose, 35) ? oneOf(choose, parents) : undefined;
  const given = someOf(choose, world.permissions, 1, 4);
  const absent = world.permissions.filter((name) => !given.includes(name));
  return {
    account,
    extends: parent,
    level: account !== 'office' && chance(choose, 60) ? oneOf(choose, rungs) : undefined,
    with: account === 'office' ? undefined : given,
    without: absent.length > 0 && chance(choose, 15) ? [oneOf(choose, absent)] : undefined,
    ...settingsFor(world, ['role', 'role | assignment'], 40, choose),
  };
}

function makeMember(world: World, index: number, roles: readonly string[], choose: Choose) {
  const person = {
    id: index === 0 ? 'u1' : undefined,
    status: chance(choose, 12) ? 'inactive' : undefined,
  };
  if (chance(choose, 60)) return { ...person, ...makeAssignment(world, roles, choose) };
  return { ...person, holds: times(2 + Number(chance(choose, 20)), () => makeAssignment(world, roles, choose)) };
}

function makeAssignment(world: World, roles: readonly string[], choose: Choose) {
  const isDated = chance(choose, 25);
  const [from, until] = oneOf(choose, terms);
  return {
    role: oneOf(choose, roles),
    from: isDated && chance(choose, 60) ? from : undefined,
    until: isDated && chance(choose, 60) ? until : undefined,
    ...settingsFor(world, ['assignment', 'role | assignment'], 75, choose),
  };
}

/** Settings that nothing else gives a value always get one. */
function settingsFor(world: World, on: readonly string[], percent: number, choose: Choose): Record<string, Tree> {
  const isNeeded = (setting: Setting) =>
    !setting.isOptional && !setting.hasDefault && (setting.on === 'role' || on.includes('assignment'));
  const given = world.settings.filter(
    (setting) => on.includes(setting.on) && (isNeeded(setting) || chance(choose, percent)),
  );
  return Object.fromEntries(
    given.map((setting) => [
      setting.name,
      makeSettingValue(isNeeded(setting) ? { ...setting, indexes: [] } : setting, world, choose),
    ]),
  );
}
