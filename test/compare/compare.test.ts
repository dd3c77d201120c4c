import { describe, expect, it } from 'vitest';
import { compare } from '../../src/compare/index.ts';
import { type Clinic, catalog, diff, lines, tableOf } from './pairs.ts';

const people = `roles: { desk: { account: clinical, level: low }, chief: { account: clinical, level: high } }
members: { amira: { role: desk, practitioner: p1 }, bo: { role: chief } }`;

/** One permission that gives `note.view`. */
const clinic = (when: string, practice = people): Clinic => ({
  permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: '${when}' }] }`,
  practice,
});

const byAuthor = 'resource.author == user.id';

describe('nothing', () => {
  it('is found between a table and itself', () => {
    const result = diff(clinic(byAuthor), clinic(byAuthor));
    expect(result).toMatchObject({
      equal: true,
      sameMeaning: true,
      changes: [],
      renames: [],
      notes: [],
      semver: 'patch',
    });
  });

  it('is found in a refactoring by De Morgan', () => {
    const base = clinic('not (resource.author == user.id and resource.size < 5)');
    const head = clinic('resource.author != user.id or resource.size >= 5');
    expect(diff(base, head)).toMatchObject({ equal: true, sameMeaning: true });
  });

  it('is found in a renamed condition', () => {
    const named = (name: string): Clinic => ({
      ...clinic(`${name}(resource)`),
      more: `conditions: { ${name}: { of: { n: note }, is: n.author == user.id } }`,
    });
    expect(diff(named('own'), named('mine'))).toMatchObject({ equal: true, sameMeaning: true });
    expect(diff(clinic(byAuthor), named('own'))).toMatchObject({ equal: true, sameMeaning: true });
  });

  it('is found where no request can tell, although the meaning digest differs', () => {
    expect(diff(clinic('resource.size < 5'), clinic('resource.size < 5 and resource.size < 9'))).toMatchObject({
      equal: true,
      sameMeaning: false,
      changes: [],
    });
    const all = 'resource.state == "draft" or resource.state == "locked"';
    expect(diff(clinic(all), clinic('resource.state != "unlocked"'))).toMatchObject({
      equal: true,
      sameMeaning: false,
    });
  });
});

describe('a change of a role', () => {
  it('is one more grant, with a condition from which nothing can be left out', () => {
    const head = clinic('resource.author == user.id or resource.client.preferred == user.practitioner');
    const result = diff(clinic(byAuthor), head);
    expect(lines(result)).toEqual([
      "role chief [] note.view + author is not the user (or not known) and client.preferred is the user's practitioner",
      "role desk [amira] note.view + author is not the user (or not known) and client.preferred is the user's practitioner",
    ]);
    expect(result.semver).toBe('minor');
    const [chief, desk] = result.changes;
    expect(desk?.example).toMatchObject({ user: 'amira', base: { allow: false }, head: { allow: true } });
    expect(desk?.example?.resource).toMatchObject({ client: { preferred: 'p1' } });
    expect(chief?.example?.user).toMatchObject({ role: 'chief', practitioner: expect.any(String) });
    expect(desk?.gained).toMatchObject({ complete: true, missing: [] });
    expect(desk?.place).toMatchObject({ file: expect.stringMatching(/catalog\.yaml$/), line: expect.any(Number) });
  });

  it('is one scope less', () => {
    const scoped: Clinic = {
      ...clinic(byAuthor),
      more: 'scopes: { tagged: { covers: [note.view], is: "\\"north\\" in resource.client.tags" } }',
    };
    expect(lines(diff(scoped, clinic(byAuthor)))).toEqual([
      'role chief [bo] note.view + author is the user and client.tags does not include north (or not known)',
      'role desk [amira] note.view + author is the user and client.tags does not include north (or not known)',
    ]);
    expect(diff(clinic(byAuthor), scoped)).toMatchObject({ semver: 'major' });
  });

  it('is one of both directions', () => {
    const [one] = diff(clinic('resource.state == "draft"'), clinic('resource.state == "locked"')).changes;
    expect(one).toMatchObject({
      widened: true,
      narrowed: true,
      condition: 'gained: state is locked; lost: state is draft',
    });
    expect(one?.gained?.example).toMatchObject({ resource: { state: 'locked' } });
    expect(one?.lost?.example).toMatchObject({ resource: { state: 'draft' } });
  });

  it('is shown by a missing fact where nothing else shows it', () => {
    const base = clinic('resource.state == "draft" or resource.state == "locked" or resource.state == "unlocked"');
    const result = diff(base, { ...base, permissions: '  notes: { level: low, grants: [{ actions: [note.view] }] }' });
    expect(lines(result)[0]).toBe('role chief [bo] note.view + state is not known missing state');
    expect(result.changes[0]?.example).toMatchObject({ resource: null, missing: ['state'] });
  });

  it('is one that applications see who give the role', () => {
    const given = `${people}\nroles-given-by-application: [desk]`;
    const result = diff(clinic(byAuthor, given), clinic('resource.size < 5', given));
    const desk = result.changes.find(({ role }) => role === 'desk');
    expect(desk).toMatchObject({ widened: true, narrowed: true, members: ['amira'] });
    const now = diff(clinic(byAuthor), clinic(byAuthor, given));
    expect(lines(now)).toEqual(['role desk [] [note.view] + the user is no member and the application gives the role']);
  });

  it('is an enum that grew', () => {
    const grown = catalog.replace('"draft | locked | unlocked"', '"draft | locked | unlocked | void"');
    const base = clinic('resource.state != "draft"');
    expect(lines(diff(base, { ...base, catalog: grown }))[0]).toBe(
      'role chief [bo] note.view + state is none of draft, locked, unlocked and state is not draft',
    );
  });
});

describe('a setting of an enum that a key chooses', () => {
  const modes =
    '  mode: { type: "state -> open | closed", on: assignment, optional: true }\nvalues: { state: [draft, locked] }';
  const base = catalog.replace('outcomes:', `${modes}\noutcomes:`);
  const of = (draft: string, locked: string) => ({
    ...clinic(
      'user.mode[resource.state] == "open"',
      `roles: { desk: { account: clinical, level: low } }
