import { emit } from '../../../src/emit/index.ts';
import { loadFiles } from '../../../src/index.ts';
import { lower } from '../../../src/lower/index.ts';
import { type Member, noOverlay, type Policy, type Role, resolve } from '../../../src/resolve/index.ts';
import type { Scale } from './model.ts';

/**
 * The table of a scale. 200,000 grants are more values than one file of YAML may have, so a small practice is
 * compiled, and its resolved policy is given the roles and members before it is lowered and written.
 */
export function buildTable(scale: Scale): Uint8Array {
  const sources = new Map([
    ['catalog.yaml', catalogOf(scale)],
    ['practice.yaml', practice],
  ]);
  const { sources: syntax } = loadFiles('practice.yaml', {
    read: (path) => sources.get(path.replace('./', '')) ?? null,
  });
  if (!syntax) throw new Error('the practice of the scale does not parse');
  const { policy } = resolve({ ...syntax, overlay: noOverlay });
  const whole = { ...policy, roles: rolesOf(scale, policy), members: membersOf(scale, policy) };
  const { diagrams } = lower(whole);
  if (!diagrams) throw new Error('the practice of the scale is too large');
  return emit(whole, diagrams, { strip: true }).bytes;
}

function catalogOf({ actions }: Scale): string {
  const types = new Map<string, string[]>();
  for (const action of actions) {
    const [type = '', verb = ''] = action.split('.');
    types.set(type, [...(types.get(type) ?? []), verb]);
  }
  const resources = [...types].map(([type, verbs]) => {
    const lines = verbs.map((verb) => `      ${verb}: { about: nothing }\n`);
    return `  ${type}:\n    actions:\n${lines.join('')}`;
  });
  const permissions = actions.map((action) => `  ${action}: { grants: [{ actions: [${action}] }] }\n`);
  return `chaperone: 1
kind: catalog
name: bench
version: 1.0.0
accounts: { staff: {} }
resources:
${resources.join('')}permissions:
${permissions.join('')}`;
}

const practice = `chaperone: 1
kind: practice
name: bench-scale
version: 1.0.0
catalog: ./catalog.yaml
roles: { template: { account: staff } }
members: { template: { role: template } }
`;

function rolesOf({ roles, actions }: Scale, policy: Policy): ReadonlyMap<string, Role> {
  const template = policy.roles.get('template');
  if (!template) throw new Error('the practice of the scale has no role');
  const cause = { kind: 'default', account: 'staff' } as const;
  return new Map(
    roles.map(({ name, grants }) => {
      const permissions = new Map(grants.map((column) => [actions[column] as string, cause]));
      return [name, { ...template, name, permissions }];
    }),
  );
}

function membersOf({ members, roles }: Scale, policy: Policy): ReadonlyMap<string, Member> {
  const template = policy.members.get('template');
  const [assignment] = template?.assignments ?? [];
  if (!template || !assignment) throw new Error('the practice of the scale has no member');
  const assignments = roles.map(({ name }) => ({ ...assignment, role: name }));
  return new Map(
    members.map(({ id, roles: held }) => {
      const own = held.flatMap((role) => assignments[role] ?? []);
      return [id, { ...template, key: id, id, assignments: own }];
    }),
  );
}
