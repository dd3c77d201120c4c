import type { Change, Comparison, Example, Place, Rename } from '../../compare/index.ts';
import type { Chosen } from './only.ts';
import { groupedUnits, isOfDecisions, isOpen, type Unit } from './units.ts';

/** Changes of which one sentence says all. */
export interface Sentence {
  readonly heading: Heading;
  readonly text: string;
  readonly widened: boolean;
  readonly narrowed: boolean;
  readonly example: Example | null;
  readonly place: Place | null;
}

export type Heading =
  | 'Gains'
  | 'Losses'
  | 'Not decided'
  | 'Duties'
  | 'How denied actions look'
  | 'Roles'
  | 'Members'
  | 'Actions'
  | 'Renames';

export const headings: readonly Heading[] = [
  ...([
    'Gains',
    'Losses',
    'Not decided',
    'Duties',
    'How denied actions look',
    'Roles',
    'Members',
    'Actions',
    'Renames',
  ] as const),
];

/** All that changed, in sentences that a practice manager reads; what is alike stands in one. */
export function sentencesOf({ changes, renames }: Comparison): readonly Sentence[] {
  const units = groupedUnits(changes);
  const others = changes.filter((change) => !isOfDecisions(change));
  return [
    // What nobody is there to do comes last.
    ...units.flatMap((unit) => (isHypothetical(unit) ? [] : new UnitSentence(unit))),
    ...units.flatMap((unit) => (isHypothetical(unit) ? new UnitSentence(unit) : [])),
    ...others.flatMap(plainSentence),
    ...memberSentences(others),
    ...actionSentences(others),
    ...renames.map(renameSentence),
  ];
}

function isHypothetical({ roles, members }: Unit): boolean {
  return roles.length > 0 && members.length === 0;
}

/** The end of a sentence about versions: what a reader has to know when nothing else is said. */
export function summaryOf({ changes, renames, sameMeaning, omitted }: Chosen): string {
  const isTouched =
    changes.some(({ widened, narrowed }) => widened || narrowed) || renames.some(({ isAsked }) => isAsked);
  const digest = sameMeaning ? 'The meaning digest is the same.' : 'The meaning digest differs.';
  if (omitted === 0) return isTouched ? digest : `Nobody gains or loses anything. ${digest}`;
  const others = `${counted(omitted, 'other change')} ${omitted === 1 ? 'is' : 'are'} not shown.`;
  return changes.length + renames.length > 0
    ? `${others} ${digest}`
    : `Nothing that was chosen changes. ${others} ${digest}`;
}

/** There may be tens of thousands, so each is written when it is read. */
class UnitSentence implements Sentence {
  readonly heading: Heading;
  readonly widened: boolean;
  readonly narrowed: boolean;
  private readonly unit: Unit;

  constructor(unit: Unit) {
    this.unit = unit;
    this.heading = headingOf(unit);
    this.widened = unit.isGain;
    this.narrowed = unit.isLoss;
  }

  get text(): string {
    return textOf(this.unit);
  }

  get example(): Example | null {
    return this.unit.part?.example ?? null;
  }

  get place(): Place | null {
    return this.unit.change.place;
  }
}

function headingOf({ change, part, isGain }: Unit): Heading {
  if (isOpen(part)) return 'Not decided';
  return change.kind === 'duties' ? 'Duties' : isGain ? 'Gains' : 'Losses';
}

function textOf({ change, part, isGain, isLoss, roles, members, actions }: Unit): string {
  const who = roles.length > 0 ? roles : members;
  const verb = isGain ? 'gain' : 'lose';
  const isOne = who.length === 1;
  const subject = list(who);
  const what = list(actions.map(code));
  const condition = !part || part.condition === 'always' ? '' : ` if ${part.condition}`;
  const ofRoles =
    roles.length > 0 && members.length > 0 ? `; ${counted(members.length, 'member')}: ${list(members)}` : '';
  const absent = (part?.missing ?? []).filter((name) => name !== 'context.now').map(code);
  // A request without a time has that of the clock, so its time is never missing.
  const lacks = [
    ...(absent.length > 0 ? [`${list(absent)} is not sent`] : []),
    ...(part?.missing.includes('context.now') ? ['`context.now` is no instant'] : []),
  ];
  const missing = lacks.length > 0 ? `; only when ${lacks.join(' and ')}` : '';
  const open = change.undecided ? '; no request was found that shows it' : '';
  const end = `${ofRoles}${missing}${open}`;
  if (isOpen(part)) {
    const may = change.kind === 'duties' ? 'may do' : isGain && isLoss ? 'gain or lose' : verb;
    const duties = change.kind === 'duties' ? ' with other duties' : '';
    const whether = `whether ${subject} ${change.kind === 'duties' ? may : third(may, isOne)} ${what}${duties} is not decided`;
    return `${whether}: the search ended before all was known${ofRoles}`;
  }
  if (change.kind !== 'duties') {
    return `${subject} ${third(verb, isOne)} ${what}${condition}${end}`;
  }
  const turn = change.from === null ? '' : `: ${change.from} becomes ${change.to}`;
  const measure = isGain && isLoss ? 'other' : isGain ? 'fewer' : 'more';
  return `${subject}: ${what} with ${measure} duties${turn}${condition}${end}`;
}

/** `gains or loses` of one, `gain or lose` of several. */
function third(verbs: string, isOne: boolean): string {
  return isOne ? verbs.replace(/gain|lose/g, '$&s') : verbs;
}

