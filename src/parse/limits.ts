import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { SourceFile } from '../source/index.ts';

/** Beyond these a file is answered with one diagnostic and not read. */
export const limits = {
  characters: 4_000_000,
  /** Of a list beside the practice, which costs a tenth of what YAML costs. */
  listCharacters: 64 * 1024 * 1024,
  lines: 200_000,
  depth: 64,
  /** Enough for ten thousand roles. */
  nodes: 500_000,
  scalar: 100_000,
  /** Conditions that YAML cut; what follows this many is not read. */
  cuts: 200,
  /** Complaints about the shape of one file; more help nobody. */
  findings: 1000,
  /** Of one kind of diagnostic that garbage gives by the thousand. */
  repeats: 20,
} as const;

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** The diagnostic of a text that is too long to be looked at, or null. */
export function checkLength(file: SourceFile): Diagnostic | null {
  const refuse = (excess: string) =>
    diagnose('too-large', { file, start: 0, end: 0 }, `the file has ${excess}`, {
      help: 'move the members to a CSV file, or test data to several tests files',
    });
  const { length } = file.text;
  if (length > limits.characters) {
    return refuse(`${grouped(length)} characters, over the limit of ${grouped(limits.characters)}`);
  }
  let lines = 0;
  for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) lines++;
  return lines > limits.lines ? refuse(`${grouped(lines)} lines, over the limit of ${grouped(limits.lines)}`) : null;
}

/** The diagnostic of a list that is too long to be looked at, or null. */
export function checkListLength(file: SourceFile): Diagnostic | null {
  const { length } = file.text;
  if (length <= limits.listCharacters) return null;
  const message = `the file has ${grouped(length)} characters, over the limit of ${grouped(limits.listCharacters)}`;
  return diagnose('too-large', { file, start: 0, end: 0 }, message, { help: 'split the practice' });
}

/** The diagnostic of too many values in one file. */
export function tooManyNodes(file: SourceFile, offset: number): Diagnostic {
  return diagnose(
    'too-large',
    { file, start: offset, end: offset },
    `the file has more than ${grouped(limits.nodes)} values`,
    { help: 'move the members to a CSV file, or test data to several tests files' },
  );
}

/** The diagnostic of one text that is too long. */
export function tooLongText(file: SourceFile, offset: number, length: number): Diagnostic {
  return diagnose(
    'too-large',
    { file, start: offset, end: offset + 1 },
    `this text has ${grouped(length)} characters, over the limit of ${grouped(limits.scalar)}`,
    { help: 'shorten it; a long condition reads better as several named conditions' },
  );
}

/** The diagnostic of lists and maps nested too deep. */
export function tooDeep(file: SourceFile, offset: number): Diagnostic {
  return diagnose(
    'too-deep',
    { file, start: offset, end: offset + 1 },
    `lists and maps are nested more than ${limits.depth} deep here`,
    { help: 'no file needs such depth; look for brackets that are never closed' },
  );
}
