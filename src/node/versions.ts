import semver from 'semver';

export type Rise = 'major' | 'minor' | 'patch';

/** Is the second version later than the first by at least this much? For a patch it may stay the same. */
export function rises(from: string, to: string, by: Rise): boolean {
  if (!semver.valid(from) || !semver.valid(to)) return false;
  return semver.gte(to, by === 'patch' ? from : nextVersion(from, by));
}

/** The least version that rises by this much. */
export function nextVersion(from: string, by: Rise): string {
  return semver.inc(from, by) ?? from;
}

/** Is the first version surely before the second? */
export function isBefore(first: string, second: string): boolean {
  return semver.valid(first) !== null && semver.valid(second) !== null && semver.lt(first, second);
}
