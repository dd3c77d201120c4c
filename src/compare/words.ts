import type { Constant, Term } from '../solver/index.ts';
import type { Literal as Said } from './comparison.ts';
import { factoredText } from './factors.ts';
import type { Frame } from './frame.ts';
import type { Allowed } from './implied.ts';
import { type Claim, claimOf, literalIn, literalsIn, possibleIn, statesIn, variableIn } from './literals.ts';
import type { Case } from './paths.ts';
import { ANYTHING, FALSE, TRUE, UNKNOWN, type Variable } from './rails.ts';
import { plainValue, type SlotState } from './slot-state.ts';
import { constantText, settingText, valueText } from './values.ts';

/** How sides of atoms are said: settings that are known by their values. */
interface Voice {
  readonly slots: ReadonlyMap<string, SlotState>;
  /** The time zone in which the two sides of the comparison do not agree on days. */
  readonly place: string | null;
  readonly say: (instant: number) => string;
}

/** What is allowed of each variable, with words; `isFilled` puts the values of settings that are known in place of their names. */
export function literalsOf(
  frame: Frame,
  { allowed }: { readonly allowed: Allowed },
  isFilled = false,
): readonly Said[] {
  return literalsIn(allowed).map((literal) => sayClaim(frame, claimOf(literal, ANYTHING), isFilled));
}

/** The literals of a case, with words. */
export function sayCase(frame: Frame, { claims }: Case): readonly Said[] {
  return claims.map((claim) => sayClaim(frame, claim, false));
}

function sayClaim(frame: Frame, claim: Claim, isFilled: boolean): Said {
  let known = told.get(frame);
  if (!known) {
    known = new Map();
    told.set(frame, known);
  }
  const key = claim * 2 + Number(isFilled);
  let said = known.get(key);
  if (!said) {
    const literal = literalIn(claim);
    const [variable, states] = [variableIn(literal), statesIn(literal)];
    const is = names.flatMap(([bit, name]) => (states & bit ? [name] : []));
    const text = literalText(frame, variable, states, possibleIn(claim), isFilled);
    said = { atom: frame.mergedAtom(variable).atom.text, is, text };
    known.set(key, said);
  }
  return said;
}

/** What was said in a frame before: the same few literals come again and again. */
const told = new WeakMap<Frame, Map<number, Said>>();

const names = [
  [TRUE, 'true'],
  [FALSE, 'false'],
  [UNKNOWN, 'unknown'],
] as const;

/** Cases in one sentence part: "a and (b or c)". */
export function conditionText(cases: readonly (readonly Said[])[], isWhole: boolean): string {
  const text = factoredText(cases.map((literals) => literals.map((literal) => literal.text)));
  return isWhole || text === 'always' ? text : `${text}, and in other cases`;
}

function literalText(frame: Frame, variable: Variable, states: number, possible: number, isFilled: boolean): string {
  const { atom, lookups } = frame.mergedAtom(variable);
  const slots = new Map(frame.slotsOf(variable));
  const say = frame.merged.sayInstant;
  const known = isFilled || frame.hasOthers(variable) ? slots : new Map<string, SlotState>();
  const voice: Voice = { slots: known, place: frame.placeOf(variable), say };
  const user = idTexts[frame.idOf(variable) ?? 'only'];
  const name = (side: Term | Constant) =>
    side.kind === 'term' && isUserId(side)
      ? user
      : sideText(side, voice) + (isFilled ? lookupValues(side, lookups, { ...voice, slots }) : '');
  if (states === UNKNOWN) return unknownText(frame, variable);
  // Where it can only be false or unknown, "is not in {}" would say less than what is meant.
  if (states === (possible & ~UNKNOWN) && atom.operator !== 'is-set') return knownText(frame, variable);
  const isTrue = (states & TRUE) !== 0;
  const text =
    switchText(atom, isTrue) ??
    membership(atom, isTrue, voice, name) ??
    clause(atom, name(atom.left), atom.right === null ? '' : name(atom.right), isTrue, say);
  return states & UNKNOWN ? `${text} (or not known)` : text;
}

const idTexts = { only: 'the user', former: "the user's old id", new: "the user's new id" };

function isUserId({ source }: Term): boolean {
  return source.kind === 'attribute' && attributeText(source.root, source.path) === 'the user';
}

