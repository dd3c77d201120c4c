import { renameSync, writeFileSync } from 'node:fs';
import { compile } from '../../src/index.ts';
import type { Table } from '../../src/runtime/index.ts';

const catalog = `
chaperone: 1
kind: catalog
name: desk
version: 1.0.0
accounts: { clinical: {} }
resources:
  note:
    facts: { owner: string }
    actions: { view: {}, edit: {} }
permissions:
  reading: { grants: [{ actions: [note.view], when: resource.owner == user.id }] }
  writing: { grants: [{ actions: [note.edit] }] }
`;

/** The table of a practice with one member, who may view the notes of their own, and edit all or none. */
export function makeTable(name: string, version = '1.0.0', { mayEdit = false, member = name } = {}): Uint8Array {
  const permissions = mayEdit ? '[reading, writing]' : '[reading]';
  // Many roles, as a clinic has, so that there is something to explain.
  const others = Array.from(
    { length: 12 },
    (_, i) => `  other-${i}: { account: clinical, with: [reading, writing] }\n`,
  );
  const practice = `
chaperone: 1
kind: practice
name: ${name}
version: ${version}
catalog: ./catalog.yaml
roles:
  doctor: { account: clinical, with: ${permissions} }
${others.join('')}members:
  ${member}: { role: doctor }
`;
  const files = new Map(Object.entries({ 'catalog.yaml': catalog, 'practice.yaml': practice }));
  const { table, diagnostics } = compile('practice.yaml', {
    read: (path) => files.get(path.replace(/^\.\//, '')) ?? null,
  });
  if (!table) throw new Error(JSON.stringify(diagnostics.map(({ message }) => message)));
  return table;
}

/** As careful programs write: a file beside it takes its name. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.tmp`, bytes);
  renameSync(`${path}.tmp`, path);
}

/** With one bit of the last section turned. */
export function damage(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[copy.length - 9]! ^= 1;
  return copy;
}

export function mayEdit(table: Table, member: string): boolean {
  return table.user(member).can('note.edit', { owner: member });
}

export function mayView(table: Table, member: string, owner = member): boolean {
  return table.user(member).can('note.view', { owner });
}
