import type { TableValue } from '../runtime/index.ts';
import type { TableView } from '../runtime/tools.ts';
import { type Asker, Askers } from './askers.ts';
import type { Holder, Part } from './delta.ts';
import { Frame } from './frame.ts';
import type { Merged, Side } from './merge.ts';
import type { Pairing } from './pairings.ts';
import { keyOf, type SlotState } from './slot-state.ts';

/** Members whom no request can tell apart, except by name. */
export interface Group extends Holder {
  /** What to ask the base, and the head, for. */
  readonly members: readonly (readonly [base: string, head: string])[];
  /** Both sides hold the same roles, by pair of roles, with the same dates and settings of their own. */
  readonly isUnchanged: boolean;
  /** Unchanged, and just one role without dates. */
  readonly isPlain: boolean;
  /** On the head. */
  readonly names: readonly string[];
}

/** A role of one side and what it is called on the other. */
export interface RolePair {
  readonly base: number;
  readonly head: number;
  readonly name: string;
}

/** Makes holders of roles and members; equal ones share what they are compared with. */
export class Holders {
  private readonly merged: Merged;
  /** Slots that some atom reads; others decide nothing. */
  private readonly slots: readonly string[];
  private readonly askers = new Map<string, Asker>();
  private readonly frames = new Map<string, Frame>();
  private readonly shared = new Map<string, Askers>();
  private readonly numbers = new Map<Asker, number>();
  private readonly parts = new Map<string, readonly Part[]>();
  /** Set by roles only, as far as the tables show. */
  private readonly ofRolesOnly: ReadonlySet<string>;
  /** Ids that constants and settings name, so that a member with one of them is not like others. */
  readonly special: ReadonlySet<string>;
  /** Settings to which the two sides give another default. */
  readonly otherDefaults: ReadonlySet<string>;
  private readonly readsId: boolean;

  constructor(merged: Merged) {
    this.merged = merged;
    this.slots = [...new Set(merged.atoms.flatMap(({ slots }) => slots))].sort();
    const views = [merged.base.view, merged.head.view];
    const byRoles = new Set(views.flatMap((view) => view.roles.flatMap((role) => namesOf(view, role.settings))));
    const byAssignments = new Set(views.flatMap(slotsOfAssignments));
    this.ofRolesOnly = new Set([...byRoles].filter((name) => !byAssignments.has(name)));
    const [one, other] = [merged.base.view, merged.head.view];
    const isMoved = (slot: string) => stateKey(defaultOf(one, slot)) !== stateKey(defaultOf(other, slot));
    this.otherDefaults = new Set(this.slots.filter(isMoved));
    this.readsId = merged.atoms.some((atom) => atom.readsId);
    this.special = new Set([...constantsOf(merged), ...views.flatMap(textsOfSettings)]);
  }

  /**
   * Whoever holds a role: its own settings as they are, those of assignments free. `plain`: without settings of their
   * own, so that a changed default shows. Of a stranger not even the id need be known.
   */
  ofRole(base: number, head: number, kind: 'any' | 'plain', isStranger: boolean): Holder {
    const sides = [
      [this.merged.base, base],
      [this.merged.head, head],
    ] as const;
    const own = sides.map(([{ view }, role]) => settingsBySlot(view, view.roles[role]?.settings ?? []));
    const isSet = (slot: string) => own.some((settings) => settings.has(slot));
    const [first, second] = sides.map(([{ view }], at) =>
      this.asker((slot): SlotState => {
        const value = own[at]?.get(slot);
        if (value !== undefined) return fixed(value);
        const fallback = defaultOf(view, slot);
        const isFree = kind === 'any' && !isSet(slot) && !this.ofRolesOnly.has(slot);
        if (isFree) return { kind: 'free', isPresent: this.hasDefault(slot) };
        return fixed(fallback);
      }),
    );
    const frame = this.frame(
      [first, second].flatMap((asker) => asker ?? []),
      null,
      isStranger,
    );
    const part = (role: number, asker: Asker | undefined): readonly Part[] =>
      asker ? [{ role, asker, own: '', from: null, until: null }] : [];
    return { base: part(base, first), head: part(head, second), frame };
  }

