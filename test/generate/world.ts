/** The frame of a generated catalog: what conditions may look at. */
import { type Choose, chance, oneOf, someOf, times } from './choices.ts';
import type { Path, Sight } from './conditions.ts';
import type { NamedCondition } from './expression.ts';
import { contextFacts, facts, lists, permissionNames, resourceNames, userFacts } from './vocabulary.ts';

export interface World {
  readonly resources: readonly Resource[];
  readonly actions: readonly Action[];
  readonly settings: readonly Setting[];
  readonly userFacts: readonly string[];
  readonly contextFacts: readonly string[];
  readonly permissions: readonly string[];
  readonly features: readonly string[];
  readonly accounts: readonly string[];
  readonly outcomes: readonly string[];
  readonly conditions: readonly NamedCondition[];
}

export interface Resource {
  readonly name: string;
  /** Fact to type; a fact that is named as a resource leads to it. */
  readonly facts: ReadonlyMap<string, string>;
}

export interface Action {
  readonly name: string;
  readonly verb: string;
  readonly resource: Resource;
  readonly isAboutNothing: boolean;
  readonly denied: string | null;
  /** `section` and `mode`, or none. */
  readonly constants: ReadonlyMap<string, string>;
}

export interface Setting {
  readonly name: string;
  readonly type: string;
  readonly indexes: readonly string[];
  readonly on: 'role' | 'assignment' | 'role | assignment';
  readonly isOptional: boolean;
  readonly hasDefault: boolean;
}

const allSettings: readonly Pick<Setting, 'name' | 'type' | 'indexes' | 'on'>[] = [
  { name: 'practitioner', type: 'practitioner', indexes: [], on: 'assignment' },
  { name: 'tag-limit', type: 'set<tag>', indexes: [], on: 'role | assignment' },
  { name: 'access', type: 'set<string>', indexes: ['section', 'mode'], on: 'assignment' },
  { name: 'wards', type: 'set<tag>', indexes: ['section'], on: 'role | assignment' },
  { name: 'size-limit', type: 'int', indexes: [], on: 'role' },
  { name: 'since', type: 'date', indexes: [], on: 'assignment' },
  { name: 'vip', type: 'bool', indexes: [], on: 'role | assignment' },
  { name: 'shade', type: 'red | green | blue', indexes: [], on: 'role' },
  { name: 'people', type: 'set<string>', indexes: [], on: 'assignment' },
];

export function makeWorld(choose: Choose, isSmall: boolean): World {
  const resources = makeResources(choose, isSmall);
  const hasConstants = chance(choose, 50);
  const actions = resources.flatMap((resource) => makeActions(resource, hasConstants, choose));
  const settings = someOf(choose, allSettings, 0, isSmall ? 2 : 4).flatMap(({ indexes, ...setting }): Setting[] => {
    if (indexes.includes('mode') && !hasConstants) return [];
    return [{ ...setting, indexes, isOptional: chance(choose, 40), hasDefault: chance(choose, 40) }];
  });
  return {
    resources,
    actions,
    settings,
    userFacts: isSmall ? [] : someOf(choose, [...userFacts.keys()], 0, 3),
    contextFacts: someOf(choose, [...contextFacts.keys()], 0, isSmall ? 1 : 2),
    permissions: permissionNames.slice(0, 2 + choose(isSmall ? 2 : 5)),
    features: someOf(choose, ['stripe', 'claims'], 0, 2),
    accounts: chance(choose, 40) ? ['clinical', 'office'] : [],
    outcomes: someOf(choose, ['audited', 'emergency'], 0, 2),
    conditions: [],
  };
}

const names = [...facts.keys()];
const factPairs = names.flatMap((name, index) => (index % 2 === 0 ? [[name, names[index + 1]!]] : []));

function makeResources(choose: Choose, isSmall: boolean): Resource[] {
  const names = someOf(choose, resourceNames, 1, isSmall ? 1 : 3);
  return names.map((name) => {
    const own = someOf(choose, factPairs, 1, isSmall ? 1 : 3).flat();
    const references = someOf(choose, names, 0, isSmall ? 0 : 2);
    return {
      name,
      facts: new Map([
        ...own.map((fact) => [fact, facts.get(fact)!] as const),
        ...references.map((other) => [other, other] as const),
      ]),
    };
  });
}

