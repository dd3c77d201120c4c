// The public door of the compiler.
export { type ActionFacts, factsOfActions } from './check/index.ts';
export {
  type Cache,
  type Compilation,
  type CompileOptions,
  checkBeside,
  compile,
  compileForAnyone,
  compileLoaded,
  createCache,
  loadFiles,
  type TableOfAnyone,
  withoutSentences,
} from './compile.ts';
export {
  type Code,
  catalogue,
  collect,
  type Diagnostic,
  diagnosticsToJson,
  hasErrors,
  nearest,
  renderDiagnostics,
} from './diagnostics/index.ts';
export type { Host, Loaded, Reading } from './load/index.ts';
export type * from './lower/index.ts';
export { parse, parseData, parseMember } from './parse/index.ts';
export type { Overlay, Policy } from './resolve/index.ts';
export { dayOf, instantOf, plain } from './resolve/index.ts';