  /**
   * Whoever holds a role of one side, and on the other nothing. `plain`: without settings of their own, such as a stranger,
   * whose id may be given.
   */
  ofLoneRole(side: Side, role: number, kind: 'any' | 'plain', id: string | null = null): Holder {
    const own = settingsBySlot(side.view, side.view.roles[role]?.settings ?? []);
    const asker = this.asker((slot): SlotState => {
      const value = own.get(slot);
      const fallback = value ?? defaultOf(side.view, slot);
      const isFree = kind === 'any' && value === undefined && !this.ofRolesOnly.has(slot);
      return isFree ? { kind: 'free', isPresent: fallback !== null } : fixed(fallback);
    });
    const frame = this.frame([asker], id, kind === 'plain' && id === null);
    return alone(side, [{ role, asker, own: '', from: null, until: null }], frame);
  }

  /** What a member of one side holds, and on the other nothing. */
  ofLoneMember(side: Side, member: number): Holder {
    const parts = this.partsOf(side, member, false);
    const askers = [...new Set(parts.map(({ asker }) => asker))];
    return alone(side, parts, this.frame(askers, side.view.member(member).id, false));
  }

  /** Members by what they hold. `pairOf` gives the pair of a role of a side. */
  groups(pairings: readonly Pairing[], pairOf: (side: Side, role: number) => number): readonly Group[] {
    type Growing = Group & { members: (readonly [string, string])[]; names: string[] };
    const groups = new Map<string, Growing>();
    const { base, head } = this.merged;
    for (const pairing of pairings) {
      const [before, after, name] = [pairing.base, pairing.head, pairing.names[1]];
      const { id } = head.view.member(after);
      const was = base.view.member(before).id;
      const former = this.readsId && was !== id ? was : null;
      const holdings = [holdingOf(base.view, before), holdingOf(head.view, after)];
      const ids = [id, former].map((one) => (one === null || this.special.has(one) ? one : ''));
      const key = JSON.stringify([holdings, ids]);
      const known = groups.get(key);
      if (known) {
        known.members.push(pairing.names);
        known.names.push(name);
        continue;
      }
      const [ofBase, ofHead] = [this.partsOf(base, before, former !== null), this.partsOf(head, after, false)];
      const askers = [...new Set([...ofBase, ...ofHead].map(({ asker }) => asker))];
      const frame = this.frame(askers, id, false, former);
      const isSame = sameParts(ofBase, ofHead, (side, role) => pairOf(side === 0 ? base : head, role));
      const [part] = ofBase;
      const isUnchanged = former === null && isSame;
      const isPlain = isUnchanged && ofBase.length === 1 && part?.from === null && part.until === null;
      groups.set(key, {
        base: ofBase,
        head: ofHead,
        frame,
        isUnchanged,
        isPlain,
        members: [pairing.names],
        names: [name],
      });
    }
    return [...groups.values()];
  }

  /** What a member holds; nothing while inactive. */
  private partsOf(side: Side, index: number, isFormer: boolean): readonly Part[] {
    const key = `${side.name} ${holdingOf(side.view, index)} ${isFormer}`;
    const known = this.parts.get(key);
    if (known) return known;
    const { active, assignments } = side.view.member(index);
    const parts = (active ? assignments : []).map(({ role, settings, from, until }): Part => {
      const own = settingsBySlot(side.view, settings);
      const ofRole = settingsBySlot(side.view, side.view.roles[role]?.settings ?? []);
      const asker = this.asker(
        (slot) => fixed(own.get(slot) ?? ofRole.get(slot) ?? defaultOf(side.view, slot)),
        isFormer,
      );
      const texts = this.slots.flatMap((slot) =>
        own.has(slot) ? [`${slot} ${keyOf(fixed(own.get(slot) ?? null))}`] : [],
      );
      return { role, asker, own: texts.join('\n'), from, until };
    });
    const name = ({ role, own, from, until }: Part) => JSON.stringify([side.view.roles[role]?.name, own, from, until]);
    parts.sort((a, b) => (name(a) < name(b) ? -1 : 1));
    this.parts.set(key, parts);
    return parts;
  }

  private asker(stateOf: (slot: string) => SlotState, isFormer = false): Asker {
    const states = this.slots.map((slot) => [slot, stateOf(slot)] as const);
    const keys = states.map(([slot, state]) => [slot, keyOf(state)] as const);
    const settings = keys.map(([, key]) => key).join('\n');
    const key = `${isFormer}\n${settings}`;
    const asker = this.askers.get(key) ?? { slots: new Map(states), keys: new Map(keys), settings, isFormer };
    this.askers.set(key, asker);
    if (!this.numbers.has(asker)) this.numbers.set(asker, this.numbers.size);
    return asker;
  }

