import { type Clinic, kinds, tags, verbs } from './model.ts';

/** A policy as the files that a clinic would keep, by path. */
export type Sources = ReadonlyMap<string, string>;

/** The clinic as a catalog and a practice. */
export function writePractice(clinic: Clinic): Sources {
  return new Map([
    ['catalog.yaml', catalogOf(clinic)],
    ['practice.yaml', practiceOf(clinic)],
  ]);
}

/** A switch for each action, and one for the same action on related records alone. */
function catalogOf({ actions, prohibited }: Clinic): string {
  const facts = 'facts: { client: client, owner: string, assigned: set<string>, protected: bool }';
  const verbsAsYaml = verbs.map((verb) => `${verb}: {}`).join(', ');
  return `chaperone: 1
kind: catalog
name: bench
version: 1.0.0
accounts: { staff: {} }
values: { tag: by-practice }
settings:
  practitioner: { type: string, on: assignment }
  tags: { type: set<tag>, on: assignment }
resources:
  client:
    facts: { tags: set<tag> }
${kinds.map((kind) => `  ${kind}:\n    ${facts}\n    actions: { ${verbsAsYaml} }\n`).join('')}
permissions:
  whole-practice: {}
${actions
  .map(
    (action) => `  ${action}:
    grants: [{ actions: [${action}] }]
  ${action}.related:
    grants:
      - actions: [${action}]
        when: >-
          resource.owner == user.practitioner
          or resource.client.tags overlaps user.tags
          or user.id in resource.assigned
`,
  )
  .join('')}
prohibitions:
  - name: protected
    actions: [${prohibited}]
    when: resource.protected and not has(whole-practice)
`;
}

function practiceOf({ roles, users, owner }: Clinic): string {
  const rolesAsYaml = roles.map(({ name, always, related }) => {
    const given = [
      ...always,
      ...related.map((action) => `${action}.related`),
      ...(name === owner ? ['whole-practice'] : []),
    ];
    return `  ${name}:\n    account: staff\n    with: [${given.join(', ')}]\n`;
  });
  const members = users.map(({ id, roles: held, practitioner, tags: own }) => {
    const settings = `practitioner: ${JSON.stringify(practitioner)}, tags: [${own.join(', ')}]`;
    const holds = held.map((role) => `{ role: ${role}, ${settings} }`);
    return `  ${id}: { holds: [${holds.join(', ')}] }\n`;
  });
  return `chaperone: 1
kind: practice
name: bench-clinic
version: 1.0.0
catalog: ./catalog.yaml
values: { tag: [${tags.join(', ')}] }
roles:
${rolesAsYaml.join('')}
members:
${members.join('')}`;
}
