import { describe, expect, it } from 'vitest';
import { type SurveyOptions, survey } from '../../src/survey/index.ts';
import { type Clinic, tableOf } from '../compare/pairs.ts';

/** One line a cell that is not "never": `column action: part, else part`, conditions written out. */
function told(clinic: Clinic, options: SurveyOptions): readonly string[] {
  const { columns, rows, footnotes } = survey(tableOf(clinic), options);
  return rows.flatMap(({ action, cells }) =>
    cells.flatMap(({ answer, parts }, at) => {
      if (answer === 'never') return [];
      const texts = parts.map(({ outcome, footnote }) => {
        const note = footnote === null ? null : footnotes[footnote - 1];
        return [outcome, note ? `if ${note.condition ?? note.problem}` : outcome ? null : 'always']
          .filter(Boolean)
          .join(' ');
      });
      return [`${columns[at]} ${action}${answer === 'always' ? '' : '?'} ${texts.join(', else ')}`];
    }),
  );
}

const grant = (when: string, action = 'note.view', outcome = '') =>
  `  base:\n    grants:\n      - actions: [${action}]\n        when: '${when}'\n${outcome ? `        outcome: ${outcome}\n` : ''}`;
const desk = 'roles: { desk: { account: clinical, level: low, with: [base] } }\n';
const ofRole = (when: string) => told({ permissions: grant(when), practice: desk }, { of: 'roles' });

describe('the condition of a role', () => {
  it('is said with what its holder has', () => {
    expect(ofRole('resource.client.preferred == user.practitioner')).toEqual([
      "desk note.view? if client.preferred is the user's practitioner",
    ]);
    expect(ofRole('resource.author != user.id and resource.client.tags overlaps ["north", "south"]')).toEqual([
      'desk note.view? if author is not the user and (client.tags includes north or client.tags includes south)',
    ]);
  });

  it('has the settings of the role itself in it', () => {
    const practice = `roles:
  one: { account: clinical, level: low, with: [base], tag-limit: [north] }
  two: { account: clinical, level: low, with: [base], tag-limit: [north, south] }
  all: { account: clinical, level: low, with: [base], tag-limit: all }
  none: { account: clinical, level: low, with: [base], tag-limit: none }
`;
    const permissions = grant('resource.client.tags overlaps user.tag-limit');
    expect(told({ permissions, practice }, { of: 'roles', columns: ['one', 'two', 'all', 'none'] })).toEqual([
      'one note.view? if client.tags includes north',
      'two note.view? if client.tags includes any of {north, south}',
      'all note.view always',
    ]);
  });

  it('joins the values of one fact, and what is common stands once', () => {
    expect(ofRole('resource.state in ["draft", "locked"] and resource.author == user.id')).toEqual([
      'desk note.view? if author is the user and state is one of {draft, locked}',
    ]);
    expect(ofRole('resource.client.preferred != "a" and resource.client.preferred != "b"')).toEqual([
      'desk note.view? if client.preferred is none of {a, b}',
    ]);
    const both =
      '(resource.author == user.id or "vip" in resource.client.tags) and (resource.size < 3 or resource.due < "2026-05-01")';
    expect(ofRole(both)).toEqual([
      'desk note.view? if (author is the user or client.tags includes vip) and (due is before 2026-05-01 or size is less than 3)',
    ]);
  });

  it('leaves out what the meaning of the atoms makes needless', () => {
    // A note that is locked is no draft.
    expect(ofRole('resource.state == "locked" and resource.state != "draft"')).toEqual([
      'desk note.view? if state is locked',
    ]);
    expect(ofRole('resource.size < 5 or (resource.size < 9 and resource.author == user.id)')).toEqual([
      'desk note.view? if (author is the user and size is less than 9) or size is less than 5',
    ]);
    expect(ofRole('resource.state == "draft" or (resource.state != "draft" and resource.author == user.id)')).toEqual([
      'desk note.view? if author is the user or state is draft',
    ]);
  });

  it('is never where no request meets it', () => {
    expect(ofRole('resource.state == "locked" and resource.state == "draft"')).toEqual([]);
    expect(ofRole('resource.size < 3 and resource.size > 5')).toEqual([]);
  });

  it('is that facts are known, where they may have any value', () => {
    expect(ofRole('resource.size < 5 or resource.size >= 3')).toEqual(['desk note.view? if size is known']);
    expect(ofRole('(resource.size < 5 or resource.size >= 3) and resource.author == user.id')).toEqual([
      'desk note.view? if author is the user and size is known',
    ]);
    // The same atom, true or not, is allowed though it is missing.
    expect(ofRole('resource.size < 5 or resource.size >= 5')).toEqual(['desk note.view always']);
  });

  it('asks whether a fact is set', () => {
    expect(ofRole('context.reason is set')).toEqual(['desk note.view? if context.reason is set']);
    expect(ofRole('context.reason != "" and context.reason is set')).toEqual([
      'desk note.view? if context.reason is not ""',
    ]);
  });

  it('quotes values that could be read as words of the sentence', () => {
    expect(ofRole('resource.author == "lee or the user is sam"')).toEqual([
      'desk note.view? if author is "lee or the user is sam"',
    ]);
  });
});

