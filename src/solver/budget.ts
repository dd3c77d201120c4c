/** Steps left; shared by everything that one question starts. */
export interface Budget {
  left: number;
}

/** Takes a step; false when none was left. */
export function spend(budget: Budget): boolean {
  return budget.left-- > 0;
}

export type Undecided = 'impossible' | 'undecided';

/** Of branches that all failed: impossible only when every one is. */
export function worse(a: Undecided, b: Undecided): Undecided {
  return a === 'undecided' || b === 'undecided' ? 'undecided' : 'impossible';
}
