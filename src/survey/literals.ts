import { atomOf, FALSE, type Frame, literalsOf, plainValue, TRUE, type Variable } from '../compare/index.ts';
import { dayOf } from '../runtime/dates.ts';
import { offsetsOf } from '../zone/index.ts';
import type { Allowed } from './cover.ts';
import type { SurveyLiteral } from './types.ts';

/** A literal, and how it may be joined with others in one text. */
export interface Told {
  readonly literal: SurveyLiteral;
  /** Of "subject is value" and "subject is not value". */
  readonly choice: { readonly subject: string; readonly value: string; readonly isTrue: boolean } | null;
}

/** The literals of a case, with the values of settings, and with days where times are meant as days. */
export function tellLiterals(frame: Frame, allowed: Allowed): readonly Told[] {
  const variables = [...allowed.keys()].sort((a, b) => a - b);
  return literalsOf(frame, { allowed }, true).map((literal, index) => {
    const variable = variables[index] ?? 0;
    const bits = allowed.get(variable) ?? 0;
    const text = dayText(frame, variable, bits) ?? literal.text;
    const settings = settingsOf(frame, variable);
    return { literal: { ...literal, text, settings }, choice: choiceOf(frame, variable, bits, text) };
  });
}

function settingsOf(frame: Frame, variable: Variable): SurveyLiteral['settings'] {
  const found: Record<string, unknown> = {};
  for (const [slot, state] of frame.slotsOf(variable)) {
    if (state.kind === 'missing') found[slot] = null;
    if (state.kind !== 'fixed') continue;
    const value = plainValue(state.value);
    found[slot] = typeof value === 'symbol' ? 'all' : value;
  }
  return found;
}

const DAY = 86_400_000;

/** As `dayOf` takes it. */
type Zone = readonly number[];

const zones = new WeakMap<Frame['merged'], Zone>();

/** Of the practice; its table keeps the offsets only where a condition asks for days. */
function zoneOf({ merged }: Frame): Zone {
  let zone = zones.get(merged);
  if (!zone) {
    const { instants, offsets } = offsetsOf(merged.head.view.timeZone);
    zone = instants.flatMap((instant, index) => [instant, offsets[index] ?? 0]);
    zones.set(merged, zone);
  }
  return zone;
}

/** Dates of assignments are days of the practice: said as its file says them. */
function dayText(frame: Frame, variable: Variable, bits: number): string | null {
  const { merged } = frame;
  const { atom } = frame.mergedAtom(variable);
  if (merged.instants.get(atom.limit) !== atomOf(variable) || (bits !== TRUE && bits !== FALSE)) return null;
  const zone = zoneOf(frame);
  const day = (instant: number) => dayOf(instant, zone);
  const [last, first] = [day(atom.limit - 1), day(atom.limit)];
  if (last === first || Math.abs(first) > 99_000_000) return null;
  const iso = (number: number) => new Date(number * DAY).toISOString().slice(0, 10);
  return bits === TRUE ? `the day is ${iso(last)} or earlier` : `the day is ${iso(first)} or later`;
}

/** Of an attribute that is, or is not, one value. */
function choiceOf(frame: Frame, variable: Variable, bits: number, text: string): Told['choice'] {
  const { atom } = frame.mergedAtom(variable);
  const { right } = atom;
  const isKnown =
    right?.kind === 'constant' ||
    (right?.source.kind === 'slot' && frame.slotsOf(variable).every(([, { kind }]) => kind === 'fixed'));
  if (atom.operator !== 'equal' || !isKnown || (bits !== TRUE && bits !== FALSE)) return null;
  const joint = bits === TRUE ? ' is ' : ' is not ';
  const at = text.indexOf(joint);
  return at < 0 ? null : { subject: text.slice(0, at), value: text.slice(at + joint.length), isTrue: bits === TRUE };
}
