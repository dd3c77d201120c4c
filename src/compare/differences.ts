import type { Delta, Deltas, Holder, Part } from './delta.ts';
import type { Who } from './examples.ts';
import type { Group, Holders } from './holders.ts';
import type { Judge, Verdict } from './judge.ts';
import { cellOf, type Merged, type Side } from './merge.ts';
import type { Matching } from './names.ts';

/** Ways in which a decision differs. */
export const directions = ['gained', 'lost', 'eased', 'burdened'] as const;
export type Direction = (typeof directions)[number];
export type Verdicts = Readonly<Record<Direction, Verdict>>;

/** A decision that differs, before anything is said about it. */
export interface Difference {
  /** On the head, or where it is gone on the base; null for members alone. */
  readonly role: string | null;
  readonly action: string;
  readonly holder: Holder;
  /** Null: too large to tell. */
  readonly delta: Delta | null;
  readonly verdicts: Verdicts;
  /** Indexes of roles on the sides, for places. */
  readonly roles: readonly (readonly [base: number | null, head: number | null])[];
  /** Names on the head (of who is gone, on the base). */
  readonly members: string[];
  /** Who may stand in an example, the best first. */
  readonly witnesses: Witness[];
}

export interface Witness {
  readonly holder: Holder;
  readonly who: Who;
  readonly delta: Delta | null;
}

export interface Sweep {
  readonly merged: Merged;
  readonly deltas: Deltas;
  readonly holders: Holders;
  readonly judge: Judge;
  readonly actions: readonly string[];
  readonly roles: Matching;
  readonly members: Matching;
}

/** Every decision that differs for some request: of roles, with the members who see just that, and of members alone. */
export function findDifferences(sweep: Sweep): readonly Difference[] {
  const { roles, holders } = sweep;
  const changed = roles.pairs.map(([base, head]) => ofRole(sweep, base, head));
  const numbers = {
    base: new Map(roles.pairs.map(([base], pair) => [base, pair])),
    head: new Map(roles.pairs.map(([, head], pair) => [head, pair])),
  };
  const groups = holders.groups(sweep.members.pairs, (side, role) => numbers[side.name].get(role) ?? -1);
  const alone: Difference[] = [];
  for (const group of groups) {
    const pairs = group.head.map(({ role }) => numbers.head.get(role) ?? -1);
    const actions = group.isUnchanged
      ? new Set(pairs.flatMap((pair) => [...(changed[pair]?.actions ?? [])]))
      : sweep.actions;
    for (const action of actions) {
      const records = pairs.flatMap((pair) => changed[pair]?.records.get(action) ?? []);
      const record = ofGroup(sweep, group, action, group.isUnchanged ? records : []);
      if (record) alone.push(record);
    }
  }
  return [...changed.flatMap(({ records }) => [...records.values()]), ...alone];
}

interface OfRole {
  /** Where the diagrams differ, or read what differs. */
  readonly actions: ReadonlySet<string>;
  readonly records: ReadonlyMap<string, Difference>;
}

function ofRole({ merged, holders, deltas, judge, actions }: Sweep, base: number, head: number): OfRole {
  const [before, after] = [merged.base.view.roles[base], merged.head.view.roles[head]];
  const isGiven = before?.givenByApplication === true && after?.givenByApplication === true;
  const kinds = holders.haveOtherDefaults ? (['any', 'plain'] as const) : (['any'] as const);
  const found = new Set<string>();
  const records = new Map<string, Difference>();
  const all = kinds.map((kind) => holders.ofRole(base, head, kind, isGiven));
  for (const action of actions) {
    const isEqual = sameChain(merged) && cellOf(merged.base, base, action) === cellOf(merged.head, head, action);
    for (const holder of all) {
      if (isEqual && holder.base[0]?.asker === holder.head[0]?.asker) continue;
      const delta = deltas.of(holder, action);
      if (delta && isNothing(delta)) continue;
      found.add(action);
      const verdicts = judgeAll(judge, delta, holder);
      if (directions.every((direction) => verdicts[direction] === 'impossible')) continue;
      if (records.has(action)) continue;
      const name = after?.name ?? null;
      const who: Who = { kind: 'holder', base: before?.name ?? null, head: name, isStranger: false };
      const witnesses: Witness[] = [{ holder, who, delta }];
      if (isGiven) {
        const stranger = holders.ofRole(base, head, 'plain', true);
        witnesses.unshift({ holder: stranger, who: { ...who, isStranger: true }, delta: deltas.of(stranger, action) });
      }
      records.set(action, {
        role: name,
        action,
        holder,
        delta,
        verdicts,
        roles: [[base, head]],
        members: [],
        witnesses,
      });
    }
  }
  // A setting that members override may differ for none of those who do not: then members are looked at all the same.
  if (all.some((holder) => holder.base[0]?.asker !== holder.head[0]?.asker))
    for (const action of actions) found.add(action);
  return { actions: found, records };
}

