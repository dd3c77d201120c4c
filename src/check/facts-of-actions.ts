import type { Atom, Diagrams, Term } from '../lower/index.ts';
import { copyOf } from './world.ts';

/** What decisions about one action look at: every fact, and those that are essential. */
export interface ActionFacts {
  readonly all: readonly string[];
  readonly essential: readonly string[];
}

/**
 * Per action, the facts that decisions look at, and those without which nobody is ever allowed: with the fact's atoms unknown, every role's diagram is
 * deny for all values of the others. Paths with their root (`resource.author`), sorted. An action that nobody can be
 * allowed at all has no essential ones. `user.id` is left out: whoever asks has one.
 */
export function factsOfActions(diagrams: Diagrams): ReadonlyMap<string, ActionFacts> {
  const facts = diagrams.atoms.map(pathsOf);
  const result = new Map<string, ActionFacts>();
  const store = copyOf(diagrams);
  const memo = new Map<string, boolean>();
  const deniesWithout = (node: number, path: string): boolean => {
    const key = `${node} ${path}`;
    let denies = memo.get(key);
    if (denies === undefined) {
      denies = store.worstOver(node, (atom) => facts[atom]?.has(path) ?? false) === 0;
      memo.set(key, denies);
    }
    return denies;
  };
  const rows = [...new Set(diagrams.rows)];
  diagrams.actions.forEach((action, column) => {
    const nodes = new Set(rows.map((row) => row[column]?.decision ?? 0));
    nodes.delete(0);
    const paths = new Set(
      [...nodes].flatMap((node) => store.reach(node).flatMap((at) => [...(facts[store.atomOf(at)] ?? [])])),
    );
    paths.delete('user.id');
    const all = [...paths].sort();
    result.set(action, { all, essential: all.filter((path) => [...nodes].every((node) => deniesWithout(node, path))) });
  });
  return result;
}

function pathsOf(atom: Atom): ReadonlySet<string> {
  const terms = [atom.left, atom.right].filter((side): side is Term => side?.kind === 'term');
  return new Set(terms.flatMap(pathsOfTerm));
}

function pathsOfTerm({ source }: Term): readonly string[] {
  switch (source.kind) {
    case 'attribute':
      return [[source.root, ...source.path].join('.')];
    case 'slot':
      return [];
    case 'lookup':
      return source.keys.flatMap((key) => (typeof key === 'string' ? [] : [[key.root, ...key.path].join('.')]));
    default:
      return source satisfies never;
  }
}
