import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chaperone, root, temporaryFolder } from './run.ts';

const scratch = (permissions: readonly string[], more: object = {}): string =>
  JSON.stringify({ role: { account: 'clinical', with: permissions }, practitioner: 'P1', id: 'U1', ...more });

describe('can', () => {
  it('answers for a role described on the spot, on a catalog by folder, version folder or name', () => {
    for (const policy of ['policies/power-diary', 'policies/power-diary/1.0.0', 'power-diary', 'power-diary@^1']) {
      const run = chaperone(['can', policy, 'client.create', '--user', scratch(['people-menu']), '--json']);
      expect(run.stderr, policy).toBe('');
      expect(JSON.parse(run.stdout), policy).toMatchObject({
        allow: true,
        reason: 'granted',
        outcome: null,
        duties: [],
        missing: [],
      });
    }
  });

  it('denies with exit code 0, and 1 only when asked to', () => {
    const words = ['can', 'power-diary', 'client.create', '--user', scratch([])];
    expect(chaperone(words)).toMatchObject({ status: 0, stdout: 'deny  no-grant\n' });
    expect(chaperone([...words, '--exit-code']).status).toBe(1);
  });

  it('switches a feature for one request', () => {
    const words = [
      'can',
      'power-diary',
      'payment.stripe',
      '--user',
      scratch(['invoices.access']),
      '--on',
      '{"client":{"preferred":"P1"}}',
    ];
    expect(chaperone(words).stdout).toMatch(/^deny/);
    expect(chaperone([...words, '--feature', 'stripe=on']).stdout).toMatch(/^allow/);
    expect(chaperone([...words, '--feature', 'strip=on'])).toMatchObject({ status: 2 });
    expect(chaperone([...words, '--feature', 'strip=on']).stderr).toContain('did you mean `stripe`?');
  });

  it('knows members by their key, and says who is unknown', () => {
    const ask = (user: string) =>
      JSON.parse(chaperone(['can', 'examples/harbour-physio', 'client.search', '--user', user, '--json']).stdout);
    expect(ask('lee')).toMatchObject({ allow: true });
    expect(ask('nobody')).toMatchObject({ allow: false, reason: 'unknown-user' });
    expect(ask('{"id": "lee"}')).toMatchObject({ allow: true });
    expect(ask('{"id": "x", "roles": ["manager"]}')).toMatchObject({ allow: false, reason: 'unknown-role' });
  });

  it('takes the time of the request', () => {
    const slot = ['--on', '{"calendar": "dr-cho"}', '--json'];
    const ask = (now: string) =>
      JSON.parse(
        chaperone(['can', 'examples/harbour-physio', 'appointment.update', '--user', 'lee', '--now', now, ...slot])
          .stdout,
      );
    expect(ask('2027-01-10T23:59:59+11:00')).toMatchObject({ allow: true });
    expect(ask('2027-01-11T00:00:00+11:00')).toMatchObject({ allow: false, reason: 'outside-dates' });
  });

  it('refuses a described role on a table, a broken argument and an unknown option, with exit code 2', () => {
    const folder = temporaryFolder();
    const table = join(folder, 'h.chaperone');
    expect(chaperone(['compile', 'examples/harbour-physio', '-o', table]).status).toBe(0);
    expect(chaperone(['can', table, 'client.search', '--user', scratch(['people-menu'])])).toMatchObject({
      status: 2,
      stdout: '',
    });
    expect(chaperone(['can', table, 'client.search', '--user', 'lee'])).toMatchObject({ status: 0 });
    expect(chaperone(['can', table, 'client.search', '--user', 'lee', '--on', '{broken'])).toMatchObject({
      status: 2,
      stdout: '',
    });
    expect(chaperone(['can', table, 'client.search', '--user', 'lee', '--frobnicate'])).toMatchObject({ status: 2 });
    expect(chaperone(['can', table, 'client.search'])).toMatchObject({ status: 2 });
    expect(chaperone(['frobnicate'])).toMatchObject({ status: 2 });
  });

  it('suggests the permission that was meant', () => {
    const run = chaperone(['can', 'power-diary', 'client.create', '--user', scratch(['people-menue'])]);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain('did you mean `people-menu`?');
  });

  it('explains an allow and a deny, as text and as JSON, from the source and from a table', () => {
    const folder = temporaryFolder();
    const table = join(folder, 'h.chaperone');
    chaperone(['compile', 'examples/harbour-physio', '-o', table]);
    for (const policy of ['examples/harbour-physio', table]) {
      const allow = chaperone(['can', policy, 'client.search', '--user', 'lee', '--explain']).stdout;
      expect(allow).toContain('lee may client.search');
      expect(allow).toContain('People Menu (people-menu) (level limited) gives it');
      expect(allow).toMatch(/catalog\.yaml:\d+/);
      const deny = JSON.parse(
        chaperone(['can', policy, 'client.search', '--user', 'noa', '--explain', '--json']).stdout,
      );
      expect(deny).toMatchObject({ allow: false, reason: 'no-grant' });
      expect(deny.explanation.assignments[0].lacking[0]).toMatchObject({ permission: 'people-menu', level: 'limited' });
      expect(deny.explanation.advice[0]).toContain('people-menu');
    }
  });
});

