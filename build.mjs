// Bundles the command line and the three entry points, and writes the types.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
const shared = { bundle: true, format: 'esm', platform: 'node', target: 'node20.19', logLevel: 'warning' };
const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
await Promise.all([
  build({
    ...shared,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    minifySyntax: true,
    banner: { js: `#!/usr/bin/env node\n${require}` },
  }),
  build({
    ...shared,
    entryPoints: { index: 'src/index.ts', node: 'src/node/index.ts' },
    outdir: 'dist',
    banner: { js: require },
    splitting: false,
  }),
  build({
    ...shared,
    platform: 'neutral',
    target: 'es2022',
    entryPoints: ['src/runtime/index.ts'],
    outfile: 'dist/runtime.js',
    minify: true,
  }),
]);
chmodSync('dist/cli.js', 0o755);
const compiler = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(/package\.json$/, 'bin/tsc');
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
