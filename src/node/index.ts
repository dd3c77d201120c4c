// In: paths and catalog names.
// Out: the host that the compiler reads through, with shipped catalogs, packages and files.
// Never: compiles, or prints.
export { shippedCatalogs } from './catalogs.ts';
export { type Found, findEntry } from './entry.ts';
export { openRevision, type Revised } from './git.ts';
export { createHost, type HostOptions } from './host.ts';
export { packageFolder } from './root.ts';
export { type Start, startPractice } from './start.ts';
export { nextVersion, type Rise, rises } from './versions.ts';
export { WatchedTable, watchTable } from './watch.ts';
export { writeWhole } from './write.ts';
