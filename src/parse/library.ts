import { Composer, type YAMLError } from 'yaml';
import { collect, type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type { SourceFile } from '../source/index.ts';
import { checkCharacters } from './characters.ts';
import { limits } from './limits.ts';
import type { Node } from './node.ts';
import { refuseToken } from './refuse.ts';
import { readTokens, type Tokens } from './tokens.ts';
import type { Cut } from './traps.ts';
import { buildTree, type Tree } from './tree.ts';
import { explainYamlErrors } from './yaml-errors.ts';

export interface DocumentRead {
  /** `null` when the file is empty, over a limit, or not YAML at all. */
  readonly root: Node | null;
  readonly isWellFormed: boolean;
  /** The offset up to which the nodes are to be trusted. */
  readonly trustedEnd: number;
  readonly diagnostics: readonly Diagnostic[];
}

const options = {
  version: '1.2',
  schema: 'core',
  merge: false,
  stringKeys: true,
  uniqueKeys: false,
  keepSourceTokens: true,
  strict: true,
  logLevel: 'silent',
} as const;

/** By the library `yaml`, which reads everything; what the quick reader gives has to be the same. */
export function readWithLibrary(file: SourceFile): DocumentRead {
  const hidden = checkCharacters(file);
  const read = readAroundCuts(file);
  if ('code' in read) return stopped(...hidden, read);
  const { errors, tokens, tree, cuts, end } = read;
  if (tree.isTooLarge) return { root: null, isWellFormed: false, trustedEnd: 0, diagnostics: tree.diagnostics };
  const refused = tokens.refused.filter((token) => token.start < end).map((token) => refuseToken(file, token));
  const complaints = tree.diagnostics.filter((item) => (item.span?.start ?? 0) < end);
  const own = [...refused, ...complaints, ...cuts.map((cut) => cut.diagnostic)];
  const badYaml = explainYamlErrors(
    file,
    errors.filter((error) => error.pos[0] < end),
    tokens,
  );
  const badStart = badYaml[0]?.span?.start;
  const said = badYaml.filter((item) => !touches(item, own) && !isOnLineOf(item, hidden));
  const all = [...hidden, ...own, ...said];
  if (all.length === 0 && isNothing(tree.root)) return stopped(emptyFile(file));
  return {
    root: tree.root,
    isWellFormed: badStart === undefined && end === Number.POSITIVE_INFINITY,
    trustedEnd: badStart === undefined ? end : Math.min(end, lineBefore(file.text, badStart)),
    diagnostics: collect(all),
  };
}

function stopped(...diagnostics: readonly Diagnostic[]): DocumentRead {
  return { root: null, isWellFormed: false, trustedEnd: 0, diagnostics };
}

interface Reading {
  readonly errors: readonly YAMLError[];
  readonly tokens: Tokens;
  readonly tree: Tree;
  readonly cuts: readonly Cut[];
  /** What follows is not to be trusted; infinite when everything is. */
  readonly end: number;
}

/**
 * Reads the text, and where YAML cut a condition reads it again with that condition in quotes, so that one cut does
 * not spoil the rest of the file.
 */
function readAroundCuts(file: SourceFile): Reading | Diagnostic {
  const passes = file.text.length > 100_000 ? 2 : 20;
  const cuts = new Map<number, Cut>();
  let text = file.text;
  for (let pass = 1; ; pass++) {
    const tokens = readTokens({ ...file, text }, file);
    if ('code' in tokens) return tokens;
    const documents = [...new Composer(options).compose(tokens.tokens, true, text.length)];
    const errors = documents.flatMap((document) => document.errors);
    const tree = buildTree(file, documents[0]?.contents, tokens.refused, cuts);
    const known = [...cuts.values(), ...tree.cuts];
    if (tree.cuts.length === 0 || tree.isTooLarge) {
      return { errors, tokens, tree, cuts: known, end: tokens.end };
    }
    if (pass === passes || known.length >= limits.cuts) {
      const end = tree.cuts.reduce((least, cut) => Math.min(least, cut.start), tokens.end);
      return { errors, tokens, tree, cuts: known, end };
    }
    for (const cut of tree.cuts) cuts.set(cut.start, cut);
    text = quote(text, tree.cuts);
  }
}

/** The text with each of the conditions as a quoted text of the same length. */
function quote(text: string, cuts: readonly Cut[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const cut of cuts) {
    if (cut.start < end) continue;
    const quoted = `"${'-'.repeat(Math.max(0, cut.end - cut.start - 2))}"`;
    parts.push(text.slice(end, cut.start), quoted);
    end = cut.start + quoted.length;
  }
  return [...parts, text.slice(end)].join('');
}

function isNothing(root: Node): boolean {
  return root.kind === 'scalar' && root.value === null && root.span.start === root.span.end;
}

function touches(item: Diagnostic, others: readonly Diagnostic[]): boolean {
  const start = item.span?.start ?? 0;
  return others.some(({ span }) => span && start >= span.start && start <= span.end);
}

/** A control character in the place of a value makes bad YAML too. */
function isOnLineOf(item: Diagnostic, hidden: readonly Diagnostic[]): boolean {
  const { file, start } = item.span ?? { start: 0 };
  return hidden.some(({ span }) => {
    const [from, to] = [Math.min(start, span?.start ?? 0), Math.max(start, span?.start ?? 0)];
    return file !== undefined && !file.text.slice(from, to).includes('\n');
  });
}

/** The start of the last line with text before the line of `offset`: a fault often begins there. */
function lineBefore(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(0, lineStart).trimEnd();
  return before.lastIndexOf('\n') + 1;
}

function emptyFile(file: SourceFile): Diagnostic {
  return diagnose('empty-file', { file, start: 0, end: 0 }, 'the file holds nothing', {
    help: 'start it with `chaperone: 1` and `kind: practice`',
  });
}
