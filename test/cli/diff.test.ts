import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { chaperone, root, temporaryFolder } from './run.ts';

const practice = readFileSync(join(root, 'examples/harbour-physio/practice.yaml'), 'utf8');
const schema = JSON.parse(readFileSync(join(root, 'schemas/diff.schema.json'), 'utf8'));
const harbour = 'examples/harbour-physio';

/** A folder with the clinic, changed. */
function clinic(...changes: readonly (readonly [string, string])[]): string {
  let text = practice;
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  return temporaryFolder({ 'practice.yaml': text });
}

const allowed = ['without: [appointments.delete] ', ''] as const;
const moved = [
  'cho: { role: lead-practitioner, practitioner: dr-cho',
  'cho: { role: lead-practitioner, practitioner: dr-noa',
] as const;
const version = (to: string) => ['version: 1.0.0', `version: ${to}`] as const;

describe('diff', () => {
  it('says that nobody gains or loses anything', () => {
    const run = chaperone(['diff', harbour, harbour]);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toBe(
      'harbour-physio 1.0.0 to 1.0.0\n\nNobody gains or loses anything. The meaning digest is the same.\n',
    );
    expect(JSON.parse(chaperone(['diff', harbour, clinic(), '--json']).stdout)).toMatchObject({
      equal: true,
      sameMeaning: true,
      changes: [],
    });
  });

  it('says in sentences who gains what', () => {
    const run = chaperone(['diff', harbour, clinic(allowed), '--examples']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain(
      'Gains\n  reception gains `appointment.delete`; 1 member: amira\n    example: amira, ',
    );
    expect(run.stdout).toContain('The version should rise by a minor step.');
  });

  it('says last what nobody is there to do, and why things change', () => {
    const { stdout } = chaperone(['diff', harbour, clinic(['stripe: on', 'stripe: off'])]);
    expect(stdout).toContain('note: the feature stripe was on and is off');
    const losses = stdout.split('\n').filter((line) => / loses? /.test(line));
    const hypothetical = losses.map((line) => !/; \d+ members?: /.test(line));
    expect(hypothetical).toEqual([...hypothetical].sort());
    const level = chaperone(['diff', harbour, clinic(['level: client-billing', 'level: reports'])]).stdout;
    expect(level).toContain('note: the role reception had the level client-billing and has reports');
  });

  it('says in one sentence who is new in the same roles, and shows it', () => {
    const amira = '  amira: { role: reception, title: Amira }\n';
    const head = clinic([amira, `${amira}  kim: { role: reception }\n  bo: { role: reception }\n`]);
    const { stdout } = chaperone(['diff', harbour, head, '--examples']);
    expect(stdout).toMatch(/Members\n {2}bo and kim are new, as reception, and may be allowed \d+ actions: `/);
    expect(stdout).toMatch(/\n {4}example: bo, .+: deny, now allow\n/);
    const { changes } = JSON.parse(chaperone(['diff', head, harbour, '--json']).stdout);
    const gone = changes.map(({ kind, members, narrowed, example }: Record<string, unknown>) => [
      kind,
      members,
      narrowed,
      (example as { user: string }).user,
    ]);
    expect(gone).toEqual([
      ['member-removed', ['bo'], true, 'bo'],
      ['member-removed', ['kim'], true, 'kim'],
    ]);
  });

  it('gives JSON as its schema says, with examples that the tables confirm', () => {
    const head = clinic(moved, allowed);
    const { stdout } = chaperone(['diff', harbour, head, '--json']);
    const result = JSON.parse(stdout);
    const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
    expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
    expect(result).toMatchObject({ equal: false, sameMeaning: false, semver: 'major' });
    const cho = result.changes.find((change: { members: string[] }) => change.members.includes('cho'));
    // Another practitioner: what is gained is the example of the change, what is lost has its own.
    expect([cho.widened, cho.narrowed, cho.gained.example]).toEqual([true, true, undefined]);
    for (const example of [cho.example, cho.lost.example]) {
      const { user, action, resource, base, head: now } = example;
      for (const [side, answer] of [
        [harbour, base],
        [head, now],
      ]) {
        const words = ['can', side, action, '--user', user, '--on', JSON.stringify(resource ?? {}), '--json'];
        expect(JSON.parse(chaperone(words).stdout).allow).toBe(answer.allow);
      }
    }
  });

  it('gives JSON in which what is shared stands once', () => {
    const { stdout } = chaperone(['diff', harbour, clinic(moved), '--json']);
    const { changes, conditions, literals } = JSON.parse(stdout);
    const [one] = changes;
    const texts = (number: number) =>
      conditions[number].cases.map((items: number[]) => items.map((item) => literals[item].text));
    expect(one.condition).toBe(
      `gained: ${conditions[one.gained.condition].text}; lost: ${conditions[one.lost.condition].text}`,
    );
    // dr-cho became dr-noa: who was the one or is the other now.
    expect(texts(one.gained.condition).flat().join()).toContain('dr-noa');
    expect(texts(one.lost.condition).flat().join()).toContain('dr-cho');
    expect(new Set(literals.map((literal: unknown) => JSON.stringify(literal))).size).toBe(literals.length);
    // Nobody was renamed, nothing has to be missing, and no role gives other actions.
    for (const key of ['baseUser', 'missing', 'actions']) expect(stdout).not.toContain(`"${key}"`);
  });

  it('compares tables, folders and both', () => {
    const folder = clinic(allowed);
    const table = join(folder, 'clinic.chaperone');
    chaperone(['compile', folder, '-o', table]);
    const mixed = chaperone(['diff', harbour, table, '--json']).stdout;
    expect(mixed).toBe(chaperone(['diff', harbour, folder, '--json']).stdout);
    expect(chaperone(['diff', table, folder]).stdout).toContain('Nobody gains or loses anything.');
  });

  it('prints Markdown and workflow commands', () => {
    const folder = clinic(allowed);
    const markdown = chaperone(['diff', harbour, folder, '--format', 'markdown']).stdout;
    expect(markdown).toContain('### Gains\n\n- reception gains `appointment.delete`; 1 member: amira\n');
    const github = chaperone(['diff', harbour, folder, '--format', 'github']).stdout;
    expect(github).toMatch(/^::warning file=[^:,]+,line=\d+,title=Gains::reception gains `appointment.delete`/);
    expect(chaperone(['diff', harbour, folder, '--format', 'xml'])).toMatchObject({ status: 2, stdout: '' });
  });

  it('fails on what it is asked to fail on', () => {
    const folder = clinic(allowed);
    const status = (...words: string[]) => chaperone(['diff', harbour, folder, ...words]).status;
    expect(status('--fail-on', 'widened')).toBe(1);
    expect(status('--fail-on', 'any')).toBe(1);
    expect(status('--fail-on', 'narrowed')).toBe(0);
    expect(status('--fail-on', 'nothing')).toBe(2);
    expect(status('--fail-on', 'widened', '--only', 'role=manager')).toBe(0);
    expect(status('--fail-on', 'widened', '--only', 'role=reception,action=appointment.delete')).toBe(1);
    expect(status('--fail-on', 'widened', '--only', 'permission=appointments.delete', '--only', 'member=amira')).toBe(
      1,
    );
    expect(status('--only', 'role=nobody')).toBe(2);
    expect(status('--only', 'colour=red')).toBe(2);
  });

  it('says of a choice that nothing of it changes, not that nothing does', () => {
    const folder = clinic(['with: [calendars.all, appointments.show-all]', 'with: [appointments.show-all]']);
    const only = (...choices: readonly string[]) =>
      chaperone(['diff', harbour, folder, ...choices.flatMap((choice) => ['--only', choice])]).stdout;
    expect(only('member=lee')).toContain('Nothing that was chosen changes. ');
    expect(only('member=lee')).not.toContain('Nobody');
    expect(only('member=lee')).not.toContain('The version should rise');
    expect(only('member=amira')).toContain('reception loses');
    const json = JSON.parse(chaperone(['diff', harbour, folder, '--only', 'member=lee', '--json']).stdout);
    expect(json).toMatchObject({ equal: false, changes: [], semver: 'major' });
    expect(json.omitted).toBeGreaterThan(0);
    expect(new Ajv({ allowUnionTypes: true }).compile(schema)(json)).toBe(true);
  });

  it('keeps notes and renames of the choice only', () => {
    const folder = clinic(moved, ['lee:\n', 'leo:\n    id: lee\n']);
    const cho = chaperone(['diff', harbour, folder, '--only', 'member=cho']).stdout;
    expect(cho).toContain('note: cho held');
    expect(cho).not.toContain('leo');
    const lee = chaperone(['diff', harbour, folder, '--only', 'member=lee']).stdout;
    expect(lee).toContain('the member lee is now called leo');
    expect(lee).not.toContain('cho');
  });

  it('lets nobody step into the place of another unseen', () => {
    const steps = 'examples/bright-steps-aba';
    const text = readFileSync(join(root, steps, 'practice.yaml'), 'utf8');
    const helen = 'helen: { role: office-manager, title: Helen }';
    expect(text).toContain(helen);
    const clinicOf = (member: string) => temporaryFolder({ 'practice.yaml': text.replace(helen, member) });
    const other = clinicOf('mallory: { role: office-manager, title: Mallory }');
    const run = chaperone(['diff', steps, other, '--fail-on', 'widened']);
    expect(run).toMatchObject({ status: 1, stderr: '1 change: widened fails\n' });
    expect(run.stdout).toContain(
      'the member helen is now called mallory: applications that ask for mallory get what helen had\n',
    );
    expect(run.stdout).not.toContain('Nobody gains');
    const { renames } = JSON.parse(chaperone(['diff', steps, other, '--json']).stdout);
    expect(renames).toEqual([{ kind: 'member', from: 'helen', to: 'mallory', isAsked: true }]);
    // Applications ask by the id, which stays.
    const same = clinicOf('helen-k: { role: office-manager, title: Helen, id: helen }');
    const kept = chaperone(['diff', steps, same, '--fail-on', 'any']);
    expect(kept.status).toBe(0);
    expect(kept.stdout).toContain('the member helen is now called helen-k\n');
  });

  it('passes for just the change that was approved', () => {
    const folder = clinic(allowed);
    const file = join(folder, 'approval.json');
    expect(chaperone(['diff', harbour, folder, '--write-approval', file]).status).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8')).changes).toEqual([
      'Gains: reception gains `appointment.delete`; 1 member: amira',
    ]);
    const gate = (head: string) => chaperone(['diff', harbour, head, '--fail-on', 'widened', '--approve', file]);
    expect(gate(folder)).toMatchObject({ status: 0, stderr: expect.stringContaining('approved') });
    expect(gate(clinic(allowed, moved))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('stale: what is (HEAD) is another version'),
    });
    const base = ['diff', clinic(moved), folder, '--fail-on', 'any', '--approve', file];
    expect(chaperone(base).stderr).toContain('stale: what was (BASE) is another version');
    expect(chaperone(['diff', harbour, folder, '--approve', file])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('decides nothing without `--fail-on`'),
    });
    expect(chaperone(['diff', harbour, folder, '--write-approval', join(folder, 'none/x.json')]).status).toBe(2);
    expect(gate(harbour)).toMatchObject({ status: 0 });
    expect(chaperone(['diff', harbour, folder, '--approve', join(folder, 'none.json')])).toMatchObject({ status: 2 });
    writeFileSync(file, '[]');
    expect(gate(folder)).toMatchObject({ status: 2 });
  });

  it('checks that the version rises by what the change asks for', () => {
    const check = (...changes: (readonly [string, string])[]) =>
      chaperone(['diff', harbour, clinic(...changes), '--check-version']);
    expect(check(allowed)).toMatchObject({ status: 1, stderr: expect.stringContaining('1.1.0 or later') });
    expect(check(allowed, version('1.1.0')).status).toBe(0);
    expect(check(moved, version('1.9.0')).status).toBe(1);
    expect(check(moved, version('2.0.0')).status).toBe(0);
    expect(check().status).toBe(0);
  });

  it('says of a catalog what its levels and permissions give', () => {
    const run = chaperone(['diff', 'power-diary@1.0.0', 'power-diary@1.0.0']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain('Nobody gains or loses anything.');
    const catalog = readFileSync(join(root, 'policies/power-diary/1.0.0/catalog.yaml'), 'utf8');
    const head = temporaryFolder({
      'catalog.yaml': catalog.replace('          - client.create\n', ''),
    });
    expect(chaperone(['diff', 'power-diary@1.0.0', head]).stdout).toContain('with.people-menu');
  });

  it('prints one JSON document, also where neither side compiles', () => {
    const broken = clinic(['level: client-billing', 'level: client-filling']);
    const run = chaperone(['diff', broken, broken, '--json']);
    expect(run.status).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ errors: 1 });
  });

  it('says what is wrong with a side', () => {
    expect(chaperone(['diff', harbour, 'no/such'])).toMatchObject({ status: 2, stdout: '' });
    expect(chaperone(['diff', harbour, 'examples/harbour-physio/harbour.tests.yaml'])).toMatchObject({
      status: 2,
      stdout: '',
    });
    expect(chaperone(['diff', harbour])).toMatchObject({ status: 2 });
    expect(chaperone(['diff', harbour, clinic(['level: basic', 'level: basik'])])).toMatchObject({
      status: 1,
      stdout: '',
    });
  });
});

describe('diff of folders with packages of their own', () => {
  const product = (version: string, limit: number) => ({
    'node_modules/mini/package.json': JSON.stringify({ name: 'mini', version, chaperone: 'catalog.yaml' }),
    'node_modules/mini/catalog.yaml': `chaperone: 1
kind: catalog
name: mini
version: ${version}
accounts: { staff: {} }
resources: { doc: { facts: { size: int }, actions: { view: {} } } }
grants: [{ actions: [doc.view], when: resource.size < ${limit} }]
`,
    'package.json': '{"private": true}',
    'practice.yaml': `chaperone: 1
kind: practice
name: clinic
version: 1.0.0
catalog: mini@*
time-zone: Australia/Sydney
roles: { desk: { account: staff } }
members: { amy: { role: desk } }
`,
  });

  function folderWith(files: Readonly<Record<string, string>>): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'node_modules/mini'), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }

  it('takes the catalog that is installed there, wherever it is run', () => {
    const [base, head] = [folderWith(product('1.0.0', 5)), folderWith(product('2.0.0', 9))];
    for (const folder of [base, head, root]) {
      const run = chaperone(['diff', base, head], folder);
      expect(run.stdout).toContain('on mini 1.0.0 to mini 2.0.0');
      expect(run.stdout).toContain('desk gains `doc.view` if size is 5 or more and size is less than 9');
    }
  });

  it('says that a package is no part of a revision', () => {
    const folder = folderWith(product('1.0.0', 5));
    const git = (...words: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words]);
    git('init', '-q');
    git('add', '-f', '.');
    git('commit', '-q', '-m', 'one');
    expect(chaperone(['diff', 'git:HEAD', '.'], folder).stdout).toContain(
      'note: the catalog `mini@*` of `git:HEAD` is the package as it is installed now',
    );
  });
});

describe('diff of revisions', () => {
  const git = (folder: string, ...words: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
      stdio: 'pipe',
    });

  function repository(): string {
    const folder = temporaryFolder();
    git(folder, 'init', '-q', '-b', 'main');
    mkdirSync(join(folder, 'clinic'));
    const own = practice.replace('catalog: power-diary@^1', 'catalog: ../product/catalog.yaml');
    writeFileSync(join(folder, 'clinic/practice.yaml'), own);
    mkdirSync(join(folder, 'product'));
    const catalog = readFileSync(join(root, 'policies/power-diary/1.0.0/catalog.yaml'), 'utf8');
    writeFileSync(join(folder, 'product/catalog.yaml'), catalog);
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'one');
    writeFileSync(join(folder, 'clinic/practice.yaml'), own.replace(...allowed));
    return folder;
  }

  it('reads a revision, relative catalogs inside it too', () => {
    const folder = repository();
    const plain = chaperone(['diff', 'git:HEAD', 'clinic'], folder);
    expect(plain).toMatchObject({ status: 0, stderr: '' });
    expect(plain.stdout).toContain('reception gains `appointment.delete`');
    // The catalog of the revision counts, not that of the working tree.
    writeFileSync(join(folder, 'product/catalog.yaml'), 'broken');
    expect(chaperone(['diff', 'git:main:clinic', 'git:HEAD'], folder).stdout).toContain(
      'Nobody gains or loses anything.',
    );
    expect(chaperone(['diff', 'git:HEAD:clinic/practice.yaml', 'git:HEAD:clinic'], folder).status).toBe(0);
    expect(chaperone(['diff', 'git:HEAD', '.'], join(folder, 'clinic')).status).toBe(1);
  });

  it('reads a table of a revision', () => {
    const folder = repository();
    chaperone(['compile', 'clinic', '-o', 'clinic.chaperone'], folder);
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'two');
    expect(chaperone(['diff', 'git:HEAD:clinic.chaperone', 'clinic'], folder).stdout).toContain(
      'The meaning digest is the same.',
    );
  });

  it('says what is missing', () => {
    const folder = repository();
    const refused = (words: readonly string[], text: string, at = folder) => {
      const run = chaperone(['diff', ...words], at);
      expect(run).toMatchObject({ status: 2, stdout: '' });
      expect(run.stderr).toContain(text);
    };
    refused(['git:nope', 'clinic'], 'there is no revision `nope`');
    refused(['git:HEAD:surgery', 'clinic'], '`HEAD` has no `surgery`');
    refused(['git:', 'clinic'], 'names no revision');
    refused(['git:--help', 'clinic'], 'names no revision');
    refused(['git:HEAD', '.'], 'holds no practice.yaml');
    refused(['git:HEAD', '.'], 'no git repository', temporaryFolder({ 'practice.yaml': practice }));
  });
});
