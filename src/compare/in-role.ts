import { PairMemo } from '../diagram/index.ts';
import { type Concerned, Crowds } from './crowds.ts';
import type { Delta, Holder, Observer } from './delta.ts';
import type { Difference, Sweep, Witness } from './differences.ts';
import type { Who } from './examples.ts';
import type { Branch } from './families.ts';
import type { Frame } from './frame.ts';
import { isImpossible, type Judge, type Verdicts } from './judge.ts';
import { cellOf, type Merged } from './merge.ts';
import { atomOf } from './rails.ts';

/** What a pair of cells comes to for whoever holds a role. */
export interface Finding {
  /** It is about whoever sets nothing, who are looked at apart. */
  readonly isApart: boolean;
  readonly delta: Delta;
  readonly verdicts: Verdicts;
  /** As strangers see it, who may stand in an example. */
  readonly stranger: Delta | null;
}

/** So many may stand in an example. */
const most = 8;

/** Finds what differs for roles: each pair of cells is looked at once for all roles that see it alike. */
export class Roles {
  readonly crowds = new Crowds();
  private readonly sweep: Sweep;
  private readonly outlooks = new Map<Frame, Map<Frame | null, Outlook>>();

  constructor(sweep: Sweep) {
    this.sweep = sweep;
  }

  /** Of a role of the base and of one of the head. */
  find(base: number, head: number): InRole {
    const { merged, holders, deltas } = this.sweep;
    const [before, after] = [merged.base.view.roles[base], merged.head.view.roles[head]];
    const isGiven = before?.givenByApplication === true && after?.givenByApplication === true;
    const who = { kind: 'holder', base: before?.name ?? null, head: after?.name ?? null, isStranger: false } as const;
    const any = holders.ofRole(base, head, 'any', isGiven);
    // Whoever sets nothing, as strangers do, is one of these, but where a default changed.
    const isAsked = isGiven || holders.otherDefaults.size > 0;
    const plain = isAsked ? holders.ofRole(base, head, 'plain', isGiven) : null;
    const outlook = this.outlookOf(any, plain);
    const isOne = isSeenAlike(any) && (plain === null || isSeenAlike(plain)) && merged.isOneChain;
    const observers = { any: deltas.observe(any), plain: plain && deltas.observe(plain) };
    const found = Int32Array.from(merged.actions, (_, action) => {
      const [was, is] = [cellOf(merged.base, base, action), cellOf(merged.head, head, action)];
      return isOne && was === is ? 0 : outlook.of(was, is, observers, action);
    });
    return new InRole(this.crowds, outlook, { who, any, plain, isGiven }, found);
  }

  private outlookOf(any: Holder, plain: Holder | null): Outlook {
    let known = this.outlooks.get(any.frame);
    if (!known) {
      known = new Map();
      this.outlooks.set(any.frame, known);
    }
    const key = plain?.frame ?? null;
    let outlook = known.get(key);
    if (!outlook) {
      outlook = new Outlook(this.sweep, any, plain);
      known.set(key, outlook);
    }
    return outlook;
  }
}

type Observers = Readonly<{ any: Observer; plain: Observer | null }>;

/** Roles whose holders have the same settings: what is found about two cells is true of all of them. */
class Outlook {
  /** 0 where nobody looked; nothing is found by 1. */
  readonly findings: (readonly Finding[])[] = [[], []];
  private readonly merged: Merged;
  private readonly judge: Judge;
  private readonly otherDefaults: ReadonlySet<string>;
  private readonly frame: Frame;
  private readonly plain: Frame | null;
  /** By cells. */
  private readonly numbers = new PairMemo();

  constructor({ merged, judge, holders }: Sweep, any: Holder, plain: Holder | null) {
    this.merged = merged;
    this.judge = judge;
    this.otherDefaults = holders.otherDefaults;
    this.frame = any.frame;
    this.plain = plain?.frame ?? null;
  }

  /** The number of what is found. */
  of(was: number, is: number, observers: Observers, action: number): number {
    if (was === 0 && is === 0) return 1;
    let number = this.numbers.get(was, is);
    if (number < 0) {
      const findings = this.find(observers, action);
      number = findings.length === 0 ? 1 : this.findings.push(findings) - 1;
      this.numbers.set(was, is, number);
    }
    return number;
  }

  private find({ any, plain }: Observers, action: number): readonly Finding[] {
    const ofAny = any.at(action);
    const ofPlain = plain?.at(action) ?? null;
    const isApart = ofPlain !== null && this.otherDefaults.size > 0 && this.readsDefaults(ofPlain);
    const found = this.judged(ofAny, this.frame, false, isApart ? null : ofPlain);
    return isApart ? [...found, ...this.judged(ofPlain, this.plain as Frame, true, ofPlain)] : found;
  }

