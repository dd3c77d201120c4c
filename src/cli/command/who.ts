import type { Command } from 'commander';
import { nearest, parseData, plain } from '../../index.ts';
import { type Decision, loadTable, type Table } from '../../runtime/index.ts';
import { viewOf } from '../../runtime/tools.ts';
import { addFormat, compilePolicy, entryOf, formatOf, readInstant, readTable } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly policy: string;
  readonly on?: string;
  readonly now?: string;
  readonly format?: string;
  readonly json?: boolean;
}

/** `sometimes`: for some resource or context, which was not given. */
type Answer = 'always' | 'sometimes' | 'never' | 'allow' | 'deny';

interface Row {
  readonly member: string;
  readonly answer: Answer;
  readonly outcome: string | null;
  readonly reason: Decision['reason'];
  readonly missing: readonly string[];
}

export function addWho(program: Command, out: Output): void {
  const command = program
    .command('who')
    .description('Lists the members who may do an action: to any resource, or to the one given.')
    .argument('<action>', 'such as note.view')
    .option('--policy <policy>', 'a folder, practice or table', '.')
    .option('--on <json>', 'the facts of one resource, as JSON')
    .option('--now <instant>', 'the time of the request, such as 2026-11-22T09:00:00Z')
    .addHelpText(
      'after',
      '\nExamples:\n  chaperone who database.export --policy examples/harbour-physio\n  chaperone who note.view --policy clinic.chaperone --on \'{"author": "lee"}\' --json\n',
    );
  addFormat(command).action((action: string, options: Options) => who(action, options, out));
}

function who(action: string, options: Options, out: Output): void {
  const format = formatOf(options);
  const now = options.now === undefined ? Date.now() : readInstant(options.now);
  const resource = options.on === undefined ? undefined : readResource(options.on);
  const table = tableOf(options.policy, () => now, format, out);
  if (!table) return;
  const actions = viewOf(table).actions.map(({ name }) => name);
  if (!actions.includes(action)) {
    const near = nearest(action, actions);
    throw new UsageError(`unknown action \`${action}\``, near ? `did you mean \`${near}\`?` : null);
  }
  const rows = Array.from({ length: viewOf(table).memberCount }, (_, index) =>
    rowOf(table, viewOf(table).member(index).key, action, resource),
  );
  if (format === 'json') {
    out.json({ action, policy: table.policy, members: rows });
    return;
  }
  for (const answer of ['always', 'allow', 'sometimes', 'never', 'deny'] as const) {
    const members = rows.filter((row) => row.answer === answer).map(shown);
    const tone = answer === 'always' || answer === 'allow' ? 'green' : answer === 'sometimes' ? 'yellow' : 'dim';
    if (members.length > 0) out.write(`${out.paint(tone, answer.padEnd(9))}  ${members.join(', ')}\n`);
  }
}

function rowOf(table: Table, member: string, action: string, resource: unknown): Row {
  const user = table.user(member);
  const { outcome, allow, reason, missing } = user.decide(action, resource);
  if (resource !== undefined) return { member, answer: allow ? 'allow' : 'deny', outcome, reason, missing };
  const { sometimes } = user.permitted();
  return { member, answer: allow ? 'always' : sometimes.has(action) ? 'sometimes' : 'never', outcome, reason, missing };
}

function shown({ member, answer, outcome, missing }: Row): string {
  if (outcome !== null) return `${member} (${outcome})`;
  return answer === 'deny' && missing.length > 0 ? `${member} (missing ${missing.join(', ')})` : member;
}

function readResource(text: string): unknown {
  const { data } = parseData({ path: '--on', text });
  if (!data) throw new UsageError('`--on` is not JSON');
  return plain(data);
}

function tableOf(path: string, clock: () => number, format: string, out: Output): Table | null {
  const entry = entryOf(path);
  if (entry.kind === 'table') return readTable(entry.path, clock);
  if (entry.kind === 'tests') throw new UsageError(`\`${path}\` is a tests file; name the practice or a table`);
  const compiled = compilePolicy(entry.path, {}, format, out);
  return compiled && loadTable(compiled.table, { now: clock });
}
