/** A catalog as a tree. */
import { type Choose, chance, oneOf, someOf, times } from './choices.ts';
import { makeCondition } from './conditions.ts';
import type { NamedCondition } from './expression.ts';
import { condition, ordered, type Tree, tree } from './tree.ts';
import { contextFacts, elementOf, lists, rungs, userFacts, valuesOf } from './vocabulary.ts';
import { type Action, numbered, type Setting, sightOf, sightOfParameters, type World } from './world.ts';

/** The world with named conditions. */
export function withConditions(world: World, choose: Choose, isSmall: boolean): World {
  const conditions = numbered('condition', choose(isSmall ? 2 : 4)).map((name): NamedCondition => {
    const resource = oneOf(choose, world.resources);
    const whole = { name: 'c', type: resource.name };
    const parameters = [
      ...(chance(choose, 70) ? [whole] : []),
      ...(chance(choose, 30) ? [{ name: 'who', type: 'string' }] : []),
    ];
    return { name, parameters, is: makeCondition(sightOfParameters(world, parameters), choose, 1) };
  });
  return { ...world, conditions };
}

export function makeCatalog(world: World, choose: Choose, isSmall: boolean): Tree {
  const header = { chaperone: 1, kind: 'catalog', name: 'product', version: '1.0.0' };
  const body = tree({
    ...(world.accounts.length > 0 && { accounts: makeAccounts(world, choose) }),
    ladders: { standard: ordered(rungs) },
    features: world.features,
    values: { tag: 'by-practice', practitioner: 'by-practice', section: lists.get('section')! },
    settings: Object.fromEntries(world.settings.map((setting) => [setting.name, makeSetting(setting, world, choose)])),
    user: Object.fromEntries(world.userFacts.map((name) => [name, userFacts.get(name)!])),
    context: Object.fromEntries(world.contextFacts.map((name) => [name, contextFacts.get(name)!])),
    outcomes: ordered(world.outcomes.map((name) => ({ [name]: [`duty-of-${name}`] }))),
    resources: Object.fromEntries(
      world.resources.map(({ name, facts }) => [
        name,
        {
          facts: Object.fromEntries(facts),
          actions: Object.fromEntries(
            world.actions
              .filter(({ resource }) => resource.name === name)
              .map((action) => [action.verb, ofAction(action)]),
          ),
        },
      ]),
    ),
    conditions: Object.fromEntries(
      world.conditions.map(({ name, parameters, is }) => [
        name,
        { of: ordered(Object.fromEntries(parameters.map((each) => [each.name, each.type]))), is: condition(is) },
      ]),
    ),
    permissions: Object.fromEntries(
      world.permissions.map((name, index) => [name, makePermission(world, index, choose, isSmall)]),
    ),
    grants: times(choose(isSmall ? 2 : 3), () => makeGrant(world, choose)),
    scopes: Object.fromEntries(numbered('scope', choose(2)).map((name) => [name, makeScope(world, choose)])),
    prohibitions: times(choose(2), () => makeProhibition(world, choose)),
  });
  return body.kind === 'map'
    ? { ...body, entries: [...Object.entries(header).map(headerEntry), ...body.entries] }
    : body;
}

function headerEntry([key, value]: [string, string | number]): [string, Tree] {
  return [key, tree(value)];
}

function makeAccounts(world: World, choose: Choose) {
  const allowed = someOf(choose, world.permissions, 2, 6);
  return {
    clinical: { ladders: ['standard'] },
    office: { permissions: allowed, default: someOf(choose, allowed, 0, 2) },
  };
}

function makeSetting(setting: Setting, world: World, choose: Choose) {
  return {
    type: [...setting.indexes, setting.type].join(' -> '),
    on: setting.on,
    ...(setting.isOptional && { optional: true }),
    ...(setting.hasDefault && { default: makeSettingValue({ ...setting, indexes: [] }, world, choose) }),
  };
}