  private judged(delta: Delta, frame: Frame, isApart: boolean, stranger: Delta | null): readonly Finding[] {
    if (delta.isNothing) return [];
    const verdicts = this.judge.verdicts(delta, frame);
    return isImpossible(verdicts) ? [] : [{ isApart, delta, verdicts, stranger }];
  }

  /** Does what differs depend on a setting whose default changed? */
  private readsDefaults({ sights, focus }: Delta): boolean {
    const { atoms } = this.merged;
    // Without sights it is too large, so that nobody knows.
    if (!sights) return true;
    return focus.settings.some((variable) =>
      atoms[atomOf(variable)]?.slots.some((slot) => this.otherDefaults.has(slot)),
    );
  }
}

interface Holding {
  readonly who: Who & { readonly kind: 'holder' };
  readonly any: Holder;
  readonly plain: Holder | null;
  /** By applications, to strangers too. */
  readonly isGiven: boolean;
}

/** What differs for whoever holds a role; members who see just that are added. In columns, since there is very much. */
export class InRole {
  private readonly crowds: Crowds;
  private readonly outlook: Outlook;
  private readonly holding: Holding;
  /** By action: the number of what is found. */
  private readonly found: Int32Array;
  /** By action, for each of at most two findings: who sees just that. */
  private readonly joined: readonly Int32Array[];

  constructor(crowds: Crowds, outlook: Outlook, holding: Holding, found: Int32Array) {
    this.crowds = crowds;
    this.outlook = outlook;
    this.holding = holding;
    this.found = found;
    this.joined = [new Int32Array(found.length), new Int32Array(found.length)];
  }

  /** On the head. */
  get name(): string | null {
    return this.holding.who.head;
  }

  /** Actions of which the cells were looked at: they may differ for members with settings of their own only. */
  looked(): readonly number[] {
    const actions: number[] = [];
    for (let action = 0; action < this.found.length; action++) if (this.found[action] !== 0) actions.push(action);
    return actions;
  }

  findings(action: number): readonly Finding[] {
    return this.outlook.findings[this.found[action] as number] as readonly Finding[];
  }

  holderOf({ isApart }: Finding): Holder {
    return isApart && this.holding.plain ? this.holding.plain : this.holding.any;
  }

  /** Members see what one of the findings says, in directions of these bits. */
  join(action: number, at: number, branch: Branch, felt: number): void {
    const joined = this.joined[at] as Int32Array;
    joined[action] = this.crowds.add(joined[action] as number, branch, felt);
  }

  get count(): number {
    let count = 0;
    for (const number of this.found) count += this.outlook.findings[number]?.length ?? 0;
    return count;
  }

  *differences(): Iterable<Difference> {
    for (let action = 0; action < this.found.length; action++) {
      const findings = this.findings(action);
      for (let at = 0; at < findings.length; at++) {
        yield new OfRole(this, action, findings[at] as Finding, this.joined[at]?.[action] ?? 0);
      }
    }
  }

  concerned(crowd: number): Concerned {
    return this.crowds.concerned(crowd);
  }

  witnesses(action: number, finding: Finding, crowd: number): readonly Witness[] {
    const { who, plain, isGiven } = this.holding;
    const { delta, stranger } = finding;
    const found: Witness[] = [{ holder: this.holderOf(finding), who, delta }];
    if (isGiven && plain && stranger) found.push({ holder: plain, who: { ...who, isStranger: true }, delta: stranger });
    for (const kin of this.crowds.first(crowd, most - found.length)) {
      found.push({ ...kin.witness, delta: kin.observer.at(action) });
    }
    return found;
  }
}

/** Made when its turn comes. */
class OfRole implements Difference {
  readonly action: number;
  private readonly owner: InRole;
  private readonly finding: Finding;
  private readonly crowd: number;

  constructor(owner: InRole, action: number, finding: Finding, crowd: number) {
    this.owner = owner;
    this.action = action;
    this.finding = finding;
    this.crowd = crowd;
  }

  get role(): string | null {
    return this.owner.name;
  }

  get holder(): Holder {
    return this.owner.holderOf(this.finding);
  }

  get delta(): Delta {
    return this.finding.delta;
  }

  get verdicts(): Verdicts {
    return this.finding.verdicts;
  }

  get members(): Concerned {
    return this.owner.concerned(this.crowd);
  }

  get witnesses(): readonly Witness[] {
    return this.owner.witnesses(this.action, this.finding, this.crowd);
  }
}

/** By both sides. */
export function isSeenAlike({ base, head }: Holder): boolean {
  return base[0]?.asker === head[0]?.asker;
}
