import type { MemberView, TableView } from '../runtime/tools.ts';
import { ALL } from '../solver/index.ts';
import type { Note } from './comparison.ts';
import { plainValue } from './frame.ts';
import type { Merged, Side } from './merge.ts';
import type { Matching } from './names.ts';
import type { Pairings } from './pairings.ts';

type AssignmentView = MemberView['assignments'][number];
type SettingView = AssignmentView['settings'][number];

/** Longer lists help nobody. */
const most = 40;

/** What was changed by hand and explains the rest: ids, settings, dates, roles and status of members, settings of roles, the time zone. */
export function notesOf(
  { hasTwoZones, base, head }: Merged,
  roles: Matching,
  { pairings, moved }: Pairings,
  roleName: (side: Side, role: number) => string,
): readonly Note[] {
  const notes: Note[] = [];
  const say = (text: string, role: string | null, member: string | null) => notes.push({ text, role, member });
  if (hasTwoZones)
    say(
      `days begin at other instants: the time zone was ${base.view.timeZone} and is ${head.view.timeZone}`,
      null,
      null,
    );
  for (const [before, after] of roles.pairs) {
    const [was, is] = [base.view.roles[before], head.view.roles[after]];
    const [from, to] = [settingsText(base.view, was?.settings ?? []), settingsText(head.view, is?.settings ?? [])];
    const name = is?.name ?? null;
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
        .map((assignment) => assignmentText(side, assignment, roleName))
        .sort()
        .join(' and ') || 'nothing';
    const [from, to] = [text(base, was.assignments), text(head, is.assignments)];
    if (from !== to) say(`${is.key} held ${from} and holds ${to}`, null, is.key);
    const [old, now] = [was, is].map(({ active }) => (active ? 'active' : 'not active'));
    if (old !== now) say(`${is.key} was ${old} and is ${now}`, null, is.key);
  }
  return notes.length > most ? [...notes.slice(0, most), { text: 'and more', role: null, member: null }] : notes;
}

function assignmentText(
  side: Side,
  { role, settings, from, until }: AssignmentView,
  roleName: (side: Side, role: number) => string,
): string {
  const parts = [
    settingsText(side.view, settings),
    from === null ? '' : `from ${instantText(from)}`,
    until === null ? '' : `until ${instantText(until)}`,
  ].filter((part) => part !== '');
  const name = roleName(side, role).replace(/^-/, '');
  return parts.length > 0 ? `${name} (${parts.join(', ')})` : name;
}

function settingsText({ slots }: TableView, settings: readonly SettingView[]): string {
  const texts = settings.map(({ slot, value }) => {
    const plain = plainValue(value);
    const shown =
      plain === ALL ? 'all' : Array.isArray(plain) ? (plain.length === 0 ? 'none' : plain.join(' ')) : String(plain);
    return `${slots[slot]?.name.replaceAll('/', ' ')} ${shown}`;
  });
  return texts.sort().join(', ');
}

function instantText(instant: number): string {
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString().replace(/:00\.000Z$/, 'Z') : String(instant);
}
