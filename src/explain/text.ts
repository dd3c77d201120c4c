import type {
  AskedOfRole,
  AssignmentExplanation,
  AtomExplanation,
  Explanation,
  PartExplanation,
} from './explanation.ts';

/** An explanation as text for people; no line depends on a terminal. */
export function explanationText(explanation: Explanation): string {
  const lines = [...explanation.sentences];
  for (const assignment of explanation.assignments) lines.push(...assignmentLines(assignment, explanation));
  if (explanation.advice.length > 0)
    lines.push('', 'To change that:', ...explanation.advice.map((item) => `  - ${item}`));
  return lines.join('\n');
}

function assignmentLines(assignment: AssignmentExplanation, { decision }: Explanation): readonly string[] {
  const notes = [
    assignment.account && `account ${assignment.account}`,
    assignment.level && `level ${assignment.level}`,
  ];
  const known = notes.filter((note) => note !== null && note !== '').join(', ');
  const lines = [
    '',
    `role ${named(assignment.role, assignment.title)}${known ? ` (${known})` : ''}${datesText(assignment)}`,
  ];
  const grants = assignment.grants.filter((part) => (decision.allow ? part.holds === 'yes' : !isForOthers(part)));
  for (const part of grants) lines.push(...partLines(part));
  const scopes = decision.allow ? assignment.scopes : assignment.scopes.filter((part) => part.holds !== 'yes');
  for (const part of scopes) lines.push(...partLines(part));
  if (grants.length === 0) lines.push('  nothing that this role has gives the action');
  return lines;
}

/** A grant for an account that the role does not have says nothing about this request. */
function isForOthers(part: PartExplanation): boolean {
  return (
    part.holds === 'no' &&
    part.atoms.length === 0 &&
    part.asks.length > 0 &&
    part.asks.every(({ kind, has }) => kind === 'account' && !has)
  );
}

function partLines(part: PartExplanation): readonly string[] {
  const place = part.file === null ? '' : `  ${part.file}:${part.line}`;
  const lines = [`  ${headline(part)}${place}`];
  if (part.condition !== null) lines.push(`      condition: ${part.condition}`);
  if (part.holds !== 'yes' && part.asks.length > 0)
    lines.push(`      it asks for ${part.asks.map(askedText).join(', ')}`);
  for (const atom of part.atoms) lines.push(`      ${atomLine(atom)}`);
  return lines;
}

function askedText({ kind, name, title, has }: AskedOfRole): string {
  if (kind === 'feature') return `feature ${name} (${has ? 'on' : 'off'})`;
  return `${kind === 'account' ? `account ${name}` : named(name, title)} (${has ? 'has it' : 'has it not'})`;
}

function headline(part: PartExplanation): string {
  switch (part.kind) {
    case 'grant': {
      const giver = part.permission === null ? 'the catalog' : named(part.permission, part.title);
      const because = part.because === null ? '' : ` (${part.because})`;
      const verb =
        part.holds === 'yes'
          ? 'gives it'
          : part.holds === 'no'
            ? 'would give it, but its condition is not met'
            : 'would give it, but something is not known';
      return `${giver}${because} ${verb}`;
    }
    case 'scope':
      return `scope ${named(part.name ?? '', part.title)} ${part.holds === 'yes' ? 'is met' : part.holds === 'no' ? 'is not met' : 'cannot be decided'}`;
    case 'prohibition':
      return `prohibition ${named(part.name ?? '', part.title)} ${part.holds === 'yes' ? 'does not apply' : part.holds === 'no' ? 'forbids it' : 'cannot be ruled out'}`;
    default:
      return part.kind satisfies never;
  }
}

function atomLine(atom: AtomExplanation): string {
  const seen = atom.seen.map(
    ({ name, value, problem }) =>
      `${name} ${problem === null ? `is ${value}` : problem === 'missing' ? 'is missing' : `is of the wrong type: ${value}`}`,
  );
  return `${atom.is === 'unknown' ? 'unknown' : atom.is}: ${atom.text}${seen.length > 0 ? `   (${seen.join(', ')})` : ''}`;
}

function datesText({ inForce, from, until }: AssignmentExplanation): string {
  const start = from === null ? '' : ` from ${instant(from)}`;
  const end = until === null ? '' : ` until ${instant(until)}`;
  return `${start}${end}${inForce ? '' : ', not in force now'}`;
}

export function instant(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

export function named(name: string, title: string | null): string {
  return title === null ? name : `${title} (${name})`;
}
