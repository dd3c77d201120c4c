import type { Root } from './atom.ts';
import type { Zone } from './dates.ts';

/** The value of a setting for whom nothing is closed. */
export const ALL: unique symbol = Symbol('all');

/** As in a request: days as `YYYY-MM-DD`, instants as RFC 3339 text or milliseconds; an object for a reference. */
export type PlainValue = string | number | boolean | object | readonly (string | number | boolean)[];

export interface Options {
  /** Steps until the answer is "undecided"; a step is a choice tried. Default 5,000. */
  readonly budget?: number;
  /** What is known about attributes beforehand, such as `user.id` or `context.now`. */
  readonly attributes?: readonly AttributeFacts[];
  /** Every slot of the settings that lookups reach. Lookups in a setting without slots here are undecided. */
  readonly slots?: readonly SlotFacts[];
  /** Offsets of the time zone in which days are taken; UTC when absent. */
  readonly zone?: Zone;
}

export interface AttributeFacts extends Facts {
  readonly root: Root;
  readonly path: readonly string[];
}

/** A slot of a setting; `name` is the setting's name and the keys, joined by `/`. */
export interface SlotFacts extends Facts {
  readonly name: string;
  readonly setting: string;
  readonly keys: readonly string[];
}

export interface Facts {
  /** Never missing nor of a wrong type. */
  readonly isPresent?: boolean;
  /** Always missing. */
  readonly isMissing?: boolean;
  /** Always just this. */
  readonly value?: PlainValue | typeof ALL;
  /** The value, or each element of the set, is one of these texts. */
  readonly among?: readonly string[];
}