describe('compile', () => {
  it('writes the same bytes twice, and nothing where it fails', () => {
    const folder = temporaryFolder();
    const table = (name: string) => join(folder, name);
    for (const name of ['a', 'b'])
      expect(chaperone(['compile', 'examples/harbour-physio', '-o', table(name)]).status).toBe(0);
    expect(readFileSync(table('a'))).toEqual(readFileSync(table('b')));
    mkdirSync(table('folder'));
    expect(chaperone(['compile', 'examples/harbour-physio', '-o', table('folder')])).toMatchObject({
      status: 2,
      stdout: '',
    });
    writeFileSync(
      table('practice.yaml'),
      'chaperone: 1\nkind: practice\nname: x\nversion: 1.0.0\ncatalog: power-diary@^1\nroles: { a: { acount: master } }\n',
    );
    const failed = chaperone(['compile', table('practice.yaml'), '-o', table('c')]);
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toContain('did you mean `account`?');
    expect(existsSync(table('c'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('strips what explanations need, and decides the same', () => {
    const folder = temporaryFolder();
    const whole = join(folder, 'whole');
    const stripped = join(folder, 'stripped');
    chaperone(['compile', 'examples/harbour-physio', '-o', whole]);
    chaperone(['compile', 'examples/harbour-physio', '-o', stripped, '--strip']);
    expect(statSync(stripped).size).toBeLessThan(statSync(whole).size * 0.7);
    const digest = (path: string) => JSON.parse(chaperone(['inspect', path, '--json']).stdout).meaningDigest;
    expect(digest(stripped)).toBe(digest(whole));
    const ask = [
      'note.view',
      '--user',
      'lee',
      '--on',
      '{"author":"lee","client":{"preferred":"dr-cho"}}',
      '--now',
      '2027-02-01T00:00:00Z',
      '--json',
    ];
    const { reason: a } = JSON.parse(chaperone(['can', whole, ...ask]).stdout);
    const { reason: b } = JSON.parse(chaperone(['can', stripped, ...ask]).stdout);
    expect(b).toBe(a);
  });

  it('says which facts decisions look at, and explains the star only where there is one', () => {
    const folder = temporaryFolder({
      'catalog.yaml': `chaperone: 1
kind: catalog
name: tiny
version: 1.0.0
accounts: { staff: {} }
resources: { doc: { facts: { owner: string }, actions: { view: {} } } }
permissions: { read: { grants: [{ actions: [doc.view], when: resource.owner == user.id }] } }
`,
      'practice.yaml': `chaperone: 1
kind: practice
name: x
version: 1.0.0
catalog: ./catalog.yaml
roles: { all: { account: staff, with: [read] } }
`,
    });
    const starred = chaperone(['compile', folder, '-o', join(folder, 'table')]).stdout;
    expect(starred).toContain('look at; without one marked *, nobody is ever allowed the action.\n');
    expect(starred).toContain('doc.view  resource.owner*\n');
    const open = chaperone(['compile', 'examples/harbour-physio', '-o', join(temporaryFolder(), 'table')]).stdout;
    expect(open).toContain('Facts that decisions look at.\n');
    expect(open).not.toContain('*');
  });

  it('writes TypeScript unions', () => {
    const types = join(temporaryFolder(), 'clinic.ts');
    chaperone(['compile', 'examples/harbour-physio', '-o', `${types}.chaperone`, '--types', types]);
    const text = readFileSync(types, 'utf8');
    expect(text).toContain('export type Role =\n  | "lead-practitioner"\n  | "manager"');
    expect(text).toContain('  | "people-menu"');
    expect(text).toContain('"note.view": Facts["note"];');
    expect(text).toContain('"client.create": null;');
  });
});

describe('check, matrix and inspect', () => {
  it('find nothing wrong with what ships', () => {
    const run = chaperone([
      'check',
      'examples/harbour-physio',
      'policies/power-diary',
      '--json',
      '--max-warnings',
      '0',
    ]);
    expect(JSON.parse(run.stdout)).toEqual({ diagnostics: [], errors: 0, warnings: 0 });
    expect(run.status).toBe(0);
  });

  it('find a file of invariants that the practice of the folder does not name', () => {
    const sentences = 'invariants: [{ nobody edits: { never: note.edit } }, { nobody views: { never: note.view } }]\n';
    const files = {
      'catalog.yaml':
        'chaperone: 1\nkind: catalog\nname: tiny\nversion: 1.0.0\n' +
        'resources: { note: { actions: { view: {}, edit: {} } } }\ngrants: [{ actions: [note.*] }]\n',
      'practice.yaml':
        'chaperone: 1\nkind: practice\nname: clinic\nversion: 1.0.0\ncatalog: ./catalog.yaml\n' +
        'roles: { reader: {} }\nmembers: { amira: { role: reader } }\ninvariant-files: [./named.yaml]\n',
      'named.yaml': 'chaperone: 1\nkind: invariants\ninvariants: [{ somebody views: { someone: note.view } }]\n',
      'forgotten.yaml': `chaperone: 1\nkind: invariants\n${sentences}`,
      'elsewhere.yaml':
        'chaperone: 1\nkind: invariants\nsilence: [{ code: unused-invariants, because: another practice names it }]\n' +
        sentences,
      'compose.yaml': 'kind: something else\n',
    };
    const folder = temporaryFolder(files);
    const ofFolder = chaperone(['check', '.', '--json'], folder);
    expect(JSON.parse(ofFolder.stdout)).toMatchObject({ errors: 0, warnings: 1 });
    expect(JSON.parse(ofFolder.stdout).diagnostics).toMatchObject([
      {
        code: 'unused-invariants',
        severity: 'warning',
        message: 'the practice does not name this file of invariants',
        file: 'forgotten.yaml',
        notes: [{ message: 'nothing keeps its 2 sentences' }],
      },
    ]);
    const ofFile = chaperone(['check', 'practice.yaml', '--json'], folder);
    expect(JSON.parse(ofFile.stdout)).toEqual({ diagnostics: [], errors: 0, warnings: 0 });
  });

  it('tell a missing file (2) from an error in a file (1)', () => {
    expect(chaperone(['check', 'no/such/folder'])).toMatchObject({ status: 2, stdout: '' });
    const folder = temporaryFolder({
      'practice.yaml': 'chaperone: 1\nkind: practice\nname: x\nversion: 1.0.0\ncatalog: ./gone.yaml\n',
    });
    expect(chaperone(['check', folder]).status).toBe(1);
    expect(chaperone(['check', join(root, 'examples')]).status).toBe(2);
  });

  it('show the roles of the clinic in the order of its file', () => {
    const { columns, rows } = JSON.parse(chaperone(['matrix', 'examples/harbour-physio', '--json']).stdout);
    expect(columns).toEqual([
      'reception',
      'practitioner-basic',
      'practitioner',
      'lead-practitioner',
      'manager',
      'master',
    ]);
    expect(rows.find((row: { action: string }) => row.action === 'client.search').marks).toEqual({
      reception: 'yes',
      'practitioner-basic': 'no',
      practitioner: 'yes',
      'lead-practitioner': 'yes',
      manager: 'yes',
      master: 'yes',
    });
    expect(chaperone(['matrix', 'examples/harbour-physio', '--format', 'csv']).stdout.split('\n')[0]).toBe(
      `action,${columns.join(',')}`,
    );
  });

  it('refuse a table with a flipped byte', () => {
    const table = join(temporaryFolder(), 'h.chaperone');
    chaperone(['compile', 'examples/harbour-physio', '-o', table]);
    const bytes = readFileSync(table);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
    writeFileSync(table, bytes);
    const run = chaperone(['inspect', table, '--json']);
    expect(run.status).toBe(2);
    expect(JSON.parse(run.stdout).error).toContain('damaged');
    expect(run.stderr).toContain('damaged');
  });

  it('show an example in the help of every verb', () => {
    for (const verb of ['init', 'check', 'compile', 'who', 'explain', 'test', 'can', 'matrix', 'inspect']) {
      const run = chaperone([verb, '--help']);
      expect(run.status).toBe(0);
      expect(run.stdout).toContain(`chaperone ${verb} `);
      expect(run.stdout).toContain('Examples:');
    }
  });
});
