import { compileSources, loadTable } from '../product.ts';

/**
 * Other tables in the same process: 100 atoms of every operator, over facts of 100 names and several depths. A runtime
 * measured alone has seen four kinds of reads, and its compiled code knows them by heart; a real server has not.
 */
export function createCompany(): () => void {
  const tables = Array.from({ length: 4 }, (_, index) => loadTable(compileSources(sourcesOf(index))));
  const asked = tables.map((table, index) => ({ user: table.user('someone'), requests: requestsOf(index) }));
  for (const { user, requests } of asked) {
    const denied = requests.find(({ action, resource }) => !user.can(action, resource));
    if (denied) throw new Error(`the company denies ${denied.action}, so it reads less than it should`);
  }
  return () => {
    for (let times = 0; times < 20; times++) {
      for (const { user, requests } of asked) for (const { action, resource } of requests) user.can(action, resource);
    }
  };
}

/** Atoms of a type: the facts that they need, the condition, and a resource for which it is true. */
const atoms: readonly ((name: string) => { facts: string; when: string; resource: object })[] = [
  (name) => ({ facts: `${name}: string`, when: `resource.${name} == "x"`, resource: { [name]: 'x' } }),
  (name) => ({ facts: `${name}: int`, when: `resource.${name} < 5`, resource: { [name]: 4 } }),
  (name) => ({ facts: `${name}: bool`, when: `resource.${name}`, resource: { [name]: true } }),
  (name) => ({ facts: `${name}: set<string>`, when: `user.id in resource.${name}`, resource: { [name]: ['someone'] } }),
  (name) => ({
    facts: `${name}: set<string>`,
    when: `resource.${name} overlaps user.labels`,
    resource: { [name]: ['one', 'two'] },
  }),
  (name) => ({
    facts: `${name}: set<string>`,
    when: `resource.${name} within user.labels`,
    resource: { [name]: ['two'] },
  }),
  (name) => ({ facts: `${name}: string`, when: `resource.${name} is set`, resource: { [name]: 'y' } }),
  (name) => ({ facts: `${name}: date`, when: `resource.${name} < "2030-01-01"`, resource: { [name]: '2026-01-01' } }),
  (name) => ({
    facts: `${name}: string, ${name}-too: string`,
    when: `resource.${name} == resource.${name}-too`,
    resource: { [name]: 'a', [`${name}-too`]: 'a' },
  }),
  (name) => ({
    facts: `deep: deep, ${name}: string`,
    when: `resource.deep.depth == "${name}"`,
    resource: { deep: { depth: name }, [name]: '' },
  }),
];

function makeAtoms(table: number) {
  return Array.from({ length: 25 }, (_, index) => {
    const name = `fact-${table}-${index}`;
    const make = atoms[index % atoms.length] as (typeof atoms)[0];
    return { type: `type-${table}-${index}`, ...make(name) };
  });
}

function sourcesOf(table: number): ReadonlyMap<string, string> {
  const made = makeAtoms(table);
  const types = made.map(({ type, facts }) => `  ${type}:\n    facts: { ${facts} }\n    actions: { view: {} }\n`);
  const grants = made.map(({ type, when }) => `  - actions: [${type}.view]\n    when: >-\n      ${when}\n`);
  const catalog = `chaperone: 1
kind: catalog
name: company
version: 1.0.0
accounts: { staff: {} }
settings: { labels: { type: set<string>, on: assignment } }
resources:
  deep:
    facts: { depth: string }
${types.join('')}permissions: {}
grants:
${grants.join('')}`;
  const practice = `chaperone: 1
kind: practice
name: company
version: 1.0.0
catalog: ./catalog.yaml
roles: { worker: { account: staff } }
members: { someone: { role: worker, labels: [two, three] } }
`;
  return new Map([
    ['catalog.yaml', catalog],
    ['practice.yaml', practice],
  ]);
}

function requestsOf(table: number) {
  return makeAtoms(table).map(({ type, resource }) => ({ action: `${type}.view`, resource }));
}
