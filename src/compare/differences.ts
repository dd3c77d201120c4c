import type { Asker } from './askers.ts';
import { bitOf, type Concerned, concernedBy } from './crowds.ts';
import { type Delta, type Deltas, type Direction, directions, type Holder, noNodes, type Part } from './delta.ts';
import type { Who } from './examples.ts';
import { type Branch, type Family, familiesOf, type Kin } from './families.ts';
import type { Group, Holders } from './holders.ts';
import { type Finding, type InRole, isSeenAlike, Roles } from './in-role.ts';
import { isImpossible, isIn, type Judge, type Verdicts } from './judge.ts';
import { cellOf, type Merged, type Side } from './merge.ts';
import type { Matching } from './names.ts';
import type { Pairings } from './pairings.ts';
import { atomOf } from './rails.ts';
import { keyOf, type SlotState } from './slot-state.ts';

/** A decision that differs, before anything is said about it. */
export interface Difference {
  /** On the head; null for members alone. */
  readonly role: string | null;
  /** Of `Merged.actions`. */
  readonly action: number;
  readonly holder: Holder;
  readonly delta: Delta;
  readonly verdicts: Verdicts;
  /** Who is concerned, by names on the head. */
  readonly members: Concerned;
  /** Who may stand in an example, the best last. */
  readonly witnesses: readonly Witness[];
}

export interface Witness {
  readonly holder: Holder;
  readonly who: Who;
  readonly delta: Delta;
}

export interface Sweep {
  readonly merged: Merged;
  readonly deltas: Deltas;
  readonly holders: Holders;
  readonly judge: Judge;
  readonly roles: Matching;
  readonly members: Pairings;
}

/** Every decision that differs for some request: of roles, with the members who see just that, and of members alone. */
export function findDifferences(sweep: Sweep): Differences {
  const { merged, roles, holders } = sweep;
  const finder = new Roles(sweep);
  const ofRoles = roles.pairs.map(([base, head]) => finder.find(base, head));
  const numbers = {
    base: new Map(roles.pairs.map(([base], pair) => [base, pair])),
    head: new Map(roles.pairs.map(([, head], pair) => [head, pair])),
  };
  const groups = holders.groups(sweep.members.pairings, (side, role) => numbers[side.name].get(role) ?? -1);
  const all = merged.actions.map((_, action) => action);
  const alone: Lone[] = [];
  for (const family of familiesOf(groups, sweep)) {
    const [first] = family.groups as [Group];
    const pairs = [...new Set(first.head.map(({ role }) => numbers.head.get(role) ?? -1))];
    const held = first.isUnchanged ? pairs.flatMap((pair) => ofRoles[pair] ?? []) : [];
    const actions = first.isUnchanged ? new Set(held.flatMap((role) => role.looked())) : all;
    for (const action of actions) findInFamily(sweep, family, action, held, alone);
  }
  return {
    count: ofRoles.reduce((count, role) => count + role.count, alone.length),
    *[Symbol.iterator]() {
      for (const role of ofRoles) yield* role.differences();
      for (const lone of alone) yield differenceOf(lone);
    },
  };
}

/** There may be very many, so each is made when its turn comes. */
export interface Differences extends Iterable<Difference> {
  readonly count: number;
}

/** What members alone see, in short. */
interface Lone {
  readonly kin: Kin;
  readonly action: number;
  readonly delta: Delta;
  readonly verdicts: Verdicts;
}

function differenceOf({ kin, action, delta, verdicts }: Lone): Difference {
  return {
    role: null,
    action,
    holder: kin.group,
    delta,
    verdicts,
    members: concernedBy((direction) => (isIn(verdicts, direction) ? kin.names : nobody)),
    witnesses: [{ ...kin.witness, delta }],
  };
}

/** Where a direction concerns nobody. */
const nobody: readonly string[] = [];

/** One of the things that are said of the role. */
interface Said {
  readonly role: InRole;
  readonly at: number;
  readonly finding: Finding;
}

/** A difference of their own, unless those of the roles say just that; then the members are added there. */
function findInFamily(sweep: Sweep, family: Family, action: number, held: readonly InRole[], alone: Lone[]): void {
  const [first] = family.groups as [Group];
  const ofRoles = held.flatMap((role) => role.findings(action).map((finding, at): Said => ({ role, at, finding })));
  const [only] = ofRoles;
  // Most members hold one role and see what it sees.
  const isPlain =
    first.isPlain && only?.finding.delta.cells && isSeenAlike(only.role.holderOf(only.finding)) && isSeenAlike(first);
  if (!isPlain && isSame(sweep, family, action)) return;
  const delta = isPlain ? only.finding.delta : family.observer.at(action);
  if (delta.isNothing) return;
  for (const branch of family.by(delta.focus)) findInBranch(sweep, branch, action, delta, ofRoles, alone);
}

function findInBranch(
  sweep: Sweep,
  branch: Branch,
  action: number,
  delta: Delta,
  ofRoles: readonly Said[],
  alone: Lone[],
): void {
  const verdicts = sweep.judge.verdictsOf(delta, branch.kin[0].group.frame, branch.number);
  if (isImpossible(verdicts)) return;
  if (ofRoles.some((said) => speaksFor(sweep.merged, said, branch, delta) === null)) {
    for (const one of branch.apart()) findInBranch(sweep, one, action, delta, ofRoles, alone);
    return;
  }
  const told = findTold(sweep, branch, action, delta, verdicts, ofRoles);
  if (!told) for (const kin of branch.kin) alone.push({ kin, action, delta, verdicts });
  else {
    for (const { role, at, finding } of told) {
      const felt = directions.filter((each) => isIn(verdicts, each) && isIn(finding.verdicts, each));
      const bits = felt.reduce((all, each) => all | bitOf(each), 0);
      role.join(action, at, branch, bits);
    }
  }
}

