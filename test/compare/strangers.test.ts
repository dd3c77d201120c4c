/** Whoever holds a role, members or strangers to whom the application gives it: nobody's change is left out or mistaken. */
import { describe, expect, it } from 'vitest';
import { compare } from '../../src/compare/index.ts';
import { type Clinic, catalog, diff, lines, tableOf } from './pairs.ts';

const given = 'roles: { desk: { account: clinical, level: low } }\nroles-given-by-application: [desk]';

const clinic = (when: string, own: Partial<Clinic> = {}): Clinic => ({
  permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: '${when}' }] }`,
  practice: given,
  ...own,
});

/** The practitioner of whoever sets none. */
const usual = (name: string) =>
  catalog.replace(
    'practitioner: { type: string, on: assignment, optional: true }',
    `practitioner: { type: string, on: assignment, default: ${name} }`,
  );

describe('a default that changes', () => {
  const own = 'resource.client.preferred == user.practitioner';
  const base = clinic(own, { catalog: usual('p1') });
  const head = (practice = given) => clinic(`${own} or resource.size < 5`, { catalog: usual('p2'), practice });

  it('is told beside what those with a value of their own gain', () => {
    expect(lines(diff(base, head()))).toEqual([
      "role desk [] note.view + client.preferred is not the user's practitioner (or not known) and size is less than 5",
      'role desk [] note.view +- gained: client.preferred is p2 or (client.preferred is not p1 (or not known) and size is less than 5); lost: client.preferred is p1 and size is 5 or more (or not known)',
    ]);
  });

  it('is noted', () => {
    expect(diff(base, head()).notes.map(({ text }) => text)).toEqual([
      'the default of practitioner was p1 and is p2, for whoever sets none',
    ]);
  });

  it('names members where they belong', () => {
    const practice = `${given}\nmembers: { amira: { role: desk }, bo: { role: desk, practitioner: p3 } }`;
    const found = diff({ ...base, practice }, head(practice)).changes;
    expect(found.map(({ kind, members, widened, narrowed }) => [kind, members, widened, narrowed])).toEqual([
      ['role', ['amira'], true, true],
      ['role', ['bo'], true, false],
    ]);
  });

  it('is told once where the same is to be said of everybody', () => {
    const practice = `${given}\nmembers: { amira: { role: desk }, bo: { role: desk, practitioner: p3 } }`;
    const open = (name: string) => clinic(name === 'p1' ? own : 'true', { catalog: usual(name), practice });
    const quick = compare(tableOf(open('p1')), tableOf(open('p2')), { isWhole: false }).changes;
    expect(quick.map(({ kind, members, widened, narrowed }) => [kind, members, widened, narrowed])).toEqual([
      ['role', ['amira', 'bo'], true, false],
    ]);
  });

  it('is not told where nothing reads the setting', () => {
    const of = (when: string, name: string) => clinic(when, { catalog: usual(name) });
    expect(lines(diff(of('false', 'p1'), of('resource.size < 5', 'p2')))).toEqual([
      'role desk [] note.view + size is less than 5',
    ]);
  });
});

describe('a stranger of whom not even the id is known', () => {
  // True of everybody who has an id.
  const known = 'not (user.id == "a" and user.id == "b")';

  it('gains what everybody else has', () => {
    const [one, ...others] = diff(clinic(known), clinic('true')).changes;
    expect(others).toEqual([]);
    expect(one).toMatchObject({ role: 'desk', widened: true, narrowed: false, undecided: false });
    expect(one?.example).toMatchObject({ user: { roles: ['desk'] }, base: { allow: false }, head: { allow: true } });
    expect(one?.example?.user).not.toHaveProperty('id');
  });

  it('is nobody where the application gives no role', () => {
    const practice = given.replace('\nroles-given-by-application: [desk]', '');
    expect(diff(clinic(known, { practice }), clinic('true', { practice })).equal).toBe(true);
  });

  it('gains beside those who have one', () => {
    const found = diff(clinic('not (user.id == "a")'), clinic('true')).changes;
    expect(found.map(({ gained }) => gained?.complete)).toEqual([true]);
    expect(found[0]?.gained?.condition).toBe('the user is a (or not known)');
  });
});

describe('a limit of the role that becomes all', () => {
  it('is lost by a stranger who sets nothing', () => {
    const people = catalog.replace(
      'practitioner: { type: string, on: assignment, optional: true }',
      'people: { type: "set<string>", on: assignment, default: [] }',
    );
    const of = (limit: string) =>
      clinic('not (user.tag-limit overlaps user.people)', {
        catalog: people,
        practice: given.replace('level: low', `level: low, tag-limit: ${limit}`),
      });
    expect(lines(diff(of('[]'), of('all')))).toEqual(["role desk [] note.view - the user's people is not all"]);
  });
});

describe('an id that looks like a text that the examples make up', () => {
  const when = 'resource.client.preferred in resource.client.assigned or user.id in resource.client.tags';
  const of = (amira: string, bo: string) =>
    clinic(when, { practice: `${given}\nmembers: { amira: { role: desk${amira} }, bo: { role: desk${bo} } }` });

  it('stays the id of its owner', () => {
    const changes = diff(of(', id: x9', ''), of('', '')).changes.filter(({ kind }) => kind === 'member');
    expect(changes.map(({ members, undecided }) => [members, undecided])).toEqual([[['amira'], false]]);
    expect(changes[0]?.lost?.example).toMatchObject({
      resource: { client: { tags: ['x9'] } },
      base: { allow: true },
      head: { allow: false },
    });
  });

  it('is not made up for somebody else', () => {
    const result = diff(of(', id: u1', ', id: x1'), of('', ''));
    const changes = result.changes.filter(({ kind }) => kind === 'member');
    for (const { lost, undecided } of changes) {
      expect(undecided).toBe(false);
      expect(lost?.example).toMatchObject({ base: { allow: true }, head: { allow: false } });
    }
    expect(changes.flatMap(({ members }) => members)).toEqual(['amira', 'bo']);
  });
});

describe('somebody who becomes a member', () => {
  const roles = 'roles: { portal: { account: clinical, level: low }, writer: { account: clinical, with: [edits] } }';
  const of = (members: string, more = 'roles-given-by-application: [portal]'): Clinic => ({
    permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: 'resource.author == user.id' }] }
  edits: { level: high, grants: [{ actions: [note.edit] }] }`,
    practice: `${roles}\n${more}\nmembers: { amira: { role: writer }${members} }`,
  });
  const asked = 'the application gives the role';

  it('is given no role by applications any more', () => {
    const result = diff(of(''), of(', bo: { role: writer, id: u7 }'));
    expect(lines(result)).toEqual([
      `role portal [bo,u7] [note.view] - ${asked}`,
      'member-added - [bo] [note.edit] +  null -> writer',
    ]);
    expect(result.semver).toBe('major');
    expect(result.changes.map(({ example }) => [example?.user, example?.base.allow, example?.head.allow])).toEqual([
      [{ id: 'bo', roles: ['portal'] }, true, false],
      ['bo', false, true],
    ]);
    const [before, after] = [of(''), of(', bo: { role: writer, id: u7 }')].map(tableOf);
    for (const id of ['bo', 'u7']) {
      const user = { id, roles: ['portal'] };
      expect(before?.user(user).can('note.view', { author: id })).toBe(true);
      expect(after?.user(user).can('note.view', { author: id })).toBe(false);
    }
  });

  it('may be given one again when the member is gone', () => {
    expect(lines(diff(of(', bo: { role: writer, id: u7 }'), of('')))).toEqual([
      `role portal [bo,u7] [note.view] + ${asked}`,
      'member-removed - [bo] [note.edit] -  writer -> null',
    ]);
  });

  it('has lost nothing where applications give no roles, or none that gives anything', () => {
    const added = ['member-added - [bo] [note.edit] +  null -> writer'];
    expect(lines(diff(of('', ''), of(', bo: { role: writer }', '')))).toEqual(added);
    const idle = (members: string) => ({
      ...of(members),
      permissions: '  edits: { grants: [{ actions: [note.edit] }] }',
    });
    expect(lines(diff(idle(''), idle(', bo: { role: writer }')))).toEqual(added);
  });

  it('is not told of actions that only members could be allowed', () => {
    const own = (more: string): Clinic => ({
      ...of('', more),
      permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: 'user.id == "amira"' }] }
  edits: { level: high, grants: [{ actions: [note.edit] }] }`,
    });
    // Amira is a member, so nobody to whom applications give the role is she.
    const [none] = diff(own('roles-given-by-application: []'), own('roles-given-by-application: [portal]')).changes;
    expect(none).toMatchObject({ kind: 'role', actions: [], widened: false, narrowed: false });
    const either = (more: string) => ({
      ...own(more),
      permissions: own(more).permissions.replace('"amira"', '"amira" or user.id == "zoe"'),
    });
    const [one] = diff(
      either('roles-given-by-application: []'),
      either('roles-given-by-application: [portal]'),
    ).changes;
    expect(one).toMatchObject({ actions: ['note.view'], widened: true, example: { user: { id: 'zoe' } } });
  });

  it('is told of everybody where the role may no longer be given at all', () => {
    const without = of(', bo: { role: writer }', '');
    expect(lines(diff(of(''), without))).toEqual([
      'role portal [] [note.view] - the user is no member and the application gives the role',
      'member-added - [bo] [note.edit] +  null -> writer',
    ]);
  });

  it('is so by the new id of a member who stays, and was by the old one', () => {
    expect(lines(diff(of(', bo: { role: writer, id: u1 }'), of(', bo: { role: writer, id: u7 }')))).toEqual([
      `role portal [u1] [note.view] + ${asked}`,
      `role portal [u7] [note.view] - ${asked}`,
      'member-added - [u7] [note.edit] +  null -> writer',
      'member-removed - [u1] [note.edit] -  writer -> null',
    ]);
  });

  it('is so by the id of somebody without any role', () => {
    const inactive = (id: string, more?: string) => of(`, bo: { role: writer, id: ${id}, status: inactive }`, more);
    expect(lines(diff(inactive('u1'), inactive('u7')))).toEqual([
      `role portal [u1] [note.view] + ${asked}`,
      `role portal [u7] [note.view] - ${asked}`,
    ]);
    expect(diff(inactive('u1', ''), inactive('u7', '')).equal).toBe(true);
  });
});
