import type { Change, Part } from '../../compare/index.ts';

/** One direction of a change that is about decisions; of several, what is alike. */
export interface Unit {
  /** The first. */
  readonly change: Change;
  readonly part: Part | null;
  /** With other duties, neither fewer nor more, is both. */
  readonly isGain: boolean;
  readonly isLoss: boolean;
  readonly roles: readonly string[];
  readonly members: readonly string[];
  readonly actions: readonly string[];
  /** Equal in units that may stand in one sentence. */
  readonly key: number;
}

/** All that may stand in one sentence is one: first of the same roles and members, then of the same actions. */
export function groupedUnits(changes: readonly Change[]): readonly Unit[] {
  const numberOf = numbering();
  const units: Unit[] = [];
  for (const change of changes) addUnits(change, numberOf, units);
  const ofSubjects = numbering();
  const byActions = group(
    units,
    ({ roles, members }) => ofSubjects(members.length === 0 && roles.length === 1 ? roles[0] : `${roles}\n${members}`),
    (unit, all) => ({ ...unit, actions: all.flatMap(({ actions }) => actions) }),
  );
  const ofActions = numbering();
  return group(
    byActions,
    ({ roles, actions }) => 2 * ofActions(actions.length === 1 ? actions[0] : `${actions}`) + Number(roles.length > 0),
    (unit, all) => ({
      ...unit,
      roles: all.flatMap(({ roles }) => roles),
      members: [...new Set(all.flatMap(({ members }) => members))].sort(),
    }),
  );
}

type NumberOf = (text: string | undefined) => number;

/** Equal texts get one number. */
function numbering(): NumberOf {
  const numbers = new Map<string | undefined, number>();
  return (text) => {
    let number = numbers.get(text);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(text, number);
    }
    return number;
  };
}

function addUnits(change: Change, numberOf: NumberOf, units: Unit[]): void {
  const { kind, role, members, action, gained, lost } = change;
  if (!isOfDecisions(change) || action === null) return;
  const roles = role === null ? [] : [role];
  const actions = [action];
  const add = (isGain: boolean, isLoss: boolean, part: Part | null) => {
    const key = numberOf(textOf(change, part)) * 64 + flagsOf(change, isGain, isLoss, part);
    units.push({ change, part, isGain, isLoss, roles, members, actions, key });
  };
  if (isOpen(gained) && isOpen(lost)) add(true, true, gained);
  else if (kind === 'duties') add(change.widened, change.narrowed, gained ?? lost);
  else {
    if (change.widened) add(true, false, gained);
    if (change.narrowed) add(false, true, lost);
  }
}

/** On one action; a role that applications may give is about many. */
export function isOfDecisions({ kind, action }: Change): boolean {
  return action !== null && (kind === 'role' || kind === 'member' || kind === 'duties');
}

/** What is said beside the names. */
function textOf({ from, to }: Change, part: Part | null): string | undefined {
  const condition = part?.condition;
  const missing = part?.missing ?? [];
  return from === null && to === null && missing.length === 0
    ? condition
    : JSON.stringify([condition, missing, from, to]);
}

/** Of 64 numbers. */
function flagsOf({ kind, undecided }: Change, isGain: boolean, isLoss: boolean, part: Part | null): number {
  const ofKind = kind === 'role' ? 0 : kind === 'member' ? 1 : 2;
  const isComplete = part?.complete === true;
  return (((ofKind * 2 + Number(isGain)) * 2 + Number(isLoss)) * 2 + Number(isComplete)) * 2 + Number(undecided);
}

/** Nothing is known of it, not even whether there is anything. */
export function isOpen(part: Part | null): boolean {
  return part !== null && !part.complete && part.cases.length === 0;
}

/** Units with one key and one number of `about` become one. */
function group(
  units: readonly Unit[],
  about: (unit: Unit) => number,
  join: (first: Unit, all: readonly Unit[]) => Unit,
): readonly Unit[] {
  const groups: [Unit, ...Unit[]][] = [];
  const found: (Map<number, Unit[]> | undefined)[] = [];
  for (const unit of units) {
    const number = about(unit);
    while (found.length <= number) found.push(undefined);
    let own = found[number];
    if (!own) {
      own = new Map();
      found[number] = own;
    }
    const known = own.get(unit.key);
    if (known) known.push(unit);
    else {
      const all: [Unit, ...Unit[]] = [unit];
      own.set(unit.key, all);
      groups.push(all);
    }
  }
  return groups.map((all) => (all.length === 1 ? all[0] : join(all[0], all)));
}
