/** Reads a survey's JSON as its schema says, with no word from the room that made it. */
import { loadTable, type Table } from '../../src/runtime/index.ts';
import { type TableView, traceRequest, viewOf } from '../../src/runtime/tools.ts';
import type { Cell, Footnote, Survey, SurveyLiteral } from '../../src/survey/index.ts';
import type { Request } from '../reference.ts';

export function userOf({ user }: Request) {
  if (typeof user === 'string') return user;
  const { id, roles, attributes } = user;
  return { ...attributes, id, ...(roles !== null && { roles }) };
}

const clocks = new WeakMap<Table, Map<number, Table>>();

/** The same table with another clock. */
export function at(table: Table, now: number): Table {
  const known = clocks.get(table) ?? new Map<number, Table>();
  clocks.set(table, known);
  const found = known.get(now) ?? loadTable(new Uint8Array(viewOf(table).sections.cells.buffer), { now: () => now });
  known.set(now, found);
  return found;
}

/** What an assignment of a member gives each slot. */
function slotsOf(view: TableView, member: number): readonly ReadonlyMap<string, unknown>[] {
  return view.member(member).assignments.map(({ role, settings }) => {
    const slots = new Map<string, unknown>(view.slots.map((slot) => [slot.name, plain(slot.default)]));
    for (const { slot, value } of [...view.roles[role]!.settings, ...settings])
      slots.set(view.slots[slot]!.name, plain(value));
    return slots;
  });
}

function plain(value: unknown): unknown {
  if (typeof value === 'symbol') return 'all';
  return typeof value === 'object' && value !== null ? [...(value as Iterable<unknown>)].sort() : value;
}

export interface Reading {
  /** Every fact was sent that the conditions name, unless it is asked whether it is set. */
  isComplete(notes: readonly Footnote[]): boolean;
  truthOf(literal: SurveyLiteral): string | null;
}

/** All that is needed to read the conditions of one request; null for who is no member. */
export function readRequest(table: Table, request: Request): Reading | null {
  const view = viewOf(table);
  const member = view.findMember(typeof request.user === 'string' ? request.user : request.user.id);
  if (member < 0) return null;
  const traces = traceRequest(
    at(table, request.now),
    userOf(request),
    request.action,
    request.resource,
    request.context,
  );
  const slots = slotsOf(view, member);
  const column = view.actions.findIndex(({ name }) => name === request.action);
  const settings = new Set(view.slots.map((slot) => `user.${slot.setting}`));
  const atoms = traces.map((trace) => {
    const truths = new Map<string, string>();
    const asked = new Set<string>();
    const problems = new Map<string, readonly string[]>();
    const seen = new Set([view.sections.cells[trace.role * view.actions.length + column] ?? 0]);
    for (const node of seen) {
      if (node < view.leaves) continue;
      const atom = view.atoms[view.sections.nodes[3 * node] ?? 0]!;
      const found = trace.look(node).atoms.find(({ text }) => text === atom.text)!;
      truths.set(atom.text, found.truth);
      if (atom.operator === 'is-set') asked.add(atom.left.name);
      const wrong = found.values.filter(({ problem }) => problem !== null && found.truth === 'unknown');
      problems.set(
        atom.text,
        wrong.map(({ name }) => name),
      );
      for (const child of view.sections.nodes.subarray(3 * node + 1, 3 * node + 3)) seen.add(child);
    }
    return { truths, asked, problems };
  });
  const asked = atoms.flatMap((each) => [...each.asked]);
  const isExcused = (name: string) => settings.has(name) || asked.some((other) => `${name}.`.startsWith(`${other}.`));
  const isComplete = (notes: readonly Footnote[]) => {
    const named = new Set(notes.flatMap(({ cases }) => cases.flat().map(({ atom }) => atom)));
    const facts = new Set(notes.flatMap((note) => note.facts));
    return (
      !Number.isNaN(nowOf(request)) &&
      atoms.every(({ problems }) =>
        [...problems].every(([atom, names]) =>
          names.every((name) => isExcused(name) || !(named.has(atom) || facts.has(name))),
        ),
      )
    );
  };
  return {
    isComplete,
    truthOf: ({ atom, settings: own }) => {
      const limit = /^context\.now:date-time < (-?\d+)$/.exec(atom)?.[1];
      if (limit !== undefined) return nowOf(request) < Number(limit) ? 'true' : 'false';
      for (const [index, { truths }] of atoms.entries()) {
        const truth = truths.get(atom);
        const isOwn = Object.entries(own).every(
          ([slot, value]) => JSON.stringify(plain(value) ?? null) === JSON.stringify(slots[index]?.get(slot) ?? null),
        );
        if (isOwn && truth !== undefined) return truth;
      }
      return null;
    },
  };
}

/** The time that a request sends, NaN if that is wrong; else that of the clock. */
function nowOf({ context, now }: Request): number {
  const own = typeof context === 'object' && context !== null && 'now' in context ? context.now : undefined;
  if (own === undefined) return now;
  if (typeof own === 'number') return own;
  return typeof own === 'string' && own.includes('T') ? Date.parse(own) : Number.NaN;
}

/** The outcome that a cell says, `deny`, or null where a condition is not told. */
export function outcomeOf({ parts }: Cell, footnotes: Survey['footnotes'], reading: Reading): string | null {
  for (const { outcome, footnote } of parts) {
    const note = footnote === null ? null : footnotes[footnote - 1]!;
    if (note?.problem) return null;
    if (note === null || isMet(note, reading)) return outcome ?? 'plain';
  }
  return 'deny';
}

function isMet({ cases }: Footnote, reading: Reading): boolean {
  return cases.some((literals) =>
    literals.every((literal) => {
      const truth = reading.truthOf(literal);
      if (truth === null) throw new Error(`nobody knows the atom ${JSON.stringify(literal)}`);
      return (literal.is as readonly string[]).includes(truth);
    }),
  );
}
