import type { MemberView, TableView } from '../runtime/tools.ts';
import { ALL } from '../solver/index.ts';
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
): readonly string[] {
  const notes: string[] = [];
  if (hasTwoZones)
    notes.push(`days begin at other instants: the time zone was ${base.view.timeZone} and is ${head.view.timeZone}`);
  for (const [before, after] of roles.pairs) {
    const [was, is] = [base.view.roles[before], head.view.roles[after]];
    const [from, to] = [settingsText(base.view, was?.settings ?? []), settingsText(head.view, is?.settings ?? [])];
    if (from !== to) notes.push(`the role ${is?.name} had ${from || 'no settings'} and has ${to || 'no settings'}`);
  }
  for (const { names, ...pair } of moved) {
    const [before, after] = [base.view.member(pair.base).key, head.view.member(pair.head).key];
    notes.push(`the id ${names[0]} stood for ${before} and stands for ${after}`);
  }
  for (const { base: before, head: after } of pairings.slice(0, pairings.length - moved.length)) {
    if (notes.length > most) break;
    const [was, is] = [base.view.member(before), head.view.member(after)];
    if (was.id !== is.id) notes.push(`${is.key} had the id ${was.id} and has the id ${is.id}`);
    const text = (side: Side, assignments: readonly AssignmentView[]) =>
      assignments
        .map((assignment) => assignmentText(side, assignment, roleName))
        .sort()
        .join(' and ') || 'nothing';
    const [from, to] = [text(base, was.assignments), text(head, is.assignments)];
    if (from !== to) notes.push(`${is.key} held ${from} and holds ${to}`);
    if (was.active !== is.active)
      notes.push(`${is.key} was ${was.active ? '' : 'not '}active and is ${is.active ? '' : 'not '}active`);
  }
  return notes.length > most ? [...notes.slice(0, most), 'and more'] : notes;
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
