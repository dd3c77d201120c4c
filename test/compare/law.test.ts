/** Nothing missed, nothing invented: the comparison of generated policies against requests at random. */
import { expect, test } from 'vitest';
import { type Change, type Comparison, compare } from '../../src/compare/index.ts';
import { loadTable, type Table } from '../../src/runtime/index.ts';
import { traceRequest, viewOf } from '../../src/runtime/tools.ts';
import {
  dropScope,
  grantMore,
  makeDraft,
  makeRequest,
  moveDefault,
  moveId,
  moveZone,
  narrowSetting,
  printDraft,
  raiseRung,
  shuffle,
  switchOn,
} from '../generate.ts';
import { type Choose, fail, forAll, type Subject, skipUnless, subjectOf, subjectOrSkip } from '../laws/law.ts';
import type { DescribedUser, Request } from '../reference.ts';

type Draft = ReturnType<typeof makeDraft>;

interface Asked extends Omit<Request, 'user'> {
  readonly user: string | (Omit<DescribedUser, 'id'> & { readonly id: string | undefined });
}

const mutations: readonly ((draft: Draft, choose: Choose) => Draft | null)[] = [
  grantMore,
  dropScope,
  (draft, choose) =>
    narrowSetting(
      draft,
      draft.world.settings.map(({ name }) => name),
      choose,
    ),
  raiseRung,
  switchOn,
  moveId,
  moveZone,
  moveDefault,
];

const runs = Number(process.env.CHAPERONE_DIFFS ?? 100);

test('whatever is decided differently is reported, and every example replays', { timeout: 600_000 }, () => {
  const seen = { different: 0, changes: 0, undecided: 0, conditions: 0 };
  forAll(runs, (policies, choose) => {
    const draft = makeDraft(policies);
    let changed: Draft | null = draft;
    for (let count = 1 + choose(2); count > 0 && changed; count--)
      changed = mutations[choose(mutations.length)]!(changed, choose);
    skipUnless(changed !== null);
    const [one, other] = [subjectOrSkip(printDraft(draft)), subjectOrSkip(printDraft(changed))];
    const pair = choose(2) === 0 ? ([one, other] as const) : ([other, one] as const);
    check(pair[0], pair[1], choose, seen);
  });
  console.log(
    `${seen.different} requests decided differently, ${seen.conditions} conditions checked, ${seen.changes} changes, ${seen.undecided} undecided`,
  );
  expect(seen.different).toBeGreaterThan(runs);
  expect(seen.undecided).toBeLessThan(seen.changes / 10);
});

test('policies made apart from each other', { timeout: 600_000 }, () => {
  const seen = { different: 0, changes: 0, undecided: 0, conditions: 0 };
  forAll(Math.ceil(runs / 3), (policies, choose) => {
    const one = subjectOrSkip(printDraft(makeDraft(policies)));
    const other = subjectOrSkip(printDraft(makeDraft(choose)));
    check(one, other, choose, seen);
  });
  expect(seen.different).toBeGreaterThan(runs / 3);
});

test('a policy written another way is equal, with the same meaning', { timeout: 300_000 }, () => {
  forAll(60, (policies, choose) => {
    const draft = makeDraft(policies);
    const subject = subjectOrSkip(printDraft(draft));
    const rewritten = subjectOf(printDraft(shuffle(draft, choose), choose));
    if (!rewritten) return;
    const result = compare(loadTable(subject.bytes), loadTable(rewritten.bytes), { isStrict: true });
    if (!result.equal || !result.sameMeaning || result.changes.length > 0)
      fail('a shuffled policy differs', [subject, rewritten], null, result);
  });
});

