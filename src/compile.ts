import { check, checkUnusedInvariants, factsOfAnyone, policyOfAnyone, silence } from './check/index.ts';
import { collect, type Diagnostic, hasErrors, InternalError } from './diagnostics/index.ts';
import { emit } from './emit/index.ts';
import { type Host, invariantsBeside, type Loaded, load } from './load/index.ts';
import type { Diagrams } from './lower/index.ts';
import { lower } from './lower/index.ts';
import { parse, parseMembers } from './parse/index.ts';
import { noOverlay, type Overlay, type Policy, resolve } from './resolve/index.ts';

/** What a run yields. `table` is null when there is an error or none was asked for; a warning alone spoils nothing. */
export interface Compilation {
  readonly policy: Policy | null;
  readonly diagrams: Diagrams | null;
  readonly table: Uint8Array | null;
  readonly digest: string | null;
  readonly meaningDigest: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read, in the order of reading. */
  readonly files: readonly string[];
}

export interface CompileOptions {
  /** Leaves explanations out of the table. */
  readonly strip?: boolean;
  /** Leaves the table out altogether, for callers who want to know what is wrong and nothing else. */
  readonly withoutTable?: boolean;
  /** A table is made although sentences of the policy fail: for tests, which show how they do. */
  readonly despiteSentences?: boolean;
  /** Roles, users and features of a tests file or a request, on top of the policy. */
  readonly overlay?: Overlay;
  /** Files that have not changed since the last run are not parsed again. */
  readonly cache?: Cache;
}

/** Parsed files by path; good as long as the text is the same. */
export interface Cache {
  readonly files: Map<string, { readonly text: string; readonly parsed: ReturnType<typeof parse> }>;
  readonly members: Map<string, { readonly text: string; readonly parsed: ReturnType<typeof parseMembers> }>;
}

export function createCache(): Cache {
  return { files: new Map(), members: new Map() };
}

/** A practice or catalog file to its decision table. The host is the only way out; nothing is thrown for input. */
export function compile(entry: string, host: Host, options: CompileOptions = {}): Compilation {
  return compileLoaded(loadFiles(entry, host, options.cache), options);
}

/** The rest of the pipeline, for callers that compile one set of files in several ways. */
export function compileLoaded(loaded: Loaded, options: CompileOptions = {}): Compilation {
  const found: Diagnostic[] = [...loaded.diagnostics];
  const { files } = loaded;
  if (!loaded.sources) return { ...nothing, diagnostics: collect(found), files };

  const isHypothetical = options.overlay !== undefined;
  const sources = { ...loaded.sources, isHypothetical };
  const stop = (policy: Policy): Compilation => ({
    ...nothing,
    policy,
    diagnostics: collect(silence(sources, found, false)),
    files,
  });
  const { policy, diagnostics } = resolve({ ...loaded.sources, overlay: options.overlay ?? noOverlay });
  found.push(...diagnostics);
  if (hasErrors(found)) return stop(policy);

  const { diagrams, diagnostics: tooLarge } = lower(policy);
  found.push(...tooLarge);
  if (!diagrams) return stop(policy);

  found.push(...check(sources, policy, diagrams));
  if (hasErrors(options.despiteSentences ? withoutSentences(found) : found)) return stop(policy);

  if (options.withoutTable) return stop(policy);
  const { bytes, digest, meaningDigest } = emit(policy, diagrams, { strip: options.strip ?? false });
  const left = collect(silence(sources, found, !isHypothetical));
  return { policy, diagrams, table: bytes, digest, meaningDigest, diagnostics: left, files };
}

/** A table with one role that stands for every role that a practice could make of a catalog. */
export interface TableOfAnyone {
  readonly table: Uint8Array;
  /** What is known of whoever asks. */
  readonly facts: ReturnType<typeof factsOfAnyone>;
  /** Actions that it denies although some role may be allowed them, and what decides them: nobody can say for all at once. */
  readonly left: ReadonlyMap<string, string>;
}

/** `name` is what the role is called, `names` what permissions are called instead. */
export function compileForAnyone(
  catalog: Policy,
  name: string,
  names: ReadonlyMap<string, string> = new Map(),
): TableOfAnyone {
  const { policy, left } = policyOfAnyone(catalog, name, names);
  const whole = lower(policy).diagrams;
  // Too large: then nothing is said of any action.
  const shown = whole ? policy : { ...policy, grants: [], scopes: [] };
  const diagrams = whole ?? lower(shown).diagrams;
  if (!diagrams) throw new InternalError('a policy without grants is too large');
  return {
    table: emit(shown, diagrams, { strip: true }).bytes,
    facts: factsOfAnyone(catalog, diagrams),
    left: new Map((whole ? left : [...catalog.actions.keys()]).map((action) => [action, rulesText(catalog, action)])),
  };
}

/** Equal where the same decides an action. */
function rulesText({ grants, scopes, permissions, accounts, ladders }: Policy, action: string): string {
  const own = [...grants, ...scopes].flatMap(({ formulas, ...item }) => {
    const formula = formulas.get(action);
    return formula ? [[item, formula]] : [];
  });
  const plain = (key: string, value: unknown): unknown => {
    if (key === 'span' || key === 'title' || key === 'text') return undefined;
    return value instanceof Map || value instanceof Set ? [...value] : value;
  };
  return JSON.stringify([own, permissions, accounts, ladders], plain);
}

/** What is wrong with files that lie beside a practice, which has read the `known` files. */
export function checkBeside(
  addresses: readonly string[],
  known: readonly string[],
  host: Host,
  cache: Cache = createCache(),
): readonly Diagnostic[] {
  return invariantsBeside(addresses, known, host, parseWith(cache)).flatMap(checkUnusedInvariants);
}

/** What is wrong besides sentences that do not hold: those say nothing about what decisions are. */
export function withoutSentences(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ code }) => code !== 'invariant-failed');
}

/** Files and their syntax, for callers that need them before they compile. */
export function loadFiles(entry: string, host: Host, cache: Cache = createCache()): Loaded {
  return load(entry, host, parseWith(cache));
}

function parseWith(cache: Cache) {
  return { file: remember(parse, cache.files), members: remember(parseMembers, cache.members) };
}

type File = Parameters<typeof parse>[0];

function remember<T>(parseFile: (file: File) => T, known: Map<string, { readonly text: string; readonly parsed: T }>) {
  return (file: File): T => {
    const before = known.get(file.path);
    if (before?.text === file.text) return before.parsed;
    const parsed = parseFile(file);
    known.set(file.path, { text: file.text, parsed });
    return parsed;
  };
}

const nothing = { policy: null, diagrams: null, table: null, digest: null, meaningDigest: null };
