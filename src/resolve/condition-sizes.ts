import type { ConditionSyntax, Entry, Expression } from '../parse/index.ts';
import type { Span } from '../source/index.ts';
import type { Report } from './report.ts';

// Named conditions that use each other twice double in size at each step: a few lines could mean billions of terms.
const largest = 10_000;
const deepest = 32;
const largestPolicy = 500_000;

/** How large conditions become when their named conditions are written out, known before any is. */
export class ConditionSizes {
  private readonly sizes = new Map<string, { readonly size: number; readonly depth: number }>();
  private left = largestPolicy;

  /** Measures named conditions, those that others use first; the first over a limit on each way is reported. */
  constructor(conditions: readonly Entry<ConditionSyntax>[], report: Report) {
    const byName = new Map(conditions.map((entry) => [entry.key.text, entry]));
    const entered = new Set<string>();
    for (const { key: start } of conditions) {
      const open = [start.text];
      for (let name = open.at(-1); name !== undefined; name = open.at(-1)) {
        const entry = byName.get(name);
        const next = entered.has(name)
          ? []
          : [...callsIn(entry?.value.is)].filter((call) => byName.has(call) && !entered.has(call));
        entered.add(name);
        open.push(...next);
        if (next.length > 0) continue;
        open.pop();
        if (entry && !this.sizes.has(name)) this.sizes.set(name, this.measureNamed(entry, report));
      }
    }
  }

  /** Whether the limit of the whole policy is reached, which is reported. */
  get isSpent(): boolean {
    return this.left < 0;
  }

  /** Whether a named condition is over a limit, which is reported. */
  isTooLarge(name: string): boolean {
    return this.sizes.get(name)?.size === Number.POSITIVE_INFINITY;
  }

  /** Whether the condition may be written out `times` times; what is over a limit is reported, once. */
  spend(expression: Expression | null, times: number, span: Span, report: Report): boolean {
    const size = expression === null ? 1 : this.measure(expression).size;
    if (size === Number.POSITIVE_INFINITY) return false;
    if (size > largest) {
      report.add(
        'condition-too-large',
        span,
        `this condition has ${grouped(size)} comparisons, over the limit of ${grouped(largest)}`,
        {
          notes: ['the named conditions that it uses are counted each time'],
          help: 'use each named condition once',
        },
      );
      return false;
    }
    const before = this.left;
    this.left -= size * times;
    if (this.left >= 0) return true;
    if (before >= 0) {
      report.add(
        'too-large',
        span,
        `from here on the conditions of this policy have more than ${grouped(largestPolicy)} comparisons`,
        {
          notes: ['a condition is counted for each resource type, and an action for each grant and scope on it'],
          help: 'put grants and scopes on fewer actions',
        },
      );
    }
    return false;
  }

  private measureNamed({ key, value }: Entry<ConditionSyntax>, report: Report): { size: number; depth: number } {
    const measured = this.measure(value.is);
    const isDeep = measured.depth > deepest;
    if (measured.size === Number.POSITIVE_INFINITY || (!isDeep && measured.size <= largest)) return measured;
    if (isDeep) {
      report.add(
        'too-deep',
        key.span,
        `\`${key.text}\` uses conditions that use conditions, more than ${deepest} deep`,
        {
          help: 'say the same with fewer steps',
        },
      );
    } else {
      report.add(
        'condition-too-large',
        key.span,
        `\`${key.text}\` has ${grouped(measured.size)} comparisons, over the limit of ${grouped(largest)}`,
        {
          notes: ['the named conditions that it uses are counted each time'],
          help: 'use each named condition once',
        },
      );
    }
    return { size: Number.POSITIVE_INFINITY, depth: 0 };
  }

  /** Comparisons, and how deep named conditions use each other. Conditions not yet measured are in a circle: nothing. */
  private measure(expression: Expression): { size: number; depth: number } {
    switch (expression.kind) {
      case 'not':
        return this.measure(expression.term);
      case 'and':
      case 'or': {
        const terms = expression.terms.map((term) => this.measure(term));
        return {
          size: terms.reduce((sum, term) => sum + term.size, 0),
          depth: terms.reduce((most, term) => Math.max(most, term.depth), 0),
        };
      }
      case 'call': {
        const called = this.sizes.get(expression.name.text) ?? { size: 1, depth: 0 };
        return { size: called.size, depth: called.depth + 1 };
      }
      default:
        return { size: 1, depth: 0 };
    }
  }
}

/** The named conditions that an expression calls. */
export function callsIn(expression: Expression | undefined): ReadonlySet<string> {
  const calls = new Set<string>();
  const visit = (at: Expression): void => {
    if (at.kind === 'call') calls.add(at.name.text);
    else if (at.kind === 'not') visit(at.term);
    else if (at.kind === 'and' || at.kind === 'or') for (const term of at.terms) visit(term);
  };
  if (expression) visit(expression);
  return calls;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
