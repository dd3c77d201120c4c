import type { Model } from '../solver/index.ts';
import type { Frame, State } from './frame.ts';
import { attributesOf } from './links.ts';
import { atomIn, type Literal, literalOf, literalsIn, stateOf, variableIn } from './literals.ts';
import { LooseEnds } from './loose.ts';
import type { Merged } from './merge.ts';
import { joinModels, type Solved } from './models.ts';
import type { Focus, Rails, Variable } from './rails.ts';
import { Chains, joined, type Realm, Realms } from './realms.ts';

export type Kind = 'possible' | 'impossible' | 'undecided';

export interface Conflict {
  readonly kind: 'impossible' | 'undecided';
  readonly literals: readonly Literal[];
  /** It may be none for somebody else. */
  readonly isPersonal: boolean;
}

/**
 * Asks the solver about states of the world, by parts: literals that share nothing free (no attribute, no setting that is
 * not fixed) cannot contradict each other, and the same few parts come again and again.
 */
export class Theory {
  readonly chains = new Chains();
  readonly realms: Realms;
  private readonly merged: Merged;
  private readonly special: ReadonlySet<string>;
  private readonly loose: LooseEnds;
  /** By atom: what it reads. */
  private readonly attributes: readonly (readonly string[])[];
  /** By chain of literals. */
  private readonly kinds: (Kind | undefined)[] = [];
  private readonly conflicts: (Conflict | null | undefined)[] = [];
  private readonly solved: (Omit<Solved, 'own'> | null | undefined)[] = [];
  /** By part, while a question is split up. */
  private readonly chainOf: number[] = [];
  private readonly touched: number[] = [];

  /** `special`: ids that constants and settings name, so that a member with one of them is not like others. */
  constructor(merged: Merged, rails: Rails, special: ReadonlySet<string>) {
    this.merged = merged;
    this.special = special;
    this.loose = new LooseEnds(merged);
    this.attributes = merged.atoms.map(attributesOf);
    this.realms = new Realms(merged, rails, special, this.chains);
  }

  /** Equal for frames in which the same is true of functions with this focus. */
  group(frame: Frame, focus: Focus): number {
    return this.realms.group(frame, focus);
  }

  /** Equal for frames with the same settings, as far as functions with this focus read them. */
  twins(frame: Frame, focus: Focus): number {
    return this.realms.twins(frame, focus);
  }

  check(frame: Frame, state: State): Kind {
    return this.conflict(frame, literalsIn(state))?.kind ?? 'possible';
  }

  /** What is asked in such a state, by one of those of whom the same is true; null where the solver finds nothing. */
  model(frame: Frame, literals: readonly Literal[]): Model | null {
    const realm = this.realms.of(frame);
    const found: Solved[] = [];
    for (const [part, own] of byPart(realm, literals)) {
      const texts = this.textsOf(frame, part);
      for (const alone of this.split(realm.frame, own)) {
        const chain = this.chain(realm, part, alone);
        let solved = this.solved[chain];
        if (solved === undefined) {
          const answer = realm.frame.solve(stateOf(alone));
          solved = answer.kind === 'possible' ? { model: answer.model, texts: this.textsOf(realm.frame, part) } : null;
          put(this.solved, chain, solved);
        }
        if (!solved) return null;
        const isTheirs = this.isPersonal(alone);
        found.push({ model: solved.model, texts: isTheirs ? solved.texts : [], own: texts });
      }
    }
    const read: string[] = [];
    for (const literal of literals) for (const name of this.attributes[atomIn(literal)] ?? []) read.push(name);
    return joinModels(found, this.special, read);
  }

  /**
   * What of a state is not possible, with nothing in it that could be left out; null where all is possible.
   * The literals stand by their variables.
   */
  conflict(frame: Frame, literals: readonly Literal[]): Conflict | null {
    const realm = this.realms.of(frame);
    const { chainOf, touched } = this;
    touched.length = 0;
    for (const literal of literals) {
      const part = realm.parts[atomIn(literal)] as number;
      let chain = chainOf[part] ?? 0;
      if (chain === 0) {
        chain = realm.roots[part] as number;
        touched.push(part);
      }
      chainOf[part] = this.chains.step(chain, literal);
    }
    let found: Conflict | null = null;
    for (const part of touched) {
      if (found?.kind !== 'impossible') {
        found = this.conflictOf(realm, chainOf[part] as number, part, literals) ?? found;
      }
    }
    for (const part of touched) chainOf[part] = 0;
    return found;
  }

