import { loadFiles } from '../../src/index.ts';
import { verify } from '../../src/verify/index.ts';
import type { Texts } from '../generate.ts';

/** Printed tests that do not fail, though each shows that a sentence is broken; and what is wrong with their text. */
export function passing(texts: Texts, printed: readonly string[]): readonly unknown[] {
  if (printed.length === 0) return [];
  const tests = `chaperone: 1\nkind: tests\npractice: ./practice.yaml\ntests:\n${printed.map((line) => `  ${line}\n`).join('')}`;
  const files = new Map([
    ['catalog.yaml', texts.catalog],
    ['practice.yaml', texts.practice],
    ['printed.tests.yaml', tests],
  ]);
  const read = (path: string) => files.get(path.replace(/^(\.?\/)+/, '')) ?? null;
  const { verdicts, diagnostics } = verify(loadFiles('printed.tests.yaml', { read }));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const lines = new Set(printed);
  if (verdicts.length !== printed.length && errors.length === 0) return ['not every test was run', [...lines]];
  return [
    ...errors.map(
      ({ code, message, span }) => `${code}: ${message} ${span && tests.slice(span.start - 200, span.end + 200)}`,
    ),
    ...verdicts.flatMap(({ differences }, index) => (differences.length > 0 ? [] : [printed[index]])),
  ];
}