/** Those of the roles' differences that are theirs, too; null where together they do not say just what they see. */
function findTold(
  sweep: Sweep,
  branch: Branch,
  action: number,
  delta: Delta,
  verdicts: Verdicts,
  ofRoles: readonly Said[],
): readonly Said[] | null {
  const { merged, deltas, judge } = sweep;
  // What is asked of one is the same for all.
  const { group, observer } = branch.kin[0];
  const told = ofRoles.length === 0 ? null : speakersFor(sweep, ofRoles, branch, delta);
  if (!told) return null;
  for (const direction of directions) {
    if (isIn(verdicts, direction) && !told.some(({ finding }) => isIn(finding.verdicts, direction))) return null;
  }
  if (group.base.length === 1) return told;
  const isCovered = (part: Part, other: Part | undefined) =>
    cellOf(merged.base, part.role, action) !== 0 ||
    (other !== undefined && cellOf(merged.head, other.role, action) !== 0);
  const concerned = group.base.flatMap((part, at) => {
    const other = group.head[at];
    return other && isCovered(part, other) ? [[part, other] as const] : [];
  });
  if (concerned.every(([part]) => part.role === concerned[0]?.[0].role)) return told;
  if (observer.aligned && !deltas.hasDuties) return judge.isHidden(observer.aligned(action)) ? null : told;
  const { store } = deltas.rails;
  const joined: Record<Direction, number> = { ...noNodes };
  for (const [part, other] of concerned) {
    const one = deltas.of({ base: [part], head: [other], frame: group.frame }, action);
    if (one.isTooLarge || delta.isTooLarge) return null;
    for (const direction of directions) joined[direction] = store.join(joined[direction], one[direction]);
  }
  return directions.every((direction) => joined[direction] === delta[direction]) ? told : null;
}

/** Of each role one; null where nothing speaks of them for one of them. */
function speakersFor(
  { merged, holders }: Sweep,
  ofRoles: readonly Said[],
  branch: Branch,
  delta: Delta,
): readonly Said[] | null {
  const speaks = (said: Said) => speaksFor(merged, said, branch, delta) === true;
  if (holders.otherDefaults.size === 0) return ofRoles.every(speaks) ? ofRoles : null;
  const told = ofRoles.filter(speaks);
  return ofRoles.every(({ role }) => told.some((other) => other.role.name === role.name)) ? told : null;
}

/** Have they, wherever it matters, the settings of the role itself? Null where just some of them have. */
function speaksFor(
  { atoms }: Merged,
  { role, finding }: Said,
  { kin, speaks }: Branch,
  { focus }: Delta,
): boolean | null {
  const holder = role.holderOf(finding);
  const ofRole = finding.delta;
  let known = speaks.get(holder);
  if (!known) {
    known = [];
    speaks.set(holder, known);
  }
  let isSo = known[ofRole.focus.number];
  if (isSo === undefined) {
    const variables = [...focus.settings, ...ofRole.focus.settings];
    const slots = new Set(variables.flatMap((variable) => atoms[atomOf(variable)]?.slots ?? []));
    const like = kin.filter(
      ({ group: { base, head } }) =>
        isAlike(base, holder.base[0], slots, head) && isAlike(head, holder.head[0], slots, base),
    );
    isSo = like.length === kin.length || (like.length === 0 ? false : null);
    known[ofRole.focus.number] = isSo;
  }
  return isSo;
}

/** Have those in the role the settings of the one, as far as these are its own? What may be anything is so on both sides. */
function isAlike(
  parts: readonly Part[],
  like: Part | undefined,
  slots: ReadonlySet<string>,
  others: readonly Part[],
): boolean {
  const keyIn = (asker: Asker | undefined, slot: string) => asker?.keys.get(slot) ?? keyOf(missing);
  const isEqual = ({ asker }: Part, at: number) =>
    [...slots].every((slot) => {
      const state = like?.asker.slots.get(slot) ?? missing;
      if (state.kind !== 'free') return keyOf(state) === keyIn(asker, slot);
      const other = others[at]?.asker;
      return asker === other || keyIn(asker, slot) === keyIn(other, slot);
    });
  return parts.every((part, at) => part.role !== like?.role || isEqual(part, at));
}

const missing: SlotState = { kind: 'missing' };

/** The same cells in the same light, in some order. */
function isSame({ merged, deltas }: Sweep, { groups, observer }: Family, action: number): boolean {
  // What is not aligned is found to be the same by looking.
  if (observer.isSame) return observer.isSame(action) && merged.isOneChain;
  const [{ base, head }] = groups as [Group];
  const askers = [...new Set([...base, ...head].map(({ asker }) => asker))];
  // Another id is another light only for those cells that ask for it.
  const light = (cell: number, { asker }: Part) =>
    deltas.cells.readsId(cell)
      ? askers.indexOf(asker)
      : askers.findIndex(({ settings }) => settings === asker.settings);
  const keys = (side: Side, parts: readonly Part[]) =>
    parts
      .flatMap((part) => {
        const cell = cellOf(side, part.role, action);
        return cell === 0 ? [] : [`${cell} ${light(cell, part)} ${part.from} ${part.until}`];
      })
      .sort()
      .join('\n');
  return merged.isOneChain && keys(merged.base, base) === keys(merged.head, head);
}
