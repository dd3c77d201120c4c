// In: the bytes of a table, and the runtime as a text (`dist/compiled.js`).
// Out: the text of one ES module that decides as the table does, with the conditions of its cells as functions.
// Never: means anything else than the table, or needs anything that a strict content security policy forbids.
import { loadTable } from '../runtime/index.ts';
import { viewOf } from '../runtime/tools.ts';
import { rootsOf, writeFunctions } from './functions.ts';
import { comment, quote } from './text.ts';

export interface Module {
  readonly text: string;
  /** Cells whose decision depends on a request, and how many of them have become code. */
  readonly conditional: number;
  readonly compiled: number;
}

/** Writes a module; throws a TableError for bytes that are no table. */
export function writeModule(bytes: Uint8Array, runtime: string): Module {
  const table = loadTable(bytes);
  const view = viewOf(table);
  const { text, nodes } = writeFunctions(view);
  const actions = view.actions.map(({ name }) => name);
  const isCompiled = new Set(nodes);
  const isConditional = new Set(rootsOf(view));
  const title = `${view.policy.name} ${view.policy.version} on ${view.catalog.name} ${view.catalog.version}`;
  const lines = [
    comment(`${title}, meaning ${table.meaningDigest}`),
    '// Written by `chaperone compile --target module`: change the policy, not this file.',
    '',
    '/** Numbers of the actions, which `can` takes in place of names. */',
    'export const actions = Object.freeze({',
    '  __proto__: null,',
    ...actions.map((name, column) => `  [${quote(name)}]: ${column},`),
    '});',
    '',
    '/** Opens the table; `{ now: () => 0 }` gives it another clock. */',
    'export const open = (options) => loadCompiled(bytes, conditions, options);',
    '',
    '// Conditions: for a user, the settings of an assignment, a resource and a context the outcome, or -1 where only the',
    '// table can tell, since a fact is missing or unusual. `e`: everything must be sure, a deny also.',
    text.trimEnd(),
    `const conditions = new Map([${nodes.map((node) => `[${node}, n${node}]`).join(', ')}]);`,
  ];
  const runtimeLines = [
    '',
    '// The runtime of Chaperone, and the table.',
    runtime.trim(),
    'const { ALL, has, holds, isOwn, isWithin, loadCompiled, meets } = chaperone;',
    `const bytes = Int32Array.from(JSON.parse("[${wordsOf(bytes)}]"));`,
    '',
    'export const table = open();',
    'export const user = (who) => table.user(who);',
    'export default table;',
    '',
  ];
  return {
    text: [...lines, ...runtimeLines].join('\n'),
    conditional: count(view.sections.cells, isConditional),
    compiled: count(view.sections.cells, isCompiled),
  };
}

function count(cells: Iterable<number>, nodes: ReadonlySet<number>): number {
  let sum = 0;
  for (const node of cells) sum += Number(nodes.has(node));
  return sum;
}

/** The words of a table, of which JSON.parse makes bytes several times quicker than code could from base64. */
function wordsOf(bytes: Uint8Array): readonly number[] {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => words.getInt32(4 * i, true));
}
