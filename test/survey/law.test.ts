/** A survey says just what the table decides: its JSON is read against requests of generated policies. */
import { expect, test } from 'vitest';
import { loadTable, type Table } from '../../src/runtime/index.ts';
import { viewOf } from '../../src/runtime/tools.ts';
import { type Survey, survey } from '../../src/survey/index.ts';
import { allRequests, makeDraft, makeRequest, printDraft } from '../generate.ts';
import { fail, forAll, type Subject, subjectOrSkip } from '../laws/law.ts';
import type { Request } from '../reference.ts';
import { at, outcomeOf, readRequest, userOf } from './read.ts';

interface Seen {
  complete: number;
  conditional: number;
  incomplete: number;
  untold: number;
}

const fresh = (): Seen => ({ complete: 0, conditional: 0, incomplete: 0, untold: 0 });
const runs = Number(process.env.CHAPERONE_SURVEYS ?? 40);

test('on small policies every request is decided as the footnotes say', { timeout: 600_000 }, () => {
  const seen = fresh();
  forAll(runs, (policies) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies, true)));
    const table = loadTable(subject.bytes);
    const told = tell(table, 'members');
    for (const action of subject.policy.actions.keys())
      for (const request of allRequests(subject.policy, action, 2_000) ?? [])
        check(subject, table, told, request, seen);
  });
  console.log(JSON.stringify(seen));
  expect(seen.conditional).toBeGreaterThan(500);
  expect(seen.untold).toBeLessThan(seen.conditional / 100);
});

test('so are requests at random of larger policies, of members and of roles', { timeout: 600_000 }, () => {
  const [ofMembers, ofRoles] = [fresh(), fresh()];
  forAll(runs * 2, (policies, choose) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    const table = loadTable(subject.bytes);
    const [members, roles] = [tell(table, 'members'), tell(table, 'roles')];
    for (let tries = 0; tries < 100; tries++) {
      const request = makeRequest(subject.policy, choose);
      check(subject, table, members, request, ofMembers);
      check(subject, table, roles, request, ofRoles);
    }
  });
  console.log(JSON.stringify([ofMembers, ofRoles]));
  expect(ofMembers.conditional).toBeGreaterThan(500);
  expect(ofRoles.conditional).toBeGreaterThan(100);
  expect(ofMembers.untold).toBeLessThan(ofMembers.conditional / 20);
});

test('what is always allowed is what permitted() says', { timeout: 600_000 }, () => {
  let count = 0;
  forAll(runs, (policies) => {
    const subject = subjectOrSkip(printDraft(makeDraft(policies)));
    const table = loadTable(subject.bytes);
    const since = Date.UTC(2026, 4, 1, 12);
    const told = survey(table, { of: 'members', since });
    const later = [since, since + 86_400_000, Date.UTC(2026, 6, 1), Date.UTC(2027, 0, 1), Date.UTC(2099, 0, 1)];
    told.columns.forEach((member, column) => {
      const permitted = later.map((now) => at(table, now).user(member).permitted());
      for (const { action, cells } of told.rows) {
        const { answer } = cells[column]!;
        const isAlways = permitted.every(({ always }) => always.has(action));
        const isNever = permitted.every(({ always, sometimes }) => !always.has(action) && !sometimes.has(action));
        if (answer === 'always' && !isAlways) fail('always, and not permitted', [subject], null, { member, action });
        if (answer !== 'never' && isNever) fail('told, and never permitted', [subject], null, { member, action });
        if (answer === 'never' && permitted.some(({ always }) => always.has(action)))
          fail('never, and permitted', [subject], null, { member, action });
        // Without dates and clocks one instant is like another.
        const isTimeless = subject.policy.members.get(member)?.assignments.every(({ from, until }) => !from && !until);
        if (isTimeless && !subject.texts.catalog.includes('now') && !subject.texts.practice.includes('now')) {
          if (isAlways !== (answer === 'always')) fail('permitted, not always', [subject], null, { member, action });
          count++;
        }
      }
    });
  });
  expect(count).toBeGreaterThan(runs);
});

/** As a program reads it. */
function tell(table: Table, of: Survey['of']): Survey {
  return JSON.parse(JSON.stringify(survey(table, { of })));
}

function check(subject: Subject, table: Table, told: Survey, request: Request, seen: Seen): void {
  const column = columnOf(table, told, request);
  const row = told.rows.find(({ action }) => action === request.action);
  const cell = column === null ? undefined : row?.cells[told.columns.indexOf(column)];
  if (!cell) return;
  const { allow, outcome } = at(table, request.now)
    .user(userOf(request))
    .decide(request.action, request.resource, request.context);
  const facts = { column, cell, footnotes: cell.parts.map(({ footnote }) => footnote && told.footnotes[footnote - 1]) };
  if (cell.answer === 'never' && allow) fail('never, and allowed', [subject], request, facts);
  if (cell.answer === 'always' && !allow) fail('always, and denied', [subject], request, facts);
  const reading = readRequest(table, request);
  const notes = cell.parts.flatMap(({ footnote }) => (footnote === null ? [] : told.footnotes[footnote - 1]!));
  if (!reading?.isComplete(notes)) {
    seen.incomplete++;
    return;
  }
  seen.complete++;
  const said = outcomeOf(cell, told.footnotes, reading);
  if (said === null) seen.untold++;
  else if (said !== (allow ? (outcome ?? 'plain') : 'deny'))
    fail('the footnotes say another decision', [subject], request, { said, allow, outcome, ...facts });
  if (cell.answer === 'sometimes') seen.conditional++;
}

/** Whose column the request is in; of roles, that of an active member with just this one, and no dates or settings of the role's own. */
function columnOf(table: Table, { of }: Survey, { user }: Request): string | null {
  const view = viewOf(table);
  const index = view.findMember(typeof user === 'string' ? user : user.id);
  if (index < 0 || (typeof user !== 'string' && user.roles !== null)) return null;
  const { key, active, assignments } = view.member(index);
  if (of === 'members') return key;
  const [only, ...others] = assignments;
  if (!only || others.length > 0 || !active || only.from !== null || only.until !== null) return null;
  const role = view.roles[only.role]!;
  const isOwn = only.settings.some(({ slot }) => role.settings.some((setting) => setting.slot === slot));
  return isOwn ? null : role.name;
}
