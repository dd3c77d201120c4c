// In: paths and catalog names.
// Out: the host that the compiler reads through, with shipped catalogs, packages and files; tables kept up to date.
// Never: compiles, or prints.
export { shippedCatalogs } from './catalogs.ts';
export { type Found, findEntry } from './entry.ts';
export { openRevision, type Revised } from './git.ts';
export { createHost, type HostOptions } from './host.ts';
export { packageFolder, readRuntime } from './root.ts';
export { SourceError, type SourceErrorCode } from './source-error.ts';
export { type Start, startPractice } from './start.ts';
export { openStore, type StoreEvents, type StoreOptions, type StoreStats, TableStore } from './store.ts';
export type { TableVersion } from './succession.ts';
export type { TableSource } from './table-source.ts';
export { nextVersion, type Rise, rises } from './versions.ts';
export { type Look, type WatchEvents, WatchedTable, type WatchOptions, watchTable } from './watch.ts';
export { writeWhole } from './write.ts';
