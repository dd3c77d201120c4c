import { type Delta, type Deltas, type Direction, directions, type Holder, noNodes, type Part } from './delta.ts';
import type { Who } from './examples.ts';
import { keyOf, type SlotState } from './frame.ts';
import type { Group, Holders } from './holders.ts';
import type { Judge, Verdict, Verdicts } from './judge.ts';
import { cellOf, type Merged, type Side } from './merge.ts';
import type { Matching } from './names.ts';
import type { Pairings } from './pairings.ts';

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
  readonly members: Readonly<Record<Direction, string[]>>;
  /** Who may stand in an example, the best last. */
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
export function findDifferences(sweep: Sweep): readonly Difference[] {
  const { merged, roles, holders } = sweep;
  const ofRoles = roles.pairs.map(([base, head]) => findInRole(sweep, base, head));
  const numbers = {
    base: new Map(roles.pairs.map(([base], pair) => [base, pair])),
    head: new Map(roles.pairs.map(([, head], pair) => [head, pair])),
  };
  const groups = holders.groups(sweep.members.pairings, (side, role) => numbers[side.name].get(role) ?? -1);
  const all = merged.actions.map((_, action) => action);
  const alone: Difference[] = [];
  for (const group of groups) {
    const pairs = [...new Set(group.head.map(({ role }) => numbers.head.get(role) ?? -1))];
    const actions = group.isUnchanged ? new Set(pairs.flatMap((pair) => [...(ofRoles[pair]?.keys() ?? [])])) : all;
    const witness = witnessOf(group);
    for (const action of actions) {
      const told = group.isUnchanged ? pairs.flatMap((pair) => ofRoles[pair]?.get(action) ?? []) : [];
      const difference = findInGroup(sweep, group, action, told, witness);
      if (difference) alone.push(difference);
    }
  }
  return [...ofRoles.flatMap((found) => [...found.values()].flat()), ...alone];
}

/** By action; nothing where the cells differ only for members with settings of their own, or for nobody. */
type OfRole = ReadonlyMap<number, readonly Difference[]>;

function findInRole({ merged, holders, deltas, judge }: Sweep, base: number, head: number): OfRole {
  const [before, after] = [merged.base.view.roles[base], merged.head.view.roles[head]];
  const isGiven = before?.givenByApplication === true && after?.givenByApplication === true;
  const who: Who = { kind: 'holder', base: before?.name ?? null, head: after?.name ?? null, isStranger: false };
  const kinds = holders.haveOtherDefaults ? (['any', 'plain'] as const) : (['any'] as const);
  const all = kinds.map((kind) => holders.ofRole(base, head, kind, isGiven));
  const stranger = isGiven ? holders.ofRole(base, head, 'plain', true) : null;
  const isOneLight = all.every((holder) => holder.base[0]?.asker === holder.head[0]?.asker) && sameChain(merged);
  const found = new Map<number, readonly Difference[]>();
  for (let action = 0; action < merged.actions.length; action++) {
    if (isOneLight && cellOf(merged.base, base, action) === cellOf(merged.head, head, action)) continue;
    const differences: Difference[] = [];
    for (const holder of all) {
      const delta = deltas.of(holder, action);
      if (delta.isNothing) continue;
      const verdicts = judgeAll(judge, delta, holder, differences[0]?.verdicts);
      if (isImpossible(verdicts)) continue;
      const witnesses: Witness[] = [{ holder, who, delta }];
      if (stranger) {
        witnesses.push({ holder: stranger, who: { ...who, isStranger: true }, delta: deltas.of(stranger, action) });
      }
      differences.push({
        role: who.head,
        action,
        holder,
        delta,
        verdicts,
        members: membersOf(verdicts, []),
        witnesses,
      });
    }
    found.set(action, differences);
  }
  return found;
}

/** A difference of its own, unless those of the roles say just that; then the members are added there. */
function findInGroup(
  sweep: Sweep,
  group: Group,
  action: number,
  ofRoles: readonly Difference[],
  witness: Omit<Witness, 'delta'>,
): Difference | null {
  const { deltas, judge } = sweep;
  const [only] = ofRoles;
  // Most members hold one role and see what it sees.
  const isPlain = group.isPlain && only?.delta.cells && only.holder.base[0]?.asker === only.holder.head[0]?.asker;
  if (!isPlain && isSame(sweep, group, action)) return null;
  const delta = isPlain ? only.delta : deltas.of(group, action);
  if (delta.isNothing) return null;
  const verdicts = judgeAll(judge, delta, group);
  if (isImpossible(verdicts)) return null;
  const told = isTold(sweep, group, action, delta, verdicts, ofRoles);
  if (!told)
    return {
      role: null,
      action,
      holder: group,
      delta,
      verdicts,
      members: membersOf(verdicts, group.names),
      witnesses: [{ ...witness, delta }],
    };
  for (const { members, witnesses, verdicts: ofRole } of ofRoles) {
    for (const direction of directions) {
      if (isIn(verdicts, direction) && isIn(ofRole, direction)) members[direction].push(...group.names);
    }
    if (witnesses.length < 8) witnesses.push({ ...witness, delta });
  }
  return null;
}

