/** The one place where the laws meet the compiler: two texts in, a policy and a table out. */
import { compile } from '../src/index.ts';
import type { Texts } from './generate.ts';

export function compileTexts(texts: Texts) {
  const files = new Map([
    ['catalog.yaml', texts.catalog],
    ['practice.yaml', texts.practice],
  ]);
  const read = (path: string) => files.get(path.replace(/^(\.?\/)+/, '')) ?? null;
  return compile('practice.yaml', { read });
}