function check(
  base: Subject,
  head: Subject,
  choose: Choose,
  seen: { different: number; changes: number; undecided: number; conditions: number },
): void {
  let result: Comparison;
  const [before, after] = [loadTable(base.bytes), loadTable(head.bytes)];
  try {
    result = compare(before, after, { isStrict: true });
  } catch (error) {
    fail(String(error instanceof Error ? error.stack : error), [base, head], null, null);
  }
  seen.changes += result.changes.length;
  seen.undecided += result.changes.filter(({ undecided }) => undecided).length;
  for (const change of result.changes) checkShown(change, before, after, [base, head]);
  for (let tries = 0; tries < 60; tries++) {
    const made = makeRequest((tries % 2 === 0 ? base : head).policy, choose);
    const request = choose(4) === 0 ? withoutId(made) : made;
    const [was, is] = [decide(before, request), decide(after, request)];
    if (was === is) continue;
    seen.different++;
    const found = result.changes.filter((change) => covers(change, request, before, after, was, is));
    if (found.length === 0)
      fail('a difference is not reported', [base, head], request, { was, is, changes: result.changes });
    seen.conditions += checkConditions(found, request, before, after, was, is, [base, head]);
  }
}

/** Whatever gives or takes something has an example, and the tables answer as it says. */
function checkShown(change: Change, before: Table, after: Table, subjects: readonly Subject[]): void {
  const { kind, widened, narrowed, undecided, example } = change;
  // Of somebody with several assignments one text may be about two settings.
  for (const part of kind === 'role' ? [change.gained, change.lost] : []) {
    const cases = (part?.cases ?? []).map((literals) => literals.map(({ text }) => text));
    const isIn = (few: readonly string[], many: readonly string[]) => few.every((text) => many.includes(text));
    if (cases.some((one, at) => cases.some((other, place) => place !== at && isIn(one, other))))
      fail('a case says what another says', subjects, null, change);
  }
  if (kind.startsWith('action-') || (!widened && !narrowed) || undecided) return;
  if (!example) fail('a change has no example', subjects, null, change);
  const { user, baseUser, action, resource, context } = example;
  // Somebody in a role that applications may not give is no user of theirs.
  if ([user, baseUser].some((who) => typeof who !== 'string' && Object.hasOwn(who, 'role'))) return;
  const answers = (
    [
      [before, baseUser],
      [after, user],
    ] as const
  ).map(([table, who]) => {
    const { allow, outcome, duties } = table.user(who).decide(action, resource, context);
    return { allow, outcome, duties };
  });
  if (JSON.stringify(answers) !== JSON.stringify([example.base, example.head]))
    fail('an example does not replay', subjects, null, { change, answers });
}

/** Of somebody who is no member the application need not even send an id. */
function withoutId(request: Request): Asked {
  const { user } = request;
  return typeof user === 'string' || user.roles === null ? request : { ...request, user: { ...user, id: undefined } };
}

function userOf({ user }: Asked) {
  if (typeof user === 'string') return user;
  const { id, roles, attributes } = user;
  return { ...attributes, ...(id !== undefined && { id }), ...(roles !== null && { roles }) };
}

function decide(table: Table, request: Asked): string {
  const { allow, outcome, duties } = ask(table, request);
  return allow ? `allow ${outcome ?? ''} ${duties.join()}` : 'deny';
}

function ask(table: Table, request: Asked) {
  const now = () => request.now;
  return loadWith(table, now).user(userOf(request)).decide(request.action, request.resource, request.context);
}

const bytes = new WeakMap<Table, (now: () => number) => Table>();

function loadWith(table: Table, now: () => number): Table {
  const make =
    bytes.get(table) ??
    ((clock: () => number) => loadTable(new Uint8Array(viewOf(table).sections.cells.buffer), { now: clock }));
  bytes.set(table, make);
  return make(now);
}

