// Of an atom. Numbers, since the rows of nodes have the branches in that order; without imports, so that they are written out.

export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;