/** Where the other side knows more values, "not known" would be half the truth. */
function unknownText(frame: Frame, variable: Variable): string {
  const { left, right } = frame.mergedAtom(variable).atom;
  const other = right?.kind === 'term';
  if (!other && left.kind === 'term' && left.type.kind === 'enum' && !left.isSet) {
    const values = left.type.values.join(', ');
    const path = JSON.stringify(left.source);
    const isReadOtherwise = frame.merged.atoms.some(({ atom }) =>
      [atom.left, atom.right].some(
        (side) =>
          side?.kind === 'term' &&
          side.type.kind === 'enum' &&
          side.type.values.join(', ') !== values &&
          JSON.stringify(side.source) === path,
      ),
    );
    if (isReadOtherwise) return `${termText(left)} is none of ${values}`;
  }
  return `${missingNames(frame, variable).join(' or ')} is not known`;
}

type Merged = ReturnType<Frame['mergedAtom']>;
type Atom = Merged['atom'];

/** Of a catalog, where permissions and features are attributes of whoever asks, by names that no file can spell. */
function switchText({ operator, left }: Atom, isTrue: boolean): string | null {
  if (operator !== 'true' || left.kind !== 'term' || left.source.kind !== 'attribute') return null;
  const { root, path } = left.source;
  const [, kind, name] = (root === 'user' && /^(has|feature|level) (.+)$/.exec(path[0] ?? '')) || [];
  if (kind === 'feature') return `the feature ${name} is ${isTrue ? 'on' : 'off'}`;
  if (kind === 'level') return `the level is ${isTrue ? '' : 'not '}${name}`;
  return kind === 'has' ? `the role ${isTrue ? 'has' : 'does not have'} ${name}` : null;
}

/** Of a set whose elements are known: `client.tags includes north`, `author is one of {dr-lee, dr-cho}`. */
function membership(
  { operator, left, right }: Atom,
  isTrue: boolean,
  voice: Voice,
  name: (side: Term | Constant) => string,
): string | null {
  if (right === null || (operator !== 'overlaps' && operator !== 'contains')) return null;
  const [first, second] = [elementsOf(left, voice), elementsOf(right, voice)];
  const choice = (elements: readonly string[], many: string) =>
    elements.length === 1 ? elements.join() : `${many} of {${elements.join(', ')}}`;
  if (operator === 'contains') {
    return second && left.kind === 'term' ? `${name(left)} is${isTrue ? '' : ' not'} ${choice(second, 'one')}` : null;
  }
  const [elements, other] = second ? [second, left] : [first, right];
  // Only `all` shares a value with nothing.
  if (elements?.length === 0) return `${name(other)} is${isTrue ? '' : ' not'} all`;
  return elements && `${name(other)} ${isTrue ? 'includes' : 'does not include'} ${choice(elements, 'any')}`;
}

function elementsOf(side: Term | Constant, { slots, say }: Voice): readonly string[] | null {
  if (side.kind === 'constant') return typeof side.value === 'object' ? side.value.map(constantText) : null;
  const state = side.source.kind === 'slot' ? slots.get(side.source.slot) : undefined;
  const value = state?.kind === 'fixed' ? plainValue(state.value) : null;
  return Array.isArray(value) ? value.map((item) => valueText(item, side.type.kind, say)) : null;
}

/** What a lookup can find, where that is known and not much. */
function lookupValues(side: Term | Constant, lookups: Merged['lookups'], { slots: states, say }: Voice): string {
  if (side.kind === 'constant' || side.source.kind !== 'lookup') return '';
  const { setting, keys } = side.source;
  const { kind } = side.type;
  const own = (lookups.find((lookup) => lookup.setting === setting)?.slots ?? []).filter((slot) =>
    keys.every((key, at) => typeof key !== 'string' || key === slot.keys[at]),
  );
  const values = own.flatMap((slot) => {
    const state = states.get(slot.name);
    const open = slot.keys.filter((_, at) => typeof keys[at] !== 'string').join(' ');
    return state?.kind === 'fixed' ? [`${open}: ${settingText(plainValue(state.value), kind, say)}`] : [];
  });
  return values.length === 0 || values.length > 6 ? '' : ` (${values.join('; ')})`;
}

