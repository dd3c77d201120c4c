import type { Policy } from '../index.ts';

/** TypeScript for applications: names as unions, and the facts that each action is asked with. */
export function typesOf(policy: Policy): string {
  const lines = [
    `// Written by \`chaperone compile --types\` from ${policy.name} ${policy.version}; change the policy instead.`,
    union('Action', policy.actions.keys()),
    union(
      'Role',
      [...policy.roles.keys()].filter((name) => !name.startsWith('(')),
    ),
    union('Permission', policy.permissions.keys()),
    union('Feature', policy.features.keys()),
    '',
    '/** Facts by resource type. Whatever is left out never widens a decision. */',
    'export interface Facts {',
    ...[...policy.resources.values()]
      .sort(byName)
      .flatMap((resource) => [
        `  readonly ${JSON.stringify(resource.name)}: {`,
        ...[...resource.facts]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, type]) => `    readonly ${JSON.stringify(name)}?: ${typeText(type, policy)} | null;`),
        '  };',
      ]),
    '}',
    '',
    '/** The resource of each action; null for an action about nothing. */',
    'export interface ResourceOf {',
    ...[...policy.actions.values()]
      .sort(byName)
      .map(
        (action) =>
          `  readonly ${JSON.stringify(action.name)}: ${action.hasResource ? `Facts[${JSON.stringify(action.resource)}]` : 'null'};`,
      ),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** As `typesOf`, for an emitted module. */
export function moduleTypesOf(policy: Policy): string {
  return `import type { LoadOptions, Table, User, UserDescription } from 'chaperone/runtime';

${typesOf(policy)}
/** Numbers of the actions, which \`can\` takes in place of names. */
export declare const actions: { readonly [Name in Action]: number };
/** Opens the table; \`{ now: () => 0 }\` gives it another clock. */
export declare function open(options?: LoadOptions): Table;
export declare const table: Table;
export declare function user(who: string | UserDescription): User;
export default table;
`;
}

function union(name: string, values: Iterable<string>): string {
  const all = [...values].sort();
  return `export type ${name} =${all.length === 0 ? ' never' : all.map((value) => `\n  | ${JSON.stringify(value)}`).join('')};`;
}

type Type =
  Policy['resources'] extends ReadonlyMap<string, { readonly facts: ReadonlyMap<string, infer T> }> ? T : never;

function typeText(type: Type, policy: Policy): string {
  switch (type.kind) {
    case 'bool':
      return 'boolean';
    case 'int':
      return 'number';
    case 'date-time':
      return 'string | number';
    case 'enum':
      return type.values.map((value) => JSON.stringify(value)).join(' | ');
    case 'set':
      return `readonly (${typeText(type.of, policy)})[]`;
    case 'resource':
      return `Facts[${JSON.stringify(type.name)}]`;
    default:
      return 'string';
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
