// In: a tests file with the policy it is about.
// Out: for each expectation what was decided, and whether that is what was expected.
// Never: decides anything itself: every answer comes from a compiled table.
import { collect, type Diagnostic, diagnose, hasErrors, suggest } from '../diagnostics/index.ts';
import {
  type Compilation,
  compileLoaded,
  type Loaded,
  type Overlay,
  type Policy,
  plain,
  withoutSentences,
} from '../index.ts';
import type { Entry, ExpectedSyntax, MemberSyntax, SwitchSyntax, TestsSyntax } from '../parse/index.ts';
import { type Decision, loadTable, type Table } from '../runtime/index.ts';
import type { Name, Span } from '../source/index.ts';
import { type Case, casesOf } from './cases.ts';
import { checkFacts } from './facts.ts';

/** One expectation and what came of it. */
export interface Verdict {
  readonly test: string;
  readonly cites: readonly string[];
  readonly user: string;
  readonly action: string;
  /** The name of the resource in the file; null for an action about nothing. */
  readonly on: string | null;
  readonly expected: ExpectedSyntax;
  readonly got: Decision;
  /** What differs, in words; empty when it is as expected. */
  readonly differences: readonly string[];
  readonly span: Span;
  /** What was asked, to ask again for an explanation. */
  readonly asked: Question;
}

export interface Question {
  readonly policy: Policy;
  readonly table: Table;
  readonly user: string | Readonly<Record<string, unknown>>;
  readonly action: string;
  readonly resource: unknown;
  readonly context: unknown;
}

