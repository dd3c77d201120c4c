import type { Cell, Survey } from '../../survey/index.ts';

/** What `matrix` prints: a survey, of roles, members, or what stands for a catalog's levels and permissions. */
export interface Matrix extends Omit<Survey, 'of'> {
  readonly of: Survey['of'] | 'levels' | 'permissions';
}

/** `yes`, `no`, `if`, or the outcome of what is always allowed with duties. */
export function markOf({ answer, parts }: Cell): string {
  const [only, ...others] = parts;
  if (answer === 'never' || !only) return 'no';
  return answer === 'always' && others.length === 0 ? (only.outcome ?? 'yes') : 'if';
}

/** A cell in words: `yes`, `if 3`, `audited if 4`, `if 3, else audited`; `note` writes the number of a condition. */
export function cellText(cell: Cell, note: (number: number) => string): string {
  if (markOf(cell) === 'no') return 'no';
  return cell.parts
    .map(({ outcome, footnote }) => {
      const what = footnote === null ? (outcome ?? 'yes') : `${outcome ? `${outcome} ` : ''}if ${note(footnote)}`;
      return what;
    })
    .join(', else ');
}

/** A condition, or why there is none to read. */
export function footnoteText({ condition, problem }: Survey['footnotes'][number]): string {
  switch (problem) {
    case null:
      return condition ?? '';
    case 'too-long':
      return 'the condition is too long for a footnote: ask `chaperone who ACTION`, or `chaperone can ... --explain`';
    case 'too-many':
      return 'not worked out in a matrix of this size: choose with --role, --member or --action, or ask `chaperone who ACTION`';
    case 'undecided':
      return 'the search ended before the condition was known: ask `chaperone can ... --explain`';
    default:
      return problem satisfies never;
  }
}

/** The outcomes that cells name, with their duties. */
export function dutiesOf({ rows }: Matrix): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { cells } of rows)
    for (const { parts } of cells)
      for (const { outcome, duties } of parts) if (outcome !== null) found.set(outcome, duties);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What has to be known to read conditions right. */
export const aboutMissing =
  'Conditions are about requests that send every fact they name. Where a fact is missing, only what every value of it would allow is allowed.';
