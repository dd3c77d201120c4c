import type { SourceFile } from '../source/index.ts';
import { type DocumentRead, readWithLibrary } from './library.ts';
import { checkLength } from './limits.ts';
import { readPlain } from './plain/index.ts';

export type { DocumentRead } from './library.ts';

/** The values of a YAML text with their places, and everything that is wrong with it as YAML. */
export function readDocument(file: SourceFile): DocumentRead {
  const tooLong = checkLength(file);
  if (tooLong) return { root: null, isWellFormed: false, trustedEnd: 0, diagnostics: [tooLong] };
  const plain = readPlain(file);
  if (plain) return { root: plain, isWellFormed: true, trustedEnd: Number.POSITIVE_INFINITY, diagnostics: [] };
  return readWithLibrary(file);
}
