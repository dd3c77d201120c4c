import type { Command } from 'commander';
import { nearest } from '../../index.ts';
import type { Decision, Table } from '../../runtime/index.ts';
import { viewOf } from '../../runtime/tools.ts';
import { type Cell, type Survey, survey } from '../../survey/index.ts';
import { readInstant } from '../compiling.ts';
import { readFacts } from '../facts.ts';
import { addFormat, formatOf } from '../input.ts';
import { aboutMissing, footnoteText } from '../matrix/cells.ts';
import { openPolicy } from '../matrix/open.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly policy: string;
  readonly roles?: boolean;
  readonly on?: string;
  readonly now?: string;
  readonly format?: string;
  readonly json?: boolean;
}

/** `sometimes`: under a condition. With a resource given, `allow` or `deny`. */
type Answer = Cell['answer'] | 'allow' | 'deny';

interface Row {
  readonly name: string;
  readonly answer: Answer;
  readonly outcome: string | null;
  readonly reason: Decision['reason'] | null;
  readonly missing: readonly string[];
  readonly when: Cell['parts'];
}

export function addWho(program: Command, out: Output): void {
  const command = program
    .command('who')
    .description('Lists who may do an action: always, under which exact condition, or to the one resource given.')
    .argument('<action>', 'such as note.view')
    .option('--policy <policy>', 'a folder, practice, catalog or table', '.')
    .option('--roles', 'roles instead of members')
    .option('--on <json>', 'the facts of one resource, as JSON')
    .option('--now <instant>', 'the time of the request, such as 2026-11-22T09:00:00Z; without --on, from then on')
    .addHelpText('after', help);
  addFormat(command).action((action: string, options: Options) => who(action, options, out));
}

const help = `
always: whatever is sent. sometimes: under just the condition that follows, for requests that send every fact it names.
never: no request is allowed, from now (or --now) on. \`permitted()\` of a table says the same of one instant, without
asking whether any request can meet a condition: what is "never" here may be "sometimes" there.

Examples:
  chaperone who database.export --policy examples/harbour-physio
  chaperone who note.view --policy clinic.chaperone --on '{"author": "lee"}' --json
`;

function who(action: string, options: Options, out: Output): void {
  const format = formatOf(options);
  const now = options.now === undefined ? Date.now() : readInstant(options.now);
  const resource = options.on === undefined ? undefined : readFacts(options.on, '--on');
  const opened = openPolicy(options.policy, now, format, out);
  if (!opened) return;
  const { table } = opened;
  const actions = viewOf(table).actions.map(({ name }) => name);
  if (!actions.includes(action)) {
    const near = nearest(action, actions);
    throw new UsageError(`unknown action \`${action}\``, near ? `did you mean \`${near}\`?` : null);
  }
  if (resource !== undefined) {
    const members = opened.members.map((member) => decided(table, member, action, resource));
    if (format === 'json') out.json({ action, policy: table.policy, members: members.map(decidedJson) });
    else printDecided(members, out);
    return;
  }
  const ask = (of: Survey['of'], columns: readonly string[]) =>
    survey(table, { of, columns, actions: [action], since: now, cases: 400, length: 20_000 });
  if (format === 'json') {
    const [members, roles] = [ask('members', opened.members), ask('roles', opened.roles)];
    const rows = rowsOf(table, members, action).map((row) => json('member', row, members));
    out.json({
      action,
      policy: table.policy,
      members: rows,
      roles: rowsOf(table, roles, action).map((row) => json('role', row, roles)),
    });
    return;
  }
  const told =
    options.roles || opened.members.length === 0 ? ask('roles', opened.roles) : ask('members', opened.members);
  printTold(rowsOf(table, told, action), told, out);
}

function decided(table: Table, name: string, action: string, resource: unknown): Row {
  const { outcome, allow, reason, missing } = table.user(name).decide(action, resource);
  return { name, answer: allow ? 'allow' : 'deny', outcome, reason, missing, when: [] };
}

function decidedJson({ name, answer, outcome, reason, missing }: Row) {
  return { member: name, answer, outcome, reason, missing };
}