/** Of one change that is no decision's; its example is made when it is read. */
class ChangeSentence implements Sentence {
  readonly heading: Heading;
  readonly text: string;
  readonly widened: boolean;
  readonly narrowed: boolean;
  readonly place: Place | null;
  private readonly change: Change;

  constructor(heading: Heading, text: string, change: Change) {
    this.heading = heading;
    this.text = text;
    this.widened = change.widened;
    this.narrowed = change.narrowed;
    this.place = change.place;
    this.change = change;
  }

  get example(): Example | null {
    return this.change.example;
  }
}

function actionsText({ actions }: Change): string {
  return actions.length === 0 ? 'no action' : `${counted(actions.length, 'action')}: ${list(actions.map(code))}`;
}

function plainSentence(change: Change): readonly Sentence[] {
  const { kind, role, members, action, from, to, widened } = change;
  const say = (heading: Heading, text: string): readonly Sentence[] => [new ChangeSentence(heading, text, change)];
  const may = actionsText(change);
  switch (kind) {
    case 'presentation':
      return say(
        'How denied actions look',
        `${code(action ?? '')} was ${from ?? 'shown as usual'} and is ${to ?? 'shown as usual'}`,
      );
    case 'role-added':
      return say('Roles', `${role} is new and may be allowed ${may}`);
    case 'role-removed':
      return say('Roles', `${role} is gone; it could be allowed ${may}`);
    case 'role':
      return say('Roles', `${role} ${givingText(members, widened)}: ${may}`);
    default:
      return [];
  }
}

/** To whom applications may, or may no longer, give a role: to anybody who is no member, or to those who became one. */
function givingText(members: readonly string[], widened: boolean): string {
  const may = widened ? 'may now' : 'may no longer';
  if (members.length === 0) return `${may} be given by applications to users who are no members`;
  const [are, known] = members.length === 1 ? ['is', 'a member'] : ['are', 'members'];
  const turn = widened ? 'no longer' : 'now';
  return `${may} be given by applications to ${list(members)}, who ${are} ${turn} known as ${known}`;
}

/** Members who are new, or gone; those of whom the same is to be said stand in one sentence. */
function memberSentences(changes: readonly Change[]): readonly Sentence[] {
  const found = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.kind !== 'member-added' && change.kind !== 'member-removed') continue;
    const key = JSON.stringify([change.kind, change.from, change.to, change.actions]);
    const alike = found.get(key);
    if (alike) alike.push(change);
    else found.set(key, [change]);
  }
  return [...found.values()].map((alike) => {
    const [change] = alike as [Change];
    const { kind, from, to } = change;
    const subject = list(alike.flatMap(({ members }) => members));
    const [is, was] = alike.length === 1 ? ['is', 'was'] : ['are', 'were'];
    const may = actionsText(change);
    const text =
      kind === 'member-added'
        ? `${subject} ${is} new${to === null ? '' : `, as ${to},`} and may be allowed ${may}`
        : `${subject} ${is} gone${from === null ? '' : `, who ${was} ${from},`} and could be allowed ${may}`;
    return new ChangeSentence('Members', text, change);
  });
}

/** New and lost actions; who may do them stands with the gains and losses. */
function actionSentences(changes: readonly Change[]): readonly Sentence[] {
  const say = (kind: Change['kind'], isFelt: boolean, turn: string, nobody: string): readonly Sentence[] => {
    const own = changes.filter((change) => change.kind === kind && (change.widened || change.narrowed) === isFelt);
    if (own.length === 0) return [];
    const verb = own.length === 1 ? 'is' : 'are';
    const text = `${list(own.map(({ action }) => code(action ?? '')))} ${verb} ${turn}${isFelt ? '' : `; ${nobody}`}`;
    const [{ widened, narrowed }] = own as [Change];
    return [{ heading: 'Actions', text, widened, narrowed, example: null, place: null }];
  };
  return [
    ...say('action-added', true, 'new', ''),
    ...say('action-added', false, 'new', 'nobody may do that'),
    ...say('action-removed', true, 'gone', ''),
    ...say('action-removed', false, 'gone', 'nobody could do that'),
  ];
}

function renameSentence({ kind, from, to, isAsked }: Rename): Sentence {
  const turn = isAsked ? `: applications that ask for ${to} get what ${from} had` : '';
  const text = `the ${kind} ${from} is now called ${to}${turn}`;
  return { heading: 'Renames', text, widened: false, narrowed: false, example: null, place: null };
}

/** One line of an example. */
export function exampleText({ user, action, resource, context, features = {}, base, head }: Example): string {
  const who = typeof user === 'string' ? user : JSON.stringify(user);
  const on = resource === null ? '' : ` on ${JSON.stringify(resource)}`;
  const within = context === null ? '' : ` in ${JSON.stringify(context)}`;
  const switches = Object.entries(features).map(([name, is]) => ` with ${name} ${is}`);
  return `${who}, ${action}${on}${within}${switches.join()}: ${answerText(base)}, now ${answerText(head)}`;
}

function answerText({ allow, outcome }: Example['base']): string {
  return !allow ? 'deny' : outcome === null ? 'allow' : `allow with ${outcome}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const longest = 12;

function list(names: readonly string[]): string {
  if (names.length > longest) return `${names.slice(0, longest - 2).join(', ')} and ${names.length - longest + 2} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
