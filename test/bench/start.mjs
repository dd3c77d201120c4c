// `npm run bench`: bundles the benchmark, installs the other engines when they are asked for, and starts it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, '../..');
const words = process.argv.slice(2);
// Of the other engines; see starting/applications.ts.
const applications = ['casl', 'casl-functions', 'casbin', 'cedar', 'cerbos'];

if (!existsSync(join(project, 'dist/runtime.js'))) run('npm', ['run', 'build'], project);
if (words.includes('--peers') && !existsSync(join(here, 'node_modules'))) {
  console.error('The other engines are not installed yet: `npm ci` in test/bench (once, about 110 MB).');
  run('npm', ['ci', '--no-audit', '--no-fund'], here);
}

const folder = mkdtempSync(join(tmpdir(), 'chaperone-bench-'));
try {
  const require = "import { createRequire as from } from 'node:module'; const require = from(import.meta.url);";
  const shared = { bundle: true, format: 'esm', platform: 'node', target: 'node20.19', logLevel: 'warning' };
  await build({
    ...shared,
    entryPoints: {
      main: join(here, 'main.ts'),
      'bare-parse': join(here, 'compiling/bare-parse.ts'),
      once: join(here, 'compiling/once.ts'),
      'first-decision': join(here, 'starting/first-decision.ts'),
      ...Object.fromEntries(applications.map((name) => [`app-${name}`, join(here, `starting/${name}.ts`)])),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    banner: { js: require },
  });
  const environment = { ...process.env, CHAPERONE_PROJECT: project, CHAPERONE_BENCH_FOLDER: folder };
  const ran = spawnSync(process.execPath, [join(folder, 'main.mjs'), ...words], { stdio: 'inherit', env: environment });
  process.exitCode = ran.status ?? 3;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a command; its output goes to the error stream, since the report goes to the other. */
function run(command, words, cwd) {
  const { status } = spawnSync(command, words, { cwd, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) process.exit(2);
}
