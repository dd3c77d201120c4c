import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { chaperone, root, temporaryFolder } from './run.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');
}

/** A line of a shell block as words; quotes group, as in a shell. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

it('shows one policy and its decisions', () => {
  const [policy = ''] = blocks('yaml');
  const [command = ''] = blocks('sh');
  const folder = temporaryFolder({ 'practice.yaml': policy });
  const [, ...rest] = words(command.trim());
  expect(rest[0]).toBe('can');
  const amira = chaperone(rest, folder);
  expect(amira.stderr).toBe('');
  expect(amira.stdout).toMatch(/^deny/);
  const lee = chaperone(
    rest.map((word) => (word === 'amira' ? 'lee' : word)),
    folder,
  );
  expect(lee.stdout).toMatch(/^allow/);
  expect(chaperone(['check', '.'], folder).status).toBe(0);
});

it('shows a list of members that the policy can have instead of its own', () => {
  const [policy = ''] = blocks('yaml');
  const [members = ''] = blocks('csv');
  const practice = policy.replace(/^members:\n(?: .*\n)*/m, 'members: ./members.csv\n');
  const folder = temporaryFolder({ 'practice.yaml': practice, 'members.csv': members });
  expect(chaperone(['check', '.'], folder).stdout).toBe('nothing wrong\n');
  const answers = ['2026-06-30', '2026-07-01', '2026-09-01'].map((now) => {
    const resource = '{"author": "lee", "client": {"preferred": "dr-lee"}}';
    return chaperone(['can', '.', 'note.view', '--user', 'lee', '--on', resource, '--now', now], folder).stdout;
  });
  expect(answers.map((answer) => answer.split(/\W/)[0])).toEqual(['allow', 'deny', 'allow']);
});

it('starts with the two commands of package.json', () => {
  expect(blocks('sh')).toContain('npm ci && npm start\n');
  expect(blocks('sh')).toContain('npm ci && npm test\n');
  const run = spawnSync('npm', ['start', '--silent'], { cwd: root, encoding: 'utf8' });
  expect(run.status).toBe(0);
  expect(run.stdout).toContain('6 roles');
  expect(run.stdout.match(/^allow/gm)).toHaveLength(2);
  expect(run.stdout.match(/^deny/gm)).toHaveLength(1);
});

it('has verbs that run as they are written, and application blocks that do', () => {
  const written = ['harbour-physio.chaperone', 'policy.mjs', 'policy.d.mts', '.readme-block.mjs'];
  onTestFinished(() => {
    for (const file of written) rmSync(join(root, file), { force: true });
  });
  const lines = blocks('sh').flatMap((block) => block.split('\n').filter((line) => line.startsWith('npx chaperone')));
  expect(lines).toHaveLength(8);
  for (const line of lines) {
    const run = chaperone(words(line).slice(2));
    expect(run.stderr, line).toBe('');
    expect(run.status, line).toBe(0);
    expect(run.stdout.length, line).toBeGreaterThan(10);
  }
  const runShown = (block: string) => {
    writeFileSync(
      join(root, '.readme-block.mjs'),
      block.replace(/^(.*\.(?:can|decide)\(.*);( \/\/ (.*))?$/gm, 'console.log(JSON.stringify($1));'),
    );
    const run = spawnSync(process.execPath, ['.readme-block.mjs'], { cwd: root, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    return run.stdout.trim().split('\n');
  };
  const shown = blocks('js');
  expect(shown).toHaveLength(3);
  const ofTable = runShown(shown.find((block) => block.includes('loadTable')) ?? '');
  expect(ofTable.slice(0, 2)).toEqual(['true', 'false']);
  expect(JSON.parse(ofTable[2] ?? '')).toContain('client.preferred');
  expect(runShown(shown.find((block) => block.includes('openStore')) ?? '')).toEqual(['true', 'true']);
  expect(runShown(shown.find((block) => block.includes('policy.mjs')) ?? '')).toEqual(['true', 'true']);
});

it('shows a matrix as it is printed', () => {
  const [shown = ''] = blocks('text');
  const [command = '', ...lines] = shown.split('\n');
  const run = chaperone([...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '').slice(2));
  expect(run.stdout.startsWith(lines.join('\n').trimEnd())).toBe(true);
});

it('names every verb', () => {
  const help = chaperone(['--help']).stdout;
  const verbs = [...help.matchAll(/^ {2}(\w+) /gm)].map((match) => match[1]).filter((verb) => verb !== 'help');
  expect(verbs.length).toBeGreaterThan(5);
  for (const verb of verbs) expect(readme).toContain(`\`${verb} `);
});
