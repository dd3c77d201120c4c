import type { Term } from '../solver/index.ts';
import type { MergedAtom } from './merge.ts';

/** For each atom numbers of the attributes it reads, and of those on the way to them; 0 is the user's own id. */
export function linksOf(atoms: readonly MergedAtom[]): readonly (readonly number[])[] {
  const numbers = new Map([['user\nid', 0]]);
  const paths = atoms.map(attributesOf);
  for (const path of paths.flat()) if (!numbers.has(path)) numbers.set(path, numbers.size);
  return paths.map((own) => {
    const found = new Set<number>();
    for (const path of own) {
      const steps = path.split('\n');
      for (let length = 1; length <= steps.length; length++) {
        const number = numbers.get(steps.slice(0, length).join('\n'));
        if (number !== undefined) found.add(number);
      }
    }
    return [...found];
  });
}

/** The attributes that the atom reads: root and path, line by line. */
export function attributesOf({ atom }: MergedAtom): readonly string[] {
  return [atom.left, atom.right].flatMap((side) => (side?.kind === 'term' ? pathsOf(side) : []));
}

function pathsOf({ source }: Term): readonly string[] {
  switch (source.kind) {
    case 'attribute':
      return [[source.root, ...source.path].join('\n')];
    case 'lookup':
      return source.keys.flatMap((key) => (typeof key === 'string' ? [] : [[key.root, ...key.path].join('\n')]));
    default:
      return [];
  }
}