/** A record of its own, unless the records of the roles say just that; then the members are added there. */
function ofGroup(sweep: Sweep, group: Group, action: string, ofRoles: readonly Difference[]): Difference | null {
  const { deltas, judge } = sweep;
  if (isSame(sweep, group, action)) return null;
  const delta = deltas.of(group, action);
  if (delta && isNothing(delta)) return null;
  const verdicts = judgeAll(judge, delta, group);
  if (directions.every((direction) => verdicts[direction] === 'impossible')) return null;
  const names = group.members.map(([base, head]) => head ?? base ?? '');
  const [first] = group.members;
  const who: Who = { kind: 'member', base: first?.[0] ?? null, head: first?.[1] ?? null };
  const witness: Witness = { holder: group, who, delta };
  const told = delta && toldByRoles(sweep, group, action, delta, verdicts, ofRoles);
  if (told) {
    for (const record of told) {
      record.members.push(...names);
      record.witnesses.unshift(witness);
    }
    return null;
  }
  const roles: Difference['roles'] = [
    ...group.head.map(({ role }) => [null, role] as const),
    ...group.base.map(({ role }) => [role, null] as const),
  ];
  return { role: null, action, holder: group, delta, verdicts, roles, members: names, witnesses: [witness] };
}

/** The records of roles whose change, together, is just the group's; null when it is another. */
function toldByRoles(
  { merged, deltas }: Sweep,
  group: Group,
  action: string,
  delta: Delta,
  verdicts: Verdicts,
  records: readonly Difference[],
): readonly Difference[] | null {
  const distinct = [...new Set(records)];
  const isCovered = directions.every(
    (direction) =>
      verdicts[direction] === 'impossible' || distinct.some((record) => record.verdicts[direction] !== 'impossible'),
  );
  if (distinct.length === 0 || !isCovered) return null;
  const concerned = group.base.flatMap((part, at) => {
    const other = group.head[at];
    return other && (cellOf(merged.base, part.role, action) !== 0 || cellOf(merged.head, other.role, action) !== 0)
      ? [[part, other] as const]
      : [];
  });
  if (new Set(concerned.map(([part]) => part.role)).size === 1) return distinct;
  const { store } = deltas.rails;
  const joined = { gained: 0, lost: 0, eased: 0, burdened: 0 };
  for (const [part, other] of concerned) {
    const one = deltas.of({ base: [part], head: [other], frame: group.frame }, action);
    if (!one) return null;
    for (const direction of directions) joined[direction] = store.join(joined[direction], one[direction]);
  }
  return directions.every((direction) => joined[direction] === delta[direction]) ? distinct : null;
}

/** The same cells in the same light, in some order. */
function isSame({ merged }: Sweep, { base, head }: Group, action: string): boolean {
  const askers = [...new Set([...base, ...head].map(({ asker }) => asker))];
  const keys = (side: Side, parts: readonly Part[]) =>
    parts
      .flatMap(({ role, asker, from, until }) => {
        const cell = cellOf(side, role, action);
        return cell === 0 ? [] : [`${cell} ${askers.indexOf(asker)} ${from} ${until}`];
      })
      .sort()
      .join('\n');
  return sameChain(merged) && keys(merged.base, base) === keys(merged.head, head);
}

/** Outcomes in another order make another decision of the same diagram. */
function sameChain({ base, head }: Merged): boolean {
  return base.chain.join() === head.chain.join();
}

function judgeAll(judge: Judge, delta: Delta | null, { frame }: Holder): Verdicts {
  const verdict = (direction: Direction) => (delta ? judge.verdict(delta[direction], frame) : 'undecided');
  return { gained: verdict('gained'), lost: verdict('lost'), eased: verdict('eased'), burdened: verdict('burdened') };
}

function isNothing(delta: Delta): boolean {
  return directions.every((direction) => delta[direction] === 0);
}
