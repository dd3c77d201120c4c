import type { MemberView, TableView } from '../runtime/tools.ts';
import { ALL } from '../solver/index.ts';
import { clockOf } from '../zone/index.ts';
import type { Note } from './comparison.ts';
import type { Merged, Side } from './merge.ts';
import type { Matching } from './names.ts';
import type { Pairings } from './pairings.ts';
import { plainValue } from './slot-state.ts';

type AssignmentView = MemberView['assignments'][number];
type SettingView = AssignmentView['settings'][number];

/** Longer lists help nobody. */
const most = 40;

/** What was changed by hand and explains the rest: features, accounts and levels, ids, settings, dates, roles and status of members, settings of roles, the time zone. */
export function notesOf(
  { base, head }: Merged,
  roles: Matching,
  { pairings, moved }: Pairings,
  roleName: (side: Side, role: number) => string,
): readonly Note[] {
  const notes: Note[] = [];
  const clocks = { base: clockOf(base.view.timeZone), head: clockOf(head.view.timeZone) };
  const say = (text: string, role: string | null, member: string | null) => notes.push({ text, role, member });
  if (base.view.timeZone !== head.view.timeZone)
    say(
      `days begin at other instants: the time zone was ${base.view.timeZone} and is ${head.view.timeZone}`,
      null,
      null,
    );
  for (const text of featureTexts(base, head)) say(text, null, null);
  for (const text of defaultTexts(base, head)) say(text, null, null);
  for (const [before, after] of roles.pairs) {
    const name = head.view.roles[after]?.name ?? null;
    for (const text of causesOf(base, before, head, after)) say(`the role ${name} ${text}`, name, null);
    const [was, is] = [base.view.roles[before], head.view.roles[after]];
    const [from, to] = [settingsText(base.view, was?.settings ?? []), settingsText(head.view, is?.settings ?? [])];
    if (from !== to) say(`the role ${name} had ${from || 'no settings'} and has ${to || 'no settings'}`, name, null);
  }
  for (const { names, ...pair } of moved) {
    const [before, after] = [base.view.member(pair.base).key, head.view.member(pair.head).key];
    say(`the id ${names[0]} stood for ${before} and stands for ${after}`, null, names[0]);
  }
  for (const { base: before, head: after } of pairings.slice(0, pairings.length - moved.length)) {
    if (notes.length > most) break;
    const [was, is] = [base.view.member(before), head.view.member(after)];
    if (was.id !== is.id) say(`${is.key} had the id ${was.id} and has the id ${is.id}`, null, is.key);
    const text = (side: Side, assignments: readonly AssignmentView[]) =>
      assignments
        .map((assignment) => assignmentText(side, assignment, roleName, clocks[side.name]))
        .sort()
        .join(' and ') || 'nothing';
    const [from, to] = [text(base, was.assignments), text(head, is.assignments)];
    if (from !== to) say(`${is.key} held ${from} and holds ${to}`, null, is.key);
    const [old, now] = [was, is].map(({ active }) => (active ? 'active' : 'not active'));
    if (old !== now) say(`${is.key} was ${old} and is ${now}`, null, is.key);
  }
  return notes.length > most ? [...notes.slice(0, most), { text: 'and more', role: null, member: null }] : notes;
}

/** Features that were switched; a stripped table does not know them. */
function featureTexts(base: Side, head: Side): readonly string[] {
  const [was, is] = [base.view.provenance()?.features, head.view.provenance()?.features];
  if (!was || !is) return [];
  return [
    ...is.filter((name) => !was.includes(name)).map((name) => `the feature ${name} was off and is on`),
    ...was.filter((name) => !is.includes(name)).map((name) => `the feature ${name} was on and is off`),
  ];
}

/** Settings that have another value where nobody sets one: some of what is said is about those alone. */
function defaultTexts(base: Side, head: Side): readonly string[] {
  const usual = (side: Side, name: string) => {
    const value = side.view.slots.find((slot) => slot.name === name)?.default ?? null;
    return value === null ? 'nothing' : valueText(value);
  };
  return head.view.slots.flatMap(({ name }) => {
    if (!base.view.slots.some((slot) => slot.name === name)) return [];
    const [was, is] = [usual(base, name), usual(head, name)];
    const setting = name.replaceAll('/', ' ');
    return was === is ? [] : [`the default of ${setting} was ${was} and is ${is}, for whoever sets none`];
  });
}

function causesOf(base: Side, before: number, head: Side, after: number): readonly string[] {
  const [was, is] = [base.view.provenance()?.roles[before], head.view.provenance()?.roles[after]];
  if (!was || !is) return [];
  return (['account', 'level'] as const).flatMap((key) =>
    was[key] === is[key] ? [] : [`had the ${key} ${was[key] ?? 'none'} and has ${is[key] ?? 'none'}`],
  );
}

function assignmentText(
  side: Side,
  { role, settings, from, until }: AssignmentView,
  roleName: (side: Side, role: number) => string,
  say: (instant: number) => string,
): string {
  const parts = [
    settingsText(side.view, settings),
    from === null ? '' : `from ${say(from)}`,
    until === null ? '' : `until ${lastDay(until, say)}`,
  ].filter((part) => part !== '');
  const name = roleName(side, role).replace(/^-/, '');
  return parts.length > 0 ? `${name} (${parts.join(', ')})` : name;
}

function settingsText({ slots }: TableView, settings: readonly SettingView[]): string {
  const texts = settings.map(({ slot, value }) => {
    return `${slots[slot]?.name.replaceAll('/', ' ')} ${valueText(value)}`;
  });
  return texts.sort().join(', ');
}

function valueText(value: SettingView['value']): string {
  const plain = plainValue(value);
  if (plain === ALL) return 'all';
  return Array.isArray(plain) ? (plain.length === 0 ? 'none' : plain.join(' ')) : String(plain);
}

/** As the practice writes it: to the end of the day before. */
function lastDay(until: number, say: (instant: number) => string): string {
  return say(until).includes('T') ? say(until) : say(until - 1).slice(0, 'YYYY-MM-DD'.length);
}
