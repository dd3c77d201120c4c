import { describe, expect, it } from 'vitest';
import { type CatalogSyntax, type PracticeSyntax, parse, type TestsSyntax } from '../../src/parse/index.ts';
import { linesOf } from './lines.ts';

// The samples of the design, section 3, each made whole.
const catalog = `chaperone: 1
kind: catalog
name: power-diary
version: 1.0.0
accounts:
  clinical: { ladders: [standard] }
  administrative: { ladders: [standard] }
  master: { holders: 1 }         # exactly one member
  provider: { ladders: [option], level: required, permissions: none }
  office: { permissions: [office.tab.*], default: [office.tab.dashboard, office.tab.reports] }
ladders:
  standard: [basic, limited, client-billing, reports, confidential, account-management]   # lowest first
features: [stripe, mailchimp]
settings:
  practitioner: { type: practitioner, on: assignment, optional: true }
  access: { type: "section -> mode -> set<string>", on: assignment, default: none }
  tag-limit: { type: "set<tag>", on: "role | assignment" }     # no default: \`all\` must be written
  accepted: { type: bool, on: assignment, default: false }
outcomes: [ { audited: [write-audit] }, { emergency: [record-reason, alert-privacy-officer] } ]   # best first; plain allow stands above, deny below
context: { reason: string, now: date-time }          # facts of the request, typed
user: { age: int }
roles-given-by-application: [guardian]
values: { tag: by-practice, practitioner: by-practice, mode: [view, edit] }
resources:
  client:
    facts: { preferred: string, assigned: set<string>, users-with-access: set<string>, note-override: set<string>, tags: set<tag> }
    actions:
      create: { about: nothing }        # no instance exists yet: no client facts
      search: { about: nothing }
      merge: {}
      split:
  note:
    facts: { client: client, author: string, state: "draft | locked | unlocked" }
    actions: { view: { section: notes, mode: view }, edit: {}, unlock: {} }
  appointment:
    facts: { calendar: string }
    actions:
      update: {}
      view-details: { denied: greyed-out }
conditions:
  default-client:
    of: { c: client }
    is: >-
      c.preferred == user.practitioner
      or user.practitioner in c.assigned
      or user.id in c.users-with-access
  readable:
    of: { n: note }
    is: n.author == user.id or has(notes.all-authors) or n.author in n.client.note-override
permissions:
  people-menu:
    title: People Menu
    level: limited
    grants:
      - actions: [client.create, client.search]
      - actions: [note.view]
        when: default-client(resource.client) and readable(resource)
  notes.all-authors: { title: View All User Notes, level: confidential }   # grants nothing: it only widens \`readable\`
  setup:
    level: account-management
    requires: people-menu and (notes.all-authors or plain)
    grants:
      - actions: [user.edit-permissions]
        when: resource.target != "master"      # an exception of this grant alone, so not a prohibition
      - { actions: [client.open], when: 'context.reason != ""', outcome: emergency }
  plain:
  admin: { requires: { permissions: all, falls-silently: true } }
grants:                                        # what needs no switch, or several at once
  - actions: [calendar.view]
    when: resource.calendar == user.practitioner
  - actions: ["*"]
    when: user.account == "master"
scopes:
  whose:
    covers: { with: owner }                    # every action about a resource that has the fact
    is: resource.owner == user.id or resource.owner in user.access[action.section][action.mode]
  tag-limit:
    covers: { with: client }
    is: resource.client.tags overlaps user.tag-limit
  accepted: { covers: all, is: user.accepted }
  claim-md: { covers: [claim.submit], is: feature(claim-md) }
`;