  /** What is allowed, by parts that share nothing; each with a number that is the same for the same part. */
  partsOf(frame: Frame, literals: readonly Literal[]): readonly (readonly [number, readonly Literal[]])[] {
    const realm = this.realms.of(frame);
    return byPart(realm, literals).map(([part, own]) => [this.chain(realm, part, own), own]);
  }

  /** Of these, what shares something with the variable, itself included. */
  related(frame: Frame, variables: Iterable<Variable>, variable: Variable): readonly Variable[] {
    const literals = [...new Set([...variables, variable])].map((each) => literalOf(each, 0));
    const own = literalOf(variable, 0);
    return (this.split(frame, literals).find((part) => part.includes(own)) ?? []).map(variableIn);
  }

  /** Does it matter who asks? */
  isPersonal(literals: readonly Literal[]): boolean {
    return literals.some((literal) => this.merged.atoms[atomIn(literal)]?.isPersonal);
  }

  /** What those of one realm may have each their own of: ids, and texts of settings. */
  private textsOf(frame: Frame, part: number): readonly (string | null)[] {
    return [frame.id, frame.formerId, ...this.realms.textsOf(frame, part)];
  }

  private conflictOf(realm: Realm, chain: number, part: number, all: readonly Literal[]): Conflict | null {
    const known = this.conflicts[chain];
    if (known !== undefined) return known;
    const own = all.filter((literal) => realm.parts[atomIn(literal)] === part);
    let conflict: Conflict | null = null;
    for (const literals of this.split(realm.frame, own)) {
      const kind = this.kindOf(realm, part, literals);
      if (kind === 'possible') continue;
      conflict = kind === 'impossible' ? this.coreOf(realm, part, literals) : { kind, literals, isPersonal: true };
      if (kind === 'impossible') break;
    }
    put(this.conflicts, chain, conflict);
    return conflict;
  }

  private coreOf(realm: Realm, part: number, literals: readonly Literal[]): Conflict {
    let core = literals;
    for (const literal of literals) {
      const without = core.filter((other) => other !== literal);
      if (without.length > 0 && this.kindOf(realm, part, without) === 'impossible') core = without;
    }
    const isPersonal = core.some((literal) => this.merged.atoms[atomIn(literal)]?.isPersonal);
    return { kind: 'impossible', literals: core, isPersonal };
  }

  private kindOf(realm: Realm, part: number, literals: readonly Literal[]): Kind {
    const chain = this.chain(realm, part, literals);
    let kind = this.kinds[chain];
    if (kind === undefined) {
      kind = this.decide(realm, part, literals);
      put(this.kinds, chain, kind);
    }
    return kind;
  }

  private decide(realm: Realm, part: number, literals: readonly Literal[]): Kind {
    const left = this.loose.without(literals, realm.frame);
    if (left.length === literals.length) return realm.frame.solve(stateOf(literals)).kind;
    const kinds = this.split(realm.frame, left).map((own) => this.kindOf(realm, part, own));
    return kinds.find((kind) => kind === 'impossible') ?? kinds.find((kind) => kind === 'undecided') ?? 'possible';
  }

  private chain(realm: Realm, part: number, literals: readonly Literal[]): number {
    let chain = realm.roots[part] as number;
    for (const literal of literals) chain = this.chains.step(chain, literal);
    return chain;
  }

  /** Those of one part may share nothing either, where what would connect them is not among them. */
  private split(frame: Frame, literals: readonly Literal[]): readonly (readonly Literal[])[] {
    if (literals.length < 2) return [literals];
    const links = this.realms.linksOf(frame);
    const roots = joined(literals.map((literal) => links[atomIn(literal)] ?? []));
    const found = new Map<number, Literal[]>();
    literals.forEach((literal, at) => {
      const root = roots[at] ?? 0;
      const own = found.get(root);
      if (own) own.push(literal);
      else found.set(root, [literal]);
    });
    return [...found.values()];
  }
}

/** By part: its literals, in the order they had. */
function byPart({ parts }: Realm, literals: readonly Literal[]): readonly (readonly [part: number, Literal[]])[] {
  const found: (readonly [number, Literal[]])[] = [];
  for (const literal of literals) {
    const part = parts[atomIn(literal)] as number;
    const own = found.find((each) => each[0] === part);
    if (own) own[1].push(literal);
    else found.push([part, [literal]]);
  }
  return found;
}

/** Arrays without holes are quicker. */
function put<T>(values: (T | undefined)[], at: number, value: T): void {
  while (values.length <= at) values.push(undefined);
  values[at] = value;
}