  private frame(askers: readonly Asker[], id: string | null, isStranger: boolean, former: string | null = null): Frame {
    const distinct = [...new Set(askers)];
    const numbers = distinct.map((asker) => this.numbers.get(asker)).join();
    const shared = this.shared.get(numbers) ?? new Askers(this.merged, distinct);
    this.shared.set(numbers, shared);
    const key = JSON.stringify([numbers, id, isStranger, former]);
    const frame = this.frames.get(key) ?? new Frame(this.merged, shared, id, isStranger, former);
    this.frames.set(key, frame);
    return frame;
  }

  /** Where one side has a default and the other has none, whoever sets nothing is looked at apart: see `plain`. */
  private hasDefault(slot: string): boolean {
    return [this.merged.base.view, this.merged.head.view].some((view) => defaultOf(view, slot) !== null);
  }
}

function alone({ name }: Side, parts: readonly Part[], frame: Frame): Holder {
  return name === 'base' ? { base: parts, head: [], frame } : { base: [], head: parts, frame };
}

function sameParts(
  base: readonly Part[],
  head: readonly Part[],
  pairOf: (side: 0 | 1, role: number) => number,
): boolean {
  if (base.length !== head.length) return false;
  const keys = (parts: readonly Part[], side: 0 | 1) =>
    parts.map(({ role, own, from, until }) => `${pairOf(side, role)} ${from} ${until} ${own}`);
  const [before, after] = [keys(base, 0), keys(head, 1)];
  return before.every((key, at) => key === after[at] && !key.startsWith('-'));
}

export function settingsBySlot(
  view: TableView,
  settings: readonly { readonly slot: number; readonly value: TableValue }[],
): ReadonlyMap<string, TableValue> {
  return new Map<string, TableValue>(settings.map(({ slot, value }) => [view.slots[slot]?.name ?? '', value]));
}

function namesOf(
  view: TableView,
  settings: readonly { readonly slot: number; readonly value: TableValue }[],
): readonly string[] {
  return settings.map(({ slot }) => view.slots[slot]?.name ?? '');
}

function slotsOfAssignments(view: TableView): readonly string[] {
  const found = new Set<string>();
  for (const member of distinctMembers(view)) {
    for (const { settings } of member.assignments) for (const name of namesOf(view, settings)) found.add(name);
  }
  return [...found];
}

/** One member for each way to hold something. */
function distinctMembers(view: TableView) {
  const byHolding = new Map<number | null, number>();
  for (let index = 0; index < view.memberCount; index++) {
    const holding = holdingOf(view, index);
    if (!byHolding.has(holding)) byHolding.set(holding, index);
  }
  return [...byHolding.values()].map((index) => view.member(index));
}

/** Members with one number hold the same. */
function holdingOf(view: TableView, index: number): number | null {
  return index < 0 ? null : view.heldBy(index);
}

const defaults = new WeakMap<TableView, ReadonlyMap<string, TableValue | null>>();

function defaultOf(view: TableView, slot: string): TableValue | null {
  let known = defaults.get(view);
  if (!known) {
    known = new Map(view.slots.map((item) => [item.name, item.default]));
    defaults.set(view, known);
  }
  return known.get(slot) ?? null;
}

function stateKey(value: TableValue | null): string {
  return keyOf(fixed(value));
}

function fixed(value: TableValue | null): SlotState {
  return value === null ? { kind: 'missing' } : { kind: 'fixed', value };
}

function constantsOf({ atoms }: Merged): readonly string[] {
  return atoms.flatMap(({ atom }) =>
    [atom.left, atom.right].flatMap((side) => (side?.kind === 'constant' ? textsOf(side.value) : [])),
  );
}

function textsOfSettings(view: TableView): readonly string[] {
  const ofRoles = view.roles.flatMap(({ settings }) => settings.map(({ value }) => value));
  const ofMembers = distinctMembers(view).flatMap(({ assignments }) =>
    assignments.flatMap(({ settings }) => settings.map(({ value }) => value)),
  );
  const fallbacks = view.slots.flatMap((slot) => slot.default ?? []);
  return [...ofRoles, ...ofMembers, ...fallbacks].flatMap((value) => textsOf(typeof value === 'symbol' ? '' : value));
}

function textsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] =
    typeof value === 'object' && value !== null ? [...(value as Iterable<unknown>)] : [value];
  return values.filter((item) => typeof item === 'string');
}
