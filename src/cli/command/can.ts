import type { Command } from 'commander';
import { explain, explanationText } from '../../explain/index.ts';
import { compile, hasErrors, nearest, type Overlay, type Policy, parseMember } from '../../index.ts';
import { createHost } from '../../node/index.ts';
import { loadTable, type Table } from '../../runtime/index.ts';
import { viewOf } from '../../runtime/tools.ts';
import { readInstant, reportFailure } from '../compiling.ts';
import { readData, readFacts } from '../facts.ts';
import { addFormat, entryOf, formatOf, readTable } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly user: string;
  readonly on?: string;
  readonly context?: string;
  readonly now?: string;
  readonly feature: readonly string[];
  readonly explain?: boolean;
  readonly exitCode?: boolean;
  readonly format?: string;
  readonly json?: boolean;
}

export function addCan(program: Command, out: Output): void {
  const command = program
    .command('can')
    .description('Decides one request; with --explain, says why.')
    .argument('<policy>', 'a folder, practice, catalog or table')
    .argument('<action>', 'such as note.view')
    .requiredOption('--user <user>', 'a member, or JSON: {"id": "U1", "role": "reception"}')
    .option('--on <json>', 'the facts of the resource, as JSON')
    .option('--context <json>', 'the facts of the request, as JSON')
    .option('--now <instant>', 'the time of the request, such as 2026-11-22T09:00:00Z')
    .option('--feature <name=on|off>', 'switch a feature for this request (not with a table)', collect, [])
    .option('--explain', 'the whole reason')
    .option('--exit-code', 'exit with 1 when the answer is deny')
    .addHelpText(
      'after',
      [
        '',
        'A user as JSON may be described on the spot where the policy is in source form:',
        '  {"role": {"account": "clinical", "with": ["people-menu"]}, "practitioner": "P1", "id": "U1"}',
        '',
        'Examples:',
        '  chaperone can examples/harbour-physio note.view --user amira --on \'{"author": "lee"}\' --explain',
        '  chaperone can clinic.chaperone client.create --user lee --json',
        '',
      ].join('\n'),
    );
  addFormat(command).action((policy: string, action: string, options: Options) => can(policy, action, options, out));
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function can(path: string, action: string, options: Options, out: Output): void {
  const format = formatOf(options);
  const now = options.now === undefined ? Date.now() : readInstant(options.now);
  const resource = options.on === undefined ? undefined : readFacts(options.on, '--on');
  const context = readContext(options.context, options.now === undefined ? null : now);
  const asked = ask(path, options, () => now, format, out);
  if (!asked) return;
  const { table, user, policy } = asked;
  const decision = table.user(user).decide(action, resource, context);
  if (options.exitCode && !decision.allow) process.exitCode = 1;
  const explanation = options.explain ? explain(table, { user, action, resource, context }) : null;
  if (format === 'json') {
    out.json(explanation ? { ...decision.toJSON(), explanation } : decision);
    return;
  }
  const answer = decision.allow ? out.paint('green', 'allow') : out.paint('red', 'deny');
  const duties = decision.outcome ? ` with ${decision.outcome} (${decision.duties.join(', ')})` : '';
  out.write(`${answer}${duties}  ${out.paint('dim', decision.reason)}\n`);
  if (explanation) out.write(`\n${explanationText(explanation)}\n`);
  else if (decision.missing.length > 0) out.write(`missing: ${decision.missing.join(', ')}\n`);
  if (decision.presentation !== null) out.write(`shown as: ${decision.presentation}\n`);
  if (policy) noteUnknownFacts(action, resource, policy, out);
  if (decision.reason === 'unknown-action') {
    const near = nearest(
      action,
      viewOf(table).actions.map((item) => item.name),
    );
    if (near) out.note(`did you mean \`${near}\`?`);
  }
}

interface Asked {
  readonly table: Table;
  readonly user: string | Readonly<Record<string, unknown>>;
  readonly policy: Policy | null;
}

function ask(path: string, options: Options, clock: () => number, format: string, out: Output): Asked | null {
  const entry = entryOf(path);
  if (entry.kind === 'tests') throw new UsageError(`\`${path}\` is a tests file; name the practice, catalog or table`);
  const isDescribed = options.user.trimStart().startsWith('{');
  if (entry.kind === 'table') {
    if (options.feature.length > 0)
      throw new UsageError('a table has its features built in', 'name the practice instead, to try another choice');
    const table = readTable(entry.path, clock);
    const data = isDescribed ? readData(options.user, '--user') : options.user;
    if (typeof data === 'object' && data !== null && ('role' in data || 'holds' in data)) {
      throw new UsageError('a table cannot take a role described on the spot', 'name the practice or catalog instead');
    }
    return { table, user: data as Asked['user'], policy: null };
  }
  const described = isDescribed ? describeUser(options.user, format, out) : null;
  if (isDescribed && described === undefined) return null;
  const overlay: Overlay = {
    roles: [],
    users: described?.users ?? [],
    features: options.feature.map(readFeature),
  };
  const compilation = compile(entry.path, createHost(), { overlay });
  const { policy, table: bytes, diagnostics } = compilation;
  if (!policy || !bytes || hasErrors(diagnostics)) {
    const errors = diagnostics.filter((item) => item.severity === 'error');
    reportFailure(errors, format, out);
    if (errors.every((item) => item.span?.file.path.startsWith('--'))) process.exitCode = 2;
    return null;
  }
  if (format !== 'json') noteFallen(policy, out);
  const table = loadTable(bytes, { now: clock });
  if (described?.stranger) return { table, user: described.stranger, policy };
  if (described) {
    const member = policy.members.get(scratch);
    const attributes = Object.fromEntries(member?.attributes ?? []);
    return { table, user: { id: scratch, ...attributes }, policy };
  }
  return { table, user: options.user, policy };
}

/** The key of a user described in an argument. */
const scratch = 'the user';

/** Undefined when the text was wrong, which was said. */
function describeUser(
  text: string,
  format: string,
  out: Output,
): { readonly users: Overlay['users']; readonly stranger: Readonly<Record<string, unknown>> | null } | undefined {
  const data = readData(text, '--user');
  if (typeof data === 'object' && data !== null && !('role' in data) && !('holds' in data)) {
    return { users: [], stranger: data as Readonly<Record<string, unknown>> };
  }
  const file = { path: '--user', text };
  const { member, diagnostics } = parseMember(file);
  if (!member || hasErrors(diagnostics)) {
    reportFailure(diagnostics, format, out);
    process.exitCode = 2;
    return undefined;
  }
  const key = { text: scratch, span: { file, start: 0, end: text.length } };
  return { users: [{ key, value: member }], stranger: null };
}

function readFeature(text: string): Overlay['features'][number] {
  const [name = '', state] = text.split('=');
  if (state !== 'on' && state !== 'off')
    throw new UsageError(`\`--feature ${text}\` names no state`, 'write `--feature stripe=on`');
  const span = { file: { path: '--feature', text }, start: 0, end: name.length };
  return { key: { text: name, span }, value: { on: state === 'on', span } };
}

function readContext(text: string | undefined, now: number | null): unknown {
  const data = text === undefined ? undefined : readFacts(text, '--context');
  if (now === null) return data;
  return { ...(typeof data === 'object' ? data : {}), now };
}

/** A role on the spot may hold what is worth nothing; a person should hear of it. */
function noteFallen(policy: Policy, out: Output): void {
  for (const role of policy.roles.values()) {
    if (!role.name.startsWith('(')) continue;
    for (const [name, { missing }] of role.fallen) {
      const listed =
        missing.length <= 6 ? missing.map((item) => `\`${item}\``).join(', ') : `${missing.length} other switches`;
      out.note(`note: \`${name}\` is worth nothing here without ${listed}`);
    }
  }
}

/** A fact that the resource type does not have was probably misspelt. */
function noteUnknownFacts(action: string, resource: unknown, policy: Policy, out: Output): void {
  const declared = policy.actions.get(action);
  if (declared?.hasResource) noteFacts(declared.resource, resource, policy, out);
}

function noteFacts(type: string, value: unknown, policy: Policy, out: Output): void {
  const facts = policy.resources.get(type)?.facts;
  if (!facts || typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const fact = facts.get(name);
    if (fact?.kind === 'resource') noteFacts(fact.name, inner, policy, out);
    else if (!fact && name !== 'id' && name !== 'type') {
      const near = nearest(name, facts.keys());
      const path = name.split('.');
      const nested =
        path.length > 1 && facts.has(path[0] ?? '') ? `{"${path.join('": {"')}": ...${'}'.repeat(path.length)}` : null;
      const own = path.length > 1 && path[0] === type ? path.slice(1).join('.') : null;
      const hint =
        own !== null
          ? `; write it as \`${own}\``
          : nested !== null
            ? `; write it as ${nested}`
            : near
              ? `; did you mean \`${near}\`?`
              : '';
      out.note(`note: \`${type}\` has no fact \`${name}\`, so it was not looked at${hint}`);
    }
  }
}
