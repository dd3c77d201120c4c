import type { User } from '../runtime/index.ts';
import { viewOf } from '../runtime/tools.ts';
import { buildRequest, type Model } from '../solver/index.ts';
import type { Answer, Example } from './comparison.ts';
import type { Direction } from './delta.ts';
import { type Draft, describeUser, holder, type Who } from './example-users.ts';
import type { Frame } from './frame.ts';
import { type Literal, statesIn, variableIn } from './literals.ts';
import type { Name, Side } from './merge.ts';
import { UNKNOWN } from './rails.ts';
import { Chains } from './realms.ts';
import type { Theory } from './theory.ts';
import { attributeText } from './words.ts';

export type { Who } from './example-users.ts';

const allow: Answer = { allow: true, outcome: null, duties: [] };
const deny: Answer = { allow: false, outcome: null, duties: [] };

/** Makes requests of states of the world, and asks both tables. */
export class Examples {
  private readonly theory: Theory;
  /** Of nobody's own and of everybody, by state of the world. */
  private readonly drafts: Readonly<Record<'somebody' | 'member', Map<number, Draft | null>>> = {
    somebody: new Map(),
    member: new Map(),
  };
  private readonly ofFrames = new Map<Frame, Map<number, Draft | null>>();
  /** Equal states have one number. */
  private readonly states = new Chains();
  private readonly known = new Map<readonly Literal[], Kind>();
  private readonly start = this.states.root(0);
  private readonly members: Users = { base: new Map(), head: new Map() };
  /** By id and role. */
  private readonly holders: Users = { base: new Map(), head: new Map() };

  constructor(theory: Theory) {
    this.theory = theory;
  }

  /** Null where the solver finds no request. Whether it shows anything is for the tables' answers to say. */
  make(frame: Frame, state: readonly Literal[], who: Who, action: number): Example | null {
    const draft = this.draft(frame, state);
    if (!draft) return null;
    const { base, head, actions } = frame.merged;
    const name = actions[action] ?? '';
    const { request, context, missing } = draft;
    const user = describeUser(head, who, draft);
    const isAlike = who.base === who.head && (who.kind === 'member' ? draft.isPlain : request.settings.size === 0);
    const baseUser = isAlike ? user : describeUser(base, who, draft);
    return {
      user: who.head === null ? baseUser : user,
      baseUser,
      action: name,
      resource: request.resource ?? null,
      context,
      missing,
      base: answer(base, this.bind(base, who, draft, baseUser), name, draft),
      head: answer(head, this.bind(head, who, draft, user), name, draft),
    };
  }

  private draft(frame: Frame, state: readonly Literal[]): Draft | null {
    const { number, isPersonal } = this.kindOf(state);
    const drafts = this.draftsFor(frame, isPersonal);
    if (!drafts) return this.makeDraft(frame, state);
    let draft = drafts.get(number);
    if (draft === undefined) {
      draft = this.makeDraft(frame, state);
      drafts.set(number, draft);
    }
    return draft;
  }

  /** Null where it is asked once. */
  private draftsFor(frame: Frame, isPersonal: boolean): Map<number, Draft | null> | null {
    // Somebody in a role is given an id; a member has one.
    if (!isPersonal) return this.drafts[frame.id === null ? 'somebody' : 'member'];
    if (frame.id !== null) return null;
    const known = this.ofFrames.get(frame) ?? new Map<number, Draft | null>();
    this.ofFrames.set(frame, known);
    return known;
  }

  private makeDraft(frame: Frame, state: readonly Literal[]): Draft | null {
    const found = this.theory.model(frame, state);
    if (!found) return null;
    const model = ownModel(frame, found);
    const built = buildRequest(model);
    // Somebody, unless the id matters; then it is the model's, or missing.
    const isAsked = model.attributes.some(({ root, path }) => root === 'user' && path.join() === 'id');
    const request = isAsked || frame.id !== null ? built : { ...built, user: { id: 'somebody', ...built.user } };
    const { id: _, ...others } = request.user;
    return {
      request,
      context: contextOf(request.context, model),
      missing: missingIn(model, frame, state),
      others,
      isPlain: Object.keys(others).length === 0,
    };
  }