function printDecided(rows: readonly Row[], out: Output): void {
  for (const answer of ['allow', 'deny'] as const) {
    const names = rows
      .filter((row) => row.answer === answer)
      .map(({ name, outcome, missing }) => {
        if (outcome !== null) return `${name} (${outcome})`;
        return answer === 'deny' && missing.length > 0 ? `${name} (missing ${missing.join(', ')})` : name;
      });
    if (names.length > 0) out.write(`${label(answer, out)}  ${names.join(', ')}\n`);
  }
}

function rowsOf(table: Table, { of, columns, rows }: Survey, action: string): readonly Row[] {
  return columns.flatMap((name, at): readonly Row[] => {
    const cell = rows[0]?.cells[at];
    if (!cell) return [];
    const { answer, parts } = cell;
    const only = answer === 'always' && parts.length === 1 ? parts[0] : null;
    const common = { name, answer, outcome: only?.outcome ?? null, when: only ? [] : parts };
    if (of === 'roles')
      return [{ ...common, reason: answer === 'never' ? whyNot(table, name, action) : null, missing: [] }];
    const { reason, missing } = table.user(name).decide(action);
    return [{ ...common, reason: answer === 'never' ? whyNever(reason) : reason, missing }];
  });
}

/** Where no request is allowed, no missing fact is to blame. */
function whyNever(reason: Decision['reason']): Decision['reason'] {
  return reason === 'missing-fact' || reason === 'wrong-type' ? 'condition-false' : reason;
}

/** Why a role never allows. */
function whyNot(table: Table, name: string, action: string): Decision['reason'] {
  const view = viewOf(table);
  const role = view.roles.findIndex((each) => each.name === name);
  const cell = role * view.actions.length + view.actions.findIndex((each) => each.name === action);
  if (view.sections.cells[cell] !== 0) return 'condition-false';
  const closed = view.scopesOf(cell).find(([, node]) => node === 0);
  if (!closed) return 'no-grant';
  return view.scopes[closed[0]]?.kind === 'prohibition' ? 'prohibited' : 'out-of-scope';
}

function json(kind: 'member' | 'role', { name, answer, outcome, reason, missing, when }: Row, { footnotes }: Survey) {
  const told = when.map(({ outcome: part, duties, footnote }) => {
    const note = footnote === null ? null : footnotes[footnote - 1];
    const { condition = null, cases = [], facts = [], problem = null } = note ?? {};
    return { outcome: part, duties, condition: note ? condition : 'always', cases, facts, problem };
  });
  return { [kind]: name, answer, outcome, ...(kind === 'member' && { missing }), reason, when: told };
}

const reasons: Readonly<Partial<Record<Decision['reason'], string>>> = {
  'no-grant': 'nothing gives it',
  prohibited: 'it is prohibited',
  'out-of-scope': 'a scope leaves it out',
  'inactive-member': 'not active',
  'outside-dates': 'outside the dates',
  'condition-false': 'no request can meet the conditions',
};

function printTold(rows: readonly Row[], { footnotes }: Survey, out: Output): void {
  const textOf = ({ answer, outcome, reason, when }: Row): string => {
    if (answer === 'never') return reasons[reason ?? 'no-grant'] ?? `${reason}`;
    if (when.length === 0) return outcome ?? '';
    return when
      .map(({ outcome: part, footnote }) => {
        const note = footnotes.find(({ number }) => number === footnote);
        const condition = note ? `if ${footnoteText(note)}` : '';
        return [part, condition].filter(Boolean).join(' ') || 'plainly';
      })
      .join('; else ');
  };
  for (const answer of ['always', 'sometimes', 'never'] as const) {
    const groups = new Map<string, string[]>();
    for (const row of rows.filter((each) => each.answer === answer)) {
      const text = textOf(row);
      groups.set(text, [...(groups.get(text) ?? []), row.name]);
    }
    let isFirst = true;
    for (const [text, names] of groups) {
      const start = isFirst ? label(answer, out) : ' '.repeat(9);
      out.write(`${start}  ${names.join(', ')}${text === '' ? '' : `: ${text}`}\n`);
      isFirst = false;
    }
  }
  if (rows.some(({ answer }) => answer === 'sometimes')) out.write(`\n${aboutMissing}\n`);
}

function label(answer: Answer, out: Output): string {
  const tone = answer === 'always' || answer === 'allow' ? 'green' : answer === 'sometimes' ? 'yellow' : 'dim';
  return out.paint(tone, answer.padEnd(9));
}