const practice = `chaperone: 1
kind: practice
name: harbour-physio
version: 3.2.0
catalog: power-diary@^1
time-zone: Australia/Sydney
features: { stripe: on, mailchimp: off }
values: { tag: [north, south], practitioner: [dr-lee, dr-cho] }     # closed lists; each is a type of that name, so a typo is an error
dependencies: strict                                               # or gate, see 4.2
facts: { client: { closed-to: set<string> } }
roles:
  reception: { account: administrative, level: client-billing, without: [appointments.delete], with: [calendars.all] }
  practitioner: { account: clinical, level: limited }
  lead-practitioner: { extends: practitioner, level: confidential }
members:
  amira: { role: reception, status: active }
  lee:
    holds:                      # all roles of one member have the same account
      - { role: practitioner, practitioner: dr-lee }
      - { role: practitioner, practitioner: dr-cho, until: 2027-01-10 }     # cover during leave
prohibitions:
  - actions: { with: client }
    when: user.id in resource.client.closed-to
invariants:
  - reception never reads notes: { never: note.view, for: { roles: [reception] } }
  - only billers submit claims: { only: claim.submit, for: { roles: [biller] } }
  - the owner can always get in: { always: account.sign-in, for: { members: [sam] } }
  - nobody both bills and refunds: { separate: [claim.submit, payment.refund], over: members }
  - someone can unlock notes: { someone: note.unlock }
`;

const tests = `chaperone: 1
kind: tests
practice: ./practice.yaml
roles: { scratch: { account: clinical, with: [people-menu] } }
users: { u1: { role: scratch, id: U1, practitioner: P1 } }
tests:
  - name: the front desk works without clinical notes
    cites: [PD-12]
    user: amira
    resources: { n: { type: note, author: dr-lee, client: { tags: [north] } } }
    expect: { note.view on n: deny, calendar.view on n: allow, client.create: { decision: allow, outcome: emergency } }
matrix:
  users: [u1, amira]
  resources: { mine: { type: note, author: U1 }, theirs: { type: note, author: U2 } }
  expect:
    note.view: { u1: [allow, deny], amira: [deny, deny] }      # one column a resource
    note.edit: { u1: allow }
`;

function read(text: string) {
  const { syntax, diagnostics } = parse({ path: 'x.yaml', text });
  expect(linesOf(diagnostics)).toEqual([]);
  return syntax;
}

const at = (text: string, span: { readonly start: number; readonly end: number }) => text.slice(span.start, span.end);

describe('a catalog', () => {
  const syntax = read(catalog) as CatalogSyntax;
  const found = <T>(
    entries: readonly { readonly key: { readonly text: string }; readonly value: T }[],
    key: string,
  ): T => {
    const entry = entries.find((each) => each.key.text === key);
    if (!entry) throw new Error(key);
    return entry.value;
  };
  it('has its header', () => {
    expect(syntax).toMatchObject({
      kind: 'catalog',
      name: { text: 'power-diary' },
      version: { text: '1.0.0' },
      title: null,
    });
  });
  it('keeps the order of maps and lists', () => {
    expect(syntax.accounts.map((entry) => entry.key.text)).toEqual([
      'clinical',
      'administrative',
      'master',
      'provider',
      'office',
    ]);
    expect(syntax.outcomes.map(({ key, value }) => [key.text, value.duties.map((duty) => duty.text)])).toEqual([
      ['audited', ['write-audit']],
      ['emergency', ['record-reason', 'alert-privacy-officer']],
    ]);
  });
  it('tells none, all and absence apart', () => {
    expect(found(syntax.accounts, 'provider')).toMatchObject({ level: 'required', permissions: [] });
    expect(found(syntax.accounts, 'clinical')).toMatchObject({ level: null, permissions: null, holders: null });
    expect(found(syntax.accounts, 'master').holders).toMatchObject({ count: 1 });
    expect(found(syntax.values, 'tag')).toBeNull();
    expect(found(syntax.settings, 'practitioner').default).toBeNull();
    expect(found(syntax.settings, 'accepted').default).toMatchObject({ kind: 'scalar', value: false });
    expect(found(syntax.settings, 'tag-limit').on).toEqual(['role', 'assignment']);
  });
  it('has actions with constants, also empty ones', () => {
    const { actions } = found(syntax.resources, 'client');
    expect(actions.map(({ key, value }) => [key.text, value.about])).toEqual([
      ['create', 'nothing'],
      ['search', 'nothing'],
      ['merge', 'resource'],
      ['split', 'resource'],
    ]);
    const view = found(found(syntax.resources, 'note').actions, 'view');
    expect(view.constants.map(({ key, value }) => [key.text, value.text])).toEqual([
      ['section', 'notes'],
      ['mode', 'view'],
    ]);
    expect(at(catalog, view.span)).toBe('view: { section: notes, mode: view }');
    expect(found(found(syntax.resources, 'appointment').actions, 'view-details').denied).toMatchObject({
      text: 'greyed-out',
    });
  });
  it('has conditions with exact places inside block text', () => {
    const { is } = found(syntax.conditions, 'default-client');
    expect(is.kind).toBe('or');
    if (is.kind !== 'or') return;
    expect(is.terms.map((term) => at(catalog, term.span))).toEqual([
      'c.preferred == user.practitioner',
      'user.practitioner in c.assigned',
      'user.id in c.users-with-access',
    ]);
  });
  it('has permissions, requirements and grants', () => {
    const setup = found(syntax.permissions, 'setup');
    expect(setup.requires).toMatchObject({ fallsSilently: false, expression: { kind: 'and' } });
    expect(setup.grants.map((grant) => grant.outcome?.text ?? null)).toEqual([null, 'emergency']);
    expect(found(syntax.permissions, 'plain')).toMatchObject({ requires: null, grants: [] });
    expect(found(syntax.permissions, 'admin').requires).toMatchObject({
      fallsSilently: true,
      expression: { kind: 'all' },
    });
    expect(syntax.grants.map((grant) => grant.actions)).toMatchObject([
      { kind: 'names', names: [{ text: 'calendar.view' }] },
      { kind: 'names', names: [{ text: '*' }] },
    ]);
    expect(syntax.scopes.map(({ value }) => value.covers.kind)).toEqual(['with', 'with', 'all', 'names']);
  });
});