export interface Verification {
  readonly verdicts: readonly Verdict[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs every expectation of a loaded tests file. With errors in the files nothing is decided, unless they are sentences that
 * do not hold: a test is how these are shown.
 */
export function verify(loaded: Loaded): Verification {
  return examine(loaded, true);
}

/** What is wrong with a loaded tests file, whether or not its expectations hold. */
export function checkTests(loaded: Loaded): readonly Diagnostic[] {
  return examine(loaded, false).diagnostics;
}

function examine(loaded: Loaded, decides: boolean): Verification {
  const { tests } = loaded;
  if (!tests) return { verdicts: [], diagnostics: loaded.diagnostics };
  const bench = new Bench(loaded, tests, decides);
  const verdicts: Verdict[] = [];
  const cases = casesOf(tests);
  if (cases.length === 0) bench.compile([]); // what the file declares is checked all the same
  for (const item of cases) verdicts.push(...bench.run(item));
  return { verdicts, diagnostics: collect([...loaded.diagnostics, ...bench.diagnostics]) };
}

interface Compiled {
  readonly policy: Policy;
  /** Null where nothing is to be decided. */
  readonly table: Table | null;
}

/** Tables of one tests file: one for each choice of features. */
class Bench {
  readonly diagnostics: Diagnostic[] = [];
  private readonly loaded: Loaded;
  private readonly tests: TestsSyntax;
  private readonly users: readonly Entry<MemberSyntax>[];
  private readonly decides: boolean;
  private readonly tables = new Map<string, Compiled | null>();
  private now = 0;

  constructor(loaded: Loaded, tests: TestsSyntax, decides: boolean) {
    this.loaded = loaded;
    this.decides = decides;
    this.tests = tests;
    const inline = casesOf(tests).flatMap((item) =>
      'text' in item.user ? [] : [{ key: inlineName(item.user), value: item.user }],
    );
    this.users = [...tests.users, ...inline];
  }

  run(item: Case): readonly Verdict[] {
    const compiled = this.compile(item.features);
    if (!compiled) return [];
    const { policy, table } = compiled;
    const name = 'text' in item.user ? item.user : inlineName(item.user);
    const member =
      policy.members.get(name.text) ?? [...policy.members.values()].find((known) => known.id === name.text);
    if (!member) {
      this.report('unknown-member', name, 'user', policy.members.keys());
      return [];
    }
    if (!policy.actions.has(item.action.text)) {
      this.report('unknown-action', item.action, 'action', policy.actions.keys());
      return [];
    }
    const resource = this.resourceOf(item, policy);
    if (resource === undefined) return [];
    const user =
      member.attributes.size === 0 ? member.key : { id: member.key, ...Object.fromEntries(member.attributes) };
    const context = this.contextOf(item);
    if (!table) return [];
    const asked = { policy, table, user, action: item.action.text, resource, context };
    const got = table.user(user).decide(asked.action, asked.resource, asked.context);
    const differences = compareDecision(item.expected, got);
    const { test, cites, expected, span } = item;
    const on = item.on?.text ?? null;
    return [{ test, cites, user: name.text, action: asked.action, on, expected, got, differences, span, asked }];
  }

  compile(features: readonly Entry<SwitchSyntax>[]): Compiled | null {
    const all = [...this.tests.features, ...features];
    const chosen = new Map(all.map(({ key, value }) => [key.text, value.on]));
    const key = JSON.stringify([...chosen].sort());
    const known = this.tables.get(key);
    if (known !== undefined) return known;
    const overlay: Overlay = { roles: this.tests.roles, users: this.users, features: all };
    const options = { overlay, withoutTable: !this.decides, despiteSentences: true };
    const { policy, table, diagnostics }: Compilation = compileLoaded(this.loaded, options);
    this.diagnostics.push(...diagnostics);
    const isWhole = policy !== null && !hasErrors(withoutSentences(diagnostics));
    const entry = isWhole ? { policy, table: table && loadTable(table, { now: () => this.now }) } : null;
    this.tables.set(key, entry);
    return entry;
  }

  /** Undefined when the resource is not there or not what the action is about, which is reported. */
  private resourceOf(item: Case, policy: Policy): unknown {
    const action = policy.actions.get(item.action.text);
    if (!item.on) {
      if (!action?.hasResource) return null;
      this.diagnostics.push(
        diagnose('wrong-shape', item.action.span, `\`${item.action.text}\` is about a \`${action.resource}\``, {
          help: `write \`${item.action.text} on NAME\``,
        }),
      );
      return undefined;
    }
    const data = item.resources.get(item.on.text);
    if (!data) {
      this.report('unknown-name', item.on, 'resource', item.resources.keys());
      return undefined;
    }
    if (action) this.diagnostics.push(...checkFacts(data, action.resource, policy));
    const facts = plain(data);
    if (
      typeof facts === 'object' &&
      facts !== null &&
      'type' in facts &&
      !policy.resources.get(action?.resource ?? '')?.facts.has('type')
    )
      delete facts.type;
    return facts;
  }

  /** The request's context; `now` is the test's, else the file's, else the first instant of 2026. */
  private contextOf(item: Case): unknown {
    const context: Record<string, unknown> = Object.create(null);
    for (const { key, value } of item.context) context[key.text] = plain(value);
    const now = item.now ?? this.tests.now;
    this.now = Date.UTC(2026, 0, 1);
    if (now && !('now' in context)) {
      const time = Date.parse(now.text);
      if (Number.isNaN(time)) {
        this.diagnostics.push(
          diagnose('bad-date', now.span, `\`${now.text}\` is not an instant`, {
            help: 'write it as `2026-11-22T09:00:00Z`',
          }),
        );
      } else context.now = time;
    } else if (!('now' in context)) context.now = this.now;
    return context;
  }

  private report(
    code: 'unknown-member' | 'unknown-action' | 'unknown-name',
    name: Name,
    what: string,
    known: Iterable<string>,
  ): void {
    const names = [...known].filter((item) => !item.startsWith('('));
    this.diagnostics.push(
      diagnose(code, name.span, `unknown ${what} \`${name.text}\``, { help: suggest(name.text, names) }),
    );
  }
}

function inlineName(user: MemberSyntax): Name {
  return { text: `(user at ${user.span.start})`, span: user.span };
}

function compareDecision(expected: ExpectedSyntax, got: Decision): readonly string[] {
  const differences: string[] = [];
  const differ = (what: string, wanted: string, found: string | null) => {
    if (wanted !== found) differences.push(`${what}: expected ${wanted}, got ${found ?? 'none'}`);
  };
  differ('decision', expected.decision, got.allow ? 'allow' : 'deny');
  if (expected.outcome) differ('outcome', expected.outcome.text, got.outcome);
  if (expected.presentation) differ('presentation', expected.presentation.text, got.presentation);
  if (expected.reason) differ('reason', expected.reason.text, got.reason);
  if (expected.missing) {
    const wanted = expected.missing.map((name) => name.text);
    differ('missing facts', [...wanted].sort().join(', ') || 'none', [...got.missing].sort().join(', ') || 'none');
  }
  return differences;
}