function clause(atom: Atom, a: string, b: string, isTrue: boolean, say: Voice['say']): string {
  const { operator, left } = atom;
  const not = isTrue ? '' : ' not';
  switch (operator) {
    case 'equal':
      return `${a} is${not} ${b}`;
    case 'before':
      return order(atom, a, b, isTrue, say);
    case 'contains':
      return left.kind === 'constant'
        ? `${b} ${isTrue ? 'includes' : 'does not include'} ${a}`
        : `${a} is${not} in ${b}`;
    case 'overlaps':
      return isTrue ? `${a} and ${b} share a value` : `${a} and ${b} share no value`;
    case 'within':
      return `${a} is${not} within ${b}`;
    case 'is-set':
      return `${a} is set`;
    case 'true':
      return `${a} is ${isTrue}`;
    default:
      return operator satisfies never;
  }
}

function order({ left, right, limit }: Atom, a: string, b: string, isTrue: boolean, say: Voice['say']): string {
  const kind = left.kind === 'term' ? left.type.kind : 'int';
  const isDate = kind === 'date' || kind === 'date-time';
  if (right === null) {
    const value = valueText(limit, kind, say);
    return isTrue
      ? `${a} is ${isDate ? 'before' : 'less than'} ${value}`
      : `${a} is ${value} or ${isDate ? 'later' : 'more'}`;
  }
  const [less, more] = isDate ? ['before', 'after'] : ['less than', 'more than'];
  if (limit === 0) return isTrue ? `${a} is ${less} ${b}` : `${a} is not ${less} ${b}`;
  if (limit === 1) return isTrue ? `${a} is not ${more} ${b}` : `${a} is ${more} ${b}`;
  const shifted = `${b} ${limit < 0 ? '-' : '+'} ${spanText(Math.abs(limit), kind)}`;
  return isTrue ? `${a} is ${less} ${shifted}` : `${a} is not ${less} ${shifted}`;
}

function spanText(length: number, kind: string): string {
  if (kind === 'date') return counted(length, 'day');
  if (kind !== 'date-time') return `${length}`;
  return length % 3_600_000 === 0 ? `${length / 3_600_000} h` : `${length} ms`;
}

/** A setting by its name, or (where it is among those that are known) by its value. */
function sideText(side: Term | Constant, { slots, place, say }: Voice): string {
  if (side.kind === 'constant') return constantText(side.value);
  const { months } = side;
  const suffix =
    months === 0 ? '' : ` + ${months % 12 === 0 ? counted(months / 12, 'year') : counted(months, 'month')}`;
  const { source } = side;
  if (source.kind === 'slot') {
    const state = slots.get(source.slot);
    if (state?.kind === 'fixed') return `${settingText(plainValue(state.value), side.type.kind, say)}${suffix}`;
  }
  return `${termText(side, place)}${suffix}`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${Math.abs(number) === 1 ? '' : 's'}`;
}

/** `place`: the time zone in which the two sides do not agree on days. */
function termText({ source, isDay }: Term, place: string | null = null): string {
  const text = bareText(source);
  if (!isDay) return text;
  return `the day of ${text}${place === null ? '' : ` in ${place}`}`;
}

function bareText(source: Term['source']): string {
  switch (source.kind) {
    case 'slot':
      return `the user's ${source.slot.replaceAll('/', ' ')}`;
    case 'lookup': {
      const keys = source.keys.map((key) => (typeof key === 'string' ? key : key.path.join('.')));
      return `the user's ${source.setting.replace(/@(base|head)$/, '')} for ${keys.join(' and ')}`;
    }
    default:
      return attributeText(source.root, source.path);
  }
}

/** `client.tags` of the resource; `user.age`; the user's own id is the user. */
export function attributeText(root: string, path: readonly string[]): string {
  if (root === 'user' && path.join() === 'id') return 'the user';
  if (root === 'context' && path.join() === 'now') return 'the time';
  return root === 'resource' && path.length > 0 ? path.join('.') : [root, ...path].join('.');
}

/** What may be missing; the id of a member and a setting that is given never are. */
function missingNames(frame: Frame, variable: Variable): readonly string[] {
  const { left, right } = frame.mergedAtom(variable).atom;
  const slots = new Map(frame.slotsOf(variable));
  const sources = [left, right].flatMap((side) => (side?.kind === 'term' ? [side.source] : []));
  const open = sources.filter((source) => {
    const state = source.kind === 'slot' ? slots.get(source.slot) : undefined;
    if (state) return state.kind === 'missing' || (state.kind === 'free' && !state.isPresent);
    return frame.isStranger || bareText(source) !== 'the user';
  });
  return [...new Set((open.length > 0 ? open : sources).map(bareText))];
}

function knownText(frame: Frame, variable: Variable): string {
  const names = missingNames(frame, variable);
  return `${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} known`;
}
