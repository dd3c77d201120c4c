// Bundles the command line and the three entry points, and writes the types.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import { build } from 'esbuild';

const standalone = createRequire(import.meta.url)('ajv/dist/standalone').default;
const home = fileURLToPath(new URL('.', import.meta.url));

rmSync('dist', { recursive: true, force: true });
const validators = await compileValidators();
/**
 * What only a file needs that is odd or wrong: a bundle of its own, which is read when the first of them comes. So no
 * program waits for `yaml` and chevrotain at its start.
 */
const thorough = [
  { module: 'src/parse/library.ts', bundle: 'yaml', functions: ['readWithLibrary'] },
  { module: 'src/parse/condition/reader.ts', bundle: 'grammar', functions: ['readWithGrammar'] },
];
const shared = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  external: ['./validators.cjs', ...thorough.map(({ bundle }) => `./${bundle}.cjs`)],
  plugins: [
    { name: 'validators', setup: replaceValidators },
    { name: 'thorough', setup: replaceThorough },
  ],
};
const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
await Promise.all([
  ...thorough.map(({ module, bundle }) =>
    build({
      ...shared,
      plugins: [],
      entryPoints: { [bundle]: module },
      format: 'cjs',
      outdir: 'dist',
      outExtension: { '.js': '.cjs' },
      minify: true,
    }),
  ),
  build({
    ...shared,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    splitting: true,
    chunkNames: 'cli-[hash]', // beside the others, for the path of validators.cjs
    minify: true,
    banner: { js: require },
  }),
  build({
    ...shared,
    entryPoints: { index: 'src/index.ts', node: 'src/node/index.ts' },
    outdir: 'dist',
    minifyWhitespace: true,
    banner: { js: require },
  }),
  build({
    ...shared,
    platform: 'neutral',
    target: 'es2022',
    entryPoints: { runtime: 'src/runtime/index.ts', can: 'src/runtime/can.ts' },
    outdir: 'dist',
    minify: true,
    // Fields are set in constructors; declaring them again would only be longer.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  }),
  // A text that every emitted module holds.
  build({
    ...shared,
    platform: 'neutral',
    format: 'iife',
    globalName: 'chaperone',
    target: 'es2022',
    entryPoints: ['src/runtime/compiled.ts'],
    outfile: 'dist/compiled.js',
    minify: true,
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  }),
]);
chmodSync('dist/cli.js', 0o755);
const compiler = fileURLToPath(import.meta.resolve('typescript/package.json')).replace(/package\.json$/, 'bin/tsc');
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

/** The code that ajv makes of the schemas in src/parse/validators.ts, with the same door. */
async function compileValidators() {
  const source = join(home, 'dist/validators.mjs');
  await build({
    entryPoints: ['src/parse/validators.ts'],
    outfile: source,
    bundle: true,
    format: 'esm',
    packages: 'external',
  });
  const { quickOptions, quickSchemas, options, schemas } = await import(pathToFileURL(source).href);
  rmSync(source);
  const door = `
    import * as quick from 'validators:quick';
    export const accepts = (name, data) => quick[name](data);
    // Only for files with mistakes, so a file of its own that is read when the first of them comes.
    export const validatorOf = (name) => require('./validators.cjs')[name];`;
  await build({
    stdin: { contents: codeOf(schemas, options), resolveDir: home },
    outfile: 'dist/validators.cjs',
    bundle: true,
    format: 'cjs',
    minify: true,
  });
  return { door, quick: codeOf(quickSchemas, quickOptions) };
}

/** A module that exports a function for each of the schemas. */
function codeOf(schemas, options) {
  const ajv = new Ajv({ ...options, code: { source: true, esm: true } });
  const names = Object.keys(schemas);
  for (const name of names) ajv.addSchema(schemas[name](), name);
  return standalone(ajv, Object.fromEntries(names.map((name) => [name, name])));
}

function replaceValidators({ onLoad, onResolve }) {
  onResolve({ filter: /^validators:/ }, ({ path }) => ({ path: path.split(':')[1], namespace: 'validators' }));
  onLoad({ filter: /.*/, namespace: 'validators' }, ({ path }) => ({ contents: validators[path], resolveDir: home }));
  onLoad({ filter: /[\\/]src[\\/]parse[\\/]validators\.ts$/ }, () => ({ contents: validators.door, resolveDir: home }));
}

function replaceThorough({ onLoad }) {
  for (const { module, bundle, functions } of thorough) {
    const door = (name) => `export const ${name} = (...values) => require('./${bundle}.cjs').${name}(...values);`;
    const filter = new RegExp(`[\\\\/]${module.replaceAll('/', '[\\\\/]').replaceAll('.', '\\.')}$`);
    onLoad({ filter }, () => ({ contents: functions.map(door).join('\n'), resolveDir: home }));
  }
}
