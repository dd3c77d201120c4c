/** A fact of a resource may be called like a root: it is a fact all the same. */
import { describe, expect, it } from 'vitest';
import { loadTable } from '../../src/runtime/index.ts';
import { compileTexts } from '../compile-texts.ts';

function tableOf(when: string) {
  const catalog = `chaperone: 1
kind: catalog
name: product
version: 1.0.0
ladders: { standard: [low] }
accounts: { clinical: { ladders: [standard] } }
resources:
  user: { facts: { id: string }, actions: { open: {} } }
  visit: { facts: { now: date-time }, actions: { open: {} } }
  note: { facts: { user: user, context: visit }, actions: { view: {} } }
permissions:
  notes: { level: low, grants: [{ actions: [note.view], when: '${when}' }] }
`;
  const practice = `chaperone: 1
kind: practice
name: clinic
version: 1.0.0
catalog: ./catalog.yaml
roles: { desk: { account: clinical, level: low } }
members: { kim: { role: desk } }
`;
  const { table, diagnostics } = compileTexts({ catalog, practice });
  if (!table) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return loadTable(table, { now: () => Date.UTC(2026, 0, 1) });
}

describe('a fact of the resource', () => {
  it('called user is not who asks', () => {
    const kim = tableOf('resource.user.id == user.id').user('kim');
    expect(kim.can('note.view', { user: { id: 'kim' } })).toBe(true);
    expect(kim.can('note.view', { user: { id: 'lee' } })).toBe(false);
    expect(kim.can('note.view', {})).toBe(false);
    expect(kim.decide('note.view', {}).missing).toEqual(['resource.user.id']);
  });

  it('called context is not the clock', () => {
    const kim = tableOf('context.now < resource.context.now + 1h').user('kim');
    expect(kim.can('note.view', { context: { now: '2025-12-31T23:30:00Z' } })).toBe(true);
    expect(kim.can('note.view', { context: { now: '2020-01-01T00:00:00Z' } })).toBe(false);
    expect(kim.can('note.view', {})).toBe(false);
  });
});