members: { amira: { holds: [{ role: desk, mode: { draft: ${draft}, locked: ${locked} } }] } }`,
    ),
    catalog: base.replace('"draft | locked | unlocked"', 'state'),
  });

  it('decides by its value', () => {
    const amira = tableOf(of('open', 'closed')).user('amira');
    expect(['draft', 'locked', 'x'].map((state) => amira.can('note.view', { state }))).toEqual([true, false, false]);
  });

  it('is told apart from the same setting of another value', () => {
    const [change, ...others] = diff(of('open', 'closed'), of('closed', 'open')).changes;
    expect(change).toMatchObject({ members: ['amira'], widened: true, narrowed: true, undecided: false });
    expect(others).toEqual([]);
  });
});

describe('a condition', () => {
  const of = (base: string, head: string, practice = people) =>
    diff(clinic(base, practice), clinic(head, practice)).changes.find(({ role }) => role !== 'chief')?.condition;

  it('says beside other cases those in which a fact is missing', () => {
    const anyState = 'resource.state == "draft" or resource.state == "locked" or resource.state == "unlocked"';
    const base = clinic(`(${anyState}) and resource.size < 5`);
    const result = diff(base, { ...base, permissions: '  notes: { level: low, grants: [{ actions: [note.view] }] }' });
    expect(lines(result)[0]).toBe('role chief [bo] note.view + size is 5 or more (or not known) or state is not known');
    expect(result.changes[0]?.gained).toMatchObject({ complete: true, missing: [] });
    expect(result.changes[0]?.example?.resource).toEqual({ size: 5 });
  });

  it('says where a fact may be missing too', () => {
    expect(of('resource.state == "draft"', 'true')).toBe('state is not draft (or not known)');
    // Here it must be known, since a missing size denies on both sides.
    const known = of('resource.size < 5 and resource.state == "draft"', 'resource.size < 5');
    expect(known).toBe('size is less than 5 and state is not draft (or not known)');
    expect(of('resource.size < 5', 'resource.size < 9')).toBe('size is 5 or more and size is less than 9');
  });

  it('says that a fact is known where it is all that counts', () => {
    const practice = people.replace('level: low', 'level: low, tag-limit: []');
    expect(of('false', 'not (resource.author in user.tag-limit)', practice)).toBe('author is known');
  });

  it('leaves out what the rest implies', () => {
    const days = (low: string, high: string) => `resource.due < "${high}" and resource.due > "${low}"`;
    const [one] = diff(clinic(days('2025-01-01', '2026-01-01')), clinic(days('2025-01-02', '2026-01-02'))).changes;
    expect(one?.gained?.condition).toBe('due is 2026-01-01 or later and due is before 2026-01-02');
    expect(one?.lost?.condition).toBe('due is 2025-01-02 or later and due is before 2025-01-03');
    // "The author is known" follows from "the author is the user", which may not be missing then.
    const practice = people.replace('level: low', 'level: low, tag-limit: []');
    const none = 'resource.author in user.tag-limit';
    expect(of(`${none} or resource.author != user.id`, `not (${none})`, practice)).toBe('author is the user');
    expect(of('resource.size == 2', 'resource.size >= 5 or resource.size == 2')).toBe('size is 5 or more');
  });
});

describe('a change of members', () => {
  const two = (held: string): string =>
    `roles:\n  yes: { account: clinical, with: [when] }\n  no: { account: clinical, with: [unless] }\n  all: { account: clinical, with: [always] }\nmembers: { kim: { holds: [${held}] } }`;
  const rooms = `  when: { grants: [{ actions: [client.view], when: '"north" in resource.tags' }] }
  unless: { grants: [{ actions: [client.view], when: 'not ("north" in resource.tags)' }] }
  always: { grants: [{ actions: [client.view] }] }`;

  it('is seen only by a member with two roles, and only when a fact is missing', () => {
    const result = diff(
      { permissions: rooms, practice: two('{ role: yes }, { role: no }') },
      { permissions: rooms, practice: two('{ role: all }') },
    );
    expect(lines(result)).toEqual(['member - [kim] client.view + tags is not known missing tags']);
    expect(result.changes[0]?.example).toMatchObject({ user: 'kim', resource: null });
  });

  it('is told apart from that of the role where another role already gives most of it', () => {
    const practice = two('{ role: yes }, { role: no }');
    const opened = rooms.replace(', when: \'"north" in resource.tags\' }', ' }');
    expect(lines(diff({ permissions: rooms, practice }, { permissions: opened, practice }))).toEqual([
      'role yes [] client.view + tags does not include north (or not known)',
      'member - [kim] client.view + tags is not known missing tags',
    ]);
    const given = two('{ role: yes }, { role: all }');
    expect(lines(diff({ permissions: rooms, practice: given }, { permissions: opened, practice: given }))).toEqual([
      'role yes [] client.view + tags does not include north (or not known)',
    ]);
  });

  it('is a changed setting of one', () => {
    const base = clinic('resource.client.preferred == user.practitioner');
    const result = diff(base, { ...base, practice: people.replace('practitioner: p1', 'practitioner: p2') });
    expect(lines(result)).toEqual([
      'member - [amira] note.view +- gained: client.preferred is p2; lost: client.preferred is p1',
    ]);
    expect(result.notes.map(({ text }) => text)).toEqual([
      'amira held desk (practitioner p1) and holds desk (practitioner p2)',
    ]);
  });

  it('is a changed setting of the role', () => {
    const limited = (tags: string) =>
      people.replace(
        'desk: { account: clinical, level: low',
        `desk: { account: clinical, level: low, tag-limit: ${tags}`,
      );
    const when = 'resource.client.tags overlaps user.tag-limit';
    expect(lines(diff(clinic(when, limited('[north]')), clinic(when, limited('[north, south]'))))).toEqual([
      'role desk [amira] note.view + client.tags does not include north and client.tags includes any of {north, south}',
    ]);
    const [all] = diff(clinic(when, limited('[north]')), clinic(when, limited('all'))).changes;
    expect(all).toMatchObject({ kind: 'role', role: 'desk', members: ['amira'], widened: true, narrowed: false });
  });

  it('is a date', () => {
    const until = (day: string) => people.replace('amira: { role: desk', `amira: { role: desk, until: ${day}`);
    const result = diff(clinic(byAuthor, until('2026-03-01')), clinic(byAuthor, until('2026-04-01')));
    expect(lines(result)).toEqual([
      'member - [amira] note.view + author is the user and the time is 2026-03-02 or later and the time is before 2026-04-02',
    ]);
    expect(result.notes.map(({ text }) => text)).toEqual([
      'amira held desk (practitioner p1, until 2026-03-01) and holds desk (practitioner p1, until 2026-04-01)',
    ]);
  });

  it('is a member who left, came, or is no longer active', () => {
    const off = diff(
      clinic(byAuthor),
      clinic(byAuthor, people.replace('amira: { role: desk', 'amira: { status: inactive, role: desk')),
    );
    expect(lines(off)).toEqual(['member - [amira] note.view - author is the user']);
    const gone = diff(
      clinic(byAuthor),
      clinic(byAuthor, people.replace('amira: { role: desk, practitioner: p1 }, ', '')),
    );
    expect(lines(gone)).toEqual(['member-removed - [amira] [note.view] -  desk -> null']);
    expect(gone.semver).toBe('major');
  });
});

describe('a change of both directions', () => {
  it('names with each direction those whom it concerns', () => {
    const practice = people.replace('bo: { role: chief }', 'noa: { role: desk }');
    const of = (amira: string, noa: string) =>
      clinic(`user.id == "amira"${amira} or user.id == "noa" and resource.size < ${noa}`, practice);
    const { changes } = diff(of(' and resource.size < 5', '5'), of('', '3'));
    const parts = changes.filter(({ role }) => role === 'desk');
    expect(parts.map(({ members, widened, narrowed }) => [members, widened, narrowed])).toEqual([
      [['amira'], true, false],
      [['noa'], false, true],
    ]);
    expect(parts.map(({ gained, lost }) => [gained === null, lost === null])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it('leaves out a member whose settings hide it', () => {
    const limited = (tags: string) => people.replace('practitioner: p1', `tag-limit: ${tags}`);
    const when = 'resource.client.tags overlaps user.tag-limit';
    const head = 'resource.size < 5';
    const membersOf = (tags: string, is: 'widened' | 'narrowed') =>
      diff(clinic(when, limited(tags)), clinic(head, limited(tags)))
        .changes.filter((change) => change.kind === 'role' && change[is])
        .flatMap(({ members }) => members);
    expect(membersOf('[north]', 'widened')).toEqual(['bo', 'amira']);
    expect(membersOf('[north]', 'narrowed')).toEqual(['amira']);
    // Whoever may see all clients gains nothing; whoever may see none loses nothing.
    expect(membersOf('all', 'widened')).toEqual(['bo']);
    expect(membersOf('[]', 'narrowed')).toEqual([]);
  });

  it('speaks of those with the settings of the role apart from those with others', () => {
    const practice = people
      .replace('desk: { account: clinical, level: low', 'desk: { account: clinical, level: low, tag-limit: [west]')
      .replace('bo: {', 'kim: { role: desk, tag-limit: [east] }, noa: { role: desk, tag-limit: [west] }, bo: {');
    const when = 'resource.client.tags overlaps user.tag-limit';
    const { changes } = diff(clinic(when, practice), clinic(`${when} and resource.size < 5`, practice));
    // Who sets nothing, as bo, was never allowed it.
    expect(changes.map(({ kind, role, members, narrowed }) => [kind, role, members, narrowed])).toEqual([
      ['role', 'chief', [], true],
      ['role', 'desk', ['amira', 'noa'], true],
      ['member', null, ['kim'], true],
    ]);
  });

  it('says of duties which becomes which', () => {
    const grant = (when: string, outcome = '') => `{ actions: [note.view], when: '${when}'${outcome} }`;
    const of = (plain: string, audited: string): Clinic => ({
      permissions: `  notes: { level: low, grants: [${grant(plain)}, ${grant(audited, ', outcome: audited')}] }`,
      practice: people,
    });
    const [small, draft] = ['resource.size < 5', 'resource.state == "draft"'];
    const result = diff(of(small, draft), of(draft, small));
    expect(lines(result).filter((line) => line.includes('desk'))).toEqual([
      'duties desk [amira] note.view + size is 5 or more (or not known) and state is draft audited (write-audit) -> plain',
      'duties desk [amira] note.view - size is less than 5 and state is not draft (or not known) plain -> audited (write-audit)',
    ]);
  });

  it('is one change where a duty takes the place of another', () => {
    const of = (duty: string): Clinic => ({
      permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: '${byAuthor}', outcome: audited }] }`,
      practice: people,
      catalog: catalog.replace('[write-audit]', `[${duty}]`),
    });
    const result = diff(of('write-audit'), of('tell-owner'));
    expect(lines(result)[0]).toBe(
      'duties chief [bo] note.view +- author is the user audited (write-audit) -> audited (tell-owner)',
    );
    expect(result.changes[0]?.gained).toEqual(result.changes[0]?.lost);
  });

  it('says no single turn of duties where there are several', () => {
    const of = (outcome: string): Clinic => ({
      permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: '${byAuthor}'${outcome} }, { actions: [note.view], outcome: emergency }] }`,
      practice: people,
      catalog: catalog.replace('[record-reason]', '[record-reason, tell-owner]'),
    });
    const more = of(', outcome: audited');
    const head = {
      ...more,
      catalog: catalog
        .replace('[write-audit]', '[write-audit, call]')
        .replace('[record-reason]', '[record-reason, tell-owner]'),
    };
    const [one] = diff(more, head).changes;
    expect(one).toMatchObject({ kind: 'duties', widened: false, narrowed: true, from: null, to: null });
  });
});

describe('a search with a budget', () => {
  it('proves nothing where it is cut short, just at its end or before', () => {
    // Bo has no practitioner and a date, so that the way by the practitioner is searched in vain.
    const dated = people.replace('bo: { role: chief', 'bo: { role: chief, until: 2026-03-01');
    const head = clinic(`${byAuthor} or resource.client.preferred == user.practitioner or resource.size < 5`, dated);
    const tables = [tableOf(clinic(byAuthor, dated)), tableOf(head)] as const;
    for (let steps = 0; steps <= 8; steps++) {
      const { changes } = compare(...tables, { steps });
      expect(`${steps} ${changes.find(({ members }) => members.includes('bo'))?.action}`).toBe(`${steps} note.view`);
    }
    const whole = compare(...tables).changes.find(({ members }) => members.includes('bo'));
    expect(whole).toMatchObject({ undecided: false, example: { base: { allow: false }, head: { allow: true } } });
  });
});

describe('other changes', () => {
  it('are duties', () => {
    const grant = (outcome: string): Clinic => ({
      permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: "${byAuthor}"${outcome} }] }`,
      practice: people,
    });
    const eased = diff(grant(', outcome: emergency'), grant(', outcome: audited'));
    expect(lines(eased)[0]).toBe(
      'duties chief [bo] note.view + author is the user emergency (write-audit, record-reason) -> audited (write-audit)',
    );
    expect(diff(grant(''), grant(', outcome: audited'))).toMatchObject({ semver: 'major' });
    const more = {
      ...grant(', outcome: audited'),
      catalog: catalog.replace('[write-audit]', '[write-audit, tell-owner]'),
    };
    expect(lines(diff(grant(', outcome: audited'), more))[0]).toBe(
      'duties chief [bo] note.view - author is the user audited (write-audit) -> audited (write-audit, tell-owner)',
    );
    const named = { ...grant(', outcome: noted'), catalog: catalog.replace('audited:', 'noted:') };
    expect(diff(grant(', outcome: audited'), named)).toMatchObject({
      changes: [],
      renames: [{ kind: 'outcome', from: 'audited', to: 'noted' }],
    });
  });

  it('are how a denied action looks, and new actions', () => {
    const shown = { ...clinic(byAuthor), catalog: catalog.replace('denied: hidden', 'denied: disabled') };
    expect(lines(diff(clinic(byAuthor), shown))).toEqual(['presentation - [] client.edit   hidden -> disabled']);
    const more = {
      ...clinic(byAuthor),
      catalog: catalog.replace('actions: { view: {}, edit: {} }', 'actions: { view: {}, edit: {}, sign: {} }'),
    };
    expect(lines(diff(clinic(byAuthor), more))).toEqual(['action-added - [] note.sign  ']);
    const signed = {
      ...more,
      permissions:
        '  notes: { level: low, grants: [{ actions: [note.view, note.sign], when: "resource.author == user.id" }] }',
    };
    expect(lines(diff(clinic(byAuthor), signed))).toEqual([
      'role chief [bo] note.sign + author is the user',
      'role desk [amira] note.sign + author is the user',
      'action-added - [] note.sign + ',
    ]);
  });

  it('are renames, told from loss and gain', () => {
    const renamed = people.replaceAll('desk', 'front').replace('amira', 'anna');
    const result = diff(clinic('resource.size < 5'), clinic('resource.size < 5', renamed));
    expect(result.changes).toEqual([]);
    expect(result.renames).toEqual([
      { kind: 'role', from: 'desk', to: 'front' },
      { kind: 'member', from: 'amira', to: 'anna', isAsked: true },
    ]);
    const different = people.replace('level: high', 'level: high, tag-limit: [x]');
    const roles = diff(clinic(byAuthor, different), clinic(byAuthor, different.replaceAll('desk', 'front')));
    expect(roles).toMatchObject({ changes: [], renames: [{ kind: 'role', from: 'desk', to: 'front' }] });
    const permission = diff(clinic(byAuthor), {
      ...clinic(byAuthor),
      permissions: clinic(byAuthor).permissions.replace('notes', 'notes.read'),
    });
    expect(permission).toMatchObject({
      equal: true,
      renames: [{ kind: 'permission', from: 'notes', to: 'notes.read' }],
    });
  });

  it('are compared under the new name', () => {
    const renamed = people.replaceAll('desk', 'front');
    const result = diff(clinic(byAuthor), clinic('resource.size < 5', renamed));
    expect(result.changes.map(({ kind }) => kind)).toContain('role-added');
    const moved = diff(
      clinic(byAuthor),
      clinic(byAuthor, people.replace('amira: { role: desk, practitioner: p1 }', 'zoe: { id: amira, role: desk }')),
    );
    expect(moved.renames).toEqual([{ kind: 'member', from: 'amira', to: 'zoe' }]);
  });

  it('are days of another time zone', () => {
    const base = clinic('resource.created <= resource.due');
    // Sydney is always ahead of London, so that only somebody in London is still in time.
    const day = 'the day of created in';
    const result = diff(base, { ...base, zone: 'Europe/London' });
    expect(lines(result)).toEqual([
      `role chief [bo] note.view + ${day} Australia/Sydney is after due and ${day} Europe/London is not after due`,
      `role desk [amira] note.view + ${day} Australia/Sydney is after due and ${day} Europe/London is not after due`,
    ]);
    expect(result.changes[0]?.example).toMatchObject({ base: { allow: false }, head: { allow: true } });
    expect(result.notes.map(({ text }) => text)).toEqual([
      'days begin at other instants: the time zone was Australia/Sydney and is Europe/London',
    ]);
    const now = clinic('context.now < resource.due');
    const west = diff(now, { ...now, zone: 'Australia/Perth' });
    expect(west.semver).toBe('minor');
    expect(west.changes.map(({ undecided, widened, narrowed }) => [undecided, widened, narrowed])).toEqual([
      [false, true, false],
      [false, true, false],
    ]);
  });

  it('are days of a time zone that was another for some weeks of long ago', () => {
    // The clocks of Melbourne went back later than those of Sydney in 1986, and on other days in some years before.
    const now = clinic('context.now < resource.due');
    const { changes } = diff(now, { ...now, zone: 'Australia/Melbourne' });
    const [one] = changes;
    expect(one?.undecided).toBe(false);
    expect([one?.gained?.example, one?.lost?.example]).not.toContain(undefined);
    for (const example of [one?.gained, one?.lost].flatMap((part) => part?.example ?? [])) {
      const year = Number((example.context as { now: string }).now.slice(0, 4));
      expect(year).toBeGreaterThan(1970);
      expect(year).toBeLessThan(2010);
    }
    const birthdays = clinic('context.now < resource.due + 18y');
    expect(diff(birthdays, { ...birthdays, zone: 'Australia/Perth' }).changes[0]).toMatchObject({
      undecided: false,
      widened: true,
      narrowed: false,
    });
  });

  it('are outcomes in another order', () => {
    const grant = (outcome: string): Clinic => ({
      permissions: `  notes: { level: low, grants: [{ actions: [note.view], when: "${byAuthor}"${outcome} }] }`,
      practice: people,
    });
    const turned = catalog.replace(
      '[{ audited: [write-audit] }, { emergency: [record-reason] }]',
      '[{ emergency: [record-reason] }, { audited: [write-audit] }]',
    );
    const [one] = diff(grant(', outcome: audited'), { ...grant(', outcome: audited'), catalog: turned }).changes;
    expect(one).toMatchObject({ kind: 'duties', widened: false, narrowed: true });
  });
});