/** A value as files write it. */
export function makeSettingValue(setting: Setting, world: World, choose: Choose): Tree {
  const [index, ...indexes] = setting.indexes;
  if (index === undefined || chance(choose, 20)) {
    if (elementOf(setting.type) === null) return tree(oneOf(choose, valuesOf(setting.type)));
    if (chance(choose, 25)) return tree('all');
    if (chance(choose, 10)) return tree('none');
    return tree(someOf(choose, valuesOf(setting.type), 0, 3));
  }
  const keys = index === 'mode' ? ['view', 'edit'] : sectionsOf(world);
  const chosen = someOf(choose, keys, 1, 2);
  return tree(Object.fromEntries(chosen.map((key) => [key, makeSettingValue({ ...setting, indexes }, world, choose)])));
}

function sectionsOf(world: World): readonly string[] {
  const given = world.actions.flatMap(({ constants }) => constants.get('section') ?? []);
  return given.length > 0 ? [...new Set(given)] : lists.get('section')!;
}

function ofAction({ isAboutNothing, denied, constants }: Action) {
  return {
    ...(isAboutNothing && { about: 'nothing' }),
    ...(denied !== null && { denied }),
    ...Object.fromEntries(constants),
  };
}

function makePermission(world: World, index: number, choose: Choose, isSmall: boolean) {
  const lower = world.permissions.slice(0, index);
  const requires = lower.length > 0 && chance(choose, 30) ? makeRequirement(lower, choose) : undefined;
  return {
    level: chance(choose, 60) ? oneOf(choose, rungs) : undefined,
    requires:
      chance(choose, 30) && requires !== undefined ? { permissions: requires, 'falls-silently': true } : requires,
    implies: lower.length > 0 && chance(choose, 20) ? someOf(choose, lower, 1, 2) : undefined,
    grants: times(isSmall ? choose(2) : 1 + choose(2), () => makeGrant(world, choose)),
  };
}

function makeRequirement(lower: readonly string[], choose: Choose): string {
  const names = someOf(choose, lower, 1, 3);
  const [first, ...others] = names;
  if (others.length === 0) return first!;
  return chance(choose, 50) ? `${first} and (${others.join(' or ')})` : names.join(' or ');
}

export function makeGrant(world: World, choose: Choose) {
  const { actions, coverage } = chooseActions(world, choose);
  const made = makeCondition(sightOf(world, actions, false), choose);
  return {
    actions: coverage,
    when: chance(choose, 85) ? condition(made) : undefined,
    outcome: world.outcomes.length > 0 && chance(choose, 40) ? oneOf(choose, world.outcomes) : undefined,
  };
}

export function makeScope(world: World, choose: Choose) {
  const { actions, coverage } = chooseActions(world, choose);
  return { covers: coverage, is: condition(makeCondition(sightOf(world, actions, true), choose)) };
}

export function makeProhibition(world: World, choose: Choose) {
  const { actions, coverage } = chooseActions(world, choose);
  return { actions: coverage, when: condition(makeCondition(sightOf(world, actions, true), choose)) };
}

function chooseActions(world: World, choose: Choose): { actions: readonly Action[]; coverage: Tree } {
  const kind = choose(8);
  if (kind === 7) return { actions: world.actions, coverage: tree(chance(choose, 50) ? 'all' : ['*']) };
  const resource = oneOf(choose, world.resources);
  const own = world.actions.filter((action) => action.resource === resource);
  if (kind === 6) return { actions: own, coverage: tree([`${resource.name}.*`]) };
  if (kind >= 4 && resource.facts.size > 0) {
    const fact = oneOf(choose, [...resource.facts.keys()]);
    const actions = world.actions.filter((action) => !action.isAboutNothing && action.resource.facts.has(fact));
    return { actions, coverage: tree({ with: fact }) };
  }
  const actions = chance(choose, 25) ? someOf(choose, world.actions, 1, 3) : someOf(choose, own, 1, 2);
  return { actions, coverage: tree(actions.map(({ name }) => name)) };
}
