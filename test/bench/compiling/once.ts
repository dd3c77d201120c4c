// One compilation in a fresh process, or the reading of the same files by `yaml` alone: milliseconds as JSON.
// `chaperone` is what users get, from dist/. The phases come from the sources, where ajv compiles the schemas, which
// the build has done in advance: that is kept out of their times.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { check } from '../../../src/check/index.ts';
import { emit } from '../../../src/emit/index.ts';
import { type Diagnostic, hasErrors, loadFiles } from '../../../src/index.ts';
import { lower } from '../../../src/lower/index.ts';
import { accepts } from '../../../src/parse/validators.ts';
import { noOverlay, resolve } from '../../../src/resolve/index.ts';
import { importFile, project } from '../project.ts';

const [what, folder = '.'] = process.argv.slice(2);
const texts = new Map(
  ['catalog.yaml', 'practice.yaml'].map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
);
const host = { read: (path: string) => texts.get(path.replace('./', '')) ?? null };
const measured = { yaml: readAlone, chaperone: compileBuilt, phases: compileInPhases }[what ?? ''];
console.log(JSON.stringify(await measured?.()));

/** Without the check for duplicate keys, which is quadratic in `yaml`: the floor is not to be made slow by it. */
function readAlone(): Readonly<Record<string, number>> {
  const start = performance.now();
  for (const text of texts.values()) {
    const { errors } = parseDocument(text, { uniqueKeys: false, stringKeys: true });
    if (errors[0]) throw errors[0];
  }
  return { total: performance.now() - start };
}

async function compileBuilt(): Promise<Readonly<Record<string, number>>> {
  const built = (await importFile(join(project, 'dist/index.js'))) as typeof import('../../../src/index.ts');
  const { compile, renderDiagnostics } = built;
  const start = performance.now();
  const { table, diagnostics } = compile('practice.yaml', host);
  const total = performance.now() - start;
  if (!table) throw new Error(renderDiagnostics(diagnostics.slice(0, 5), { colour: false }));
  return { total };
}

/** The phases as `compile` calls them, with a clock between. */
function compileInPhases(): Readonly<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const kind of ['catalog', 'practice'] as const) accepts(kind, {});
  let last = performance.now();
  const lap = (phase: string) => {
    const now = performance.now();
    times[phase] = now - last;
    last = now;
  };
  const { sources } = loadFiles('practice.yaml', host);
  lap('parse');
  if (!sources) throw new Error('the policy does not parse');
  const { policy, diagnostics } = resolve({ ...sources, overlay: noOverlay });
  lap('resolve');
  refuseErrors(diagnostics);
  const { diagrams } = lower(policy);
  lap('lower');
  if (!diagrams) throw new Error('the policy is too large');
  refuseErrors(check({ ...sources, isHypothetical: false }, policy, diagrams));
  lap('check');
  emit(policy, diagrams, { strip: false });
  lap('emit');
  return times;
}

/** A policy that is refused is compiled very quickly. */
function refuseErrors(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
}