describe('a practice', () => {
  const syntax = read(practice) as PracticeSyntax;
  it('has switches, roles and members', () => {
    expect(syntax.features.map(({ key, value }) => [key.text, value.on])).toEqual([
      ['stripe', true],
      ['mailchimp', false],
    ]);
    expect(syntax.roles.map(({ value }) => value.extends.map((role) => role.text))).toEqual([[], [], ['practitioner']]);
    const lee = syntax.members[1]?.value;
    expect(lee?.assignments.map((each) => [each.until?.text ?? null, each.settings[0]?.value])).toMatchObject([
      [null, { value: 'dr-lee' }],
      ['2027-01-10', { value: 'dr-cho' }],
    ]);
  });
  it('has invariants', () => {
    expect(
      syntax.invariants.map((each) => [
        each.title.text,
        each.kind,
        each.actions.map((action) => action.text),
        each.roles.length,
        each.members.length,
        each.over,
      ]),
    ).toEqual([
      ['reception never reads notes', 'never', ['note.view'], 1, 0, null],
      ['only billers submit claims', 'only', ['claim.submit'], 1, 0, null],
      ['the owner can always get in', 'always', ['account.sign-in'], 0, 1, null],
      ['nobody both bills and refunds', 'separate', ['claim.submit', 'payment.refund'], 0, 0, 'members'],
      ['someone can unlock notes', 'someone', ['note.unlock'], 0, 0, null],
    ]);
  });
});

describe('tests', () => {
  const syntax = read(tests) as TestsSyntax;
  it('have questions and expectations', () => {
    const test = syntax.tests[0];
    expect(
      test?.expect.map(({ action, on, expected }) => [
        action.text,
        on?.text ?? null,
        expected.decision,
        expected.outcome?.text ?? null,
      ]),
    ).toEqual([
      ['note.view', 'n', 'deny', null],
      ['calendar.view', 'n', 'allow', null],
      ['client.create', null, 'allow', 'emergency'],
    ]);
    expect(test?.expect.map(({ action, on }) => [at(tests, action.span), on && at(tests, on.span)])[0]).toEqual([
      'note.view',
      'n',
    ]);
  });
  it('have matrices, with a single decision for all resources', () => {
    const rows = syntax.matrices[0]?.expect.map(({ key, value }) => [
      key.text,
      value.map((row) => [row.key.text, ...row.value.map((each) => each.decision)]),
    ]);
    expect(rows).toEqual([
      [
        'note.view',
        [
          ['u1', 'allow', 'deny'],
          ['amira', 'deny', 'deny'],
        ],
      ],
      ['note.edit', [['u1', 'allow', 'allow']]],
    ]);
  });
});
