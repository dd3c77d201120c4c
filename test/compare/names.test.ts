/** Whom a table finds under a name, a key or an id, is what an application asks for. */
import { describe, expect, it } from 'vitest';
import { type Clinic, diff, lines } from './pairs.ts';

const roles = 'roles: { desk: { account: clinical, level: low }, chief: { account: clinical, level: high } }';

/** `note.view` for all, `note.edit` for chiefs. */
const clinic = (when: string, members: string, more = ''): Clinic => ({
  permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: '${when}' }] }
  edits: { level: high, grants: [{ actions: [note.edit] }] }`,
  practice: `${roles}\nmembers: { ${members} }\n${more}`,
});

const isSmall = 'resource.size < 5';

describe('an id', () => {
  it('that moves lifts a prohibition that names it', () => {
    const closed = 'prohibitions: [{ actions: [note.view], when: \'user.id == "amira"\' }]';
    const result = diff(
      clinic(isSmall, 'amira: { role: desk }', closed),
      clinic(isSmall, 'amira: { role: desk, id: u-7 }', closed),
    );
    expect(lines(result)).toEqual([
      'member - [amira] note.view + size is less than 5',
      'member-added - [u-7] [note.view] +  null -> desk',
    ]);
    expect(result).toMatchObject({ equal: false, semver: 'minor' });
    expect(result.notes.map(({ text }) => text)).toEqual(['amira had the id amira and has the id u-7']);
    expect(result.changes[0]?.example).toMatchObject({
      user: 'amira',
      base: { allow: false },
      head: { allow: true },
    });
  });

  it('that is new to a name gives nothing where the settings of its member allow nothing', () => {
    const when = 'user.id == "u1" and resource.size < 5';
    const result = diff(
      clinic(when, 'amira: { role: desk, id: u1 }'),
      clinic(when, 'amira: { role: desk, id: u1 }, bo: { role: desk }'),
    );
    expect(result).toMatchObject({ equal: false, semver: 'patch' });
    expect(result.changes).toMatchObject([{ kind: 'member-added', members: ['bo'], actions: [], widened: false }]);
  });

  it('that one member gives and another gets takes its access along', () => {
    const when = 'user.id == "u1"';
    const result = diff(
      clinic(when, 'amira: { role: desk, id: u1 }, bo: { role: desk, id: u2 }'),
      clinic(when, 'amira: { role: desk, id: u3 }, bo: { role: desk, id: u1 }'),
    );
    expect(lines(result)).toEqual([
      'member - [amira] note.view - always',
      'member - [bo] note.view + always',
      'member-added - [u3] []   null -> desk',
      'member-removed - [u2] []   desk -> null',
    ]);
    expect(result.notes.map(({ text }) => text)).toEqual([
      'the id u1 stood for amira and stands for bo',
      'amira had the id u1 and has the id u3',
      'bo had the id u2 and has the id u1',
    ]);
  });

  it('that stands for somebody with another role is compared as applications ask', () => {
    const result = diff(
      clinic(isSmall, 'amira: { role: desk, id: u1 }, bo: { role: chief, id: u2 }'),
      clinic(isSmall, 'amira: { role: desk, id: u2 }, bo: { role: chief, id: u1 }'),
    );
    expect(lines(result)).toEqual(['member - [u1] note.edit + always', 'member - [u2] note.edit - always']);
    expect(result.changes[0]?.example).toMatchObject({ user: 'u1', base: { allow: false }, head: { allow: true } });
    expect(result.semver).toBe('major');
  });

  it('that moves opens what names the new one and closes what names the old one', () => {
    const own = 'resource.author == user.id';
    const members = (amira: string, bo: string) => `amira: { role: desk${amira} }, bo: { role: desk${bo} }`;
    const result = diff(clinic(own, members('', '')), clinic(own, members(', id: u-7', ', id: u-8')));
    expect(lines(result).slice(0, 1)).toEqual([
      "member - [amira,bo] note.view +- gained: author is the user's new id; lost: author is the user's old id",
    ]);
    const [both] = result.changes;
    expect(both?.gained?.example).toMatchObject({ user: 'amira', resource: { author: 'u-7' } });
    expect(both?.lost?.example).toMatchObject({ user: 'amira', resource: { author: 'amira' } });
  });

  it('that moves with the key of a member who was renamed is compared too', () => {
    const own = 'resource.author == user.id';
    const result = diff(clinic(own, 'lee: { role: desk }'), clinic(own, 'leo: { role: desk }'));
    expect(result.renames).toEqual([{ kind: 'member', from: 'lee', to: 'leo', isAsked: true }]);
    expect(lines(result)).toEqual([
      "member - [leo] note.view +- gained: author is the user's new id; lost: author is the user's old id",
    ]);
    expect(result.notes.map(({ text }) => text)).toEqual(['leo had the id lee and has the id leo']);
    expect(result.changes[0]?.lost?.example).toMatchObject({ user: 'leo', baseUser: 'lee' });
  });

  it('that nothing reads changes nothing but who is found', () => {
    const result = diff(
      clinic(isSmall, 'amira: { role: desk }'),
      clinic(isSmall, 'amira: { role: desk, id: amira-2 }'),
    );
    expect(lines(result)).toEqual(['member-added - [amira-2] [note.view] +  null -> desk']);
    const kept = diff(clinic(isSmall, 'amira: { role: desk }'), clinic(isSmall, 'zoe: { id: amira, role: desk }'));
    expect(kept).toMatchObject({ changes: [], renames: [{ from: 'amira', to: 'zoe' }] });
  });

  it('that is given to somebody who holds nothing is no change, only a note', () => {
    const result = diff(
      clinic(isSmall, 'amira: { status: inactive, role: desk }'),
      clinic(isSmall, 'amira: { status: inactive, role: desk, id: amira-2 }'),
    );
    expect(result).toMatchObject({ changes: [], renames: [], equal: true });
    expect(result.notes.map(({ text }) => text)).toEqual(['amira had the id amira and has the id amira-2']);
    const isNew = diff(
      clinic(isSmall, 'bo: { role: chief }'),
      clinic(isSmall, 'bo: { role: chief }, amira: { status: inactive, role: desk }'),
    );
    expect(isNew.changes).toMatchObject([{ kind: 'member-added', members: ['amira'], actions: [] }]);
  });

  it('that a key becomes is compared with whom it stands for', () => {
    const result = diff(
      clinic(isSmall, 'lee: { role: desk }, bo: { role: chief }'),
      clinic(isSmall, 'leo: { role: desk }, bo: { role: chief, id: lee }'),
    );
    expect(lines(result)).toEqual(['member - [lee] note.edit + always']);
    expect(result.renames).toEqual([{ kind: 'member', from: 'lee', to: 'leo', isAsked: true }]);
  });
});
