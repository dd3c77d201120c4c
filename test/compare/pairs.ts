/** Pairs of small clinics that differ in one known way. */
import { type Comparison, compare } from '../../src/compare/index.ts';
import { compile } from '../../src/index.ts';
import { loadTable, type Table } from '../../src/runtime/index.ts';

export const catalog = `chaperone: 1
kind: catalog
name: product
version: 1.0.0
ladders: { standard: [low, high] }
accounts: { clinical: { ladders: [standard] } }
settings:
  practitioner: { type: string, on: assignment, optional: true }
  tag-limit: { type: "set<string>", on: "role | assignment", optional: true }
outcomes: [{ audited: [write-audit] }, { emergency: [record-reason] }]
context: { reason: string }
resources:
  client:
    facts: { preferred: string, assigned: set<string>, tags: set<string> }
    actions: { view: {}, edit: { denied: hidden } }
  note:
    facts: { author: string, state: "draft | locked | unlocked", size: int, client: client, created: date-time, due: date }
    actions: { view: {}, edit: {} }
`;

const practice = `chaperone: 1
kind: practice
name: clinic
version: 1.0.0
catalog: ./catalog.yaml
`;

/** Permissions of the catalog, and roles and members of the practice. */
export interface Clinic {
  readonly permissions: string;
  readonly more?: string;
  readonly practice: string;
  readonly catalog?: string;
  readonly zone?: string;
}

export function tableOf({
  permissions,
  more = '',
  practice: own,
  catalog: base = catalog,
  zone = 'Australia/Sydney',
}: Clinic): Table {
  const files = new Map([
    ['catalog.yaml', `${base}permissions:\n${permissions}\n${more}\n`],
    ['practice.yaml', `${practice}time-zone: ${zone}\n${own}\n`],
  ]);
  const { table, diagnostics } = compile('practice.yaml', {
    read: (path) => files.get(path.replace(/^(\.?\/)+/, '')) ?? null,
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (!table) throw new Error(errors.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return loadTable(table, { now: () => Date.UTC(2026, 0, 1) });
}

export function diff(base: Clinic, head: Clinic): Comparison {
  return compare(tableOf(base), tableOf(head), { isStrict: true });
}

/** One line a change. */
export function lines({ changes }: Comparison): readonly string[] {
  return changes.map(
    ({ kind, role, members, action, actions, widened, narrowed, condition, missing, undecided, from, to }) =>
      [
        kind,
        role ?? '-',
        `[${members}]`,
        action ?? `[${actions}]`,
        `${widened ? '+' : ''}${narrowed ? '-' : ''}`,
        condition ?? '',
        ...(missing.length > 0 ? [`missing ${missing}`] : []),
        ...(undecided ? ['undecided'] : []),
        ...(from !== null || to !== null ? [`${from} -> ${to}`] : []),
      ].join(' '),
  );
}