function makeActions(resource: Resource, hasConstants: boolean, choose: Choose): Action[] {
  const verbs = ['view', 'edit', ...someOf(choose, ['create', 'merge'], 0, 2)];
  return verbs.map((verb, index) => ({
    name: `${resource.name}.${verb}`,
    verb,
    resource,
    isAboutNothing: verb === 'create',
    denied: chance(choose, 20) ? oneOf(choose, ['hidden', 'greyed-out']) : null,
    constants: new Map(
      hasConstants
        ? [
            ['section', lists.get('section')![index % 2]!],
            ['mode', ['view', 'edit'][index % 2]!],
          ]
        : [],
    ),
  }));
}

/** What a condition on all of `actions` may look at. */
export function sightOf(world: World, actions: readonly Action[], isScope: boolean): Sight {
  const hasConstants = actions.every(({ constants }) => constants.size > 0) && actions.length > 0;
  const constants: Path[] = hasConstants
    ? [
        { text: 'action.section', type: 'section' },
        { text: 'action.mode', type: 'view | edit' },
      ]
    : [];
  const isAboutNothing = actions.length === 0 || actions.some((action) => action.isAboutNothing);
  const common = isAboutNothing ? [] : commonFacts(actions.map(({ resource }) => resource));
  const paths = [...factPaths('resource', common, world, 1), ...constants];
  const types = new Set(actions.map(({ resource }) => resource.name));
  const whole = !isAboutNothing && types.size === 1 ? [{ text: 'resource', type: [...types][0]! }] : [];
  return sight(world, paths, whole, isScope);
}

/** What the body of a named condition may look at. */
export function sightOfParameters(world: World, parameters: readonly { name: string; type: string }[]): Sight {
  const paths = parameters.flatMap(({ name, type }) => {
    const resource = world.resources.find((candidate) => candidate.name === type);
    return resource === undefined ? [{ text: name, type }] : factPaths(name, [...resource.facts], world, 1);
  });
  return { ...sight(world, paths, [], false), conditions: [] };
}

function sight(world: World, paths: readonly Path[], whole: readonly Path[], isScope: boolean): Sight {
  const isReference = ({ type }: Path) => world.resources.some(({ name }) => name === type);
  const own = paths.filter((path) => !isReference(path));
  const known: Path[] = [
    { text: 'user.id', type: 'string' },
    ...own,
    ...world.userFacts.map((name) => ({ text: `user.${name}`, type: userFacts.get(name)! })),
    ...world.contextFacts.map((name) => ({ text: `context.${name}`, type: contextFacts.get(name)! })),
    ...(world.contextFacts.includes('visit-day') ? [{ text: 'context.now', type: 'date-time' }] : []),
  ];
  const settings = world.settings.flatMap((setting) => settingPaths(setting, known));
  return {
    // Paths are chosen evenly, so those of the resource count more.
    paths: [...known, ...own, ...own, ...settings],
    permissions: world.permissions,
    mayNegatePermissions: isScope,
    features: world.features,
    accounts: world.accounts,
    conditions: world.conditions,
    references: [...whole, ...paths.filter(isReference)],
  };
}

function settingPaths(setting: Setting, known: readonly Path[]): Path[] {
  const keys = (index: string) =>
    known.filter(({ text, type }) => text === `action.${index}` || (index === 'section' && type === 'section'));
  const [first, second] = setting.indexes.map(keys);
  const { type } = setting;
  if (first === undefined) return [{ text: `user.${setting.name}`, type }];
  if (second === undefined) return first.map(({ text }) => ({ text: `user.${setting.name}[${text}]`, type }));
  return first.flatMap((one) =>
    second.map((other) => ({ text: `user.${setting.name}[${one.text}][${other.text}]`, type })),
  );
}

function commonFacts(resources: readonly Resource[]): (readonly [string, string])[] {
  const [first, ...others] = resources;
  return [...(first?.facts ?? [])].filter(([fact]) => others.every((other) => other.facts.has(fact)));
}

function factPaths(root: string, own: readonly (readonly [string, string])[], world: World, more: number): Path[] {
  return own.flatMap(([fact, type]) => {
    const path = { text: `${root}.${fact}`, type };
    const target = world.resources.find(({ name }) => name === type);
    if (target === undefined || more === 0) return [path];
    return [
      path,
      { text: `${path.text}.id`, type: 'string' },
      ...factPaths(path.text, [...target.facts], world, more - 1),
    ];
  });
}

export function numbered(name: string, count: number): string[] {
  return times(count, (index) => `${name}-${index + 1}`);
}