function membersOf(verdicts: Verdicts, names: readonly string[]): Difference['members'] {
  const of = (direction: Direction) => (isIn(verdicts, direction) ? [...names] : nobody);
  const [eased, burdened, exchanged] = [of('eased'), of('burdened'), of('exchanged')];
  return { gained: of('gained'), lost: of('lost'), eased, burdened, exchanged };
}

/** Where a direction concerns nobody; nothing is ever added. */
const nobody: string[] = [];

function isIn(verdicts: Verdicts, direction: Direction): boolean {
  return verdicts[direction] !== 'impossible';
}

function witnessOf(group: Group): Omit<Witness, 'delta'> {
  const [first] = group.members;
  return { holder: group, who: { kind: 'member', base: first?.[0] ?? null, head: first?.[1] ?? null } };
}

/** Do the differences of the roles, together, say just what the group sees? */
function isTold(
  { merged, deltas, judge }: Sweep,
  group: Group,
  action: number,
  delta: Delta,
  verdicts: Verdicts,
  told: readonly Difference[],
): boolean {
  for (const direction of directions) {
    if (verdicts[direction] === 'impossible') continue;
    if (!told.some((difference) => difference.verdicts[direction] !== 'impossible')) return false;
  }
  if (told.length === 0 || !told.every((difference) => speaksFor(difference, group, delta))) return false;
  if (group.base.length === 1) return true;
  const concerned = group.base.flatMap((part, at) => {
    const other = group.head[at];
    if (!other) return [];
    const isCovered = cellOf(merged.base, part.role, action) !== 0 || cellOf(merged.head, other.role, action) !== 0;
    return isCovered ? [[part, other] as const] : [];
  });
  if (new Set(concerned.map(([part]) => part.role)).size === 1) return true;
  const isAlone = delta.sights !== null && !deltas.hasDuties;
  if (isAlone) {
    const sights = (side: Side, parts: readonly Part[]) =>
      parts.flatMap(({ role, asker }) => {
        const lens = group.frame.lens(asker);
        return lens ? [{ node: cellOf(side, role, action), lens }] : [];
      });
    const [before, after] = [concerned.map(([part]) => part), concerned.map(([, other]) => other)];
    return !judge.isHidden(sights(merged.base, before), sights(merged.head, after));
  }
  const { store } = deltas.rails;
  const joined: Record<Direction, number> = { ...noNodes };
  for (const [part, other] of concerned) {
    const one = deltas.of({ base: [part], head: [other], frame: group.frame }, action);
    if (one.isTooLarge || delta.isTooLarge) return false;
    for (const direction of directions) joined[direction] = store.join(joined[direction], one[direction]);
  }
  return directions.every((direction) => joined[direction] === delta[direction]);
}

/** Has the group, wherever it matters, the settings of the role itself? */
function speaksFor({ holder, delta: ofRole }: Difference, group: Group, delta: Delta): boolean {
  const variables = new Set([...delta.focus.settings, ...ofRole.focus.settings]);
  const slots = new Set([...variables].flatMap((variable) => group.frame.mergedAtom(variable).slots));
  if (slots.size === 0) return true;
  const isAlike = (part: Part, like: Part | undefined) =>
    [...slots].every((slot) => {
      const state = like?.asker.slots.get(slot) ?? missing;
      return state.kind === 'free' || keyOf(state) === keyOf(part.asker.slots.get(slot) ?? missing);
    });
  const [base, head] = [holder.base[0], holder.head[0]];
  return (
    group.base.every((part) => part.role !== base?.role || isAlike(part, base)) &&
    group.head.every((part) => part.role !== head?.role || isAlike(part, head))
  );
}

const missing: SlotState = { kind: 'missing' };

/** The same cells in the same light, in some order. */
function isSame({ merged, deltas }: Sweep, { base, head }: Group, action: number): boolean {
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

/** What `known` has is not said twice. */
function judgeAll(judge: Judge, delta: Delta, { frame }: Holder, known?: Verdicts): Verdicts {
  const verdicts = judge.verdicts(delta, frame);
  if (!known) return verdicts;
  const fresh = (direction: Direction): Verdict =>
    known[direction] === 'impossible' ? verdicts[direction] : 'impossible';
  const [eased, burdened, exchanged] = [fresh('eased'), fresh('burdened'), fresh('exchanged')];
  return { gained: fresh('gained'), lost: fresh('lost'), eased, burdened, exchanged };
}

function isImpossible(verdicts: Verdicts): boolean {
  return !directions.some((direction) => isIn(verdicts, direction));
}
