/** One example for each distinct change; whoever else sees the change has it in their own name. */
import { describe, expect, it } from 'vitest';
import { type Change, compare } from '../../src/compare/index.ts';
import type { Table } from '../../src/runtime/index.ts';
import { type Clinic, diff, tableOf } from './pairs.ts';

const two = 'roles:\n  a: { account: clinical, level: low }\n  b: { account: clinical, level: low }';

const clinic = (when: string, practice = two): Clinic => ({
  permissions: `  notes: { level: low, grants: [{ actions: [note.view, note.edit], when: '${when}' }] }`,
  practice,
});

const usersOf = (changes: readonly Change[]) => changes.map(({ example }) => example?.user);

describe('roles with the same cells', () => {
  it('show the same request, each role and action by its name', () => {
    const { changes } = diff(clinic('resource.size < 5'), clinic('true'));
    const shown = changes.map(({ example, undecided }) => [example?.user, example?.action, undecided]);
    expect(shown).toEqual([
      [{ id: 'somebody', role: 'a' }, 'note.edit', false],
      [{ id: 'somebody', role: 'a' }, 'note.view', false],
      [{ id: 'somebody', role: 'b' }, 'note.edit', false],
      [{ id: 'somebody', role: 'b' }, 'note.view', false],
    ]);
    const requests = changes.map(({ example }) => [example?.resource, example?.context, example?.base, example?.head]);
    expect(new Set(requests.map((request) => JSON.stringify(request))).size).toBe(1);
    expect(changes[0]?.example?.resource).toEqual({ size: 5 });
  });

  it('show a stranger, unless a member has the id', () => {
    const given = `${two}\nroles-given-by-application: [a, b]`;
    const view = ({ changes }: ReturnType<typeof diff>) => changes.filter(({ action }) => action === 'note.view');
    const strangers = view(diff(clinic('false', given), clinic('true', given)));
    expect(usersOf(strangers)).toEqual([
      { id: 'somebody', roles: ['a'] },
      { id: 'somebody', roles: ['b'] },
    ]);
    const known = `${given}\nmembers: { somebody: { holds: [] } }`;
    const holders = view(diff(clinic('false', known), clinic('true', known)));
    expect(usersOf(holders)).toEqual([
      { id: 'somebody', role: 'a' },
      { id: 'somebody', role: 'b' },
    ]);
    expect(holders.map(({ undecided }) => undecided)).toEqual([false, false]);
  });
});

describe('members with the same cells and other settings', () => {
  const when = 'resource.client.preferred == user.practitioner';
  const people = `${two}\nmembers: { kim: { role: a, practitioner: k1 }, lou: { role: b, practitioner: l1 } }`;

  it('show a request of their own, which both tables confirm', () => {
    const [base, head] = [tableOf(clinic('false', people)), tableOf(clinic(when, people))];
    const { changes } = compare(base, head);
    const shown = changes.map(({ example }) => [example?.user, example?.action, example?.resource]);
    expect(shown).toEqual([
      ['kim', 'note.edit', { client: { preferred: 'k1' } }],
      ['kim', 'note.view', { client: { preferred: 'k1' } }],
      ['lou', 'note.edit', { client: { preferred: 'l1' } }],
      ['lou', 'note.view', { client: { preferred: 'l1' } }],
    ]);
    for (const { example } of changes) {
      const ask = (table: Table) =>
        table
          .user(example?.user as string)
          .can(example?.action ?? '', example?.resource, example?.context ?? undefined);
      expect([ask(base), ask(head)]).toEqual([false, true]);
    }
  });

  it('give way to somebody in the role where a table does not confirm them when they are read', () => {
    const [base, head] = [tableOf(clinic('false', people)), tableOf(clinic(when, people))];
    const { changes } = compare(base, head);
    const lou = changes.find(({ members }) => members.includes('lou'));
    Object.defineProperty(head, 'user', { value: () => base.user('nobody') });
    expect(lou?.example).toMatchObject({ user: { role: 'b' }, base: { allow: false }, head: { allow: true } });
    expect(lou?.undecided).toBe(false);
  });

  it('are undecided where nobody else shows it', () => {
    const moved = people.replace('k1', 'k2').replace('l1', 'l2');
    const [base, head] = [tableOf(clinic(when, people)), tableOf(clinic(when, moved))];
    const { changes } = compare(base, head);
    const [kim, lou] = ['kim', 'lou'].map((name) => changes.find(({ members }) => members.includes(name)));
    expect([kim?.kind, kim?.undecided, lou?.kind, lou?.undecided]).toEqual(['member', false, 'member', false]);
    Object.defineProperty(head, 'user', { value: () => base.user('nobody') });
    expect(lou?.gained?.example).toBeNull();
    expect(lou?.undecided).toBe(true);
    // Asked while the table still said so.
    expect(kim?.gained?.example).toMatchObject({ user: 'kim', head: { allow: true } });
    expect(kim?.undecided).toBe(false);
  });
});
