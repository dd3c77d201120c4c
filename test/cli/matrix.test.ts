/** Goldens are what a person reviews: `CHAPERONE_WRITE=1` writes them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../src/cli/matrix/csv.ts';
import { chaperone, root, temporaryFolder } from './run.ts';

const harbour = 'examples/harbour-physio';
const now = ['--now', '2026-11-22T09:00:00Z'];
const schema = JSON.parse(readFileSync(join(root, 'schemas/matrix.schema.json'), 'utf8'));
const validate = new Ajv({ allowUnionTypes: true, formats: { 'date-time': true } }).compile(schema);

function golden(name: string, text: string): void {
  const path = join(root, 'test/cli/matrix', name);
  if (process.env.CHAPERONE_WRITE) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

function read(...words: readonly string[]) {
  const run = chaperone(['matrix', ...words, '--json']);
  expect(run).toMatchObject({ status: 0, stderr: '' });
  const told = JSON.parse(run.stdout);
  expect(validate(told), JSON.stringify(validate.errors)).toBe(true);
  return told;
}

describe('matrix', () => {
  it('shows roles and members of the clinic, with their conditions', () => {
    const run = (...words: string[]) => {
      const { status, stdout, stderr } = chaperone(['matrix', harbour, ...words]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return stdout;
    };
    golden('harbour-roles.txt', run());
    golden('harbour-members.txt', run('--members', ...now));
    golden('harbour-members.md', run('--members', ...now, '--format', 'markdown'));
    golden('harbour-members.csv', run('--members', ...now, '--format', 'csv'));
  });

  it('gives JSON as its schema says', () => {
    const told = read(harbour, '--members', ...now);
    expect(told).toMatchObject({ of: 'members', since: '2026-11-22T09:00:00Z' });
    expect(told.columns).toEqual(['amira', 'noa', 'lee', 'cho', 'priya', 'sam']);
    const row = told.rows.find(({ action }: { action: string }) => action === 'calendar.view');
    expect(row.marks).toEqual({ amira: 'yes', noa: 'if', lee: 'if', cho: 'yes', priya: 'yes', sam: 'yes' });
    const { footnote } = row.when.lee[0];
    expect(told.footnotes[footnote - 1]).toEqual({
      number: footnote,
      condition: '(calendar is dr-cho and the day is 2027-01-10 or earlier) or calendar is dr-lee',
      problem: null,
      cases: [
        [
          {
            atom: 'resource.calendar == user.practitioner',
            is: ['true'],
            text: 'calendar is dr-cho',
            settings: { practitioner: 'dr-cho' },
          },
          {
            // The day after the last ends the cover: midnight in Sydney.
            atom: `context.now:date-time < ${Date.UTC(2027, 0, 10, 13)}`,
            is: ['true'],
            text: 'the day is 2027-01-10 or earlier',
            settings: {},
          },
        ],
        [
          {
            atom: 'resource.calendar == user.practitioner',
            is: ['true'],
            text: 'calendar is dr-lee',
            settings: { practitioner: 'dr-lee' },
          },
        ],
      ],
      facts: [],
    });
    const later = read(harbour, '--member', 'lee', '--action', 'calendar.view', '--now', '2027-01-11');
    expect(later.footnotes.map(({ condition }: { condition: string }) => condition)).toEqual(['calendar is dr-lee']);
  });

  it('shows the levels of a catalog, and what each permission adds', () => {
    const levels = read('power-diary@1.0.0', '--action', 'client.create,note.view');
    expect(levels.of).toBe('levels');
    const [create, view] = levels.rows;
    expect(create.marks).toMatchObject({ 'clinical.basic': 'no', 'clinical.limited': 'yes', master: 'yes' });
    expect(view.marks).toMatchObject({
      'clinical.basic': 'no',
      'clinical.limited': 'if',
      'clinical.confidential': 'yes',
    });
    const added = read('power-diary@1.0.0', '--permissions', '--permission', 'people-menu,appointments.delete');
    expect(added).toMatchObject({ of: 'permissions', columns: ['people-menu', 'appointments.delete'] });
    const remove = added.rows.find(({ action }: { action: string }) => action === 'appointment.delete');
    expect(remove.marks).toEqual({ 'people-menu': 'no', 'appointments.delete': 'if' });
    const [part] = remove.when['appointments.delete'];
    expect(added.footnotes[part.footnote - 1].condition).toBe("calendar is the user's practitioner");
    const text = chaperone(['matrix', 'power-diary@1.0.0', '--permissions', '--permission', 'appointments.delete']);
    expect(text.stdout).toMatch(/^appointments\.delete\n {2}appointment\.delete +if 1\n\n/);
  });

  it('is chosen from by role, member, action and permission', () => {
    expect(read(harbour, '--role', 'manager,reception', '--permission', 'appointments.delete')).toMatchObject({
      columns: ['reception', 'manager'],
      rows: [{ action: 'appointment.delete', marks: { reception: 'no', manager: 'yes' }, when: {} }],
      footnotes: [],
    });
    const refused = (...words: string[]) => chaperone(['matrix', harbour, ...words]);
    expect(refused('--role', 'recepton')).toMatchObject({ status: 2, stderr: expect.stringContaining('`reception`') });
    expect(refused('--action', 'notes.*')).toMatchObject({ status: 2, stdout: '' });
    expect(refused('--permissions')).toMatchObject({ status: 2, stdout: '' });
    expect(refused('--footnotes', 'x.csv')).toMatchObject({ status: 2, stdout: '' });
  });

  it('writes the footnotes of CSV into a file of their own, if asked', () => {
    const file = join(temporaryFolder(), 'notes.csv');
    const words = ['matrix', harbour, '--role', 'reception', '--action', 'payment.stripe', '--format', 'csv'];
    expect(chaperone([...words, '--footnotes', file]).stdout).toBe('action,reception\npayment.stripe,if 1\n');
    expect(readFileSync(file, 'utf8')).toBe(
      `footnote,condition\n1,(client.preferred is the user's practitioner or the user is in client.users-with-access or the user's practitioner is in client.assigned) and (the user is not amira or (client.tags includes north and the user is not in client.closed-to))\n`,
    );
  });
});

describe('CSV', () => {
  it('quotes as RFC 4180 says, and is no formula', () => {
    expect(csvOf([['a', 'b'], ['x, y', 'say "no"'], [], ['one\ntwo']])).toBe(
      'a,b\n"x, y","say ""no"""\n,\n"one\ntwo",\n',
    );
    expect(csvOf([['=1+2', '+1', '-1', '@x', '\tx', '\r=1', 'a=b', '=a,"b"']])).toBe(
      '\'=1+2,\'+1,\'-1,\'@x,\'\tx,"\'\r=1",a=b,"\'=a,""b"""\n',
    );
  });
});

describe('who', () => {
  it('says who may always, under which condition, and never', () => {
    const run = chaperone(['who', 'user.edit-permissions', '--policy', harbour]);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout.split('\n').slice(0, 4)).toEqual([
      'always     sam',
      'sometimes  priya: if target is not master',
      'never      amira, noa, lee, cho: nothing gives it',
      '',
    ]);
    const roles = chaperone(['who', 'user.edit-permissions', '--policy', harbour, '--roles']).stdout.split('\n');
    expect(roles.slice(0, 2)).toEqual(['always     master', 'sometimes  manager: if target is not master']);
  });

  it('gives both as JSON, and decides for one resource', () => {
    const words = ['who', 'user.edit-permissions', '--policy', harbour, '--json'];
    const told = JSON.parse(chaperone(words).stdout);
    expect(told.members.find(({ member }: { member: string }) => member === 'priya')).toMatchObject({
      answer: 'sometimes',
      reason: 'missing-fact',
      missing: ['target'],
      when: [{ outcome: null, condition: 'target is not master', problem: null }],
    });
    expect(told.roles.find(({ role }: { role: string }) => role === 'reception')).toEqual({
      role: 'reception',
      answer: 'never',
      outcome: null,
      reason: 'no-grant',
      when: [],
    });
    const decided = JSON.parse(chaperone([...words, '--on', '{"target": "master"}']).stdout);
    expect(decided.members.find(({ member }: { member: string }) => member === 'priya')).toEqual({
      member: 'priya',
      answer: 'deny',
      outcome: null,
      reason: 'condition-false',
      missing: [],
    });
  });

  it('takes no resource that says a fact twice, or none', () => {
    const on = (text: string) => chaperone(['who', 'user.edit-permissions', '--policy', harbour, '--on', text]);
    const twice = on('{"target": "other", "target": "master"}');
    expect([twice.status, twice.stdout]).toEqual([2, '']);
    expect(twice.stderr).toContain('the key `target` stands twice in one map');
    expect(on('["master"]')).toMatchObject({ status: 2, stdout: '' });
    expect(on('"master"').stderr).toContain('`--on` holds no facts');
  });
});
