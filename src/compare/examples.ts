import type { Table, User } from '../runtime/index.ts';
import { BoundUser } from '../runtime/user.ts';
import { type TableValue, type TableView, ALL as UNLIMITED } from '../runtime/view.ts';
import { ALL, buildRequest, type Model, type PlainValue } from '../solver/index.ts';
import type { Answer, Example } from './comparison.ts';
import type { Frame, State } from './frame.ts';
import { settingsBySlot } from './holders.ts';
import { attributeText } from './words.ts';

/** Who asks in an example, by what the tables call them. */
export type Who =
  | { readonly kind: 'member'; readonly base: string | null; readonly head: string | null }
  /** Somebody in one role: a stranger, where applications may give it. */
  | {
      readonly kind: 'holder';
      readonly base: string | null;
      readonly head: string | null;
      readonly isStranger: boolean;
    };

/** The request of a state of the world, answered by both tables; null where the solver finds none. */
export function makeExample(frame: Frame, state: State, who: Who, action: string): Example | null {
  const answer = frame.solve(state);
  if (answer.kind !== 'possible') return null;
  const model = ownModel(frame, answer.model);
  const request = buildRequest(model);
  const context = contextOf(request.context, model);
  const { base, head } = frame.merged;
  const ask = (table: Table, name: string | null): readonly [user: Example['user'], answer: Answer] => {
    const [user, bound] = bind(table, who, name, request.user, request.settings);
    const { allow, outcome, duties } = bound.decide(action, request.resource, context);
    return [user, { allow, outcome, duties }];
  };
  const [baseUser, before] = ask(base.table, who.base);
  const [user, after] = ask(head.table, who.head);
  const shown = who.head === null ? baseUser : user;
  const { resource = null } = request;
  return {
    user: shown,
    baseUser,
    action,
    resource,
    context,
    missing: missingIn(model, frame, state),
    base: before,
    head: after,
  };
}

type Direction = 'gained' | 'lost' | 'eased' | 'burdened';

/** Do the tables' answers show what was claimed? */
export function shows({ base, head }: Example, direction: Direction): boolean {
  switch (direction) {
    case 'gained':
      return head.allow && !base.allow;
    case 'lost':
      return base.allow && !head.allow;
    default:
      return base.allow && head.allow && (base.outcome !== head.outcome || base.duties.join() !== head.duties.join());
  }
}

/** Slots by the names of the tables; only what is free is anybody's to say. */
function ownModel(frame: Frame, { attributes, slots }: Model): Model {
  return { attributes, slots: slots.filter(({ slot }) => frame.slotOf(slot) === slot) };
}

/** A clock always gives the time, so that a time that is not known has to be sent as such. */
function contextOf(context: unknown, { attributes }: Model): unknown {
  const now = attributes.find(({ root, path }) => root === 'context' && path.join() === 'now');
  if (!now || now.value !== undefined) return context ?? null;
  return { ...(typeof context === 'object' && context !== null ? context : {}), now: null };
}

function missingIn({ attributes, slots }: Model, frame: Frame, state: State): readonly string[] {
  const unknown = [...state].filter(([, is]) => is === 4).map(([variable]) => frame.mergedAtom(variable).atom);
  const read = unknown.flatMap(({ left, right }) =>
    [left, right].flatMap((side) => {
      if (side?.kind !== 'term') return [];
      const { source } = side;
      if (source.kind === 'attribute') return [`${source.root}.${source.path.join('.')}`];
      return source.kind === 'lookup'
        ? source.keys.flatMap((key) => (typeof key === 'string' ? [] : [`${key.root}.${key.path.join('.')}`]))
        : [`user.${source.slot}`];
    }),
  );
  const isRead = (name: string) => read.includes(name);
  const absent = [
    ...attributes
      .filter(({ root, path, value }) => value === undefined && isRead(`${root}.${path.join('.')}`))
      .map(nameOf),
    ...slots
      .filter(({ slot, value }) => value === undefined && isRead(`user.${slot}`))
      .map(({ slot }) => `user.${slot.replaceAll('/', '.')}`),
  ];
  return [...new Set(absent)].sort();
}

function nameOf({ root, path }: Model['attributes'][number]): string {
  const text = attributeText(root, path);
  return text === 'the time' ? 'context.now' : text === 'the user' ? 'user.id' : text;
}

/** How the example writes the user, and the user bound to the table. */
function bind(
  table: Table,
  who: Who,
  name: string | null,
  attributes: Readonly<Record<string, unknown>>,
  settings: ReadonlyMap<string, PlainValue | typeof ALL>,
): readonly [Example['user'], User] {
  const { id: given, ...others } = attributes;
  if (who.kind === 'member') {
    const index = table.view.findMember(name ?? '');
    const id = index < 0 ? (name ?? '') : table.view.member(index).id;
    const isPlain = Object.keys(others).length === 0;
    return [isPlain ? (name ?? '') : { id, ...others }, table.user(isPlain ? id : { id, ...others })];
  }
  if (who.isStranger) {
    const user = { ...others, ...(given !== undefined && { id: given }), roles: name === null ? [] : [name] };
    return [user, table.user(user)];
  }
  const id = given ?? 'somebody';
  const user = { id, ...others, role: name, ...nested(table.view, settings) };
  return [user, holder(table, name, id, others, settings)];
}

/** Somebody who holds one role with settings of their own, and is no member of the table. */
function holder(
  table: Table,
  role: string | null,
  id: unknown,
  attributes: unknown,
  settings: ReadonlyMap<string, PlainValue | typeof ALL>,
): User {
  const nobody = table.user('');
  const row = table.view.roles.findIndex(({ name }) => name === role);
  if (!(nobody instanceof BoundUser) || row < 0) return nobody;
  const { view } = table;
  const ofRole = settingsBySlot(view, view.roles[row]?.settings ?? []);
  const slots = view.slots.map((slot): TableValue | undefined => {
    const own = settings.get(slot.name);
    if (own !== undefined) return own === ALL ? UNLIMITED : (own as TableValue);
    return ofRole.get(slot.name) ?? slot.default ?? undefined;
  });
  const dates = { settings: [], from: null, until: null };
  return new BoundUser(nobody.engine, null, [
    { ...dates, role: row, row: row * view.actions.length, id, attributes, slots, zone: view.sections },
  ]);
}

/** Settings as a practice writes them. */
function nested(
  { slots }: TableView,
  settings: ReadonlyMap<string, PlainValue | typeof ALL>,
): Readonly<Record<string, unknown>> {
  const tree: Record<string, unknown> = {};
  for (const { name, setting, keys } of slots) {
    const value = settings.get(name);
    if (value === undefined) continue;
    let at = tree;
    const path = [setting, ...keys];
    for (const step of path.slice(0, -1)) {
      const next = Object.hasOwn(at, step) ? at[step] : {};
      at[step] = next;
      at = next as Record<string, unknown>;
    }
    at[path.at(-1) ?? ''] = value === ALL ? 'all' : value;
  }
  return tree;
}
