import type { Condition, Found } from './cells.ts';
import { sentenceOf } from './sentence.ts';
import type { Cell, Footnote } from './types.ts';

/** Gives each condition one number, in the order in which they are met. */
export class Footnotes {
  readonly all: Footnote[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<Found, Cell>();
  private readonly length: number;

  /** `length`: a longer text is not said. */
  constructor(length: number) {
    this.length = length;
  }

  cell(found: Found): Cell {
    const known = this.known.get(found);
    if (known) return known;
    const parts = found.parts.map(({ outcome, duties, condition }) => ({
      outcome,
      duties,
      footnote: condition === null ? null : this.number(condition),
    }));
    const cell = { answer: found.answer, parts, isUndecided: found.isUndecided };
    this.known.set(found, cell);
    return cell;
  }

  private number({ problem, cases, facts }: Condition): number {
    const text = problem === null ? sentenceOf(cases, facts) : null;
    const isLong = text !== null && text.length > this.length;
    const key = problem === null ? keyOf(cases, facts) : problem;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.length + 1;
    this.numbers.set(key, number);
    this.all.push({
      number,
      condition: isLong ? null : text,
      problem: isLong ? 'too-long' : problem,
      cases: cases.map((told) => told.map(({ literal }) => literal)),
      facts,
    });
    return number;
  }
}

/** Equal for the same cases in any order. */
function keyOf(cases: Condition['cases'], facts: readonly string[]): string {
  const texts = cases.map((literals) => JSON.stringify(literals.map(({ literal }) => JSON.stringify(literal)).sort()));
  return JSON.stringify([texts.sort(), facts]);
}
