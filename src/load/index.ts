// In: the address of a file, and a host that reads addresses.
// Out: the syntax of the practice or tests file, of its invariant files, of its catalog and of those that extends.
// Never: touches a file system itself, or decides which version of a named catalog is meant: the host does.
import { type Diagnostic, diagnose } from '../diagnostics/index.ts';
import type {
  CatalogSyntax,
  InvariantsSyntax,
  MemberList,
  PracticeSyntax,
  Syntax,
  TestsSyntax,
} from '../parse/index.ts';
import type { Name, SourceFile, Span } from '../source/index.ts';

/**
 * The only way out of the compiler. An address is a path as given or joined from relative ones, or
 * `catalog:NAME@RANGE` for a catalog by name.
 */
export interface Host {
  /** The text; `null` where there is none; a problem in words otherwise. */
  read(address: string): string | null | Reading;
}

export type Reading =
  /** `path` is how people should see the file. */
  | { readonly path: string; readonly text: string }
  | { readonly problem: ReadingProblem; readonly message: string; readonly help?: string | null };

export type ReadingProblem =
  | 'unreadable-file'
  | 'not-utf-8'
  | 'too-large'
  | 'outside-folder'
  | 'unknown-catalog'
  | 'unsatisfied-range'
  | 'shadowed-catalog';

export interface Loaded {
  readonly sources: {
    readonly catalogs: readonly CatalogSyntax[];
    readonly practice: PracticeSyntax | null;
    /** Those that the practice names. */
    readonly invariants: readonly InvariantsSyntax[];
  } | null;
  /** The entry, where it is a tests file. */
  readonly tests: TestsSyntax | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
}

/** What the texts of files say; see the room `parse`. */
export interface Parse {
  readonly file: (file: SourceFile) => {
    readonly syntax: Syntax | null;
    readonly diagnostics: readonly Diagnostic[];
  };
  readonly members: (file: SourceFile) => {
    readonly list: MemberList | null;
    readonly diagnostics: readonly Diagnostic[];
  };
}

/** Reads the entry and everything it stands on. */
export function load(entry: string, host: Host, parse: Parse): Loaded {
  const reader = new Reader(host, parse);
  const syntax = reader.read(entry, null);
  const tests = syntax?.kind === 'tests' ? withFixtures(syntax, reader, [syntax.file.path]) : null;
  const base = tests ? reader.follow(tests.practice ?? tests.catalog, tests.file) : syntax;
  const practice = base?.kind === 'practice' ? withMembers(base, reader) : null;
  if (base?.kind === 'tests' || base?.kind === 'invariants') reportNoPolicy(base, tests, reader);
  const catalogs = reader.catalogsOf(practice ? reader.follow(practice.catalog, practice.file) : base, practice);
  const invariants = practice ? reader.invariantsOf(practice) : [];
  const isWhole = catalogs !== null && !reader.isBroken;
  return {
    sources: isWhole ? { catalogs, practice, invariants } : null,
    tests,
    diagnostics: reader.diagnostics,
    files: reader.files,
  };
}