  private kindOf(state: readonly Literal[]): Kind {
    let kind = this.known.get(state);
    if (!kind) {
      let number = this.start;
      for (const literal of state) number = this.states.step(number, literal);
      kind = { number, isPersonal: this.theory.isPersonal(state) };
      this.known.set(state, kind);
    }
    return kind;
  }

  /** The user as the table takes it. */
  private bind({ name: side, table }: Side, who: Who, draft: Draft, described: Example['user']): User {
    const name = who[side];
    if (who.kind === 'member') {
      return typeof described === 'string'
        ? bound(this.members[side], described, () => table.user(described))
        : table.user(described);
    }
    if (who.isStranger) return table.user(described);
    const { request, others, isPlain } = draft;
    const { id } = request.user;
    const make = () => holder(table, name, id, others, request.settings);
    const isBare = isPlain && request.settings.size === 0 && typeof id === 'string';
    return isBare ? bound(this.holders[side], `${id}\n${name}`, make) : make();
  }
}

/** What is asked of a state again and again. */
interface Kind {
  readonly number: number;
  /** Does it matter who asks? */
  readonly isPersonal: boolean;
}

type Users = Readonly<Record<Name, Map<string, User>>>;

/** Some ask again and again. */
function bound(users: Map<string, User>, key: string, make: () => User): User {
  let user = users.get(key);
  if (!user) {
    user = make();
    users.set(key, user);
  }
  return user;
}

function answer({ table }: Side, user: User, action: string, { request, context }: Draft): Answer {
  // Most tables know no outcomes, and most that is asked is asked many times.
  if (viewOf(table).outcomes.length === 0) return user.can(action, request.resource, context) ? allow : deny;
  const { allow: isAllowed, outcome, duties } = user.decide(action, request.resource, context);
  return { allow: isAllowed, outcome, duties };
}

/** Do the tables' answers show what was claimed? */
export function shows({ base, head }: Example, direction: Direction): boolean {
  switch (direction) {
    case 'gained':
      return head.allow && !base.allow;
    case 'lost':
      return base.allow && !head.allow;
    default:
      return base.allow && head.allow && (base.outcome !== head.outcome || base.duties.join() !== head.duties.join());
  }
}

/** Slots by the names of the tables; only what is free is anybody's to say. */
function ownModel(frame: Frame, { attributes, slots }: Model): Model {
  return {
    attributes: attributes.filter(({ root, path }) => frame.isSent(root, path)),
    slots: slots.filter(({ slot }) => frame.slotOf(slot) === slot),
  };
}

/** A clock always gives the time, so that a time that is not known has to be sent as such. */
function contextOf(context: unknown, { attributes }: Model): unknown {
  const now = attributes.find(({ root, path }) => root === 'context' && path.join() === 'now');
  if (!now || now.value !== undefined) return context ?? null;
  return { ...(typeof context === 'object' && context !== null ? context : {}), now: null };
}

function missingIn({ attributes, slots }: Model, frame: Frame, state: readonly Literal[]): readonly string[] {
  const unknown = state
    .filter((literal) => statesIn(literal) === UNKNOWN)
    .map((literal) => frame.mergedAtom(variableIn(literal)).atom);
  if (unknown.length === 0) return [];
  const read = unknown.flatMap(({ left, right }) =>
    [left, right].flatMap((side) => {
      if (side?.kind !== 'term') return [];
      const { source } = side;
      if (source.kind === 'attribute') return [`${source.root}.${source.path.join('.')}`];
      return source.kind === 'lookup'
        ? source.keys.flatMap((key) => (typeof key === 'string' ? [] : [`${key.root}.${key.path.join('.')}`]))
        : [`user.${source.slot}`];
    }),
  );
  const isRead = (name: string) => read.includes(name);
  const absent = [
    ...attributes
      .filter(({ root, path, value }) => value === undefined && isRead(`${root}.${path.join('.')}`))
      .map(nameOf),
    ...slots
      .filter(({ slot, value }) => value === undefined && isRead(`user.${slot}`))
      .map(({ slot }) => `user.${slot.replaceAll('/', '.')}`),
  ];
  return [...new Set(absent)].sort();
}

function nameOf({ root, path }: Model['attributes'][number]): string {
  const text = attributeText(root, path);
  return text === 'the time' ? 'context.now' : text === 'the user' ? 'user.id' : text;
}
