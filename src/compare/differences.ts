import type { Asker } from './askers.ts';
import { type Delta, type Deltas, type Direction, directions, type Holder, noNodes, type Part } from './delta.ts';
import type { Who } from './examples.ts';
import { type Family, familiesOf, type Kin } from './families.ts';
import type { Group, Holders } from './holders.ts';
import type { Judge, Verdicts } from './judge.ts';
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
  readonly members: Readonly<Record<Direction, readonly string[]>>;
  /** Who may stand in an example, the best last. */
  readonly witnesses: readonly Witness[];
}

type Growing = Readonly<Record<Direction, string[]>>;

/** One of a role: members who see just that are added. */
interface OfRole extends Difference {
  readonly members: Growing;
  readonly witnesses: Witness[];
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
  const ofRoles = roles.pairs.map(([base, head]) => findInRole(sweep, base, head));
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
    const actions = first.isUnchanged ? new Set(pairs.flatMap((pair) => [...(ofRoles[pair]?.keys() ?? [])])) : all;
    for (const action of actions) {
      const told = first.isUnchanged ? pairs.flatMap((pair) => ofRoles[pair]?.get(action) ?? []) : [];
      findInFamily(sweep, family, action, told, alone);
    }
  }
  const told = ofRoles.flatMap((found) => [...found.values()].flat());
  return {
    count: told.length + alone.length,
    *[Symbol.iterator]() {
      yield* told;
      for (const lone of alone) yield differenceOf(lone);
    },
  };
}

/** Of members alone there may be very many, so each is made when its turn comes. */
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
  const of = (direction: Direction) => (isIn(verdicts, direction) ? kin.names : nobody);
  return {
    role: null,
    action,
    holder: kin.group,
    delta,
    verdicts,
    members: {
      gained: of('gained'),
      lost: of('lost'),
      eased: of('eased'),
      burdened: of('burdened'),
      exchanged: of('exchanged'),
    },
    witnesses: [{ ...kin.witness, delta }],
  };
}

/** By action; nothing where the cells differ only for members with settings of their own, or for nobody. */
type InRole = ReadonlyMap<number, readonly OfRole[]>;

function findInRole({ merged, holders, deltas, judge }: Sweep, base: number, head: number): InRole {
  const [before, after] = [merged.base.view.roles[base], merged.head.view.roles[head]];
  const isGiven = before?.givenByApplication === true && after?.givenByApplication === true;
  const who: Who = { kind: 'holder', base: before?.name ?? null, head: after?.name ?? null, isStranger: false };
  const any = holders.ofRole(base, head, 'any', isGiven);
  const observer = deltas.observe(any);
  // Whoever sets nothing, as strangers do, is one of these, but where a default changed.
  const { otherDefaults } = holders;
  const plain = isGiven || otherDefaults.size > 0 ? holders.ofRole(base, head, 'plain', isGiven) : null;
  const other = plain && deltas.observe(plain);
  const isOne = isSeenAlike(any) && (plain === null || isSeenAlike(plain)) && sameChain(merged);
  const found = new Map<number, readonly OfRole[]>();
  const make = (action: number, holder: Holder, delta: Delta, stranger: Witness | null): readonly OfRole[] => {
    if (delta.isNothing) return [];
    const verdicts = judge.verdicts(delta, holder.frame);
    if (isImpossible(verdicts)) return [];
    const witnesses: Witness[] = [{ holder, who, delta }];
    if (stranger) witnesses.push(stranger);
    return [{ role: who.head, action, holder, delta, verdicts, members: membersOf(verdicts), witnesses }];
  };
  for (let action = 0; action < merged.actions.length; action++) {
    if (isOne && cellOf(merged.base, base, action) === cellOf(merged.head, head, action)) continue;
    const ofAny = observer.at(action);
    const ofPlain = other?.at(action) ?? null;
    const isApart = ofPlain !== null && otherDefaults.size > 0 && readsAny(merged, ofPlain, otherDefaults);
    const stranger = plain && ofPlain && isGiven ? strangerOf(plain, who, ofPlain) : null;
    const differences = make(action, any, ofAny, isApart ? null : stranger);
    found.set(action, isApart ? [...differences, ...make(action, plain as Holder, ofPlain, stranger)] : differences);
  }
  return found;
}

function strangerOf(holder: Holder, who: Who, delta: Delta): Witness {
  return { holder, who: { ...who, kind: 'holder', isStranger: true }, delta };
}

/** By both sides. */
function isSeenAlike({ base, head }: Holder): boolean {
  return base[0]?.asker === head[0]?.asker;
}

/** Does what differs depend on one of the settings? */
function readsAny({ atoms }: Merged, { sights, focus }: Delta, slots: ReadonlySet<string>): boolean {
  // Without sights it is too large, so that nobody knows.
  if (!sights) return true;
  return focus.settings.some((variable) => atoms[atomOf(variable)]?.slots.some((slot) => slots.has(slot)));
}