/** Is the request's difference among what the change says? */
function covers(change: Change, request: Asked, before: Table, after: Table, was: string, is: string): boolean {
  const { id, roles } = typeof request.user === 'string' ? { id: request.user, roles: null } : request.user;
  const [old, now] = [before, after].map(viewOf).map((view) => {
    const index = view.findMember(id ?? null);
    return index < 0 ? null : view.member(index).key;
  });
  // A name that stands for somebody else now is compared as a name.
  const names = (old && now ? [old === now ? now : id] : [id, old ?? now ?? id]).filter((name) => name !== undefined);
  // Whom the table begins, or ceases, to know as a member is no stranger to it any more.
  const isCalled = roles === null || (old === null) !== (now === null);
  if (change.kind.startsWith('member-')) {
    const isFelt = change.kind === 'member-added' ? change.widened && is !== 'deny' : change.narrowed && was !== 'deny';
    return isFelt && isCalled && names.includes(change.members[0] ?? '');
  }
  if (change.kind.startsWith('role-')) return roles?.includes(change.role ?? '') === true;
  const direction = was === 'deny' ? change.widened : is === 'deny' ? change.narrowed : change.kind === 'duties';
  if (!direction || (change.action !== request.action && !change.actions.includes(request.action))) return false;
  const isNamed = names.some((name) => change.members.includes(name));
  // Of a role that applications may, or may no longer, give: to those, or to everybody.
  if (change.action === null && change.members.length > 0 && !isNamed) return false;
  return roles === null ? isNamed : roles.includes(change.role ?? '');
}

/** Where the cases are all there is, the request meets one of them: of whoever sets something, or of whoever does not. */
function checkConditions(
  found: readonly Change[],
  request: Asked,
  before: Table,
  after: Table,
  was: string,
  is: string,
  subjects: readonly Subject[],
): number {
  if (was !== 'deny' && is !== 'deny') return 0;
  const parts = found.flatMap((change) => {
    const part = was === 'deny' ? change.gained : change.lost;
    return change.kind === 'role' && part ? [part] : [];
  });
  if (parts.length === 0 || parts.some(({ complete, cases }) => !complete || cases.length === 0)) return 0;
  const cases = parts.flatMap((part) => part.cases);
  // Days of two time zones are two things by one text.
  const hasDays = cases.some((literals) => literals.some(({ atom }) => atom.includes('day(')));
  if (hasDays && viewOf(before).timeZone !== viewOf(after).timeZone) return 0;
  const truths = truthsOf(request, before, after);
  if (!truths) return 0;
  const meets = cases.some((literals) =>
    literals.every(({ atom, is: states }) => {
      const found = truths.get(atom);
      return !found || states.some((state) => found.has(state));
    }),
  );
  if (!meets)
    fail('the condition leaves out a request', subjects, request, {
      found,
      truths: [...truths].map(([atom, own]) => [atom, ...own]),
    });
  return 1;
}

/**
 * What the atoms are, by their texts; null for somebody with several roles. A role that sets something else on the two
 * sides sees two things by one text: then a literal may be about either.
 */
function truthsOf(request: Asked, before: Table, after: Table): ReadonlyMap<string, ReadonlySet<string>> | null {
  const truths = new Map<string, Set<string>>();
  for (const table of [before, after]) {
    const traces = traceRequest(
      loadWith(table, () => request.now),
      userOf(request),
      request.action,
      request.resource,
      request.context,
    );
    const [trace] = traces;
    if (!trace || traces.length !== 1) return null;
    const column = viewOf(table).actions.findIndex(({ name }) => name === request.action);
    const cell = viewOf(table).sections.cells[trace.role * viewOf(table).actions.length + column] ?? 0;
    for (const { text, truth } of allAtoms(trace, table, cell)) {
      truths.set(text, (truths.get(text) ?? new Set()).add(truth));
    }
  }
  return truths;
}

function allAtoms(trace: ReturnType<typeof traceRequest>[number], table: Table, cell: number) {
  const { nodes } = viewOf(table).sections;
  const found = [...trace.look(cell).atoms];
  const seen = new Set([cell]);
  for (const at of seen) {
    if (at < viewOf(table).leaves) continue;
    found.push(...trace.look(at).atoms);
    for (const child of nodes.subarray(3 * at + 1, 3 * at + 3)) seen.add(child);
  }
  return found;
}