describe('duties', () => {
  it('stand with the condition under which they come, the best first', () => {
    const permissions = `  base:
    grants:
      - actions: [note.view]
        when: resource.author == user.id
      - actions: [note.view]
        when: '"vip" in resource.client.tags'
        outcome: audited
      - actions: [note.view]
        outcome: emergency
      - actions: [note.edit]
        outcome: audited
      - actions: [client.view]
        when: '"vip" in resource.tags'
        outcome: emergency
`;
    expect(told({ permissions, practice: desk }, { of: 'roles' })).toEqual([
      'desk client.view? emergency if tags includes vip',
      'desk note.edit audited',
      'desk note.view if author is the user, else audited if client.tags includes vip, else emergency',
    ]);
    const { rows } = survey(tableOf({ permissions, practice: desk }), { of: 'roles', actions: ['note.view'] });
    expect(rows[0]?.cells[0]?.parts.map(({ duties }) => duties)).toEqual([
      [],
      ['write-audit'],
      ['write-audit', 'record-reason'],
    ]);
  });

  it('come where a fact is missing, if only then', () => {
    const permissions = `  base:
    grants:
      - actions: [note.view]
        when: resource.size < 5 or resource.size >= 3
      - actions: [note.view]
        outcome: audited
`;
    expect(told({ permissions, practice: desk }, { of: 'roles' })).toEqual([
      'desk note.view if size is known, else audited',
    ]);
  });
});

describe('the condition of a member', () => {
  const practice = `${desk.replace('} }\n', '}, lead: { account: clinical, level: high, with: [base] } }\n')}members:
  amira: { role: desk }
  lee: { role: desk, practitioner: dr-lee }
  noa: { role: desk, practitioner: dr-lee, status: inactive }
  cho:
    holds:
      - { role: desk, practitioner: dr-cho }
      - { role: lead, practitioner: dr-lee, from: 2026-02-01, until: 2026-02-28 }
  sam: { role: desk, practitioner: dr-sam, until: 2026-01-31 }
`;
  const permissions = grant('resource.client.preferred == user.practitioner');
  const columns = ['amira', 'lee', 'noa', 'cho', 'sam'];
  const from = (since: number) => told({ permissions, practice }, { of: 'members', columns, since });

  it('has the settings, dates and status of the member in it', () => {
    expect(from(Date.UTC(2026, 0, 1))).toEqual([
      'lee note.view? if client.preferred is dr-lee',
      'cho note.view? if client.preferred is dr-cho or (client.preferred is dr-lee and the day is 2026-02-01 or later and the day is 2026-02-28 or earlier)',
      'sam note.view? if client.preferred is dr-sam and the day is 2026-01-31 or earlier',
    ]);
  });

  it('is told from an instant on: Sydney is eleven hours ahead', () => {
    const middle = from(Date.UTC(2026, 0, 31, 13));
    expect(middle).toEqual([
      'lee note.view? if client.preferred is dr-lee',
      'cho note.view? if client.preferred is dr-cho or (client.preferred is dr-lee and the day is 2026-02-28 or earlier)',
    ]);
    expect(from(Date.UTC(2026, 0, 31, 12)).at(-1)).toContain('sam note.view?');
    expect(from(Date.UTC(2026, 1, 28, 13))).toEqual([
      'lee note.view? if client.preferred is dr-lee',
      'cho note.view? if client.preferred is dr-cho',
    ]);
  });

  it('of several roles is that of any of them, never of their mixture', () => {
    const two = `roles: { desk: { account: clinical, level: low, with: [base] } }
members:
  lee: { holds: [ { role: desk, practitioner: dr-lee }, { role: desk, practitioner: dr-cho } ] }
`;
    expect(
      told(
        {
          permissions: grant(
            'resource.client.preferred == user.practitioner and not (user.practitioner in resource.client.assigned)',
          ),
          practice: two,
        },
        { of: 'members' },
      ),
    ).toEqual([
      'lee note.view? if (client.preferred is dr-cho and dr-cho is not in client.assigned) or (client.preferred is dr-lee and dr-lee is not in client.assigned)',
    ]);
  });
});

describe('footnotes', () => {
  it('have one number for one condition', () => {
    const permissions = `  base:
    grants:
      - actions: [note.view]
        when: resource.author == user.id or resource.state == "draft"
      - actions: [note.edit]
        when: not (resource.state != "draft" and not (user.id == resource.author))
`;
    const practice =
      'roles: { a: { account: clinical, level: low, with: [base] }, b: { account: clinical, level: high, with: [base] } }\n';
    const { rows, footnotes } = survey(tableOf({ permissions, practice }), { of: 'roles' });
    const numbers = rows.flatMap(({ cells }) => cells.flatMap(({ parts }) => parts.map(({ footnote }) => footnote)));
    expect(numbers).toEqual([1, 1, 1, 1]);
    expect(footnotes).toHaveLength(1);
    expect(footnotes[0]?.cases).toHaveLength(2);
  });

  it('say that a condition is too long, or was not looked at, and nothing else', () => {
    const permissions = grant('resource.author == user.id or resource.state == "draft" or resource.size < 5');
    expect(told({ permissions, practice: desk }, { of: 'roles', cases: 2 })).toEqual(['desk note.view? if too-long']);
    expect(told({ permissions, practice: desk }, { of: 'roles', length: 30 })).toEqual(['desk note.view? if too-long']);
    expect(told({ permissions, practice: desk }, { of: 'roles', steps: 0 })).toEqual(['desk note.view? if too-many']);
  });
});
