/** The one place where the laws meet the compiler: two texts in, a policy and a table out. */
import { compile } from '../src/index.ts';
import type { Policy } from '../src/resolve/policy.ts';
import type { Texts } from './generate.ts';

export interface Compiled {
  readonly policy: Policy;
  readonly table: Uint8Array;
}

export function compileTexts(texts: Texts) {
  const files = new Map([
    ['catalog.yaml', texts.catalog],
    ['practice.yaml', texts.practice],
  ]);
  const read = (path: string) => files.get(path.replace(/^(\.?\/)+/, '')) ?? null;
  return compile('practice.yaml', { read });
}

/** Null where the texts hold an error. */
export function compileClean(texts: Texts): Compiled | null {
  const { policy, table } = compileTexts(texts);
  return policy === null || table === null ? null : { policy, table };
}
