import { type Diagnostic, diagnose } from '../../diagnostics/index.ts';
import type { SourceFile } from '../../source/index.ts';
import { checkCharacters } from '../characters.ts';
import type { DocumentRead } from '../document.ts';
import { checkListLength } from '../limits.ts';
import type { Node } from '../node.ts';
import { readCsvMembers } from './csv-members.ts';
import { readJsonMembers, readNdjsonMembers } from './records.ts';

/** What a reader of one format makes of a file. */
export interface List {
  /** As YAML would have it under `members:`; null where nothing could be read. */
  readonly root: Node | null;
  /** What follows is not to be trusted; infinite when everything is. */
  readonly end: number;
  /** Something was left out, so nobody can say what the list does not hold. */
  readonly isPartial: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const readers: ReadonlyMap<string, (file: SourceFile) => List> = new Map([
  ['csv', readCsvMembers],
  ['json', readJsonMembers],
  ['ndjson', readNdjsonMembers],
]);

/** Whether a name is that of a file that `members` may stand in. */
export function isListName(name: string): boolean {
  return readers.has(formatOf(name));
}

/** The members of a file beside the practice, in the same form as those of the practice itself. */
export function readMembers(file: SourceFile): DocumentRead & { readonly isPartial: boolean } {
  const nothing = { root: null, isWellFormed: false, isPartial: true, trustedEnd: 0 };
  const tooLong = checkListLength(file);
  if (tooLong) return { ...nothing, diagnostics: [tooLong] };
  if (/^\ufeff?\s*$/.test(file.text)) return { ...nothing, diagnostics: [emptyList(file)] };
  const read = readers.get(formatOf(file.path))?.(file);
  if (!read) return { ...nothing, diagnostics: [] };
  const { root, end, isPartial, diagnostics } = read;
  const isWellFormed = root !== null && end === Number.POSITIVE_INFINITY;
  return { root, isWellFormed, isPartial, trustedEnd: end, diagnostics: [...checkCharacters(file), ...diagnostics] };
}

function formatOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function emptyList(file: SourceFile): Diagnostic {
  return diagnose('empty-file', { file, start: 0, end: 0 }, 'the file holds nothing', {
    help: 'write `{}` in JSON or the names of the columns in CSV for no members at all',
  });
}