/** The files of invariants among those that lie beside a practice, but for the `known`; nothing is said of others. */
export function invariantsBeside(
  addresses: readonly string[],
  known: readonly string[],
  host: Host,
  parse: Parse,
): readonly InvariantsSyntax[] {
  return addresses.flatMap((address) => {
    const reading = host.read(address);
    if (reading === null || (typeof reading !== 'string' && 'problem' in reading)) return [];
    const file = typeof reading === 'string' ? { path: address, text: reading } : reading;
    // Many a folder holds YAML that is not Chaperone's.
    if (known.includes(file.path) || !/^kind: *["']?invariants\b/m.test(file.text)) return [];
    const { syntax } = parse.file({ path: file.path, text: file.text });
    return syntax?.kind === 'invariants' ? [syntax] : [];
  });
}

function reportNoPolicy(base: TestsSyntax | InvariantsSyntax, tests: TestsSyntax | null, reader: Reader): void {
  const name = tests?.practice ?? tests?.catalog;
  if (name) {
    const message = `\`${name.text}\` is ${describeKind(base)}, not a practice or catalog`;
    reader.add('wrong-shape', name.span, message, 'name the practice or catalog that is tested');
  } else if (base.kind === 'invariants') {
    const span = { file: base.file, start: 0, end: 0 };
    const message = 'a file of invariants is no policy by itself';
    reader.add('wrong-shape', span, message, 'check the practice that names it under `invariant-files`');
  }
}

function describeKind({ kind }: Syntax): string {
  return kind === 'tests' ? 'a tests file' : kind === 'invariants' ? 'a file of invariants' : `a ${kind}`;
}

/** The practice with the members that stand in a file beside it. */
function withMembers(practice: PracticeSyntax, reader: Reader): PracticeSyntax {
  if (!practice.membersFile) return practice;
  const { members, broken } = reader.readMembers(practice.membersFile, practice.file) ?? practice;
  return { ...practice, members, broken: new Set([...practice.broken, ...broken]) };
}

/** The tests with what their fixtures declare put before their own; `seen`: files on the way here. */
function withFixtures(tests: TestsSyntax, reader: Reader, seen: readonly string[]): TestsSyntax {
  let joined = tests;
  for (const name of tests.fixtures) {
    const read = reader.follow(name, tests.file);
    if (!read) continue;
    if (read.kind !== 'tests') {
      reader.add('wrong-shape', name.span, `\`${name.text}\` is ${describeKind(read)}, not a tests file`);
    } else if (seen.includes(read.file.path)) {
      reader.add(
        'extends-cycle',
        name.span,
        'tests files use each other as fixtures in a circle',
        'take one of the links out',
      );
    } else {
      const fixture = withFixtures(read, reader, [...seen, read.file.path]);
      joined = {
        ...joined,
        now: joined.now ?? fixture.now,
        features: [...fixture.features, ...joined.features],
        roles: [...fixture.roles, ...joined.roles],
        users: [...fixture.users, ...joined.users],
        resources: [...fixture.resources, ...joined.resources],
      };
    }
  }
  return joined;
}

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  readonly files: string[] = [];
  isBroken = false;
  private readonly host: Host;
  private readonly parse: Parse;

  constructor(host: Host, parse: Parse) {
    this.host = host;
    this.parse = parse;
  }

  add(code: Parameters<typeof diagnose>[0], span: Span | null, message: string, help: string | null = null): void {
    this.isBroken = true;
    this.diagnostics.push(diagnose(code, span, message, { help }));
  }

  read(address: string, span: Span | null): Syntax | null {
    const file = this.readText(address, span);
    if (!file) return null;
    const { syntax, diagnostics } = this.parse.file(file);
    this.diagnostics.push(...diagnostics);
    if (syntax === null) this.isBroken = true;
    return syntax;
  }

  /** The list of members that a practice names; always a path beside it. */
  readMembers(name: Name, from: SourceFile): MemberList | null {
    const file = this.readText(pathBeside(name.text, from.path), name.span);
    if (!file) return null;
    const { list, diagnostics } = this.parse.members(file);
    for (const item of diagnostics) this.diagnostics.push(item);
    if (list === null) this.isBroken = true;
    return list;
  }

  private readText(address: string, span: Span | null): SourceFile | null {
    const reading = this.host.read(address);
    if (reading === null) {
      this.add('unreadable-file', span, `there is no file \`${address}\``);
      return null;
    }
    if (typeof reading !== 'string' && 'problem' in reading) {
      this.add(reading.problem, span, reading.message, reading.help ?? null);
      return null;
    }
    const file =
      typeof reading === 'string' ? { path: address, text: reading } : { path: reading.path, text: reading.text };
    this.files.push(file.path);
    return file;
  }

  /** What a file names as its catalog or practice: a path beside it, or a catalog by name. */
  follow(name: Name | null, from: SourceFile): Syntax | null {
    if (!name) {
      this.isBroken = true; // the missing key was reported by the parser
      return null;
    }
    return this.read(addressOf(name.text, from.path), name.span);
  }

  /** The files of sentences that a practice names, each once. */
  invariantsOf(practice: PracticeSyntax): readonly InvariantsSyntax[] {
    const found = new Map<string, InvariantsSyntax>();
    for (const name of practice.invariantFiles) {
      const syntax = this.follow(name, practice.file);
      if (!syntax) continue;
      if (syntax.kind !== 'invariants') {
        this.add('wrong-shape', name.span, `\`${name.text}\` is ${describeKind(syntax)}, not a file of invariants`);
      } else if (found.has(syntax.file.path)) {
        this.add('duplicate-name', name.span, `\`${name.text}\` is named twice`, 'remove one of them');
      } else found.set(syntax.file.path, syntax);
    }
    return [...found.values()];
  }

  /** The catalog after all that it extends, or null when one is missing. */
  catalogsOf(syntax: Syntax | null, practice: PracticeSyntax | null): readonly CatalogSyntax[] | null {
    const chain: CatalogSyntax[] = [];
    let at = syntax;
    let name = practice?.catalog ?? null;
    while (at) {
      if (at.kind !== 'catalog') {
        const message = `\`${name?.text}\` is ${describeKind(at)}, not a catalog`;
        if (name)
          this.add('wrong-shape', name.span, message, 'name a catalog, such as `power-diary@^1` or `./catalog.yaml`');
        return null;
      }
      const path = at.file.path;
      if (chain.some((known) => known.file.path === path)) {
        const first = chain.findIndex((known) => known.file.path === path);
        const circle = [...chain.slice(0, first + 1).reverse(), at].map(
          ({ name: own, file }) => own?.text ?? file.path,
        );
        const message = `${circle.map((item) => `\`${item}\``).join(' extends ')}: a circle`;
        if (name) this.add('extends-cycle', name.span, message, 'take one of the links out');
        return null;
      }
      chain.unshift(at);
      if (at.extends === null) return chain;
      name = at.extends;
      at = this.follow(name, at.file);
    }
    return null;
  }
}

/** A reference is a path when it looks like one; everything else is a catalog by name. */
function addressOf(reference: string, from: string): string {
  const isPath = reference.startsWith('.') || reference.startsWith('/') || /\.ya?ml$/.test(reference);
  return isPath ? pathBeside(reference, from) : `catalog:${reference}`;
}

function pathBeside(reference: string, from: string): string {
  if (reference.startsWith('/')) return reference;
  return join(from.slice(0, from.lastIndexOf('/') + 1), reference);
}

/** Joins with `/` and takes out `.` and `..` where that is possible. */
function join(folder: string, reference: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${reference}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..' && parts[parts.length - 1] !== '')
      parts.pop();
    else if (part !== '.' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/') || '.';
}