/** A difference of their own, unless those of the roles say just that; then the members are added there. */
function findInFamily(sweep: Sweep, family: Family, action: number, ofRoles: readonly OfRole[], alone: Lone[]): void {
  const [first] = family.groups as [Group];
  const [only] = ofRoles;
  // Most members hold one role and see what it sees.
  const isPlain = first.isPlain && only?.delta.cells && isSeenAlike(only.holder) && isSeenAlike(first);
  if (!isPlain && isSame(sweep, family, action)) return;
  const delta = isPlain ? only.delta : family.observer.at(action);
  if (delta.isNothing) return;
  for (const kin of family.by(delta.focus)) {
    const lone = findInKin(sweep, family, kin, action, delta, ofRoles);
    if (lone) alone.push(lone);
  }
}

function findInKin(
  sweep: Sweep,
  family: Family,
  kin: Kin,
  action: number,
  delta: Delta,
  ofRoles: readonly OfRole[],
): Lone | null {
  const { group, names, witness } = kin;
  const verdicts = sweep.judge.verdictsOf(delta, group.frame, kin.number);
  if (isImpossible(verdicts)) return null;
  const told = findTold(sweep, family, kin, action, delta, verdicts, ofRoles);
  if (!told) return { kin, action, delta, verdicts };
  for (const { members, witnesses, verdicts: ofRole } of told) {
    for (const direction of directions) {
      if (isIn(verdicts, direction) && isIn(ofRole, direction)) members[direction].push(...names);
    }
    if (witnesses.length < 8) witnesses.push({ ...witness, delta });
  }
  return null;
}

/** Filled by those who look at members. */
function membersOf(verdicts: Verdicts): Growing {
  const of = (direction: Direction): string[] => (isIn(verdicts, direction) ? [] : nobody);
  const [eased, burdened, exchanged] = [of('eased'), of('burdened'), of('exchanged')];
  return { gained: of('gained'), lost: of('lost'), eased, burdened, exchanged };
}

/** Where a direction concerns nobody; nothing is ever added. */
const nobody: string[] = [];

function isIn(verdicts: Verdicts, direction: Direction): boolean {
  return verdicts[direction] !== 'impossible';
}

/** Those of the roles' differences that are the group's, too; null where together they do not say just what it sees. */
function findTold(
  sweep: Sweep,
  { observer }: Family,
  kin: Kin,
  action: number,
  delta: Delta,
  verdicts: Verdicts,
  ofRoles: readonly OfRole[],
): readonly OfRole[] | null {
  const { merged, deltas, judge } = sweep;
  const { group } = kin;
  const told = ofRoles.length === 0 ? null : speakersFor(sweep, ofRoles, kin, delta);
  if (!told) return null;
  for (const direction of directions) {
    if (isIn(verdicts, direction) && !told.some((difference) => isIn(difference.verdicts, direction))) return null;
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

/** Of each role one; null where nothing speaks of the group for one of them. */
function speakersFor(
  { merged, holders }: Sweep,
  ofRoles: readonly OfRole[],
  kin: Kin,
  delta: Delta,
): readonly OfRole[] | null {
  const speaks = (difference: OfRole) => speaksFor(merged, difference, kin, delta);
  if (holders.otherDefaults.size === 0) return ofRoles.every(speaks) ? ofRoles : null;
  const told = ofRoles.filter(speaks);
  return ofRoles.every(({ role }) => told.some((other) => other.role === role)) ? told : null;
}

/** Has the group, wherever it matters, the settings of the role itself? */
function speaksFor({ atoms }: Merged, { holder, delta: ofRole }: Difference, kin: Kin, { focus }: Delta): boolean {
  const { group, speaks } = kin;
  let known = speaks.get(holder);
  if (!known) {
    known = [];
    speaks.set(holder, known);
  }
  let isSo = known[ofRole.focus.number];
  if (isSo === undefined) {
    const variables = [...focus.settings, ...ofRole.focus.settings];
    const slots = new Set(variables.flatMap((variable) => atoms[atomOf(variable)]?.slots ?? []));
    isSo =
      isAlike(group.base, holder.base[0], slots, group.head) && isAlike(group.head, holder.head[0], slots, group.base);
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
  if (observer.isSame) return observer.isSame(action) && sameChain(merged);
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
  return sameChain(merged) && keys(merged.base, base) === keys(merged.head, head);
}

/** Outcomes in another order make another decision of the same diagram. */
function sameChain({ base, head }: Merged): boolean {
  return base.chain.join() === head.chain.join();
}

function isImpossible(verdicts: Verdicts): boolean {
  return !directions.some((direction) => isIn(verdicts, direction));
}
