import type { Command } from 'commander';
import { type Comparison, compare, type Note } from '../../compare/index.ts';
import { nextVersion, rises } from '../../node/index.ts';
import { stalenessOf, writeApproval } from '../diff/approval.ts';
import { printJson } from '../diff/json.ts';
import { type Chosen, choose, readOnly } from '../diff/only.ts';
import { printGithub, printHuman, printMarkdown } from '../diff/print.ts';
import { openSide } from '../diff/side.ts';
import { addFormat, formatOf } from '../input.ts';
import { type Output, UsageError } from '../output.ts';

interface Options {
  readonly failOn?: string;
  readonly only: readonly string[];
  readonly checkVersion?: boolean;
  readonly approve?: string;
  readonly writeApproval?: string;
  readonly examples?: boolean;
  readonly quick?: boolean;
  readonly format?: string;
  readonly json?: boolean;
}

export function addDiff(program: Command, out: Output): void {
  const command = program
    .command('diff')
    .description('Shows exactly who gains and who loses what by a change, and under which condition.')
    .argument('<base>', 'what was: a folder, policy, table, git:REV[:PATH] or NAME@VERSION')
    .argument('<head>', 'what is; a revision without a path means the folder of the other side')
    .option(
      '--fail-on <change>',
      'exit with 1 on a change: widened, narrowed or any at all; a new name is none, but for a member with another id',
    )
    .option(
      '--only <choice>',
      'role=NAME, action=NAME, permission=NAME or member=NAME; several with commas',
      collect,
      [],
    )
    .option('--examples', 'with each sentence a request that shows it')
    .option('--quick', 'only what changed, without conditions and examples')
    .option('--check-version', 'exit with 1 when the version does not rise by what the change asks for')
    .option('--approve <file>', 'let --fail-on pass for just the change that this file approves')
    .option('--write-approval <file>', 'approve this change')
    .addHelpText(
      'after',
      [
        '',
        'Formats: human, json, markdown, github.',
        '',
        'Examples:',
        '  chaperone diff git:HEAD examples/harbour-physio',
        '  chaperone diff git:main clinic --format markdown --fail-on widened',
        '  chaperone diff old.chaperone new.chaperone --only role=reception --examples',
        '  chaperone diff power-diary@1.0.0 ./catalog',
        '',
      ].join('\n'),
    );
  addFormat(command).action((base: string, head: string, options: Options) => diff(base, head, options, out));
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function diff(base: string, head: string, options: Options, out: Output): Promise<void> {
  const format = formatOf(options, ['markdown', 'github']);
  const { failOn = null } = options;
  if (failOn !== null && !['widened', 'narrowed', 'any'].includes(failOn)) {
    throw new UsageError(`unknown change \`${failOn}\``, 'write `--fail-on widened`, `narrowed` or `any`');
  }
  const only = readOnly(options.only);
  const before = await openSide(base, head, format, out);
  // One run prints one JSON document, so what is wrong with the second side waits for the first.
  const after = before || format !== 'json' ? await openSide(head, base, format, out) : null;
  if (!before || !after) return;
  out.progress('comparing');
  const isWhole = !options.quick;
  const found = compare(before.table, after.table, { isWhole });
  const areCatalogs = before.isCatalog && after.isCatalog;
  // Of anything else nobody has to wait for the compiler.
  const whole = areCatalogs ? (await import('../diff/anyone.ts')).withAnyRole(found, before, after, isWhole) : found;
  out.progress(null);
  const ofSides = new Set([
    ...before.notes,
    ...after.notes,
    ...(before.isCatalog || after.isCatalog ? [catalogNote] : []),
  ]);
  const notes = [...whole.notes, ...[...ofSides].map((text): Note => ({ text, role: null, member: null }))];
  const comparison = choose({ ...whole, notes }, only, [before.table, after.table]);
  print(comparison, format, options.examples === true, out);
  if (options.approve && failOn === null) {
    out.note('`--approve` decides nothing without `--fail-on`: nothing fails anyway');
  }
  if (options.writeApproval) {
    writeApproval(options.writeApproval, whole);
    out.note(`wrote ${options.writeApproval}`);
  }
  const isFailed = [
    failedGate(comparison, failOn, options.approve ?? null, out),
    options.checkVersion && failedVersion(whole, out),
  ];
  if (isFailed.includes(true)) process.exitCode = 1;
}

const catalogNote =
  'a catalog has no roles: each level of each account stands for one, and so does each permission alone (with.NAME), with every feature on';

function print(comparison: Chosen, format: string, hasExamples: boolean, out: Output): void {
  if (format === 'json') printJson(comparison, out);
  else if (format === 'markdown') printMarkdown(comparison, out);
  else if (format === 'github') printGithub(comparison, out);
  else printHuman(comparison, hasExamples, out);
}

function failedGate(comparison: Comparison, failOn: string | null, approval: string | null, out: Output): boolean {
  const { changes, renames, sameMeaning } = comparison;
  const ofChanges = changes.filter(({ widened, narrowed }) => {
    return failOn === 'widened' ? widened : failOn === 'narrowed' ? narrowed : failOn === 'any';
  });
  // Whether it is the same person under another name, nobody here can know.
  const found = [...ofChanges, ...(failOn === null ? [] : renames.filter(({ isAsked }) => isAsked))];
  if (approval !== null) {
    const staleness = stalenessOf(approval, comparison);
    if (staleness === null) {
      if (found.length > 0) out.note(`approved by ${approval}`);
      return false;
    }
    if (sameMeaning && found.length === 0) return false;
    out.note(`the approval in ${approval} is stale: ${staleness}`);
    return failOn !== null;
  }
  if (found.length > 0)
    out.note(
      `${found.length} ${found.length === 1 ? 'change' : 'changes'}: ${failOn === 'any' ? 'any fails' : `${failOn} fails`}`,
    );
  return found.length > 0;
}

function failedVersion({ base, head, semver }: Comparison, out: Output): boolean {
  if (rises(base.policy.version, head.policy.version, semver)) return false;
  const wanted = nextVersion(base.policy.version, semver);
  out.note(`the version is ${head.policy.version}; the change asks for ${wanted} or later (${semver})`);
  return true;
}
